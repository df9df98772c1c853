//! A template looked at as Mambu's Preview button does, and further: whether it would fire for an event and why, and
//! the request that would go out.
//!
//! Runs nothing and sends nothing.

mod message;
mod misspelt;

use std::fmt::Write as _;
use std::path::Path;

use mambu_emitter::bank::Change;
use mambu_emitter::check::needed_values;
use mambu_emitter::condition::Outcome;
use mambu_emitter::delivery::destination::{Destination, masked};
use mambu_emitter::delivery::request::Dress;
use mambu_emitter::mambu::Configuration;
use mambu_emitter::render::{Found, Plan};
use mambu_emitter::template::{Authorization, Subscription, Template};
use mambu_emitter::verdict::{Gates, TemplateVerdict, decide, gates};
use mambu_emitter::{Role, Scene, Value};

use crate::document::{Env, Paint};
use crate::fixture::{self, EventMistakes};
use crate::named_file::{self, Unreadable};
use crate::scenario::Scenario;

/// What to preview.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The file with the template's Templates API JSON.
    pub template: &'a str,
    /// The event, as in a step; the template's own when there is none.
    pub event: Option<&'a str>,
    /// A file with more records of the bank.
    pub bank: Option<&'a str>,
}

/// A preview, and what there is to say about what it was made from.
#[derive(Debug)]
pub struct Preview {
    /// Everything that is wrong or doubtful, for people.
    pub mistakes: String,
    /// The preview as text, unless something is wrong.
    pub page: Option<String>,
}

/// Reads a template, an event and a bank, and shows what would go out.
///
/// # Errors
/// When a file has no text to read.
pub fn preview(request: &Request<'_>, paint: Paint) -> Result<Preview, Unreadable> {
    let template = named_file::read(Path::new(request.template))?;
    if let Some(mistakes) = message::instead_of_template(request.template, &template, paint) {
        return Ok(Preview { mistakes, page: None });
    }
    if let Some(bank) = request.bank {
        named_file::read(Path::new(bank))?;
    }
    let text = scenario_text(request, &template);
    let loaded = fixture::load_text("preview", "(command line)", &text, &[], &Env::default());
    let mut mistakes = loaded.mistakes(paint);
    let Some(scenario) = loaded.scenario else {
        return Ok(Preview { mistakes, page: None });
    };
    let event = request.event.unwrap_or("{}");
    let mut change = None;
    let happened = happen(event, paint, &scenario, |read| change = Some(read.clone()));
    if let Some(change) = &change {
        let warnings = misspelt::warnings((EVENT, paint), event, change, &scenario);
        if !mistakes.is_empty() && !warnings.is_empty() {
            mistakes.push('\n');
        }
        mistakes += &warnings;
    }
    Ok(match happened {
        Ok(scene) => Preview {
            mistakes,
            page: show(&scenario, &scene),
        },
        Err(wrong) => {
            let wrong = match request.event {
                Some(_) => format!("{wrong}\n"),
                // Nobody wrote the event: there is nothing to point at, but something to write.
                None => event_to_give(&wrong, &scenario),
            };
            let space = if mistakes.is_empty() { "" } else { "\n" };
            Preview {
                mistakes: mistakes + space + &wrong,
                page: None,
            }
        }
    })
}

/// Template and bank as a scenario in which nothing happens.
fn scenario_text(request: &Request<'_>, template_text: &str) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    // Exports leave credentials out; a preview shows that there are some, not which.
    let api: serde_json::Value = serde_json::from_str(template_text).unwrap_or_default();
    let lacks = |key: &str| api["authorization"] == "BASIC_AUTHORIZATION" && api[key].is_null();
    let mut template = format!("{{ file: {}", quoted(request.template));
    for (key, instead) in [("username", "not in the file"), ("password", "(password)")] {
        if lacks(key) {
            let _ = write!(template, ", {key}: {instead}");
        }
    }
    let bank = request
        .bank
        .map(|bank| format!(", bank: [{}]", quoted(bank)))
        .unwrap_or_default();
    format!("mambu: {{ templates: {{ template: {template} }} }}{bank} }}\nsteps: [{{ set: {{}} }}]\n")
}

