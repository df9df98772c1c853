//! The part of the vocabulary about placeholders: which there are, how they look, and which event offers which.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mambu_emitter::custom_field::Entity;
use mambu_emitter::format::{DATE_LETTERS, DatePattern, NumberPattern, format_date, format_number};
use mambu_emitter::placeholder::availability::{
    ACCOUNT, BRANCH, DOCUMENT, DUE, LOAN, Offer, RECIPIENT, TRANSACTION, offers,
};
use mambu_emitter::placeholder::catalogue::{ALL, Family, Kind};
use mambu_emitter::placeholder::syntax::{DATE_FUNCTION, IN_WORDS, NUMBER_FUNCTION};
use mambu_emitter::{Event, Profile};
use rust_decimal::Decimal;

use super::vocabulary::from;
use super::{code, table};

/// Placeholders that are offered together, with the name that they have on the page.
const TOGETHER: [(&str, &[&str]); 7] = [
    ("recipient", RECIPIENT),
    ("document", DOCUMENT),
    ("branch", BRANCH),
    ("transaction", TRANSACTION),
    ("account", ACCOUNT),
    ("loan", LOAN),
    ("due", DUE),
];

/// The sections on placeholders.
pub(super) fn placeholders() -> String {
    let mut page = String::from(
        "\n## Placeholders\n\nWritten `{NAME}` in the body or the URL of a template. A value that is empty leaves nothing behind; a name that is on no list\n\
         stays as it is written.\n\n",
    );
    page.push_str(&table(
        ["kind", "looks, without a function"],
        KINDS.map(|kind| [word(kind).to_owned(), look(kind)]),
    ));
    for family in Family::ALL {
        let _ = writeln!(page, "\n### {}\n", family.name());
        page.push_str(&table(
            ["placeholder", "kind", "from"],
            ALL.iter().filter(|known| known.family == *family).map(|known| {
                let otherwise = known.otherwise.map(|source| format!(", else {}", from(source)));
                [
                    code(&format!("{{{}}}", known.name)),
                    word(known.kind).to_owned(),
                    from(known.source) + &otherwise.unwrap_or_default(),
                ]
            }),
        ));
    }
    custom_fields(&mut page);
    functions(&mut page);
    availability(&mut page);
    page
}

const KINDS: [Kind; 9] = [
    Kind::Text,
    Kind::Key,
    Kind::Enum,
    Kind::Date,
    Kind::DateTime,
    Kind::Money,
    Kind::Number,
    Kind::Percent,
    Kind::Flag,
];

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Key => "key",
        Kind::Enum => "word",
        Kind::Date => "date",
        Kind::DateTime => "date with time",
        Kind::Money => "money",
        Kind::Number => "number",
        Kind::Percent => "percentage",
        Kind::Flag => "yes or no",
    }
}

/// How a kind looks by the default settings.
fn look(kind: Kind) -> String {
    let profile = Profile::default();
    let setting = |name: &str| format!("[{}](settings.md#mambu)", code(name));
    match kind {
        Kind::Text => "as it is".to_owned(),
        Kind::Key => "32 hex digits".to_owned(),
        Kind::Enum => "as the API spells it".to_owned(),
        Kind::Date => format!(
            "{}, setting {}",
            code(&profile.date_format),
            setting("date_format")
        ),
        Kind::DateTime => format!(
            "{} in the tenant's time zone, setting {}",
            code(&profile.date_time_format),
            setting("date_time_format")
        ),
        Kind::Money => format!(
            "{} decimals, setting {}",
            profile.money_digits,
            setting("money_digits")
        ),
        Kind::Number | Kind::Percent => "with its digits".to_owned(),
        Kind::Flag => format!("{} or {}", code("true"), code("false")),
    }
}

fn custom_fields(page: &mut String) {
    let entities: Vec<String> = Entity::WORDS.iter().map(|(_, word, _)| code(word)).collect();
    let given: Vec<String> = Entity::WORDS
        .iter()
        .filter(|(_, _, role)| role.is_none())
        .map(|(_, word, _)| code(word))
        .collect();
    let _ = writeln!(
        page,
        "\n### Custom fields\n\n`{{CF:ID}}`, `{{CF:ENTITY:ID}}`, and `{{CF:ENTITY:ID:1}}` for an entry of a grouped set; in conditions the same without braces.\n\
         ENTITY is one of {}.\n\
         The value stands in a custom field set of the record, an object whose name begins with `_`. Fields of\n{} come from `values:`.",
        entities.join(", "),
        given.join(", ")
    );
}

