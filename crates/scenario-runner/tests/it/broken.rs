//! Broken fixtures with what is said about them. Each folder of `tests/broken/` holds a scenario with one kind of mistake and the
//! text of its diagnostics; `UPDATE_BROKEN=1 cargo test -p scenario-runner --test it broken` writes the texts anew.

use std::path::{Path, PathBuf};

use scenario_runner::document::{Env, Paint};
use scenario_runner::fixture;

/// Texts that stand in the fixtures and must not stand in what is said about them.
const SECRETS: [&str; 3] = [
    "s3cret",
    "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f",
    "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
];

/// The folders, relative so that paths in the texts are the same everywhere.
fn folders() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("tests/broken").expect("tests run in their crate's folder");
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

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
    let update = std::env::var_os("UPDATE_BROKEN").is_some();
    let mut different = Vec::new();
    for folder in folders() {
        let said = said(&folder);
        let file = folder.join("expected.txt");
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        if update && said != expected {
            std::fs::write(&file, &said).expect("the folder can be written to");
        } else if said != expected {
            different.push(format!(
                "{}\n--- expected\n{expected}--- found\n{said}",
                folder.display()
            ));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn no_diagnostic_tells_a_secret() {
    for folder in folders() {
        let text = std::fs::read_to_string(folder.join("expected.txt")).unwrap_or_default() + &said(&folder);
        for secret in SECRETS {
            assert!(!text.contains(secret), "{} tells {secret}", folder.display());
        }
    }
}

#[test]
fn there_are_plenty_of_them() {
    assert!(folders().len() >= 60);
}
