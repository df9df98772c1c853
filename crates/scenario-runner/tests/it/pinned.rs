//! Diagnostics that were agreed on: folders with a mistake each, and the text that is said about it beside it.

use std::path::{Path, PathBuf};

/// Texts that stand in the fixtures and must not stand in what is said about them.
const SECRETS: [&str; 3] = [
    "s3cret",
    "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f",
    "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
];

/// The folders in a folder of `tests/`, relative so that paths in the texts are the same everywhere.
pub(crate) fn folders(of: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(Path::new("tests").join(of)).expect("tests run in their crate's folder");
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

/// The text that was agreed on, empty as long as there is none.
pub(crate) fn expected(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("expected.txt")).unwrap_or_default()
}

/// Compares what is said about each folder with what was agreed on; with the environment variable `update` set, agrees.
pub(crate) fn compare(folders: &[PathBuf], said: fn(&Path) -> String, update: &str) {
    let update = std::env::var_os(update).is_some();
    let mut different = Vec::new();
    for folder in folders {
        let (said, expected) = (said(folder), expected(folder));
        if update && said != expected {
            std::fs::write(folder.join("expected.txt"), &said).expect("the folder can be written to");
        } else if said != expected {
            different.push(format!(
                "{}\n--- expected\n{expected}--- found\n{said}",
                folder.display()
            ));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// Neither what is said nor what was agreed on tells a secret.
pub(crate) fn tells_no_secret(folders: &[PathBuf], said: fn(&Path) -> String) {
    for folder in folders {
        let text = expected(folder) + &said(folder);
        for secret in SECRETS {
            assert!(!text.contains(secret), "{} tells {secret}", folder.display());
        }
    }
}