/// The name of the event's text in mistakes.
const EVENT: &str = "--event";

/// Lets an event happen in a copy of the scenario's bank; `note` is told what it was read as.
fn happen(
    event: &str,
    paint: Paint,
    scenario: &Scenario,
    note: impl FnOnce(&Change),
) -> Result<Scene, EventMistakes> {
    let bank = || scenario.bank.clone();
    fixture::happen_in_yaml((EVENT, paint), event, &scenario.mambu, bank, |change| {
        note(change);
        let mut change = change.clone();
        for (name, value) in &scenario.mambu.values {
            change.values.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let moment = scenario.start.timestamp();
        scenario
            .bank
            .clone()
            .change(&change, moment, &scenario.mambu.time_zone)
    })
}

/// What the template's own event lacks, and an event that has it if there is one.
fn event_to_give(wrong: &EventMistakes, scenario: &Scenario) -> String {
    let needed = scenario.mambu.templates.first().map(needed_values);
    let values: Vec<String> = needed
        .into_iter()
        .flatten()
        .map(|needed| format!("\"{}\": example", needed.name))
        .collect();
    let values = (!values.is_empty()).then(|| format!("values: {{ {} }}", values.join(", ")));
    let with = |amount: Option<&str>| {
        let parts: Vec<&str> = amount.into_iter().chain(values.as_deref()).collect();
        format!("{{ {} }}", parts.join(", "))
    };
    let example = [with(None), with(Some("amount: 250.00"))]
        .into_iter()
        .find(|event| happen(event, Paint::Plain, scenario, |_| ()).is_ok());
    let mut said = String::new();
    for mistake in &wrong.list {
        let _ = writeln!(said, "error: {}", mistake.message);
        if let (None, Some(hint)) = (&example, &mistake.hint) {
            let _ = writeln!(said, "  = help: {hint}");
        }
    }
    if let Some(example) = example {
        let _ = writeln!(said, "  = help: say it, such as --event '{example}'");
    }
    said
}

/// The preview of a scenario's first template for what it sees of an event.
fn show(scenario: &Scenario, scene: &Scene) -> Option<String> {
    let template = scenario.mambu.templates.first()?;
    let mut page = String::new();
    verdict(&mut page, &scenario.mambu, template, scene);
    request(&mut page, &scenario.mambu, template, scene);
    Some(scenario.secrets.cover(&page))
}

fn verdict(page: &mut String, mambu: &Configuration, template: &Template, scene: &Scene) {
    let _ = writeln!(page, "{}  on {}", template.name, template.event);
    let gates = gates(template, scene, &mambu.profile);
    for (gate, said) in gate_lines(mambu, template, &gates, scene) {
        let _ = writeln!(page, "  {gate:22}  {said}");
    }
    for (part, said) in condition_lines(template, &gates.conditions) {
        let _ = writeln!(page, "  {part:22}  {said}");
    }
    let end = match decide(template, scene, &mambu.profile) {
        TemplateVerdict::Fires { .. } if mambu.webhooks_enabled => "a message is sent".to_owned(),
        TemplateVerdict::Fires { .. } => {
            "a message is made and fails: WEBHOOK_NOTIFICATIONS_DISABLED".to_owned()
        }
        other => format!("no message: {}", reason(&other, scene)),
    };
    let _ = writeln!(page, "=> {end}\n");
}

fn yes(fine: bool) -> &'static str {
    if fine { "yes" } else { "NO" }
}

/// Every gate before the conditions. Event and trigger have a line where they are shut: else the title says the one, and the
/// other goes without saying.
fn gate_lines(
    mambu: &Configuration,
    template: &Template,
    gates: &Gates,
    scene: &Scene,
) -> Vec<(&'static str, String)> {
    let id = |role| scene.entity(role)?.get("id").and_then(Value::as_text);
    let holder = id(Role::Client).or_else(|| id(Role::Group)).unwrap_or("nobody");
    let switch = if mambu.webhooks_enabled {
        "ENABLED"
    } else {
        "DISABLED: messages are made and fail at once"
    };
    let option = match template.subscription {
        Subscription::OptIn { .. } => "OPT_IN",
        Subscription::OptOut { .. } => "OPT_OUT",
    };
    let target = match gates.other_target {
        None => format!("{}: yes", template.target),
        Some(about) => format!("{}: NO, the event is about {about}", template.target),
    };
    let mut lines = vec![("Webhook Communications", switch.to_owned())];
    if !gates.listens {
        lines.push((
            "event",
            format!("{}: NO, this is {}", template.event, scene.event),
        ));
    }
    lines.push(("activated", yes(gates.activated).to_owned()));
    if !gates.automatic {
        lines.push(("trigger", "MANUAL: NO".to_owned()));
    }
    lines.push(("target", target));
    lines.push((
        "subscription",
        format!("{option}, {holder}: {}", yes(gates.subscribed)),
    ));
    lines
}

