//! Why a message failed, or is SENT and nothing happened: what its reason means, what MPO would answer to it, and what
//! to check next.
//!
//! Reads a record of Mambu's communication log (documented: webhooks sheet 6.3). Sends nothing: MPO's answer is the
//! orchestrator's own decision about the stored body and the template's credentials.

use std::fmt::Write as _;

use mambu_emitter::delivery::destination::masked;
use mambu_emitter::delivery::request::Dress;
use mambu_emitter::template::Template;
use mpo_receiver::{Happening, Orchestrator, Request};
use serde_json::Value;

use crate::scenario::Scenario;

/// Why a message record cannot be explained.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotARecord {
    /// It is not a record at all.
    #[error("not a record of the communication log: {0}")]
    Shape(String),
    /// A search gives several.
    #[error("these are {0} records; give one of them")]
    Several(usize),
}

/// A record of the communication log, as far as it is looked at.
struct Record<'a> {
    key: &'a str,
    template: Option<&'a str>,
    event: Option<&'a str>,
    state: &'a str,
    reason: Option<&'a str>,
    cause: Option<&'a str>,
    retries: Option<u64>,
    destination: Option<&'a str>,
    body: Option<&'a str>,
}

impl<'a> Record<'a> {
    fn read(json: &'a Value) -> Result<Self, NotARecord> {
        let json = match json {
            Value::Array(list) => match list.as_slice() {
                [one] => one,
                several => return Err(NotARecord::Several(several.len())),
            },
            one => one,
        };
        if !json.is_object() {
            return Err(NotARecord::Shape("expected a JSON object".into()));
        }
        let text = |key: &str| json.get(key).and_then(Value::as_str);
        let Some(state) = text("state") else {
            return Err(NotARecord::Shape("it has no `state` (SENT, FAILED, …)".into()));
        };
        Ok(Self {
            key: text("encodedKey").unwrap_or("(without a key)"),
            template: text("templateKey"),
            event: text("event"),
            state,
            reason: text("failureReason"),
            cause: text("failureCause"),
            retries: json.get("numRetries").and_then(Value::as_u64),
            destination: text("destination"),
            body: text("body"),
        })
    }

    /// The status in a cause such as `500` or `403 {"request_proc":…}`.
    fn status(&self) -> Option<u16> {
        let cause = self.cause?;
        cause
            .split(|letter: char| !letter.is_ascii_digit())
            .find(|digits| digits.len() == 3)
            .and_then(|digits| digits.parse().ok())
            .filter(|status| (100..600).contains(status))
    }
}

/// What a reason, or a status, means and what to look at next.
pub(crate) struct Meaning {
    pub(crate) means: &'static str,
    next: &'static [&'static str],
}

/// What each failure reason means for a webhook to MPO (documented names: webhooks sheet 6.2; causes as assumed there).
pub(crate) fn meaning_of_reason(reason: &str) -> Meaning {
    let (means, next): (_, &[_]) = match reason {
        "INVALID_HTTP_RESPONSE" => (
            "MPO, or something in front of it, answered, and not with 2xx",
            &[],
        ),
        "HTTP_ERROR_WHILE_SENDING" => (
            "there was no answer: timeout, unknown host, refused or broken connection, TLS. MPO works before it answers, so the task may run all the same",
            &[
                "look in MPO for a task with this data before you resend: a resend would start it twice",
                "is the host of the URL right, and is its certificate valid?",
                "is a firewall or proxy between Mambu's addresses and the host?",
            ],
        ),
        "WEBHOOK_NOTIFICATIONS_DISABLED" => (
            "Webhook Communications was not ENABLED when the event happened; the message was made and never sent",
            &["Administration > Webhooks: change Webhook Communications to Enabled and save, then resend"],
        ),
        "INVALID_JSON_BODY_SYNTAX" => (
            "the body was not well-formed once the placeholders were filled in; nothing was sent",
            &[
                "look for a quote or line break in a name, or an empty number without quotes, in the body below",
                "`mposim check` finds the placeholders that can break the body",
                "a resend sends the same broken text; mend the template and let the event happen again",
            ],
        ),
        "MISSING_TEMPLATE_KEY" => (
            "the template was deleted before the message went out",
            &["make the template again"],
        ),
        "MAX_MESSAGE_SIZE_LIMIT_EXCEEDED" => (
            "the rendered body is larger than Mambu sends",
            &["send ids and let the process fetch the rest by API"],
        ),
        "UNDEFINED_DESTINATION" => (
            "the URL is empty, or no URL, once its placeholders are filled in",
            &["copy the direct URL again"],
        ),
        "INVALID_HTTP_PROTOCOL" => (
            "the URL is http; Mambu sends to https only",
            &["write https:// in the template's URL"],
        ),
        "BLACKLISTED_URL" => (
            "the host is private or local; Mambu does not reach it",
            &["use the public host of MPO; for a local try-out use `mposim serve`"],
        ),
        _ => ("the fact sheets say no more about it than its name", &[]),
    };
    Meaning { means, next }
}

