//! One request, one answer, one connection; every way it can end is a value.
//!
//! Nothing is ever sent twice behind the caller's back.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1;
use hyper::{HeaderMap, Request, Response, StatusCode};

use crate::World;
use crate::clock::Instant;
use crate::network::{ConnectError, ConnectionId, ExchangeId};

/// Bounds of an exchange.
#[derive(Clone, Copy, Debug)]
pub struct ExchangeLimits {
    /// To make the connection.
    pub connect: Duration,
    /// For everything together.
    pub whole: Duration,
    /// Most bytes of the answer's body; the rest is not read.
    pub answer_bytes: usize,
}

/// What the host answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, up to the limit.
    pub body: Bytes,
}

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// No connection in time.
    #[error("no connection within {}", crate::clock::human(*.0))]
    ConnectTimeout(Duration),
    /// No complete answer in time.
    #[error("no answer within {}", crate::clock::human(*.0))]
    Timeout(Duration),
    /// The connection broke, or what came was not HTTP.
    #[error("{0}")]
    Broken(String),
}

/// How an exchange ended.
#[derive(Clone, Debug)]
pub struct ExchangeOutcome {
    /// Which exchange it was, if there was a connection.
    pub exchange: Option<ExchangeId>,
    /// The answer, or why there was none.
    pub result: Result<Answer, ExchangeError>,
    /// When it began.
    pub began: Instant,
    /// When it ended.
    pub ended: Instant,
}

/// Whom a request is for.
#[derive(Clone, Copy, Debug)]
pub struct Peer<'a> {
    /// `name` or `name:port`.
    pub host: &'a str,
    /// Whether it would be https. In memory that is all there is to it; a live world speaks https to nobody.
    pub tls: bool,
}

/// A connection that is kept open for the next request to the same host.
#[derive(Debug)]
pub struct Line {
    host: String,
    tls: bool,
    connection: ConnectionId,
    requests: u32,
    sender: http1::SendRequest<Full<Bytes>>,
    idle_since: Instant,
}

/// How long a connection may have been idle and still be used again. Shorter than servers wait before they close
/// idle connections, so that no request meets a connection that is just going.
const LONGEST_IDLE: Duration = Duration::from_secs(5);

impl Line {
    /// Whether the next request can go over this line. A host whose network fails gets a new connection for each request,
    /// because faults befall connections.
    fn serves(&self, world: &World, now: Instant, Peer { host, tls }: Peer<'_>) -> bool {
        self.host == host
            && self.tls == tls
            && !self.sender.is_closed()
            && now - self.idle_since < LONGEST_IDLE
            && !world.network().has_faults(host)
    }
}

/// Sends a request to a host over a connection of its own and reads the answer.
pub async fn exchange(
    world: &World,
    host: &str,
    request: Request<Full<Bytes>>,
    limits: ExchangeLimits,
) -> ExchangeOutcome {
    exchange_on(world, &mut None, host, request, limits).await
}

/// The same over a line that is kept: used if it is open and idle, made anew if not, and left in `line` if the host
/// keeps it open.
///
/// A request is sent once, over one connection: if a kept line breaks, the exchange fails.
pub async fn exchange_on(
    world: &World,
    line: &mut Option<Line>,
    host: &str,
    request: Request<Full<Bytes>>,
    limits: ExchangeLimits,
) -> ExchangeOutcome {
    let peer = Peer { host, tls: false };
    exchange_told(world, line, peer, request, limits, |_| {}).await
}

