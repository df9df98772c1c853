//! The ledger as JSON, for programs. `"ledger": 1` is its version.

use mambu_emitter::verdict::TemplateVerdict;
use serde_json::{Value, json};
use sim_world::Instant;

use super::{Arrival, AttemptAccount, MessageAccount, Outcome, StepAccount, TemplateAccount, Verdict, What};
use crate::expectation::Kind;
use crate::scenario::Secrets;

/// The ledger as JSON, secrets covered.
pub fn to_json(outcome: &Outcome, secrets: &Secrets) -> Value {
    let verdicts: serde_json::Map<String, Value> = Kind::WORDS
        .iter()
        .map(|(kind, word)| ((*word).to_owned(), json!(outcome.counts.by_verdict(*kind))))
        .collect();
    let mut ledger = json!({
        "ledger": 1,
        "scenario": outcome.name,
        "description": outcome.description,
        "seed": outcome.seed,
        "start": outcome.start,
        "steps": outcome.steps.iter().map(step).collect::<Vec<_>>(),
        "end": { "at_ms": millis(outcome.ended), "quiet": outcome.quiet },
        "totals": {
            "events": outcome.counts.events,
            "posts": outcome.counts.posts,
            "messages": outcome.counts.messages,
            "attempts": outcome.counts.attempts,
            "tasks": outcome.counts.tasks,
            "rejections": outcome.counts.rejections,
            "verdicts": verdicts,
        },
    });
    cover(&mut ledger, secrets, false);
    ledger
}

/// `by_others`: whether others wrote what stands there.
fn cover(value: &mut Value, secrets: &Secrets, by_others: bool) {
    const BY_OTHERS: [&str; 5] = ["body", "data", "failure", "failure_cause", "saw"];
    match value {
        Value::String(text) if by_others => *text = secrets.cover(text),
        Value::String(text) => *text = secrets.cover_ours(text),
        Value::Array(list) => list.iter_mut().for_each(|value| cover(value, secrets, by_others)),
        Value::Object(map) => map
            .iter_mut()
            .for_each(|(key, value)| cover(value, secrets, by_others || BY_OTHERS.contains(&key.as_str()))),
        _ => {}
    }
}

fn millis(at: Instant) -> u64 {
    u64::try_from(at.since_start().as_millis()).unwrap_or(u64::MAX)
}

fn step(step: &StepAccount) -> Value {
    let mut account = match &step.what {
        What::Event {
            event,
            about,
            templates,
        } => json!({
            "kind": "event",
            "event": event,
            "about": about,
            "templates": templates.iter().map(template).collect::<Vec<_>>(),
        }),
        What::Post {
            to,
            method,
            headers,
            body,
            attempt: answer,
        } => json!({
            "kind": "post",
            "to": to,
            "method": method,
            "headers": headers,
            "body": body,
            "answer": answer.as_deref().map(attempt),
        }),
        What::Message {
            event,
            template,
            failed_with,
            message: resent,
        } => json!({
            "kind": "message",
            "event": event,
            "template": template,
            "failed_with": failed_with,
            "message": resent.as_deref().map(message),
        }),
        What::Set { said } => json!({ "kind": "set", "changes": said }),
        What::Fault { host, said } => json!({ "kind": "fault", "host": host, "fault": said }),
    };
    account["step"] = json!(step.number);
    account["at_ms"] = json!(millis(step.at));
    account["name"] = json!(step.name);
    account["verdict"] = json!(step.verdict.as_ref().map(verdict));
    account
}

fn verdict(verdict: &Verdict) -> Value {
    json!({ "kind": verdict.kind.word(), "details": verdict.details, "reason": verdict.reason })
}

fn template(account: &TemplateAccount) -> Value {
    let clauses = match &account.verdict {
        TemplateVerdict::Fires { outcome } | TemplateVerdict::NoMatch { outcome } => outcome
            .clauses
            .iter()
            .map(|clause| json!({ "clause": clause.clause, "holds": clause.holds, "saw": clause.saw, "note": clause.note }))
            .collect(),
        _ => Vec::new(),
    };
    json!({
        "template": account.template,
        "event": account.event,
        "fires": account.verdict.fires(),
        "reason": account.verdict.to_string(),
        "clauses": clauses,
        "message": account.message.as_ref().map(message),
    })
}

fn message(message: &MessageAccount) -> Value {
    let (state, failure) = match &message.end {
        None => ("QUEUED", None),
        Some((_, Ok(()))) => ("SENT", None),
        Some((_, Err(failure))) => ("FAILED", Some(failure)),
    };
    json!({
        "message": message.ordinal,
        "request_type": message.request_type.name(),
        "content_type": message.content_type.name(),
        "destination": message.destination,
        "authorization": message.authorization,
        "headers": message.headers,
        "body": message.body,
        "attempts": message.attempts.iter().map(attempt).collect::<Vec<_>>(),
        "state": state,
        "ended_ms": message.end.as_ref().map(|(at, _)| millis(*at)),
        "failure_reason": failure.map(|failure| failure.reason.name()),
        "failure_cause": failure.map(|failure| failure.cause.clone()),
        "verdict": verdict(&message.verdict),
    })
}

fn attempt(attempt: &AttemptAccount) -> Value {
    json!({
        "attempt": attempt.number,
        "began_ms": millis(attempt.began),
        "ended_ms": millis(attempt.ended),
        "status": attempt.result.as_ref().ok(),
        "failure": attempt.result.as_ref().err(),
        "fault": attempt.fault,
        "received": attempt.arrival.as_ref().map(arrival),
        "next_ms": attempt.next.map(millis),
    })
}

fn arrival(arrival: &Arrival) -> Value {
    let tasks: Vec<Value> = arrival
        .tasks
        .iter()
        .map(|task| {
            json!({
                "task": task.ordinal,
                "process": task.process,
                "alias": task.alias,
                "ref": task.reference,
                "waits": task.waits,
                "data": task.data,
            })
        })
        .collect();
    let rejections: Vec<Value> = arrival
        .rejections
        .iter()
        .map(|rejection| json!({ "class": rejection.class, "reason": rejection.reason }))
        .collect();
    json!({
        "addressed": arrival.addressed,
        "status": arrival.status,
        "tasks": tasks,
        "rejections": rejections,
    })
}
