//! The scenarios of the repository, for tests that look at all of them.

use std::path::{Path, PathBuf};

use scenario_runner::document::{Env, Paint};
use scenario_runner::fixture;
use scenario_runner::scenario::Scenario;
use scenario_runner::suite::{self, Found};

/// The directory that holds `scenarios/` and `snapshots/`.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All scenarios.
pub(crate) fn all() -> Vec<Found> {
    let found = suite::all(&root()).expect("the repository has scenarios");
    assert!(!found.is_empty());
    found
}

/// A scenario without mistakes.
pub(crate) fn read(found: &Found) -> Scenario {
    let loaded = fixture::load(&found.folder, &Env::default());
    let mistakes = loaded.mistakes(Paint::Plain);
    loaded
        .scenario
        .unwrap_or_else(|| panic!("{} cannot be read:\n{mistakes}", found.name))
}

/// A folder for one test, gone afterwards.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("mposim-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a scenario of one file and returns its folder.
    pub(crate) fn scenario(&self, name: &str, text: &str) -> PathBuf {
        let folder = self.0.join("scenarios").join(name);
        std::fs::create_dir_all(&folder).expect("a folder for the scenario");
        std::fs::write(folder.join(fixture::FILE), text).expect("a file for the scenario");
        folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_description_is_the_same_read_cheaply_and_whole() {
    for found in all() {
        assert_eq!(
            fixture::description(&found.folder),
            read(&found).description,
            "{}",
            found.name
        );
    }
}
