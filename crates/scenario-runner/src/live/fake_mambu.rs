//! A fake Mambu as a library, for other people's tests: templates in, events in, webhooks out.
//!
//! It runs on a thread of its own, so a test's runtime, or its paused clock, is no concern of it.

use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::rc::Rc;
use std::time::Duration;

use mambu_emitter::Configuration;
use mambu_emitter::bank::Bank;
use serde_json::Value;
use sim_world::{World, human};

use super::fake_mpo::NoFake;
use super::mambu_room::MambuRoom;
use super::messages::WebhookMessage;
use super::thread::{Built, FakeThread, Stop};
use super::universe;
use crate::document::{Env, Paint};
use crate::fixture;
use crate::scenario::Secrets;

/// A fake Mambu: templates in, events in, webhooks out.
///
/// ```
/// use std::time::Duration;
/// use scenario_runner::{FakeMambu, FakeMpo};
/// use serde_json::json;
///
/// let mpo = FakeMpo::start()?;
/// let mambu = FakeMambu::start()?;
/// mambu.template(json!({
///     "name": "disbursed", "target": "CLIENT", "event": "LOAN_DISBURSEMENT", "subscriptionOption": "OPT_OUT",
///     "url": mpo.direct_url("intake"), "requestType": "POST", "contentType": "APPLICATION_JSON",
///     "body": r#"{"loan":"{ACCOUNT_ID}","amount":"{TRANSACTION_AMOUNT}"}"#,
/// }))?;
/// mambu.emit(json!({ "amount": 5000 }))?;
/// let task = mpo.await_task(|task| task.data["loan"] == "LN-1001", Duration::from_secs(5))?;
/// assert_eq!(task.data["amount"], "5000.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FakeMambu {
    thread: FakeThread<Office>,
}

/// The bank with the templates it was given so far.
#[derive(Clone)]
struct Office {
    room: MambuRoom,
    templates: Rc<RefCell<Vec<String>>>,
}

/// There was no message that was meant.
#[derive(Clone, Debug, PartialEq)]
pub struct NoMessage {
    /// How long was waited.
    pub within: Duration,
    /// The messages that are there, oldest first.
    pub messages: Vec<WebhookMessage>,
}

