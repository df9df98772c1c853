//! `mposim check`: reads everything, runs nothing, and says what is wrong with fixtures and between the two sides.

use std::path::Path;

use scenario_runner::document::Env;
use scenario_runner::{fixture, suite};

use crate::args::Check;
use crate::paint::{MISTAKES, Tone, painted, result, talk};
use crate::{NO_SCENARIO, USAGE};

/// Exit code when something certainly does not work.
const BROKEN: u8 = 2;

pub(crate) fn check(args: &Check) -> u8 {
    let root = Path::new("");
    let found = match suite::wanted(root, &args.scenarios) {
        Ok(found) if found.is_empty() => return fail(USAGE, &NO_SCENARIO),
        Ok(found) => found,
        Err(error) => return fail(USAGE, &error),
    };
    let env = match args.env.as_deref().map(fixture::read_env_file) {
        None => Env::default(),
        Some(Ok(env)) => env,
        Some(Err(error)) => return fail(BROKEN, &error),
    };
    let (mut errors, mut warnings) = (0, 0);
    for scenario in &found {
        let loaded = fixture::check(&scenario.folder, &env);
        let mistakes = &loaded.context.mistakes;
        let broken = mistakes.errors();
        let doubtful = mistakes.iter().count() - broken.min(mistakes.iter().count());
        errors += broken;
        warnings += doubtful;
        if !mistakes.is_empty() {
            talk(loaded.mistakes(MISTAKES).trim_end());
        }
        let word = match (broken, doubtful) {
            (0, 0) => painted(Tone::Good, "ok      "),
            (0, _) => painted(Tone::Doubtful, "doubtful"),
            _ => painted(Tone::Bad, "broken  "),
        };
        result(format!("{word} {}{}", scenario.name, counts(broken, doubtful)));
    }
    if found.len() > 1 {
        result(format!("{} scenarios{}", found.len(), counts(errors, warnings)));
    }
    if errors > 0 { BROKEN } else { 0 }
}

fn counts(errors: usize, warnings: usize) -> String {
    let part = |count: usize, word: &str| match count {
        0 => String::new(),
        1 => format!(", 1 {word}"),
        many => format!(", {many} {word}s"),
    };
    let text = format!("{}{}", part(errors, "mistake"), part(warnings, "warning"));
    match text.strip_prefix(", ") {
        Some(text) => format!(": {text}"),
        None => String::new(),
    }
}

fn fail(code: u8, error: &dyn std::fmt::Display) -> u8 {
    talk(format!("{}: {error}", painted(Tone::Bad, "error")));
    code
}
