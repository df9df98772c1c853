//! Marked documents: YAML and JSON fixtures as trees that know where each value stands.
//!
//! A file is added to a [`Context`], read by [`yaml`] or [`json`] into a [`Node`], and decoded by [`Decode`] into a value. Every
//! mistake of every file is collected on the way and printed by [`render()`] with its line, a caret and a hint; the same
//! declarations give the JSON Schema. This room knows nothing of banks, processes or scenarios.

mod context;
mod decode;
mod environment;
mod fields;
mod interpolate;
pub mod json;
mod locate;
mod mask;
mod mistake;
mod nearest;
mod node;
mod profile;
mod record;
mod render;
mod scalars;
mod source;
pub mod yaml;

#[cfg(test)]
mod tests;

pub use context::Context;
pub(crate) use decode::unexpected;
pub use decode::{Decode, Named, Spanned};
pub use environment::Env;
pub use fields::Fields;
pub use interpolate::interpolate;
pub(crate) use mask::{is_setting, sounds_secret};
pub use mask::{mask_links, mask_text};
pub use mistake::{MAX_MISTAKES, Mistake, Mistakes, Severity};
pub use node::{Entry, Node, NodeValue, merge};
pub use profile::{Settings, apply_profile, profile_schema};
pub(crate) use render::said;
pub use render::{Paint, render};
pub(crate) use scalars::length_of_time;
pub use source::{FileId, Place, Sources, Span};

/// What the macros of this room expand to; not for direct use.
#[doc(hidden)]
pub mod macros {
    pub use super::decode::word_of;
    pub use super::record::{default_of, field_of, key_name, record_schema, word_schema};
    pub use serde_json;
}

/// How deep lists and maps may lie within one another.
pub const MAX_DEPTH: usize = 64;

/// How many bytes a file may have.
pub const MAX_BYTES: usize = 4 << 20;

/// How many values a file may have, aliases filled in.
pub const MAX_NODES: usize = 200_000;

/// What to do about a file with too much in it.
pub(crate) const SPLIT: &str =
    "split the scenario: each in a folder of its own, and what they share in a file that they extend";

/// A file with more values than are read; those of aliases count each time.
fn too_many(span: Span, has_aliases: bool) -> Mistake {
    let message = format!(
        "the file has more than {MAX_NODES} values{}",
        if has_aliases { ", aliases filled in" } else { "" }
    );
    let mistake = Mistake::error(span, message).label("not read from here on");
    mistake.hint(SPLIT)
}

/// Refuses a file that is too large to read.
fn size_is_fine(file: FileId, cx: &mut Context) -> bool {
    let bytes = cx.sources.text(file).len();
    if bytes > MAX_BYTES {
        cx.report(
            Mistake::error(
                file.start(),
                format!("the file has {bytes} bytes; at most {MAX_BYTES} are read"),
            )
            .hint(SPLIT),
        );
    }
    bytes <= MAX_BYTES
}
