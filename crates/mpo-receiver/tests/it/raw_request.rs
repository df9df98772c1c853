//! Requests as bytes: good ones, and ones with something wrong in any place. Each says how many tasks it may start.

use proptest::prelude::*;

use crate::auth_model::{ACCEPTED, base64, outcome};
use crate::live_mpo::{PASS, PATH, RIGHT, USER};

/// Some bytes for a connection.
#[derive(Clone)]
pub(crate) struct Raw {
    pub(crate) bytes: Vec<u8>,
    /// The most tasks that they have credentials for.
    pub(crate) at_most: u64,
    /// Whether they are one request of which every part is in order, so that the number is exact.
    pub(crate) in_order: bool,
}

impl std::fmt::Debug for Raw {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = &self.bytes[..self.bytes.len().min(2_000)];
        let length = self.bytes.len();
        write!(
            out,
            "{length} bytes for at most {}{}: \"{}\"",
            self.at_most,
            if self.in_order { ", in order" } else { "" },
            shown.escape_ascii()
        )
    }
}

/// Something that stands in a request, and whether it is as it should be.
#[derive(Clone, Debug)]
struct Part {
    bytes: Vec<u8>,
    /// No task can come of a request with this part.
    fatal: bool,
    /// What it does is not said here.
    odd: bool,
}

impl Part {
    fn good(bytes: impl AsRef<[u8]>) -> Self {
        Self {
            bytes: bytes.as_ref().to_vec(),
            fatal: false,
            odd: false,
        }
    }

    fn odd(bytes: impl AsRef<[u8]>) -> Self {
        Self {
            odd: true,
            ..Self::good(bytes)
        }
    }

    fn fatal(bytes: impl AsRef<[u8]>) -> Self {
        Self {
            fatal: true,
            ..Self::odd(bytes)
        }
    }
}

/// The request line and what stands before it.
fn line() -> impl Strategy<Value = Part> {
    let good = format!("POST {PATH} HTTP/1.1\r\n");
    let odd = [
        format!("\r\n\r\n{good}"),
        format!("POST http://tenant.example{PATH} HTTP/1.1\r\n"),
        format!("POST {PATH}?a=b HTTP/1.1\r\n"),
        format!("POST {PATH} HTTP/1.0\r\n"),
        format!("POST {PATH} HTTP/1.1\n"),
        format!("POST {PATH} HTTP/1.1\r\nExpect: 100-continue\r\n"),
        format!("POST {PATH} HTTP/1.1\r\nUpgrade: h2c\r\nConnection: upgrade\r\n"),
    ];
    let fatal = [
        format!("POST {PATH} HTTP/2.0\r\n"),
        format!("POST {PATH} HTTP/0.9\r\n"),
        format!("POST {PATH}\r\n"),
        format!("POST  {PATH} HTTP/1.1\r\n"),
        format!("POST\t{PATH}\tHTTP/1.1\r\n"),
        format!("post {PATH} HTTP/1.1\r\n"),
        format!("GET {PATH} HTTP/1.1\r\n"),
        format!("HEAD {PATH} HTTP/1.1\r\n"),
        format!("PUT {PATH} HTTP/1.1\r\n"),
        format!("CONNECT tenant.example:443 HTTP/1.1\r\n{}", ""),
        "OPTIONS * HTTP/1.1\r\n".into(),
        "POST * HTTP/1.1\r\n".into(),
        "POST / HTTP/1.1\r\n".into(),
        "POST /%00%ff/../.. HTTP/1.1\r\n".into(),
        format!("POST {}0 HTTP/1.1\r\n", &PATH[..PATH.len() - 1]),
        format!("POST /{} HTTP/1.1\r\n", "a".repeat(9_000)),
        format!("POST {PATH}{} HTTP/1.1\r\n", "0".repeat(70_000)),
        format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{good}"),
        format!("\u{16}\u{3}\u{1}\r\n{good}"),
        format!("garbage\r\n{good}"),
    ];
    prop_oneof![
        20 => Just(Part::good(&good)),
        2 => prop::sample::select(odd.to_vec()).prop_map(Part::odd),
        3 => prop::sample::select(fatal.to_vec()).prop_map(Part::fatal),
        1 => prop::collection::vec(any::<u8>(), 1..200)
            .prop_map(move |junk| Part::odd([&junk, &b"\r\n"[..], good.as_bytes()].concat())),
    ]
}

