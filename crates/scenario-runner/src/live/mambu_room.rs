//! The control room on Mambu's port: events come in, messages can be looked at.
//!
//! Mambu's own API comes later; until then everything else is answered as an unknown operation.

use std::cell::{OnceCell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use mambu_emitter::bank::Bank;
use mambu_emitter::message::State;
use mambu_emitter::{Configuration, Mambu};
use serde_json::{Value, json};
use sim_world::http::Handler;
use sim_world::{ConnectionId, ExchangeId, Instant, World};
use tokio::sync::watch;

use super::http::{
    Answer, Elsewhere, Refusal, answer, is_control, method_of, parameters, plain, read, unknown,
};
use super::messages::{Sent, WebhookMessage};
use super::mpo_room::{self, MpoRoom};
use super::thread::{Handle, Stop};
use super::waiting::{Wait, Waited, no_more, until};
use crate::fixture::{self, EventMistakes};
use crate::scenario::Secrets;

/// The bank and what its control room knows.
#[derive(Clone)]
pub(super) struct MambuRoom {
    pub(super) mambu: Mambu,
    /// The records as they were in the beginning.
    beginning: Rc<Bank>,
    pub(super) secrets: Rc<RefCell<Secrets>>,
    /// Until when at most events wait for both sides to forget; `None` when they need not.
    forgetting: Rc<watch::Sender<Option<Instant>>>,
    /// The orchestrator beside it, if there is one, and where that listens.
    mpo: Rc<OnceCell<(Handle<MpoRoom>, String)>>,
    stop: Stop,
}

pub(super) const ENDPOINTS: &[(&str, &str)] = &[
    ("POST", "/sim/events"),
    ("GET", "/sim/messages"),
    ("GET", "/sim/health"),
];

/// How long forgetting waits for attempts under way. One that takes longer waits for an answer: what it starts, it has
/// started long since.
const LATECOMERS: Duration = Duration::from_secs(2);

/// What to send.
const EXAMPLE: &str =
    r#"the body is an event as in a step of a scenario: {"type": "LOAN_DISBURSEMENT", "amount": 5000}"#;

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
        let answered = match (method_of(&request), request.uri().path()) {
            ("POST", "/sim/events") => match parameters(query, []) {
                Ok([]) => self.post_event(request).await,
                Err(refusal) => Err(refusal),
            },
            ("GET", "/sim/messages") => self.get_messages(query).await,
            ("GET", "/sim/health") => parameters(query, []).map(|[]| self.get_health()),
            (method, path) => {
                let elsewhere = self.mpo.get().map(|(_, server)| Elsewhere {
                    whose: "MPO's",
                    server,
                    known: mpo_room::ENDPOINTS,
                });
                Ok(unknown(method, path, ENDPOINTS, elsewhere.as_ref()))
            }
        };
        answered.unwrap_or_else(Refusal::answer)
    }

    fn unreadable(&self, _: ConnectionId, _: &str) {}
}

impl MambuRoom {
    pub(super) fn new(
        world: &World,
        bank: Bank,
        configuration: Configuration,
        secrets: Secrets,
        stop: Stop,
    ) -> Self {
        // A tenant that no fixture has is somebody's real one.
        world.network().never_contact("mambu.com");
        Self {
            beginning: Rc::new(bank.clone()),
            mambu: Mambu::new(world, bank, configuration),
            secrets: Rc::new(RefCell::new(secrets)),
            forgetting: Rc::new(watch::Sender::new(None)),
            mpo: Rc::default(),
            stop,
        }
    }

    /// Says which orchestrator's tasks go with its messages.
    pub(super) fn stands_beside(&self, mpo: Handle<MpoRoom>, server: String) {
        let _ = self.mpo.set((mpo, server));
    }

    /// Forgets events and messages. When this is over, nothing comes of those that were on their way. Events that come
    /// meanwhile wait until [`go_on`](Self::go_on), so that both sides forget them or neither.
    pub(super) async fn forget(&self) {
        // Whoever forgets may be gone before it is over.
        let at_most = self.mambu.world().now() + 2 * LATECOMERS;
        self.forgetting.send_replace(Some(at_most));
        self.mambu.forget();
        self.mambu.forgotten(LATECOMERS).await;
    }

    /// Takes events again.
    pub(super) fn go_on(&self) {
        self.forgetting.send_replace(None);
    }

    async fn takes_events(&self) {
        let mut forgetting = self.forgetting.subscribe();
        let Some(at_most) = *forgetting.borrow_and_update() else {
            return;
        };
        let world = self.mambu.world();
        let left = at_most - world.now();
        let over = pin!(forgetting.wait_for(Option::is_none));
        let _ = world.timeout(left, over).await;
    }

    /// Puts the records back as they were in the beginning.
    pub(super) fn put_back(&self) {
        self.mambu.replace_bank(Bank::clone(&self.beginning));
    }

