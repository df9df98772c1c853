//! What a fixture expects of a step and of the whole run, and whether it came true.

use std::fmt;

use serde_json::Value;

use crate::document::{Entry, Node, NodeValue, Span, Spanned};
use crate::ledger::{Counts, Outcome, StepAccount, Verdict};
use crate::scenario::{Scenario, Step};

/// What is expected of one step, each part with the place of its key. Everything said must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// The place of the whole.
    pub at: Span,
    /// The verdict.
    pub verdict: Option<Spanned<ExpectedVerdict>>,
    /// Fields of the data of every task of the step.
    pub data: Option<Spanned<Vec<Entry>>>,
    /// The number of attempts, all messages together.
    pub attempts: Option<Spanned<u64>>,
    /// The number of messages.
    pub messages: Option<Spanned<u64>>,
    /// What is expected of single templates, by their ids.
    pub templates: Vec<(Spanned<String>, OfTemplate)>,
}

/// What is expected of what one template made of an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfTemplate {
    /// The verdict.
    pub verdict: Option<Spanned<ExpectedVerdict>>,
    /// Fields of the data of the task that its message starts (of each, if there are several).
    pub data: Option<Spanned<Vec<Entry>>>,
}

/// An expected verdict: its word, and what else is said about it (`true`: nothing).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedVerdict {
    /// The word.
    pub kind: Kind,
    /// A process, a rejection class, a failure reason or a clause, by kind.
    pub detail: Option<String>,
}

/// The words of verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// No template fired.
    Filtered,
    /// Once.
    Started,
    /// Access denied.
    Denied,
    /// Not delivered, and nothing runs.
    Failed,
    /// Not over when the run ended.
    Unfinished,
    /// Delivered, and nothing runs.
    Lost,
    /// More than once.
    StartedTwice,
    /// Not delivered, and something runs.
    StartedButFailed,
}

impl Kind {
    /// All kinds with their words in fixtures and reports, from harmless to harmful.
    pub const WORDS: [(Kind, &'static str); 8] = [
        (Kind::Filtered, "filtered"),
        (Kind::Started, "started"),
        (Kind::Denied, "denied"),
        (Kind::Failed, "failed"),
        (Kind::Unfinished, "unfinished"),
        (Kind::Lost, "lost"),
        (Kind::StartedTwice, "started_twice"),
        (Kind::StartedButFailed, "started_but_failed"),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// Whether a task starts.
    pub fn has_task(self) -> bool {
        matches!(
            self,
            Self::Started | Self::StartedTwice | Self::StartedButFailed | Self::Unfinished
        )
    }

    /// The kinds that cost banks money: a run fails on them unless the fixture expects them.
    pub fn is_costly(self) -> bool {
        matches!(self, Self::Lost | Self::StartedTwice | Self::StartedButFailed)
    }
}

/// What is expected of the whole run, each part with the place of its key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// Tasks.
    pub tasks: Option<Spanned<u64>>,
    /// Messages of the bank.
    pub messages: Option<Spanned<u64>>,
    /// Attempts.
    pub attempts: Option<Spanned<u64>>,
    /// Steps by verdict.
    pub verdicts: Vec<(Kind, Spanned<u64>)>,
}

/// An expectation that did not come true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The step's number, `None` for the whole run.
    pub step: Option<usize>,
    /// What the step is called, or what it did: `event LOAN_DISBURSEMENT`.
    pub called: Option<String>,
    /// The place of what was expected, or of the step if nothing was.
    pub at: Span,
    /// The part of the step that it is about, if it is not the whole: `task 1 of intake`.
    pub part: Option<String>,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub found: String,
}

impl fmt::Display for Miss {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Some(step) => match &self.called {
                Some(called) => write!(out, "step {step} ({called}): ")?,
                None => write!(out, "step {step}: ")?,
            },
            None => out.write_str("in all: ")?,
        }
        if let Some(part) = &self.part {
            write!(out, "{part}: ")?;
        }
        write!(out, "expected {}, found {}", self.expected, self.found)
    }
}

