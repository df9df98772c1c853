//! The check of a configuration: all mistakes at once, none of them showing a secret.

use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash as StdHash;

use mpo_process::variable::check_short_name;
use mpo_process::{Missing, ProcessState, VariableKey, Visibility, Why, references, resolve};

use sim_world::{Profile as _, Slot};

use super::{AliasConfig, Configuration, Mistake, ProcessConfig};
use crate::direct_url::{DirectUrl, Target};
use crate::start_auth::{Credentials, StartAuth};

impl Configuration {
    /// Everything that is wrong with it, or probably not meant; in the order of the configuration.
    pub fn check(&self) -> Vec<Mistake> {
        let mut found = Found::default();
        self.check_variables(&mut found);
        self.check_processes(&mut found);
        self.check_aliases(&mut found);
        self.check_profile(&mut found);
        found.0
    }

    fn check_variables(&self, found: &mut Found) {
        let mut names = Seen::default();
        let mut ids = Seen::default();
        for variable in self.variables.iter() {
            let at = pointer(["variables", &variable.short_name]);
            if let Err(mistake) = check_short_name(&variable.short_name) {
                found.mistake(&at, mistake);
            }
            if let Err(mistake) = variable.value.check() {
                found
                    .warning(&at, format!("MPO would not save it: {mistake}"))
                    .hint("take a value that it saves, and change whatever has to match it");
            }
            if names.before(&variable.short_name, &variable.short_name).is_some() {
                found.mistake(&at, "there is another variable of this name");
            }
            if let Some(other) = variable.id.and_then(|id| ids.before(id, &variable.short_name)) {
                found.mistake(&at, format!("the variable {other} has the same id"));
            }
        }
    }

    fn check_processes(&self, found: &mut Found) {
        let mut names = Seen::default();
        let mut ids = Seen::default();
        for process in &self.processes {
            let at = pointer(["processes", &process.name]);
            if names.before(&process.name, &process.name).is_some() {
                found.mistake(&at, "there is another process of this name");
            }
            if let Some(other) = ids.before(process.conv_id, &process.name) {
                let message = format!("the process {other} has the same id, {}", process.conv_id);
                found
                    .mistake(&format!("{at}/direct_url"), message)
                    .hint("copy the link of the other process again");
            }
            check_process(process, &at, found);
            self.check_state(process, &at, found);
            if let StartAuth::Basic(credentials) = &process.start {
                self.check_credentials(credentials.as_ref(), &format!("{at}/start"), found);
            }
        }
    }

    fn check_credentials(&self, credentials: Option<&Credentials>, at: &str, found: &mut Found) {
        let Some(credentials) = credentials else {
            found
                .warning(at, "Basic without user and password: every request is denied")
                .hint("set `user` and `pass`");
            return;
        };
        for (field, template) in credentials.fields() {
            let at = format!("{at}/{}", field.name());
            let resolved = resolve(template, &self.variables);
            for missing in &resolved.missing {
                found
                    .warning(&at, format!("{missing}; every request is denied"))
                    .hint(&self.instead(missing));
            }
            self.check_secrets(template, &at, found);
            let text = secrecy::ExposeSecret::expose_secret(&resolved.text);
            if text.is_empty() && resolved.missing.is_empty() {
                found
                    .warning(&at, format!("`{}` is empty", field.name()))
                    .hint("it keeps nobody out who leaves it empty too; set it on both sides");
            }
            if text.chars().any(|c| c.is_ascii_control()) {
                found
                    .warning(
                        &at,
                        "it has a control character, which Basic cannot carry: every request is denied",
                    )
                    .hint("perhaps a line break was copied with it");
            }
            if field == crate::rejection::Field::User && text.contains(':') {
                found
                    .warning(
                        &at,
                        "it has a colon, which a user of Basic cannot have: every request is denied",
                    )
                    .hint("take a user without a colon, on both sides");
            }
        }
    }

