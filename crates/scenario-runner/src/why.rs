//! Why a message failed, or is SENT and nothing happened: what its reason means, what MPO would answer to it, and what
//! to check next.
//!
//! Reads a record of Mambu's communication log (documented: webhooks sheet 6.3). Sends nothing: MPO's answer is the
//! orchestrator's own decision about the stored body and the template's credentials.

mod masked;
mod meaning;
mod record;
mod stored;
mod whose;

use std::fmt::Write as _;

use mambu_emitter::delivery::destination::{Destination, masked};
use mambu_emitter::delivery::request::Dress;
use mambu_emitter::message::{Failure, FailureReason};
use mambu_emitter::mistake::nearest;
use mambu_emitter::profile::Profile;
use mambu_emitter::render::check_body;
use mambu_emitter::template::{ContentType, Template};
use mpo_receiver::{Happening, Orchestrator, Request};

use crate::scenario::Scenario;

use masked::masked_text;
pub(crate) use meaning::meaning_of_reason;
use meaning::{LOOK_FIRST, meaning_of_status};
pub use record::{Reading, Record, read, read_text};
use stored::Stored;
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

impl Record {
    /// What of the stored message its reason comes from.
    fn stored(&self) -> Option<Stored> {
        FailureReason::from_name(self.reason.as_deref()?).and_then(Stored::of_reason)
    }
}

/// What to do about a user in a URL.
const USER: &str = "write user and password as the template's Basic authorization, and not into its URL";

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
        .map(|retries| match retries.saturating_add(1) {
            1 => " after 1 attempt".to_owned(),
            attempts => format!(" after {attempts} attempts"),
        })
        .unwrap_or_default();
    let key = record.key.as_deref().unwrap_or("(without a key)");
    let _ = writeln!(page, "message {key}{event}: {}{attempts}", record.state);
    if let Some(destination) = &record.destination {
        let _ = writeln!(page, "  to      {}", shown(destination, asked));
    }
    if let Some(reason) = &record.reason {
        let _ = writeln!(page, "  reason  {reason}");
    }
    if let Some(cause) = record.cause.as_ref().filter(|cause| !cause.is_empty()) {
        let _ = writeln!(page, "  cause   {}", shown(cause, asked));
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
            if reason == FailureReason::InvalidJsonBodySyntax.name() {
                let flaw = flaw_of(record.body.as_deref());
                let _ = writeln!(page, "  {}", shown(&flaw, asked));
            }
            let mut stored = FailureReason::from_name(reason).and_then(Stored::of_reason);
            if let Some(status) = record.status().filter(|_| reason == "INVALID_HTTP_RESPONSE") {
                let meaning = meaning_of_status(status);
                let _ = writeln!(page, "  {status}: {}", meaning.means);
                next.extend(meaning.next.iter().map(ToString::to_string));
                stored = Stored::of_status(status);
            }
            next.extend(stored.map(|stored| stored.advice().to_owned()));
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
            next.push("take the record again once it is SENT or FAILED".into());
        }
    }
    if record.destination.as_deref().is_some_and(has_user) {
        page.push_str(
            "  there is a user in the URL, which is not sent (assumed): the template's own authorization is\n",
        );
        next.push(USER.into());
    }
    match asked {
        Some(asked) => ask_mpo(record, asked, &mut page, &mut next)?,
        None => next.push("`--scenario PATH` asks the simulated MPO what it would answer, and why".into()),
    }
    if !next.is_empty() {
        page.push_str("\nwhat to check next\n");
    }
    for (at, line) in next.iter().enumerate() {
        let _ = writeln!(page, "  {}. {line}", at + 1);
    }
    Ok(asked.map_or_else(|| page.clone(), |asked| asked.scenario.secrets.cover_ours(&page)))
}