/// Compares a run with what its fixture expects, costly verdicts that nobody expects included. Secrets are covered.
pub fn misses(scenario: &Scenario, outcome: &Outcome) -> Vec<Miss> {
    let mut misses = Vec::new();
    for step in &scenario.steps {
        let account = outcome.steps.iter().find(|account| account.number == step.number);
        let mut judge = Judge {
            step,
            called: account
                .map(|account| account.what.brief())
                .filter(|_| step.name.is_none())
                .or_else(|| step.name.clone()),
            misses: &mut misses,
            said: Vec::new(),
        };
        match (&step.expect, account) {
            (expectation, Some(account)) => {
                if let Some(expectation) = expectation {
                    judge.judge(expectation, account);
                }
                judge.costly(expectation.as_ref(), account, &scenario.expect);
                if let Some(expectation) = expectation {
                    judge.all_data(expectation, account);
                }
            }
            (Some(expectation), None) => judge.miss(
                expectation.at,
                "something of this step".into(),
                "the run ended before it".into(),
            ),
            (None, None) => {}
        }
    }
    judge_totals(&scenario.expect, &outcome.counts, &mut misses);
    for miss in &mut misses {
        // What is missed of a task is data that others wrote, everything else says a verdict.
        let is_data = miss.part.is_some();
        let optional = miss.called.iter_mut().chain(&mut miss.part);
        for text in optional.chain([&mut miss.expected, &mut miss.found]) {
            *text = if is_data {
                scenario.secrets.cover(text)
            } else {
                scenario.secrets.cover_ours(text)
            };
        }
    }
    misses
}

struct Judge<'a> {
    step: &'a Step,
    called: Option<String>,
    misses: &'a mut Vec<Miss>,
    /// Whose verdict is said to be another one: a template's, or without one the step's.
    said: Vec<Option<String>>,
}