impl fmt::Display for NoMessage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "no such message within {}", human(self.within))?;
        if self.messages.is_empty() {
            return out.write_str("; no template made one");
        }
        for message in &self.messages {
            let WebhookMessage {
                ordinal,
                template,
                state,
                attempts,
                ..
            } = message;
            write!(
                out,
                "\n  message {ordinal} of {template}: {state}, attempts {attempts}"
            )?;
            if let (Some(reason), Some(cause)) = (message.failure_reason, &message.failure_cause) {
                write!(out, ", {reason}: {cause}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for NoMessage {}

impl FakeMambu {
    /// A bank with the demo records (client CL-1001, group GRP-3001, loan LN-1001, deposit DP-1001) and no templates. Unlike
    /// Mambu it sends to plain http and to this machine.
    ///
    /// # Errors
    /// When there is no thread for it.
    pub fn start() -> Result<Self, NoFake> {
        let build = async move |world: World, stop: Stop| {
            let mut configuration = Configuration::default();
            configuration.profile.allow_http = true;
            configuration.profile.allow_private = true;
            let room = MambuRoom::new(&world, Bank::demo(), configuration, Secrets::default(), stop);
            let mambu = room.mambu.clone();
            Ok(Built {
                fake: Office {
                    room,
                    templates: Rc::default(),
                },
                told: (),
                closing: Box::pin(async move { mambu.close().await }),
            })
        };
        let (thread, ()) = FakeThread::start("fake-mambu", &universe(0), build)?;
        Ok(Self { thread })
    }

    /// Adds a template: the JSON of the Templates API, as text or as a [`Value`]. Returns the id that messages name it by.
    ///
    /// # Errors
    /// With its mistakes, as they are printed, when it would not work.
    pub fn template(&self, json: impl fmt::Display) -> Result<String, NoFake> {
        let json = json.to_string();
        let added = self
            .thread
            .handle()
            .ask(move |office| async move { office.add(json) });
        added.unwrap_or(Err(NoFake::Stopped))
    }

    /// Lets an event happen, said as in a step of a scenario, as JSON text or as a [`Value`]:
    /// `{ "type": "LOAN_DISBURSEMENT", "amount": 5000 }`. Returns it with what each template makes of it.
    ///
    /// # Errors
    /// With its mistakes, as they are printed.
    pub fn emit(&self, event: impl fmt::Display) -> Result<Value, NoFake> {
        let event = event.to_string();
        let emitted = self
            .thread
            .handle()
            .ask(move |office| async move { office.room.happen(&event) });
        emitted
            .ok_or(NoFake::Stopped)?
            .map_err(|wrong| NoFake::Mistakes(wrong.to_string()))
    }

    /// All messages that are kept, oldest first.
    pub fn messages(&self) -> Vec<WebhookMessage> {
        let messages = self
            .thread
            .handle()
            .ask(|office| async move { office.room.messages() });
        messages.unwrap_or_default()
    }

    /// Blocks until a message is as it is meant to be, such as SENT. In async code whose runtime also runs what is being
    /// tested, take [`message_comes`](Self::message_comes).
    ///
    /// # Errors
    /// With the messages as they are, when the time is over.
    pub fn await_message(
        &self,
        is_meant: impl Fn(&WebhookMessage) -> bool + Send + 'static,
        within: Duration,
    ) -> Result<WebhookMessage, NoMessage> {
        let found = self
            .thread
            .handle()
            .ask(move |office| message(office, is_meant, within));
        found.unwrap_or_else(|| Err(nothing(within)))
    }

    /// [`await_message`](Self::await_message) without blocking. The time is real, whatever the clock of the runtime.
    ///
    /// # Errors
    /// With the messages as they are, when the time is over.
    pub async fn message_comes(
        &self,
        is_meant: impl Fn(&WebhookMessage) -> bool + Send + 'static,
        within: Duration,
    ) -> Result<WebhookMessage, NoMessage> {
        let found = self
            .thread
            .handle()
            .asked(move |office| message(office, is_meant, within));
        found.await.unwrap_or_else(|| Err(nothing(within)))
    }

    /// Forgets events and messages, between two tests; those on their way are not tried again. Templates and records stay.
    /// Attempts that wait for an answer are waited for, at most two seconds: what they start, they have started by then.
    /// So with a [`FakeMpo`](crate::FakeMpo) beside it the bank forgets first.
    pub fn reset(&self) {
        self.thread.handle().ask(|office| async move {
            office.room.forget().await;
            office.room.go_on();
        });
    }
}

impl Office {
    fn add(&self, json: String) -> Result<String, NoFake> {
        let mut templates = self.templates.borrow().clone();
        templates.push(json);
        let mut text =
            "mambu:\n  profile: { allow_http: true, allow_private: true }\n  templates:".to_owned();
        let mut files = Vec::new();
        for (number, template) in (1..).zip(&templates) {
            let _ = write!(text, "\n    template-{number}: template-{number}.json");
            files.push((format!("template-{number}.json"), template.clone()));
        }
        // A scenario has a step; this one changes nothing.
        text.push_str("\nsteps: [set: {}]\n");
        let loaded = fixture::load_text("fake-mambu", "fake-mambu", &text, &files, &Env::default());
        let mistakes = loaded.mistakes(Paint::Plain);
        let scenario = loaded.scenario.ok_or(NoFake::Mistakes(mistakes))?;
        self.room.mambu.configure(scenario.mambu);
        self.room.secrets.replace(scenario.secrets);
        let id = format!("template-{}", templates.len());
        self.templates.replace(templates);
        Ok(id)
    }
}

async fn message(
    office: Office,
    is_meant: impl Fn(&WebhookMessage) -> bool,
    within: Duration,
) -> Result<WebhookMessage, NoMessage> {
    let room = office.room;
    let coming = async {
        loop {
            if let Some(message) = room.messages().into_iter().find(&is_meant) {
                return message;
            }
            room.mambu.journal().recorded().await;
        }
    };
    let came = room.mambu.world().timeout(within, coming).await;
    came.ok_or_else(|| NoMessage {
        within,
        messages: room.messages(),
    })
}

fn nothing(within: Duration) -> NoMessage {
    NoMessage {
        within,
        messages: Vec::new(),
    }
}
