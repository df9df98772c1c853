//! `--play`: the steps of a scenario in real time, in the bank's world. Network faults strike there, as they do in a run.

use std::time::Duration;

use mambu_emitter::mistake::problems;
use sim_world::{Journal, World};
use tokio::sync::oneshot;

use super::mambu_room::MambuRoom;
use super::mpo_room::MpoRoom;
use super::thread::Handle;
use super::{News, Told};
use crate::play::{plan, send};
use crate::scenario::{Action, Set, Step};
use crate::stream::Deed;

/// Real time has no instants at which everything settles: what a step sets off is given this long before the next step of
/// the same moment. A request of somebody else is waited for until it is answered, at most so long.
const AFTER_AN_EVENT: Duration = Duration::from_millis(50);
const AFTER_A_REQUEST: Duration = Duration::from_secs(1);

/// Plays steps that are in order of time.
pub(super) async fn play(
    world: World,
    bank: MambuRoom,
    mpo: Handle<MpoRoom>,
    deeds: Journal<Deed>,
    steps: Vec<Step>,
    told: Told,
) {
    let began = world.now();
    for step in steps {
        let at = began + step.at;
        world.sleep_until(at).await;
        let number = step.number;
        deeds.record(Deed::Step { number });
        if let Err(reason) = take(&world, &bank, &mpo, &deeds, step).await {
            let at = world.now();
            told(News::NotPlayed {
                at,
                step: number,
                reason,
            });
        }
    }
    told(News::Played { at: world.now() });
}

async fn take(
    world: &World,
    bank: &MambuRoom,
    mpo: &Handle<MpoRoom>,
    deeds: &Journal<Deed>,
    step: Step,
) -> Result<(), String> {
    let number = step.number;
    match step.action {
        Action::Event(change) => {
            let event = bank.mambu.emit(&change).map_err(|wrong| problems(&wrong))?;
            deeds.record(Deed::Emitted { number, event });
            world.sleep(AFTER_AN_EVENT).await;
        }
        Action::Post(post) => {
            let (sender, deeds) = (world.clone(), deeds.clone());
            let (answered, answer) = oneshot::channel();
            world.spawn(async move {
                deeds.record(send(&sender, number, &post).await);
                let _ = answered.send(());
            });
            let _ = world.timeout(AFTER_A_REQUEST, answer).await;
        }
        Action::Message(stored) => {
            let message = bank.mambu.resend(*stored);
            deeds.record(Deed::Resent { number, message });
            world.sleep(AFTER_AN_EVENT).await;
        }
        Action::Set(set) => {
            let Set {
                records,
                mambu,
                mpo: new,
                ..
            } = *set;
            bank.mambu.lay_over(&records);
            bank.mambu.configure(mambu);
            mpo.asked(|room| async move { room.configure(new) })
                .await
                .ok_or("MPO has stopped")?;
        }
        Action::Fault(fault) => world.network().plan_fault(plan(&fault, world.now())),
    }
    Ok(())
}
