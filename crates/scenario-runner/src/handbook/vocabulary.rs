//! The page of Mambu's words: events, conditions, placeholders and the demo bank, off the tables of the bank's side.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mambu_emitter::bank::{Bank, Change, Kind};
use mambu_emitter::condition::{DataType, Entity, NativeField, Operator, Words};
use mambu_emitter::event::EventGroup;
use mambu_emitter::source::Source;
use mambu_emitter::{Event, Role, Scene, Value};
use sim_world::Mark;

use super::placeholders::placeholders;
use super::{code, head, table};

/// All events, operators, condition fields, placeholders and functions, and the records of the demo bank.
pub fn vocabulary() -> String {
    let mut page = head(
        "Vocabulary",
        "Mambu's words that a template or an event can say, as this simulator knows them. Another word is a mistake with its line, and the\n\
         nearest known one beside it.\n\n\
         - [Events](#events), and what a template sees of each\n\
         - [Conditions](#conditions): [operators](#operators), [data types](#data-types), [fields](#fields)\n\
         - [Placeholders](#placeholders), [functions](#functions), [which event offers which](#which-event-offers-which)\n\
         - [The demo bank](#the-demo-bank)\n\n\
         *From* says which API v2 field of which record gives a value; `account` is the loan or else the deposit, `holder` and `recipient`\n\
         the client or else the group. That Mambu takes it from there is assumed. An event changes records with `change: { loan: … }`, and\n\
         says the rest itself: `transaction: { … }`, `subject: { … }`, `activity: …`. Where *from* says `values:`, nothing in the bank is known\n\
         to give the value, and where it begins with `instalment`, no event fills it: write such a value in the event's `values:`, or for\n\
         all events under `mambu:`. Names and lists are those of the [webhooks sheet](facts/mambu-webhooks.md), which has the sources.",
    );
    events(&mut page);
    conditions(&mut page);
    page.push_str(&placeholders());
    demo_bank(&mut page);
    page
}

fn codes<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// Where a value comes from, in words.
pub(super) fn from(source: Source) -> String {
    let joined = |paths: &[&str], between: &str| {
        let paths: Vec<String> = paths.iter().copied().map(code).collect();
        paths.join(between)
    };
    match source {
        Source::Path(path) => code(path),
        Source::FirstOf(paths) => joined(paths, ", else "),
        Source::Sum(paths) => joined(paths, " + "),
        Source::Words(paths) => joined(paths, " "),
        Source::Length(path) => format!("how many {}", code(path)),
        Source::Present(path) => format!("whether there is {}", code(path)),
        Source::Now => "the moment of the event".to_owned(),
        Source::Unmapped => code("values:"),
    }
}

fn events(page: &mut String) {
    page.push_str(
        "\n## Events\n\n`event: { type: … }` in a step, `event` in a template. *Sees* are the records whose values conditions and placeholders find\n\
         on the demo bank (a credit arrangement is not in it: bring one); `event: { loan: ID }` and its like name others. A *needed* amount is\n\
         `event: { amount: … }`; where one is *possible*, there is another amount or none. A reversal takes the amount of what it reverses\n\
         if that happened before. What a template's screen calls an event stands in brackets where it was read there.\n",
    );
    let bank = bank();
    for group in EventGroup::ALL {
        let of_group = Event::ALL.iter().filter(|event| event.group() == *group);
        let _ = writeln!(page, "\n### {group}\n");
        page.push_str(&table(
            ["event", "happens when", "targets", "sees", "amount"],
            of_group.map(|event| {
                let (sees, amount) = seen(*event, &bank);
                let label = event.label().filter(|label| label.mark == Mark::Documented);
                let label = label.map_or_else(String::new, |label| format!(" ({})", label.text));
                [
                    code(event.name()) + &label,
                    event.about().to_owned(),
                    codes(event.targets().iter().map(|target| target.name())),
                    sees,
                    amount.to_owned(),
                ]
            }),
        ));
    }
}

/// The demo bank with a credit arrangement, so that every event can happen in it.
fn bank() -> Bank {
    let mut bank = Bank::demo();
    let mut arrangement = Value::default();
    arrangement.set("id", Value::text("CA-1001"));
    if let Some(client) = bank.all(Kind::Client).first()
        && let Some(key) = client.get("encodedKey")
    {
        arrangement.set("holderKey", key.clone());
    }
    bank.put(Kind::CreditArrangement, arrangement);
    bank
}

/// Which records a template sees of an event, and whether the event has an amount: by letting it happen.
fn seen(event: Event, bank: &Bank) -> (String, &'static str) {
    let happen = |amount: Option<i64>, deposit: bool| -> Option<Scene> {
        let mut change = Change::new(event);
        change.amount = amount.map(Into::into);
        let deposit = bank.all(Kind::Deposit).first().filter(|_| deposit);
        if let Some(id) = deposit.and_then(|record| record.get("id")?.as_text()) {
            change.records.insert(Kind::Deposit, id.to_owned());
        }
        let scene = bank
            .clone()
            .change(&change, Timestamp::UNIX_EPOCH, &TimeZone::UTC);
        scene.ok()
    };
    let (plain, paid) = (happen(None, false), happen(Some(1), false));
    let amount = match (&plain, &paid) {
        (None, Some(_)) => "needed",
        (Some(scene), Some(_)) if scene.entity(Role::Transaction).is_some() => "possible",
        _ => "",
    };
    let on_deposit = happen(Some(1), true).or_else(|| happen(None, true));
    let either = on_deposit.is_some_and(|scene| scene.entity(Role::Deposit).is_some());
    let Some(scene) = plain.or(paid) else {
        return (String::new(), amount);
    };
    let words: Vec<String> = Role::WORDS
        .iter()
        .filter(|(role, _)| scene.entity(*role).is_some())
        .map(|(role, word)| match role {
            Role::Loan if either && event.group() != EventGroup::CreditArrangement => {
                "loan or deposit".to_owned()
            }
            _ => word.replace('_', " "),
        })
        .collect();
    let sees = if words.is_empty() {
        "what it names, and `subject:`".to_owned()
    } else {
        words.join(", ")
    };
    (sees, amount)
}

