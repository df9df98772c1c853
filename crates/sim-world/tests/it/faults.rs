//! Each fault of the network alone: what the client gets, at which instant, and whether the host did its work.

use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;
use sim_world::http::{Answer, ExchangeError, exchange};
use sim_world::network::{ConnectError, Fault, FaultPlan, ScriptedAnswer};
use sim_world::{Instant, World};

use crate::host::{Host, LIMITS, NAME, Seen, ask, nth, post, virtually, work};

const SECOND: Duration = Duration::from_secs(1);

/// What came of one exchange.
struct Came {
    result: Result<Answer, ExchangeError>,
    connected: bool,
    at: Instant,
    host_saw: Vec<Seen>,
}

impl Came {
    fn of(fault: &Fault) -> Self {
        virtually(async |world| {
            let host = Host::open(&world);
            world
                .network()
                .plan_fault(FaultPlan::new(NAME, [], fault.clone()));
            let outcome = ask(&world).await;
            let at = world.now();
            world.quiet().await.unwrap();
            let struck = world.network().faults_struck();
            assert_eq!(struck.len(), 1, "one connection meets one fault");
            assert_eq!(
                (&struck[0].what.fault, struck[0].what.host.as_str()),
                (fault, NAME)
            );
            Self {
                result: outcome.result,
                connected: outcome.exchange == Some(nth(1)),
                at,
                host_saw: host.seen(),
            }
        })
    }

    fn broke(&self) -> bool {
        matches!(self.result, Err(ExchangeError::Broken(_)))
    }
}

#[test]
fn a_refused_connection_is_no_exchange() {
    let came = Came::of(&Fault::Refuse);
    assert_eq!(
        came.result.unwrap_err(),
        ExchangeError::Connect(ConnectError::Refused(NAME.into()))
    );
    assert!(!came.connected);
    assert_eq!((came.at, came.host_saw), (Instant::ZERO, vec![]));
}

#[test]
fn a_reset_before_or_after_the_request_does_no_work() {
    for fault in [Fault::ResetBeforeRequest, Fault::ResetAfterRequest] {
        let came = Came::of(&fault);
        assert!(came.broke(), "{fault}: {:?}", came.result);
        assert!(came.connected);
        assert_eq!((came.at, came.host_saw), (Instant::ZERO, vec![]), "{fault}");
    }
}

#[test]
fn a_stalled_exchange_ends_exactly_at_the_clients_limit() {
    let came = Came::of(&Fault::Stall);
    assert_eq!(came.result.unwrap_err(), ExchangeError::Timeout(LIMITS.whole));
    assert!(came.connected);
    assert_eq!((came.at, came.host_saw), (Instant::ZERO + LIMITS.whole, vec![]));
}

#[test]
fn a_delayed_answer_comes_exactly_that_much_later() {
    let came = Came::of(&Fault::Delay(4 * SECOND));
    assert_eq!(came.result.unwrap().body, "hello");
    assert_eq!(came.at, Instant::ZERO + 4 * SECOND);
    assert_eq!(came.host_saw, [work(1)]);
}

#[test]
fn an_answer_delayed_beyond_the_limit_leaves_the_work_done() {
    let came = Came::of(&Fault::Delay(60 * SECOND));
    assert_eq!(came.result.unwrap_err(), ExchangeError::Timeout(LIMITS.whole));
    assert_eq!(came.at, Instant::ZERO + LIMITS.whole);
    assert_eq!(came.host_saw, [work(1)]);
}

#[test]
fn the_host_works_at_once_when_only_its_answer_is_delayed() {
    virtually(async |world| {
        let host = Host::open(&world);
        let plan = FaultPlan::new(NAME, [], Fault::Delay(60 * SECOND));
        world.network().plan_fault(plan);
        let _ = ask(&world).await;
        assert_eq!(host.journal()[0].at, Instant::ZERO);
        world.quiet().await.unwrap();
        assert_eq!(
            world.now(),
            Instant::ZERO + 60 * SECOND,
            "a delayed answer is work until it is delivered"
        );
    });
}

#[test]
fn a_lost_answer_leaves_the_work_done_once() {
    let came = Came::of(&Fault::LoseAnswer);
    assert!(came.broke(), "{:?}", came.result);
    assert_eq!((came.at, came.host_saw), (Instant::ZERO, vec![work(1)]));
}

#[test]
fn an_answer_cut_anywhere_is_no_answer() {
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello".len();
    for bytes in 0..whole {
        let came = Came::of(&Fault::CutAnswer(bytes));
        assert!(came.broke(), "cut after {bytes} bytes: {:?}", came.result);
        assert_eq!(came.host_saw, [work(1)], "cut after {bytes} bytes");
        assert_eq!(came.at, Instant::ZERO, "cut after {bytes} bytes");
    }
    for bytes in [whole, whole + 1, usize::MAX] {
        let came = Came::of(&Fault::CutAnswer(bytes));
        assert_eq!(came.result.unwrap().body, "hello", "cut after {bytes} bytes");
    }
}

fn answer(status: u16) -> Fault {
    Fault::Answer(ScriptedAnswer {
        status,
        headers: vec![("retry-after".into(), "7".into())],
        body: Bytes::from_static(b"from the proxy"),
    })
}

