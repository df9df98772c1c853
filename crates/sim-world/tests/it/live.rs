//! The same exchange over TCP in a live world: same ids, same faults, same errors, real time.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use sim_world::http::{ExchangeError, ExchangeLimits, ServerLimits, exchange};
use sim_world::network::{ConnectError, Fault, FaultPlan, ScriptedAnswer};
use sim_world::{Instant, Universe, World};

use crate::host::{Host, LIMITS, Manner, NAME, ask, genesis, nth, post, work};

/// Runs a live world with a host under [`NAME`].
fn live<T>(play: impl AsyncFnOnce(World, Rc<Host>, SocketAddr) -> T) -> T {
    World::run_live(genesis(0), async |world| {
        let any_port = "127.0.0.1:0".parse().unwrap();
        let listener = world.network().listen_tcp(any_port).await.unwrap();
        let address = listener.address().unwrap();
        world.network().resolve("Host.example:443", address);
        let host = Host::behind(&world, listener, ServerLimits::default());
        play(world, host, address).await
    })
    .unwrap()
}

#[test]
fn both_ends_know_an_exchange_over_tcp_by_the_same_id() {
    live(async |world, host, address| {
        for (name, connection) in [(NAME.to_owned(), 1), (address.to_string(), 2)] {
            let outcome = exchange(&world, &name, post("work"), LIMITS).await;
            assert_eq!(outcome.exchange, Some(nth(connection)));
            assert_eq!(outcome.result.unwrap().body, "hello");
        }
        assert_eq!(host.seen(), [work(1), work(2)]);
        assert!(!world.is_virtual());
    });
}

#[test]
fn two_worlds_of_one_universe_know_an_exchange_by_the_same_id() {
    let universe = Universe::new(genesis(0));
    let (listening, told) = std::sync::mpsc::channel();
    let (done, over) = tokio::sync::oneshot::channel();
    let there = universe.clone();
    let server = std::thread::spawn(move || {
        World::run_live_in(&there, async |world| {
            let any_port = "127.0.0.1:0".parse().unwrap();
            let listener = world.network().listen_tcp(any_port).await.unwrap();
            listening.send(listener.address().unwrap()).unwrap();
            let host = Host::behind(&world, listener, ServerLimits::default());
            let _ = over.await;
            host.seen()
        })
    });
    let address = told.recv().unwrap().to_string();
    let exchanges = World::run_live_in(&universe, async |world| {
        let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let refused = exchange(&world, &closed.unwrap().to_string(), post("work"), LIMITS).await;
        let answered = exchange(&world, &address, post("work"), LIMITS).await;
        done.send(()).unwrap();
        (refused.exchange, answered.exchange)
    });
    assert_eq!(exchanges.unwrap(), (None, Some(nth(2))));
    assert_eq!(server.join().unwrap().unwrap(), [work(2)]);
}

#[test]
fn large_bodies_arrive_whole_over_tcp() {
    live(async |world, host, _| {
        host.behave(Manner {
            answer: None,
            ..Manner::default()
        });
        let body = (0..300_000u32).map(|n| n.to_le_bytes()[1]).collect::<Bytes>();
        let outcome = exchange(&world, NAME, post(body.clone()), LIMITS).await;
        assert!(outcome.result.unwrap().body == body);
    });
}

#[test]
fn a_name_that_nobody_resolved_is_unknown_and_a_closed_port_refuses() {
    live(async |world, _, _| {
        let closed = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .unwrap();
        world.network().resolve("closed.example", closed);
        for (name, expected) in [
            (
                "nobody.example",
                ConnectError::UnknownHost("nobody.example".into()),
            ),
            ("closed.example", ConnectError::Refused("closed.example".into())),
        ] {
            let outcome = exchange(&world, name, post(""), LIMITS).await;
            assert_eq!(outcome.exchange, None);
            assert_eq!(outcome.result.unwrap_err(), ExchangeError::Connect(expected));
        }
        assert!(
            world.network().listen(NAME).is_err(),
            "a live world listens on addresses"
        );
    });
}

