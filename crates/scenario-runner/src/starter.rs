//! A starter scenario from what people have at hand: a template's JSON, a copied direct URL, an exported process. It runs
//! green, and its comments teach the format.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use mambu_emitter::check::needed_values;
use mambu_emitter::delivery::destination::Destination;
use mambu_emitter::event::EventGroup;
use mambu_emitter::message::FailureReason;
use mambu_emitter::template::{Authorization, Template};
use mpo_receiver::{DirectUrl, Target};
use serde_json::Value;

use crate::document::{Env, Paint};
use crate::expectation::Kind;
use crate::fixture;
use crate::ledger::{self, Outcome, Verdict};
use crate::named_file::{self, Unreadable};
use crate::play::play;
use crate::scenario::Scenario;
use crate::snapshot;
use crate::why::meaning_of_reason;

/// What a starter is made from.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// The scenario's name.
    pub name: &'a str,
    /// A file with a template's Templates API JSON.
    pub template: Option<&'a Path>,
    /// A copied direct URL.
    pub url: Option<&'a str>,
    /// A file with an exported process.
    pub process: Option<&'a Path>,
}

/// Why there is no starter.
#[derive(Debug, thiserror::Error)]
pub enum NoStarter {
    /// The name does not do for a folder.
    #[error(
        "`{0}` is no name for a scenario: letters, digits, `-` and `_`, and it begins with a letter or digit"
    )]
    Name(String),
    /// There is something already.
    #[error("{0} is there already")]
    Exists(String),
    /// A file cannot be read.
    #[error("cannot read {file}: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// The direct URL is none.
    #[error("not a direct URL: {0}")]
    Url(mpo_receiver::DirectUrlError),
    /// URL and process do not belong together.
    #[error(
        "the URL is of process {url}, the export of process {export}; copy the link of the process you exported"
    )]
    OtherProcess {
        /// The id in the URL.
        url: String,
        /// The id in the export.
        export: String,
    },
    /// What was made of it does not run; the mistakes say why.
    #[error("this does not make a scenario that runs:\n{0}")]
    Mistakes(String),
    /// A file cannot be written.
    #[error("cannot write {file}: {reason}")]
    Unwritable {
        /// The file.
        file: String,
        /// Why.
        reason: std::io::Error,
    },
}

/// The hash of made-up links: the length of a real one, and nobody's.
const EXAMPLE_HASH: &str = "0123456789abcdef0123456789abcdef01234567";

/// The id of a process that nothing says the id of.
const EXAMPLE_ID: u64 = 31_754;

/// The template that is used when none is given.
const EXAMPLE_TEMPLATE: &str = r#"{
  "name": "loan-disbursed-to-mpo",
  "type": "WEB_HOOK",
  "target": "CLIENT",
  "event": "LOAN_DISBURSEMENT",
  "subscriptionOption": "OPT_OUT",
  "activated": true,
  "url": "https://tenant.mpo.mambu.com/api/1/json/public/31754/0123456789abcdef0123456789abcdef01234567",
  "requestType": "POST",
  "authorization": "NO_AUTHORIZATION",
  "contentType": "APPLICATION_JSON",
  "body": "{\"key\":\"{ENCODED_KEY}\",\"loan\":\"{ACCOUNT_ID}\",\"amount\":\"{TRANSACTION_AMOUNT}\"}"
}
"#;

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// The ledger of its first run, accepted as its snapshot.
    pub ledger: String,
    /// That no task starts, why, and what to do about it: the scenario is green all the same, and expects that.
    pub warning: Option<String>,
}

/// An exported process, as far as it is looked at (observed: process format 6.2).
struct Export {
    id: u64,
    title: String,
}

