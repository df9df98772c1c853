//! The control room on Mambu's port: events come in, messages can be looked at.
//!
//! Mambu's own API comes later; until then everything else is answered as an unknown operation.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use mambu_emitter::bank::Bank;
use mambu_emitter::{Configuration, Mambu};
use serde_json::{Value, json};
use sim_world::http::Handler;
use sim_world::{ConnectionId, ExchangeId, World};

use super::http::{Answer, Refusal, answer, is_control, parameters, plain, unknown};
use super::messages::{Sent, WebhookMessage};
use crate::fixture::{self, EventMistakes};
use crate::scenario::Secrets;

/// The bank and what its control room knows.
#[derive(Clone)]
pub(super) struct MambuRoom {
    pub(super) mambu: Mambu,
    pub(super) secrets: Rc<RefCell<Secrets>>,
}

const ENDPOINTS: &[(&str, &str)] = &[
    ("POST", "/sim/events"),
    ("GET", "/sim/messages"),
    ("GET", "/sim/health"),
];

/// How long forgetting waits for attempts under way. One that takes longer waits for an answer: what it starts, it has
/// started long since.
const LATECOMERS: Duration = Duration::from_secs(2);

/// Most bytes of an event.
const MAX_EVENT: usize = 1 << 20;

impl Handler for MambuRoom {
    async fn handle(self: Rc<Self>, _: ExchangeId, request: Request<Incoming>) -> Answer {
        if !is_control(request.uri().path()) {
            // The form is documented (webhooks sheet 6.5), that this is the answer to every path is ours for now.
            let unknown = json!({ "errors": [{ "errorCode": 3, "errorReason": "INVALID_API_OPERATION" }] });
            return plain(StatusCode::NOT_FOUND, &unknown);
        }
        let query = request.uri().query();
        let answered = match (request.method().as_str(), request.uri().path()) {
            ("POST", "/sim/events") => match parameters(query, []) {
                Ok([]) => self.post_event(request).await,
                Err(refusal) => Err(refusal),
            },
            ("GET", "/sim/messages") => parameters(query, []).map(|[]| self.get_messages()),
            ("GET", "/sim/health") => parameters(query, []).map(|[]| self.get_health()),
            (method, path) => Ok(unknown(method, path, ENDPOINTS)),
        };
        answered.unwrap_or_else(Refusal::answer)
    }

    fn unreadable(&self, _: ConnectionId, _: &str) {}
}

impl MambuRoom {
    pub(super) fn new(world: &World, bank: Bank, configuration: Configuration, secrets: Secrets) -> Self {
        Self {
            mambu: Mambu::new(world, bank, configuration),
            secrets: Rc::new(RefCell::new(secrets)),
        }
    }

    /// Forgets events and messages. When this is over, nothing comes of those that were on their way.
    pub(super) async fn forget(&self) {
        self.mambu.forget();
        self.mambu.forgotten(LATECOMERS).await;
    }

    async fn post_event(&self, request: Request<Incoming>) -> Result<Answer, Refusal> {
        let body = match Limited::new(request.into_body(), MAX_EVENT).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                return Err(Refusal::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    format!("an event has at most {MAX_EVENT} bytes"),
                    "name records by their ids",
                ));
            }
            Err(_) => return Err(Refusal::bad_request("the body broke off", "send it again")),
        };
        let text = std::str::from_utf8(&body)
            .map_err(|_| Refusal::bad_request("the body is not UTF-8", "send JSON"))?;
        Ok(match self.happen(text) {
            Ok(event) => answer(StatusCode::ACCEPTED, event),
            Err(wrong) => {
                let list = wrong.list.iter().map(|mistake| {
                    json!({
                        "message": mistake.message,
                        "hint": mistake.hint,
                        "pointer": mistake.pointer,
                    })
                });
                let mistakes: Vec<Value> = list.collect();
                answer(
                    StatusCode::BAD_REQUEST,
                    json!({
                        "error": "the event cannot happen",
                        "hint": "the body is an event as in a step of a scenario: {\"type\": \"LOAN_DISBURSEMENT\", \"amount\": 5000}",
                        "mistakes": mistakes,
                    }),
                )
            }
        })
    }

    /// Lets an event happen, said as in a step of a scenario; says what each template makes of it.
    pub(super) fn happen(&self, text: &str) -> Result<Value, EventMistakes> {
        let before = self
            .mambu
            .journal()
            .entries()
            .last()
            .map_or(0, |last| last.sequence + 1);
        let tenant = self.mambu.inspect(Configuration::clone);
        let id = fixture::happen(text, &tenant, |change| self.mambu.emit(change))?;
        let new = self.mambu.journal().since(before);
        let event = Sent::of(&new, &self.secrets.borrow()).event(id.0);
        Ok(event.unwrap_or_else(|| json!({ "event": id.0 })))
    }

    fn get_messages(&self) -> Answer {
        let mut json = self.sent().json();
        json["dropped_happenings"] = self.mambu.journal().dropped().into();
        answer(StatusCode::OK, json)
    }

    fn get_health(&self) -> Answer {
        let dropped = self.mambu.journal().dropped();
        answer(
            StatusCode::OK,
            json!({ "health": "ok", "side": "mambu", "dropped_happenings": dropped }),
        )
    }

    fn sent(&self) -> Sent {
        Sent::of(&self.mambu.journal().entries(), &self.secrets.borrow())
    }

    /// All messages that are kept, oldest first.
    pub(super) fn messages(&self) -> Vec<WebhookMessage> {
        self.sent().messages()
    }
}
