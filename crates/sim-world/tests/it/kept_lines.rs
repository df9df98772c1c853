//! A connection that is kept for the next request: when it is used again, when not, and that it never hides a resend.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use sim_world::http::{ExchangeError, ExchangeLimits, Line, ServerLimits, exchange_on};
use sim_world::network::{Fault, FaultPlan};
use sim_world::{ConnectionId, ExchangeId, World};

use crate::host::{Host, LIMITS, Manner, NAME, Seen, nth, post, virtually};
use crate::raw::{read_some, write};

/// Asks over a line and gives the ordinals of connection and request.
async fn ask_on(world: &World, line: &mut Option<Line>, host: &str) -> (u64, u32) {
    let outcome = exchange_on(world, line, host, post("work"), LIMITS).await;
    assert!(outcome.result.is_ok(), "{:?}", outcome.result);
    let exchange = outcome.exchange.unwrap();
    (exchange.connection.0, exchange.request)
}

#[test]
fn an_idle_line_is_used_again_and_both_ends_count_its_requests() {
    virtually(async |world| {
        let host = Host::open(&world);
        let mut line = None;
        for request in 1..=3 {
            assert_eq!(ask_on(&world, &mut line, NAME).await, (1, request));
        }
        let seen: Vec<_> = host
            .seen()
            .into_iter()
            .map(|seen| match seen {
                Seen::Request(exchange, _) => (exchange.connection, exchange.request),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(seen, [1, 2, 3].map(|request| (ConnectionId(1), request)));
    });
}

#[test]
fn a_line_is_for_its_host_and_for_five_seconds() {
    virtually(async |world| {
        let _host = Host::open(&world);
        let listener = world.network().listen("other.example").unwrap();
        let _other = Host::behind(&world, listener, ServerLimits::default());
        let mut line = None;
        assert_eq!(ask_on(&world, &mut line, NAME).await, (1, 1));
        world.sleep(Duration::from_millis(4_999)).await;
        assert_eq!(ask_on(&world, &mut line, NAME).await, (1, 2));
        world.sleep(Duration::from_secs(5)).await;
        assert_eq!(ask_on(&world, &mut line, NAME).await, (2, 1));
        assert_eq!(ask_on(&world, &mut line, "other.example").await, (3, 1));
        assert_eq!(ask_on(&world, &mut line, NAME).await, (4, 1));
    });
}

#[test]
fn a_line_that_the_host_has_closed_is_not_used() {
    virtually(async |world| {
        let listener = world.network().listen(NAME).unwrap();
        let limits = ServerLimits {
            head_time: Duration::from_secs(2),
            ..ServerLimits::default()
        };
        let _host = Host::behind(&world, listener, limits);
        let mut line = None;
        assert_eq!(ask_on(&world, &mut line, NAME).await, (1, 1));
        world.sleep(Duration::from_secs(3)).await;
        assert_eq!(ask_on(&world, &mut line, NAME).await, (2, 1));
    });
}

#[test]
fn each_request_to_a_host_with_faults_has_its_own_connection() {
    virtually(async |world| {
        let _host = Host::open(&world);
        let mut line = None;
        assert_eq!(ask_on(&world, &mut line, NAME).await, (1, 1));
        let plan = FaultPlan::new("HOST.example:443", [Fault::Pass, Fault::Refuse], Fault::Pass);
        world.network().plan_fault(plan);
        assert_eq!(ask_on(&world, &mut line, NAME).await, (2, 1));
        let outcome = exchange_on(&world, &mut line, NAME, post("work"), LIMITS).await;
        assert!(matches!(outcome.result, Err(ExchangeError::Connect(_))));
        assert_eq!(ask_on(&world, &mut line, NAME).await, (4, 1));
    });
}

#[test]
fn only_a_line_whose_answer_was_read_to_its_end_is_kept() {
    virtually(async |world| {
        let host = Host::open(&world);
        let few = ExchangeLimits {
            answer_bytes: 4,
            ..LIMITS
        };
        let mut line = None;
        let outcome = exchange_on(&world, &mut line, NAME, post("work"), few).await;
        assert_eq!(outcome.result.unwrap().body, "hell");
        assert!(line.is_none(), "cut at the limit of bytes");
        let exactly = ExchangeLimits {
            answer_bytes: 5,
            ..LIMITS
        };
        let outcome = exchange_on(&world, &mut line, NAME, post("work"), exactly).await;
        assert_eq!(outcome.result.unwrap().body, "hello");
        assert!(line.take().is_some(), "as long as the limit");
        host.behave(Manner {
            works_for: Duration::from_mins(1),
            ..Manner::default()
        });
        let outcome = exchange_on(&world, &mut line, NAME, post("work"), LIMITS).await;
        assert_eq!(outcome.result.unwrap_err(), ExchangeError::Timeout(LIMITS.whole));
        assert!(line.is_none(), "given up");
    });
}

#[test]
fn a_request_on_a_line_that_breaks_is_sent_once() {
    virtually(async |world| {
        let mut listener = world.network().listen(NAME).unwrap();
        let mut line = None;
        let again = Rc::new(Cell::new(None));
        let (task, hold, came_again) = (world.clone(), world.hold("the host"), Rc::clone(&again));
        world.spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            assert!(read_some(&mut stream, 4_096).await.unwrap().starts_with(b"POST "));
            write(
                &mut stream,
                b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
                &[100],
            )
            .await
            .unwrap();
            task.sleep(Duration::from_secs(2)).await;
            drop(stream);
            let second = task.timeout(Duration::from_mins(1), listener.accept()).await;
            came_again.set(Some(second.is_some()));
            drop(hold);
        });
        assert_eq!(ask_on(&world, &mut line, NAME).await, (1, 1));
        world.sleep(Duration::from_secs(1)).await;
        let outcome = exchange_on(&world, &mut line, NAME, post("again"), LIMITS).await;
        assert!(matches!(outcome.result, Err(ExchangeError::Broken(_))));
        let second = ExchangeId { request: 2, ..nth(1) };
        assert_eq!(outcome.exchange, Some(second));
        assert!(line.is_none());
        world.quiet().await.unwrap();
        assert_eq!(again.get(), Some(false), "no second connection is made");
    });
}

#[test]
fn a_kept_line_keeps_no_world_busy() {
    virtually(async |world| {
        let _host = Host::open(&world);
        let mut line = None;
        ask_on(&world, &mut line, NAME).await;
        assert!(line.is_some());
        world.quiet().await.unwrap();
        assert_eq!(world.now(), sim_world::Instant::ZERO);
    });
}
