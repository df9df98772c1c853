//! References in texts: found, replaced, missing.

use super::*;
use crate::variable::{Variable, VariableValue, Visibility};
use proptest::prelude::*;
use secrecy::ExposeSecret as _;

fn variables() -> Variables {
    let variable = |id, short_name: &str, value| Variable {
        id: Some(id),
        short_name: short_name.into(),
        value,
        visibility: Visibility::Visible,
    };
    let json = r#"{"user":"mambu","n":1.50,"ok":true,"no":null,"a.b":{"c":"d"},"key":[0,{"param":"deep"}],"o":{"z":1,"a":2}}"#;
    Variables::new(vec![
        variable(1, "webhook-var", VariableValue::json(json).unwrap()),
        variable(2, "plain", VariableValue::raw("text")),
        variable(3, "list", VariableValue::json(r#"["a\"b"]"#).unwrap()),
        variable(4, "word", VariableValue::json(r#""abc""#).unwrap()),
    ])
}

#[test]
fn references_are_replaced_by_values() {
    for (text, expected) in [
        ("", ""),
        ("plain text", "plain text"),
        ("{{env_var[@plain]}}", "text"),
        ("{{env_var[2]}}", "text"),
        (
            "a{{env_var[2]}}b{{env_var[@plain]}}{{env_var[2]}}c",
            "atextbtexttextc",
        ),
        ("{{env_var[@webhook-var].user}}", "mambu"),
        ("{{env_var[1].key[1].param}}", "deep"),
        ("{{env_var[@list][0]}}", "a\"b"),
        ("{{env_var[1].n}}", "1.50"),
        ("{{env_var[1].ok}}", "true"),
        ("{{env_var[1].o}}", r#"{"z":1,"a":2}"#),
        (r"{{env_var[1].a\.b.c}}", "d"),
        ("{{env_var[@word]}}", "abc"),
        ("{{{env_var[2]}}}", "{text}"),
        ("{{env_var[{{env_var[2]}}", "{{env_var[text"),
    ] {
        let resolved = resolve(text, &variables());
        assert_eq!(resolved.text.expose_secret(), expected, "{text}");
        assert_eq!(resolved.missing, [], "{text}");
    }
}

#[test]
fn what_is_no_reference_stays_as_it_is() {
    for text in [
        "{{name}}",
        "{{env_var}}",
        "{{env_var[]}}",
        "{{env_var[2}}",
        "{{env_var[2].}}",
        "{{env_var[2]..a}}",
        "{{env_var[2][x]}}",
        "{{env_var[2]}",
        "{{ env_var[2] }}",
        "{{conv[1].ref[a].b}}",
        "{{env_var[2].a",
    ] {
        assert_eq!(references(text), [], "{text}");
        assert_eq!(resolve(text, &variables()).text.expose_secret(), text);
    }
}

#[test]
fn a_missing_part_is_an_empty_text_and_named() {
    for (text, expected) in [
        (
            "{{env_var[@nobody]}}",
            "{{env_var[@nobody]}}: there is no such variable",
        ),
        ("{{env_var[9].a}}", "{{env_var[9].a}}: there is no such variable"),
        (
            "{{env_var[plain]}}",
            "{{env_var[plain]}}: neither `@` and a name nor a number",
        ),
        (
            "{{env_var[2].user}}",
            "{{env_var[2].user}}: the variable is raw text and has no parts",
        ),
        (
            "{{env_var[1].pass}}",
            "{{env_var[1].pass}}: the variable has no `.pass`",
        ),
        (
            "{{env_var[1].key[2].param}}",
            "{{env_var[1].key[2].param}}: the variable has no `.key[2]`",
        ),
        (
            "{{env_var[1].user.x}}",
            "{{env_var[1].user.x}}: the variable has no `.user.x`",
        ),
    ] {
        let resolved = resolve(&format!("<{text}>"), &variables());
        assert_eq!(resolved.text.expose_secret(), "<>");
        assert_eq!(
            resolved
                .missing
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            [expected]
        );
    }
}

proptest! {
    #[test]
    fn a_reference_reads_back_as_written(
        name in "[a-z0-9-]{2,9}",
        keys in prop::collection::vec(("[a-z.\\[\\]ä]{1,5}", 0..200usize), 0..4),
    ) {
        let path = keys.into_iter().flat_map(|(key, index)| [Step::Key(key), Step::Index(index)]).collect();
        let reference = VariableReference { key: VariableKey::Name(name), path };
        prop_assert_eq!(references(&format!("x{reference}y")), [reference]);
    }

    #[test]
    fn any_text_is_resolved(text in "[{}\\[\\]@a.1\\\\ev_r]{0,40}") {
        resolve(&text, &variables());
    }
}

#[test]
fn null_is_no_value() {
    let resolved = resolve("{{env_var[1].no}}", &variables());
    assert_eq!(resolved.text.expose_secret(), "");
    assert_eq!(resolved.missing.len(), 1);
}
