//! A server that is told to stop: open exchanges are finished, idle connections closed, new ones refused.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::{Request, Response};
use sim_world::http::{ExchangeError, Handler, ServerLimits, exchange_on, serve_until};
use sim_world::network::ConnectError;
use sim_world::{ConnectionId, ExchangeId, Instant, World};
use tokio::sync::watch;

use crate::host::{LIMITS, NAME, ask, post, virtually};
use crate::raw::write;

/// Works for a second before it answers.
struct Slow(World);

impl Handler for Slow {
    async fn handle(self: Rc<Self>, _: ExchangeId, _: Request<Incoming>) -> Response<Full<Bytes>> {
        self.0.sleep(Duration::from_secs(1)).await;
        Response::new(Full::new(Bytes::from_static(b"done")))
    }

    fn unreadable(&self, _: ConnectionId, _: &str) {}
}

#[test]
fn open_exchanges_are_finished_and_idle_connections_closed() {
    virtually(async |world| {
        let listener = world.network().listen(NAME).unwrap();
        let (stop, stopping) = watch::channel(false);
        let (server, handler) = (world.clone(), Rc::new(Slow(world.clone())));
        let serving =
            async move { serve_until(&server, listener, ServerLimits::default(), handler, stopping).await };
        let mut idle = None;
        let client = async {
            let first = exchange_on(&world, &mut idle, NAME, post(""), LIMITS).await;
            assert_eq!(first.result.unwrap().body, "done");
            assert!(idle.is_some(), "the connection is kept");
            let told = async {
                world.sleep(Duration::from_millis(500)).await;
                stop.send(true).unwrap();
            };
            let (second, ()) = tokio::join!(ask(&world), told);
            assert_eq!(second.result.unwrap().body, "done");
        };
        tokio::join!(serving, client);
        assert_eq!(
            world.now(),
            Instant::ZERO + Duration::from_secs(2),
            "nothing waited for the idle one"
        );
        let refused = ExchangeError::Connect(ConnectError::Refused(NAME.into()));
        assert_eq!(ask(&world).await.result.unwrap_err(), refused);
    });
}

#[test]
fn half_a_head_is_waited_for_no_longer_than_without_a_stop() {
    virtually(async |world| {
        let listener = world.network().listen(NAME).unwrap();
        let (stop, stopping) = watch::channel(false);
        let (server, handler) = (world.clone(), Rc::new(Slow(world.clone())));
        let limits = ServerLimits::default();
        let serving = async move { serve_until(&server, listener, limits, handler, stopping).await };
        let client = async {
            let (mut stream, _) = world.network().connect(&world, NAME).await.unwrap();
            write(&mut stream, b"POST / HTTP/1.1\r\nhost", &[20])
                .await
                .unwrap();
            world.sleep(Duration::from_secs(1)).await;
            stop.send(true).unwrap();
            stream
        };
        tokio::join!(serving, client);
        assert_eq!(world.now(), Instant::ZERO + limits.head_time);
    });
}
