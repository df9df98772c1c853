//! The command line. Thin: reads arguments, prints results to stdout and talk to stderr, and exits with a code.

mod args;
mod check;
mod list;
mod new;
mod paint;
mod preview;
mod run;
mod serve;
mod urls;
mod why;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};

/// Exit code for words on the command line that mean nothing.
const USAGE: u8 = 1;

/// What is said where there is nothing to run or check: no caller should take that for a success.
const NO_SCENARIO: &str = "there is no scenario in scenarios/; `mposim new NAME` makes one";

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
        Command::Check(check) => check::check(&check),
        Command::Preview(preview) => preview::preview(&preview),
        Command::Why(why) => why::why(&why),
        Command::New(new) => new::new(&new),
        Command::Urls { scenario } => urls::urls(&scenario),
        Command::Serve(serve) => serve::serve(&serve),
        Command::Schema => {
            paint::result(format_args!("{:#}", scenario_runner::fixture::schema()));
            0
        }
    })
}
