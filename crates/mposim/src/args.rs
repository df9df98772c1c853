//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Tries out Mambu webhooks that start MPO tasks, on this machine: a fake bank, a fake orchestrator, and scenarios
/// played between them.
#[derive(Debug, Parser)]
#[command(name = "mposim", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run scenarios and compare them with what is expected and accepted
    ///
    /// Prints the ledger of a single scenario, a line each for many. Exit codes: 0 fine, 1 usage, 2 a fixture cannot be
    /// read, 3 a run failed, 4 an expectation or snapshot differs or is missing.
    Run(Run),
    /// List the scenarios with their descriptions
    List,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Run {
    /// Names of scenarios, or paths to their folders; default all of `scenarios/`
    #[arg(value_name = "NAME or PATH")]
    pub(crate) scenarios: Vec<String>,
    /// Accept the ledgers as snapshots
    #[arg(long)]
    pub(crate) update: bool,
    /// How to print ledgers
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Lines of NAME=value that go before the scenarios' own `env:`
    #[arg(long, value_name = "FILE")]
    pub(crate) env: Option<PathBuf>,
    /// How many scenarios run at a time; default as many as there are cores
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: Option<u16>,
    /// Another seed than the fixtures'; then only expectations count
    #[arg(long, value_name = "N", conflicts_with = "update")]
    pub(crate) seed: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// As text
    Text,
    /// As JSON; of many scenarios one a line
    Json,
}
