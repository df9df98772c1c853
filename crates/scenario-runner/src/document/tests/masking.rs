//! What is covered of a text by its look alone.

use crate::document::mask_text;

#[test]
fn values_of_keys_that_sound_secret_are_covered_and_keys_are_not() {
    let table = [
        ("password: s3cret", "password: ******"),
        ("password: s3cret # why", "password: ****** # why"),
        ("  - MPO_PASS: a, b}c", "  - MPO_PASS: ** ***"),
        ("{ user: a, pass: b c, x: 1 }", "{ user: a, pass: * *, x: 1 }"),
        (r#"  "password": "a\"b","#, r#"  "password": "****","#),
        (r#"{"accessToken":"ab","x":1}"#, r#"{"accessToken":"**","x":1}"#),
        ("Authorization: \"Basic bWFt\"", "Authorization: \"***** ****\""),
        (
            "headers: { authorization: Basic bWFt }",
            "headers: { authorization: ***** **** }",
        ),
        ("secret: 'it''s'", "secret: '*****'"),
        ("pass: \"open", "pass: \"****"),
        (r#"body: '{"password":"abc"}'"#, r#"body: '{"password":"***"}'"#),
        (
            r#"body: "{\"password\":\"abc\"}""#,
            r#"body: "{\"password\":\"***\"}""#,
        ),
        (
            "credentials: { me: a, you: [b, \"c\"] }, x: 1",
            "credentials: { me: *, you: [*, ***] }, x: 1",
        ),
        ("MPO_PASS=a b&c", "MPO_PASS=* ***"),
        ("url: x?token=abc&y=1", "url: x?token=*******"),
        ("API-Key: y", "API-Key: *"),
        ("[ apikey: z, a: b ]", "[ apikey: *, a: b ]"),
        ("passwort: übel", "passwort: ****"),
        ("password: ${MPO_PASS}", "password: ${MPO_PASS}"),
        (
            "pass: \"{{env_var[@webhook-var].pass}}\"",
            "pass: \"{{env_var[@webhook-var].pass}}\"",
        ),
        ("answer: [503, pass]", "answer: [503, pass]"),
        ("{ user: a, pass: &b-c }", "{ user: a, pass: **** }"),
        (
            "variables: { v: { rwa: a, id: b } }",
            "variables: { v: { rwa: *, id: * } }",
        ),
        ("MPO_PW: abc", "MPO_PW: ***"),
        ("{\"pw\":\"abc\"}", "{\"pw\":\"***\"}"),
        ("pwa: abc, swpw2: abc", "pwa: abc, swpw2: abc"),
        ("env: { A: b, C: \"open }", "env: { A: *, C: ***** *"),
        ("{ env: { A: b }, x: y }", "{ env: { A: * }, x: y }"),
        ("env:\n  A: b\nx: y", "env:\n  A: *\nx: y"),
        (
            "{ \"mambu\": {},\n  \"env\": { \"WORD\": \"topvalue-one\", \"X\": \"b\" \"c\" },\n  \"steps\": [] }",
            "{ \"mambu\": {},\n  \"env\": { \"WORD\": **************, \"X\": *** *** },\n  \"steps\": [] }",
        ),
        (
            "{ steps: [],\n  env: { URLX: topvalue-one, B: [ }",
            "{ steps: [],\n  env: { URLX: ************, B: [ }",
        ),
        ("{ a: { b: c } env: { A: b } }", "{ a: { b: c } env: { A: * } }"),
        (
            "env: { OWN: \"${OWN}\", URL: \"a-${OWN}\" }",
            "env: { OWN: \"${OWN}\", URL: ********** }",
        ),
        ("environment: b, my env: c", "environment: b, my env: c"),
        ("the compass shows north", "the compass shows north"),
    ];
    for (line, shown) in table {
        assert_eq!(mask_text(line), shown, "of {line}");
    }
}

#[test]
fn values_that_go_on_in_the_next_lines_are_covered() {
    let table = [
        (
            "a:\n  pass: |\n    one: 1\n\n    two\n  x: y",
            "a:\n  pass: |\n    **** *\n\n    ***\n  x: y",
        ),
        (
            "authorization:\n  basic:\n    username: me\nx: y",
            "authorization:\n  basic:\n    username: **\nx: y",
        ),
        ("tokens:\n- a\n- b\nx: y", "tokens:\n- *\n- *\nx: y"),
        ("pass: one\n  two\nx: y", "pass: ***\n  ***\nx: y"),
        ("pass: \"one\n two\"\nx: y", "pass: \"***\n ***\"\nx: y"),
        (
            "\"password\":\n\"abc\",\n\"x\": 1",
            "\"password\":\n*****,\n\"x\": 1",
        ),
        ("tokens: [\na,\nb ]\nx: y", "tokens: [\n*,\n* ]\nx: y"),
        (
            "{ user: a, pass:\n\n  \"b\" c }\nx: y",
            "{ user: a, pass:\n\n  *** * }\nx: y",
        ),
        ("{ pass: # why\n- b }\nx: y", "{ pass: # why\n- * }\nx: y"),
        (
            "variables:\n  v:\n    raw: a\nx: y",
            "variables:\n  v:\n    raw: *\nx: y",
        ),
    ];
    for (text, shown) in table {
        assert_eq!(mask_text(text), shown, "of {text}");
    }
}

#[test]
fn the_end_of_a_direct_url_is_covered_however_it_was_cut() {
    let table = [
        (
            "https://m/api/1/json/public/31754/5f3c9",
            "https://m/api/1/json/public/31754/*****",
        ),
        (
            "/api/2/nvp/public/@a/proj/prod/i1/zz?x=1",
            "/api/2/nvp/public/@a/proj/prod/i1/**?x=1",
        ),
        (
            "\"/public/31754\", /public/1/<hash>",
            "\"/public/31754\", /public/1/<hash>",
        ),
        ("/public/31754/${HASH}", "/public/31754/${HASH}"),
        (
            "https://h/x?key=abc&id={ACCOUNT_ID}&a=b c",
            "https://h/x?key=***&id={ACCOUNT_ID}&a=* c",
        ),
    ];
    for (text, shown) in table {
        assert_eq!(mask_text(text), shown, "of {text}");
    }
}

#[test]
fn user_names_in_urls_and_long_hex_runs_are_covered() {
    assert_eq!(
        mask_text("https://me:a@b@host/p@q //x/"),
        "https://******@host/p@q //x/"
    );
    let hash = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";
    assert_eq!(
        mask_text(&format!("/31754/{hash}?")),
        format!("/31754/{}?", "*".repeat(40))
    );
    assert_eq!(mask_text(&hash[1..]), hash[1..]);
}

proptest::proptest! {
    #[test]
    fn covering_keeps_the_length_of_any_text(text in "(password|: ?|\"|'|\\{|\\[|\\}|\\\\|ü|- |\n|  |a|//|@|\\PC){0,40}") {
        proptest::prop_assert_eq!(mask_text(&text).chars().count(), text.chars().count());
    }
}

proptest::proptest! {
    #[test]
    fn a_secret_behind_its_key_is_covered_whatever_stands_around(
        before in "(a|ü|: |, |\\{|\\[|\\}|\\]|\"|'|\\\\|\n|  |- |pass: |token=|x: |#|\\$\\{|\\{\\{|\\||//|@){0,20}",
        key in "password: |\"token\": \"|MPO_PASS=|Authorization: Basic |apiKey: '|\\\\\"secret\\\\\":\\\\\"",
        behind in "(\n|\"\n|',|\\\\\"|\\}\n|, x: )[ -~\n]{0,20}",
    ) {
        let text = format!("{before}{key}geheim{behind}");
        let shown = mask_text(&text);
        proptest::prop_assert!(!shown.contains("geheim"), "{}\nshown as\n{}", text, shown);
    }
}
