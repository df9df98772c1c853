//! `Json` agrees with `serde_json` about what is JSON, and says where it is not.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

fn text_of(bytes: &[u8]) -> Result<&str, String> {
    Json::read(bytes).map(Json::text).map_err(|e| e.to_string())
}

#[test]
fn a_mistake_is_named_with_its_place() {
    for (text, expected) in [
        ("", "the text ends too early at line 1 column 1"),
        ("{\"a\":1", "the text ends too early at line 1 column 7"),
        ("{'a':1}", "expected a name in double quotes at line 1 column 2"),
        ("{\"a\" 1}", "expected `:` at line 1 column 6"),
        (
            "{\"ä\":1,}",
            "expected a name in double quotes at line 1 column 8",
        ),
        ("[1 2]", "expected `,` or `]` at line 1 column 4"),
        ("{\"a\":1]", "expected `,` or `}` at line 1 column 7"),
        ("{}\n{}", "expected nothing more at line 2 column 1"),
        ("01", "expected nothing more at line 1 column 2"),
        ("1.", "expected a digit at line 1 column 3"),
        ("-", "expected a digit at line 1 column 2"),
        ("1e999", "a number too large at line 1 column 1"),
        ("\"\\x\"", "an unknown escape at line 1 column 2"),
        ("\"\\ud800\"", "half of a surrogate pair at line 1 column 2"),
        ("\"\\udc00\"", "half of a surrogate pair at line 1 column 2"),
        ("\"a\nb\"", "a control character in a string at line 1 column 3"),
        ("\u{feff}{}", "expected a JSON value at line 1 column 1"),
        ("nul", "expected `null` at line 1 column 1"),
    ] {
        assert_eq!(text_of(text.as_bytes()), Err(expected.to_owned()), "{text:?}");
    }
    assert_eq!(
        text_of(b"\"\xff\""),
        Err("a byte that is not UTF-8 at line 1 column 2".to_owned())
    );
}

#[test]
fn nesting_is_bounded_where_serde_json_bounds_it() {
    for depth in [1, 126, 127, 128, 129, 100_000] {
        let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(
            Json::read(text.as_bytes()).is_ok(),
            depth <= usize::from(MAX_DEPTH),
            "{depth}"
        );
        assert_eq!(
            Json::read(text.as_bytes()).is_ok(),
            serde_json::from_str::<Value>(&text).is_ok(),
            "{depth}"
        );
    }
}

#[test]
fn of_members_with_one_name_the_last_counts() {
    let json = Json::read(br#"{"a":1, "\u0061" : 2.50 , "b":{"a":3}}"#).unwrap();
    assert_eq!(json.member("a").map(Json::text), Some("2.50"));
    assert_eq!(json.member("c"), None);
    assert_eq!(Json::read(b"[1]").unwrap().member("a"), None);
}

#[test]
fn a_member_is_found_while_its_object_is_read() {
    let found = |text: &'static str| {
        let (json, member) = Json::read_with_member(text.as_bytes(), "a").unwrap();
        assert_eq!(member, json.member("a"));
        member.map(Json::text)
    };
    assert_eq!(found(r#" {"a":1, "\u0061" : 2.50 , "b":{"a":3}} "#), Some("2.50"));
    assert_eq!(found(r#"{"b":{"a":3}}"#), None);
    assert_eq!(found(r#"[{"a":1}]"#), None);
}

#[test]
fn pieces_keep_their_exact_text() {
    let json = Json::read(br#" [ 1.0, {"b" : 2}, "x\"y" ] "#).unwrap();
    let texts: Vec<_> = json.elements().into_iter().map(Json::text).collect();
    assert_eq!(texts, ["1.0", "{\"b\" : 2}", "\"x\\\"y\""]);
    assert_eq!(json.elements()[2].string().as_deref(), Some("x\"y"));
    assert!(Json::read(b"{\"a\":1}").unwrap().elements().is_empty());
}

/// Texts that are nearly JSON: pieces of the grammar in any order.
fn nearly_json() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"a\":",
        "\\",
        "\\u",
        "\\ud83d",
        "\\ude00",
        "\\n",
        "0",
        "1",
        "-",
        ".5",
        "e5",
        "E+400",
        "e-400",
        "99",
        "true",
        "false",
        "null",
        "nul",
        " ",
        "\n",
        "\t",
        "ä",
        "\u{1}",
        "{}",
        "[]",
        "[1,2]",
        "\"\\u0061\":",
        "\"b\":",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

#[test]
fn a_string_of_any_length_ends_where_it_ends() {
    for length in 0..150 {
        let plain = "x".repeat(length);
        let string = format!("\"{plain}\"");
        assert_eq!(
            Json::read(string.as_bytes()).map(Json::text),
            Ok(&*string),
            "{length}"
        );
        let wrong = |middle: &str| Json::read(format!("\"{plain}{middle}").as_bytes()).unwrap_err();
        for (middle, reason) in [
            ("", Reason::Ends),
            ("\n\"", Reason::ControlCharacter),
            ("\\x\"", Reason::Escape),
            ("\"x", Reason::Expected("nothing more")),
        ] {
            assert_eq!(wrong(middle).reason, reason, "{length} {middle:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_read_here_is_what_serde_json_reads(text in nearly_json()) {
        let theirs = serde_json::from_str::<Value>(&text);
        let ours = Json::read(text.as_bytes());
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?}: {:?} and {:?}", text, ours, theirs);
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert_eq!(serde_json::from_str::<Value>(ours.text()).unwrap(), theirs);
        }
    }

    #[test]
    fn a_text_made_tidy_is_what_serde_json_writes_but_for_the_digits(text in nearly_json()) {
        if let Ok(ours) = Json::read(text.as_bytes()) {
            let theirs: Value = serde_json::from_str(&text).unwrap();
            let ours = ours.tidied();
            prop_assert_eq!(&serde_json::from_str::<Value>(&ours).unwrap(), &theirs);
            if !text.contains(|digit: char| digit.is_ascii_digit()) {
                prop_assert_eq!(ours, theirs.to_string());
            }
        }
    }

    #[test]
    fn one_reading_with_a_member_is_a_reading_and_a_look(text in nearly_json()) {
        let both = Json::read(text.as_bytes()).map(|json| (json, json.member("a")));
        prop_assert_eq!(Json::read_with_member(text.as_bytes(), "a"), both);
    }

    #[test]
    fn any_bytes_are_read_as_serde_json_reads_them(bytes: Vec<u8>) {
        prop_assert_eq!(Json::read(&bytes).is_ok(), serde_json::from_slice::<Value>(&bytes).is_ok());
    }
}