impl Judge<'_> {
    fn judge(&mut self, expectation: &Expectation, step: &StepAccount) {
        match (&expectation.verdict, &step.verdict) {
            (Some(expected), Some(verdict)) if !expected.is_met_by(verdict) => {
                self.said.push(None);
                self.miss(expected.span, expected.to_string(), verdict.to_string());
            }
            (Some(expected), None) => {
                self.said.push(None);
                self.miss(expected.span, expected.to_string(), "no event".into());
            }
            _ => {}
        }
        let messages: Vec<_> = step.messages().collect();
        if let Some(count) = &expectation.messages
            && messages.len() as u64 != count.value
        {
            self.miss(
                count.span,
                plural(count.value, "message"),
                messages.len().to_string(),
            );
        }
        let attempts: u64 = messages.iter().map(|message| message.attempts.len() as u64).sum();
        if let Some(count) = &expectation.attempts
            && attempts != count.value
        {
            self.miss(count.span, plural(count.value, "attempt"), attempts.to_string());
        }
        for (template, of_template) in &expectation.templates {
            let Some(expected) = &of_template.verdict else {
                continue;
            };
            let found = step.template_verdict(template);
            if found.as_ref().is_some_and(|verdict| expected.is_met_by(verdict)) {
                continue;
            }
            self.said.push(Some(template.value.clone()));
            let found = found.map_or_else(|| "no such template asked".into(), |verdict| verdict.to_string());
            let expected_of_it = format!("template {} {}", template.value, expected.value);
            self.miss(expected.span, expected_of_it, found);
        }
    }

    fn all_data(&mut self, expectation: &Expectation, step: &StepAccount) {
        for (template, of_template) in &expectation.templates {
            if let Some(expected) = &of_template.data {
                self.data(expected, Some(template), step);
            }
        }
        if let Some(expected) = &expectation.data {
            self.data(expected, None, step);
        }
    }

    /// Looks at the data of every task of the step, or of those that a template's message started.
    fn data(&mut self, expected: &Spanned<Vec<Entry>>, template: Option<&str>, step: &StepAccount) {
        let mut any = false;
        for task in step.tasks_of(template) {
            any = true;
            for Entry { key, key_span, value } in &expected.value {
                let found = task.data.get(&**key);
                if !found.is_some_and(|found| contains(found, value)) {
                    let hint = found.and_then(|found| other_kind(found, value));
                    let found = found.map_or_else(|| "nothing".into(), Value::to_string);
                    let part = format!("task {} of {}", task.ordinal, task.process);
                    self.miss_of(
                        *key_span,
                        Some(part),
                        format!("data {key}: {}", written(value)),
                        found + &hint.unwrap_or_default(),
                    );
                }
            }
        }
        if !any && !self.is_said(template, step) {
            let part = template.map(|template| format!("template {template}"));
            self.miss_of(expected.span, part, "task data".into(), "no task".into());
        }
    }

    /// Whether another verdict than the expected one says already that no task started.
    fn is_said(&self, template: Option<&str>, step: &StepAccount) -> bool {
        let of_step = step.tasks().next().is_none() && self.said.contains(&None);
        match template {
            Some(template) => of_step || self.said.iter().flatten().any(|said| said == template),
            None => !self.said.is_empty(),
        }
    }

    /// Costly verdicts that nobody expects, message by message: what is expected of one allows for nothing in another.
    fn costly(&mut self, expectation: Option<&Expectation>, step: &StepAccount, totals: &Totals) {
        let expected = expectation.and_then(|expectation| expectation.verdict.as_ref());
        let by_template = |id: &str| {
            let mut named = expectation.iter().flat_map(|expectation| &expectation.templates);
            named.any(|(named, of_template)| named.value == id && of_template.verdict.is_some())
        };
        let in_totals = |kind: Kind| {
            let mut allowed = totals.verdicts.iter();
            allowed.any(|(known, count)| *known == kind && count.value > 0)
        };
        let parts = step.verdicts();
        for (template, verdict) in &parts {
            let is_judged = match expected {
                // A verdict other than the expected one has been said already, if it is the step's.
                Some(expected) => {
                    let is_the_steps = step
                        .verdict
                        .as_ref()
                        .is_some_and(|whole| whole.kind == verdict.kind);
                    expected.kind == verdict.kind || is_the_steps
                }
                None => in_totals(verdict.kind),
            };
            if !verdict.kind.is_costly() || is_judged || template.is_some_and(by_template) {
                continue;
            }
            let word = verdict.kind.word().replace('_', " ");
            let found = match template {
                Some(template) if parts.len() > 1 => format!("template {template} {verdict}"),
                _ => verdict.to_string(),
            };
            self.said.push(template.map(String::from));
            let at = expectation.map_or(self.step.place, |expectation| expectation.at);
            self.miss(
                at,
                format!("nothing {word} (say so in `expect:` if it is meant)"),
                found,
            );
        }
    }

    fn miss(&mut self, at: Span, expected: String, found: String) {
        self.miss_of(at, None, expected, found);
    }

    fn miss_of(&mut self, at: Span, part: Option<String>, expected: String, found: String) {
        self.misses.push(Miss {
            step: Some(self.step.number),
            called: self.called.clone(),
            at,
            part,
            expected,
            found,
        });
    }
}

fn judge_totals(totals: &Totals, counts: &Counts, misses: &mut Vec<Miss>) {
    let mut compare = |what: &str, expected: Option<&Spanned<u64>>, found: u64| {
        if let Some(expected) = expected
            && expected.value != found
        {
            misses.push(Miss {
                step: None,
                called: None,
                at: expected.span,
                part: None,
                expected: format!("{what}: {}", expected.value),
                found: found.to_string(),
            });
        }
    };
    compare("tasks", totals.tasks.as_ref(), counts.tasks);
    compare("messages", totals.messages.as_ref(), counts.messages);
    compare("attempts", totals.attempts.as_ref(), counts.attempts);
    for (kind, count) in &totals.verdicts {
        compare(kind.word(), Some(count), counts.by_verdict(*kind));
    }
}

