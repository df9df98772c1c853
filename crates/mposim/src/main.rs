//! The command line. Thin: reads arguments, prints results to stdout and talk to stderr, and exits with a code.

mod args;
mod list;
mod paint;
mod run;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};

/// Exit code for words on the command line that mean nothing.
const USAGE: u8 = 1;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are no mistakes; everything else is one of usage.
            let code = if error.use_stderr() { USAGE } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    ExitCode::from(match args.command {
        Command::Run(run) => run::run(&run),
        Command::List => list::list(),
    })
}
