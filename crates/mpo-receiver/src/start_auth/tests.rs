//! The authorization decision, case by case.

use super::*;
use mpo_process::{Variable, VariableValue};
use proptest::prelude::*;

fn basic(user: &str, pass: &str) -> StartAuth {
    StartAuth::Basic(Some(Credentials {
        user: user.into(),
        pass: pass.into(),
    }))
}

fn resolved(auth: &StartAuth) -> ResolvedAuth {
    ResolvedAuth::new(auth, &Variables::default(), true)
}

fn header(user: &[u8], pass: &[u8]) -> Vec<u8> {
    let pair = [user, b":", pass].concat();
    format!("Basic {}", STANDARD.encode(pair)).into_bytes()
}

fn variables() -> Variables {
    Variables::new(vec![Variable {
        id: Some(7),
        short_name: "webhook-var".into(),
        value: VariableValue::json(r#"{"user":"mambu","pass":"s3cret","pin":12.50}"#).unwrap(),
        visibility: Visibility::Secret,
    }])
}

#[test]
fn without_authorization_headers_do_not_matter() {
    let open = resolved(&StartAuth::NoAuth);
    for headers in [&[][..], &[&b"Basic !"[..]], &[b"a", b"b"]] {
        assert_eq!(decide(headers, &open), Ok(Accepted::NoAuth));
    }
}

#[test]
fn one_header_is_right_or_breaks_one_rule() {
    let auth = resolved(&basic("mambu", "s3cret"));
    let malformed = |rule| Err(Rejection::Malformed(rule));
    for (value, expected) in [
        ("Basic bWFtYnU6czNjcmV0", Ok(Accepted::Credentials)),
        ("bAsIc    bWFtYnU6czNjcmV0", Ok(Accepted::Credentials)),
        (" \tBasic bWFtYnU6czNjcmV0\t ", Ok(Accepted::Credentials)),
        ("", malformed(Malformed::EmptyHeader)),
        (" \t", malformed(Malformed::EmptyHeader)),
        ("Basic", malformed(Malformed::NoCredentials)),
        ("Basic  ", malformed(Malformed::NoCredentials)),
        ("Basic: bWFtYnU6czNjcmV0", malformed(Malformed::SchemeNotAToken)),
        (
            "\"Basic\" bWFtYnU6czNjcmV0",
            malformed(Malformed::SchemeNotAToken),
        ),
        ("bWFtYnU6czNjcmV0", Err(Rejection::NotBasic { scheme: None })),
        ("bWFtYnU6d3Jvbmc=", malformed(Malformed::SchemeNotAToken)),
        (
            "bearer abc",
            Err(Rejection::NotBasic {
                scheme: Some("Bearer"),
            }),
        ),
        ("BasicbWFtYnU6czNjcmV0", Err(Rejection::NotBasic { scheme: None })),
        ("Basic\tbWFtYnU6czNjcmV0", malformed(Malformed::NotASpace)),
        ("Basic \tbWFtYnU6czNjcmV0", malformed(Malformed::NotASpace)),
        ("Basic mambu:s3cret", malformed(Malformed::OutsideToken68)),
        ("Basic ====", malformed(Malformed::OutsideToken68)),
        ("Basic bWFt=YnU6czNjcmV0", malformed(Malformed::OutsideToken68)),
        (
            "Basic bWFtYnU6czNjcmV0, Basic bWFtYnU6czNjcmV0",
            malformed(Malformed::OutsideToken68),
        ),
        ("Basic bWFtYnU6czNjcmV0 x", malformed(Malformed::MoreThanOneToken)),
        ("Basic bWFtYnU6czNj\tcmV0", malformed(Malformed::MoreThanOneToken)),
        ("Basic bWFtYnU6czNjcm-_", malformed(Malformed::Base64Alphabet)),
        ("Basic bWFt.~6czNjcmV0", malformed(Malformed::Base64Alphabet)),
        ("Basic bWFtYnU6d3Jvbmc", malformed(Malformed::Base64Padding)),
        ("Basic bWFtYnU6d3Jvbmc==", malformed(Malformed::Base64Padding)),
        ("Basic bWFtYnU6czNjcmV0=", malformed(Malformed::Base64Padding)),
        ("Basic bWFtYnU6czNjcmV0====", malformed(Malformed::Base64Padding)),
        ("Basic a===", malformed(Malformed::Base64Padding)),
        ("Basic a", malformed(Malformed::Base64Padding)),
        ("Basic bWFtYnU6d3Jvbmd=", malformed(Malformed::Base64TrailingBits)),
        ("Basic bWFtYnU=", malformed(Malformed::NoColon)),
        ("Basic bWFtYnU6d3Jvbmc=", Err(Rejection::WrongPassword)),
        ("Basic TUFNQlU6czNjcmV0", Err(Rejection::UnknownUser)),
        ("Basic Og==", Err(Rejection::UnknownUser)),
    ] {
        assert_eq!(decide(&[value.as_bytes()], &auth), expected, "{value:?}");
    }
    assert_eq!(decide(&[&[0xff]], &auth), malformed(Malformed::SchemeNotAToken));
    assert_eq!(
        decide(&[b"Basic \xff"], &auth),
        malformed(Malformed::OutsideToken68)
    );
}

#[test]
fn control_characters_are_refused_and_other_bytes_are_not() {
    let auth = resolved(&basic("mambu", "s3cret"));
    for sent in [
        header(b"mam\nbu", b"s3cret"),
        header(b"mambu", b"s3cret\0"),
        header(b"mambu", b"\x7f"),
    ] {
        assert_eq!(decide(&[&sent], &auth), Err(Malformed::ControlCharacter.into()));
    }
    assert_eq!(
        decide(&[&header(b"mambu", b"\xff\xfe")], &auth),
        Err(Rejection::WrongPassword)
    );
}

#[test]
fn several_headers_are_refused_even_if_they_are_equal() {
    let auth = resolved(&basic("mambu", "s3cret"));
    let right = header(b"mambu", b"s3cret");
    assert_eq!(decide(&[], &auth), Err(Rejection::Missing));
    assert_eq!(
        decide(&[&right, &right], &auth),
        Err(Rejection::Duplicated { count: 2 })
    );
}

#[test]
fn the_password_may_have_colons_and_spaces_count() {
    let auth = resolved(&basic("mambu", " a:b: "));
    assert_eq!(
        decide(&[&header(b"mambu", b" a:b: ")], &auth),
        Ok(Accepted::Credentials)
    );
    assert_eq!(
        decide(&[&header(b"mambu", b"a:b:")], &auth),
        Err(Rejection::WrongPassword)
    );
    assert_eq!(
        decide(&[&header(b"mambu ", b" a:b: ")], &auth),
        Err(Rejection::UnknownUser)
    );
}

#[test]
fn credentials_come_out_of_variables() {
    let auth = basic("{{env_var[@webhook-var].user}}", "x{{env_var[7].pin}}");
    let auth = ResolvedAuth::new(&auth, &variables(), true);
    assert_eq!(
        decide(&[&header(b"mambu", b"x12.50")], &auth),
        Ok(Accepted::Credentials)
    );
}

#[test]
fn without_credentials_to_compare_nobody_gets_in_and_the_reason_is_named() {
    for (auth, secrets, expected) in [
        (StartAuth::Basic(None), true, "none were saved"),
        (
            basic("{{env_var[@nobody]}}", "x"),
            true,
            "user is {{env_var[@nobody]}}: there is no such variable",
        ),
        (
            basic("", "{{env_var[7].pas}}"),
            true,
            "pass is {{env_var[7].pas}}: the variable has no `.pas`",
        ),
        (
            basic("a", "b{{env_var[7].pas}}"),
            true,
            "pass is {{env_var[7].pas}}: the variable has no `.pas`",
        ),
        (
            basic("{{env_var[7].user}}", "x"),
            false,
            "user is {{env_var[7].user}}: a secret variable",
        ),
    ] {
        let auth = ResolvedAuth::new(&auth, &variables(), secrets);
        for headers in [&[][..], &[&header(b"", b"")[..]]] {
            let rejection = decide(headers, &auth).unwrap_err();
            assert_eq!(rejection.class(), "no_credentials");
            assert_eq!(
                rejection.to_string(),
                format!("the Start node has no credentials: {expected}")
            );
        }
    }
}

#[test]
fn no_credential_is_printed() {
    let auth = basic("mambu", "s3cret");
    let resolved = ResolvedAuth::new(&auth, &variables(), true);
    let sent = decide(&[b"s3cret"], &resolved);
    let shown = format!("{auth:?} {resolved:?} {sent:?}");
    assert!(!shown.contains("mambu") && !shown.contains("s3cret"), "{shown}");
}

proptest! {
    #[test]
    fn exactly_the_right_bytes_pass(
        user in "[^:\\p{Cc}]{0,12}",
        pass in "[^\\p{Cc}]{0,300}",
        other_user in "[^:\\p{Cc}]{0,12}",
        other_pass in "[^\\p{Cc}]{0,12}",
    ) {
        let auth = resolved(&basic(&user, &pass));
        prop_assert_eq!(decide(&[&header(user.as_bytes(), pass.as_bytes())], &auth), Ok(Accepted::Credentials));
        let expected = match (user == other_user, pass == other_pass) {
            (true, true) => Ok(Accepted::Credentials),
            (true, false) => Err(Rejection::WrongPassword),
            (false, _) => Err(Rejection::UnknownUser),
        };
        prop_assert_eq!(decide(&[&header(other_user.as_bytes(), other_pass.as_bytes())], &auth), expected);
    }

    #[test]
    fn any_bytes_are_decided(values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..3)) {
        let auth = resolved(&basic("mambu", "s3cret"));
        let headers: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
        prop_assert!(decide(&headers, &auth).is_err_and(|rejection| rejection.is_access_denied()));
    }
}
