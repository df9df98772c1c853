//! What can be said on the command line.

use std::net::SocketAddr;
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
    /// Read everything, run nothing: mistakes in fixtures, and between bank and orchestrator
    ///
    /// Exit code 2 if anything certainly does not work, 0 if there is nothing or only warnings.
    Check(Check),
    /// Show the request a template would send for an event, and whether it would
    ///
    /// Switch, activation, target, subscription, each condition with the value it saw, and the rendered request.
    Preview(Preview),
    /// Explain a message of the communication log: failed, or SENT and nothing happened
    Why(Why),
    /// Make a starter scenario that runs green, with its snapshot
    New(New),
    /// Show the JSON, XML and NVP link of every process and alias of a scenario
    Urls {
        /// Name of the scenario, or path to its folder
        #[arg(value_name = "NAME or PATH")]
        scenario: String,
    },
    /// Serve both fakes of a scenario on this machine, until Ctrl-C
    ///
    /// Prints addresses, direct URLs and `ready` to stdout, and a line for each happening to stderr. `/sim/` on both ports is for
    /// tests: POST /sim/events and GET /sim/messages on Mambu's, GET /sim/tasks?process=&count=1&await=5s, /sim/rejections,
    /// /sim/urls and DELETE /sim/state on MPO's, GET /sim/health on both.
    Serve(Serve),
    /// Print the JSON Schema of scenario.yaml, for editors
    Schema,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Preview {
    /// The template's JSON, as the Templates API gives it
    #[arg(value_name = "TEMPLATE.json")]
    pub(crate) template: String,
    /// The event, as in a step; default the template's own on the demo bank
    #[arg(long, value_name = "'{ amount: 5000 }'")]
    pub(crate) event: Option<String>,
    /// More records of the bank, in API v2 JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) bank: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Why {
    /// A record of the communication log, as the API gives it
    #[arg(value_name = "MESSAGE.json")]
    pub(crate) message: PathBuf,
    /// The scenario whose MPO is asked what it would answer
    #[arg(long, value_name = "NAME or PATH")]
    pub(crate) scenario: Option<String>,
    /// The template of the scenario that made the message; default the one of its key, event and destination
    #[arg(long, value_name = "NAME", requires = "scenario")]
    pub(crate) template: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Name of the scenario, or path to its folder
    #[arg(value_name = "NAME or PATH")]
    pub(crate) scenario: String,
    /// Where Mambu listens; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value_t = crate::serve::MAMBU, value_parser = address)]
    pub(crate) mambu: SocketAddr,
    /// Where MPO listens; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value_t = crate::serve::MPO, value_parser = address)]
    pub(crate) mpo: SocketAddr,
    /// Also play the timeline, in real time
    #[arg(long)]
    pub(crate) play: bool,
    /// Lines of NAME=value that go before the scenario's own `env:`
    #[arg(long, value_name = "FILE")]
    pub(crate) env: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// Name of the scenario
    pub(crate) name: String,
    /// A template's JSON, as the Templates API gives it
    #[arg(long, value_name = "T.json")]
    pub(crate) template: Option<PathBuf>,
    /// A copied direct URL
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// An exported process
    #[arg(long, value_name = "P.json")]
    pub(crate) process: Option<PathBuf>,
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
    /// Also write a report: `junit=FILE` for JUnit XML with a test case for each step
    #[arg(long, value_name = "junit=FILE", value_parser = junit_file)]
    pub(crate) report: Option<PathBuf>,
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

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Names of scenarios, or paths to their folders; default all of `scenarios/`
    #[arg(value_name = "NAME or PATH")]
    pub(crate) scenarios: Vec<String>,
    /// Lines of NAME=value that go before the scenarios' own `env:`, as for going live
    #[arg(long, value_name = "FILE")]
    pub(crate) env: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// As text
    Text,
    /// As JSON; of many scenarios one a line
    Json,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "expected an IP address and a port, such as 127.0.0.1:7070".into())
}

fn junit_file(text: &str) -> Result<PathBuf, String> {
    match text.split_once('=') {
        Some(("junit", file)) if !file.is_empty() => Ok(PathBuf::from(file)),
        Some((other, _)) if other != "junit" => {
            Err(format!("unknown kind of report `{other}`; known: junit"))
        }
        _ => Err("expected junit=FILE".into()),
    }
}
