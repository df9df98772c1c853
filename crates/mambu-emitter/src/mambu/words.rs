//! Texts for people: what an event is about, and what was wrong with an answer.

use sim_world::http::Answer;

use crate::scene::{Role, Scene};
use crate::value::Value;

/// What an event is about, for people.
pub(super) fn about(scene: &Scene) -> String {
    let id = |role: Role| {
        let id = scene.entity(role)?.get("id").and_then(Value::as_text)?;
        Some(format!("{} {id}", role.word().replace('_', " ")))
    };
    let mut parts: Vec<String> = [
        Role::Loan,
        Role::Deposit,
        Role::CreditArrangement,
        Role::Client,
        Role::Group,
    ]
    .into_iter()
    .filter_map(id)
    .collect();
    if let Some(amount) = scene.at("transaction.amount") {
        parts.push(format!("amount {amount}"));
    }
    parts.join(", ")
}

/// `failureCause` of a bad answer: its status and the start of its body (assumed: webhooks sheet 6.2).
pub(super) fn cause(answer: &Answer) -> String {
    const SHOWN: usize = 160;
    let body = String::from_utf8_lossy(&answer.body[..answer.body.len().min(4 * SHOWN)]);
    let line: String = body
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(SHOWN)
        .collect();
    let status = answer.status.as_u16();
    match line.trim() {
        "" => status.to_string(),
        line => format!("{status} {line}"),
    }
}