    /// What to write in place of a reference that has no value.
    fn instead(&self, missing: &Missing) -> String {
        if let VariableKey::Unreadable(name) = &missing.reference.key {
            return format!("a variable's name has an `@` before it: `env_var[@{name}]`");
        }
        let names: Vec<_> = self
            .variables
            .iter()
            .map(|variable| variable.short_name.as_str())
            .collect();
        match missing.why {
            Why::NoVariable if names.is_empty() => {
                "there are no variables; define it under `variables`".into()
            }
            Why::NoVariable => format!("the variables are: {}", names.join(", ")),
            Why::NotJson => "make the variable `json`, or refer to all of it".into(),
            Why::NoStep(_) => "add it to the variable, or refer to a part that is there".into(),
        }
    }

    /// States in which a process starts nothing, with what the sender makes of the answer.
    fn check_state(&self, process: &ProcessConfig, at: &str, found: &mut Found) {
        let profile = &self.profile;
        let (what, status, instead) = match process.state {
            ProcessState::Paused => ("a paused process", profile.paused_status, "activate it"),
            ProcessState::NeverDeployed => (
                "a process that was never deployed",
                profile.never_deployed_status,
                "deploy it",
            ),
            ProcessState::Deleted => (
                "a deleted process",
                profile.unknown_process_status,
                "copy the link of the process that took its place",
            ),
            ProcessState::Active | ProcessState::Debug => return,
        };
        let lost = (200..300).contains(&status);
        let so = if lost {
            "events get lost silently"
        } else {
            "every request fails"
        };
        let hint = if lost {
            format!(
                "the sender takes {status} for success and never tries again; {instead} before anything is sent"
            )
        } else {
            format!("{instead} before anything is sent")
        };
        found
            .warning(
                &format!("{at}/state"),
                format!("{what} answers {status} and starts nothing: {so}"),
            )
            .hint(&hint);
    }

    fn check_secrets(&self, template: &str, at: &str, found: &mut Found) {
        for reference in references(template) {
            if self
                .variables
                .find(&reference.key)
                .is_some_and(|found| found.visibility == Visibility::Secret)
            {
                let works = if self.profile.secret_variables_in_basic {
                    "may not work"
                } else {
                    "does not work"
                };
                found
                    .warning(
                        at,
                        format!("{reference}: a secret variable {works} in a Start node"),
                    )
                    .hint("secret variables are documented for API Call nodes only; take a visible one");
            }
        }
    }

    fn check_aliases(&self, found: &mut Found) {
        let mut paths = Seen::default();
        for alias in &self.aliases {
            let at = pointer(["aliases", &alias.short_name]);
            let url_at = format!("{at}/direct_url");
            check_alias(alias, &at, found);
            if let Some(other) = paths.before(alias.direct_url.target().to_string(), &alias.short_name) {
                found.mistake(&url_at, format!("the alias {other} has the same link"));
            }
            check_hash(&alias.direct_url, &url_at, found);
            let Some(to) = &alias.to else {
                found
                    .warning(
                        &format!("{at}/to"),
                        "the alias is linked to no process and starts nothing",
                    )
                    .hint(
                        "link it to one, `to:` and the name of the process; until then every request fails",
                    );
                continue;
            };
            match self.processes.iter().find(|process| process.name == *to) {
                None => {
                    let names: Vec<_> = self
                        .processes
                        .iter()
                        .map(|process| process.name.as_str())
                        .collect();
                    found
                        .mistake(&format!("{at}/to"), format!("there is no process {to}"))
                        .hint(&format!("the processes are: {}", names.join(", ")));
                }
                Some(process) if process.direct_url.hash() == alias.direct_url.hash() => {
                    found
                        .warning(
                            &url_at,
                            format!("the same hash as the process {to}; in MPO each has its own"),
                        )
                        .hint(
                            "one of the two links is not the real one; copy the alias's on its Webhook tab",
                        );
                }
                Some(_) => {}
            }
        }
    }