/// Makes a starter scenario in `scenarios/` of a directory, with its snapshot. Either everything is written or nothing.
///
/// # Errors
/// When something it is made from cannot be used, or there is a scenario of that name.
pub fn make(root: &Path, wanted: &Wanted<'_>) -> Result<Written, NoStarter> {
    let first_is_fine = wanted
        .name
        .starts_with(|first: char| first.is_ascii_alphanumeric());
    if !first_is_fine
        || !wanted
            .name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
    {
        return Err(NoStarter::Name(wanted.name.to_owned()));
    }
    let folder = root.join("scenarios").join(wanted.name);
    let accepted = snapshot::path(root, wanted.name);
    for path in [&folder, &accepted] {
        if path.exists() {
            return Err(NoStarter::Exists(path.display().to_string()));
        }
    }
    let template_text = match wanted.template {
        Some(file) => read(file)?,
        None => EXAMPLE_TEMPLATE.to_owned(),
    };
    let export = wanted.process.map(export).transpose()?;
    // A link comes from the clipboard, often with blanks around it.
    let url = wanted
        .url
        .map(|url| checked(url.trim(), export.as_ref()))
        .transpose()?;
    let url = url.or_else(|| {
        let id = export.as_ref()?.id;
        Some(format!(
            "https://tenant.mpo.mambu.com/api/1/json/public/{id}/{EXAMPLE_HASH}"
        ))
    });
    // Everything is made and run beside, and moved to its place when it runs.
    let beside = root
        .join("scenarios")
        .join(format!("_{}.{}", wanted.name, std::process::id()));
    let made = build(&beside, wanted, &template_text, url.as_deref(), export.as_ref());
    let made = made.map_err(|error| match error {
        // People know the file that they named, not its copy.
        NoStarter::Mistakes(text) => NoStarter::Mistakes(match wanted.template {
            Some(file) => text.replace(
                &beside.join(TEMPLATE_FILE).display().to_string(),
                &file.display().to_string(),
            ),
            None => text,
        }),
        error => error,
    });
    let result = made.and_then(|(ledger, warning)| {
        std::fs::rename(&beside, &folder).map_err(|reason| unwritable(&folder, reason))?;
        snapshot::accept(&accepted, wanted.name, &ledger).map_err(|reason| unwritable(&accepted, reason))?;
        let mut files = vec![
            folder.join(fixture::FILE),
            folder.join(TEMPLATE_FILE),
            accepted.clone(),
        ];
        files.extend(schema(root)?);
        Ok(Written {
            files,
            ledger,
            warning,
        })
    });
    if result.is_err() {
        let _ = std::fs::remove_dir_all(&beside);
    }
    result
}

const TEMPLATE_FILE: &str = "template.json";

/// Writes the schema that a starter's first line names for editors, unless there is one.
fn schema(root: &Path) -> Result<Option<PathBuf>, NoStarter> {
    let file = root.join("scenarios").join("scenario.schema.json");
    if file.exists() {
        return Ok(None);
    }
    std::fs::write(&file, format!("{:#}\n", fixture::schema()))
        .map(|()| Some(file.clone()))
        .map_err(|reason| unwritable(&file, reason))
}

fn build(
    folder: &Path,
    wanted: &Wanted<'_>,
    template_text: &str,
    url: Option<&str>,
    export: Option<&Export>,
) -> Result<(String, Option<String>), NoStarter> {
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&file, text))
            .map_err(|reason| unwritable(&file, reason))
    };
    write(TEMPLATE_FILE, template_text)?;
    let lacks_password = serde_json::from_str::<Value>(template_text)
        .is_ok_and(|api| api["authorization"] == "BASIC_AUTHORIZATION" && api["password"].is_null());
    let head = Head {
        wanted,
        url,
        export,
        lacks_password,
    };
    // First without an event, to learn what the template asks for.
    let probe = head.text(None, &[], None) + "steps:\n  - set: {}\n";
    write(fixture::FILE, &probe)?;
    let probed = load(folder)?;
    let Some(template) = probed.mambu.templates.first() else {
        return Err(NoStarter::Mistakes("the template could not be read".into()));
    };
    let needed: Vec<String> = needed_values(template)
        .into_iter()
        .map(|needed| needed.name)
        .collect();
    let unexpected = head.text(Some(template), &needed, None) + &steps(template, "");
    write(fixture::FILE, &unexpected)?;
    let outcome = run(&load(folder)?, wanted.name)?;
    let verdict = outcome.steps.first().and_then(|step| step.verdict.as_ref());
    let text = head.text(Some(template), &needed, verdict)
        + &steps(template, &verdict.map(expectation).unwrap_or_default());
    let warning = verdict.and_then(|verdict| warning(verdict, template));
    write(fixture::FILE, &text)?;
    let mut scenario = load(folder)?;
    wanted.name.clone_into(&mut scenario.name);
    let outcome = run(&scenario, wanted.name)?;
    let warning = warning.map(|warning| scenario.secrets.cover(&warning));
    Ok((ledger::to_text(&outcome, &scenario.secrets), warning))
}

