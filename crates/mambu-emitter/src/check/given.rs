//! Names that a fixture gives values under: which of them do anything, and which one was meant.
//!
//! A shared fixture may give values that only other scenarios use; a name is wrong only where nothing at all knows it.

use std::collections::BTreeSet;

use crate::condition::Entity;
use crate::mistake::nearest;
use crate::placeholder::catalogue;
use crate::placeholder::syntax::{IN_WORDS, SegmentKind, segments};
use crate::render::given_name;
use crate::template::Template;

/// Every name in URL, body and conditions that a fixture could give a value to.
pub fn given_names(template: &Template) -> BTreeSet<String> {
    let texts = [&*template.url, template.body.as_str()];
    let values = texts.into_iter().flat_map(segments);
    let placeholders = values.filter_map(|segment| match segment.kind {
        SegmentKind::Value { name, shape } => Some(given_name(&name, &shape)),
        _ => None,
    });
    let clauses = template.conditions.clauses.iter();
    placeholders
        .chain(clauses.flat_map(|clause| clause.field.given_names()))
        .collect()
}

/// What is wrong with the name of a value: nothing knows it, and perhaps another one was meant. `used` are the names that
/// templates use.
pub fn unknown_value(name: &str, used: &BTreeSet<String>) -> Option<Option<String>> {
    if used.contains(name) || is_known(name) {
        return None;
    }
    let near = nearest(name, used.iter().map(String::as_str)).map(String::from);
    if name.starts_with("CF:") {
        // Custom fields are on no list.
        return near.filter(|near| near.starts_with("CF:")).map(Some);
    }
    let placeholders = || catalogue::ALL.iter().map(|known| known.name);
    Some(near.or_else(|| match name.split_once('.') {
        Some((entity, field)) => {
            let entity = Entity::ALL
                .iter()
                .find(|known| known.name() == nearest_entity(entity))?;
            Some(format!("{entity}.{}", entity.nearest_field(field)?))
        }
        None => nearest(name, placeholders()).map(String::from),
    }))
}

fn nearest_entity(word: &str) -> &str {
    nearest(word, Entity::ALL.iter().map(|entity| entity.name())).unwrap_or(word)
}

/// Whether a name is a placeholder or a field of a condition.
fn is_known(name: &str) -> bool {
    let inner = IN_WORDS
        .iter()
        .find_map(|function| name.strip_prefix(function)?.strip_prefix('{')?.strip_suffix('}'));
    if catalogue::find(inner.unwrap_or(name)).is_some() {
        return true;
    }
    let Some((word, field)) = name.split_once('.') else {
        return false;
    };
    let entity = Entity::ALL.iter().find(|entity| entity.name() == word);
    entity.is_some_and(|entity| entity.fields().is_empty() || entity.field(field).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::template;

    #[test]
    fn a_name_that_nothing_knows_is_found_with_the_one_that_was_meant() {
        let mut template = template();
        template.body = r#"{"a":"{CF:LOAN:RISK}","b":"IN_WORDS_INTEGER{TRANSACTION_AMOUNT}"}"#.into();
        let used = given_names(&template);
        let known = [
            "CF:LOAN:RISK",
            "CF:BRANCH:CODE",
            "IN_WORDS_INTEGER{TRANSACTION_AMOUNT}",
            "IN_WORDS_TENTHS{LOAN_AMOUNT}",
            "TRANSACTION_ID",
            "LOANS.LOAN_NAME",
            "BRANCH.ANY",
        ];
        for name in known {
            assert_eq!(unknown_value(name, &used), None, "{name}");
        }
        for (name, near) in [
            ("TRANSACTION_IDD", Some("TRANSACTION_ID")),
            ("CF:LOAN:RISKK", Some("CF:LOAN:RISK")),
            ("LOANS.LOAN_NAMEE", Some("LOANS.LOAN_NAME")),
            ("LOAN.LOAN_NAME", Some("LOANS.LOAN_NAME")),
            ("elephant", None),
            ("", None),
        ] {
            assert_eq!(unknown_value(name, &used), Some(near.map(String::from)), "{name}");
        }
    }
}