/// The same, unless the network [refuses](crate::network::Network::refusal) the peer; tells which exchange it is before
/// anything is sent.
pub async fn exchange_told(
    world: &World,
    line: &mut Option<Line>,
    peer: Peer<'_>,
    request: Request<Full<Bytes>>,
    limits: ExchangeLimits,
    mut told: impl FnMut(ExchangeId),
) -> ExchangeOutcome {
    let now = world.now();
    let kept = line.take().filter(|line| line.serves(world, now, peer));
    // What a line goes to was not refused before.
    let refusal = match kept {
        Some(_) => None,
        None => world.network().refusal(world, peer.host, peer.tls),
    };
    if let Some(refusal) = refusal {
        return ExchangeOutcome {
            exchange: None,
            result: Err(refusal.into()),
            began: now,
            ended: now,
        };
    }
    let exchange = Cell::new(None);
    let begins = |id| {
        exchange.set(Some(id));
        told(id);
    };
    // In its place from the beginning: whoever it is given to would move all of it.
    let attempt = pin!(attempt(world, kept, peer, request, limits, begins));
    let attempted = world.timeout_at(now + limits.whole, attempt).await;
    let ended = world.now();
    let result = match attempted {
        Some(Ok((answer, open))) => {
            *line = open;
            if let Some(line) = line {
                line.idle_since = ended;
            }
            Ok(answer)
        }
        Some(Err(error)) => Err(error),
        None => Err(ExchangeError::Timeout(limits.whole)),
    };
    ExchangeOutcome {
        exchange: exchange.get(),
        result,
        began: now,
        ended,
    }
}

async fn attempt(
    world: &World,
    kept: Option<Line>,
    peer: Peer<'_>,
    request: Request<Full<Bytes>>,
    limits: ExchangeLimits,
    mut begins: impl FnMut(ExchangeId),
) -> Result<(Answer, Option<Line>), ExchangeError> {
    let ready = match kept {
        Some(mut line) => line.sender.ready().await.ok().map(|()| line),
        None => None,
    };
    let mut line = match ready {
        Some(line) => line,
        None => open(world, peer, limits.connect).await?,
    };
    line.requests += 1;
    begins(ExchangeId {
        connection: line.connection,
        request: line.requests,
    });
    let response = line.sender.send_request(request).await.map_err(broken)?;
    let (answer, is_whole) = read(response, limits.answer_bytes).await?;
    Ok((answer, is_whole.then_some(line)))
}

async fn open(world: &World, Peer { host, tls }: Peer<'_>, limit: Duration) -> Result<Line, ExchangeError> {
    let connecting = pin!(world.network().connect(world, host));
    let (stream, connection) = world
        .timeout(limit, connecting)
        .await
        .ok_or(ExchangeError::ConnectTimeout(limit))??;
    let (sender, driver) = http1::Builder::new().handshake(stream).await.map_err(broken)?;
    world.spawn(async move {
        // Its error also reaches whoever waits for the answer.
        let _ = driver.await;
    });
    Ok(Line {
        host: host.to_owned(),
        tls,
        connection,
        requests: 0,
        sender,
        idle_since: world.now(),
    })
}

/// The answer, and whether all of it was read.
async fn read(response: Response<Incoming>, most: usize) -> Result<(Answer, bool), ExchangeError> {
    let (head, mut body) = response.into_parts();
    let mut pieces = BytesMut::new();
    let (body, is_whole) = loop {
        let Some(mut piece) = data(&mut body).await? else {
            break (pieces.freeze(), true);
        };
        let space = most - pieces.len();
        let is_whole = piece.len() <= space;
        piece.truncate(space);
        // Nearly every body comes in one piece.
        if pieces.is_empty() && (body.is_end_stream() || !is_whole) {
            break (piece, is_whole);
        }
        pieces.extend_from_slice(&piece);
        if !is_whole {
            break (pieces.freeze(), false);
        }
    };
    let answer = Answer {
        status: head.status,
        headers: head.headers,
        body,
    };
    Ok((answer, is_whole))
}

/// The next piece of a body; trailers say nothing here.
async fn data(body: &mut Incoming) -> Result<Option<Bytes>, ExchangeError> {
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(broken)?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

/// hyper's error with its cause, in one line.
#[expect(clippy::needless_pass_by_value, reason = "it is a map_err function")]
fn broken(error: hyper::Error) -> ExchangeError {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        let part = error.to_string();
        if !text.contains(&part) {
            text = format!("{text}: {part}");
        }
        cause = error.source();
    }
    ExchangeError::Broken(text)
}
