//! The smallest headers that a broken decision gets wrong, each by name; the model has to say the same.

use mpo_process::Variables;
use mpo_receiver::ResolvedAuth;

use crate::auth_decision::{basic, decided};
use crate::auth_model::{ACCEPTED, Outcome, base64, outcome};

fn check(user: &str, pass: &str, headers: &[&[u8]], expected: Outcome) {
    let headers: Vec<Vec<u8>> = headers.iter().map(|header| header.to_vec()).collect();
    let auth = ResolvedAuth::new(&basic(user, pass), &Variables::default(), true);
    let shown: Vec<_> = headers
        .iter()
        .map(|header| header.escape_ascii().to_string())
        .collect();
    assert_eq!(decided(&headers, &auth), expected, "{shown:?}");
    assert_eq!(
        outcome(&headers, user.as_bytes(), pass.as_bytes()),
        expected,
        "{shown:?}"
    );
}

fn header(pair: impl AsRef<[u8]>) -> Vec<u8> {
    format!("Basic {}", base64(pair.as_ref())).into_bytes()
}

#[test]
fn two_equal_headers_are_not_one() {
    let right = header("mambu:s3cret");
    check("mambu", "s3cret", &[&right, &right], "duplicated");
}

#[test]
fn a_tab_is_no_space_and_a_space_no_part_of_the_credentials() {
    for (value, expected) in [
        ("Basic\tbWFtYnU6czNjcmV0", "malformed"),
        ("Basic \tbWFtYnU6czNjcmV0", "malformed"),
        ("Basic bWFtYnU6czNjcmV0 x", "malformed"),
        ("Basic bWFtYnU6 czNjcmV0", "malformed"),
        ("  Basic  bWFtYnU6czNjcmV0\t", ACCEPTED),
    ] {
        check("mambu", "s3cret", &[value.as_bytes()], expected);
    }
}

#[test]
fn padding_is_neither_forgotten_nor_added() {
    for (value, expected) in [
        ("Basic bWFtYnU6eA==", ACCEPTED),
        ("Basic bWFtYnU6eA=", "malformed"),
        ("Basic bWFtYnU6eA", "malformed"),
        ("Basic bWFtYnU6eA===", "malformed"),
        ("Basic bWFtYnU6eB==", "malformed"),
    ] {
        check("mambu", "x", &[value.as_bytes()], expected);
    }
}

#[test]
fn a_control_byte_is_malformed_even_where_the_start_node_has_it() {
    for byte in [0x00, 0x0a, 0x1f, 0x7f] {
        let pair = [&b"mambu:s3cret"[..], &[byte]].concat();
        check("mambu", "s3cret", &[&header(&pair)], "malformed");
        let pass = format!("s3cret{}", char::from(byte));
        check("mambu", &pass, &[&header(&pair)], "malformed");
    }
    check(
        "mambu",
        "s3cret\u{80}",
        &[&header("mambu:s3cret\u{80}")],
        ACCEPTED,
    );
}

#[test]
fn the_first_colon_ends_the_user() {
    check("mambu", ":a:", &[&header("mambu::a:")], ACCEPTED);
    check("mambu:", "a", &[&header("mambu::a")], "unknown_user");
    check("", "", &[&header(":")], ACCEPTED);
    check("", "", &[&header("")], "malformed");
}

#[test]
fn a_right_password_with_a_wrong_user_is_refused() {
    check("mambu", "s3cret", &[&header("Mambu:s3cret")], "unknown_user");
    check("mambu", "s3cret", &[&header(":s3cret")], "unknown_user");
    check("mambu", "s3cret", &[&header("s3cret:mambu")], "unknown_user");
}

#[test]
fn credentials_of_any_length_are_compared_whole() {
    for length in [190, 191, 192, 193, 255, 256, 257, 6_000] {
        let pass = "p".repeat(length);
        check("mambu", &pass, &[&header(format!("mambu:{pass}"))], ACCEPTED);
        check(
            "mambu",
            &pass,
            &[&header(format!("mambu:{pass}p"))],
            "wrong_password",
        );
    }
}
