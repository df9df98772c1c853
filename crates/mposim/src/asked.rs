//! What every command is asked for: scenarios by name or path, an environment, and how it says that it cannot.
//!
//! A refusal has been told already; it is the exit code that is left.

use std::fmt;
use std::path::Path;

use scenario_runner::document::Severity;
use scenario_runner::fixture::{self, Asked, EnvFile, Loaded};
use scenario_runner::report::{annotated_env_error, annotated_lines, annotated_mistakes};
use scenario_runner::suite::{self, Found};

use crate::paint::{Tone, mistakes_paint, painted, talk};

/// Exit code for words on the command line that mean nothing.
pub(crate) const USAGE: u8 = 1;

/// Exit code for files that cannot be read, or that certainly do not work.
pub(crate) const UNREADABLE: u8 = 2;

/// Exit code for a run that failed, and for results that could not be written.
pub(crate) const FAILED: u8 = 3;

/// Says what went wrong and returns the exit code for it.
pub(crate) fn fail(code: u8, error: &dyn fmt::Display) -> u8 {
    talk(format!("{}: {error}", painted(Tone::Bad, "error")));
    code
}

/// The scenarios that are asked for, all of this directory if none is named; at least one.
pub(crate) fn scenarios(asked: &[String]) -> Result<Vec<Found>, u8> {
    if asked.is_empty() {
        warn_of_overlooked();
    }
    match suite::wanted(Path::new(""), asked) {
        Ok(found) if found.is_empty() => Err(fail(
            USAGE,
            &"there is no scenario in scenarios/; `mposim new NAME` makes one",
        )),
        Ok(found) => Ok(found),
        Err(error) => Err(fail(USAGE, &error)),
    }
}

/// Says which folders somebody may take for scenarios.
pub(crate) fn warn_of_overlooked() {
    for overlooked in suite::overlooked(Path::new("")) {
        warn(&overlooked);
    }
}

/// The one scenario that is asked for.
pub(crate) fn scenario(asked: &str) -> Result<Found, u8> {
    suite::find(Path::new(""), asked).map_err(|error| fail(USAGE, &error))
}

/// What `--env FILE` gives; nothing without it.
pub(crate) fn env(file: Option<&Path>) -> Result<EnvFile, u8> {
    match file.map(fixture::read_env_file) {
        None => Ok(EnvFile::default()),
        Some(Ok(env)) => Ok(env),
        Some(Err(error)) => {
            annotate(|| annotated_env_error(&error));
            Err(fail(UNREADABLE, &error))
        }
    }
}

/// Says what is doubtful about `--env FILE`, once it is known what the scenarios ask of it.
pub(crate) fn doubt(env: &EnvFile, asked: &Asked) {
    let doubts = env.doubts(asked);
    annotate(|| annotated_lines(Severity::Warning, &doubts));
    for doubt in &doubts {
        warn(doubt);
    }
}

/// Says what is doubtful about what was asked for.
pub(crate) fn warn(doubt: &dyn fmt::Display) {
    talk(format!("{}: {doubt}", painted(Tone::Doubtful, "warning")));
}

/// Says what GitHub Actions shows beside the lines of files, where it reads along.
pub(crate) fn annotate(annotations: impl FnOnce() -> String) {
    if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        talk(annotations().trim_end());
    }
}

/// Says everything that is wrong or doubtful about a scenario's files.
pub(crate) fn tell_mistakes(loaded: &Loaded) {
    annotate(|| annotated_mistakes(&loaded.context));
    talk(loaded.mistakes(mistakes_paint()).trim_end());
}

/// The exit code of a command that either came to its end or refused.
pub(crate) fn code(result: Result<u8, u8>) -> u8 {
    result.unwrap_or_else(|refused| refused)
}
