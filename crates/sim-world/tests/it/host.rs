//! A host that writes down what reaches it and answers as it was told, and a client that asks it.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use jiff::Timestamp;
use sim_world::http::{ExchangeLimits, ExchangeOutcome, Handler, ServerLimits, exchange, serve};
use sim_world::network::Listener;
use sim_world::{ConnectionId, ExchangeId, Genesis, Journal, Limits, Stamped, World};

pub(crate) const NAME: &str = "host.example";

/// Limits that no test reaches by accident.
pub(crate) const LIMITS: ExchangeLimits = ExchangeLimits {
    connect: Duration::from_secs(5),
    whole: Duration::from_secs(10),
    answer_bytes: 1 << 20,
};

pub(crate) fn genesis(seed: u64) -> Genesis {
    Genesis {
        seed,
        start: Timestamp::UNIX_EPOCH,
        limits: Limits::default(),
    }
}

/// Runs a virtual world with seed 0.
pub(crate) fn virtually<T>(play: impl AsyncFnOnce(World) -> T) -> T {
    World::run_virtual(genesis(0), play).unwrap()
}

/// Something that reached the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A request with its whole body.
    Request(ExchangeId, Bytes),
    /// A request whose body broke off.
    Broken(ExchangeId),
    /// Something unreadable.
    Unreadable(ConnectionId),
}

/// How a host answers.
#[derive(Clone)]
pub(crate) struct Manner {
    /// How long it works before it answers.
    pub(crate) works_for: Duration,
    /// The body of its answer; `None` sends back what came.
    pub(crate) answer: Option<Bytes>,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            works_for: Duration::ZERO,
            answer: Some(Bytes::from_static(b"hello")),
        }
    }
}

pub(crate) struct Host {
    world: World,
    journal: Journal<Seen>,
    manner: RefCell<Manner>,
}

impl Host {
    /// A host under [`NAME`] in a virtual world.
    pub(crate) fn open(world: &World) -> Rc<Self> {
        let listener = world.network().listen(NAME).unwrap();
        Self::behind(world, listener, ServerLimits::default())
    }

    /// A host behind a listener.
    pub(crate) fn behind(world: &World, listener: Listener, limits: ServerLimits) -> Rc<Self> {
        let host = Rc::new(Self {
            world: world.clone(),
            journal: Journal::new(world),
            manner: RefCell::default(),
        });
        let (served, handler) = (world.clone(), Rc::clone(&host));
        world.spawn(async move { serve(&served, listener, limits, handler).await });
        host
    }

    pub(crate) fn behave(&self, manner: Manner) {
        self.manner.replace(manner);
    }

    pub(crate) fn journal(&self) -> Vec<Stamped<Seen>> {
        self.journal.entries().to_vec()
    }

    /// What it saw, without the stamps.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.journal().into_iter().map(|entry| entry.what).collect()
    }
}

impl Handler for Host {
    async fn handle(
        self: Rc<Self>,
        exchange: ExchangeId,
        request: Request<Incoming>,
    ) -> Response<Full<Bytes>> {
        let body = request.into_body().collect().await;
        let manner = self.manner.borrow().clone();
        let Ok(body) = body else {
            self.journal.record(Seen::Broken(exchange));
            return Response::default();
        };
        let body = body.to_bytes();
        self.journal.record(Seen::Request(exchange, body.clone()));
        if !manner.works_for.is_zero() {
            self.world.sleep(manner.works_for).await;
        }
        Response::new(Full::new(manner.answer.unwrap_or(body)))
    }

    fn unreadable(&self, connection: ConnectionId, _reason: &str) {
        self.journal.record(Seen::Unreadable(connection));
    }
}

pub(crate) fn post(body: impl Into<Bytes>) -> Request<Full<Bytes>> {
    Request::post("/hook")
        .header("host", NAME)
        .body(Full::new(body.into()))
        .unwrap()
}

/// Posts a short text to [`NAME`].
pub(crate) async fn ask(world: &World) -> ExchangeOutcome {
    exchange(world, NAME, post("work"), LIMITS).await
}

/// The exchange with a connection's ordinal.
pub(crate) fn nth(connection: u64) -> ExchangeId {
    ExchangeId {
        connection: ConnectionId(connection),
        request: 1,
    }
}

/// What the host sees of [`ask`].
pub(crate) fn work(connection: u64) -> Seen {
    Seen::Request(nth(connection), Bytes::from_static(b"work"))
}
