//! What a person's resend of a failed message carries: what was stored, and what is in force now.

use std::collections::BTreeSet;
use std::time::Duration;

use mambu_emitter::mambu::{Record, StoredMessage};
use mambu_emitter::message::FailureReason;
use mambu_emitter::template::{Authorization, RequestType, Template};
use mambu_emitter::{Configuration, Mambu};
use sim_world::World;

use crate::receiver::{Came, Receiver};
use crate::tenant::{attempts, bank, disbursement, ends, genesis, template, tenant};

/// The template with these credentials.
fn with_password(password: &str) -> Template {
    Template {
        authorization: Authorization::Basic {
            username: "mambu".into(),
            password: password.into(),
        },
        ..template("a")
    }
}

/// A message's record in the communication log, as it is after its last failure.
fn failed(body: &str) -> StoredMessage {
    let record = Record {
        kind: Some("WEB_HOOK".into()),
        event: Some("LOAN_DISBURSEMENT".into()),
        state: Some("FAILED".into()),
        failure_reason: Some("INVALID_HTTP_RESPONSE".into()),
        destination: Some("https://receiver.example/a".into()),
        body: Some(body.into()),
    };
    StoredMessage::read(&record, "a").unwrap()
}

/// Lets a message fail for good, configures anew, and resends it so many times at once; the next answers are `script`.
fn resent(next: Configuration, times: u64, script: &[u16]) -> (Vec<Came>, Mambu) {
    World::run_virtual(genesis(0), async |world| {
        let receiver = Receiver::open(&world, Duration::ZERO);
        receiver.script("/a", &[&[500; 4], script].concat());
        let mambu = bank(&world, tenant([with_password("old")]));
        mambu.emit(&disbursement(5_000)).unwrap();
        world.quiet().await.unwrap();
        assert_eq!(ends(&mambu), [(1, Err(FailureReason::InvalidHttpResponse))]);
        let stored = failed(&receiver.came()[0].body);
        mambu.configure(next);
        for number in 0..times {
            assert_eq!(mambu.resend(stored.clone()).0, 2 + number, "a message of its own");
        }
        world.quiet().await.unwrap();
        (receiver.came(), mambu)
    })
    .unwrap()
}

#[test]
fn a_resend_carries_the_stored_body_with_a_new_key_and_the_credentials_of_now() {
    let mut changed = with_password("new");
    changed.url = "https://receiver.example/elsewhere".into();
    changed.body = r#"{"changed":true}"#.into();
    let (came, mambu) = resent(tenant([changed]), 1, &[]);
    let (first, again) = (&came[0], &came[4]);
    assert_eq!(came.len(), 5);
    assert_eq!((again.path.as_str(), &again.body), ("/a", &first.body));
    assert_ne!(again.key(), first.key());
    assert_eq!(again.key().len(), 36);
    for before in &came[..4] {
        assert_eq!(before.headers["authorization"], "Basic bWFtYnU6b2xk");
    }
    assert_eq!(again.headers["authorization"], "Basic bWFtYnU6bmV3");
    assert_eq!(ends(&mambu)[1..], [(2, Ok(()))]);
}

#[test]
fn every_resend_has_a_key_of_its_own_also_at_one_moment() {
    let (came, _) = resent(tenant([with_password("old")]), 3, &[]);
    let keys: BTreeSet<String> = came.iter().map(Came::key).collect();
    assert_eq!(
        (came.len(), keys.len()),
        (7, 4),
        "one key for the four attempts before"
    );
}

#[test]
fn a_resend_is_retried_with_its_own_key_and_four_times_at_most() {
    let (came, mambu) = resent(tenant([with_password("old")]), 1, &[500, 503, 404, 502]);
    assert_eq!(came.len(), 8);
    let key = came[4].key();
    assert!(came[4..].iter().all(|again| again.key() == key));
    assert!(came[..4].iter().all(|before| before.key() != key));
    let numbers: Vec<_> = attempts(&mambu)[4..]
        .iter()
        .map(|made| (made.0, made.1))
        .collect();
    assert_eq!(numbers, [(2, 1), (2, 2), (2, 3), (2, 4)]);
    assert_eq!(ends(&mambu)[1..], [(2, Err(FailureReason::InvalidHttpResponse))]);
}

#[test]
fn a_resend_of_a_deleted_template_or_with_the_switch_off_is_failed_without_an_attempt() {
    let mut off = tenant([with_password("old")]);
    off.webhooks_enabled = false;
    for (next, expected) in [
        (tenant([template("b")]), FailureReason::MissingTemplateKey),
        (off, FailureReason::WebhookNotificationsDisabled),
    ] {
        let (came, mambu) = resent(next, 1, &[]);
        assert_eq!((came.len(), attempts(&mambu).len()), (4, 4), "{expected}");
        assert_eq!(ends(&mambu)[1..], [(2, Err(expected))]);
    }
}

#[test]
fn a_resend_takes_the_method_of_the_template_of_now() {
    let mut changed = with_password("old");
    changed.request_type = RequestType::Put;
    let (came, _) = resent(tenant([changed]), 1, &[]);
    let methods: Vec<&str> = came.iter().map(|came| came.method.as_str()).collect();
    assert_eq!(methods, ["POST", "POST", "POST", "POST", "PUT"]);
}
