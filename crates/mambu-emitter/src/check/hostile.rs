//! Whether a body breaks for some legal value: a quote in a client's name, an empty number.
//!
//! Found by rendering with hostile values, one placeholder at a time; a body that breaks is never sent (documented reason
//! `INVALID_JSON_BODY_SYNTAX`: webhooks sheet 6.2).

use std::ops::Range;

use super::body::stand_in;
use crate::bank::needs_amount;
use crate::event::Event;
use crate::placeholder::availability::offers;
use crate::placeholder::catalogue::{self, Kind};
use crate::placeholder::syntax::{Name, SegmentKind, Shape, segments};
use crate::profile::{Escaping, Profile};
use crate::render::{check_body, flaw};
use crate::template::{ContentType, Template};

/// A legal value that breaks a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hostile {
    /// The placeholder as the template has it.
    pub placeholder: String,
    /// Where it stands first, in bytes of the body.
    pub within: Range<usize>,
    /// The value that breaks it.
    pub value: &'static str,
    /// The value for people: `a name with a quote`.
    pub what: &'static str,
    /// Whether quotes around the placeholder would help.
    pub needs_quotes: bool,
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
    // What is not well-formed with any values is another mistake.
    if flaw(template.content_type, &stand_in(&template.body)).is_some() {
        return Vec::new();
    }
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
        let values = usual(name, shape).into_iter();
        let nothing = (!is_always_there(name, template.event)).then_some(("", "no value"));
        let values = values.chain(nothing).chain(texts.iter().copied());
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
            Some((value, what, problem))
        });
        if let Some((value, what, problem)) = broken {
            found.push(Hostile {
                placeholder: placeholder.to_owned(),
                within: part.span.clone(),
                value,
                what,
                needs_quotes: usual(name, shape).is_some_and(|usual| usual.0 == value) || value.is_empty(),
                problem,
            });
        }
    }
    found
}

/// What a placeholder has on any day, where that is neither a number nor `true` or `false`: it needs quotes.
fn usual(name: &Name, shape: &Shape) -> Option<(&'static str, &'static str)> {
    const DATE: (&str, &str) = ("2026-01-31", "a date");
    match (name, shape) {
        (_, Shape::Date(_)) => Some(DATE),
        (_, Shape::InWords(_)) => Some(("one", "words")),
        (Name::Standard(name), Shape::Plain) => match catalogue::find(name)?.kind {
            Kind::Date | Kind::DateTime => Some(DATE),
            // Ids of transactions are numbers (webhooks sheet, appendix C: LONG).
            Kind::Text if !name.ends_with("TRANSACTION_ID") => Some(("LN-1001", "letters in it")),
            Kind::Key | Kind::Enum => Some(("ACTIVE", "letters in it")),
            _ => None,
        },
        _ => None,
    }
}

/// Whether no such event happens without a value: a transaction that needs an amount has an id, too.
fn is_always_there(name: &Name, event: Event) -> bool {
    matches!(name, Name::Standard(name) if matches!(name.as_str(), "TRANSACTION_AMOUNT" | "TRANSACTION_ID"))
        && needs_amount(event)
}

/// Whether a placeholder can have any text that somebody typed in.
pub(super) fn is_text(name: &Name, shape: &Shape) -> bool {
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

/// Whether anything in the body tells one occurrence of the event from another.
pub fn tells_duplicates_apart(template: &Template) -> bool {
    const UNIQUE: &[&str] = &["ENCODED_KEY", "TRANSACTION_ID", "LINKED_TRANSACTION_ID"];
    let has = |names: &[&str]| {
        segments(&template.body).iter().any(|segment| {
            matches!(&segment.kind, SegmentKind::Value { name: Name::Standard(name), .. } if names.contains(&name.as_str()))
        })
    };
    template.content_type == ContentType::PlainText || has(UNIQUE) || has(&tell_apart(template.event))
}

/// Placeholders of an event that tell one occurrence from another: a key or id that no two share; of an event that
/// offers neither, what comes nearest (a retry has the time of its first attempt: webhooks sheet 4.2, "when rendered").
pub fn tell_apart(event: Event) -> Vec<&'static str> {
    const UNIQUE: [&str; 2] = ["ENCODED_KEY", "TRANSACTION_ID"];
    const OTHERWISE: [&str; 3] = ["ACCOUNT_ID", "LINE_OF_CREDIT_ID", "CURRENT_DATE_TIME"];
    let Some(offer) = offers(event) else {
        return UNIQUE.to_vec();
    };
    let offered = |name: &&'static str| offer.contains(name);
    let unique: Vec<_> = UNIQUE.into_iter().filter(offered).collect();
    if unique.is_empty() {
        OTHERWISE.into_iter().find(offered).into_iter().collect()
    } else {
        unique
    }
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
            found(r#"{"amount":{LOAN_AMOUNT},"quoted":"{TOTAL_BALANCE}"}"#),
            [("{LOAN_AMOUNT}".to_owned(), "no value")]
        );
    }

    #[test]
    fn an_event_that_needs_an_amount_always_has_one() {
        let body = r#"{"amount":{TRANSACTION_AMOUNT},"id":{TRANSACTION_ID}}"#;
        assert_eq!(found(body), []);
        let mut template = template();
        template.body = body.into();
        template.event = Event::LoanAccountActivity;
        assert_eq!(hostile(&template, &Profile::default()).len(), 2);
    }

    #[test]
    fn a_text_without_quotes_breaks_json_on_any_day() {
        assert_eq!(
            found(r#"{"id":{ACCOUNT_ID},"on":FORMAT_DATE{VALUE_DATE,datePattern=yyyy-MM-dd}}"#),
            [
                ("{ACCOUNT_ID}".to_owned(), "letters in it"),
                (
                    "FORMAT_DATE{VALUE_DATE,datePattern=yyyy-MM-dd}".to_owned(),
                    "a date"
                ),
            ]
        );
    }

    #[test]
    fn every_event_offers_something_against_duplicates() {
        for event in Event::ALL {
            assert!(!tell_apart(*event).is_empty(), "{event}");
        }
        assert_eq!(tell_apart(Event::LoanApproval), ["ENCODED_KEY"]);
        assert_eq!(tell_apart(Event::DataAccessStateChanged), ["CURRENT_DATE_TIME"]);
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
