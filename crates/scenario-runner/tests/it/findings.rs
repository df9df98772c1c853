//! What `check` finds. Each folder of `tests/findings/` holds a scenario with one mistake (`mistake.yaml`), the same scenario
//! without it (`mended.yaml`) and what `check` says about the first; about the second it says nothing.
//! `UPDATE_FINDINGS=1 cargo test -p scenario-runner --test it findings` writes the texts anew.

use std::path::Path;

use scenario_runner::document::{Env, Paint};
use scenario_runner::fixture;

use crate::pinned::{compare, expected, folders, tells_no_secret};

fn text(folder: &Path, file: &str) -> String {
    let path = folder.join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn checked(folder: &Path, file: &str) -> String {
    let label = folder.join(file);
    let label = label.to_str().expect("folders have plain names");
    let loaded = fixture::check_text("pair", label, &text(folder, file), &[], &Env::default());
    loaded.mistakes(Paint::Plain)
}

fn said(folder: &Path) -> String {
    checked(folder, "mistake.yaml")
}

#[test]
fn every_finding_is_said_as_it_was_agreed() {
    compare(&folders("findings"), said, "UPDATE_FINDINGS");
}

#[test]
fn nothing_is_found_where_the_mistake_is_mended() {
    let found: Vec<String> = folders("findings")
        .iter()
        .map(|folder| checked(folder, "mended.yaml"))
        .filter(|found| !found.is_empty())
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_finding_is_one_with_its_place_and_what_to_do_about_it() {
    for folder in folders("findings") {
        let (name, said) = (folder.display(), expected(&folder));
        assert_ne!(
            text(&folder, "mistake.yaml"),
            text(&folder, "mended.yaml"),
            "{name}"
        );
        let starts = |words: &[&str]| {
            let is_one = |line: &&str| words.iter().any(|word| line.starts_with(word));
            said.lines().map(str::trim_start).filter(is_one).count()
        };
        assert_eq!(
            starts(&["error: ", "warning: "]),
            1,
            "{name}: one mistake, one finding"
        );
        assert_eq!(starts(&["--> "]), 1, "{name} has no place");
        assert!(
            starts(&["= help: ", "= note: "]) > 0,
            "{name} does not say what to do"
        );
    }
}

#[test]
fn no_finding_tells_a_secret() {
    tells_no_secret(&folders("findings"), said);
}
