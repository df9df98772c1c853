//! The request of a message: exactly the rendered body, and the headers that Mambu is known to send.
//!
//! Nothing in it identifies the event (documented: webhooks sheet 5.5): no envelope, no signature, no timestamp.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
};
use hyper::{Method, Request};
use rand::Rng;
use secrecy::ExposeSecret as _;

use super::destination::Destination;
use crate::message::Message;
use crate::profile::Profile;
use crate::template::{Authorization, CustomHeader, RequestType};

/// The header that tells retries of one message from another message (documented: webhooks sheet 5.5).
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("x-notifications-idempotency-key");

/// What stands in the place of a value that each message has of its own. No template can have it: it is no ASCII.
const OPEN: &[u8] = b"\x80";

/// Credentials and headers of a template, ready for requests.
#[derive(Clone, Debug)]
pub struct Dress {
    /// All headers in the order in which they go out, [`OPEN`] where each message has its own value.
    headers: HeaderMap,
    names: Arc<[String]>,
}

impl Dress {
    /// Prepares the headers that every request of a template carries. Reserved headers are dropped.
    pub fn new(authorization: &Authorization, custom: &[CustomHeader], profile: &Profile) -> Self {
        // It is one; the other value is never used.
        let open = HeaderValue::from_maybe_shared(Bytes::from_static(OPEN));
        let open = open.unwrap_or_else(|_| HeaderValue::from_static(""));
        let mut headers = HeaderMap::new();
        headers.insert(HOST, open.clone());
        headers.insert(CONTENT_TYPE, open.clone());
        let mut names: Vec<HeaderName> = Vec::new();
        for header in custom {
            if is_reserved(&header.name, profile) {
                continue;
            }
            if let (Ok(name), Ok(mut value)) = (
                HeaderName::try_from(header.name.as_str()),
                HeaderValue::from_str(header.value.expose_secret()),
            ) {
                value.set_sensitive(true);
                if !names.contains(&name) {
                    names.push(name.clone());
                }
                // A template's own Content-Type header goes instead of the chosen one; others are added.
                if name == CONTENT_TYPE {
                    headers.insert(name, value);
                } else {
                    headers.append(name, value);
                }
            }
        }
        if let Authorization::Basic { username, password } = authorization {
            let pair = format!("{username}:{}", password.expose_secret());
            if let Ok(mut value) = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair))) {
                value.set_sensitive(true);
                headers.insert(AUTHORIZATION, value);
            }
        }
        if let Ok(agent) = HeaderValue::from_str(&profile.user_agent)
            && !profile.user_agent.is_empty()
        {
            headers.insert(USER_AGENT, agent);
            if !names.contains(&USER_AGENT) {
                names.push(USER_AGENT);
            }
        }
        if profile.idempotency_key {
            headers.insert(IDEMPOTENCY_KEY, open.clone());
        }
        headers.entry(CONTENT_LENGTH).or_insert(open);
        names.retain(|name| *name != AUTHORIZATION);
        Self {
            names: names.iter().map(|name| name.as_str().to_owned()).collect(),
            headers,
        }
    }

    /// The value of the `Authorization` header, if there is one. A secret.
    pub fn authorization(&self) -> Option<&[u8]> {
        self.headers.get(AUTHORIZATION).map(HeaderValue::as_bytes)
    }

    /// Names of the headers, without `Authorization`.
    pub fn names(&self) -> &Arc<[String]> {
        &self.names
    }
}

/// Whether a template cannot set this header; it is dropped (documented that such names exist: webhooks sheet 5.5).
pub fn is_reserved(name: &str, profile: &Profile) -> bool {
    profile
        .reserved_headers
        .iter()
        .any(|reserved| match reserved.strip_suffix('*') {
            Some(start) => name
                .get(..start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start)),
            None => reserved.eq_ignore_ascii_case(name),
        })
}

/// Makes the request of a message.
pub fn build(
    message: &Message,
    destination: &Destination,
    dress: &Dress,
    idempotency_key: Option<IdempotencyKey>,
) -> Request<Full<Bytes>> {
    let method = match message.request_type {
        RequestType::Post => Method::POST,
        RequestType::Put => Method::PUT,
        RequestType::Patch => Method::PATCH,
    };
    let mut request = Request::new(Full::new(message.body.clone()));
    *request.method_mut() = method;
    *request.uri_mut() = destination.path.clone();
    let mut headers = dress.headers.clone();
    let mut key = idempotency_key.and_then(IdempotencyKey::header);
    for (name, value) in headers.iter_mut().filter(|(_, value)| *value == OPEN) {
        if name == HOST {
            *value = destination.host.clone();
        } else if name == CONTENT_TYPE {
            *value = HeaderValue::from_static(message.content_type.header());
        } else if name == CONTENT_LENGTH {
            *value = message.body.len().into();
        } else if name == IDEMPOTENCY_KEY
            && let Some(key) = key.take()
        {
            *value = key;
        }
    }
    // Whether there is one was decided when the message was made; the template may have been set up anew since.
    if let Some(key) = key {
        headers.insert(IDEMPOTENCY_KEY, key);
    } else if headers.get(IDEMPOTENCY_KEY).is_some_and(|value| *value == OPEN) {
        headers.remove(IDEMPOTENCY_KEY);
    }
    *request.headers_mut() = headers;
    request
}

