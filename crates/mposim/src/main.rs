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
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are no mistakes; everything else is one of usage.
            let code = if error.use_stderr() { USAGE } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let code = match args.command {
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
    };
    ExitCode::from(match paint::lost() {
        Some(why) => asked::fail(FAILED, &format_args!("results could not be printed: {why}")),
        None => code,
    })
}
