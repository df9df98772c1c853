//! Makes the ledger from the stream: joins the two ends of every exchange and puts everything under its cause.
//!
//! What cannot be put anywhere is an error: a run accounts for everything that happened.

use std::collections::{BTreeMap, HashMap};

use mambu_emitter::Happening as Bank;
use mambu_emitter::happening::EventId;
use mambu_emitter::message::{Failure, FailureReason, MessageId};
use mpo_process::ProcessState;
use mpo_receiver::{Happening as Orchestrator, Received};
use sim_world::{ConnectionId, ExchangeId, Instant, Stamped};

use super::{
    Arrival, AttemptAccount, Counts, MessageAccount, Outcome, RejectionAccount, StepAccount, TaskAccount,
    TemplateAccount, Verdict, What,
};
use crate::scenario::{Action, NetworkFault, Scenario, Step};
use crate::stream::{Deed, Entry};

/// Happenings that belong to no step: a mistake of this program, never of a fixture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not accounted for: {}", .0.join("; "))]
pub struct Unaccounted(pub Vec<String>);

/// Makes the ledger of a run.
///
/// # Errors
/// When something happened that follows from no step.
pub fn build(
    scenario: &Scenario,
    seed: u64,
    entries: Vec<Stamped<Entry>>,
    ended: Instant,
    quiet: bool,
) -> Result<Outcome, Unaccounted> {
    let mut sorted = Sorted::new(entries);
    let mut steps = Vec::new();
    for step in &scenario.steps {
        let Some(at) = sorted.begun.get(&step.number).copied() else {
            continue;
        };
        steps.push(sorted.step(step, at));
    }
    sorted.nothing_left()?;
    let counts = count(&steps);
    Ok(Outcome {
        name: scenario.name.clone(),
        description: scenario.description.clone(),
        seed,
        start: scenario.start.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        steps,
        ended,
        quiet,
        counts,
    })
}

/// The stream, sorted by what its entries belong to. Entries are taken out as they find their place.
#[derive(Default)]
struct Sorted {
    begun: BTreeMap<usize, Instant>,
    events: BTreeMap<usize, EventId>,
    about: HashMap<EventId, (String, String)>,
    considered: HashMap<EventId, Vec<Considered>>,
    messages: HashMap<MessageId, Message>,
    resends: BTreeMap<usize, MessageId>,
    resent: HashMap<MessageId, (What, Option<Result<(), Failure>>)>,
    posts: HashMap<usize, AttemptAccount>,
    arrivals: HashMap<ExchangeId, Arrival>,
    unreadable: HashMap<ConnectionId, String>,
    faults: HashMap<ConnectionId, String>,
    exchanges: HashMap<(Whose, u32), ExchangeId>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Whose {
    Message(MessageId),
    Step(usize),
}

/// A template that looked at an event, and the message that followed.
type Considered = (TemplateAccount, Option<MessageId>);

struct Message {
    account: MessageAccount,
}

impl Sorted {
    fn new(entries: Vec<Stamped<Entry>>) -> Self {
        let mut sorted = Self::default();
        for entry in entries {
            match entry.what {
                Entry::Bank(happening) => sorted.bank(happening, entry.at),
                Entry::Orchestrator(received) => sorted.orchestrator(received),
                Entry::Network(struck) => {
                    // A refused connection has no other end to join it with; the sender's side says all of it.
                    if struck.fault != sim_world::network::Fault::Refuse {
                        sorted.faults.insert(struck.connection, struck.fault.to_string());
                    }
                }
                Entry::Runner(deed) => sorted.runner(deed, entry.at),
            }
        }
        sorted
    }

    fn bank(&mut self, happening: Bank, at: Instant) {
        match happening {
            Bank::Event { id, event, about } => {
                self.about.insert(id, (event.to_string(), about));
            }
            Bank::Resent {
                message,
                event,
                template,
                failed_with,
            } => {
                let what = What::Message {
                    event: event.to_string(),
                    template: template.to_string(),
                    failed_with,
                    message: None,
                };
                self.resent.insert(message, (what, None));
            }
            Bank::Considered {
                id,
                event,
                template,
                verdict,
            } => {
                let account = TemplateAccount {
                    template: template.to_string(),
                    event: event.to_string(),
                    verdict,
                    message: None,
                };
                self.considered.entry(id).or_default().push((account, None));
            }
            Bank::Created {
                id,
                message,
                request_type,
                content_type,
                destination,
                authorization,
                headers,
                body,
                ..
            } => {
                // The message follows from the template that looked last.
                if let Some((_, made)) = id
                    .and_then(|id| self.considered.get_mut(&id))
                    .and_then(|templates| templates.last_mut())
                {
                    *made = Some(message);
                }
                let account = MessageAccount {
                    ordinal: 0,
                    request_type,
                    content_type,
                    destination: destination.to_string(),
                    authorization,
                    headers: headers.to_vec(),
                    body: String::from_utf8_lossy(&body).into_owned(),
                    attempts: Vec::new(),
                    end: None,
                    verdict: Verdict::of(&[], None),
                };
                self.messages.insert(message, Message { account });
            }
            Bank::Attempted {
                message,
                attempt,
                began,
                exchange,
                result,
                next,
                ..
            } => {
                if let Some(exchange) = exchange {
                    self.exchanges
                        .insert((Whose::Message(message), attempt), exchange);
                }
                if let Some(known) = self.messages.get_mut(&message) {
                    known.account.attempts.push(AttemptAccount {
                        number: attempt,
                        began,
                        ended: at,
                        result: result.map_err(|failure| failure.to_string()),
                        fault: None,
                        arrival: None,
                        next: next.map(|delay| at + delay),
                    });
                }
            }
            Bank::Ended { message, result } => {
                if let Some(known) = self.messages.get_mut(&message) {
                    known.account.end = Some((at, result));
                } else if let Some((_, end)) = self.resent.get_mut(&message) {
                    // Its template is gone, so that it was never made.
                    *end = Some(result);
                }
            }
        }
    }