fn functions(page: &mut String) {
    page.push_str("\n### Functions\n\n");
    let moment = Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC);
    let date = |pattern: &str| {
        let read = DatePattern::parse(pattern).map(|pattern| format_date(&moment, &pattern));
        format!("{} shows {}", code(pattern), code(&read.unwrap_or_default()))
    };
    let number = |pattern: &str| {
        let read =
            NumberPattern::parse(pattern).map(|pattern| format_number(Decimal::new(123_456, 2), &pattern));
        format!("{} shows {}", code(pattern), code(&read.unwrap_or_default()))
    };
    let letters: Vec<String> = DATE_LETTERS.chars().map(|letter| letter.to_string()).collect();
    let mut rows = vec![
        [
            code(&format!("{}{{NAME,{}…}}", DATE_FUNCTION.0, DATE_FUNCTION.1)),
            format!(
                "a date by a pattern: {}. Letters as in Java: {}; other text in `'…'`",
                date("dd.MM.yyyy HH:mm"),
                code(&letters.join(" "))
            ),
        ],
        [
            code(&format!("{}{{NAME,{}…}}", NUMBER_FUNCTION.0, NUMBER_FUNCTION.1)),
            format!(
                "a number by a pattern, with the separators that are shown: {}, {}",
                number("#.###,##"),
                number("0.0")
            ),
        ],
    ];
    rows.extend(IN_WORDS.map(|function| {
        let call = format!("{function}{{NAME}}");
        [
            code(&call),
            format!(
                "an amount in words. Only its name is known: the text comes from `values: {{ \"{function}{{NAME}}\": … }}`"
            ),
        ]
    }));
    page.push_str(&table(["function", "shows"], rows));
}

fn availability(page: &mut String) {
    page.push_str(
        "\n### Which event offers which\n\nA template with a placeholder that its event does not offer is a mistake: Mambu refuses it. Offered together:\n\n",
    );
    page.push_str(&table(
        ["together", "placeholders"],
        TOGETHER.map(|(name, placeholders)| [format!("*{name}*"), listed(placeholders.iter().copied())]),
    ));
    page.push_str("\nBy event:\n\n");
    let mut rows: Vec<(Vec<String>, String)> = Vec::new();
    for event in Event::ALL {
        let Some(offer) = offers(*event) else { continue };
        let offered = offered(offer);
        match rows.iter_mut().find(|(_, known)| *known == offered) {
            Some((events, _)) => events.push(code(event.name())),
            None => rows.push((vec![code(event.name())], offered)),
        }
    }
    page.push_str(&table(
        ["events", "offer"],
        rows.into_iter()
            .map(|(events, offered)| [events.join(", "), offered]),
    ));
    let unlisted = Event::ALL.iter().filter(|event| offers(**event).is_none());
    let _ = writeln!(
        page,
        "\nWhat these offer is not known, so every placeholder is taken with a warning: {}.",
        listed(unlisted.map(|event| event.name()))
    );
    let nowhere = ALL.iter().filter(|known| {
        let mut all = Event::ALL.iter().filter_map(|event| offers(*event));
        !all.any(|offer| offer.contains(known.name))
    });
    let _ = writeln!(
        page,
        "\nNo event of the list offers {}. The `CLIENT_…` and `GROUP_…` ones are newer, and taken with a warning.",
        listed(nowhere.map(|known| known.name))
    );
}

/// What an event offers, shortly: what goes together under its name.
fn offered(offer: Offer) -> String {
    let whole: Vec<_> = TOGETHER
        .iter()
        .filter(|(_, placeholders)| placeholders.iter().all(|name| offer.contains(name)))
        .collect();
    let mut parts: Vec<String> = whole.iter().map(|(name, _)| format!("*{name}*")).collect();
    let is_apart = |name: &&str| whole.iter().all(|(_, placeholders)| !placeholders.contains(name));
    parts.extend(offer.names().filter(is_apart).map(code));
    parts.join(", ")
}

fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_has_its_row() {
        for known in ALL {
            assert!(KINDS.contains(&known.kind), "{}", known.name);
        }
    }

    #[test]
    fn what_is_offered_together_is_not_listed_again() {
        let said = offered(offers(Event::SavingsDeposit).unwrap());
        assert!(
            said.starts_with("*recipient*, *document*, *branch*, *transaction*, *account*, `"),
            "{said}"
        );
        assert!(!said.contains("`RECIPIENT_NAME`"), "{said}");
    }
}
