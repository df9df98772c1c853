//! The question the product answers for every event, from both sides at once: what became of it?

use std::fmt;

use mambu_emitter::condition::ClauseOutcome;
use mambu_emitter::message::Failure;
use mambu_emitter::verdict::TemplateVerdict;

use super::{Arrival, AttemptAccount, RejectionAccount, TemplateAccount};
use crate::expectation::Kind;

/// What became of an event, a message or a request, with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What became of it.
    pub kind: Kind,
    /// Words that a fixture can expect: a process, a rejection class, a failure reason, a clause.
    pub details: Vec<String>,
    /// The reason, for people.
    pub reason: String,
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.kind.word().replace('_', " "))?;
        if self.reason.is_empty() {
            Ok(())
        } else {
            write!(out, ": {}", self.reason)
        }
    }
}

impl Verdict {
    /// No template of these fired.
    pub(super) fn filtered(templates: &[TemplateAccount]) -> Self {
        let mut details = Vec::new();
        let mut reasons = Vec::new();
        for TemplateAccount {
            template, verdict, ..
        } in templates
        {
            let word = match verdict {
                TemplateVerdict::OtherEvent { .. } | TemplateVerdict::Fires { .. } => continue,
                TemplateVerdict::Inactive => "inactive",
                TemplateVerdict::Manual => "manual",
                TemplateVerdict::OtherTarget { .. } => "target",
                TemplateVerdict::NotSubscribed { .. } => "subscription",
                TemplateVerdict::NoMatch { .. } => "conditions",
            };
            details.push(word.to_owned());
            details.push(template.clone());
            if let TemplateVerdict::NoMatch { outcome } = verdict {
                let deciding = outcome.decided_by.and_then(|at| outcome.clauses.get(at));
                for clause in deciding
                    .into_iter()
                    .chain(&outcome.clauses)
                    .filter(|clause| !clause.holds)
                {
                    details.extend(words_of(&clause.clause));
                }
                let why = match (deciding, outcome.clauses.as_slice()) {
                    (Some(clause), _) | (None, [clause]) => did_not_hold(clause),
                    (None, several) => format!("none of its {} conditions holds", several.len()),
                };
                reasons.push(format!("template {template}: {why}"));
            } else {
                reasons.push(format!("template {template}: {verdict}"));
            }
        }
        if reasons.is_empty() {
            details.push("no_template".into());
            reasons.push("no template listens to it".into());
        }
        Self {
            kind: Kind::Filtered,
            details,
            reason: reasons.join("; "),
        }
    }

    /// What became of a message, or of anybody's request: `end` is what the sender believes.
    pub(super) fn of(attempts: &[AttemptAccount], end: Option<&Result<(), Failure>>) -> Self {
        let arrivals = || attempts.iter().filter_map(|attempt| attempt.arrival.as_ref());
        let with_tasks = arrivals().filter(|arrival| !arrival.tasks.is_empty()).count();
        let mut processes: Vec<String> = arrivals()
            .flat_map(|arrival| arrival.tasks.iter().map(|task| task.process.clone()))
            .collect();
        processes.dedup();
        let last = attempts.last().and_then(|attempt| attempt.arrival.as_ref());
        let rejection = last.and_then(|arrival| Some((arrival.rejections.first()?, why(arrival)?)));
        let verdict = |kind, details: Vec<String>, reason: String| Self {
            kind,
            details,
            reason,
        };
        let started = processes.join(", ");
        match (with_tasks, end) {
            // What has been started twice stays so, however its message ends.
            (2.., end) => {
                let believed = match end {
                    Some(Ok(())) => "",
                    Some(Err(_)) => ", and the sender believes that it failed",
                    None => ", and the message is not over",
                };
                verdict(
                    Kind::StartedTwice,
                    processes,
                    format!("{with_tasks} tasks of {started}{believed}"),
                )
            }
            (_, None) => verdict(Kind::Unfinished, processes, "not over when the run ended".into()),
            (1, Some(Ok(()))) => match partly(attempts) {
                // Some ops of an envelope started, others did not, and nobody sends those again.
                Some((begun, rejection, why)) => verdict(
                    Kind::Lost,
                    vec![rejection.class.into()],
                    format!(
                        "the sender believes that all of it arrived; {begun} of {started} began, but {why}"
                    ),
                ),
                None => verdict(Kind::Started, processes, started),
            },
            (1, Some(Err(failure))) => {
                processes.push(failure.reason.name().into());
                verdict(
                    Kind::StartedButFailed,
                    processes,
                    format!("a task of {started} runs, the sender believes {}", failure.reason),
                )
            }
            (0, Some(Ok(()))) => match rejection {
                Some((rejection, why)) => verdict(
                    Kind::Lost,
                    vec![rejection.class.into()],
                    format!("the sender believes that it arrived, but {why}"),
                ),
                None => verdict(
                    Kind::Lost,
                    vec!["no_arrival".into()],
                    "the sender believes that it arrived, but no host of MPO ever saw it".into(),
                ),
            },
            (0, Some(Err(failure))) => match rejection {
                Some((rejection, why)) if rejection.access_denied => {
                    verdict(Kind::Denied, vec![rejection.class.into()], why)
                }
                Some((rejection, why)) => verdict(
                    Kind::Failed,
                    vec![rejection.class.into(), failure.reason.name().into()],
                    why,
                ),
                None => verdict(
                    Kind::Failed,
                    vec![failure.reason.name().into()],
                    failure.to_string(),
                ),
            },
        }
    }

