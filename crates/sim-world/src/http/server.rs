//! Serves one host: accepts connections, reads requests up to their limits, hands them to a handler with their exchange.

use std::cell::{Cell, OnceCell};
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioTimer;
use tokio::sync::{mpsc, watch};

use super::head_time::{HeadTime, Stopped, Timed};
use super::seldom::Seldom;
use crate::network::{ConnectionId, ExchangeId, Listener, Peer, Stream};
use crate::{Hold, World};

/// Bounds of a server.
#[derive(Clone, Copy, Debug)]
pub struct ServerLimits {
    /// Most bytes of a request's head; more is answered 431.
    pub head_bytes: usize,
    /// Most headers of a request; more is answered 431.
    pub headers: usize,
    /// How long a head may take to come.
    pub head_time: Duration,
}

impl Default for ServerLimits {
    /// 64 KiB and 30 s; observed: receiver sheet 4, request headers 4 × 16 KiB at the front server.
    fn default() -> Self {
        Self {
            head_bytes: 64 * 1024,
            headers: 100,
            head_time: Duration::from_secs(30),
        }
    }
}

/// What a server does with requests.
pub trait Handler: 'static {
    /// Answers one request. The handler reads the body, as far as it wants it.
    fn handle(
        self: Rc<Self>,
        exchange: ExchangeId,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<Full<Bytes>>>;

    /// A connection ended because what came was not a readable request.
    fn unreadable(&self, connection: ConnectionId, reason: &str);
}

/// hyper's server side as everybody here uses it.
pub(crate) fn builder() -> http1::Builder {
    let limits = ServerLimits::default();
    let mut builder = untimed(limits);
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time);
    builder
}

/// The same for a connection on whose heads somebody else has an eye.
fn untimed(limits: ServerLimits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .auto_date_header(false)
        .max_headers(limits.headers)
        .max_buf_size(limits.head_bytes);
    builder
}

/// Takes connections and serves them until there are no more. Each runs as a task of its own.
pub async fn serve<H: Handler>(world: &World, listener: Listener, limits: ServerLimits, handler: Rc<H>) {
    // A sender that is gone never says stop.
    let (_, stop) = watch::channel(false);
    serve_until(world, listener, limits, handler, stop).await;
}

/// As [`serve`], until `stop` says true: then no connection is taken any more, idle ones are closed, and this returns when
/// all open exchanges are finished.
pub async fn serve_until<H: Handler>(
    world: &World,
    mut listener: Listener,
    limits: ServerLimits,
    handler: Rc<H>,
    mut stop: watch::Receiver<bool>,
) {
    // Every connection holds a sender; the last one to end closes the channel.
    let (open, mut all_done) = mpsc::channel::<()>(1);
    loop {
        let accepted = tokio::select! {
            biased;
            () = stopped(&mut stop) => None,
            accepted = listener.accept() => accepted,
        };
        let Some((stream, peer)) = accepted else {
            break;
        };
        let serving = serve_connection(
            world.clone(),
            limits,
            stream,
            peer,
            Rc::clone(&handler),
            stop.clone(),
        );
        let open = open.clone();
        world.spawn(async move {
            serving.await;
            drop(open);
        });
    }
    drop((listener, open));
    if *stop.borrow() {
        all_done.recv().await;
    }
}

/// Waits until `stop` says true; for ever when nobody can say so any more.
pub async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

pin_project_lite::pin_project! {
    /// An exchange that is being answered. A type of its own because an `async` block would keep, and move, the work twice.
    struct Answering<F> {
        #[pin]
        work: F,
        _stopped: Stopped,
        _hold: Option<Hold>,
    }
}

impl<F: Future> Future for Answering<F> {
    type Output = Result<F::Output, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(ready!(self.project().work.poll(context))))
    }
}

async fn serve_connection<H: Handler>(
    world: World,
    limits: ServerLimits,
    stream: Stream,
    peer: Peer,
    handler: Rc<H>,
    mut stop: watch::Receiver<bool>,
) {
    let count = Cell::new(0);
    let (known, network) = (Rc::new(OnceCell::new()), world.clone());
    let connection = move || *known.get_or_init(|| network.network().connection_of(peer));
    let connection_of = connection.clone();
    let answering = Rc::clone(&handler);
    let head_time = HeadTime::begin(&world);
    let stopping = head_time.clone();
    let stream = Timed {
        stream,
        world: world.clone(),
        head_time: head_time.clone(),
    };
    let of_world = world.clone();
    let service = service_fn(move |request| {
        count.set(count.get() + 1);
        let exchange = ExchangeId {
            connection: connection_of(),
            request: count.get(),
        };
        Answering {
            work: Rc::clone(&answering).handle(exchange, request),
            _stopped: stopping.stop(),
            _hold: world
                .is_virtual()
                .then(|| world.hold(format!("exchange {exchange}"))),
        }
    });
    let mut serving = untimed(limits).serve_connection(stream, service);
    let mut too_late = Seldom::new(head_time.is_over(&of_world, limits.head_time));
    let stopped = Seldom::new(stopped(&mut stop));
    let ended = tokio::select! {
        biased;
        ended = &mut serving => ended,
        () = &mut too_late => return,
        () = stopped => {
            Pin::new(&mut serving).graceful_shutdown();
            tokio::select! {
                biased;
                ended = &mut serving => ended,
                () = too_late => return,
            }
        }
    };
    if let Err(error) = ended
        && (error.is_parse() || error.is_parse_too_large())
    {
        // The first byte of a TLS handshake.
        let is_tls = serving.into_parts().read_buf.first() == Some(&0x16);
        let reason = if is_tls {
            "this looks like TLS; the port speaks plain http".to_owned()
        } else {
            error.to_string()
        };
        handler.unreadable(connection(), &reason);
    }
}
