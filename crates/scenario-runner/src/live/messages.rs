//! What became of the bank's events, for callers: a fold over what the bank wrote down.

use std::collections::BTreeMap;

use mambu_emitter::Happening;
use mambu_emitter::condition::Outcome;
use mambu_emitter::message::State;
use mambu_emitter::verdict::TemplateVerdict;
use serde_json::{Value, json};
use sim_world::{Instant, Stamped};

use crate::scenario::Secrets;

/// Most of each kind that a nearest miss shows: the newest.
pub(super) const NEAREST: usize = 10;

/// What was collected from the newest on.
pub(super) fn oldest_first(newest_first: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut list: Vec<Value> = newest_first.collect();
    list.reverse();
    list
}

/// A message of the fake bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookMessage {
    /// Its number in order of creation, from 1.
    pub ordinal: u64,
    /// The number of the event it is about; `None` for one that was sent again.
    pub event: Option<u64>,
    /// The id of its template.
    pub template: String,
    /// The HTTP method.
    pub method: &'static str,
    /// The URL, without its hash, query and credentials.
    pub destination: String,
    /// The rendered body, secrets covered.
    pub body: String,
    /// Where it stands, as in the communication log.
    pub state: State,
    /// How many attempts have ended.
    pub attempts: u32,
    /// The status of the last answer, if the last attempt got one that was 2xx.
    pub status: Option<u16>,
    /// `failureReason`, of the last attempt or of the message.
    pub failure_reason: Option<&'static str>,
    /// `failureCause`, secrets covered.
    pub failure_cause: Option<String>,
}

impl WebhookMessage {
    pub(super) fn json(&self) -> Value {
        json!({
            "message": self.ordinal,
            "event": self.event,
            "template": self.template,
            "method": self.method,
            "destination": self.destination,
            "body": self.body,
            "state": self.state.name(),
            "attempts": self.attempts,
            "last_status": self.status,
            "failure_reason": self.failure_reason,
            "failure_cause": self.failure_cause,
        })
    }
}

/// An event, and what each template made of it.
#[derive(Clone, Debug)]
struct Considered {
    at: Instant,
    kind: &'static str,
    about: String,
    verdicts: Vec<Value>,
}

/// The events and messages that the bank's journal still tells of.
#[derive(Debug, Default)]
pub(super) struct Sent {
    events: BTreeMap<u64, Considered>,
    messages: BTreeMap<u64, WebhookMessage>,
    /// When something last happened to a message.
    touched: BTreeMap<u64, Instant>,
}

impl Sent {
    pub(super) fn of(entries: &[Stamped<Happening>], secrets: &Secrets) -> Self {
        let mut sent = Self::default();
        sent.go_on(entries, secrets);
        sent
    }

    /// Takes what is new.
    pub(super) fn go_on(&mut self, entries: &[Stamped<Happening>], secrets: &Secrets) {
        for entry in entries {
            self.take(entry.at, &entry.what, secrets);
        }
    }

    /// All messages, oldest first.
    pub(super) fn messages(&self) -> impl DoubleEndedIterator<Item = &WebhookMessage> {
        self.messages.values()
    }

    /// All events, oldest first.
    pub(super) fn events(&self) -> Vec<Value> {
        self.events.keys().filter_map(|id| self.event(*id)).collect()
    }

    /// The newest events that no template sent.
    pub(super) fn filtered(&self, began: Instant) -> Vec<Value> {
        let unsent = self.events.iter().rev().filter(|(_, event)| {
            let mut verdicts = event.verdicts.iter();
            verdicts.all(|verdict| verdict["fires"] == false)
        });
        let newest = unsent.take(NEAREST).filter_map(|(id, event)| {
            let mut json = self.event(*id)?;
            json["while_waiting"] = (event.at >= began).into();
            Some(json)
        });
        oldest_first(newest)
    }

    /// The newest messages of some kind.
    pub(super) fn newest(&self, began: Instant, is_meant: impl Fn(&WebhookMessage) -> bool) -> Vec<Value> {
        let meant = self.messages.values().rev().filter(|message| is_meant(message));
        let newest = meant.take(NEAREST).map(|message| {
            let mut json = message.json();
            let touched = self.touched.get(&message.ordinal);
            json["while_waiting"] = touched.is_some_and(|at| *at >= began).into();
            json
        });
        oldest_first(newest)
    }

