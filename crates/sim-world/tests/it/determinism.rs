//! The same seed gives the same run, happening for happening; another seed gives another.

use std::fmt::Write as _;
use std::rc::Rc;
use std::time::Duration;

use proptest::prelude::*;
use sim_world::http::exchange;
use sim_world::network::{Fault, FaultPlan};
use sim_world::{Journal, World};

use crate::host::{Host, LIMITS, Manner, NAME, genesis, post};

/// Several clients that wait for random spans and ask one host behind faults; everything that was written down.
fn run(seed: u64, clients: u32) -> String {
    World::run_virtual(genesis(seed), async |world| {
        let host = Host::open(&world);
        host.behave(Manner {
            works_for: Duration::from_millis(20),
            ..Manner::default()
        });
        let faults = [
            Fault::Delay(Duration::from_secs(3)),
            Fault::Pass,
            Fault::LoseAnswer,
            Fault::Stall,
            Fault::ResetAfterRequest,
            Fault::CutAnswer(30),
        ];
        world
            .network()
            .plan_fault(FaultPlan::new(NAME, faults, Fault::Pass));
        let asked: Journal<String> = Journal::new(&world);
        for client in 0..clients {
            let (task, asked, hold) = (world.clone(), asked.clone(), world.hold("a client"));
            world.spawn(async move {
                let mut random = task.random("client", &client.to_string());
                for _ in 0..4 {
                    // Few different spans, so that clients meet at the same instants.
                    task.sleep(Duration::from_millis(10 * u64::from(random.next_u32() % 3)))
                        .await;
                    let outcome = exchange(&task, NAME, post(vec![b'x'; 5_000]), LIMITS).await;
                    let result = outcome.result.map(|answer| answer.status);
                    asked.record(format!("client {client}: {:?} {result:?}", outcome.exchange));
                }
                drop(hold);
            });
        }
        world.quiet().await.unwrap();
        let mut text = String::new();
        for entry in host.journal() {
            writeln!(text, "{} {} {:?}", entry.sequence, entry.at, entry.what).unwrap();
        }
        for entry in asked.entries().iter() {
            writeln!(text, "{} {} {}", entry.sequence, entry.at, entry.what).unwrap();
        }
        for entry in world.network().faults_struck().iter() {
            writeln!(text, "{} {} {:?}", entry.sequence, entry.at, entry.what).unwrap();
        }
        text
    })
    .unwrap()
}

#[test]
fn the_same_run_twice_is_the_same_run() {
    let first = run(7, 6);
    assert_eq!(first.lines().filter(|line| line.contains("client")).count(), 24);
    assert_eq!(first, run(7, 6));
}

#[test]
fn another_seed_is_another_run() {
    assert_ne!(run(7, 6), run(8, 6));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_run_is_the_same_on_another_thread_beside_other_worlds(seed: u64, clients in 1..8u32) {
        let here = run(seed, clients);
        let there = std::thread::scope(|scope| {
            let other = scope.spawn(|| run(seed ^ 1, clients));
            let same = scope.spawn(|| run(seed, clients));
            let _ = other.join();
            same.join().unwrap()
        });
        prop_assert_eq!(here, there);
    }
}

#[test]
fn happenings_of_all_journals_and_faults_have_one_order() {
    World::run_virtual(genesis(0), async |world| {
        let host = Host::open(&world);
        let mine: Journal<&str> = Journal::new(&world);
        world
            .network()
            .plan_fault(FaultPlan::new(NAME, [], Fault::LoseAnswer));
        mine.record("before");
        let _ = crate::host::ask(&world).await;
        mine.record("after");
        let mine = mine.take();
        let order = [
            mine[0].sequence,
            world.network().faults_struck()[0].sequence,
            Rc::clone(&host).journal()[0].sequence,
            mine[1].sequence,
        ];
        assert_eq!(order, [0, 1, 2, 3]);
    })
    .unwrap();
}
