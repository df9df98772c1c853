//! Bytes that went wrong elsewhere, or nearly here: each with what must come of it.

use crate::live_mpo::{LiveMpo, PATH, RIGHT};

/// What comes back and how many tasks begin.
fn play(mpo: &LiveMpo, head: &str, rest: &[u8]) -> (Vec<u16>, u64) {
    let before = mpo.created();
    let bytes = [head.as_bytes(), rest].concat();
    let answers = mpo.talk(&bytes, false).expect("the connection hangs");
    let begun = mpo.created() - before;
    assert!(mpo.works(), "{}", bytes.escape_ascii());
    (answers.statuses(), begun)
}

fn post() -> String {
    format!("POST {PATH} HTTP/1.1\r\nConnection: close\r\n")
}

#[test]
fn equal_and_unequal_authorization_headers_are_denied() {
    let mpo = LiveMpo::start();
    let wrong = "Basic bWFtYnU6d3Jvbmc=";
    for (first, second) in [
        (RIGHT, RIGHT),
        (RIGHT, wrong),
        (wrong, RIGHT),
        (RIGHT, ""),
        ("", RIGHT),
    ] {
        let lines = format!("Authorization: {first}\r\nX: y\r\nauthorization: {second}\r\n\r\n");
        assert_eq!(
            play(&mpo, &(post() + &lines), b""),
            (vec![403], 0),
            "{first:?}, {second:?}"
        );
    }
}

#[test]
fn a_folded_or_misnamed_authorization_header_is_not_one() {
    let mpo = LiveMpo::start();
    for (lines, expected) in [
        (format!("Authorization:\r\n {RIGHT}\r\n"), 400),
        ("Authorization: Basic\r\n bWFtYnU6czNjcmV0\r\n".into(), 400),
        (format!("Authorization : {RIGHT}\r\n"), 400),
        (format!(" Authorization: {RIGHT}\r\n"), 400),
        (format!("Authorization\0: {RIGHT}\r\n"), 400),
        (format!("Authorization: {RIGHT}\0\r\n"), 400),
        (format!("Authorization: {RIGHT}\x01\r\n"), 400),
        (format!("Authorization: {RIGHT}\rX: y\r\n"), 400),
        (format!("Proxy-Authorization: {RIGHT}\r\n"), 403),
        (format!("X: y{RIGHT}\r\n"), 403),
        (format!("X: Authorization: {RIGHT}\r\n"), 403),
    ] {
        let head = format!("{}{lines}\r\n", post());
        assert_eq!(play(&mpo, &head, b""), (vec![expected], 0), "{lines:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_denied_and_long_right_ones_pass() {
    let mpo = LiveMpo::start();
    let line = |value: &[u8]| [b"Authorization: ", value, b"\r\n\r\n"].concat();
    assert_eq!(play(&mpo, &post(), &line(b"Basic \xff\xfe")), (vec![403], 0));
    assert_eq!(play(&mpo, &post(), &line(b"\x80")), (vec![403], 0));
    let long = format!("Basic {}", "Zm9v".repeat(2_048));
    assert_eq!(play(&mpo, &post(), &line(long.as_bytes())), (vec![403], 0));
    let spaces = format!("bAsIc {}bWFtYnU6czNjcmV0", " ".repeat(8_192));
    assert_eq!(play(&mpo, &post(), &line(spaces.as_bytes())), (vec![200], 1));
}

#[test]
fn a_head_that_is_too_large_is_refused_as_such() {
    let mpo = LiveMpo::start();
    let many = format!("Authorization: {RIGHT}\r\n{}\r\n", "x: y\r\n".repeat(120));
    assert_eq!(play(&mpo, &(post() + &many), b""), (vec![431], 0));
}

#[test]
fn a_body_that_breaks_off_or_is_not_chunked_right_starts_nothing() {
    let mpo = LiveMpo::start();
    let head = format!("POST {PATH} HTTP/1.1\r\nAuthorization: {RIGHT}\r\n");
    for rest in [
        "Content-Length: 9\r\n\r\n{\"n\":1}",
        "Content-Length: 1000000000\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    ] {
        let before = mpo.created();
        let bytes = format!("{head}{rest}");
        let answers = mpo.talk(bytes.as_bytes(), true).expect("the connection hangs");
        assert!(
            answers.statuses().iter().all(|status| *status == 400),
            "{rest:?}: {answers:?}"
        );
        assert_eq!(mpo.created(), before, "{rest:?}");
        assert!(mpo.works(), "{rest:?}");
    }
}

#[test]
fn a_request_hidden_in_a_body_is_not_played() {
    let mpo = LiveMpo::start();
    let hidden = format!("POST {PATH} HTTP/1.1\r\nAuthorization: {RIGHT}\r\n\r\n");
    // No credentials outside: whatever length is believed, the hidden request alone could start a task.
    let length = hidden.len();
    let outside = format!("{}Content-Length: {length}\r\n\r\n", post());
    assert_eq!(play(&mpo, &outside, hidden.as_bytes()), (vec![403], 0));
    let chunk = format!("{}Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n", post());
    let rest = format!("{hidden}\r\n0\r\n\r\n");
    assert_eq!(play(&mpo, &chunk, rest.as_bytes()), (vec![403], 0));
    // Both lengths: the chunks count (RFC 9112 section 6.3), and nothing that follows is played after them.
    let both = format!(
        "{}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n",
        post()
    );
    let (statuses, begun) = play(&mpo, &both, rest.as_bytes());
    assert!(begun == 0 && statuses.len() == 1, "{statuses:?}");
}

#[test]
fn contradicting_lengths_are_refused() {
    let mpo = LiveMpo::start();
    for lengths in [
        "Content-Length: 2\r\nContent-Length: 7",
        "Content-Length: 2, 7",
        "Content-Length: -2",
    ] {
        let head = format!("{}Authorization: {RIGHT}\r\n{lengths}\r\n\r\n", post());
        assert_eq!(play(&mpo, &head, b"{\"n\":1}"), (vec![400], 0), "{lengths}");
    }
}

#[test]
fn requests_in_a_row_are_answered_in_their_order() {
    let mpo = LiveMpo::start();
    let one = |method: &str, value: &str| {
        format!("{method} {PATH} HTTP/1.1\r\nAuthorization: {value}\r\nContent-Length: 2\r\n\r\n{{}}")
    };
    let bytes = [
        one("POST", RIGHT),
        one("POST", "Basic bWFtYnU6d3Jvbmc="),
        one("GET", RIGHT),
        one("POST", RIGHT),
        "garbage\r\n\r\n".into(),
        one("POST", RIGHT),
    ]
    .concat();
    assert_eq!(play(&mpo, &bytes, b""), (vec![200, 403, 405, 200, 400], 2));
}