/// What a status of MPO can mean (receiver sheet 1.5 and 1.6; statuses are mostly assumed, see the profile).
fn meaning_of_status(status: u16) -> Meaning {
    let (means, next): (_, &[_]) = match status {
        300..=399 => (
            "a redirect; Mambu does not follow it",
            &["use the URL it points to; a direct URL never redirects"],
        ),
        400 => (
            "MPO could not read the body as a JSON object",
            &["is the body JSON, and the link the JSON link?"],
        ),
        401 | 403 => (
            "\"Access denied\": the Start node's Basic authorization said no, or the hash in the URL is wrong, or the direct URL is off",
            &[
                "does the Start node have Type auth Basic? then the template needs Basic with the same user and password",
                "were the credentials entered again after a switch to No Auth and back? MPO forgets them",
                "do they come from variables? does every variable and key exist in this stage?",
                "is the link the one that is in the Start node now? switching it off and on makes a new one",
            ],
        ),
        404 => (
            "no such process or alias",
            &["copy the direct URL again: process id, alias, project and stage are part of it"],
        ),
        405 => ("a direct URL takes POST only", &["set the request type to POST"]),
        413 => ("the body is larger than MPO's front server takes", &["send less"]),
        429 | 503 => (
            "MPO was asked too often, or is overloaded",
            &["spread the events, or ask for a higher limit; then resend"],
        ),
        500..=599 => (
            "MPO or its front server failed",
            &["resend later; look for the task first, it may run"],
        ),
        _ => (
            "not a status that MPO is known for",
            &["is something else at this URL?"],
        ),
    };
    Meaning { means, next }
}

/// Explains a record, with a scenario's configuration if there is one.
///
/// # Errors
/// When it is no record.
pub fn explain(record: &Value, scenario: Option<&Scenario>) -> Result<String, NotARecord> {
    let record = Record::read(record)?;
    let mut page = String::new();
    let event = record
        .event
        .map(|event| format!(" of {event}"))
        .unwrap_or_default();
    let attempts = record
        .retries
        .map(|retries| format!(" after {} attempts", retries + 1))
        .unwrap_or_default();
    let _ = writeln!(page, "message {}{event}: {}{attempts}", record.key, record.state);
    if let Some(destination) = record.destination {
        let _ = writeln!(page, "  to      {}", masked(destination));
    }
    if let Some(reason) = record.reason {
        let _ = writeln!(page, "  reason  {reason}");
    }
    if let Some(cause) = record.cause.filter(|cause| !cause.is_empty()) {
        let _ = writeln!(page, "  cause   {cause}");
    }
    let mut next: Vec<String> = Vec::new();
    page.push_str("\nwhat it means\n");
    match (record.state, record.reason) {
        ("SENT", _) => {
            page.push_str("  an answer with 2xx came. MPO also answers 200 when it starts nothing:\n");
            page.push_str("  a paused or never deployed process, a ref that an active task has, a task that is too large\n");
            next.extend(
                [
                    "is the process active, and deployed?",
                    "does an active task already have this ref?",
                    "is the task data within the limit (128,000 bytes by default)?",
                ]
                .map(String::from),
            );
        }
        (_, Some(reason)) => {
            let meaning = meaning_of_reason(reason);
            let _ = writeln!(page, "  {}", meaning.means);
            next.extend(meaning.next.iter().map(ToString::to_string));
            if let Some(status) = record.status().filter(|_| reason == "INVALID_HTTP_RESPONSE") {
                let meaning = meaning_of_status(status);
                let _ = writeln!(page, "  {status}: {}", meaning.means);
                next.extend(meaning.next.iter().map(ToString::to_string));
            }
        }
        (state, None) => {
            let _ = writeln!(
                page,
                "  {state} is no final state: the message is still on its way"
            );
        }
    }
    match scenario {
        Some(scenario) => ask_mpo(&record, scenario, &mut page, &mut next),
        None => next.push("`--scenario PATH` asks the simulated MPO what it would answer, and why".into()),
    }
    page.push_str("\nwhat to check next\n");
    for (at, line) in next.iter().enumerate() {
        let _ = writeln!(page, "  {}. {line}", at + 1);
    }
    Ok(scenario.map_or_else(|| page.clone(), |scenario| scenario.secrets.cover(&page)))
}

