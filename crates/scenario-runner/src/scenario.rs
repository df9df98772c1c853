//! A scenario, read and checked: both sides' configuration, the timeline and what is expected of it.
//!
//! Knows nothing of files, lines or YAML; [`fixture`](crate::fixture) makes it, [`play`](mod@crate::play) plays it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::ZonedDateTime;
use mambu_emitter::Value;
use mambu_emitter::bank::{Bank, Change, Kind};
use mambu_emitter::mambu::StoredMessage;
use mpo_receiver::{ALL_CLASSES, DirectUrl};
use secrecy::SecretString;
use sim_world::Limits;
use sim_world::network::Fault;

use crate::document::Span;
use crate::expectation::{Expectation, Totals};

/// Everything one run needs.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The folder's name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Seed of all randomness.
    pub seed: u64,
    /// The world's clock at the first moment.
    pub start: ZonedDateTime,
    /// Bounds of the run.
    pub limits: Limits,
    /// When the run ends, counted from its first moment; without it when the world is quiet.
    pub until: Option<Duration>,
    /// The bank's records.
    pub bank: Bank,
    /// The bank's configuration at the first moment.
    pub mambu: mambu_emitter::mambu::Configuration,
    /// The orchestrator's configuration at the first moment.
    pub mpo: mpo_receiver::Configuration,
    /// What happens, in order of time.
    pub steps: Vec<Step>,
    /// What is expected in all.
    pub expect: Totals,
    /// Texts that must not appear in any output.
    pub secrets: Secrets,
}

/// One step of the timeline.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its place in the fixture, from 1.
    pub number: usize,
    /// Where it stands: a mark that only the fixture's files can tell.
    pub place: Span,
    /// When, counted from the first moment.
    pub at: Duration,
    /// What the fixture calls it.
    pub name: Option<String>,
    /// What happens.
    pub action: Action,
    /// What is expected of it.
    pub expect: Option<Expectation>,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Action {
    /// Something happens in the bank.
    Event(Box<Change>),
    /// Somebody else sends a request to a direct URL.
    Post(Post),
    /// A failed message of the communication log goes out again.
    Message(Box<StoredMessage>),
    /// Configuration changes on either side.
    Set(Box<Set>),
    /// The network fails.
    Fault(NetworkFault),
}

/// A request by somebody else than the bank.
#[derive(Clone, Debug)]
pub struct Post {
    /// Whom it is for, as the fixture says it.
    pub to: String,
    /// `host` or `host:port`.
    pub authority: String,
    /// Path and query; holds the hash.
    pub path: SecretString,
    /// HTTP method.
    pub method: String,
    /// Headers in order; values may be secrets.
    pub headers: Vec<(String, SecretString)>,
    /// Body.
    pub body: Bytes,
}

/// A change of configuration.
#[derive(Clone, Debug)]
pub struct Set {
    /// What changes, for people: `mpo.processes.intake.start.auth: none`.
    pub said: Vec<String>,
    /// Records laid over the bank's as events have left them.
    pub records: Vec<(Kind, Value)>,
    /// The bank's configuration from now on.
    pub mambu: mambu_emitter::mambu::Configuration,
    /// The orchestrator's configuration from now on.
    pub mpo: mpo_receiver::Configuration,
}

/// A fault of the network.
#[derive(Clone, Debug)]
pub struct NetworkFault {
    /// The host.
    pub host: String,
    /// Faults that connections meet one after the other.
    pub script: Vec<Fault>,
    /// What later connections meet.
    pub then: Fault,
    /// How long it lasts.
    pub lasts: Option<Duration>,
    /// For people: `answer: 503, 503, pass`.
    pub said: String,
}

/// Texts that must not appear in any output: the last net behind types that cannot be printed.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Vec<SecretString>);

impl Secrets {
    /// Shorter secrets are not searched for: covering every `a` would hide everything and tell the secret.
    const SHORTEST: usize = 4;

    /// Adds a secret.
    pub fn add(&mut self, secret: SecretString) {
        use secrecy::ExposeSecret as _;
        let text = secret.expose_secret();
        let is_new = || self.0.iter().all(|known| known.expose_secret() != text);
        if text.len() >= Self::SHORTEST && is_new() {
            self.0.push(secret);
            // A secret inside a longer one must not tear holes into it.
            self.0
                .sort_by_key(|secret| std::cmp::Reverse(secret.expose_secret().len()));
        }
    }

    /// Adds what is secret of a template's or a process's Basic: the password, and both as the header has them.
    pub fn add_basic(&mut self, user: &str, password: &str) {
        self.add(STANDARD.encode(format!("{user}:{password}")).into());
        self.add(password.into());
    }

    /// Adds the hash of a direct URL, if it looks like a real one; another could be a word.
    pub fn add_hash(&mut self, url: &DirectUrl) {
        if url.hash().looks_real() {
            self.add(url.hash().expose().into());
        }
    }

    /// The secrets, each with whether it is covered in text of ours too.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&SecretString, bool)> {
        use secrecy::ExposeSecret as _;
        self.0
            .iter()
            .map(|secret| (secret, !is_our_word(secret.expose_secret())))
    }

    /// The text with every secret covered: for what others wrote, such as bodies and answers.
    pub fn cover(&self, text: &str) -> String {
        self.cover_if(text, |_| true)
    }

    /// As [`cover`](Self::cover), for text of ours. A secret that is one of our own words (`password`) stays: covered in a
    /// sentence that everybody knows it would be told, and the sentence spoilt.
    pub fn cover_ours(&self, text: &str) -> String {
        self.cover_if(text, |secret| !is_our_word(secret))
    }

    fn cover_if(&self, text: &str, is_covered: impl Fn(&str) -> bool) -> String {
        let secrets = self.0.iter().map(secrecy::ExposeSecret::expose_secret);
        secrets
            .filter(|secret| text.contains(secret) && is_covered(secret))
            .fold(text.to_owned(), |text, secret| text.replace(secret, "<secret>"))
    }
}

/// Whether a text stands in the sentences that say what became of a request.
fn is_our_word(text: &str) -> bool {
    const MORE: [&str; 3] = [
        "the password is wrong wrong_password the user is another one denied",
        "process template message attempt answered started loan client group event task tasks body header authorization",
        "basic secret credentials variable",
    ];
    let rejections = ALL_CLASSES.iter().flat_map(|(class, meaning)| [*class, *meaning]);
    text.bytes().all(|byte| byte.is_ascii_lowercase())
        && MORE.into_iter().chain(rejections).any(|ours| ours.contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_covered_wherever_it_stands_and_a_short_one_is_left() {
        let mut secrets = Secrets::default();
        for secret in ["abc", "s3cret", "s3cret-longer"] {
            secrets.add(secret.into());
        }
        assert_eq!(secrets.cover("abc s3cret-longer s3cret"), "abc <secret> <secret>");
    }

    #[test]
    fn a_secret_that_is_a_word_of_ours_spoils_no_sentence_of_ours() {
        let mut secrets = Secrets::default();
        for secret in ["password", "s3cret"] {
            secrets.add(secret.into());
        }
        assert_eq!(
            secrets.cover_ours("the password is wrong: s3cret"),
            "the password is wrong: <secret>"
        );
        assert_eq!(secrets.cover("{\"key\":\"password\"}"), "{\"key\":\"<secret>\"}");
    }
}
