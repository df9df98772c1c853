//! The fake orchestrator: direct URLs, Start-node authorization, limits and the task store.
//!
//! Everything that decides is pure: [`Orchestrator::receive`] takes one request and the time and gives the answer and
//! what happened, each with its reason. Facts about the vendor stand beside the items with their mark and the section
//! of the receiver sheet; whatever the vendor leaves open is a setting of [`Profile`].

pub mod answer;
pub mod body;
pub mod configuration;
pub mod direct_url;
pub mod happening;
pub mod hash;
pub mod mpo;
pub mod orchestrator;
pub mod profile;
pub mod rejection;
pub mod start_auth;
pub mod store;

pub use answer::Answer;
pub use configuration::{AliasConfig, Configuration, Mistake, ProcessConfig};
pub use direct_url::{AliasScope, ApiVersion, DirectUrl, DirectUrlError, Format, Target};
pub use happening::{Addressed, Happening, ProcessLabel, StartedTask};
pub use hash::Hash;
pub use mpo::{Mpo, Received};
pub use orchestrator::{Orchestrator, Request};
pub use profile::{ArrayBody, EmptyBody, OpsEnvelope, Profile, ReplyOps};
pub use rejection::{ACCESS_DENIED_CLASSES, ALL_CLASSES, IncorrectBody, Malformed, NoCredentials, Rejection};
pub use start_auth::{Accepted, Credentials, ResolvedAuth, StartAuth, decide};
pub use store::TaskStore;
