//! Snapshots: the accepted ledger of each scenario, in insta's file form, and how a new one differs.
//!
//! Written only by `mposim run --update`, beside and then renamed; the tests compare the same files with insta.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use similar::{ChangeTag, TextDiff};

/// The place of a scenario's snapshot: `snapshots/<name>.snap` in the directory that holds `scenarios/`.
pub fn path(root: &Path, name: &str) -> PathBuf {
    root.join("snapshots").join(format!("{name}.snap"))
}

/// How a ledger compares with its snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Same,
    /// There is no snapshot yet.
    Missing,
    /// What lies there is no text in UTF-8.
    NotText,
    /// Another one.
    Differs {
        /// What was accepted.
        accepted: String,
    },
}

/// Compares a ledger with its snapshot.
///
/// # Errors
/// When the snapshot is there and cannot be read.
pub fn compare(file: &Path, ledger: &str) -> std::io::Result<Comparison> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            return match error.kind() {
                std::io::ErrorKind::NotFound => Ok(Comparison::Missing),
                std::io::ErrorKind::InvalidData => Ok(Comparison::NotText),
                _ => Err(error),
            };
        }
    };
    let accepted = contents(&text);
    Ok(if accepted.trim_end() == ledger.trim_end() {
        Comparison::Same
    } else {
        Comparison::Differs { accepted }
    })
}

/// Accepts a ledger.
///
/// # Errors
/// When the file cannot be written; then the old one is still whole.
pub fn accept(file: &Path, name: &str, ledger: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = file.with_extension(format!("snap.{}", std::process::id()));
    let mut writer = std::fs::File::create(&beside)?;
    let written = write!(
        writer,
        "---\nsource: scenarios/{name}\n---\n{}\n",
        ledger.trim_end()
    );
    let renamed = written
        .and_then(|()| writer.sync_data())
        .and_then(|()| std::fs::rename(&beside, file));
    if renamed.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    renamed
}

/// The part of a snapshot file behind its head.
fn contents(file: &str) -> String {
    let file = file.replace("\r\n", "\n");
    let body = file
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
        .map(|(_, body)| body.to_owned());
    body.unwrap_or(file)
}

/// Snapshots that no scenario of these names refers to.
pub fn orphans(root: &Path, names: &[String]) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root.join("snapshots")) else {
        return Vec::new();
    };
    let mut orphans: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|file| file.extension().is_some_and(|ending| ending == "snap"))
        .filter(|file| {
            let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            !stem.is_some_and(|stem| names.contains(&stem))
        })
        .collect();
    orphans.sort();
    orphans
}

/// A line of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// In both.
    Same,
    /// Only in the snapshot.
    Gone,
    /// Only in the new ledger.
    New,
    /// A gap between parts.
    Gap,
}

/// The difference between a snapshot and a new ledger, with a few lines around each change.
///
/// `paint` gets each line with its kind and returns it as it is to be shown.
pub fn difference(accepted: &str, ledger: &str, paint: impl Fn(Line, &str) -> String) -> String {
    let diff = TextDiff::from_lines(accepted.trim_end(), ledger.trim_end());
    let mut text = String::new();
    for (at, group) in diff.grouped_ops(3).iter().enumerate() {
        if at > 0 {
            let _ = writeln!(text, "{}", paint(Line::Gap, "  …"));
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let (kind, sign) = match change.tag() {
                ChangeTag::Equal => (Line::Same, ' '),
                ChangeTag::Delete => (Line::Gone, '-'),
                ChangeTag::Insert => (Line::New, '+'),
            };
            let line = format!("{sign} {}", change.value().trim_end_matches('\n'));
            let _ = writeln!(text, "{}", paint(kind, line.trim_end()));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_snapshot_is_not_compared() {
        assert_eq!(
            contents("---\nsource: x\nexpression: y\n---\na\n---\nb\n"),
            "a\n---\nb\n"
        );
        assert_eq!(contents("no head\n"), "no head\n");
    }

    #[test]
    fn a_difference_shows_what_is_gone_and_what_is_new() {
        let shown = difference("a\nb\nc", "a\nx\nc", |_, line| line.to_owned());
        assert_eq!(shown, "  a\n- b\n+ x\n  c\n");
    }
}
