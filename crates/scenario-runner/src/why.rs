//! Why a message failed, or is SENT and nothing happened: what its reason means, what MPO would answer to it, and what
//! to check next.
//!
//! Reads a record of Mambu's communication log (documented: webhooks sheet 6.3). Sends nothing: MPO's answer is the
//! orchestrator's own decision about the stored body and the template's credentials.

mod record;
mod whose;

use std::fmt::Write as _;

use mambu_emitter::delivery::destination::masked;
use mambu_emitter::delivery::request::Dress;
use mambu_emitter::message::FailureReason;
use mambu_emitter::mistake::nearest;
use mambu_emitter::template::Template;
use mpo_receiver::{Happening, Orchestrator, Request};

use crate::scenario::Scenario;

pub use record::{Reading, Record, read, read_text};
use whose::{Whose, whose};

/// The scenario whose MPO is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The id of the template that made the message, if somebody says it.
    pub template: Option<&'a str>,
}

/// A template that a scenario does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("scenario {scenario} has no template `{template}`; {instead}")]
pub struct NoTemplate {
    scenario: String,
    template: String,
    instead: String,
}

impl Record {
    /// The status in a cause such as `500` or `403 {"request_proc":…}`.
    fn status(&self) -> Option<u16> {
        let cause = self.cause.as_deref()?;
        cause
            .split(|letter: char| !letter.is_ascii_digit())
            .find(|digits| digits.len() == 3)
            .and_then(|digits| digits.parse().ok())
            .filter(|status| (100..600).contains(status))
    }

    /// Whether it failed on its way, so that it may get through on another day.
    fn failed_on_its_way(&self) -> bool {
        let is_retried = |reason| FailureReason::from_name(reason).is_some_and(FailureReason::is_retried);
        self.state == "FAILED" && self.reason.as_deref().is_none_or(is_retried)
    }
}

/// The first thing to do where the task may run although the message failed.
const LOOK_FIRST: &str =
    "look in MPO for a task with this data before you resend: a resend would start it twice";

/// What a reason, or a status, means and what to look at next.
pub(crate) struct Meaning {
    pub(crate) means: &'static str,
    pub(crate) next: &'static [&'static str],
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
                LOOK_FIRST,
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
        "OTHER" => ("Mambu says no more about it than its name", &[]),
        _ => ("no reason that is known of webhooks", &[]),
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
        500..=599 => ("MPO or its front server failed", &[LOOK_FIRST, "resend later"]),
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
/// When the scenario has no template of the name that is given.
pub fn explain(record: &Record, asked: Option<Asked<'_>>) -> Result<String, NoTemplate> {
    let mut page = String::new();
    let event = record
        .event
        .as_ref()
        .map(|event| format!(" of {event}"))
        .unwrap_or_default();
    let attempts = record
        .retries
        .map(|retries| format!(" after {} attempts", retries.saturating_add(1)))
        .unwrap_or_default();
    let key = record.key.as_deref().unwrap_or("(without a key)");
    let _ = writeln!(page, "message {key}{event}: {}{attempts}", record.state);
    if let Some(destination) = &record.destination {
        let _ = writeln!(page, "  to      {}", masked(destination));
    }
    if let Some(reason) = &record.reason {
        let _ = writeln!(page, "  reason  {reason}");
    }
    if let Some(cause) = record.cause.as_ref().filter(|cause| !cause.is_empty()) {
        let _ = writeln!(page, "  cause   {cause}");
    }
    let mut next: Vec<String> = Vec::new();
    page.push_str("\nwhat it means\n");
    match (&*record.state, record.reason.as_deref()) {
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
        ("FAILED", None) => {
            page.push_str("  the record does not say why it failed: it has no `failureReason`\n");
            next.push("take the whole record: GET /api/communications/messages/KEY?detailsLevel=FULL".into());
        }
        (state, None) => {
            let _ = writeln!(
                page,
                "  {state} is no final state: the message is still on its way"
            );
        }
    }
    match asked {
        Some(asked) => ask_mpo(record, asked, &mut page, &mut next)?,
        None => next.push("`--scenario PATH` asks the simulated MPO what it would answer, and why".into()),
    }
    page.push_str("\nwhat to check next\n");
    for (at, line) in next.iter().enumerate() {
        let _ = writeln!(page, "  {}. {line}", at + 1);
    }
    Ok(asked.map_or_else(|| page.clone(), |asked| asked.scenario.secrets.cover_ours(&page)))
}