fn load(folder: &Path) -> Result<Scenario, NoStarter> {
    let loaded = fixture::load(folder, &Env::default());
    let mistakes = loaded.mistakes(Paint::Plain);
    loaded.scenario.ok_or(NoStarter::Mistakes(mistakes))
}

fn run(scenario: &Scenario, name: &str) -> Result<Outcome, NoStarter> {
    let mut scenario = scenario.clone();
    name.clone_into(&mut scenario.name);
    play(&scenario, None).map_err(|error| NoStarter::Mistakes(error.to_string()))
}

/// Everything above the steps.
struct Head<'a> {
    wanted: &'a Wanted<'a>,
    url: Option<&'a str>,
    export: Option<&'a Export>,
    lacks_password: bool,
}

impl Head<'_> {
    fn text(&self, template: Option<&Template>, needed: &[String], verdict: Option<&Verdict>) -> String {
        let mut text = String::from("# yaml-language-server: $schema=../scenario.schema.json\n");
        let event = template.map_or("EVENT", |template| template.event.name());
        let _ = writeln!(text, "description: {}", description(event, verdict));
        text.push_str("# Run it: mposim run ");
        let _ = writeln!(
            text,
            "{0}; after a change accept the ledger: mposim run {0} --update",
            self.wanted.name
        );
        let basic =
            template.is_some_and(|template| matches!(template.authorization, Authorization::Basic { .. }));
        let basic = basic || self.lacks_password;
        if self.url.is_some() || self.lacks_password {
            text.push_str(
                "\n# Defaults for ${…} below; `--env FILE` with NAME=value lines goes before them.\nenv:\n",
            );
        }
        if let Some(url) = self.url {
            let _ = writeln!(text, "  DIRECT_URL: {}", quoted(url));
        }
        if self.lacks_password {
            text.push_str("  WEBHOOK_PASSWORD: change-me       # exports leave the password out\n");
        }
        text.push_str("\nmambu:\n  time_zone: UTC                       # of the tenant, such as Europe/Berlin\n  templates:\n");
        let mut parts = vec![format!("file: {TEMPLATE_FILE}")];
        if self.url.is_some() {
            parts.push("url: \"${DIRECT_URL}\"".into());
        }
        if self.lacks_password {
            parts.push("username: mambu, password: \"${WEBHOOK_PASSWORD}\"".into());
        }
        let _ = writeln!(
            text,
            "    webhook: {{ {} }}   # the template as the Templates API has it",
            parts.join(", ")
        );
        if !needed.is_empty() {
            text.push_str("  # Nothing in the bank is known to feed these; an event can give them as well.\n  values:\n");
            for name in needed {
                let _ = writeln!(text, "    {}: example", quoted(name));
            }
        }
        text.push_str(
            "  # profile: { retry_delays: [30s, 2m, 8m] }   # what Mambu leaves undocumented, as settings\n",
        );
        self.mpo(&mut text, template, basic);
        text
    }

    fn mpo(&self, text: &mut String, template: Option<&Template>, basic: bool) {
        let url = self.url.or(template.map(|template| &*template.url));
        let Some((url, direct)) = url.and_then(|url| Some((url, DirectUrl::parse(url).ok()?))) else {
            text.push_str(
                "\n# mpo: there is no process, since the template's URL is no direct URL: nothing can start. Copy one in the Start node,\n\
                 # write it as `url:` of the template above, and here:\n\
                 #   processes: { intake: { direct_url: …, start: { auth: basic, user: …, pass: … } } }\n",
            );
            return;
        };
        let link = match self.url {
            Some(_) => "\"${DIRECT_URL}\"".to_owned(),
            None => quoted(url),
        };
        text.push_str("\nmpo:\n  processes:\n    intake:\n");
        let _ = match direct.target() {
            Target::Process(_) => writeln!(
                text,
                "      direct_url: {link}   # copied in the Start node; id, host and hash come from it"
            ),
            Target::Alias { .. } => writeln!(
                text,
                "      direct_url: {}   # made up: the link of the process behind the alias",
                quoted(&self.behind(&direct))
            ),
        };
        if let Some(export) = self.export {
            let _ = writeln!(text, "      title: {}", quoted(&export.title));
        }
        text.push_str("      state: active                    # or paused, debug, never_deployed, deleted\n");
        match (basic, self.lacks_password) {
            (true, true) => text.push_str("      start: { auth: basic, user: mambu, pass: \"${WEBHOOK_PASSWORD}\" }   # the Start node's Type auth\n"),
            (true, false) => text.push_str("      # start: { auth: basic, user: …, pass: … }   # the template sends Basic; what does the Start node want?\n"),
            (false, _) => text.push_str("      start: { auth: none }            # or: { auth: basic, user: mambu, pass: \"${MPO_PASS}\" }, with MPO_PASS under env\n"),
        }
        if let Target::Alias { short_name, .. } = direct.target() {
            let _ = writeln!(
                text,
                "  aliases:\n    {}: {{ to: intake, direct_url: {link} }}   # copied in the alias; `to` is the process it is linked to",
                quoted(short_name)
            );
        }
    }

    /// A made-up link of the process that an alias is linked to.
    fn behind(&self, alias: &DirectUrl) -> String {
        let id = self.export.map_or(EXAMPLE_ID, |export| export.id);
        format!(
            "{}://{}/api/1/json/public/{id}/{EXAMPLE_HASH}",
            alias.scheme(),
            alias.authority()
        )
    }
}