    fn orchestrator(&mut self, received: Received) {
        match received {
            Received::Request { exchange, happening } => {
                self.arrivals.insert(exchange, arrival(&happening));
            }
            Received::Unreadable { connection, reason } => {
                self.unreadable.insert(connection, reason);
            }
        }
    }

    fn runner(&mut self, deed: Deed, at: Instant) {
        match deed {
            Deed::Step { number } => {
                self.begun.insert(number, at);
            }
            Deed::Emitted { number, event } => {
                self.events.insert(number, event);
            }
            Deed::Resent { number, message } => {
                self.resends.insert(number, message);
            }
            Deed::Posted {
                number,
                began,
                exchange,
                result,
            } => {
                if let Some(exchange) = exchange {
                    self.exchanges.insert((Whose::Step(number), 1), exchange);
                }
                let attempt = AttemptAccount {
                    number: 1,
                    began,
                    ended: at,
                    result,
                    fault: None,
                    arrival: None,
                    next: None,
                };
                self.posts.insert(number, attempt);
            }
        }
    }

    fn step(&mut self, step: &Step, at: Instant) -> StepAccount {
        let mut tasks = 0;
        let (what, verdict) = match &step.action {
            Action::Event(_) => self.event(step.number, &mut tasks),
            Action::Post(post) => {
                let mut attempt = self.posts.remove(&step.number);
                if let Some(attempt) = &mut attempt {
                    self.join(Whose::Step(step.number), attempt, &mut tasks);
                }
                let end = attempt.as_ref().map(believed);
                let verdict = Verdict::of(attempt.as_slice(), end.as_ref());
                let what = What::Post {
                    to: post.to.clone(),
                    method: post.method.clone(),
                    headers: post.headers.iter().map(|(name, _)| name.clone()).collect(),
                    body: String::from_utf8_lossy(&post.body).into_owned(),
                    attempt: attempt.map(Box::new),
                };
                (what, Some(verdict))
            }
            Action::Message(_) => self.resend(step.number, &mut tasks),
            Action::Set(set) => (
                What::Set {
                    said: set.said.clone(),
                },
                None,
            ),
            Action::Fault(NetworkFault { host, said, .. }) => {
                let what = What::Fault {
                    host: host.clone(),
                    said: said.clone(),
                };
                (what, None)
            }
        };
        StepAccount {
            number: step.number,
            at,
            name: step.name.clone(),
            what,
            verdict,
        }
    }

    fn event(&mut self, number: usize, tasks: &mut u64) -> (What, Option<Verdict>) {
        let event = self.events.remove(&number);
        let (name, about) = event
            .and_then(|event| self.about.remove(&event))
            .unwrap_or_default();
        let considered = event
            .and_then(|event| self.considered.remove(&event))
            .unwrap_or_default();
        let mut ordinal = 0;
        let templates: Vec<TemplateAccount> = considered
            .into_iter()
            .map(|(mut template, message)| {
                if let Some(mut account) = message.and_then(|id| self.message(id, tasks)) {
                    ordinal += 1;
                    account.ordinal = ordinal;
                    template.message = Some(account);
                }
                template
            })
            .collect();
        let verdict = Verdict::of_event(&templates);
        let what = What::Event {
            event: name,
            about,
            templates,
        };
        (what, Some(verdict))
    }

    /// A message with everything that followed from it.
    fn message(&mut self, id: MessageId, tasks: &mut u64) -> Option<MessageAccount> {
        let Message { mut account } = self.messages.remove(&id)?;
        for attempt in &mut account.attempts {
            self.join(Whose::Message(id), attempt, tasks);
        }
        account.verdict = Verdict::of(&account.attempts, account.end.as_ref().map(|(_, end)| end));
        Some(account)
    }

