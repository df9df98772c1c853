//! What the control rooms share: JSON answers with a version, queries, and refusals that say what would be right.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Body;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use sim_world::http::{Handler, ServerLimits, serve_until};
use sim_world::network::Listener;
use sim_world::{World, human};
use tokio::sync::oneshot;

use super::thread::Stop;

pub(super) type Answer = Response<Full<Bytes>>;

/// Serves a room. The future that comes back ends when the server was told to stop and has finished all exchanges.
pub(super) fn open<H: Handler>(
    world: &World,
    listener: Listener,
    room: H,
    stop: Stop,
) -> impl Future<Output = ()> + use<H> {
    let (done, ended) = oneshot::channel();
    let server = world.clone();
    world.spawn(async move {
        serve_until(&server, listener, ServerLimits::default(), Rc::new(room), stop).await;
        let _ = done.send(());
    });
    async {
        let _ = ended.await;
    }
}

/// The method of a request, GET for HEAD: whose answer has no body is no concern of the rooms.
pub(super) fn method_of<B>(request: &Request<B>) -> &str {
    match request.method().as_str() {
        "HEAD" => "GET",
        method => method,
    }
}

/// How long a request's body may take to come.
pub(super) const BODY_TIME: Duration = Duration::from_secs(30);

/// 408: the announced body never came.
pub(super) fn no_body() -> Refusal {
    Refusal::new(
        StatusCode::REQUEST_TIMEOUT,
        format!("the body did not come within {}", human(BODY_TIME)),
        "send as many bytes as Content-Length says",
    )
}

/// Reads a body of at most `most` bytes. `None`: there are more.
pub(super) async fn read<B>(world: &World, body: B, most: usize) -> Result<Option<Bytes>, Refusal>
where
    B: Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let reading = world.timeout(BODY_TIME, Limited::new(body, most).collect());
    match reading.await.ok_or_else(no_body)? {
        Ok(body) => Ok(Some(body.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => Ok(None),
        Err(_) => Err(Refusal::bad_request("the body broke off", "send it again")),
    }
}

/// Whether a path is for the control room; everything else is the vendor's.
pub(super) fn is_control(path: &str) -> bool {
    path == "/sim" || path.starts_with("/sim/")
}

/// A JSON answer; `"version": 1` is added.
pub(super) fn answer(status: StatusCode, mut body: Value) -> Answer {
    if let Some(members) = body.as_object_mut() {
        members.insert("version".into(), json!(1));
    }
    plain(status, &body)
}

/// A JSON answer as it is.
pub(super) fn plain(status: StatusCode, body: &Value) -> Answer {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// Why a request is not answered: what was wrong, and what would be right.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    error: String,
    hint: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, error: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            status,
            error: error.into(),
            hint: hint.into(),
        }
    }

    /// 400.
    pub(super) fn bad_request(error: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, hint)
    }

    pub(super) fn error(&self) -> &str {
        &self.error
    }

    /// 400: a name that is on no list.
    pub(super) fn unknown(kind: &str, asked: &str, known: &[String]) -> Self {
        let hint = match mambu_emitter::mistake::nearest(asked, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("known: {}", known.join(", ")),
        };
        Self::bad_request(format!("there is no {kind} {asked}"), hint)
    }

    pub(super) fn answer(self) -> Answer {
        answer(self.status, json!({ "error": self.error, "hint": self.hint }))
    }
}

/// The parameters of a query, decoded, in the order of `known`. One with an empty value is not given.
///
/// # Errors
/// When there is a parameter that is not known, or that stands twice.
pub(super) fn parameters<const N: usize>(
    query: Option<&str>,
    known: [&str; N],
) -> Result<[Option<String>; N], Refusal> {
    let decoded = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    let mut values = [const { None }; N];
    for part in query
        .unwrap_or_default()
        .split('&')
        .filter(|part| !part.is_empty())
    {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let name = decoded(name);
        let at = known.iter().position(|known| *known == name);
        let Some(slot) = at.and_then(|at| values.get_mut(at)) else {
            return Err(no_parameter(&name, &known));
        };
        let value = decoded(value);
        if value.is_empty() {
            continue;
        }
        if slot.is_some() {
            let message = format!("the parameter {name} stands twice");
            return Err(Refusal::bad_request(message, format!("give {name} once")));
        }
        *slot = Some(value);
    }
    Ok(values)
}

