//! The fake orchestrator at work: serves its hosts in a world, reads requests up to their limits, writes the journal.
//!
//! Only carries bytes and time; every decision is the [`Orchestrator`]'s. Knows nothing of Mambu.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper::header::{AUTHORIZATION, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request as HttpRequest, Response, StatusCode};
use sim_world::http::{Handler, ServerLimits, serve};
use sim_world::network::Listener;
use sim_world::{ConnectionId, ExchangeId, Journal, World};

use crate::configuration::Configuration;
use crate::happening::Happening;
use crate::orchestrator::{Orchestrator, Request};

/// What the orchestrator writes down.
#[derive(Clone, Debug)]
pub enum Received {
    /// A request, and what became of it.
    Request {
        /// Which exchange it was.
        exchange: ExchangeId,
        /// What became of it.
        happening: Happening,
    },
    /// A connection that ended because what came was not a readable request. It was answered 400, or 431 when its
    /// head was too large.
    Unreadable {
        /// The connection.
        connection: ConnectionId,
        /// What was wrong.
        reason: String,
    },
}

/// The fake orchestrator. Clones are handles on the same one.
#[derive(Clone)]
pub struct Mpo(Rc<Inner>);

struct Inner {
    world: World,
    journal: Journal<Received>,
    orchestrator: RefCell<Orchestrator>,
    /// How often everything was forgotten.
    era: Cell<u64>,
}

impl Mpo {
    /// An orchestrator in a world.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the configuration belongs to the orchestrator from now on"
    )]
    pub fn new(world: &World, configuration: Configuration) -> Self {
        let random = world.random("mpo.task-id", "");
        Self(Rc::new(Inner {
            world: world.clone(),
            journal: Journal::new(world),
            orchestrator: RefCell::new(Orchestrator::new(&configuration, random)),
            era: Cell::new(0),
        }))
    }

    /// What happened so far.
    pub fn journal(&self) -> &Journal<Received> {
        &self.0.journal
    }

    /// Takes another configuration; the tasks stay.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the configuration belongs to the orchestrator from now on"
    )]
    pub fn configure(&self, configuration: Configuration) {
        self.0.orchestrator.borrow_mut().configure(&configuration);
    }

    /// Forgets all tasks and everything that was written down. Requests that have begun are still answered, and leave no
    /// trace.
    pub fn forget(&self) {
        self.0.era.set(self.0.era.get() + 1);
        self.0.orchestrator.borrow_mut().forget_tasks();
        self.0.journal.take();
        self.0.journal.nudge();
    }

    /// How often everything was forgotten.
    pub fn era(&self) -> u64 {
        self.0.era.get()
    }

    /// Looks at the state machine: its tasks and settings.
    pub fn inspect<T>(&self, look: impl FnOnce(&Orchestrator) -> T) -> T {
        look(&self.0.orchestrator.borrow())
    }

    /// Serves the connections of one listener until there are no more.
    pub async fn serve(self, listener: Listener) {
        let world = self.0.world.clone();
        serve(&world, listener, ServerLimits::default(), Rc::new(self)).await;
    }
}

impl Handler for Mpo {
    /// Not an `async fn`, which would keep the request twice: every byte of this future is moved for each request.
    fn handle(
        self: Rc<Self>,
        exchange: ExchangeId,
        request: HttpRequest<Incoming>,
    ) -> impl Future<Output = Response<Full<Bytes>>> {
        let era = self.era();
        let max_body = self.0.orchestrator.borrow().profile().max_body;
        let (head, mut body) = request.into_parts();
        async move {
            match read(&mut body, usize::try_from(max_body).unwrap_or(usize::MAX)).await {
                Ok(body) => self.answer(era, exchange, &head, &body),
                Err(reason) => {
                    if era == self.era() {
                        self.unreadable(exchange.connection, &reason);
                    }
                    bad_request()
                }
            }
        }
    }

    fn unreadable(&self, connection: ConnectionId, reason: &str) {
        self.0.journal.record(Received::Unreadable {
            connection,
            reason: reason.to_owned(),
        });
    }
}

impl Mpo {
    /// Answers a request that came in the given era and has been read.
    fn answer(&self, era: u64, exchange: ExchangeId, head: &Parts, body: &[u8]) -> Response<Full<Bytes>> {
        // One header nearly always: no allocation for the usual case.
        let mut values = head
            .headers
            .get_all(AUTHORIZATION)
            .iter()
            .map(HeaderValue::as_bytes);
        let first = values.next();
        let all: Vec<&[u8]>;
        let authorization: &[&[u8]] = match (&first, values.next()) {
            (None, _) => &[],
            (Some(only), None) => std::slice::from_ref(only),
            (Some(first), Some(second)) => {
                all = [*first, second].into_iter().chain(values).collect();
                &all
            }
        };
        let request = Request {
            method: head.method.as_str(),
            path: head.uri.path(),
            authorization,
            body,
        };
        let at = self.0.world.now();
        let now = self.0.world.wall_clock(at).as_millisecond();
        let mut orchestrator = self.0.orchestrator.borrow_mut();
        if era != self.era() {
            return orchestrator.receive_late(request, now).map(Full::new);
        }
        let (answer, happening) = orchestrator.receive(request, now);
        self.0
            .journal
            .record_at(at, Received::Request { exchange, happening });
        answer.map(Full::new)
    }
}

/// Reads a body, of one that is too large only a byte more than the limit.
async fn read(body: &mut Incoming, most: usize) -> Result<Bytes, String> {
    let most = most.saturating_add(1);
    let Some(mut first) = data(body).await? else {
        return Ok(Bytes::new());
    };
    // Nearly every body comes in one piece.
    if first.len() >= most || body.is_end_stream() {
        first.truncate(most);
        return Ok(first);
    }
    let mut bytes = BytesMut::from(first);
    while let Some(more) = data(body).await? {
        let space = most - bytes.len();
        bytes.extend_from_slice(more.get(..space).unwrap_or(&more));
        if more.len() >= space {
            break;
        }
    }
    Ok(bytes.freeze())
}

/// The next piece of a body; trailers say nothing here.
async fn data(body: &mut Incoming) -> Result<Option<Bytes>, String> {
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(|error| error.to_string())?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

/// What hyper itself answers to a head that it cannot read.
fn bad_request() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

impl Configuration {
    /// The hosts (`host` or `host:port`) of all direct URLs.
    pub fn hosts(&self) -> BTreeSet<String> {
        let processes = self.processes.iter().map(|process| &process.direct_url);
        let aliases = self.aliases.iter().map(|alias| &alias.direct_url);
        processes
            .chain(aliases)
            .map(crate::DirectUrl::authority)
            .collect()
    }
}
