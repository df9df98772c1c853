//! What is tried again and what is not, how often, when, and with which bytes.

use mambu_emitter::happening::Happening;
use mambu_emitter::message::FailureReason;
use mambu_emitter::template::ContentType;
use mambu_emitter::{Configuration, Profile};
use proptest::prelude::*;
use sim_world::World;
use sim_world::network::{Fault, FaultPlan};

use crate::receiver::{Came, Receiver};
use crate::tenant::{HOST, SECOND, at, attempts, bank, disbursement, ends, genesis, template, tenant};

/// Plays one disbursement against a script of statuses.
fn play(configuration: Configuration, script: &[u16]) -> (Vec<Came>, Vec<crate::tenant::Attempt>, End) {
    World::run_virtual(genesis(0), async |world| {
        let receiver = Receiver::open(&world, std::time::Duration::ZERO);
        receiver.script("/a", script);
        let mambu = bank(&world, configuration);
        mambu.emit(&disbursement(5_000)).unwrap();
        world.quiet().await.unwrap();
        let [(1, end)] = ends(&mambu)[..] else {
            panic!("one message, one end: {:?}", ends(&mambu));
        };
        (receiver.came(), attempts(&mambu), end)
    })
    .unwrap()
}

type End = Result<(), FailureReason>;

const BAD: Result<u16, FailureReason> = Err(FailureReason::InvalidHttpResponse);

#[test]
fn after_four_attempts_a_message_is_failed() {
    let (came, attempts, end) = play(tenant([template("a")]), &[500, 502, 404, 503, 200]);
    let expected = [(1, 0), (2, 30_000), (3, 150_000), (4, 630_000)];
    assert_eq!(
        attempts,
        expected.map(|(attempt, millis)| (1, attempt, at(millis), BAD))
    );
    assert_eq!(end, Err(FailureReason::InvalidHttpResponse));
    assert_eq!(came.len(), 4);
}

#[test]
fn number_and_delays_of_the_retries_are_the_profiles() {
    for (delays, began) in [
        (&[][..], &[0][..]),
        (&[1], &[0, 1_000]),
        (&[7, 1, 1, 60, 2], &[0, 7_000, 8_000, 9_000, 69_000, 71_000]),
    ] {
        let mut configuration = tenant([template("a")]);
        configuration.profile.retry_delays = delays.iter().map(|delay| *delay * SECOND).collect();
        let (_, attempts, end) = play(configuration, &[500; 9]);
        let instants: Vec<_> = attempts.into_iter().map(|(_, _, began, _)| began).collect();
        assert_eq!(instants, began.iter().copied().map(at).collect::<Vec<_>>());
        assert_eq!(end, Err(FailureReason::InvalidHttpResponse));
    }
}

#[test]
fn the_fourth_attempt_may_succeed() {
    let (came, attempts, end) = play(tenant([template("a")]), &[500, 500, 500, 201]);
    assert_eq!((attempts[3].3, end), (Ok(201), Ok(())));
    assert_eq!(came.len(), 4);
}