/// Asks the orchestrator of a scenario what it makes of the stored message.
fn ask_mpo(record: &Record<'_>, scenario: &Scenario, page: &mut String, next: &mut Vec<String>) {
    let _ = writeln!(
        page,
        "\nwhat MPO would answer, as scenario {} has it",
        scenario.name
    );
    let Some((url, uri)) = record
        .destination
        .and_then(|url| Some((url, url.parse::<hyper::Uri>().ok()?)))
    else {
        page.push_str("  nothing: the record has no destination that is a URL\n");
        return;
    };
    let host = uri
        .authority()
        .map(|authority| authority.as_str().to_ascii_lowercase())
        .unwrap_or_default();
    if !scenario.mpo.hosts().contains(&host) {
        let hosts: Vec<String> = scenario.mpo.hosts().into_iter().collect();
        let _ = writeln!(
            page,
            "  nothing: {} is not on a host of the scenario ({})",
            masked(url),
            hosts.join(", ")
        );
        next.insert(0, "is the host in the template's URL the one of your MPO?".into());
        return;
    }
    let template = template_of(record, scenario);
    let method = template.map_or("POST", |template| template.request_type.name());
    let dress = template.map(|template| Dress::new(&template.authorization, &[], &scenario.mambu.profile));
    let header: Vec<&[u8]> = dress
        .as_ref()
        .and_then(Dress::authorization)
        .into_iter()
        .collect();
    match template {
        Some(template) => {
            let _ = writeln!(page, "  with the credentials of template {}", template.id);
        }
        None => page.push_str("  without credentials: no template of the scenario is this message's\n"),
    }
    let request = Request {
        method,
        path: uri.path(),
        authorization: &header,
        body: record.body.unwrap_or_default().as_bytes(),
    };
    let random = sim_world::random_stream(scenario.seed, "mpo.task-id", "why");
    let now = scenario.start.timestamp().as_millisecond();
    let (answer, happening) = Orchestrator::new(&scenario.mpo, random).receive(request, now);
    match &happening {
        Happening::Started { process, .. } => {
            let _ = writeln!(
                page,
                "  {}: a task of process {} starts",
                answer.status().as_u16(),
                process.name
            );
            if record.state == "FAILED" {
                next.insert(
                    0,
                    "the message would get through now: resend it (POST /api/communications/messages:resend)"
                        .into(),
                );
            }
        }
        other => {
            for rejection in other.rejections() {
                let _ = writeln!(
                    page,
                    "  {}: {rejection} ({})",
                    answer.status().as_u16(),
                    rejection.class()
                );
                next.insert(0, format!("mend this first: {rejection}"));
            }
        }
    }
}

/// The template of a record: by its key, else the only one that listens to the event.
fn template_of<'a>(record: &Record<'_>, scenario: &'a Scenario) -> Option<&'a Template> {
    let templates = &scenario.mambu.templates;
    let by_key = templates
        .iter()
        .find(|template| Some(template.id.as_str()) == record.template);
    by_key.or_else(|| {
        let mut listening = templates
            .iter()
            .filter(|template| Some(template.event.name()) == record.event);
        listening.next().filter(|_| listening.next().is_none())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_failed_message_is_explained_with_what_to_check_next() {
        let record = json!({ "encodedKey": "8a81", "event": "LOAN_REPAYMENT", "state": "FAILED", "numRetries": 3,
            "failureReason": "INVALID_HTTP_RESPONSE", "failureCause": "403 {\"request_proc\":\"ok\"}" });
        let page = explain(&record, None).unwrap();
        assert!(page.contains("FAILED after 4 attempts"), "{page}");
        assert!(page.contains("Access denied"), "{page}");
        assert!(
            page.contains("1. does the Start node have Type auth Basic?"),
            "{page}"
        );
    }

    #[test]
    fn a_sent_message_can_be_lost() {
        let page = explain(&json!({ "state": "SENT" }), None).unwrap();
        assert!(page.contains("paused"), "{page}");
    }

    #[test]
    fn a_hash_in_a_destination_is_not_printed() {
        let hash = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";
        let record = json!({ "state": "SENT", "destination": format!("https://m.example/api/1/json/public/1/{hash}") });
        assert!(!explain(&record, None).unwrap().contains(hash));
    }

    #[test]
    fn several_records_are_not_one() {
        assert_eq!(explain(&json!([{}, {}]), None), Err(NotARecord::Several(2)));
    }
}