/// Every condition with the value it saw.
fn condition_lines(template: &Template, conditions: &Outcome) -> Vec<(&'static str, String)> {
    let clauses = &conditions.clauses;
    let mut lines: Vec<_> = clauses
        .iter()
        .map(|clause| {
            let saw = match (&clause.saw, &clause.note) {
                (Some(saw), None) => format!("saw {saw}"),
                (Some(saw), Some(note)) => format!("saw {saw} ({note})"),
                (None, None) => "no value".to_owned(),
                (None, Some(note)) => format!("no value ({note})"),
            };
            let said = format!("{}: {}, {saw}", clause.clause, yes(clause.holds));
            ("condition", said)
        })
        .collect();
    match clauses.len() {
        0 => lines.push(("conditions", "none".to_owned())),
        1 => {}
        _ => lines.push(("linking", template.conditions.linking.to_string())),
    }
    lines
}

/// Why there is no message, as a sentence.
fn reason(verdict: &TemplateVerdict, scene: &Scene) -> String {
    match verdict {
        TemplateVerdict::OtherEvent { listens_to } => {
            format!(
                "the template listens to {listens_to}, and this is {}",
                scene.event
            )
        }
        TemplateVerdict::OtherTarget { target, about } => {
            format!("the template's target is {target}, and the event is about {about}")
        }
        TemplateVerdict::Inactive | TemplateVerdict::Manual => format!("the template {verdict}"),
        TemplateVerdict::NoMatch { .. } => format!("the {verdict}"),
        TemplateVerdict::NotSubscribed { .. } | TemplateVerdict::Fires { .. } => verdict.to_string(),
    }
}

fn request(page: &mut String, mambu: &Configuration, template: &Template, scene: &Scene) {
    let plan = Plan::compile(template, &mambu.profile);
    let url = plan.url(scene);
    let _ = writeln!(page, "{} {}", template.request_type, masked(&url));
    let _ = writeln!(page, "Content-Type: {}", template.content_type.header());
    if let Authorization::Basic { username, .. } = &template.authorization {
        let _ = writeln!(page, "Authorization: Basic (user {username}, password not shown)");
    }
    let dress = Dress::new(&template.authorization, &template.headers, &mambu.profile);
    for name in dress.names().iter() {
        let _ = writeln!(page, "{name}: (value not shown)");
    }
    if mambu.profile.idempotency_key {
        let _ = writeln!(
            page,
            "x-notifications-idempotency-key: (a new one for each message)"
        );
    }
    let body = plan.body(scene);
    let _ = writeln!(page, "\n{}\n", body.as_str());
    let form = match body.check() {
        Ok(()) => "well-formed".to_owned(),
        Err(problem) => {
            format!("BROKEN, {problem}: Mambu fails it with INVALID_JSON_BODY_SYNTAX and sends nothing")
        }
    };
    let _ = writeln!(
        page,
        "body                      {form}, {} bytes",
        body.as_str().len()
    );
    match Destination::of(&url, &mambu.profile) {
        Ok(_) => {}
        Err(failure) => {
            let _ = writeln!(
                page,
                "destination               REFUSED before sending: {failure}"
            );
        }
    }
    for used in plan.explain(scene) {
        let note = match used.found {
            Found::Given => " (given)",
            Found::InScene => "",
            Found::Nowhere => "(no value: empty)",
            Found::LeftAsWritten => " (unknown, left as written)",
        };
        let _ = writeln!(page, "{:25} {}{note}", used.placeholder, used.text);
    }
}