    /// One event with the verdict of each template.
    pub(super) fn event(&self, id: u64) -> Option<Value> {
        let Considered {
            kind,
            about,
            verdicts,
            ..
        } = self.events.get(&id)?;
        Some(json!({ "event": id, "type": kind, "about": about, "verdicts": verdicts }))
    }

    fn take(&mut self, at: Instant, what: &Happening, secrets: &Secrets) {
        if let Happening::Created { message, .. }
        | Happening::Attempted { message, .. }
        | Happening::Ended { message, .. } = what
        {
            self.touched.insert(message.0, at);
        }
        match what {
            Happening::Event { id, event, about } => {
                let considered = Considered {
                    at,
                    kind: event.name(),
                    about: secrets.cover_ours(about),
                    verdicts: Vec::new(),
                };
                self.events.insert(id.0, considered);
            }
            Happening::Considered {
                id,
                template,
                verdict,
                ..
            } => {
                if let Some(event) = self.events.get_mut(&id.0) {
                    event.verdicts.push(verdict_json(template, verdict, secrets));
                }
            }
            Happening::Created {
                id,
                message,
                template,
                request_type,
                destination,
                body,
                ..
            } => {
                let verdicts = id
                    .and_then(|id| self.events.get_mut(&id.0))
                    .map(|event| &mut event.verdicts);
                if let Some(verdict) = verdicts.and_then(|verdicts| verdicts.last_mut()) {
                    verdict["message"] = message.0.into();
                }
                let message = WebhookMessage {
                    ordinal: message.0,
                    event: id.map(|id| id.0),
                    template: template.to_string(),
                    method: request_type.name(),
                    destination: destination.to_string(),
                    body: secrets.cover(&String::from_utf8_lossy(body)),
                    state: State::Queued,
                    attempts: 0,
                    status: None,
                    failure_reason: None,
                    failure_cause: None,
                };
                self.messages.insert(message.ordinal, message);
            }
            Happening::Attempted {
                message,
                attempt,
                status,
                result,
                next,
                ..
            } => {
                if let Some(message) = self.messages.get_mut(&message.0) {
                    message.attempts = *attempt;
                    message.status = *status;
                    message.fail(result.as_ref().err(), secrets);
                    if next.is_some() {
                        message.state = State::Waiting;
                    }
                }
            }
            Happening::Ended { message, result } => {
                if let Some(message) = self.messages.get_mut(&message.0) {
                    message.state = if result.is_ok() {
                        State::Sent
                    } else {
                        State::Failed
                    };
                    message.fail(result.as_ref().err(), secrets);
                }
            }
            Happening::Resent { .. } => {}
        }
    }
}

impl WebhookMessage {
    fn fail(&mut self, failure: Option<&mambu_emitter::message::Failure>, secrets: &Secrets) {
        self.failure_reason = failure.map(|failure| failure.reason.name());
        self.failure_cause = failure.map(|failure| secrets.cover(&failure.cause));
    }
}

/// What a template made of an event: whether a message was made, why, and each condition with the value it saw.
fn verdict_json(template: &str, verdict: &TemplateVerdict, secrets: &Secrets) -> Value {
    let mut json = json!({
        "template": template,
        "fires": verdict.fires(),
        "verdict": secrets.cover_ours(&verdict.to_string()),
    });
    if let Some(outcome) = conditions(verdict) {
        let clauses = outcome.clauses.iter().map(|clause| {
            json!({
                "clause": secrets.cover(&clause.clause),
                "holds": clause.holds,
                "saw": clause.saw.as_ref().map(|saw| secrets.cover(saw)),
                "note": clause.note,
            })
        });
        json["clauses"] = clauses.collect();
    }
    json
}

/// The conditions of a template that got as far as to look at them.
pub(super) fn conditions(verdict: &TemplateVerdict) -> Option<&Outcome> {
    match verdict {
        TemplateVerdict::Fires { outcome } | TemplateVerdict::NoMatch { outcome } => Some(outcome),
        _ => None,
    }
}
