//! Randomness by subject: one more event somewhere else changes neither key nor jitter of a message.

use std::collections::BTreeSet;
use std::time::Duration;

use mambu_emitter::bank::Change;
use mambu_emitter::{Configuration, Event, Profile};
use proptest::prelude::*;
use rust_decimal::Decimal;
use sim_world::World;

use crate::receiver::Receiver;
use crate::tenant::{SECOND, disbursement, genesis, template, tenant};

fn configuration() -> Configuration {
    let mut other = template("other");
    other.event = Event::LoanRepayment;
    Configuration {
        profile: Profile::default(),
        ..tenant([template("a"), other])
    }
}

fn repayment() -> Change {
    Change {
        amount: Some(Decimal::TEN),
        ..Change::new(Event::LoanRepayment)
    }
}

/// Instants, bodies and keys of all attempts of template `a`, in a run with events of another template at these
/// seconds, before or after the own event of the same moment.
fn attempts_of_a(seed: u64, others: &[(u64, bool)]) -> Vec<String> {
    World::run_virtual(genesis(seed), async |world| {
        let receiver = Receiver::open(&world, Duration::ZERO);
        receiver.script("/a", &[500; 12]);
        receiver.script("/other", &[500; 9]);
        let mambu = crate::tenant::bank(&world, configuration());
        for second in 0..3 {
            for after in [false, true] {
                if after {
                    mambu.emit(&disbursement(100)).unwrap();
                }
                for _ in others.iter().filter(|other| **other == (second, after)) {
                    mambu.emit(&repayment()).unwrap();
                }
            }
            world.sleep(SECOND).await;
        }
        world.quiet().await.unwrap();
        receiver
            .came_to("/a")
            .into_iter()
            .map(|came| format!("{} {} {}", came.at, came.body, came.key()))
            .collect()
    })
    .unwrap()
}

#[test]
fn an_inserted_event_of_another_template_shifts_nothing() {
    let alone = attempts_of_a(7, &[]);
    assert_eq!(alone.len(), 12);
    for others in [
        &[(0, false)][..],
        &[(0, true)],
        &[(1, false), (1, false), (2, true)],
    ] {
        assert_eq!(attempts_of_a(7, others), alone, "{others:?}");
    }
}

#[test]
fn another_seed_shifts_everything() {
    let (one, other) = (attempts_of_a(7, &[]), attempts_of_a(8, &[]));
    assert!(one.iter().all(|attempt| !other.contains(attempt)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn events_of_another_template_shift_nothing(
        seed: u64, others in prop::collection::vec((0..3u64, any::<bool>()), 0..4),
    ) {
        prop_assert_eq!(attempts_of_a(seed, &others), attempts_of_a(seed, &[]));
    }
}

#[test]
fn messages_of_one_moment_have_keys_of_their_own() {
    World::run_virtual(genesis(0), async |world| {
        let receiver = Receiver::open(&world, Duration::ZERO);
        let mambu = crate::tenant::bank(&world, tenant([template("a"), template("b")]));
        for _ in 0..20 {
            mambu.emit(&disbursement(100)).unwrap();
        }
        world.sleep(SECOND).await;
        for _ in 0..20 {
            mambu.emit(&disbursement(100)).unwrap();
        }
        world.quiet().await.unwrap();
        let keys: BTreeSet<String> = receiver.came().iter().map(crate::receiver::Came::key).collect();
        assert_eq!((receiver.came().len(), keys.len()), (80, 80));
    })
    .unwrap();
}

#[test]
fn messages_of_one_millisecond_of_real_time_have_keys_of_their_own() {
    let (receiver, bank) = crate::live_bank::pair();
    let events = 200;
    let _ = bank.play(&receiver.template("/a"), events);
    let keys: BTreeSet<String> = receiver
        .received()
        .iter()
        .map(|request| {
            request.headers["x-notifications-idempotency-key"]
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(keys.len(), events);
}
