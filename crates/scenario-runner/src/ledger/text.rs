//! The ledger as text: what snapshots hold and what `run` prints. Readable in a diff by somebody who knows the bank and
//! not the tool.

use std::fmt::Write as _;

use mambu_emitter::condition::Outcome as Conditions;
use mambu_emitter::message::FailureReason;
use mambu_emitter::verdict::TemplateVerdict;
use sim_world::human;

use super::verdict::beside;
use super::{Arrival, AttemptAccount, Counts, MessageAccount, Outcome, StepAccount, TemplateAccount, What};
use crate::expectation::Kind;
use crate::scenario::Secrets;

/// The ledger as text, secrets covered.
pub fn to_text(outcome: &Outcome, secrets: &Secrets) -> String {
    let mut page = Page {
        text: String::new(),
        secrets,
    };
    page.line(0, &outcome.name);
    if let Some(description) = &outcome.description {
        page.block(0, description);
    }
    page.line(0, &format!("starts {}, seed {}", outcome.start, outcome.seed));
    for step in &outcome.steps {
        page.text.push('\n');
        page.step(step);
    }
    page.text.push('\n');
    page.end(outcome);
    secrets.cover_ours(&page.text)
}

struct Page<'a> {
    text: String,
    secrets: &'a Secrets,
}

impl Page<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.text, "{:width$}{text}", "", width = depth * 2);
    }

    /// Several lines, each at the same depth; no line ends in blanks.
    fn block(&mut self, depth: usize, text: &str) {
        for line in text.lines() {
            match line.trim_end() {
                "" => self.text.push('\n'),
                line => self.line(depth, line),
            }
        }
    }

    fn step(&mut self, step: &StepAccount) {
        let name = step
            .name
            .as_ref()
            .map(|name| format!(" \"{}\"", name.split_whitespace().collect::<Vec<_>>().join(" ")))
            .unwrap_or_default();
        match &step.what {
            What::Event {
                event,
                about,
                templates,
            } => {
                let about = if about.is_empty() {
                    String::new()
                } else {
                    format!(" ({about})")
                };
                self.line(0, &format!("{} event {event}{name}{about}", step.at));
                for template in templates {
                    self.template(template, event);
                }
            }
            What::Post {
                to,
                method,
                headers,
                body,
                attempt,
            } => {
                let headers = if headers.is_empty() {
                    String::new()
                } else {
                    format!(", headers {}", headers.join(", "))
                };
                self.line(0, &format!("{} {method} to {to}{name}{headers}", step.at));
                self.body(1, body);
                if let Some(attempt) = attempt {
                    self.attempt(1, "answer", attempt, None);
                }
            }
            What::Message {
                event,
                template,
                failed_with,
                message,
            } => {
                let failed = failed_with
                    .as_ref()
                    .map(|reason| format!(", failed before: {reason}"))
                    .unwrap_or_default();
                self.line(0, &format!("{} resend of {event}{name}{failed}", step.at));
                self.line(1, &format!("template {template}"));
                if let Some(message) = message {
                    self.message(message);
                }
            }
            What::Set { said } => {
                self.line(0, &format!("{} set{name}", step.at));
                for change in said {
                    self.line(1, change);
                }
            }
            What::Fault { host, said } => self.line(0, &format!("{} fault at {host}{name}: {said}", step.at)),
        }
        if let Some(verdict) = &step.verdict {
            let beside = match &step.what {
                What::Event { templates, .. } => beside(verdict.kind, templates),
                _ => Vec::new(),
            };
            let all: Vec<String> = std::iter::once(verdict.to_string()).chain(beside).collect();
            self.line(1, &format!("=> {}", all.join("; ")));
        }
    }

    fn template(&mut self, account: &TemplateAccount, event: &str) {
        let seen = if account.event == event {
            String::new()
        } else {
            format!(" as {}", account.event)
        };
        self.line(
            1,
            &format!("template {}{seen}: {}", account.template, account.verdict),
        );
        if let TemplateVerdict::Fires { outcome } | TemplateVerdict::NoMatch { outcome } = &account.verdict {
            self.clauses(outcome);
        }
        if let Some(message) = &account.message {
            self.message(message);
        }
    }

    fn clauses(&mut self, outcome: &Conditions) {
        for (at, clause) in outcome.clauses.iter().enumerate() {
            let holds = if clause.holds { "holds" } else { "does not hold" };
            let saw = match &clause.saw {
                Some(saw) => format!("saw {}", self.secrets.cover(saw)),
                None => "no value".into(),
            };
            let note = clause
                .note
                .as_ref()
                .map(|note| format!(" ({note})"))
                .unwrap_or_default();
            let decided = if outcome.decided_by == Some(at) && outcome.clauses.len() > 1 {
                ", decides"
            } else {
                ""
            };
            self.line(2, &format!("{}: {holds}, {saw}{note}{decided}", clause.clause));
        }
    }

    fn message(&mut self, message: &MessageAccount) {
        let headers = if message.headers.is_empty() {
            String::new()
        } else {
            format!(", headers {}", message.headers.join(", "))
        };
        self.line(
            2,
            &format!(
                "message {}: {} {}, {}, {}{headers}",
                message.ordinal,
                message.request_type,
                message.destination,
                message.content_type,
                message.authorization
            ),
        );
        self.body(3, &message.body);
        let mut before = None;
        for attempt in &message.attempts {
            let what = format!("attempt {} at {}", attempt.number, attempt.began);
            self.attempt(3, &what, attempt, before);
            before = Some(attempt);
        }
        match &message.end {
            None => self.line(3, "not over"),
            Some((_, Ok(()))) => self.line(3, "SENT"),
            Some((at, Err(failure))) if message.attempts.is_empty() => {
                self.line(3, &format!("FAILED at {at}, not sent: {failure}"));
            }
            Some((at, Err(failure))) => self.line(3, &format!("FAILED at {at}: {}", failure.reason)),
        }
    }

    fn body(&mut self, depth: usize, body: &str) {
        match &*self.secrets.cover(body) {
            "" => self.line(depth, "no body"),
            body if body.contains('\n') => {
                self.line(depth, "body");
                self.block(depth + 1, body);
            }
            body => self.line(depth, &format!("body {body}")),
        }
    }

    /// An attempt; an answer with a body that came `before` too is not shown again.
    fn attempt(
        &mut self,
        depth: usize,
        what: &str,
        attempt: &AttemptAccount,
        before: Option<&AttemptAccount>,
    ) {
        let took = attempt.ended - attempt.began;
        let took = if took.is_zero() {
            String::new()
        } else {
            format!(" after {}", human(took))
        };
        let result = match &attempt.result {
            Ok(status) => status.to_string(),
            Err(reason) => match without_body(reason) {
                Some(short) if before.is_some_and(|before| before.result == attempt.result) => {
                    format!("{short}, the same answer")
                }
                _ => self.secrets.cover(reason),
            },
        };
        self.line(depth, &format!("{what}{took}: {result}"));
        if let Some(fault) = &attempt.fault {
            self.line(depth + 1, &format!("network: {fault}"));
        }
        if let Some(arrival) = &attempt.arrival {
            self.arrival(depth + 1, arrival);
        }
        if let Some(next) = attempt.next {
            self.line(depth + 1, &format!("next at {next}"));
        }
    }

    fn arrival(&mut self, depth: usize, arrival: &Arrival) {
        for rejection in &arrival.rejections {
            self.line(
                depth,
                &format!(
                    "MPO, {}: {} ({}), answered {}",
                    arrival.addressed, rejection.reason, rejection.class, arrival.status
                ),
            );
        }
        for task in &arrival.tasks {
            let alias = task
                .alias
                .as_ref()
                .map(|alias| format!(", by alias @{alias}"))
                .unwrap_or_default();
            let reference = task
                .reference
                .as_ref()
                .map(|text| format!(", ref {text}"))
                .unwrap_or_default();
            let waits = if task.waits {
                ", waits in the Start node (debug)"
            } else {
                ""
            };
            self.line(
                depth,
                &format!(
                    "task {} of {}{alias}{reference}{waits}",
                    task.ordinal, task.process
                ),
            );
            for (key, value) in &task.shown {
                let value = self.secrets.cover(value);
                self.line(depth + 1, &format!("{key}: {value}"));
            }
        }
    }

    fn end(&mut self, outcome: &Outcome) {
        let quiet = if outcome.quiet { "quiet" } else { "stopped" };
        self.line(
            0,
            &format!("{} {quiet}: {}", outcome.ended, summary(&outcome.counts)),
        );
    }
}

