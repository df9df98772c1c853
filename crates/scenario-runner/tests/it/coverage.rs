//! The scenarios are a tour: of each closed list (verdicts, rejection classes, failure reasons, operators, placeholders) they show
//! every entry, or it stands here with the reason why not.

use std::collections::BTreeSet;

use mambu_emitter::condition::Operator;
use mambu_emitter::message::FailureReason;
use mambu_emitter::placeholder::catalogue;
use mambu_emitter::placeholder::syntax::{Name, SegmentKind, segments};
use mpo_receiver::ALL_CLASSES;
use scenario_runner::expectation::Kind;
use scenario_runner::ledger::to_json;
use scenario_runner::play::play;
use scenario_runner::scenario::{Action, Scenario};
use serde_json::Value;

use crate::corpus::{all, read};

/// Failure reasons that no scenario can show: a URL that a template may be saved with is never empty, and nothing has
/// another cause than those with a name.
const NOT_SHOWN: [&str; 2] = ["UNDEFINED_DESTINATION", "OTHER"];

fn all_scenarios() -> Vec<Scenario> {
    all().iter().map(read).collect()
}

/// Every text at these keys, however deep.
fn texts(value: &Value, keys: &[&str], found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| texts(item, keys, found)),
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(text) if keys.contains(&key.as_str()) => {
                        found.insert(text.clone());
                    }
                    value => texts(value, keys, found),
                }
            }
        }
        _ => {}
    }
}

fn missing<'a>(all: impl IntoIterator<Item = &'a str>, found: &BTreeSet<String>) -> Vec<&'a str> {
    all.into_iter().filter(|entry| !found.contains(*entry)).collect()
}

#[test]
fn every_verdict_rejection_and_failure_reason_is_shown() {
    let mut kinds = BTreeSet::new();
    let mut classes = BTreeSet::new();
    let mut reasons = BTreeSet::new();
    for scenario in all_scenarios() {
        let outcome = play(&scenario, None).expect("it runs");
        let ledger = to_json(&outcome, &scenario.secrets);
        texts(&ledger["steps"], &["kind"], &mut kinds);
        texts(&ledger["steps"], &["class"], &mut classes);
        texts(&ledger["steps"], &["failure_reason"], &mut reasons);
    }
    assert_eq!(missing(Kind::WORDS.map(|(_, word)| word), &kinds), [""; 0]);
    assert_eq!(missing(ALL_CLASSES.map(|(class, _)| class), &classes), [""; 0]);
    assert_eq!(
        missing(FailureReason::ALL.iter().map(|reason| reason.name()), &reasons),
        NOT_SHOWN
    );
}

#[test]
fn every_operator_and_placeholder_is_used() {
    let mut operators = BTreeSet::new();
    let mut placeholders = BTreeSet::new();
    for scenario in all_scenarios() {
        let later = scenario.steps.iter().filter_map(|step| match &step.action {
            Action::Set(set) => Some(&set.mambu),
            _ => None,
        });
        let templates = std::iter::once(&scenario.mambu)
            .chain(later)
            .flat_map(|mambu| &mambu.templates);
        for template in templates {
            let clauses = template.conditions.clauses.iter();
            operators.extend(clauses.map(|clause| clause.operator.name().to_owned()));
            for text in [template.body.as_str(), &*template.url] {
                placeholders.extend(
                    segments(text)
                        .into_iter()
                        .filter_map(|segment| match segment.kind {
                            SegmentKind::Value {
                                name: Name::Standard(name),
                                ..
                            } => Some(name),
                            _ => None,
                        }),
                );
            }
        }
    }
    let all_operators = Operator::ALL.iter().map(|operator| operator.name());
    assert_eq!(missing(all_operators, &operators), [""; 0]);
    let all_placeholders = catalogue::ALL.iter().map(|known| known.name);
    assert_eq!(missing(all_placeholders, &placeholders), [""; 0]);
}