/// A text of the record as it may be printed: what others wrote, without its secrets and those of the scenario.
fn shown(text: &str, asked: Option<Asked<'_>>) -> String {
    let text = masked_text(text);
    asked.map_or_else(|| text.clone(), |asked| asked.scenario.secrets.cover(&text))
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
    let Some(url) = record.destination.as_deref() else {
        page.push_str("  nothing: the record has no destination\n");
        return Ok(());
    };
    let profile = Profile {
        // It was sent.
        allow_http: scenario.mambu.profile.allow_http || record.state == "SENT",
        allow_private: scenario.mambu.profile.allow_private || record.state == "SENT",
        ..scenario.mambu.profile.clone()
    };
    let destination = match Destination::of(url, &profile) {
        Ok(destination) => destination,
        Err(failure) => {
            not_sent(&failure, page, next);
            return Ok(());
        }
    };
    let host = destination.canonical_authority();
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
        Whose::Nobodys(ids) if ids.is_empty() => {
            page.push_str(
                "  nothing: the scenario has no template whose credentials would go with the message\n",
            );
            return Ok(());
        }
        Whose::Which(ids) => {
            let _ = writeln!(page, "  which template? {}", options(&ids));
            return Ok(());
        }
        Whose::Nobodys(ids) => {
            let event = record.event.as_deref().unwrap_or_default();
            let _ = writeln!(
                page,
                "  no template of the scenario listens to {event}; to ask with the credentials of another: {}",
                options(&ids)
            );
            return Ok(());
        }
    };
    let dress = Dress::new(
        &template.authorization,
        &template.headers,
        &scenario.mambu.profile,
    );
    let header: Vec<&[u8]> = dress.authorization().into_iter().collect();
    if let Some(failure) = refused_body(record, template, &profile) {
        not_sent(&failure, page, next);
        return Ok(());
    }
    let _ = writeln!(page, "  with the credentials of template {}", template.id);
    let request = Request {
        method: template.request_type.name(),
        path: destination.path.path(),
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
                next.retain(|line| line == LOOK_FIRST || line == USER);
                next.push(
                    "the message would get through now: resend it (POST /api/communications/messages:resend)"
                        .into(),
                );
            } else if record.state == "FAILED" && record.stored().is_none() {
                next.push("MPO would take it: once the reason is mended in Mambu, resend it".into());
            }
        }
        other => {
            if record.stored().is_none() {
                // What the status let suppose, the rejection knows.
                next.retain(|line| Stored::ALL.iter().all(|stored| stored.advice() != line));
            }
            for rejection in other.rejections() {
                let _ = writeln!(
                    page,
                    "  {}: {rejection} ({})",
                    answer.status().as_u16(),
                    rejection.class()
                );
                next.insert(0, format!("mend this first: {rejection}"));
                if record.state == "FAILED"
                    && let Some(stored) = Stored::of_rejection(rejection)
                {
                    add(stored.advice(), next);
                }
            }
        }
    }
    Ok(())
}

/// Says that the bank of the scenario does not send what is stored, and what to do instead of a resend.
fn not_sent(failure: &Failure, page: &mut String, next: &mut Vec<String>) {
    let _ = writeln!(
        page,
        "  nothing: Mambu does not send it: {}",
        masked_text(&failure.to_string())
    );
    // What an answer let suppose cannot be the matter of a message that gets none.
    next.retain(|line| line == LOOK_FIRST || line == USER);
    let first = meaning_of_reason(failure.reason.name()).next;
    let mut first: Vec<String> = first.iter().map(ToString::to_string).collect();
    if let Some(stored) = Stored::of_reason(failure.reason) {
        add(stored.advice(), &mut first);
    }
    for line in std::mem::replace(next, first) {
        add(&line, next);
    }
}

/// Adds what to check next, unless it is there.
fn add(line: &str, next: &mut Vec<String>) {
    if next.iter().all(|known| known != line) {
        next.push(line.to_owned());
    }
}

/// The options that name a template.
fn options(ids: &[&str]) -> String {
    let options: Vec<String> = ids.iter().map(|id| format!("--template {id}")).collect();
    options.join(" or ")
}

/// Why the bank does not send a stored body.
fn refused_body(record: &Record, template: &Template, profile: &Profile) -> Option<Failure> {
    let body = record.body.as_deref().filter(|_| record.state != "SENT")?;
    if let Err(problem) = check_body(template.content_type, body) {
        return Some(Failure::new(FailureReason::InvalidJsonBodySyntax, problem));
    }
    let bytes = u64::try_from(body.len()).unwrap_or(u64::MAX);
    let most = profile.max_message_bytes;
    (bytes > most).then(|| {
        let cause = format!("{bytes} bytes, most {most}");
        Failure::new(FailureReason::MaxMessageSizeLimitExceeded, cause)
    })
}

/// Where the flaw of a stored body is.
fn flaw_of(body: Option<&str>) -> String {
    let Some(body) = body else {
        return "the record has no body: take the whole record, with `detailsLevel=FULL`".into();
    };
    // The record does not say what the template sends.
    let kind = if body.trim_start().starts_with('<') {
        ContentType::ApplicationXml
    } else {
        ContentType::ApplicationJson
    };
    match check_body(kind, body) {
        Ok(()) => "the body of this record is well-formed".into(),
        Err(problem) => format!("the flaw of the stored body: {problem}"),
    }
}

/// Whether there is a user before the host of a URL.
fn has_user(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next();
    authority.is_some_and(|authority| authority.contains('@'))
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
mod tests;
