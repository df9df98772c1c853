//! When a world stands still, when it is quiet, and what happens when it never is.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use sim_world::http::exchange;
use sim_world::network::{Fault, FaultPlan};
use sim_world::{Genesis, Instant, Journal, Limits, Unquiet, World};

use crate::host::{Host, LIMITS, Manner, NAME, ask, genesis, post, virtually};

fn limited<T>(max_virtual_time: Duration, max_happenings: u64, play: impl AsyncFnOnce(World) -> T) -> T {
    let limits = Limits {
        max_virtual_time,
        max_happenings,
    };
    World::run_virtual(Genesis { limits, ..genesis(0) }, play).unwrap()
}

#[test]
fn settling_finishes_a_large_exchange_without_time_going_on() {
    virtually(async |world| {
        let _host = Host::open(&world);
        let done = Rc::new(Cell::new(false));
        let (task, mark) = (world.clone(), Rc::clone(&done));
        world.spawn(async move {
            let outcome = exchange(&task, NAME, post(vec![b'x'; 400_000]), LIMITS).await;
            mark.set(outcome.result.is_ok());
        });
        world.settle().await;
        assert!(done.get());
        assert_eq!(world.now(), Instant::ZERO);
    });
}

#[test]
fn settling_moves_no_timer() {
    virtually(async |world| {
        let woke = Rc::new(Cell::new(false));
        let (task, mark) = (world.clone(), Rc::clone(&woke));
        world.spawn(async move {
            task.sleep(Duration::from_millis(1)).await;
            mark.set(true);
        });
        world.settle().await;
        assert_eq!((world.now(), woke.get()), (Instant::ZERO, false));
    });
}

#[test]
fn an_open_exchange_is_work_and_an_idle_connection_is_not() {
    virtually(async |world| {
        let host = Host::open(&world);
        host.behave(Manner {
            works_for: Duration::from_secs(3),
            ..Manner::default()
        });
        let (task, idle) = (world.clone(), world.network().connect(&world, NAME).await);
        world.spawn(async move {
            let _ = ask(&task).await;
        });
        world.settle().await;
        assert_eq!(world.busy(), ["exchange 2.1"]);
        world.quiet().await.unwrap();
        assert_eq!(world.now(), Instant::ZERO + Duration::from_secs(3));
        assert!(idle.is_ok());
    });
}

#[test]
fn a_spoilt_connection_is_work_until_it_ends() {
    virtually(async |world| {
        let _host = Host::open(&world);
        let span = Duration::from_secs(5);
        world
            .network()
            .plan_fault(FaultPlan::new(NAME, [], Fault::Delay(span)));
        let task = world.clone();
        world.spawn(async move {
            let _ = ask(&task).await;
        });
        world.settle().await;
        assert_eq!(
            world.busy(),
            ["a connection to host.example (answer delayed by 5s)"]
        );
        world.quiet().await.unwrap();
        assert_eq!(world.now(), Instant::ZERO + span);
    });
}

#[test]
fn a_world_that_is_busy_at_its_last_moment_says_with_what() {
    let hour = Duration::from_hours(1);
    limited(hour, 1_000, async |world| {
        let holds: Vec<_> = (1..=7).map(|n| world.hold(format!("message {n}"))).collect();
        let end = world.quiet().await.unwrap_err();
        assert_eq!(world.now(), Instant::ZERO + hour);
        assert_eq!(
            end.to_string(),
            "still busy after 1h (`max_virtual_time`): message 1, message 2, message 3, message 4, message 5, and 2 more"
        );
        drop(holds);
        assert_eq!(world.quiet().await, Ok(()));
    });
}

#[test]
fn the_time_of_a_run_counts_from_its_first_moment() {
    limited(Duration::from_secs(10), 1_000, async |world| {
        world.sleep(Duration::from_secs(8)).await;
        let _hold = world.hold("message 1");
        assert!(matches!(world.quiet().await, Err(Unquiet::StillBusy { .. })));
        assert_eq!(world.now(), Instant::ZERO + Duration::from_secs(10));
    });
}

#[test]
fn work_that_makes_work_keeps_a_world_busy() {
    virtually(async |world| {
        fn generation(world: &World, left: u32) {
            let (task, hold) = (world.clone(), world.hold(format!("generation {left}")));
            world.spawn(async move {
                task.sleep(Duration::from_secs(1)).await;
                if left > 0 {
                    generation(&task, left - 1);
                }
                drop(hold);
            });
        }
        generation(&world, 9);
        world.quiet().await.unwrap();
        assert_eq!(world.now(), Instant::ZERO + Duration::from_secs(10));
    });
}

#[test]
fn a_full_journal_ends_the_run_and_keeps_what_it_has() {
    limited(Duration::from_hours(1), 3, async |world| {
        let journal: Journal<u32> = Journal::new(&world);
        let other: Journal<u32> = Journal::new(&world);
        for n in 0..3 {
            journal.record(n);
        }
        assert_eq!(world.within_limits(), Ok(()));
        other.record(3);
        assert_eq!((journal.entries().len(), other.entries().len()), (3, 0));
        let expected = Unquiet::TooManyHappenings { max: 3, busy: vec![] };
        assert_eq!(expected.to_string(), "more than 3 happenings (`max_happenings`)");
        assert_eq!(world.within_limits(), Err(expected.clone()));
        assert_eq!(world.quiet().await, Err(expected));
    });
}

#[test]
fn a_full_journal_says_what_was_going_on_when_it_became_full() {
    limited(Duration::from_hours(1), 1, async |world| {
        let journal: Journal<u32> = Journal::new(&world);
        let hold = world.hold("message 1");
        journal.record(1);
        journal.record(2);
        drop(hold);
        let busy = vec!["message 1".to_owned()];
        assert_eq!(
            world.quiet().await,
            Err(Unquiet::TooManyHappenings { max: 1, busy })
        );
    });
}

#[test]
fn a_world_that_chatters_for_ever_ends_at_its_happenings() {
    limited(Duration::from_hours(1), 500, async |world| {
        let journal: Journal<()> = Journal::new(&world);
        let (task, hold) = (world.clone(), world.hold("a chatterer"));
        world.spawn(async move {
            loop {
                task.sleep(Duration::from_millis(1)).await;
                journal.record(());
                if task.now() > Instant::ZERO + Duration::from_mins(1) {
                    return drop(hold);
                }
            }
        });
        let Err(Unquiet::TooManyHappenings { max: 500, busy }) = world.quiet().await else {
            panic!("it got quiet");
        };
        assert_eq!(busy, ["a chatterer"]);
        assert_eq!(world.now(), Instant::ZERO + Duration::from_millis(501));
    });
}
