//! The control room on Mambu's port: events come in, messages can be looked at.
//!
//! Mambu's own API comes later; until then everything else is answered as an unknown operation.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::{Request, Response};
use mambu_emitter::bank::Change;
use mambu_emitter::mambu::StoredMessage;
use mambu_emitter::{Happening, Mambu};
use serde_json::{Value, json};
use sim_world::http::Handler;
use sim_world::{ConnectionId, ExchangeId};

use super::http::{answer, refuse, unknown};
use crate::document::{Env, Paint};
use crate::fixture::{self, Loaded};
use crate::scenario::{Action, Secrets};

/// The bank and what its control room knows.
#[derive(Clone)]
pub(super) struct MambuRoom {
    pub(super) mambu: Mambu,
    pub(super) base: Rc<RefCell<Base>>,
    pub(super) secrets: Rc<Secrets>,
}

/// What events are read against: the part of a scenario above its steps, and files that it names.
#[derive(Clone, Debug, Default)]
pub(super) struct Base {
    pub(super) head: String,
    pub(super) files: Vec<(String, String)>,
    pub(super) env: Env,
}

impl Base {
    /// Reads the scenario with this one step.
    pub(super) fn with_step(&self, step: &str) -> Loaded {
        let text = format!("{}\nsteps:\n  - {step}\n", self.head);
        fixture::load_text("live", "(event)", &text, &self.files, &self.env)
    }
}

const ENDPOINTS: &[(&str, &str)] = &[
    ("POST", "/sim/events"),
    ("GET", "/sim/messages"),
    ("GET", "/sim/health"),
];

/// Most bytes of an event.
const MAX_EVENT: usize = 1 << 20;

impl Handler for MambuRoom {
    async fn handle(self: Rc<Self>, _: ExchangeId, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path().to_owned();
        if !path.starts_with("/sim/") {
            // documented: webhooks sheet 6.5, the form; that this is the answer is assumed.
            return answer(
                404,
                json!({ "errors": [{ "errorCode": 3, "errorReason": "INVALID_API_OPERATION" }] }),
            );
        }
        match (request.method().as_str(), path.as_str()) {
            ("GET", "/sim/health") => {
                answer(200, json!({ "health": "ok", "messages": self.messages().len() }))
            }
            ("GET", "/sim/messages") => answer(200, json!({ "messages": self.messages() })),
            ("POST", "/sim/events") => match Limited::new(request.into_body(), MAX_EVENT).collect().await {
                Ok(body) => self.event(&body.to_bytes()),
                Err(_) => refuse(
                    413,
                    format!("an event has at most {MAX_EVENT} bytes"),
                    "send ids, not records",
                ),
            },
            (method, path) => unknown(method, path, ENDPOINTS),
        }
    }

    fn unreadable(&self, _: ConnectionId, _: &str) {}
}

impl MambuRoom {
    fn event(&self, body: &[u8]) -> Response<Full<Bytes>> {
        let change = match self.read(body) {
            Ok(change) => change,
            Err(mistakes) => {
                return refuse(
                    400,
                    mistakes,
                    "the body is an event as in a step of a scenario: {\"type\": \"LOAN_DISBURSEMENT\", \"amount\": 5000}",
                );
            }
        };
        match self.emit(&change) {
            Ok(event) => answer(202, json!({ "event": event })),
            Err(mistake) => refuse(400, mistake, "look at `mposim run` for what the bank has"),
        }
    }

    /// Reads an event as a step of the scenario would say it; mistakes come as text.
    pub(super) fn read(&self, body: &[u8]) -> Result<Change, String> {
        let event: Value = serde_json::from_slice(body).map_err(|error| format!("not JSON: {error}"))?;
        let loaded = self.base.borrow().with_step(&format!("event: {event}"));
        let mistakes = loaded.mistakes(Paint::Plain);
        let step = loaded
            .scenario
            .and_then(|scenario| scenario.steps.into_iter().next());
        match step.map(|step| step.action) {
            Some(Action::Event(change)) => Ok(*change),
            _ => Err(mistakes),
        }
    }

    /// Lets an event happen; returns its ordinal.
    pub(super) fn emit(&self, change: &Change) -> Result<u64, String> {
        self.mambu
            .emit(change)
            .map(|event| event.0)
            .map_err(|mistake| mistake.problem)
    }

    /// Sends a stored message again.
    pub(super) fn resend(&self, stored: StoredMessage) {
        self.mambu.resend(stored);
    }

    /// All messages that are kept, oldest first, with their state.
    pub(super) fn messages(&self) -> Vec<Value> {
        let mut messages: BTreeMap<u64, Value> = BTreeMap::new();
        for entry in self.mambu.journal().entries().iter() {
            match &entry.what {
                Happening::Created {
                    message,
                    template,
                    destination,
                    body,
                    ..
                } => {
                    let body = String::from_utf8_lossy(body);
                    let record = json!({
                        "message": message.0,
                        "template": template,
                        "destination": destination,
                        "body": self.secrets.cover(&body),
                        "state": "QUEUED",
                        "attempts": 0,
                        "failure_reason": null,
                        "failure_cause": null,
                    });
                    messages.insert(message.0, record);
                }
                Happening::Attempted {
                    message,
                    attempt,
                    result,
                    next,
                    ..
                } => {
                    if let Some(record) = messages.get_mut(&message.0) {
                        record["attempts"] = json!(attempt);
                        record["last_status"] = json!(result.as_ref().ok());
                        if next.is_some() {
                            record["state"] = json!("WAITING");
                        }
                    }
                }
                Happening::Ended { message, result } => {
                    if let Some(record) = messages.get_mut(&message.0) {
                        record["state"] = json!(if result.is_ok() { "SENT" } else { "FAILED" });
                        if let Err(failure) = result {
                            record["failure_reason"] = json!(failure.reason.name());
                            record["failure_cause"] = json!(self.secrets.cover(&failure.cause));
                        }
                    }
                }
                _ => {}
            }
        }
        messages.into_values().collect()
    }
}