fn conditions(page: &mut String) {
    page.push_str(
        "\n## Conditions\n\n`conditions: { all: [ { field: TRANSACTION.AMOUNT, is: MORE_THAN, value: \"1000\" } ] }` on the screen form, or `any:`;\n\
         `filterConstraints` in a template's JSON.\n\n### Operators\n\n",
    );
    page.push_str(&table(
        ["operator", "holds when the value is", "takes", "data types"],
        Operator::ALL.iter().map(|operator| {
            [
                code(operator.name()),
                operator.about().to_owned(),
                operator.arity().words().to_owned(),
                codes(operator.accepts().iter().map(|data_type| data_type.name())),
            ]
        }),
    ));
    page.push_str("\n### Data types\n\n");
    page.push_str(&table(
        ["type", "is"],
        DataType::ALL
            .iter()
            .map(|data_type| [code(data_type.name()), data_type.about().to_owned()]),
    ));
    page.push_str(
        "\n### Fields\n\nWritten `ENTITY.FIELD`. A field that is not listed needs its data type (`type:`) and a value under `values:`. Custom fields are\n\
         written `CF:ENTITY:ID`, see [below](#custom-fields).\n",
    );
    let listed = |entity: &&Entity| !entity.fields().is_empty() && entity.canonical() == **entity;
    for entity in Entity::ALL.iter().filter(listed) {
        let others = Entity::ALL.iter().filter(|other| *other != entity);
        let same: Vec<&str> = others
            .filter(|other| other.canonical() == *entity)
            .map(|other| other.name())
            .collect();
        let _ = writeln!(page, "\n#### {}\n", code(entity.name()));
        if !same.is_empty() {
            let _ = writeln!(page, "{} have the same fields.\n", codes(same));
        }
        page.push_str(&table(
            ["field", "type", "from", "words"],
            entity.fields().iter().map(|field| {
                [
                    code(field.name),
                    code(field.data_type.name()),
                    from(field.source),
                    words(field),
                ]
            }),
        ));
    }
    let without = Entity::ALL.iter().filter(|entity| entity.fields().is_empty());
    let _ = writeln!(
        page,
        "\nNo fields are known of {}.",
        codes(without.map(|entity| entity.name()))
    );
}

/// The words that an ENUM field can have.
fn words(field: &NativeField) -> String {
    match field.words {
        Words::Any => String::new(),
        Words::Closed(list) => codes(list.iter().copied()),
        Words::Open(list) => codes(list.iter().copied()) + " and others",
    }
}

fn demo_bank(page: &mut String) {
    page.push_str(
        "\n## The demo bank\n\nEvery scenario has these records; those of `mambu: { bank: … }` come to them, and one with the same id takes a record's place. The\n\
         account holder of both accounts is the client. An event without ids happens to the first record of its kind.\n",
    );
    let bank = Bank::demo();
    for (kind, word, _) in Kind::WORDS {
        for record in bank.all(kind) {
            let id = record.get("id").and_then(Value::as_text).unwrap_or_default();
            let _ = writeln!(page, "\n### {} {}\n", word.replace('_', " "), code(id));
            let mut fields = Vec::new();
            flatten("", record, &mut fields);
            page.push_str(&table(
                ["field", "value"],
                fields
                    .into_iter()
                    .map(|(path, value)| [code(&path), code(&value)]),
            ));
        }
    }
}

/// The values of a record with their dotted paths; keys that only link records are left out.
fn flatten(path: &str, value: &Value, fields: &mut Vec<(String, String)>) {
    match value {
        Value::Map(map) => {
            for (key, value) in map {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                flatten(&path, value, fields);
            }
        }
        _ if path.ends_with("Key") => {}
        value => fields.push((path.to_owned(), value.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_happens_on_the_bank_of_the_page() {
        let bank = bank();
        for event in Event::ALL {
            assert_ne!(seen(*event, &bank).0, "", "{event}");
        }
    }

    #[test]
    fn what_an_event_sees_is_what_it_is_about() {
        let bank = bank();
        assert_eq!(
            seen(Event::LoanRepayment, &bank),
            ("client, loan, transaction".to_owned(), "needed")
        );
        assert_eq!(seen(Event::LoanDisbursement, &bank).1, "possible");
        assert_eq!(seen(Event::ClientCreated, &bank), ("client".to_owned(), ""));
        assert!(seen(Event::FeeApplied, &bank).0.contains("loan or deposit"));
    }
}
