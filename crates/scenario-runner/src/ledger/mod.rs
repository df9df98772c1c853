//! The ledger: a causal account of a run, ordered by cause (step, template, message, attempt, task) with its instants.
//!
//! Ordinals count within their step, so that an inserted step changes its own lines and no others. Nothing here is
//! random or secret.

use std::collections::BTreeMap;

use mambu_emitter::message::Failure;
use mambu_emitter::template::{ContentType, RequestType};
use mambu_emitter::verdict::TemplateVerdict;
use serde_json::{Map, Value};
use sim_world::Instant;

mod build;
mod json;
mod text;
mod verdict;

pub use build::{Unaccounted, build};
pub use json::to_json;
pub use text::to_text;
pub use verdict::Verdict;
pub(crate) use verdict::words_of;

use crate::expectation::Kind;

/// What became of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The scenario's name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// The seed.
    pub seed: u64,
    /// The world's clock at the first moment, RFC 3339.
    pub start: String,
    /// The steps, in order of time.
    pub steps: Vec<StepAccount>,
    /// When the run ended.
    pub ended: Instant,
    /// Whether it ended because nothing was left to happen.
    pub quiet: bool,
    /// Everything counted.
    pub counts: Counts,
}

/// One step and everything that followed from it.
#[derive(Clone, Debug)]
pub struct StepAccount {
    /// Its place in the fixture, from 1.
    pub number: usize,
    /// When it happened.
    pub at: Instant,
    /// What the fixture calls it.
    pub name: Option<String>,
    /// What it did.
    pub what: What,
    /// Its verdict; steps that only change the world have none.
    pub verdict: Option<Verdict>,
}

/// What a step did.
#[derive(Clone, Debug)]
pub enum What {
    /// Something happened in the bank.
    Event {
        /// The event.
        event: String,
        /// What it was about.
        about: String,
        /// What each template made of it.
        templates: Vec<TemplateAccount>,
    },
    /// Somebody else sent a request.
    Post {
        /// Whom it was for.
        to: String,
        /// HTTP method.
        method: String,
        /// Names of its headers.
        headers: Vec<String>,
        /// Its body.
        body: String,
        /// What came of it.
        attempt: Option<Box<AttemptAccount>>,
    },
    /// A failed message of the communication log went out again.
    Message {
        /// The event that it is about.
        event: String,
        /// The template whose headers and credentials it goes with.
        template: String,
        /// Why it had failed, as its record says.
        failed_with: Option<String>,
        /// What came of it.
        message: Option<Box<MessageAccount>>,
    },
    /// Configuration changed.
    Set {
        /// What changed.
        said: Vec<String>,
    },
    /// The network began to fail.
    Fault {
        /// The host.
        host: String,
        /// How, and how long.
        said: String,
    },
}

impl What {
    /// The same in a few words: `event LOAN_DISBURSEMENT`.
    pub fn brief(&self) -> String {
        match self {
            Self::Event { event, .. } => format!("event {event}"),
            Self::Post { to, method, .. } => format!("{method} to {to}"),
            Self::Set { .. } => "set".to_owned(),
            Self::Fault { host, .. } => format!("fault at {host}"),
            Self::Message { .. } => "message".to_owned(),
        }
    }
}

/// What a template made of an event.
#[derive(Clone, Debug)]
pub struct TemplateAccount {
    /// The template's id.
    pub template: String,
    /// The event as the template sees it.
    pub event: String,
    /// Its verdict.
    pub verdict: TemplateVerdict,
    /// The message, if it fired.
    pub message: Option<MessageAccount>,
}

/// A message and its way.
#[derive(Clone, Debug)]
pub struct MessageAccount {
    /// Its ordinal within the step.
    pub ordinal: u64,
    /// HTTP method.
    pub request_type: RequestType,
    /// Kind of the body.
    pub content_type: ContentType,
    /// The rendered URL, masked.
    pub destination: String,
    /// How it proves who sends it.
    pub authorization: &'static str,
    /// Names of its custom headers.
    pub headers: Vec<String>,
    /// The rendered body.
    pub body: String,
    /// Its attempts, in order.
    pub attempts: Vec<AttemptAccount>,
    /// How it ended and when, if it did.
    pub end: Option<(Instant, Result<(), Failure>)>,
    /// Its verdict.
    pub verdict: Verdict,
}

/// One exchange, seen from both ends.
#[derive(Clone, Debug)]
pub struct AttemptAccount {
    /// Which attempt, from 1.
    pub number: u32,
    /// When it began.
    pub began: Instant,
    /// When it ended.
    pub ended: Instant,
    /// The sender's side: the status, or why there was no good one.
    pub result: Result<u16, String>,
    /// What the network did to it.
    pub fault: Option<String>,
    /// The receiver's side, if it got there.
    pub arrival: Option<Arrival>,
    /// When the next attempt is due.
    pub next: Option<Instant>,
}