/// Whether a value holds what is expected: objects may have more members, numbers compare as numbers.
fn contains(found: &Value, expected: &Node) -> bool {
    match (found, &expected.value) {
        (Value::Object(found), NodeValue::Map(expected)) => expected.iter().all(|entry| {
            let found = found.get(&*entry.key);
            found.is_some_and(|found| contains(found, &entry.value))
        }),
        (Value::Array(found), NodeValue::List(expected)) => {
            found.len() == expected.len()
                && found
                    .iter()
                    .zip(expected)
                    .all(|(found, expected)| contains(found, expected))
        }
        (Value::Number(number), NodeValue::Number(_)) => {
            let expected = expected.to_json();
            *found == expected
                || number
                    .as_f64()
                    .is_some_and(|number| Some(number) == expected.as_f64())
        }
        (found, _) => *found == expected.to_json(),
    }
}

/// An expected value in one line; numbers as they were written.
fn written(expected: &Node) -> String {
    let joined = |parts: Vec<String>| parts.join(",");
    match &expected.value {
        NodeValue::Number(text) => text.to_string(),
        NodeValue::List(items) => format!("[{}]", joined(items.iter().map(written).collect())),
        NodeValue::Map(entries) => {
            let entry = |entry: &Entry| format!("{}:{}", Value::from(&*entry.key), written(&entry.value));
            format!("{{{}}}", joined(entries.iter().map(entry).collect()))
        }
        _ => expected.to_json().to_string(),
    }
}

/// What to do where a number is expected and a text was found, or the other way round.
fn other_kind(found: &Value, expected: &Node) -> Option<String> {
    match (found, &expected.value) {
        (Value::String(_), NodeValue::Number(written)) => Some(format!(
            " ({written} is a number, and a text was found: quote it)"
        )),
        (Value::Number(_), NodeValue::Text(written)) if written.parse::<f64>().is_ok() => Some(format!(
            " ({} is a text, and a number was found: write it without quotes)",
            Value::from(&**written)
        )),
        (Value::Object(found), NodeValue::Map(expected)) => expected
            .iter()
            .find_map(|entry| other_kind(found.get(&*entry.key)?, &entry.value)),
        (Value::Array(found), NodeValue::List(expected)) => found
            .iter()
            .zip(expected)
            .find_map(|(found, expected)| other_kind(found, expected)),
        _ => None,
    }
}

impl ExpectedVerdict {
    fn is_met_by(&self, verdict: &Verdict) -> bool {
        self.kind == verdict.kind
            && self.detail.as_ref().is_none_or(|detail| {
                verdict
                    .details
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(detail))
            })
    }
}

impl fmt::Display for ExpectedVerdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.kind.word().replace('_', " "))?;
        match &self.detail {
            Some(detail) => write!(out, " ({detail})"),
            None => Ok(()),
        }
    }
}

fn plural(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Context, yaml};
    use serde_json::json;

    #[test]
    fn the_words_stand_in_the_order_of_the_kinds() {
        for (at, (kind, _)) in Kind::WORDS.iter().enumerate() {
            assert_eq!(*kind as usize, at);
        }
    }

    fn node(text: &str) -> Node {
        let mut cx = Context::default();
        let file = cx.sources.add("a.yaml", text);
        yaml::read(file, &mut cx).expect("the text of the test is YAML")
    }

    #[test]
    fn expected_data_may_leave_members_out_but_not_change_them() {
        let found = json!({ "a": { "b": 1.0, "c": 2 }, "list": [1] });
        assert!(contains(&found, &node("{ a: { b: 1 } }")));
        assert!(!contains(&found, &node("{ a: { b: '1' } }")));
        assert!(!contains(&found, &node("{ list: [1, 2] }")));
    }

    #[test]
    fn expected_numbers_are_shown_as_they_were_written() {
        let expected = node("{ a: [2500.00, 0x1F], b: '1', c: null }");
        assert_eq!(written(&expected), r#"{"a":[2500.00,0x1F],"b":"1","c":null}"#);
    }
}
