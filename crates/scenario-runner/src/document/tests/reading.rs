//! From files to trees: values, places, and what is refused.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::document::{MAX_DEPTH, MAX_NODES, NodeValue};

/// The text of the file at the place of each scalar, in order.
fn written(text: &str) -> Vec<String> {
    fn collect(node: &Node, cx: &Context, found: &mut Vec<String>) {
        match &node.value {
            NodeValue::List(items) => items.iter().for_each(|item| collect(item, cx, found)),
            NodeValue::Map(entries) => {
                for entry in entries {
                    found.push(cx.sources.slice(entry.key_span).to_owned());
                    collect(&entry.value, cx, found);
                }
            }
            _ => found.push(cx.sources.slice(node.span).to_owned()),
        }
    }
    let mut cx = Context::default();
    let file = cx.sources.add("a", text);
    let node = yaml::read(file, &mut cx).expect("the text of the test is YAML");
    let mut found = Vec::new();
    collect(&node, &cx, &mut found);
    found
}

#[test]
fn yaml_keeps_the_text_of_numbers_and_quoted_scalars_are_texts() {
    let (node, printed) =
        read_yaml("a: 0123\nb: \"5\"\nc: 5000.10\nd: 'true'\ne: yes\nf: ~\ng:\nh: |\n  x\n  y\n");
    let node = node.unwrap();
    assert_eq!(printed, "");
    assert_eq!(node.get("a").unwrap().value, NodeValue::Number("0123".into()));
    assert_eq!(node.get("c").unwrap().text(), Some("5000.10"));
    assert_eq!(
        node.to_json(),
        json!({ "a": 123, "b": "5", "c": 5000.1, "d": "true", "e": "yes", "f": null, "g": null, "h": "x\ny\n" })
    );
}

#[test]
fn places_are_right_behind_letters_of_any_width() {
    assert_eq!(
        written("größe: \"ü🦀\"\r\n'ключ': [é, 'ß', 5]\r\nb: { 🦀: x }\r\n"),
        ["größe", "\"ü🦀\"", "'ключ'", "é", "'ß'", "5", "b", "🦀", "x"]
    );
    assert_eq!(written("\u{FEFF}a: ü\n"), ["a", "ü"]);
}

#[test]
fn anchors_are_no_part_of_a_scalar_and_aliases_stand_where_they_are_defined() {
    assert_eq!(
        written("a: &x  one\nb: *x\nc: &y { d: &z 5 }\ne: *y\n"),
        ["a", "one", "b", "one", "c", "d", "5", "e", "d", "5"]
    );
}

#[test]
fn a_value_points_at_its_key_and_nothing_stands_at_the_key() {
    let mut cx = Context::default();
    let file = cx.sources.add("a", "a:\n  b: 1\nc:\nd: [x]\n");
    let node = yaml::read(file, &mut cx).unwrap();
    let at = |key: &str| cx.sources.slice(node.get(key).unwrap().at);
    assert_eq!((at("a"), at("c"), at("d")), ("a", "c", "d"));
    assert_eq!(cx.sources.slice(node.get("a").unwrap().span), "b: 1");
    assert_eq!(cx.sources.slice(node.get("c").unwrap().span), "c");
    assert_eq!(cx.sources.slice(node.get("d").unwrap().span), "[x]");
}

#[test]
fn keys_that_are_no_texts_are_taken_as_texts() {
    let (node, printed) = read_yaml("1: a\n0123: b\ntrue: c\n\"x\": d\n");
    assert_eq!(printed, "");
    let keys: Vec<_> = node
        .unwrap()
        .entries()
        .unwrap()
        .iter()
        .map(|entry| entry.key.to_string())
        .collect();
    assert_eq!(keys, ["1", "0123", "true", "x"]);
}

#[test]
fn a_syntax_error_is_reported_alone() {
    let (node, printed) = read_yaml("a: 1\na: 2\nb: [\n");
    assert_eq!(node, None);
    assert_eq!(printed.matches("error:").count(), 1);
    assert!(printed.contains("not valid YAML"));
}

#[test]
fn an_empty_file_is_nothing_in_yaml_and_a_mistake_in_json() {
    assert!(read_yaml("# only a comment\n").0.unwrap().is_null());
    assert!(
        read_json(" \n")
            .1
            .contains("the file is empty; expected a JSON value")
    );
}

#[test]
fn json_is_strict() {
    let good = r#"{"a": [1, -2.50, 1E3, true, null, "\u00fc\ud83e\udd80\n"]}"#;
    assert_eq!(
        read_json(good).0.unwrap().to_json(),
        serde_json::from_str::<serde_json::Value>(good).unwrap()
    );
    for text in [
        "{\"a\":1,}",
        "[1,]",
        "// x\n1",
        "/**/1",
        "{a:1}",
        "'a'",
        "[1 2]",
        "[01]",
        "+1",
        ".5",
        "NaN",
        "0x1",
        "\"\t\"",
        "\"\\x41\"",
        "\u{a0}1",
        "1 1",
        "[",
        "\"a",
        "1.",
    ] {
        let (node, printed) = read_json(text);
        assert_eq!(node, None, "{text}");
        assert_eq!(printed.matches("error: not valid JSON: ").count(), 1, "{text}");
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    for read in [read_yaml, read_json] {
        assert_eq!(read(&nested(MAX_DEPTH)).1, "");
        for depth in [MAX_DEPTH + 1, 250, 260, 5_000, 100_000] {
            assert!(read(&nested(depth)).1.contains("more than 64 deep"), "{depth}");
        }
    }
    assert!(read_yaml(&"- ".repeat(9_000)).1.contains("more than 64 deep"));
}

#[test]
fn the_number_of_values_and_bytes_is_bounded() {
    let many = format!("[{}1]", "1,".repeat(MAX_NODES));
    assert!(read_yaml(&many).1.contains("more than 200000 values"));
    assert!(read_json(&many).1.contains("more than 200000 values"));
    assert!(
        read_json(&" ".repeat(5 << 20))
            .1
            .contains("at most 4194304 are read")
    );
    for printed in [read_yaml(&many).1, read_json(&many).1] {
        assert!(
            !printed.contains("alias") && printed.contains("split the scenario"),
            "{printed}"
        );
    }
    let mut laughs = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let below = format!("*l{}, ", level - 1).repeat(10);
        laughs = format!("{laughs}l{level}: &l{level} [{below}]\n");
    }
    assert!(
        read_yaml(&laughs)
            .1
            .contains("more than 200000 values, aliases filled in")
    );
}

proptest! {
    #[test]
    fn a_scalar_in_any_text_has_its_place(before in "[a-zü🦀]{0,5}", word in "[a-zäß🦀]{1,8}", crlf in any::<bool>()) {
        let line_break = if crlf { "\r\n" } else { "\n" };
        let text = format!("# {before}{line_break}k{before}: [{word}, \"{word}\"]{line_break}");
        let quoted = format!("\"{word}\"");
        let key = format!("k{before}");
        prop_assert_eq!(written(&text), [key, word, quoted]);
    }

    #[test]
    fn what_json_writes_is_read_the_same(value in json_value()) {
        let text = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(read_json(&text).0.unwrap().to_json(), value.clone());
        prop_assert_eq!(read_yaml(&text).0.unwrap().to_json(), value);
    }
}

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|yes| json!(yes)),
        any::<i64>().prop_map(|number| json!(number)),
        "[ -~äß🦀]{0,12}".prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|items| json!(items)),
            proptest::collection::btree_map("[a-z ü]{1,6}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}