/// A failure without the body of the answer, if it has one: `INVALID_HTTP_RESPONSE: 403`.
fn without_body(failure: &str) -> Option<&str> {
    let answered = format!("{}: ", FailureReason::InvalidHttpResponse.name());
    let status = failure.strip_prefix(&answered)?.find(' ')?;
    failure.get(..answered.len() + status)
}

/// Everything counted, in one line.
pub(crate) fn summary(counts: &Counts) -> String {
    let mut parts = Vec::new();
    let mut part = |count: u64, one: &str, many: &str| {
        if count > 0 {
            parts.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    };
    part(counts.events, "event", "events");
    part(counts.posts, "other request", "other requests");
    part(counts.messages, "message", "messages");
    part(counts.attempts, "attempt", "attempts");
    part(counts.tasks, "task", "tasks");
    part(counts.rejections, "rejection", "rejections");
    let verdicts: Vec<String> = Kind::WORDS
        .iter()
        .filter(|(kind, _)| counts.by_verdict(*kind) > 0)
        .map(|(kind, word)| format!("{} {}", counts.by_verdict(*kind), word.replace('_', " ")))
        .collect();
    if parts.is_empty() {
        parts.push("nothing happened".into());
    }
    if verdicts.is_empty() {
        parts.join(", ")
    } else {
        format!("{}; {}", parts.join(", "), verdicts.join(", "))
    }
}
