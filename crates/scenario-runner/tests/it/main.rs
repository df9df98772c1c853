//! Integration tests of the runner.

mod accounts;
mod at_once;
mod broken;
mod corpus;
mod coverage;
mod determinism;
mod fakes;
mod findings;
mod handbook;
mod never_panics;
mod pinned;
mod previews;
mod records;
mod schema;
mod secrets;
mod settings;
mod snapshots;
mod whole_example;
