//! A stub receiver in a virtual world: writes down what comes and answers by script.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::{HeaderMap, Request, Response, StatusCode};
use sim_world::http::{Handler, ServerLimits, serve};
use sim_world::{ConnectionId, ExchangeId, Instant, World};

use crate::tenant::HOST;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Came {
    pub(crate) at: Instant,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Came {
    /// The header that tells retries of one message from another message.
    pub(crate) fn key(&self) -> String {
        self.headers["x-notifications-idempotency-key"]
            .to_str()
            .unwrap()
            .to_owned()
    }
}

/// Answers by path: a script first, 200 afterwards.
pub(crate) struct Receiver {
    world: World,
    came: RefCell<Vec<Came>>,
    scripts: RefCell<Vec<(String, VecDeque<u16>)>>,
    unreadable: RefCell<Vec<String>>,
    works_for: Duration,
}

impl Receiver {
    /// Opens [`HOST`]; each request takes it `works_for`.
    pub(crate) fn open(world: &World, works_for: Duration) -> Rc<Self> {
        let receiver = Rc::new(Self {
            world: world.clone(),
            came: RefCell::default(),
            scripts: RefCell::default(),
            unreadable: RefCell::default(),
            works_for,
        });
        let listener = world.network().listen(HOST).unwrap();
        let (task, handler) = (world.clone(), Rc::clone(&receiver));
        world.spawn(async move { serve(&task, listener, ServerLimits::default(), handler).await });
        receiver
    }

    /// The next requests to a path get these statuses.
    pub(crate) fn script(&self, path: &str, statuses: &[u16]) {
        let script = (path.to_owned(), statuses.iter().copied().collect());
        self.scripts.borrow_mut().push(script);
    }

    /// What came, all of it readable.
    pub(crate) fn came(&self) -> Vec<Came> {
        assert_eq!(*self.unreadable.borrow(), [""; 0]);
        self.came.borrow().clone()
    }

    /// What came to a path.
    pub(crate) fn came_to(&self, path: &str) -> Vec<Came> {
        let mut came = self.came();
        came.retain(|came| came.path == path);
        came
    }

    fn next_status(&self, path: &str) -> StatusCode {
        let mut scripts = self.scripts.borrow_mut();
        let script = scripts.iter_mut().find(|(scripted, _)| scripted == path);
        let status = script.and_then(|(_, statuses)| statuses.pop_front());
        StatusCode::from_u16(status.unwrap_or(200)).unwrap()
    }
}

impl Handler for Receiver {
    async fn handle(
        self: Rc<Self>,
        _exchange: ExchangeId,
        request: Request<Incoming>,
    ) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let Ok(body) = body.collect().await else {
            self.unreadable.borrow_mut().push("half a body".into());
            return Response::default();
        };
        let body = body.to_bytes();
        let path = head.uri.path().to_owned();
        let mut response = Response::default();
        *response.status_mut() = self.next_status(&path);
        self.came.borrow_mut().push(Came {
            at: self.world.now(),
            method: head.method.to_string(),
            path,
            headers: head.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        });
        if !self.works_for.is_zero() {
            self.world.sleep(self.works_for).await;
        }
        response
    }

    fn unreadable(&self, _connection: ConnectionId, reason: &str) {
        self.unreadable.borrow_mut().push(reason.to_owned());
    }
}