/// The value of one Authorization header, without line breaks.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let wrong = [
        format!("Basic {}", base64(b"mambu:wrong")),
        format!("Basic {}", base64(b"Mambu:s3cret")),
        format!("Basic {}", base64(b"mambu:s3cret\r\n")),
        "Basic bWFtYnU6czNjcmV".into(),
        "Basic bWFtYnU6czNjcmV0=".into(),
        "Basic bWFtYnU6czNjcm-_".into(),
        "Basic\tbWFtYnU6czNjcmV0".into(),
        "Basic mambu:s3cret".into(),
        "Basic".into(),
        "Bearer bWFtYnU6czNjcmV0".into(),
        "bWFtYnU6czNjcmV0".into(),
        String::new(),
        format!("{RIGHT}, {RIGHT}"),
        format!("Basic {}", base64(&[b'x'; 6_000])),
    ];
    prop_oneof![
        12 => Just(RIGHT.as_bytes().to_vec()),
        1 => Just(b"bAsIc   bWFtYnU6czNjcmV0 \t ".to_vec()),
        1 => Just(format!("Basic {}bWFtYnU6czNjcmV0", " ".repeat(8_192)).into_bytes()),
        4 => prop::sample::select(wrong.to_vec()).prop_map(String::into_bytes),
        2 => (0..=RIGHT.len(), prop::sample::select(&b"\0\x01\x08\x0b\x1f\x7f\x80\xff"[..])).prop_map(|(at, byte)| {
            let mut value = RIGHT.as_bytes().to_vec();
            value.insert(at, byte);
            value
        }),
        1 => prop::collection::vec(any::<u8>().prop_filter("no line break", |b| !b"\r\n".contains(b)), 0..8_192),
    ]
}

/// How a header line with a value is written.
#[derive(Clone, Copy, Debug)]
enum Style {
    Plain,
    UpperCase,
    OddCase,
    NoSpace,
    Tab,
    SpaceBeforeColon,
    Folded,
    FoldedInside,
    BareLineFeed,
    BareCarriageReturn,
    OtherName(&'static str),
}

fn style() -> impl Strategy<Value = Style> {
    prop_oneof![
        12 => Just(Style::Plain),
        4 => prop::sample::select(&[Style::UpperCase, Style::OddCase, Style::NoSpace, Style::Tab][..]),
        2 => prop::sample::select(&[
            Style::SpaceBeforeColon, Style::Folded, Style::FoldedInside, Style::BareLineFeed, Style::BareCarriageReturn,
        ][..]),
        1 => prop::sample::select(&["Proxy-Authorization", "X-Authorization", "Authorization-", "Authorization\0", "Autho rization"][..])
            .prop_map(Style::OtherName),
    ]
}

impl Style {
    fn write(self, value: &[u8]) -> Part {
        let line = |name: &str, end: &str| [name.as_bytes(), value, end.as_bytes()].concat();
        match self {
            Self::Plain => Part::good(line("Authorization: ", "\r\n")),
            Self::UpperCase => Part::good(line("AUTHORIZATION: ", "\r\n")),
            Self::OddCase => Part::good(line("aUtHoRiZaTiOn: ", "\r\n")),
            Self::NoSpace => Part::good(line("authorization:", "\r\n")),
            Self::Tab => Part::good(line("authorization:\t", "\t \r\n")),
            Self::BareLineFeed => Part::odd(line("authorization: ", "\n")),
            Self::SpaceBeforeColon => Part::fatal(line("Authorization : ", "\r\n")),
            Self::Folded => Part::fatal(line("Authorization:\r\n ", "\r\n")),
            Self::FoldedInside => {
                let (start, end) = value.split_at(value.len().min("Basic".len()));
                Part::fatal([b"Authorization: ", start, b"\r\n", b" ", end, b"\r\n"].concat())
            }
            Self::BareCarriageReturn => Part::fatal(line("Authorization: ", "\rx: y\r\n")),
            Self::OtherName(name) => Part::odd(line(&format!("{name}: "), "\r\n")),
        }
    }