/// What the receiver made of a request.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Whom it was for.
    pub addressed: String,
    /// The status it answered.
    pub status: u16,
    /// The tasks that began.
    pub tasks: Vec<TaskAccount>,
    /// Why tasks did not begin.
    pub rejections: Vec<RejectionAccount>,
}

/// A task that began.
#[derive(Clone, Debug)]
pub struct TaskAccount {
    /// Its ordinal within the step.
    pub ordinal: u64,
    /// The process it runs in.
    pub process: String,
    /// The alias it was reached by.
    pub alias: Option<String>,
    /// Its reference.
    pub reference: Option<String>,
    /// Whether it waits in the Start node, because its process is in debug.
    pub waits: bool,
    /// Its data.
    pub data: Map<String, Value>,
    /// Its data as texts, with the digits of numbers that were sent.
    pub shown: BTreeMap<String, String>,
}

/// Why a task did not begin.
#[derive(Clone, Debug)]
pub struct RejectionAccount {
    /// The class, from the closed list.
    pub class: &'static str,
    /// The reason as a sentence.
    pub reason: String,
    /// Whether the Start node's authorization said no.
    pub access_denied: bool,
}

/// Everything counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events of the bank.
    pub events: u64,
    /// Requests of others.
    pub posts: u64,
    /// Messages.
    pub messages: u64,
    /// Attempts, requests of others not counted.
    pub attempts: u64,
    /// Tasks.
    pub tasks: u64,
    /// Requests that the orchestrator rejected.
    pub rejections: u64,
    /// Steps by verdict.
    pub verdicts: [u64; Kind::WORDS.len()],
}

impl Counts {
    /// How many steps had a verdict of this kind.
    pub fn by_verdict(&self, kind: Kind) -> u64 {
        self.verdicts[kind as usize]
    }
}

impl StepAccount {
    /// The messages that followed from it.
    pub fn messages(&self) -> impl Iterator<Item = &MessageAccount> {
        self.sent().map(|(_, message)| message)
    }

    /// The messages that followed from it, each with its template.
    fn sent(&self) -> impl Iterator<Item = (&str, &MessageAccount)> {
        let (templates, resent) = match &self.what {
            What::Event { templates, .. } => (templates.as_slice(), None),
            What::Message {
                template, message, ..
            } => {
                let message = message.as_deref();
                (&[][..], message.map(|message| (template.as_str(), message)))
            }
            _ => (&[][..], None),
        };
        templates
            .iter()
            .filter_map(|account| Some((account.template.as_str(), account.message.as_ref()?)))
            .chain(resent)
    }

    /// The verdicts on its messages, each with its template; where there is no message, the step's own.
    pub(crate) fn verdicts(&self) -> Vec<(Option<&str>, &Verdict)> {
        let of_messages: Vec<_> = match &self.what {
            What::Event { templates, .. } => templates
                .iter()
                .filter_map(|account| {
                    Some((
                        Some(account.template.as_str()),
                        &account.message.as_ref()?.verdict,
                    ))
                })
                .collect(),
            _ => Vec::new(),
        };
        if of_messages.is_empty() {
            self.verdict.iter().map(|verdict| (None, verdict)).collect()
        } else {
            of_messages
        }
    }

    /// The tasks that followed from it.
    pub fn tasks(&self) -> impl Iterator<Item = &TaskAccount> {
        self.tasks_of(None)
    }

    /// The tasks that followed from what one template made of it; without a template, all of them.
    pub fn tasks_of(&self, id: Option<&str>) -> impl Iterator<Item = &TaskAccount> {
        let posted = match &self.what {
            What::Post { attempt, .. } if id.is_none() => attempt.as_deref(),
            _ => None,
        };
        self.sent()
            .filter(move |(template, _)| id.is_none_or(|id| id == *template))
            .flat_map(|(_, message)| &message.attempts)
            .chain(posted)
            .filter_map(|attempt| attempt.arrival.as_ref())
            .flat_map(|arrival| &arrival.tasks)
    }

    /// The verdict on what one template made of it.
    pub fn template_verdict(&self, id: &str) -> Option<Verdict> {
        let templates = match &self.what {
            What::Event { templates, .. } => templates,
            What::Message {
                template, message, ..
            } if template == id => {
                return Some(message.as_ref()?.verdict.clone());
            }
            _ => return None,
        };
        let template = templates.iter().find(|template| template.template == id)?;
        Some(match &template.message {
            Some(message) => message.verdict.clone(),
            None => Verdict::filtered(std::slice::from_ref(template)),
        })
    }
}