#[test]
fn other_hosts_are_looked_up_but_those_that_are_never_contacted() {
    live(async |world, host, address| {
        world.network().never_contact("bank.localhost");
        world.network().resolve("known.bank.localhost", address);
        let port = address.port();
        for name in [format!("localhost:{port}"), format!("LOCALHOST.:{port}")] {
            let outcome = exchange(&world, &name, post("work"), LIMITS).await;
            assert!(outcome.result.is_ok(), "{name}: {:?}", outcome.result);
        }
        assert_eq!(host.seen().len(), 2);
        for name in ["bank.localhost", "real.bank.localhost"] {
            let kept = ConnectError::Kept {
                host: format!("{name}:{port}"),
                domain: "bank.localhost".into(),
            };
            let outcome = exchange(&world, &format!("{name}:{port}"), post(""), LIMITS).await;
            assert_eq!(outcome.result.unwrap_err(), ExchangeError::Connect(kept.clone()));
            assert_eq!(
                world.network().refusal(&world, &format!("{name}:{port}"), true),
                Some(kept)
            );
        }
        let refusal = |host: &str, tls| world.network().refusal(&world, host, tls);
        assert_eq!(refusal("known.bank.localhost", true), None);
        assert_eq!(refusal("riverbank.localhost", false), None);
        assert_eq!(
            refusal("riverbank.localhost", true),
            Some(ConnectError::Tls("riverbank.localhost".into()))
        );
        world.network().plan_fault(FaultPlan::new(
            "riverbank.localhost",
            [Fault::Pass, Fault::Refuse],
            Fault::LoseAnswer,
        ));
        let refused = [(); 2].map(|()| refusal("riverbank.localhost", true).is_some());
        assert_eq!(refused, [true, false], "who refuses need not be there");
    });
}

#[test]
fn faults_are_the_same_over_tcp() {
    live(async |world, host, _| {
        let gone = Fault::Answer(ScriptedAnswer {
            status: 410,
            headers: vec![],
            body: Bytes::new(),
        });
        let script = [
            Fault::Refuse,
            Fault::ResetBeforeRequest,
            Fault::ResetAfterRequest,
            Fault::CutAnswer(20),
            Fault::LoseAnswer,
            Fault::Delay(Duration::from_millis(20)),
            gone,
        ];
        world
            .network()
            .plan_fault(FaultPlan::new(NAME, script, Fault::Pass));
        let mut came = Vec::new();
        for _ in 0..8 {
            came.push(match ask(&world).await.result {
                Ok(answer) => answer.status.as_str().to_owned(),
                Err(ExchangeError::Broken(_)) => "broken".to_owned(),
                Err(other) => other.to_string(),
            });
        }
        assert_eq!(
            came,
            [
                "connection refused by host.example",
                "broken",
                "broken",
                "broken",
                "broken",
                "200",
                "410",
                "200"
            ]
        );
        assert_eq!(host.seen(), [work(4), work(5), work(6), work(8)]);
        let delayed = &world.network().faults_struck()[5];
        assert_eq!(delayed.what.fault, Fault::Delay(Duration::from_millis(20)));
        assert!(world.now() >= Instant::ZERO + Duration::from_millis(20));
    });
}

#[test]
fn a_live_client_gives_up_at_its_limit() {
    live(async |world, _, _| {
        world.network().plan_fault(FaultPlan::new(NAME, [], Fault::Stall));
        let limits = ExchangeLimits {
            whole: Duration::from_millis(30),
            ..LIMITS
        };
        let outcome = exchange(&world, NAME, post(""), limits).await;
        assert_eq!(outcome.result.unwrap_err(), ExchangeError::Timeout(limits.whole));
        assert!(world.now() >= Instant::ZERO + limits.whole);
        assert_eq!(world.quiet().await, Ok(()), "nothing is held");
    });
}

#[test]
fn an_answer_over_tcp_is_cut_at_the_limit_of_bytes() {
    live(async |world, host, _| {
        host.behave(Manner {
            answer: Some(Bytes::from(vec![b'x'; 500_000])),
            ..Manner::default()
        });
        let limits = ExchangeLimits {
            answer_bytes: 1_000,
            ..LIMITS
        };
        let outcome = exchange(&world, NAME, post(""), limits).await;
        assert_eq!(outcome.result.unwrap().body.len(), 1_000);
    });
}
