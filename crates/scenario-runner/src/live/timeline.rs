//! `--play`: the steps of a scenario in real time, in the bank's world. Network faults strike there, as they do in a run.

use sim_world::{Journal, World};

use super::mambu_room::MambuRoom;
use super::mpo_room::MpoRoom;
use super::thread::Handle;
use super::{News, Told};
use crate::play::{plan, send};
use crate::scenario::{Action, Set, Step};
use crate::stream::Deed;

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
            told(News::NotPlayed { step: number, reason });
        }
    }
    told(News::Played);
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
            let event = bank.mambu.emit(&change).map_err(|wrong| wrong.problem)?;
            deeds.record(Deed::Emitted { number, event });
        }
        Action::Post(post) => {
            let (world, deeds) = (world.clone(), deeds.clone());
            let sender = world.clone();
            world.spawn(async move { deeds.record(send(&sender, number, &post).await) });
        }
        Action::Message(stored) => {
            let message = bank.mambu.resend(*stored);
            deeds.record(Deed::Resent { number, message });
        }
        Action::Set(set) => {
            let Set { mambu, mpo: new, .. } = *set;
            bank.mambu.configure(mambu);
            mpo.asked(|room| async move { room.configure(new) })
                .await
                .ok_or("MPO has stopped")?;
        }
        Action::Fault(fault) => world.network().plan_fault(plan(&fault, world.now())),
    }
    Ok(())
}