fn no_parameter(name: &str, known: &[&str]) -> Refusal {
    let near = mambu_emitter::mistake::nearest(name, known.iter().copied());
    let hint = match (near, known) {
        (Some(near), _) => format!("did you mean {near}?"),
        (None, []) => "it takes none".to_owned(),
        (None, known) => format!("parameters here: {}", known.join(", ")),
    };
    Refusal::bad_request(format!("there is no parameter {name}"), hint)
}

/// The other side's endpoints: whose they are, where, and which.
pub(super) struct Elsewhere<'a> {
    pub(super) whose: &'a str,
    pub(super) server: &'a str,
    pub(super) known: &'a [(&'a str, &'a str)],
}

/// The answer to what is not on the list of endpoints: 404 for a path, 405 for a method.
pub(super) fn unknown(
    method: &str,
    path: &str,
    known: &[(&str, &str)],
    elsewhere: Option<&Elsewhere<'_>>,
) -> Answer {
    let paths: Vec<String> = known
        .iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let allowed = known.iter().find(|(_, known)| *known == path);
    let (status, error) = match allowed {
        Some(_) => (
            StatusCode::METHOD_NOT_ALLOWED,
            format!("{path} does not take {method}"),
        ),
        None => (StatusCode::NOT_FOUND, format!("there is no {path}")),
    };
    let mut body = json!({ "error": error, "paths": paths });
    let other =
        elsewhere.filter(|other| allowed.is_none() && other.known.iter().any(|(_, known)| *known == path));
    if let Some(Elsewhere { whose, server, .. }) = other {
        body["hint"] = format!("it is on {whose} port: {server}{path}").into();
    }
    let mut response = answer(status, body);
    if let Some(allow) = allowed.and_then(|(method, _)| HeaderValue::from_str(method).ok()) {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use hyper::body::Frame;
    use sim_world::{Genesis, Instant, Limits};

    use super::*;

    /// A body that was announced and never comes.
    struct Never;

    impl Body for Never {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    #[test]
    fn a_body_that_never_comes_is_given_up() {
        let genesis = Genesis {
            seed: 0,
            start: jiff::Timestamp::UNIX_EPOCH,
            limits: Limits::default(),
        };
        World::run_virtual(genesis, async |world| {
            let refused = read(&world, Never, 9).await.unwrap_err();
            assert_eq!(refused.answer().status(), StatusCode::REQUEST_TIMEOUT);
            assert_eq!(world.now(), Instant::ZERO + BODY_TIME);
            let read = async |text: &'static str| read(&world, Full::<Bytes>::from(text), 9).await.unwrap();
            assert_eq!(read("nine bytes").await, None);
            assert_eq!(read("nine byte").await, Some(Bytes::from("nine byte")));
        })
        .unwrap();
    }

    #[test]
    fn parameters_come_decoded_and_in_the_order_that_was_asked_for() {
        let query = Some("count=2&process=in%2Dtake+1");
        let values = parameters(query, ["process", "count", "await"]).unwrap();
        assert_eq!(values, [Some("in-take 1".into()), Some("2".into()), None]);
        assert_eq!(parameters(None, []).unwrap(), [] as [Option<String>; 0]);
        let query = Some("process=&count=1&await=5s&");
        let values = parameters(query, ["process", "count", "await"]).unwrap();
        assert_eq!(values, [None, Some("1".into()), Some("5s".into())]);
    }

    #[test]
    fn what_is_no_parameter_is_a_bad_request() {
        for query in ["tasks=1", "count=1&count=2", "count=1&&count=1"] {
            let refused = parameters(Some(query), ["count"]).unwrap_err();
            assert_eq!(refused.answer().status(), StatusCode::BAD_REQUEST, "{query}");
        }
    }

    #[test]
    fn a_refused_parameter_is_told_what_would_be_right() {
        let hint = |query| parameters(Some(query), ["count", "await"]).unwrap_err().hint;
        assert_eq!(hint("await=1s&await=2s"), "give await once");
        assert_eq!(hint("cuont=1"), "did you mean count?");
        assert_eq!(hint("elephant=1"), "parameters here: count, await");
    }

    #[test]
    fn a_wrong_method_is_told_the_right_one() {
        let known = [("GET", "/sim/health")];
        let refused = unknown("POST", "/sim/health", &known, None);
        assert_eq!(
            (refused.status().as_u16(), &refused.headers()[ALLOW]),
            (405, &HeaderValue::from_static("GET"))
        );
        assert_eq!(unknown("GET", "/sim/helth", &known, None).status().as_u16(), 404);
    }
}
