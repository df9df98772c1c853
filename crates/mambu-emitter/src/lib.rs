//! The fake bank: events, notification templates, conditions, placeholders, messages and their delivery.

pub mod bank;
pub mod check;
pub mod condition;
pub mod custom_field;
pub mod delivery;
pub mod event;
pub mod format;
pub mod happening;
pub mod mambu;
pub mod message;
pub mod mistake;
pub mod placeholder;
pub mod profile;
pub mod render;
pub mod scene;
pub mod source;
pub mod template;
pub mod url;
pub mod value;
pub mod verdict;

pub use event::Event;
pub use happening::Happening;
pub use mambu::{Configuration, Mambu};
pub use mistake::{MambuError, Mistake};
pub use profile::Profile;
pub use scene::{Role, Scene};
pub use template::Template;
pub use url::Url;
pub use value::Value;