    fn resend(&mut self, number: usize, tasks: &mut u64) -> (What, Option<Verdict>) {
        let id = self.resends.remove(&number);
        let known = id.and_then(|id| self.resent.remove(&id));
        let (mut what, end) = known.unwrap_or_else(|| {
            let what = What::Message {
                event: String::new(),
                template: String::new(),
                failed_with: None,
                message: None,
            };
            (what, None)
        });
        let account = id.and_then(|id| self.message(id, tasks));
        let verdict = match &account {
            Some(account) => account.verdict.clone(),
            None => Verdict::of(&[], end.as_ref()),
        };
        if let What::Message { message, .. } = &mut what {
            *message = account.map(|account| {
                Box::new(MessageAccount {
                    ordinal: 1,
                    ..account
                })
            });
        }
        (what, Some(verdict))
    }

    /// Joins the two ends of an exchange, and what the network did in between.
    fn join(&mut self, whose: Whose, attempt: &mut AttemptAccount, tasks: &mut u64) {
        let Some(exchange) = self.exchanges.remove(&(whose, attempt.number)) else {
            return;
        };
        attempt.fault = self.faults.remove(&exchange.connection);
        attempt.arrival = self.arrivals.remove(&exchange).or_else(|| {
            let reason = self.unreadable.remove(&exchange.connection)?;
            Some(Arrival {
                addressed: "nobody".into(),
                status: 400,
                tasks: Vec::new(),
                rejections: vec![RejectionAccount {
                    class: "unreadable",
                    reason,
                    access_denied: false,
                }],
            })
        });
        for task in attempt.arrival.iter_mut().flat_map(|arrival| &mut arrival.tasks) {
            *tasks += 1;
            task.ordinal = *tasks;
        }
    }

    fn nothing_left(self) -> Result<(), Unaccounted> {
        let mut left = Vec::new();
        let mut note = |what: &str, count: usize| {
            if count > 0 {
                left.push(format!("{what} ({count})"));
            }
        };
        note("events without a step", self.considered.len() + self.about.len());
        note(
            "messages without an event",
            self.messages.len() + self.resent.len(),
        );
        note(
            "requests without a sender",
            self.arrivals.len() + self.unreadable.len(),
        );
        note("faults without a connection", self.faults.len());
        note("answers without a step", self.posts.len());
        if left.is_empty() {
            Ok(())
        } else {
            Err(Unaccounted(left))
        }
    }
}

/// What the sender of a single request believes.
fn believed(attempt: &AttemptAccount) -> Result<(), Failure> {
    match &attempt.result {
        Ok(status) if (200..300).contains(status) => Ok(()),
        Ok(status) => Err(Failure::new(
            FailureReason::InvalidHttpResponse,
            status.to_string(),
        )),
        Err(error) => Err(Failure::new(FailureReason::HttpErrorWhileSending, error.clone())),
    }
}

fn arrival(happening: &Orchestrator) -> Arrival {
    let (addressed, process, alias, waits) = match happening {
        Orchestrator::Started { process, alias, .. } | Orchestrator::Ops { process, alias, .. } => (
            format!("process {}", process.name),
            process.name.clone(),
            alias.as_deref().map(String::from),
            process.state == ProcessState::Debug,
        ),
        Orchestrator::Rejected { addressed, .. } => (addressed.to_string(), String::new(), None, false),
    };
    Arrival {
        addressed,
        status: happening.status(),
        tasks: happening
            .tasks()
            .into_iter()
            .map(|started| TaskAccount {
                ordinal: 0,
                process: process.clone(),
                alias: alias.clone(),
                reference: started.task.reference.as_ref().map(ToString::to_string),
                waits,
                data: started.task.data().clone(),
                shown: started.task.data.tidied(),
            })
            .collect(),
        rejections: happening
            .rejections()
            .into_iter()
            .map(|rejection| RejectionAccount {
                class: rejection.class(),
                reason: rejection.to_string(),
                access_denied: rejection.is_access_denied(),
            })
            .collect(),
    }
}

fn count(steps: &[StepAccount]) -> Counts {
    let mut counts = Counts::default();
    for step in steps {
        match &step.what {
            What::Event { .. } => counts.events += 1,
            What::Post { attempt, .. } => {
                counts.posts += 1;
                counts.rejections += rejected(attempt.as_deref());
            }
            _ => {}
        }
        for message in step.messages() {
            counts.messages += 1;
            counts.attempts += message.attempts.len() as u64;
            counts.rejections += message
                .attempts
                .iter()
                .map(|attempt| rejected(Some(attempt)))
                .sum::<u64>();
        }
        counts.tasks += step.tasks().count() as u64;
        if let Some(verdict) = &step.verdict {
            counts.verdicts[verdict.kind as usize] += 1;
        }
    }
    counts
}

fn rejected(attempt: Option<&AttemptAccount>) -> u64 {
    let arrival = attempt.and_then(|attempt| attempt.arrival.as_ref());
    u64::from(arrival.is_some_and(|arrival| arrival.tasks.is_empty()))
}
