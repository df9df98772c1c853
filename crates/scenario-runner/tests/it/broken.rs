//! Broken fixtures with what is said about them. Each folder of `tests/broken/` holds a scenario with one kind of mistake and the
//! text of its diagnostics; `UPDATE_BROKEN=1 cargo test -p scenario-runner --test it broken` writes the texts anew.

use std::path::Path;

use scenario_runner::document::{Env, Paint};
use scenario_runner::fixture;

use crate::pinned::{compare, folders, tells_no_secret};

fn said(folder: &Path) -> String {
    let mut loaded = fixture::load(folder, &Env::default());
    if loaded.context.mistakes.is_empty() {
        // What runs and is doubtful all the same is for `check`.
        loaded = fixture::check(folder, &Env::default());
    }
    assert!(
        !loaded.context.mistakes.is_empty(),
        "nothing is wrong with {}",
        folder.display()
    );
    loaded.mistakes(Paint::Plain)
}

#[test]
fn every_mistake_is_said_as_it_was_agreed() {
    compare(&folders("broken"), said, "UPDATE_BROKEN");
}

#[test]
fn no_diagnostic_tells_a_secret() {
    tells_no_secret(&folders("broken"), said);
}

#[test]
fn there_are_plenty_of_them() {
    assert!(folders("broken").len() >= 60);
}
