//! Whether a body breaks for some legal value: a quote in a client's name, an empty number.
//!
//! Found by rendering with hostile values, one placeholder at a time; a body that breaks is never sent (documented reason
//! `INVALID_JSON_BODY_SYNTAX`: webhooks sheet 6.2).

use crate::placeholder::catalogue::{self, Kind};
use crate::placeholder::syntax::{Name, SegmentKind, Shape, segments};
use crate::profile::{Escaping, Profile};
use crate::render::check_body;
use crate::template::{ContentType, Template};

/// A legal value that breaks a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hostile {
    /// The placeholder as the template has it.
    pub placeholder: String,
    /// The value that breaks it.
    pub value: &'static str,
    /// The value for people: `a name with a quote`.
    pub what: &'static str,
    /// What is wrong with the body then.
    pub problem: String,
}

/// Values that a text can have in Mambu, with their names.
const TEXTS: [(&str, &str); 4] = [
    ("O\"Neil", "a quote in the text"),
    ("A\\B", "a backslash in the text"),
    ("two\nlines", "a line break in the text"),
    ("A & B <C>", "`&` or `<` in the text"),
];

/// Every placeholder of the body with the first legal value that breaks it; each placeholder once.
pub fn hostile(template: &Template, profile: &Profile) -> Vec<Hostile> {
    let parts = segments(&template.body);
    let mut found: Vec<Hostile> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let SegmentKind::Value { name, shape } = &part.kind else {
            continue;
        };
        let placeholder = &template.body[part.span.clone()];
        if found.iter().any(|known| known.placeholder == placeholder) {
            continue;
        }
        // Escaping, where the profile has it, takes care of texts; an empty value it cannot help.
        let texts = if is_text(name, shape) && profile.escaping == Escaping::Raw {
            &TEXTS[..]
        } else {
            &[]
        };
        let values = std::iter::once(&("", "no value")).chain(texts);
        let broken = values.into_iter().find_map(|(value, what)| {
            let body: String = parts
                .iter()
                .enumerate()
                .map(|(other, part)| match &part.kind {
                    _ if other == at => value,
                    SegmentKind::Value { .. } => "1",
                    _ => &template.body[part.span.clone()],
                })
                .collect();
            let problem = check_body(template.content_type, &body).err()?;
            Some((*value, *what, problem))
        });
        if let Some((value, what, problem)) = broken {
            found.push(Hostile {
                placeholder: placeholder.to_owned(),
                value,
                what,
                problem,
            });
        }
    }
    found
}

/// Whether a placeholder can have any text that somebody typed in.
fn is_text(name: &Name, shape: &Shape) -> bool {
    *shape == Shape::Plain
        && match name {
            Name::Custom(_) => true,
            // Ids and codes have no such letters.
            Name::Standard(name) => {
                !name.ends_with("_ID")
                    && !name.starts_with("CURRENCY_")
                    && catalogue::find(name).is_none_or(|known| known.kind == Kind::Text)
            }
        }
}

/// Whether anything in the body tells one occurrence of the event from another: a key or id that no two share.
pub fn tells_duplicates_apart(template: &Template) -> bool {
    const UNIQUE: [&str; 3] = ["ENCODED_KEY", "TRANSACTION_ID", "LINKED_TRANSACTION_ID"];
    template.content_type == ContentType::PlainText
        || segments(&template.body).iter().any(|segment| {
            matches!(&segment.kind, SegmentKind::Value { name: Name::Standard(name), .. } if UNIQUE.contains(&name.as_str()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::template;

    fn found(body: &str) -> Vec<(String, &'static str)> {
        let mut template = template();
        template.body = body.into();
        hostile(&template, &Profile::default())
            .into_iter()
            .map(|hostile| (hostile.placeholder, hostile.what))
            .collect()
    }

    #[test]
    fn a_quote_in_a_name_breaks_json() {
        assert_eq!(
            found(r#"{"name":"{RECIPIENT_NAME}","id":"{ENCODED_KEY}"}"#),
            [("{RECIPIENT_NAME}".to_owned(), "a quote in the text")]
        );
    }

    #[test]
    fn an_empty_number_without_quotes_breaks_json() {
        assert_eq!(
            found(r#"{"amount":{TRANSACTION_AMOUNT},"quoted":"{TOTAL_BALANCE}"}"#),
            [("{TRANSACTION_AMOUNT}".to_owned(), "no value")]
        );
    }

    #[test]
    fn escaping_helps_against_quotes() {
        let mut template = template();
        template.body = r#"{"name":"{RECIPIENT_NAME}"}"#.into();
        let profile = Profile {
            escaping: Escaping::Escaped,
            ..Profile::default()
        };
        assert_eq!(hostile(&template, &profile), []);
    }
}
