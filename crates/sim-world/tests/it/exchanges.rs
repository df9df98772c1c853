//! Exchanges without faults: ids at both ends, hosts that are not there, limits of time and bytes.

use std::time::Duration;

use bytes::Bytes;
use sim_world::Instant;
use sim_world::http::{ExchangeError, ExchangeLimits, ServerLimits, exchange};
use sim_world::network::ConnectError;

use crate::host::{Host, LIMITS, Manner, NAME, Seen, ask, nth, post, virtually, work};

#[test]
fn both_ends_know_an_exchange_by_the_same_id() {
    virtually(async |world| {
        let host = Host::open(&world);
        let listener = world.network().listen("other.example").unwrap();
        let other = Host::behind(&world, listener, ServerLimits::default());
        let mut asked = Vec::new();
        for name in [NAME, "other.example", NAME, "nobody.example", NAME] {
            asked.push(exchange(&world, name, post("work"), LIMITS).await.exchange);
        }
        assert_eq!(
            asked,
            [Some(nth(1)), Some(nth(2)), Some(nth(3)), None, Some(nth(5))]
        );
        assert_eq!(host.seen(), [work(1), work(3), work(5)]);
        assert_eq!(other.seen(), [work(2)]);
        assert_eq!(nth(5).to_string(), "5.1");
    });
}

#[test]
fn a_host_that_is_not_there_is_unknown() {
    virtually(async |world| {
        let outcome = exchange(&world, "Nobody.example:443", post(""), LIMITS).await;
        assert_eq!(outcome.exchange, None);
        let error = outcome.result.unwrap_err();
        assert_eq!(error.to_string(), "unknown host nobody.example");
        assert_eq!(
            error,
            ExchangeError::Connect(ConnectError::UnknownHost("nobody.example".into()))
        );
        assert_eq!(world.now(), Instant::ZERO);
    });
}

#[test]
fn a_host_whose_listener_is_gone_refuses() {
    virtually(async |world| {
        drop(world.network().listen(NAME).unwrap());
        assert_eq!(
            ask(&world).await.result.unwrap_err(),
            ExchangeError::Connect(ConnectError::Refused(NAME.into()))
        );
    });
}

#[test]
fn a_second_listener_takes_the_name_over() {
    virtually(async |world| {
        let first = Host::open(&world);
        let second = Host::open(&world);
        assert!(ask(&world).await.result.is_ok());
        assert_eq!((first.seen(), second.seen()), (vec![], vec![work(1)]));
    });
}

#[test]
fn a_port_is_part_of_the_name_unless_a_scheme_implies_it() {
    virtually(async |world| {
        let _host = Host::open(&world);
        let mut reached = Vec::new();
        for name in [
            "host.example:443",
            "host.example:80",
            "host.example:8443",
            "HOST.EXAMPLE",
        ] {
            reached.push(exchange(&world, name, post(""), LIMITS).await.result.is_ok());
        }
        assert_eq!(reached, [true, true, false, true]);
    });
}

#[test]
fn a_slow_host_is_given_up_exactly_at_the_limit() {
    for (works_for, answered_at) in [(9_999, Some(9_999)), (10_001, None)] {
        virtually(async |world| {
            let host = Host::open(&world);
            host.behave(Manner {
                works_for: Duration::from_millis(works_for),
                ..Manner::default()
            });
            let outcome = ask(&world).await;
            assert_eq!(outcome.exchange, Some(nth(1)));
            assert_eq!(outcome.result.is_ok(), answered_at.is_some());
            let at = answered_at.map_or(LIMITS.whole, Duration::from_millis);
            assert_eq!(world.now(), Instant::ZERO + at);
            world.quiet().await.unwrap();
            assert_eq!(host.seen(), [work(1)], "the host has the request either way");
        });
    }
}

#[test]
fn a_host_that_nobody_waits_for_stops_working_when_the_client_hangs_up() {
    virtually(async |world| {
        let host = Host::open(&world);
        host.behave(Manner {
            works_for: Duration::from_hours(1),
            ..Manner::default()
        });
        let _ = ask(&world).await;
        world.quiet().await.unwrap();
        assert_eq!(world.now(), Instant::ZERO + LIMITS.whole);
    });
}

#[test]
fn an_answer_is_cut_at_the_limit_of_bytes() {
    let body = (0..100_000u32).map(|n| n.to_le_bytes()[0]).collect::<Bytes>();
    for limit in [0, 1, 4_096, 65_536, 99_999, 100_000, 100_001] {
        virtually(async |world| {
            let host = Host::open(&world);
            host.behave(Manner {
                answer: Some(body.clone()),
                ..Manner::default()
            });
            let limits = ExchangeLimits {
                answer_bytes: limit,
                ..LIMITS
            };
            let answer = exchange(&world, NAME, post(""), limits).await.result.unwrap();
            assert!(
                answer.body == body[..limit.min(body.len())],
                "limit {limit}: {} bytes",
                answer.body.len()
            );
        });
    }
}

#[test]
fn no_header_is_added_behind_anybodys_back() {
    virtually(async |world| {
        let _host = Host::open(&world);
        let answer = ask(&world).await.result.unwrap();
        let names: Vec<&str> = answer
            .headers
            .keys()
            .map(hyper::header::HeaderName::as_str)
            .collect();
        assert_eq!(names, ["content-length"], "above all no date, which is real time");
    });
}

#[test]
fn a_live_worlds_ways_are_refused_in_a_virtual_one() {
    virtually(async |world| {
        let address = "127.0.0.1:0".parse().unwrap();
        assert!(world.network().listen_tcp(address).await.is_err());
        world.network().resolve(NAME, address);
        assert!(matches!(
            ask(&world).await.result,
            Err(ExchangeError::Connect(ConnectError::UnknownHost(_)))
        ));
        assert_eq!(
            Host::open(&world).seen(),
            Vec::<Seen>::new(),
            "a name in memory still can be taken"
        );
    });
}
