//! The three links of every process and alias, as MPO's "Copy webhook via JSON / XML / NVP" gives them.
//!
//! The one place that shows hashes on purpose.

use std::fmt::Write as _;

use mpo_receiver::{Configuration, DirectUrl, Format, StartAuth};
use secrecy::ExposeSecret as _;

/// The links as text.
pub fn show(configuration: &Configuration) -> String {
    let mut page = String::new();
    for process in &configuration.processes {
        let auth = match process.start {
            StartAuth::NoAuth => "no authorization",
            StartAuth::Basic(_) => "Basic",
        };
        let off = if process.direct_url_enabled {
            ""
        } else {
            ", direct URL off"
        };
        let _ = writeln!(
            page,
            "process {} ({}, {}, {auth}{off})",
            process.name,
            process.conv_id,
            process.state.name()
        );
        links(&mut page, &process.direct_url);
    }
    for alias in &configuration.aliases {
        let to = alias
            .to
            .as_ref()
            .map_or_else(|| "linked to nothing".to_owned(), |to| format!("of {to}"));
        let off = if alias.direct_url_enabled {
            ""
        } else {
            ", direct URL off"
        };
        let _ = writeln!(page, "alias @{} ({to}{off})", alias.short_name);
        links(&mut page, &alias.direct_url);
    }
    page
}

fn links(page: &mut String, url: &DirectUrl) {
    for format in [Format::Json, Format::Xml, Format::Nvp] {
        let _ = writeln!(
            page,
            "  {:4} {}",
            format.word().to_uppercase(),
            url.link(format).expose_secret()
        );
    }
}