/// Where the messages of a template go.
fn host(template: &Template) -> String {
    let any = mambu_emitter::Profile {
        allow_http: true,
        allow_private: true,
        ..mambu_emitter::Profile::default()
    };
    let destination = Destination::of(&template.url, &any).map(|destination| destination.authority);
    destination.unwrap_or_else(|_| "tenant.mpo.mambu.com".into())
}

/// The steps: one event, and what became of it.
fn steps(template: &Template, expect: &str) -> String {
    let needs_amount = matches!(
        template.event.group(),
        EventGroup::LoanTransaction | EventGroup::DepositTransaction
    );
    let amount = if needs_amount { ", amount: 5000" } else { "" };
    let mut text = String::from(
        "\nsteps:                                 # `after: 10m` or `at: 2h` gives a step its time; it costs none\n",
    );
    let _ = writeln!(
        text,
        "  - event: {{ type: {}{amount} }}   # on the built-in demo bank: CL-1001, GRP-3001, LN-1001, DP-1001",
        template.event
    );
    if !expect.is_empty() {
        let _ = writeln!(text, "    expect: {{ {expect} }}");
    }
    text.push_str("  # - set: { mpo: { processes: { intake: { state: paused } } } }          # any configuration, on either side\n");
    let _ = writeln!(
        text,
        "  # - fault: {{ host: {}, answer: [503, 503, pass] }}     # and the network",
        host(template)
    );
    text
}