/// The value of [`IDEMPOTENCY_KEY`]: a version 4 UUID (assumed: webhooks sheet 5.5, its format is not documented).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdempotencyKey([u8; 36]);

impl IdempotencyKey {
    /// Draws a key.
    pub fn new(random: &mut impl Rng) -> Self {
        let mut bytes = [0; 16];
        random.fill_bytes(&mut bytes);
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let digit = |digit: u8| b"0123456789abcdef"[usize::from(digit)];
        let mut text = [b'-'; 36];
        let mut place = 0;
        for (at, byte) in bytes.into_iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                place += 1;
            }
            text[place] = digit(byte >> 4);
            text[place + 1] = digit(byte & 15);
            place += 2;
        }
        Self(text)
    }

    fn header(self) -> Option<HeaderValue> {
        HeaderValue::from_bytes(&self.0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;
    use crate::message::MessageId;
    use crate::template::ContentType;
    use crate::url::Url;

    fn message() -> Message {
        Message {
            id: MessageId(1),
            template: "t".into(),
            event: Event::LoanDisbursement,
            request_type: RequestType::Put,
            content_type: ContentType::ApplicationJson,
            destination: Url::from("https://receiver.example/hook").into(),
            body: Bytes::from_static(b"{}"),
            malformed: None,
        }
    }

    fn built(authorization: &Authorization, custom: &[CustomHeader]) -> Request<Full<Bytes>> {
        let profile = Profile::default();
        let message = message();
        let dress = Dress::new(authorization, custom, &profile);
        let key = IdempotencyKey([b'7'; 36]);
        build(
            &message,
            message.destination.destination().unwrap(),
            &dress,
            Some(key),
        )
    }

    #[test]
    fn basic_is_the_base64_of_user_and_password() {
        let basic = Authorization::Basic {
            username: "Aladdin".into(),
            password: "open sesame".into(),
        };
        let request = built(&basic, &[]);
        assert_eq!(
            request.headers()[AUTHORIZATION],
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
        assert_eq!(request.method(), Method::PUT);
    }

    #[test]
    fn reserved_headers_are_dropped_and_others_kept() {
        let header = |name: &str| CustomHeader {
            name: name.into(),
            value: "v".into(),
        };
        let custom = ["host", "X-Notifications-Idempotency-Key", "X-Api-Key"].map(header);
        let request = built(&Authorization::None, &custom);
        assert_eq!(request.headers()[HOST], "receiver.example");
        assert_eq!(request.headers()[IDEMPOTENCY_KEY], "7".repeat(36));
        assert_eq!(request.headers()["x-api-key"], "v");
    }

    #[test]
    fn each_message_has_its_own_values_and_a_template_s_own_stay() {
        let header = |name: &str, value: &str| CustomHeader {
            name: name.into(),
            value: value.into(),
        };
        let profile = Profile {
            idempotency_key: false,
            reserved_headers: Vec::new(),
            ..Profile::default()
        };
        let message = message();
        let to = message.destination.destination().unwrap();
        let custom = [
            header("Content-Type", ""),
            header("X-Notifications-Idempotency-Key", "mine"),
        ];
        let dress = Dress::new(&Authorization::None, &custom, &profile);
        let request = build(&message, to, &dress, None);
        assert_eq!(request.headers()[CONTENT_TYPE], "");
        assert_eq!(request.headers()[IDEMPOTENCY_KEY], "mine");
        assert_eq!(request.headers()[CONTENT_LENGTH], "2");

        let with_keys = Dress::new(&Authorization::None, &[], &Profile::default());
        let without_keys = Dress::new(&Authorization::None, &[], &profile);
        let key = IdempotencyKey([b'7'; 36]);
        assert!(
            !build(&message, to, &with_keys, None)
                .headers()
                .contains_key(IDEMPOTENCY_KEY)
        );
        let late = build(&message, to, &without_keys, Some(key));
        assert_eq!(late.headers()[IDEMPOTENCY_KEY], "7".repeat(36));
    }

    #[test]
    fn a_key_is_a_version_4_uuid() {
        let key = IdempotencyKey::new(&mut sim_world::random_stream(0, "test", ""));
        let key = std::str::from_utf8(&key.0).unwrap();
        let parts: Vec<_> = key.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(&key[14..15], "4");
        assert!(matches!(&key[19..20], "8" | "9" | "a" | "b"));
    }
}
