//! The generated pages of `docs/` say what the code says. `UPDATE_DOCS=1 cargo test -p scenario-runner handbook` writes them.

use std::path::Path;

use scenario_runner::{fixture, handbook, suite};

/// Compares a file of the repository with what it should hold, or writes it.
fn is_current(file: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if found == wanted {
        return;
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    let differs = found
        .lines()
        .zip(wanted.lines())
        .find(|(found, wanted)| found != wanted);
    panic!("{file} is not current; `UPDATE_DOCS=1 cargo test` writes it. First difference: {differs:#?}");
}

#[test]
fn the_fixture_reference_is_current() {
    is_current("docs/fixture-reference.md", &handbook::fixture_reference());
}

#[test]
fn the_page_of_verdicts_and_rejections_is_current() {
    is_current(
        "docs/verdicts-and-rejections.md",
        &handbook::verdicts_and_rejections(),
    );
}

#[test]
fn the_page_of_settings_is_current() {
    is_current("docs/settings.md", &handbook::settings());
}

#[test]
fn the_page_of_vocabulary_is_current() {
    is_current("docs/vocabulary.md", &handbook::vocabulary());
}

#[test]
fn the_schema_for_editors_is_current() {
    is_current(
        "scenarios/scenario.schema.json",
        &format!("{:#}\n", fixture::schema()),
    );
}

#[test]
fn the_list_of_scenarios_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let all = suite::all(&root).expect("there are scenarios");
    is_current("scenarios/README.md", &handbook::scenarios(&all));
}