    fn check_profile(&self, found: &mut Found) {
        let profile = &self.profile;
        if ![200, 401, 403].contains(&profile.access_denied_status) {
            found.mistake(
                "/profile/access_denied_status",
                "one of 200, 401 and 403 is expected",
            );
        }
        for (info, slot) in profile.clone().slots() {
            if let Slot::Count(status) = slot
                && info.name.ends_with("_status")
                && info.name != "access_denied_status"
                && !(200..=599).contains(status)
            {
                found.mistake(
                    &format!("/profile/{}", info.name),
                    "an HTTP status from 200 to 599 is expected",
                );
            }
        }
        let token = |method: &String| !method.is_empty() && method.bytes().all(|b| b.is_ascii_uppercase());
        if profile.methods.is_empty() || !profile.methods.iter().all(token) {
            found.mistake(
                "/profile/methods",
                "names of HTTP methods in capitals are expected, such as POST",
            );
        }
        if profile
            .www_authenticate
            .bytes()
            .any(|b| b.is_ascii_control() || !b.is_ascii())
        {
            found.mistake(
                "/profile/www_authenticate",
                "a header value cannot have these characters",
            );
        }
    }
}

fn check_process(process: &ProcessConfig, at: &str, found: &mut Found) {
    let url_at = format!("{at}/direct_url");
    match process.direct_url.target() {
        Target::Process(conv_id) if *conv_id == process.conv_id => {}
        Target::Process(other) => {
            found.mistake(
                &url_at,
                format!(
                    "the link is for process {other}, the process has the id {}",
                    process.conv_id
                ),
            );
        }
        Target::Alias { short_name, .. } => {
            found
                .mistake(&url_at, format!("the link is for the alias @{short_name}"))
                .hint("put it under `aliases`, with `to:` and the name of the process");
        }
    }
    check_hash(&process.direct_url, &url_at, found);
}

fn check_alias(alias: &AliasConfig, at: &str, found: &mut Found) {
    // Documented: receiver sheet 1.8.
    let legal = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-');
    if !(3..=128).contains(&alias.short_name.len()) || !alias.short_name.chars().all(legal) {
        found
            .warning(
                at,
                "MPO would not save it: an alias has 3 to 128 lower-case letters, digits and dashes",
            )
            .hint("write it as its link does, after the `@`");
    }
    match alias.direct_url.target() {
        Target::Alias { short_name, .. } if *short_name == alias.short_name => {}
        other => {
            found.mistake(
                &format!("{at}/direct_url"),
                format!("the link is for {other}, not for @{}", alias.short_name),
            );
        }
    }
}

fn check_hash(url: &DirectUrl, at: &str, found: &mut Found) {
    if !url.hash().looks_real() {
        found
            .warning(
                at,
                "real hashes have 40 lower-case hexadecimal characters, this one does not",
            )
            .hint("a link that was cut or typed starts nothing; copy it again");
    }
}

#[derive(Default)]
struct Found(Vec<Mistake>);

impl Found {
    fn mistake(&mut self, pointer: &str, message: impl Display) -> Hint<'_> {
        self.push(pointer, &message, false)
    }

    fn warning(&mut self, pointer: &str, message: impl Display) -> Hint<'_> {
        self.push(pointer, &message, true)
    }

    fn push(&mut self, pointer: &str, message: &dyn Display, is_warning: bool) -> Hint<'_> {
        let mistake = Mistake {
            pointer: pointer.to_owned(),
            message: message.to_string(),
            hint: None,
            is_warning,
        };
        self.0.push(mistake);
        Hint(self.0.last_mut())
    }
}

/// The mistake found last, to which a hint can be added.
struct Hint<'a>(Option<&'a mut Mistake>);

impl Hint<'_> {
    fn hint(self, hint: &str) {
        if let Some(mistake) = self.0 {
            mistake.hint = Some(hint.to_owned());
        }
    }
}

/// What came before, by a key that should be unique.
struct Seen<K>(HashMap<K, String>);

impl<K> Default for Seen<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + StdHash> Seen<K> {
    /// The name of the one before with this key; the first time none.
    fn before(&mut self, key: K, name: &str) -> Option<&str> {
        use std::collections::hash_map::Entry;
        match self.0.entry(key) {
            Entry::Occupied(first) => Some(first.into_mut()),
            Entry::Vacant(place) => {
                place.insert(name.to_owned());
                None
            }
        }
    }
}

/// RFC 6901.
fn pointer(parts: [&str; 2]) -> String {
    let [kind, name] = parts.map(|part| part.replace('~', "~0").replace('/', "~1"));
    format!("/{kind}/{name}")
}

#[cfg(test)]
mod tests;