#[test]
fn every_attempt_has_the_same_bytes_and_the_same_key() {
    let (came, _, _) = play(tenant([template("a")]), &[500, 500, 500, 500]);
    for again in &came[1..] {
        assert_eq!((&again.body, &again.headers), (&came[0].body, &came[0].headers));
    }
    assert_eq!(came[0].body, r#"{"amount":"5000.00"}"#);
    assert_eq!(came[0].key().len(), 36);
}

#[test]
fn a_tenant_without_the_feature_sends_no_key() {
    let mut configuration = tenant([template("a")]);
    configuration.profile.idempotency_key = false;
    let (came, ..) = play(configuration, &[]);
    assert!(came[0].headers.get("x-notifications-idempotency-key").is_none());
}

#[test]
fn any_2xx_is_success_and_nothing_else_is() {
    for (status, is_success) in [
        (200, true),
        (202, true),
        (204, true),
        (299, true),
        (300, false),
        (302, false),
        (304, false),
        (400, false),
        (401, false),
        (500, false),
        (599, false),
    ] {
        let (_, attempts, end) = play(tenant([template("a")]), &[status]);
        let expected = if is_success { Ok(status) } else { BAD };
        assert_eq!(attempts[0].3, expected, "{status}");
        assert_eq!(attempts.len(), if is_success { 1 } else { 2 }, "{status}");
        assert_eq!(end, Ok(()), "{status}: the second attempt gets 200");
    }
}

#[test]
fn client_errors_are_final_where_the_profile_says_so() {
    for (status, count) in [(400, 1), (403, 1), (408, 2), (429, 2), (500, 2)] {
        let mut configuration = tenant([template("a")]);
        configuration.profile.retry_client_errors = false;
        let (_, attempts, end) = play(configuration, &[status]);
        assert_eq!(attempts.len(), count, "{status}");
        assert_eq!(end.is_ok(), count == 2, "{status}");
    }
}

#[test]
fn a_message_that_cannot_be_sent_is_failed_without_an_attempt() {
    use FailureReason as Reason;
    for (url, body, expected) in [
        ("", "{}", Reason::UndefinedDestination),
        ("/a", "{}", Reason::UndefinedDestination),
        ("http://receiver.example/a", "{}", Reason::InvalidHttpProtocol),
        ("https://127.0.0.1/a", "{}", Reason::BlacklistedUrl),
        ("https://10.1.2.3/a", "{}", Reason::BlacklistedUrl),
        ("https://localhost/a", "{}", Reason::BlacklistedUrl),
        ("https://receiver.example/a", "{", Reason::InvalidJsonBodySyntax),
        ("https://receiver.example/a", "", Reason::InvalidJsonBodySyntax),
        (
            "https://receiver.example/a",
            &format!("\"{}\"", "x".repeat(70_000)),
            Reason::MaxMessageSizeLimitExceeded,
        ),
    ] {
        let mut template = template("a");
        template.url = url.into();
        template.body = body.into();
        let (came, attempts, end) = play(tenant([template]), &[]);
        assert_eq!((came.len(), attempts.len()), (0, 0), "{url}");
        assert_eq!(end, Err(expected), "{url}");
    }
}

#[test]
fn a_body_that_is_no_json_goes_out_as_plain_text() {
    let mut template = template("a");
    template.body = "{ not json".into();
    template.content_type = ContentType::PlainText;
    let (came, _, end) = play(tenant([template]), &[]);
    assert_eq!((came[0].body.as_str(), end), ("{ not json", Ok(())));
}

#[test]
fn whatever_goes_wrong_on_the_way_is_one_reason_and_is_retried() {
    for fault in [
        Fault::Refuse,
        Fault::ResetBeforeRequest,
        Fault::ResetAfterRequest,
        Fault::Stall,
        Fault::LoseAnswer,
        Fault::CutAnswer(10),
        Fault::Delay(60 * SECOND),
    ] {
        World::run_virtual(genesis(0), async |world| {
            let _receiver = Receiver::open(&world, std::time::Duration::ZERO);
            let plan = FaultPlan::new(HOST, [fault.clone()], Fault::Pass);
            world.network().plan_fault(plan);
            let mambu = bank(&world, tenant([template("a")]));
            mambu.emit(&disbursement(1)).unwrap();
            world.quiet().await.unwrap();
            let results: Vec<_> = attempts(&mambu).into_iter().map(|(.., result)| result).collect();
            assert_eq!(
                results,
                [Err(FailureReason::HttpErrorWhileSending), Ok(200)],
                "{fault}"
            );
        })
        .unwrap();
    }
}

#[test]
fn a_retry_is_counted_from_the_end_of_the_attempt_before() {
    World::run_virtual(genesis(0), async |world| {
        let _receiver = Receiver::open(&world, std::time::Duration::ZERO);
        world.network().plan_fault(FaultPlan::new(HOST, [], Fault::Stall));
        let mambu = bank(&world, tenant([template("a")]));
        mambu.emit(&disbursement(1)).unwrap();
        world.quiet().await.unwrap();
        let began: Vec<_> = attempts(&mambu)
            .into_iter()
            .map(|(_, _, began, _)| began)
            .collect();
        // Limits 10 s and then 30 s, delays 30 s, 2 min, 8 min.
        assert_eq!(began, [0, 40_000, 190_000, 700_000].map(at));
        assert_eq!(world.now(), at(730_000));
    })
    .unwrap();
}

#[test]
fn a_host_that_nobody_knows_is_tried_four_times() {
    let mut template = template("a");
    template.url = "https://nobody.example/".into();
    let (_, attempts, end) = play(tenant([template]), &[]);
    assert_eq!(attempts.len(), 4);
    assert_eq!(end, Err(FailureReason::HttpErrorWhileSending));
}

#[test]
fn an_attempt_says_when_the_next_one_is_due() {
    World::run_virtual(genesis(3), async |world| {
        let receiver = Receiver::open(&world, std::time::Duration::ZERO);
        receiver.script("/a", &[500, 500, 500, 500]);
        let mut configuration = tenant([template("a")]);
        configuration.profile = Profile::default();
        let mambu = bank(&world, configuration);
        mambu.emit(&disbursement(1)).unwrap();
        world.quiet().await.unwrap();
        let mut due = at(0);
        for entry in mambu.journal().entries().iter() {
            if let Happening::Attempted { began, next, .. } = &entry.what {
                assert_eq!(*began, due);
                due = entry.at + next.unwrap_or_default();
            }
        }
    })
    .unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever a receiver answers: as many attempts as it takes and four at most, the same bytes each time, one end.
    #[test]
    fn a_message_ends_once_with_its_last_attempt(script in prop::collection::vec(200..600u16, 0..6)) {
        let (came, attempts, end) = play(tenant([template("a")]), &script);
        let mut statuses = script;
        statuses.resize(6, 200);
        let success = statuses.iter().position(|status| (200..300).contains(status));
        let count = success.map_or(4, |at| (at + 1).min(4));
        prop_assert_eq!((came.len(), attempts.len()), (count, count));
        prop_assert_eq!(end.is_ok(), success.is_some_and(|at| at < 4));
        for (number, (_, attempt, _, result)) in attempts.into_iter().enumerate() {
            prop_assert_eq!(attempt, u32::try_from(number + 1).unwrap());
            prop_assert_eq!(result.is_ok(), (200..300).contains(&statuses[number]));
        }
        prop_assert!(came.iter().all(|again| again.body == came[0].body && again.key() == came[0].key()));
    }
}