    fn is_authorization(self) -> bool {
        !matches!(self, Self::OtherName(_))
    }
}

/// Other headers.
fn more_headers() -> impl Strategy<Value = Part> {
    prop_oneof![
        10 => Just(Part::good("Host: tenant.example\r\nContent-Type: application/json\r\n")),
        1 => Just(Part::good("")),
        1 => Just(Part::odd("Host: a\r\nHost: b\r\n")),
        1 => Just(Part::fatal("no colon\r\n")),
        1 => Just(Part::fatal(": no name\r\n")),
        1 => Just(Part::fatal("a\u{e4}: b\r\n")),
        1 => Just(Part::fatal("x: y\r\n".repeat(150))),
        1 => (60_000..200_000usize).prop_map(|length| Part::odd(format!("x: {}\r\n", "y".repeat(length)))),
    ]
}

/// The end of the head and the body: the body's length in all ways of saying it.
fn body() -> impl Strategy<Value = Part> {
    const BODY: &str = r#"{"n":1}"#;
    let length = |text: &str| format!("Content-Length: {text}\r\n\r\n{BODY}");
    let chunked = |body: &str| format!("Transfer-Encoding: chunked\r\n\r\n{body}");
    let good = [
        length("7"),
        "\r\n".into(),
        "Content-Length: 0\r\n\r\n".into(),
        chunked("7\r\n{\"n\":1}\r\n0\r\n\r\n"),
        chunked("1\r\n{\r\n5\r\n\"n\":1\r\n1\r\n}\r\n0\r\n\r\n"),
    ];
    let odd = [
        format!("Content-Length: 7\r\n{}", length("7")),
        length("7, 7"),
        length("+7"),
        length("7 "),
        length("007"),
        format!("\r\n{BODY}"),
        chunked("7;name=value\r\n{\"n\":1}\r\n0\r\n\r\n"),
        chunked("7\r\n{\"n\":1}\r\n0\r\nTrailer: x\r\n\r\n"),
        format!("Content-Length: 7\r\n{}", chunked("7\r\n{\"n\":1}\r\n0\r\n\r\n")),
        format!("Content-Length: 0\r\n{}", chunked("7\r\n{\"n\":1}\r\n0\r\n\r\n")),
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n".into(),
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".into(),
    ];
    let fatal = [
        length("6"),
        length("8"),
        length("1000000000"),
        length("18446744073709551616"),
        length("-7"),
        length("0x7"),
        length("seven"),
        format!("Content-Length: 6\r\n{}", length("7")),
        length("7, 6"),
        chunked("8\r\n{\"n\":1}\r\n0\r\n\r\n"),
        chunked("7\r\n{\"n\":1}0\r\n\r\n"),
        chunked("7\r\n{\"n\":1}\r\n"),
        chunked("7\r\n{\"n\":1}\r\n0\r\n"),
        chunked("g\r\n{\"n\":1}\r\n0\r\n\r\n"),
        chunked("-1\r\n{\"n\":1}\r\n0\r\n\r\n"),
        chunked("ffffffffffffffff7\r\n{\"n\":1}\r\n0\r\n\r\n"),
        chunked("fffffffffffffff0\r\n{\"n\":1}\r\n0\r\n\r\n"),
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n".into(),
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n".into(),
    ];
    prop_oneof![
        12 => prop::sample::select(good.to_vec()).prop_map(Part::good),
        2 => prop::sample::select(odd.to_vec()).prop_map(Part::odd),
        3 => prop::sample::select(fatal.to_vec()).prop_map(Part::fatal),
    ]
}

/// One request, good or not.
pub(crate) fn request() -> impl Strategy<Value = Raw> {
    let header = (style(), value()).boxed();
    let lines = prop_oneof![1 => Just(0), 10 => Just(1), 3 => 2..4usize]
        .prop_flat_map(move |count| prop::collection::vec(header.clone(), count));
    (line(), more_headers(), lines, body()).prop_map(|(line, more, authorization, body)| {
        let mut parts = vec![line, more];
        parts.extend(authorization.iter().map(|(style, value)| style.write(value)));
        parts.push(body);
        let values: Vec<Vec<u8>> = authorization
            .into_iter()
            .filter(|(style, _)| style.is_authorization())
            .map(|(_, value)| value)
            .collect();
        let accepted = outcome(&values, USER.as_bytes(), PASS.as_bytes()) == ACCEPTED;
        let has_control = values
            .iter()
            .flatten()
            .any(|byte| *byte != b'\t' && byte.is_ascii_control());
        Raw {
            bytes: parts.iter().flat_map(|part| part.bytes.clone()).collect(),
            at_most: u64::from(accepted && !parts.iter().any(|part| part.fatal)),
            in_order: !parts.iter().any(|part| part.odd) && !has_control,
        }
    })
}

/// The same bytes with the wish to end the connection, where they are one request in order.
pub(crate) fn closing(raw: &Raw) -> Vec<u8> {
    let at = raw
        .bytes
        .windows(2)
        .position(|pair| pair == b"\r\n")
        .map_or(0, |at| at + 2);
    let (line, rest) = raw.bytes.split_at(at);
    [line, b"Connection: close\r\n", rest].concat()
}
