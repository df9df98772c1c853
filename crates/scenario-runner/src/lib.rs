//! Fixtures, timeline, ledger, verdicts and snapshots.
//!
//! [`fixture`] reads a scenario's folder, [`play`](mod@play) plays it in a virtual world with both fakes, [`ledger`] says what
//! happened and why, [`expectation`] and [`snapshot`] say whether that was meant.

pub mod document;
pub mod expectation;
mod fitting;
pub mod fixture;
pub mod handbook;
pub mod ledger;
pub mod links;
pub mod live;
pub mod named_file;
pub mod play;
pub mod preview;
pub mod report;
pub mod scenario;
pub mod snapshot;
pub mod starter;
pub mod stream;
pub mod suite;
pub mod why;

pub use live::{FakeMambu, FakeMpo};
// What the fakes are set up with.
pub use {mambu_emitter, mpo_process, mpo_receiver};
