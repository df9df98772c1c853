//! Every scenario of the repository: readable, as expected, and its ledger as accepted in the same files that
//! `mposim run` compares with.

use scenario_runner::expectation::misses;
use scenario_runner::ledger::to_text;
use scenario_runner::play::play;
use scenario_runner::snapshot;

use crate::corpus::{all, read, root};

#[test]
fn every_ledger_is_as_accepted() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for found in all() {
            let scenario = read(&found);
            let outcome = play(&scenario, None).unwrap_or_else(|error| panic!("{}: {error}", found.name));
            let misses = misses(&scenario, &outcome);
            assert!(misses.is_empty(), "{}: {misses:?}", found.name);
            insta::assert_snapshot!(
                found.name.as_str(),
                to_text(&outcome, &scenario.secrets).trim_end()
            );
        }
    });
}

#[test]
fn every_snapshot_belongs_to_a_scenario() {
    let names: Vec<String> = all().into_iter().map(|found| found.name).collect();
    assert_eq!(
        snapshot::orphans(&root(), &names),
        Vec::<std::path::PathBuf>::new()
    );
}

#[test]
fn every_scenario_says_what_it_is_about() {
    for found in all() {
        let description = read(&found).description.unwrap_or_default();
        assert!(
            description.len() > 20,
            "{} has no description worth reading",
            found.name
        );
    }
}
