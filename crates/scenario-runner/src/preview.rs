//! A template looked at as Mambu's Preview button does, and further: whether it would fire for an event and why, and
//! the request that would go out.
//!
//! Runs nothing and sends nothing.

use std::fmt::Write as _;

use mambu_emitter::bank::Change;
use mambu_emitter::delivery::destination::{Destination, masked};
use mambu_emitter::delivery::request::Dress;
use mambu_emitter::mambu::Configuration;
use mambu_emitter::render::{Found, Plan, check_body};
use mambu_emitter::template::{Authorization, Subscription, Template};
use mambu_emitter::verdict::{TemplateVerdict, decide};
use mambu_emitter::{Role, Scene, Value};

use crate::document::Env;
use crate::fixture::{self, Loaded};
use crate::scenario::{Action, Scenario};

/// What to preview.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The file with the template's Templates API JSON.
    pub template: &'a str,
    /// The event, as in a step; `{}` for the template's own.
    pub event: &'a str,
    /// A file with more records of the bank.
    pub bank: Option<&'a str>,
}

/// The name under which what came from the command line is shown in mistakes.
const LABEL: &str = "(command line)";

/// Reads a template, an event and a bank as a scenario of one step.
pub fn load(request: &Request<'_>) -> Loaded {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    // Exports leave credentials out; a preview shows that there are some, not which.
    let api: serde_json::Value = std::fs::read_to_string(request.template)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
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
    let text = format!(
        "mambu: {{ templates: {{ template: {template} }} }}{bank} }}\nsteps:\n  - event: {}\n",
        request.event.replace('\n', " ")
    );
    fixture::load_text("preview", LABEL, &text, &[], &Env::default())
}

/// The preview of a scenario's first event and first template, as text. `None` when the scenario has none.
pub fn show(scenario: &Scenario) -> Option<String> {
    let template = scenario.mambu.templates.first()?;
    let change = scenario.steps.iter().find_map(|step| match &step.action {
        Action::Event(change) => Some(change),
        _ => None,
    })?;
    let scene = scene(scenario, change)?;
    let mut page = String::new();
    verdict(&mut page, &scenario.mambu, template, &scene);
    request(&mut page, &scenario.mambu, template, &scene);
    Some(scenario.secrets.cover(&page))
}

fn scene(scenario: &Scenario, change: &Change) -> Option<Scene> {
    let mut change = change.clone();
    for (name, value) in &scenario.mambu.values {
        change.values.entry(name.clone()).or_insert_with(|| value.clone());
    }
    let moment = scenario.start.timestamp();
    scenario
        .bank
        .clone()
        .change(&change, moment, &scenario.mambu.time_zone)
        .ok()
}

fn verdict(page: &mut String, mambu: &Configuration, template: &Template, scene: &Scene) {
    let verdict = decide(template, scene, &mambu.profile);
    let yes = |fine: bool| if fine { "yes" } else { "NO" };
    let id = |role| scene.entity(role)?.get("id").and_then(Value::as_text);
    let holder = id(Role::Client).or_else(|| id(Role::Group)).unwrap_or("nobody");
    let _ = writeln!(page, "{}  on {}", template.name, template.event);
    let switch = if mambu.webhooks_enabled {
        "ENABLED"
    } else {
        "DISABLED: messages are made and fail at once"
    };
    let _ = writeln!(page, "  Webhook Communications  {switch}");
    let _ = writeln!(page, "  activated               {}", yes(template.activated));
    let fits = !matches!(verdict, TemplateVerdict::OtherTarget { .. });
    let _ = writeln!(
        page,
        "  target                  {}: {}",
        template.target,
        yes(fits)
    );
    let option = match template.subscription {
        Subscription::OptIn { .. } => "OPT_IN",
        Subscription::OptOut { .. } => "OPT_OUT",
    };
    let subscribed = !matches!(verdict, TemplateVerdict::NotSubscribed { .. });
    let _ = writeln!(
        page,
        "  subscription            {option}, {holder}: {}",
        yes(subscribed)
    );
    if let TemplateVerdict::Fires { outcome } | TemplateVerdict::NoMatch { outcome } = &verdict {
        if outcome.clauses.is_empty() {
            let _ = writeln!(page, "  conditions              none");
        }
        for clause in &outcome.clauses {
            let saw = clause
                .saw
                .as_ref()
                .map_or_else(|| "no value".to_owned(), |saw| format!("saw {saw}"));
            let _ = writeln!(
                page,
                "  condition               {}: {}, {saw}",
                clause.clause,
                yes(clause.holds)
            );
        }
        if outcome.clauses.len() > 1 {
            let _ = writeln!(page, "  linking                 {}", template.conditions.linking);
        }
    }
    let end = match &verdict {
        TemplateVerdict::Fires { .. } if mambu.webhooks_enabled => "a message is sent".to_owned(),
        TemplateVerdict::Fires { .. } => {
            "a message is made and fails: WEBHOOK_NOTIFICATIONS_DISABLED".to_owned()
        }
        other => format!("no message: the template {other}"),
    };
    let _ = writeln!(page, "=> {end}\n");
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
    let form = match check_body(template.content_type, body.as_str()) {
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
