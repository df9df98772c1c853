//! One request, one answer, one connection; every way it can end is a value.
//!
//! Each exchange makes its own connection. Nothing is ever sent twice behind the caller's back.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1;
use hyper::{HeaderMap, Request, Response, StatusCode};

use crate::World;
use crate::network::{ConnectError, ExchangeId};

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
}

/// Sends a request to a host and reads the answer.
pub async fn exchange(
    world: &World,
    host: &str,
    request: Request<Full<Bytes>>,
    limits: ExchangeLimits,
) -> ExchangeOutcome {
    let mut exchange = None;
    let whole = world.timeout(limits.whole, attempt(world, host, request, limits, &mut exchange));
    let result = match whole.await {
        Some(result) => result,
        None => Err(ExchangeError::Timeout(limits.whole)),
    };
    ExchangeOutcome { exchange, result }
}

async fn attempt(
    world: &World,
    host: &str,
    request: Request<Full<Bytes>>,
    limits: ExchangeLimits,
    exchange: &mut Option<ExchangeId>,
) -> Result<Answer, ExchangeError> {
    let connecting = world.timeout(limits.connect, world.network().connect(world, host));
    let (stream, connection) = connecting
        .await
        .ok_or(ExchangeError::ConnectTimeout(limits.connect))??;
    *exchange = Some(ExchangeId {
        connection,
        request: 1,
    });
    let (mut sender, driver) = http1::Builder::new().handshake(stream).await.map_err(broken)?;
    world.spawn(async move {
        // Its error also reaches whoever waits for the answer.
        let _ = driver.await;
    });
    let response = sender.send_request(request).await.map_err(broken)?;
    read(response, limits.answer_bytes).await
}

async fn read(response: Response<Incoming>, most: usize) -> Result<Answer, ExchangeError> {
    let (head, mut body) = response.into_parts();
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(most);
    let mut bytes = BytesMut::with_capacity(expected.min(most));
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(broken)?.into_data() {
            let space = most - bytes.len();
            bytes.extend_from_slice(&data[..data.len().min(space)]);
            if data.len() > space {
                break;
            }
        }
    }
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body: bytes.freeze(),
    })
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
