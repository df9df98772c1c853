//! What happens in a live world, a line for each happening: the console's fold over the one stream.

use mambu_emitter::Happening;
use mambu_emitter::verdict::TemplateVerdict;
use mpo_receiver::Received;
use sim_world::{Stamped, human};

use super::messages::conditions;
use crate::scenario::Secrets;
use crate::stream::{Deed, Entry};

/// The lines of one happening; none for what is no news. Secrets are covered.
pub fn lines(entry: &Stamped<Entry>, secrets: &Secrets) -> Vec<String> {
    let said = match &entry.what {
        Entry::Bank(happening) => bank(happening).into_iter().collect(),
        Entry::Orchestrator(received) => orchestrator(received),
        Entry::Network(struck) => vec![format!("fault at {}: {}", struck.host, struck.fault)],
        Entry::Runner(deed) => runner(deed).into_iter().collect(),
    };
    let side = match entry.what {
        Entry::Bank(_) => "mambu",
        Entry::Orchestrator(_) => "mpo  ",
        Entry::Network(_) => "net  ",
        Entry::Runner(_) => "play ",
    };
    said.iter()
        .map(|line| format!("{} {side} {}", entry.at, secrets.cover_ours(line)))
        .collect()
}

fn bank(happening: &Happening) -> Option<String> {
    Some(match happening {
        Happening::Event { id, event, about } => format!("event {} {event}: {about}", id.0),
        Happening::Considered {
            verdict: TemplateVerdict::OtherEvent { .. },
            ..
        } => return None,
        Happening::Considered {
            template, verdict, ..
        } => {
            let clauses = conditions(verdict).map(|outcome| outcome.clauses.as_slice());
            let failing: Vec<String> = clauses
                .unwrap_or_default()
                .iter()
                .filter(|clause| !clause.holds && !verdict.fires())
                .map(|clause| match &clause.saw {
                    Some(saw) => format!("{}, saw {saw}", clause.clause),
                    None => format!("{}, saw no value", clause.clause),
                })
                .collect();
            match failing.as_slice() {
                [] => format!("template {template} {verdict}"),
                failing => format!("template {template}: {verdict} ({})", failing.join("; ")),
            }
        }
        Happening::Resent { message, event, .. } => format!("{message} sends {event} again"),
        Happening::Created {
            message,
            request_type,
            destination,
            ..
        } => format!("{message}: {request_type} {destination}"),
        Happening::Attempted {
            message,
            attempt,
            result,
            next,
            ..
        } => {
            let next = next.map_or_else(String::new, |next| format!(", again in {}", human(next)));
            match result {
                Ok(status) => format!("{message} attempt {attempt}: {status}"),
                Err(failure) => format!("{message} attempt {attempt}: {failure}{next}"),
            }
        }
        Happening::Ended { message, result } => match result {
            Ok(()) => format!("{message} SENT"),
            Err(failure) => format!("{message} FAILED: {failure}"),
        },
    })
}

fn orchestrator(received: &Received) -> Vec<String> {
    let happening = match received {
        Received::Request { happening, .. } => happening,
        Received::Unreadable { reason, .. } => return vec![format!("unreadable request: {reason}")],
    };
    let addressed = match happening {
        mpo_receiver::Happening::Rejected { addressed, .. } => addressed.to_string(),
        mpo_receiver::Happening::Started { process, .. } | mpo_receiver::Happening::Ops { process, .. } => {
            format!("process {}", process.name)
        }
    };
    let status = happening.status();
    let tasks = happening.tasks().into_iter();
    let tasks = tasks.map(|task| format!("{status}, task {} of {addressed} started", task.ordinal));
    let rejections = happening.rejections().into_iter();
    let rejections =
        rejections.map(|rejection| format!("{status}, {addressed}: {rejection} ({})", rejection.class()));
    tasks.chain(rejections).collect()
}

fn runner(deed: &Deed) -> Option<String> {
    match deed {
        Deed::Step { number } => Some(format!("step {number}")),
        Deed::Posted {
            number,
            result: Ok(status),
            ..
        } => Some(format!("step {number} was answered {status}")),
        Deed::Posted {
            number,
            result: Err(reason),
            ..
        } => Some(format!("step {number} got no answer: {reason}")),
        Deed::Emitted { .. } | Deed::Resent { .. } => None,
    }
}
