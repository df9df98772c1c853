//! What a new configuration changes of messages that are already on their way.

use std::time::Duration;

use mambu_emitter::message::FailureReason;
use mambu_emitter::template::{Authorization, CustomHeader};
use mambu_emitter::{Configuration, Mambu};
use sim_world::World;

use crate::receiver::{Came, Receiver};
use crate::tenant::{SECOND, at, attempts, bank, disbursement, ends, genesis, template, tenant};

/// Lets a first attempt fail, configures anew ten seconds later, and waits for the end.
fn between_attempts(next: Configuration) -> (Vec<Came>, Mambu) {
    World::run_virtual(genesis(0), async |world| {
        let receiver = Receiver::open(&world, Duration::ZERO);
        receiver.script("/a", &[500]);
        let mambu = bank(&world, tenant([template("a")]));
        mambu.emit(&disbursement(5_000)).unwrap();
        world.sleep(10 * SECOND).await;
        mambu.configure(next);
        world.quiet().await.unwrap();
        (receiver.came(), mambu)
    })
    .unwrap()
}

#[test]
fn a_retry_carries_the_stored_body_to_the_stored_destination_with_the_new_credentials() {
    let mut changed = template("a");
    changed.url = "https://receiver.example/elsewhere".into();
    changed.body = r#"{"changed":true}"#.into();
    changed.authorization = Authorization::Basic {
        username: "mambu".into(),
        password: "s3cret".into(),
    };
    changed.headers = vec![CustomHeader {
        name: "X-Api-Key".into(),
        value: "new".into(),
    }];
    let (came, _) = between_attempts(tenant([changed]));
    let [first, second] = &came[..] else {
        panic!("{} requests", came.len());
    };
    assert_eq!((second.path.as_str(), &second.body), ("/a", &first.body));
    assert_eq!(first.key(), second.key());
    assert!(first.headers.get("authorization").is_none());
    assert_eq!(second.headers["authorization"], "Basic bWFtYnU6czNjcmV0");
    assert_eq!(second.headers["x-api-key"], "new");
}

#[test]
fn a_new_event_takes_the_new_template() {
    World::run_virtual(genesis(0), async |world| {
        let receiver = Receiver::open(&world, Duration::ZERO);
        let mambu = bank(&world, tenant([template("a")]));
        mambu.emit(&disbursement(1)).unwrap();
        world.quiet().await.unwrap();
        let mut changed = template("a");
        changed.body = r#"{"changed":"{TRANSACTION_AMOUNT}"}"#.into();
        mambu.configure(tenant([changed]));
        mambu.emit(&disbursement(2)).unwrap();
        world.quiet().await.unwrap();
        let bodies: Vec<_> = receiver.came().into_iter().map(|came| came.body).collect();
        assert_eq!(bodies, [r#"{"amount":"1.00"}"#, r#"{"changed":"2.00"}"#]);
    })
    .unwrap();
}

#[test]
fn a_template_deleted_since_fails_its_messages() {
    let (came, mambu) = between_attempts(tenant([template("b")]));
    assert_eq!(came.len(), 1);
    assert_eq!(ends(&mambu), [(1, Err(FailureReason::MissingTemplateKey))]);
}

#[test]
fn a_template_deactivated_since_still_sends_what_is_queued() {
    let mut inactive = template("a");
    inactive.activated = false;
    let (came, mambu) = between_attempts(tenant([inactive]));
    assert_eq!((came.len(), ends(&mambu)), (2, vec![(1, Ok(()))]));
}

#[test]
fn the_next_delay_is_the_one_in_force_when_an_attempt_fails() {
    let mut hurried = tenant([template("a")]);
    hurried.profile.retry_delays = vec![SECOND];
    let (_, mambu) = between_attempts(hurried);
    let began: Vec<_> = attempts(&mambu)
        .into_iter()
        .map(|(_, _, began, _)| began)
        .collect();
    assert_eq!(began, [0, 30_000].map(at), "the retry was due already");
}
