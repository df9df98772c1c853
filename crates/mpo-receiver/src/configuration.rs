//! What a person configures at the orchestrator: processes, aliases, variables, profile.
//!
//! Plain data and its check. Knows no file and no line: a mistake points into the configuration by JSON pointer.

use mpo_process::{ConvId, ProcessState, Variables};

use crate::direct_url::DirectUrl;
use crate::profile::Profile;
use crate::start_auth::StartAuth;

mod check;

/// A process, its direct URL and who may use it.
#[derive(Clone, Debug)]
pub struct ProcessConfig {
    /// Its name in the fixture.
    pub name: String,
    /// Its id; the direct URL has the same.
    pub conv_id: ConvId,
    /// Its title in the vendor's interface.
    pub title: String,
    /// Whether it takes tasks.
    pub state: ProcessState,
    /// Its direct URL: any of the three links.
    pub direct_url: DirectUrl,
    /// Whether "Direct URL for tasks upload" is on. Documented default: on (receiver sheet 1.1).
    pub direct_url_enabled: bool,
    /// The authorization of its Start node; covers its aliases too (documented: receiver sheet 1.6).
    pub start: StartAuth,
}

/// An alias and its own direct URL.
#[derive(Clone, Debug)]
pub struct AliasConfig {
    /// Its short name; the direct URL has the same.
    pub short_name: String,
    /// The name of the process it is linked to, if any.
    pub to: Option<String>,
    /// Its direct URL, with a hash of its own (observed: receiver sheet 1.1).
    pub direct_url: DirectUrl,
    /// Whether its direct URL is on.
    pub direct_url_enabled: bool,
}

/// Everything that is configured at the orchestrator.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The processes. Of two with one id the first counts.
    pub processes: Vec<ProcessConfig>,
    /// The aliases. Of two with one path the first counts.
    pub aliases: Vec<AliasConfig>,
    /// The environment variables.
    pub variables: Variables,
    /// What the vendor leaves open.
    pub profile: Profile,
}

/// Something in a configuration that is wrong, or probably not meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where: a JSON pointer such as `/processes/intake/direct_url`.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether one can go on with it.
    pub is_warning: bool,
}
