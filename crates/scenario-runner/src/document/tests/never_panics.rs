//! No input, however odd, makes the document layer panic; places stay inside their files.

use proptest::prelude::*;

use super::*;
use crate::document::{Entry, Env, Mistake, NodeValue, interpolate, merge};

/// Texts made of what YAML and JSON are made of.
const PIECES: &str = "(a|ü|🦀|1|0x|true|null|~|: |:|- |-|\\? |\n|\n  |\r\n|\r|\t| |,|\\{|\\}|\\[|\\]|\"|'|\\\\|\\\\u00|&a |\\*a|!t |<<|---\n|\\.\\.\\.\n|#|\\||>|%|@|`|//|/\\*|\\$\\{A\\}|\\$\\{|\u{FEFF}|\u{85}|\u{2028}|\0|pass: |\\PC){0,40}";

fn places_are_inside(node: &Node, length: usize) -> bool {
    let inside = |span: crate::document::Span| span.start <= span.end && span.end <= length;
    let inner = match &node.value {
        NodeValue::List(items) => items.iter().all(|item| places_are_inside(item, length)),
        NodeValue::Map(entries) => entries
            .iter()
            .all(|Entry { key_span, value, .. }| inside(*key_span) && places_are_inside(value, length)),
        _ => true,
    };
    inner && inside(node.span) && inside(node.at)
}

fn read_both(text: &str) {
    for read in [yaml::read, json::read] {
        let mut cx = Context::default();
        let file = cx.sources.add("a", text);
        let node = read(file, &mut cx);
        assert_eq!(node.is_none(), cx.mistakes.has_errors() && node.is_none());
        if let Some(mut node) = node {
            assert!(places_are_inside(&node, cx.sources.text(file).len()));
            let env = Env::default();
            interpolate(&mut node, &env, &mut cx);
            let _ = Vec::<std::time::Duration>::decode(&node, &mut cx);
            let _ = crate::document::Named::<bool>::decode(&node, &mut cx);
            let merged = merge(node.clone(), node);
            let _ = merged.to_json();
        }
        let _ = printed(&cx);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        read_both(&text);
    }

    #[test]
    fn any_pieces_of_yaml_and_json_are_read_or_refused(text in PIECES) {
        read_both(&text);
    }

    #[test]
    fn any_place_is_printed(
        text in PIECES,
        places in proptest::collection::vec((0usize..120, 0usize..120, 0usize..120, 0usize..120, "\\PC{0,9}|(\n|\u{1b}|\t|a){0,5}"), 1..4),
    ) {
        let mut cx = Context::default();
        let file = cx.sources.add("a", &text);
        let other = cx.sources.add("b", &text.repeat(9));
        for (start, end, also, also_end, words) in places {
            cx.sources.mark_secret(file.span(also, end));
            cx.report(
                Mistake::error(file.span(start, end), words.clone())
                    .label(words.clone())
                    .also(file.span(also, also_end), words.clone())
                    .also(other.span(also, usize::MAX), words.clone())
                    .hint(words),
            );
        }
        for paint in [Paint::Plain, Paint::Coloured { columns: 80 }] {
            prop_assert!(!render(&cx.sources, &cx.mistakes, paint).is_empty());
        }
    }
}

/// More with `PROPTEST_CASES`.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(256)
}