/// What became of the first event, as an expectation.
fn expectation(verdict: &Verdict) -> String {
    let word = verdict.kind.word();
    match (verdict.kind, verdict.details.first()) {
        (Kind::Denied | Kind::Failed, Some(detail)) => format!("{word}: {detail}"),
        _ => format!("{word}: true"),
    }
}

/// What became of the first event, as the description of the scenario.
fn description(event: &str, verdict: Option<&Verdict>) -> String {
    let Some(verdict) = verdict.filter(|verdict| verdict.kind != Kind::Started) else {
        return format!("{event} reaches MPO.");
    };
    let detail = verdict.details.first();
    let detail = detail.map_or_else(String::new, |detail| format!(" ({detail})"));
    match verdict.kind {
        Kind::Filtered => format!("{event} makes no message{detail}."),
        Kind::Denied => format!("{event} is denied by MPO{detail}."),
        Kind::Failed => format!("{event} fails and starts nothing{detail}."),
        kind => format!("{event} is {}{detail}.", kind.word().replace('_', " ")),
    }
}

/// That what became of the first event is not a task, if it is not.
fn warning(verdict: &Verdict, template: &Template) -> Option<String> {
    let reason = &verdict.reason;
    let mut said = match verdict.kind {
        Kind::Started => return None,
        Kind::Filtered => format!("NO MESSAGE goes out: {reason}"),
        Kind::Failed => format!("the message FAILS: {reason}"),
        Kind::Denied => format!("MPO DENIES the message: {reason}"),
        _ => format!("the event is not what it should be: {verdict}"),
    };
    let no_answer = FailureReason::HttpErrorWhileSending.name();
    if let Err(why) = DirectUrl::parse(&template.url)
        && verdict.details.iter().any(|reason| *reason == no_answer)
    {
        // Nothing of the network is at fault: no process is there.
        let _ = write!(
            said,
            "\n  = help: the template's URL is no direct URL of MPO ({why}): no process can start from it; copy it in the Start node, \
             and give it with `--url`"
        );
    } else {
        let reasons = verdict.details.iter();
        for help in reasons.flat_map(|reason| meaning_of_reason(reason).next) {
            let _ = write!(said, "\n  = help: {help}");
        }
    }
    said.push_str("\n  = note: the scenario expects just that; change `expect:` when it is mended");
    Some(said)
}

fn checked(url: &str, export: Option<&Export>) -> Result<String, NoStarter> {
    let parsed = DirectUrl::parse(url).map_err(NoStarter::Url)?;
    if let (Target::Process(id), Some(export)) = (parsed.target(), export)
        && id.get() != export.id
    {
        return Err(NoStarter::OtherProcess {
            url: id.to_string(),
            export: export.id.to_string(),
        });
    }
    Ok(url.to_owned())
}

/// Reads id and title of an export: one object, or an array of one (documented: process format 6.1).
fn export(file: &Path) -> Result<Export, NoStarter> {
    let unreadable = |reason: String| NoStarter::Unreadable {
        file: file.display().to_string(),
        reason,
    };
    let json: Value =
        serde_json::from_str(&read(file)?).map_err(|error| unreadable(format!("not JSON: {error}")))?;
    let object = json.as_array().and_then(|list| list.first()).unwrap_or(&json);
    if object.get("scheme").is_none() {
        return Err(unreadable("not an exported process: it has no `scheme`".into()));
    }
    Ok(Export {
        // Exports may leave the id out; the URL says it then.
        id: object["obj_id"]
            .as_u64()
            .filter(|id| *id > 0)
            .unwrap_or(EXAMPLE_ID),
        title: object["title"].as_str().unwrap_or("exported process").to_owned(),
    })
}

fn read(file: &Path) -> Result<String, NoStarter> {
    named_file::read(file).map_err(|Unreadable { file, reason }| NoStarter::Unreadable { file, reason })
}

fn unwritable(file: &Path, reason: std::io::Error) -> NoStarter {
    NoStarter::Unwritable {
        file: file.display().to_string(),
        reason,
    }
}

/// A text as a YAML scalar in double quotes.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