#[test]
fn a_script_answers_in_the_hosts_place_and_then_lets_pass() {
    virtually(async |world| {
        let host = Host::open(&world);
        let plan = FaultPlan::new(NAME, [answer(503), answer(503), Fault::Pass], Fault::Pass);
        world.network().plan_fault(plan);
        let mut statuses = Vec::new();
        for _ in 0..4 {
            let answer = ask(&world).await.result.unwrap();
            let scripted = answer.status == 503;
            assert_eq!(
                answer
                    .headers
                    .get("retry-after")
                    .is_some_and(|value| value == "7"),
                scripted
            );
            assert_eq!(
                answer.body,
                if scripted {
                    &b"from the proxy"[..]
                } else {
                    b"hello"
                }
            );
            statuses.push(answer.status.as_u16());
        }
        assert_eq!(statuses, [503, 503, 200, 200]);
        assert_eq!(host.seen(), [work(3), work(4)]);
        assert_eq!(
            world.network().faults_struck().len(),
            2,
            "a connection that passes is not struck"
        );
    });
}

#[test]
fn after_its_script_a_plan_does_its_last_fault() {
    virtually(async |world| {
        let _host = Host::open(&world);
        world
            .network()
            .plan_fault(FaultPlan::new(NAME, [Fault::Pass], Fault::Refuse));
        let mut worked = Vec::new();
        for _ in 0..3 {
            worked.push(ask(&world).await.result.is_ok());
        }
        assert_eq!(worked, [true, false, false]);
    });
}

#[test]
fn a_plan_ends_at_its_instant_and_not_before() {
    virtually(async |world| {
        let _host = Host::open(&world);
        let end = Instant::ZERO + 5 * SECOND;
        world
            .network()
            .plan_fault(FaultPlan::new(NAME, [], Fault::Refuse).until(end));
        for (millis, passes) in [(0, false), (4_999, false), (5_000, true), (9_000, true)] {
            world
                .sleep_until(Instant::ZERO + Duration::from_millis(millis))
                .await;
            assert_eq!(ask(&world).await.result.is_ok(), passes, "at {millis} ms");
        }
    });
}

#[test]
fn the_newest_plan_in_force_wins_and_others_keep_their_scripts() {
    virtually(async |world| {
        let _host = Host::open(&world);
        let network = world.network();
        network.plan_fault(FaultPlan::new(NAME, [answer(500)], Fault::Pass));
        let newer = FaultPlan::new(NAME, [], answer(503)).until(Instant::ZERO + SECOND);
        network.plan_fault(newer);
        let mut statuses = vec![status(&world).await];
        world.sleep(SECOND).await;
        statuses.extend([status(&world).await, status(&world).await]);
        assert_eq!(statuses, [503, 500, 200]);
    });
}

async fn status(world: &World) -> u16 {
    ask(world).await.result.unwrap().status.as_u16()
}

#[test]
fn a_plan_is_for_its_host_however_that_is_written() {
    virtually(async |world| {
        let _host = Host::open(&world);
        let other = world.network().listen("other.example").unwrap();
        let _other = Host::behind(&world, other, sim_world::http::ServerLimits::default());
        world
            .network()
            .plan_fault(FaultPlan::new("Host.Example:443", [], Fault::Refuse));
        for (host, passes) in [
            (NAME, false),
            ("HOST.example:80", false),
            ("other.example", true),
            ("other.example:443", true),
        ] {
            let outcome = exchange(&world, host, post("x"), LIMITS).await;
            assert_eq!(outcome.result.is_ok(), passes, "{host}");
        }
    });
}

fn any_fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::Pass),
        Just(Fault::Refuse),
        Just(Fault::ResetBeforeRequest),
        Just(Fault::ResetAfterRequest),
        Just(Fault::Stall),
        (0..20_000u64).prop_map(|millis| Fault::Delay(Duration::from_millis(millis))),
        (0..200_000usize).prop_map(Fault::CutAnswer),
        Just(Fault::LoseAnswer),
        (200..600u16)
            .prop_filter("has a body", |status| !matches!(status, 204 | 304))
            .prop_map(answer),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever happens on the way, a request reaches the host whole, at most once, and an answer is never half an
    /// answer; the client never waits beyond its limit, and the world gets quiet.
    #[test]
    fn no_fault_doubles_a_request_or_halves_an_answer(
        faults in prop::collection::vec(any_fault(), 1..6),
        request in 0..150_000usize,
        reply in 0..150_000usize,
    ) {
        let (sent, replied) = (Bytes::from(vec![b'q'; request]), Bytes::from(vec![b'r'; reply]));
        virtually(async |world| {
            let host = Host::open(&world);
            host.behave(crate::host::Manner { answer: Some(replied.clone()), ..Default::default() });
            world.network().plan_fault(FaultPlan::new(NAME, faults.clone(), Fault::Pass));
            for (fault, connection) in faults.iter().zip(1..) {
                let began = world.now();
                let outcome = exchange(&world, NAME, post(sent.clone()), LIMITS).await;
                prop_assert!(world.now() - began <= LIMITS.whole, "{fault}");
                match outcome.result {
                    Ok(answer) if matches!(fault, Fault::Answer(_)) => {
                        prop_assert_eq!(answer.body, Bytes::from_static(b"from the proxy"));
                    }
                    Ok(answer) => prop_assert!(answer.body == replied, "{}: {} bytes", fault, answer.body.len()),
                    Err(_) => prop_assert!(*fault != Fault::Pass && !matches!(fault, Fault::Answer(_))),
                }
                world.quiet().await.unwrap();
                let arrived = host.seen().into_iter().filter(|seen| *seen == Seen::Request(nth(connection), sent.clone()));
                let expected = matches!(fault, Fault::Pass | Fault::Delay(_) | Fault::CutAnswer(_) | Fault::LoseAnswer);
                prop_assert_eq!(arrived.count(), usize::from(expected), "{}", fault);
            }
            Ok(())
        })?;
    }
}