    async fn post_event(&self, request: Request<Incoming>) -> Result<Answer, Refusal> {
        let body = read(self.mambu.world(), request.into_body(), MAX_EVENT).await?;
        let body = body.ok_or_else(|| {
            Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("an event has at most {MAX_EVENT} bytes"),
                "name records by their ids",
            )
        })?;
        let text = std::str::from_utf8(&body)
            .map_err(|_| Refusal::bad_request("the body is not UTF-8", "send JSON"))?;
        if text.trim().is_empty() {
            return Err(Refusal::bad_request("the body is empty", EXAMPLE));
        }
        self.takes_events().await;
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
                        "hint": EXAMPLE,
                        "mistakes": mistakes,
                        "shown": wrong.to_string(),
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
        let id = fixture::happen(
            text,
            &tenant,
            || self.mambu.bank(),
            |change| self.mambu.emit(change),
        )?;
        let new = self.mambu.journal().since(before);
        let event = Sent::of(&new, &self.secrets.borrow()).event(id.0);
        Ok(event.unwrap_or_else(|| json!({ "event": id.0 })))
    }

    async fn get_messages(&self, query: Option<&str>) -> Result<Answer, Refusal> {
        let [template, state, count, wait] = parameters(query, ["template", "state", "count", "await"])?;
        let wait = Wait::read(count.as_deref(), wait.as_deref())?;
        let filter = Filter {
            template: template.map(|name| self.template(name)).transpose()?,
            state: state.map(|name| state_of(&name)).transpose()?,
        };
        let began = self.mambu.world().now();
        let ended = match wait {
            None => Waited::Came,
            Some(wait) => self.await_messages(&filter, wait).await,
        };
        let sent = self.sent();
        let meant = sent.messages().filter(|message| filter.is_met(message));
        let mut messages: Vec<Value> = meant.map(WebhookMessage::json).collect();
        self.add_outcomes(&mut messages).await;
        match (ended, wait) {
            (Waited::Stopped, _) => Err(no_more()),
            (Waited::InVain, Some(wait)) => {
                let nearest = json!({
                    "other_messages": sent.newest(began, |message| !filter.is_met(message)),
                    "events": sent.filtered(began),
                });
                let hint = "other messages, and events that no template sent, stand under `nearest`, the newest last";
                Ok(wait.in_vain("messages", messages, hint, &nearest))
            }
            _ => {
                let dropped = self.mambu.journal().dropped();
                let body =
                    json!({ "messages": messages, "events": sent.events(), "dropped_happenings": dropped });
                Ok(answer(StatusCode::OK, body))
            }
        }
    }

    async fn await_messages(&self, filter: &Filter, wait: Wait) -> Waited {
        let (mut era, mut next, mut sent) = (self.mambu.era(), 0, Sent::default());
        let look = || {
            if self.mambu.era() != era {
                (era, sent) = (self.mambu.era(), Sent::default());
            }
            let new = self.mambu.journal().since(next);
            sent.go_on(&new, &self.secrets.borrow());
            next = new.last().map_or(next, |last| last.sequence + 1);
            let meant = sent.messages().filter(|message| filter.is_met(message));
            meant.take(wait.count).count() == wait.count
        };
        let journal = self.mambu.journal();
        until(self.mambu.world(), journal, &self.stop, wait.within, look).await
    }

    /// Says of each message what it came to at MPO.
    async fn add_outcomes(&self, messages: &mut [Value]) {
        let Some((mpo, _)) = self.mpo.get() else {
            return;
        };
        let exchanges = self.mambu.exchanges();
        let outcomes = mpo.asked(|room| async move { room.outcomes(&exchanges) }).await;
        let outcomes = outcomes.unwrap_or_default();
        for message in messages {
            let ordinal = message["message"].as_u64().unwrap_or_default();
            let outcome = outcomes.get(&ordinal).cloned().unwrap_or_default();
            message["tasks"] = outcome.tasks.into();
            message["rejections"] = outcome.rejections.into();
        }
    }

    fn template(&self, name: String) -> Result<String, Refusal> {
        self.mambu.inspect(|tenant| {
            let known: Vec<String> = tenant
                .templates
                .iter()
                .map(|template| template.id.clone())
                .collect();
            if known.contains(&name) {
                Ok(name)
            } else {
                Err(Refusal::unknown("template", &name, &known))
            }
        })
    }

    /// What did not get as far as MPO: events that no template sent, and messages that are not SENT.
    pub(super) fn unsent(&self, began: Instant) -> Unsent {
        let sent = self.sent();
        Unsent {
            events: sent.filtered(began),
            messages: sent.newest(began, |message| message.state != State::Sent),
        }
    }

    /// The messages whose attempts some exchanges were.
    pub(super) fn messages_of(&self, exchanges: &[Option<ExchangeId>]) -> Vec<Option<u64>> {
        let known = self.mambu.exchanges();
        let message = |exchange: &Option<ExchangeId>| Some(known.get(exchange.as_ref()?)?.0);
        exchanges.iter().map(message).collect()
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
        self.sent().messages().cloned().collect()
    }
}

/// Which messages are asked for.
struct Filter {
    template: Option<String>,
    state: Option<State>,
}

impl Filter {
    fn is_met(&self, message: &WebhookMessage) -> bool {
        let template = self.template.as_ref();
        template.is_none_or(|template| *template == message.template)
            && self.state.is_none_or(|state| state == message.state)
    }
}

fn state_of(name: &str) -> Result<State, Refusal> {
    let known: Vec<String> = State::ALL.iter().map(ToString::to_string).collect();
    State::from_name(name).ok_or_else(|| Refusal::unknown("state", name, &known))
}

/// What did not get as far as MPO.
#[derive(Debug, Default)]
pub(super) struct Unsent {
    pub(super) events: Vec<Value>,
    pub(super) messages: Vec<Value>,
}
