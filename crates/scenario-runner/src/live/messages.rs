//! What became of the bank's events, for callers: a fold over what the bank wrote down.

use std::collections::BTreeMap;

use mambu_emitter::Happening;
use mambu_emitter::condition::Outcome;
use mambu_emitter::message::State;
use mambu_emitter::verdict::TemplateVerdict;
use serde_json::{Value, json};
use sim_world::Stamped;

use crate::scenario::Secrets;

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
    fn json(&self) -> Value {
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
    kind: &'static str,
    about: String,
    verdicts: Vec<Value>,
}

/// The events and messages that the bank's journal still tells of.
#[derive(Debug, Default)]
pub(super) struct Sent {
    events: BTreeMap<u64, Considered>,
    messages: BTreeMap<u64, WebhookMessage>,
}

impl Sent {
    pub(super) fn of(entries: &[Stamped<Happening>], secrets: &Secrets) -> Self {
        let mut sent = Self::default();
        for entry in entries {
            sent.take(&entry.what, secrets);
        }
        sent
    }

    pub(super) fn messages(self) -> Vec<WebhookMessage> {
        self.messages.into_values().collect()
    }

    /// All messages and all events, oldest first.
    pub(super) fn json(&self) -> Value {
        let messages: Vec<Value> = self.messages.values().map(WebhookMessage::json).collect();
        let events: Vec<Value> = self.events.keys().filter_map(|id| self.event(*id)).collect();
        json!({ "messages": messages, "events": events })
    }

    /// One event with the verdict of each template.
    pub(super) fn event(&self, id: u64) -> Option<Value> {
        let Considered {
            kind,
            about,
            verdicts,
        } = self.events.get(&id)?;
        Some(json!({ "event": id, "type": kind, "about": about, "verdicts": verdicts }))
    }

    fn take(&mut self, what: &Happening, secrets: &Secrets) {
        match what {
            Happening::Event { id, event, about } => {
                let considered = Considered {
                    kind: event.name(),
                    about: secrets.cover(about),
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
                result,
                next,
                ..
            } => {
                if let Some(message) = self.messages.get_mut(&message.0) {
                    message.attempts = *attempt;
                    message.status = result.as_ref().ok().copied();
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
        "verdict": secrets.cover(&verdict.to_string()),
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
