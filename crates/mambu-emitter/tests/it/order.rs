//! The order of first attempts: per template in order of creation, a few at a time, blocked by no retry.

use mambu_emitter::happening::Happening;
use sim_world::World;

use crate::receiver::Receiver;
use crate::tenant::{SECOND, at, attempts, bank, disbursement, genesis, template, tenant};

fn bodies(came: &[crate::receiver::Came]) -> Vec<&str> {
    came.iter().map(|came| came.body.as_str()).collect()
}

#[test]
fn first_attempts_of_a_template_go_out_one_after_the_other_in_order_of_creation() {
    World::run_virtual(genesis(0), async |world| {
        let receiver = Receiver::open(&world, SECOND);
        let mambu = bank(&world, tenant([template("a")]));
        for amount in 1..=4 {
            mambu.emit(&disbursement(amount)).unwrap();
        }
        world.quiet().await.unwrap();
        let came = receiver.came();
        assert_eq!(
            bodies(&came),
            [1, 2, 3, 4].map(|amount| format!(r#"{{"amount":"{amount}.00"}}"#))
        );
        let instants: Vec<_> = came.iter().map(|came| came.at).collect();
        assert_eq!(
            instants,
            [0, 1_000, 2_000, 3_000].map(at),
            "one in flight at a time"
        );
    })
    .unwrap();
}

#[test]
fn templates_do_not_wait_for_one_another() {
    World::run_virtual(genesis(0), async |world| {
        let receiver = Receiver::open(&world, SECOND);
        let mambu = bank(&world, tenant([template("a"), template("b")]));
        for amount in 1..=2 {
            mambu.emit(&disbursement(amount)).unwrap();
        }
        world.quiet().await.unwrap();
        let came: Vec<_> = receiver
            .came()
            .iter()
            .map(|came| (came.at, came.path.clone()))
            .collect();
        assert_eq!(
            came,
            [(0, "/a"), (0, "/b"), (1_000, "/a"), (1_000, "/b")]
                .map(|(millis, path)| (at(millis), path.into()))
        );
    })
    .unwrap();
}

#[test]
fn the_profile_says_how_many_first_attempts_are_in_flight() {
    World::run_virtual(genesis(0), async |world| {
        let receiver = Receiver::open(&world, SECOND);
        let mut configuration = tenant([template("a")]);
        configuration.profile.in_flight_per_template = 3;
        let mambu = bank(&world, configuration);
        for amount in 1..=7 {
            mambu.emit(&disbursement(amount)).unwrap();
        }
        world.quiet().await.unwrap();
        let instants: Vec<_> = receiver.came().iter().map(|came| came.at).collect();
        assert_eq!(instants, [0, 0, 0, 1_000, 1_000, 1_000, 2_000].map(at));
    })
    .unwrap();
}

#[test]
fn a_message_that_is_retried_blocks_no_later_one() {
    World::run_virtual(genesis(0), async |world| {
        let receiver = Receiver::open(&world, SECOND);
        receiver.script("/a", &[500]);
        let mambu = bank(&world, tenant([template("a")]));
        for amount in 1..=3 {
            mambu.emit(&disbursement(amount)).unwrap();
        }
        world.quiet().await.unwrap();
        let order: Vec<_> = attempts(&mambu)
            .into_iter()
            .map(|(message, attempt, began, result)| (message, attempt, began, result.is_ok()))
            .collect();
        assert_eq!(
            order,
            [
                (1, 1, at(0), false),
                (2, 1, at(1_000), true),
                (3, 1, at(2_000), true),
                (1, 2, at(31_000), true),
            ]
        );
    })
    .unwrap();
}

#[test]
fn a_slow_receiver_holds_up_its_own_template_alone() {
    World::run_virtual(genesis(0), async |world| {
        let receiver = Receiver::open(&world, 20 * SECOND);
        let mambu = bank(&world, tenant([template("a")]));
        for amount in 1..=2 {
            mambu.emit(&disbursement(amount)).unwrap();
        }
        world.quiet().await.unwrap();
        let firsts: Vec<_> = attempts(&mambu)
            .into_iter()
            .filter(|(_, attempt, ..)| *attempt == 1)
            .map(|(message, _, began, _)| (message, began))
            .collect();
        assert_eq!(firsts, [(1, at(0)), (2, at(10_000))], "the first limit is 10 s");
        assert!(
            attempts(&mambu)
                .iter()
                .any(|(_, attempt, _, result)| *attempt == 2 && result.is_ok()),
            "a retry may take longer"
        );
        assert_eq!(receiver.came().len(), 4, "the receiver got each message twice");
    })
    .unwrap();
}

/// Connection and request of each attempt, in the order of their ends.
fn exchanges(keep_alive: bool) -> Vec<(u64, u32)> {
    World::run_virtual(genesis(0), async |world| {
        let receiver = Receiver::open(&world, SECOND);
        receiver.script("/a", &[200, 500]);
        let mut configuration = tenant([template("a")]);
        configuration.profile.keep_alive = keep_alive;
        let mambu = bank(&world, configuration);
        for amount in 1..=3 {
            mambu.emit(&disbursement(amount)).unwrap();
        }
        world.quiet().await.unwrap();
        let entries = mambu.journal().entries();
        let exchanges = entries.iter().filter_map(|entry| match &entry.what {
            Happening::Attempted { exchange, .. } => exchange.as_ref(),
            _ => None,
        });
        exchanges
            .map(|exchange| (exchange.connection.0, exchange.request))
            .collect()
    })
    .unwrap()
}

#[test]
fn first_attempts_share_a_connection_and_a_retry_has_its_own() {
    assert_eq!(exchanges(true), [(1, 1), (1, 2), (1, 3), (2, 1)]);
    assert_eq!(exchanges(false), [(1, 1), (2, 1), (3, 1), (4, 1)]);
}
