//! The path of a direct URL, read without copying: every request comes through here.
//!
//! Shapes: receiver sheet 1.1. Knows nothing of hosts, and gives no part of a path away that might be a hash.

use mpo_process::ConvId;

use super::{AliasScope, ApiVersion, DirectUrlError, Format, Target};

/// The path of a direct URL, in pieces of the text it was read from.
#[derive(Clone, Copy)]
pub struct DirectPath<'a> {
    /// The version of the API.
    pub version: ApiVersion,
    /// The format.
    pub format: Format,
    /// What is between `public/` and the hash; as [`Target`] displays itself.
    pub target: &'a str,
    /// The hash the sender claims.
    pub hash: &'a str,
}

impl<'a> DirectPath<'a> {
    /// Reads a path; a query is ignored (assumed: receiver sheet 1.3).
    pub fn parse(path: &'a str) -> Result<Self, DirectUrlError> {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let rest = path.strip_prefix("/api/").ok_or(DirectUrlError::Prefix)?;
        let (version, rest) = word(rest);
        let version = match version {
            "1" => ApiVersion::One,
            "2" => ApiVersion::Two,
            _ => return Err(DirectUrlError::Prefix),
        };
        let (format, rest) = word(rest.ok_or(DirectUrlError::Ends("format"))?);
        let format = Format::ALL
            .into_iter()
            .find(|known| known.word() == format)
            .ok_or_else(|| DirectUrlError::Format(shown(format)))?;
        let (public, rest) = word(rest.ok_or(DirectUrlError::Ends("word `public`"))?);
        match public {
            "public" => {}
            "callback" => return Err(DirectUrlError::Callback),
            other => return Err(DirectUrlError::NotPublic(shown(other))),
        }
        let rest = rest
            .filter(|rest| !rest.is_empty())
            .ok_or(DirectUrlError::Ends("process id"))?;
        let (target, hash) = rest.rsplit_once('/').ok_or(DirectUrlError::Ends("hash"))?;
        check_target(target)?;
        if hash.is_empty() || !hash.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(DirectUrlError::Hash);
        }
        Ok(Self {
            version,
            format,
            target,
            hash,
        })
    }

    /// The short name of the alias, if it leads to one.
    pub fn alias(&self) -> Option<&'a str> {
        let (alias, _) = word(self.target);
        alias.strip_prefix('@')
    }

    /// What it leads to.
    pub fn target(&self) -> Target {
        let mut parts = self.target.split('/').map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        let first = next();
        let Some(short_name) = first.strip_prefix('@') else {
            // `parse` has read it as a number before.
            return Target::Process(first.parse().unwrap_or(ConvId::new(0)));
        };
        let scope = match self.target.matches('/').count() {
            1 => AliasScope::Company { company: next() },
            _ => AliasScope::Project {
                project: next(),
                stage: next(),
                company: next(),
            },
        };
        Target::Alias {
            short_name: short_name.to_owned(),
            scope,
        }
    }
}

/// The text before the first slash, and what follows the slash.
fn word(text: &str) -> (&str, Option<&str>) {
    match text.split_once('/') {
        Some((word, rest)) => (word, Some(rest)),
        None => (text, None),
    }
}

fn check_target(target: &str) -> Result<(), DirectUrlError> {
    let Some(alias) = target.strip_prefix('@') else {
        let (conv_id, rest) = word(target);
        conv_id
            .parse::<ConvId>()
            .map_err(|_| DirectUrlError::ConvId(shown(conv_id)))?;
        return if rest.is_some() {
            Err(DirectUrlError::Longer)
        } else {
            Ok(())
        };
    };
    let names: &[&str] = match alias.matches('/').count() {
        1 => &["alias", "company"],
        3 => &["alias", "project", "stage", "company"],
        _ => return Err(DirectUrlError::AliasParts),
    };
    let legal = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    match alias.split('/').zip(names).find(|(part, _)| !legal(part)) {
        Some((_, name)) => Err(DirectUrlError::AliasPart(name)),
        None => Ok(()),
    }
}

/// A part of a path for a message; what might be a hash, or would be too long, is not shown.
fn shown(part: &str) -> String {
    match part.len() {
        0 => "nothing".to_owned(),
        1..=16 if part.is_ascii() => format!("`{part}`"),
        _ => "something longer".to_owned(),
    }
}

/// A path that is no direct URL, to be shown: words of the vendor's paths and numbers stay, the rest might be a secret.
pub fn masked_path(path: &str) -> String {
    const WORDS: [&str; 9] = [
        "", "api", "json", "xml", "nvp", "public", "callback", "plugins", "sim",
    ];
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let number = |part: &str| part.len() <= 12 && part.bytes().all(|b| b.is_ascii_digit());
    let parts = path.split('/').take(12).map(|part| {
        if WORDS.contains(&part) || number(part) {
            part
        } else {
            "<…>"
        }
    });
    parts.collect::<Vec<_>>().join("/")
}