/// Asks the orchestrator of a scenario what it makes of the stored message.
fn ask_mpo(
    record: &Record,
    asked: Asked<'_>,
    page: &mut String,
    next: &mut Vec<String>,
) -> Result<(), NoTemplate> {
    let scenario = asked.scenario;
    let whose = match asked.template {
        Some(id) => Whose::Of(named(id, scenario)?),
        None => whose(record, &scenario.mambu.templates),
    };
    let _ = writeln!(
        page,
        "\nwhat MPO would answer, as scenario {} has it",
        scenario.name
    );
    let destination = record.destination.as_deref();
    let Some((url, uri)) = destination.and_then(|url| Some((url, url.parse::<hyper::Uri>().ok()?))) else {
        page.push_str("  nothing: the record has no destination that is a URL\n");
        return Ok(());
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
        return Ok(());
    }
    let template = match whose {
        Whose::Of(template) => template,
        Whose::Which(ids) if ids.is_empty() => {
            page.push_str(
                "  nothing: the scenario has no template whose credentials would go with the message\n",
            );
            return Ok(());
        }
        Whose::Which(ids) => {
            let options: Vec<String> = ids.iter().map(|id| format!("--template {id}")).collect();
            let _ = writeln!(page, "  which template? {}", options.join(" or "));
            return Ok(());
        }
    };
    let dress = Dress::new(
        &template.authorization,
        &template.headers,
        &scenario.mambu.profile,
    );
    let header: Vec<&[u8]> = dress.authorization().into_iter().collect();
    let _ = writeln!(page, "  with the credentials of template {}", template.id);
    let request = Request {
        method: template.request_type.name(),
        path: uri.path(),
        authorization: &header,
        body: record.body.as_deref().unwrap_or_default().as_bytes(),
    };
    let random = sim_world::random_stream(scenario.seed, "mpo.task-id", "why");
    let now = scenario.start.timestamp().as_millisecond();
    let (answer, happening) = Orchestrator::new(&scenario.mpo, random).receive(request, now);
    match &happening {
        Happening::Started { process, .. } if record.body.is_none() => {
            let name = &process.name;
            let _ = writeln!(
                page,
                "  process {name} lets it in; what becomes of the body nobody can say: the record has none"
            );
            next.insert(
                0,
                "copy the record again with its body: `GET /api/communications/messages/KEY?detailsLevel=FULL`".into(),
            );
        }
        Happening::Started { process, .. } => {
            let _ = writeln!(
                page,
                "  {}: a task of process {} starts",
                answer.status().as_u16(),
                process.name
            );
            if record.failed_on_its_way() {
                // What else could be the matter is not: only what a resend could spoil is left to say.
                next.retain(|line| line == LOOK_FIRST);
                next.push(
                    "the message would get through now: resend it (POST /api/communications/messages:resend)"
                        .into(),
                );
            } else if record.state == "FAILED" {
                next.push("MPO would take it: once the reason is mended in Mambu, resend it".into());
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
    Ok(())
}

/// The template of that name.
fn named<'a>(id: &str, scenario: &'a Scenario) -> Result<&'a Template, NoTemplate> {
    let templates = &scenario.mambu.templates;
    let ids = || templates.iter().map(|template| &*template.id);
    let found = templates.iter().find(|template| template.id == id);
    found.ok_or_else(|| NoTemplate {
        scenario: scenario.name.clone(),
        template: id.to_owned(),
        instead: match nearest(id, ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if templates.is_empty() => "it has none".to_owned(),
            None => format!("it has {}", ids().collect::<Vec<_>>().join(", ")),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Env;
    use crate::fixture;

    fn record(text: &str) -> Record {
        let reading = read_text("record", text);
        reading.record.expect("the text of the test is a record")
    }

    fn page(text: &str) -> String {
        explain(&record(text), None).unwrap()
    }

    #[test]
    fn a_failed_message_is_explained_with_what_to_check_next() {
        let page = page(
            r#"{ "encodedKey": "8a81", "event": "LOAN_REPAYMENT", "state": "FAILED", "numRetries": 3,
            "failureReason": "INVALID_HTTP_RESPONSE", "failureCause": "403 {\"request_proc\":\"ok\"}" }"#,
        );
        assert!(page.contains("FAILED after 4 attempts"), "{page}");
        assert!(page.contains("Access denied"), "{page}");
        assert!(
            page.contains("1. does the Start node have Type auth Basic?"),
            "{page}"
        );
    }

    #[test]
    fn a_sent_message_can_be_lost() {
        let page = page(r#"{ "state": "SENT" }"#);
        assert!(page.contains("paused"), "{page}");
    }

    #[test]
    fn a_failed_message_without_a_reason_is_not_on_its_way() {
        let page = page(r#"{ "state": "FAILED", "numRetries": 18446744073709551615 }"#);
        assert!(page.contains("no `failureReason`"), "{page}");
        assert!(!page.contains("still on its way"), "{page}");
    }

    #[test]
    fn a_hash_in_a_destination_is_not_printed() {
        let hash = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";
        let page = page(&format!(
            r#"{{ "state": "SENT", "destination": "https://m.example/api/1/json/public/1/{hash}" }}"#
        ));
        assert!(!page.contains(hash));
    }

    const LINK: &str = "https://tenant.mpo.mambu.com/api/1/json/public";
    const HASH: &str = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";

    /// A scenario with two templates on repayments: one to process 1, whose Start node wants Basic, one to process 2.
    fn two() -> Scenario {
        let text = format!(
            r#"
mambu:
  templates:
    a: {{ event: LOAN_REPAYMENT, url: "{LINK}/1/{HASH}", body: "{{}}",
          authorization: {{ basic: {{ username: mambu, password: a-secret }} }} }}
    b: {{ event: LOAN_REPAYMENT, url: "{LINK}/2/{HASH}", body: "{{}}" }}
mpo:
  processes:
    one: {{ direct_url: "{LINK}/1/{HASH}", start: {{ auth: basic, user: mambu, pass: a-secret }} }}
    two: {{ direct_url: "{LINK}/2/{HASH}", start: {{ auth: basic, user: mambu, pass: a-secret }} }}
steps: [{{ set: {{}} }}]
"#
        );
        let loaded = fixture::load_text("two", "scenario.yaml", &text, &[], &Env::default());
        let mistakes = loaded.mistakes(crate::document::Paint::Plain);
        loaded.scenario.expect(&mistakes)
    }

    fn asked(text: &str, template: Option<&str>) -> Result<String, NoTemplate> {
        let scenario = two();
        let scenario = &scenario;
        explain(&record(text), Some(Asked { scenario, template }))
    }

    fn failed(more: &str) -> String {
        format!(
            r#"{{ "event": "LOAN_REPAYMENT", "state": "FAILED", "failureReason": "INVALID_HTTP_RESPONSE",
            "failureCause": 403, "body": "{{}}"{more} }}"#
        )
    }

    #[test]
    fn a_record_without_a_body_is_promised_nothing() {
        let text = failed(&format!(r#", "destination": "{LINK}/1/{HASH}""#)).replace(r#", "body": "{}""#, "");
        let page = asked(&text, None).unwrap();
        assert!(
            page.contains("the record has none") && !page.contains("would get through"),
            "{page}"
        );
    }

    #[test]
    fn the_destination_says_whose_message_it_is_and_what_gets_through_is_only_sent_again() {
        let page = asked(&failed(&format!(r#", "destination": "{LINK}/1/{HASH}""#)), None).unwrap();
        assert!(page.contains("with the credentials of template a"), "{page}");
        assert!(
            page.ends_with(
                "what to check next\n  1. the message would get through now: resend it \
                 (POST /api/communications/messages:resend)\n"
            ),
            "{page}"
        );
    }

    #[test]
    fn a_message_that_may_have_started_its_task_is_looked_for_before_it_is_sent_again() {
        let text = failed(&format!(r#", "destination": "{LINK}/1/{HASH}""#)).replace("403", "502");
        let page = asked(&text, None).unwrap();
        let first = format!("  1. {LOOK_FIRST}\n  2. the message would get through now");
        assert!(page.contains(&first), "{page}");
    }

    #[test]
    fn a_message_that_can_be_of_several_templates_is_not_judged() {
        let text = failed(&format!(r#", "destination": "{LINK}/3/{HASH}""#));
        let page = asked(&text, None).unwrap();
        assert!(
            page.contains("which template? --template a or --template b"),
            "{page}"
        );
        assert!(!page.contains("mend this first"), "{page}");
        let page = asked(&text, Some("b")).unwrap();
        assert!(page.contains("with the credentials of template b"), "{page}");
        assert!(page.contains("mend this first"), "{page}");
        assert_eq!(
            asked(&text, Some("c")).unwrap_err().to_string(),
            "scenario two has no template `c`; it has a, b"
        );
    }

    #[test]
    fn what_never_left_mambu_is_not_said_to_get_through() {
        let text = failed(&format!(r#", "destination": "{LINK}/1/{HASH}""#))
            .replace("INVALID_HTTP_RESPONSE", "WEBHOOK_NOTIFICATIONS_DISABLED");
        let page = asked(&text, None).unwrap();
        assert!(
            page.contains("change Webhook Communications to Enabled"),
            "{page}"
        );
        assert!(!page.contains("would get through now"), "{page}");
        let page = asked(&text.replace("WEBHOOK_NOTIFICATIONS_DISABLED", "FOO"), None).unwrap();
        assert!(page.contains("1. MPO would take it: once the reason"), "{page}");
    }
}
