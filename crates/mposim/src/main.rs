//! The command line. Thin: reads arguments, prints results to stdout and talk to stderr, and exits with a code.

mod args;
mod asked;
mod check;
mod list;
mod narration;
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
use asked::{FAILED, USAGE};

fn main() -> ExitCode {
    let code = match Args::try_parse() {
        Ok(args) => obey(args.command),
        // Help and version are no mistakes; everything else is one of usage.
        Err(error) if error.use_stderr() => {
            let _ = error.print();
            USAGE
        }
        Err(help) => {
            paint::printed(help.print());
            0
        }
    };
    ExitCode::from(match paint::lost() {
        Some(why) => asked::fail(FAILED, &format_args!("results could not be printed: {why}")),
        None => code,
    })
}

fn obey(command: Command) -> u8 {
    match command {
        Command::Run(run) => asked::code(run::run(&run)),
        Command::List => list::list(),
        Command::Check(check) => asked::code(check::check(&check)),
        Command::Preview(preview) => asked::code(preview::preview(&preview)),
        Command::Why(why) => asked::code(why::why(&why)),
        Command::New(new) => new::new(&new),
        Command::Urls { scenario } => asked::code(urls::urls(&scenario)),
        Command::Serve(serve) => asked::code(serve::serve(&serve)),
        Command::Schema => {
            paint::result(format_args!("{:#}", scenario_runner::fixture::schema()));
            0
        }
    }
}