    /// The word, and the shortest that can be said about it: `started intake`, `lost (paused)`.
    fn in_few_words(&self) -> String {
        let word = self.kind.word().replace('_', " ");
        match (self.kind, self.details.first()) {
            (Kind::Started, _) => format!("{word} {}", self.reason),
            (Kind::Denied | Kind::Failed | Kind::Lost, Some(detail)) => format!("{word} ({detail})"),
            _ => word,
        }
    }

    /// The verdict on an event: the most harmful one of its messages, with the reasons of all that share it. Where several
    /// templates sent one, the reason of anything but a start says whose it is.
    pub(super) fn of_event(templates: &[TemplateAccount]) -> Self {
        let messages: Vec<(&str, &Self)> = templates
            .iter()
            .filter_map(|account| Some((account.template.as_str(), &account.message.as_ref()?.verdict)))
            .collect();
        let Some(kind) = messages.iter().map(|(_, verdict)| verdict.kind).max() else {
            return Self::filtered(templates);
        };
        let mut details = Vec::new();
        let mut reasons: Vec<(Vec<&str>, &str)> = Vec::new();
        for (template, verdict) in messages.iter().filter(|(_, verdict)| verdict.kind == kind) {
            for detail in &verdict.details {
                if !details.contains(detail) {
                    details.push(detail.clone());
                }
            }
            match reasons.iter_mut().find(|(_, reason)| *reason == verdict.reason) {
                Some((templates, _)) => templates.push(template),
                None => reasons.push((vec![template], &verdict.reason)),
            }
        }
        let names_templates = messages.len() > 1 && kind != Kind::Started;
        let reasons: Vec<String> = reasons
            .into_iter()
            .map(|(templates, reason)| match templates.as_slice() {
                _ if !names_templates => reason.to_owned(),
                templates => format!("{}: {reason}", of_templates(templates)),
            })
            .collect();
        Self {
            kind,
            details,
            reason: reasons.join("; "),
        }
    }
}

/// What else became of an event whose verdict is of this kind, template by template, in few words: `template audit: filtered`.
pub(super) fn beside(kind: Kind, templates: &[TemplateAccount]) -> Vec<String> {
    let mut beside: Vec<(Vec<&str>, String)> = Vec::new();
    for account in templates {
        let (other, words) = match (&account.message, &account.verdict) {
            (Some(message), _) => (message.verdict.kind, message.verdict.in_few_words()),
            (None, TemplateVerdict::OtherEvent { .. } | TemplateVerdict::Fires { .. }) => continue,
            (None, _) => (Kind::Filtered, Kind::Filtered.word().to_owned()),
        };
        if other == kind {
            continue;
        }
        match beside.iter_mut().find(|(_, known)| *known == words) {
            Some((templates, _)) => templates.push(&account.template),
            None => beside.push((vec![&account.template], words)),
        }
    }
    let said = |(templates, words): (Vec<&str>, String)| format!("{}: {words}", of_templates(&templates));
    beside.into_iter().map(said).collect()
}

fn of_templates(templates: &[&str]) -> String {
    let word = if templates.len() == 1 {
        "template"
    } else {
        "templates"
    };
    format!("{word} {}", templates.join(", "))
}

/// What a fixture calls a clause that does not hold: as it is shown, or by its field.
pub(crate) fn words_of(clause: &str) -> [String; 2] {
    let field = clause.split(' ').next().unwrap_or_default();
    [clause.to_owned(), field.to_owned()]
}

/// A condition that does not hold, with what it saw.
fn did_not_hold(clause: &ClauseOutcome) -> String {
    let saw = match &clause.saw {
        Some(saw) => format!("saw {saw}"),
        None => "no value".into(),
    };
    format!("{} does not hold, {saw}", clause.clause)
}

/// Why a request started no task, with the class. A reason that is about "the process" says which.
fn why(arrival: &Arrival) -> Option<String> {
    let RejectionAccount { class, reason, .. } = arrival.rejections.first()?;
    let named = match reason.split_once("the process ") {
        // An id that stands behind it says which already.
        Some((before, after))
            if arrival.addressed.starts_with("process ")
                && !after.starts_with(|first: char| first.is_ascii_digit()) =>
        {
            format!("{before}{} {after}", arrival.addressed)
        }
        _ => reason.clone(),
    };
    Some(format!("{named} ({class})"))
}

/// Of an envelope of several ops: how many tasks began, and why another op of the same request did not.
fn partly(attempts: &[AttemptAccount]) -> Option<(String, &RejectionAccount, String)> {
    let arrivals = attempts.iter().filter_map(|attempt| attempt.arrival.as_ref());
    arrivals
        .filter(|arrival| !arrival.tasks.is_empty())
        .find_map(|arrival| {
            let begun = match arrival.tasks.len() {
                1 => "a task".to_owned(),
                several => format!("{several} tasks"),
            };
            Some((begun, arrival.rejections.first()?, why(arrival)?))
        })
}
