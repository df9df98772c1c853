//! `mposim why`: explains a message of the communication log.

use std::path::Path;

use scenario_runner::document::Env;
use scenario_runner::{fixture, suite, why};

use crate::USAGE;
use crate::args::Why;
use crate::paint::{MISTAKES, Tone, painted, result, talk};

pub(crate) fn why(args: &Why) -> u8 {
    let fail = |code: u8, error: &dyn std::fmt::Display| {
        talk(format!("{}: {error}", painted(Tone::Bad, "error")));
        code
    };
    let shown = args.message.display();
    let text = match std::fs::read_to_string(&args.message) {
        Ok(text) => text,
        Err(error) => return fail(2, &format_args!("cannot read {shown}: {error}")),
    };
    let record = match serde_json::from_str(&text) {
        Ok(record) => record,
        Err(error) => {
            return fail(
                2,
                &format_args!("{shown}:{}:{}: not JSON", error.line(), error.column()),
            );
        }
    };
    let loaded = match &args.scenario {
        None => None,
        Some(asked) => match suite::find(Path::new(""), asked) {
            Ok(found) => Some(fixture::load(&found.folder, &Env::default())),
            Err(error) => return fail(USAGE, &error),
        },
    };
    if let Some(loaded) = &loaded
        && loaded.scenario.is_none()
    {
        talk(loaded.mistakes(MISTAKES).trim_end());
        return 2;
    }
    let scenario = loaded.as_ref().and_then(|loaded| loaded.scenario.as_ref());
    match why::explain(&record, scenario) {
        Ok(page) => {
            result(page.trim_end());
            0
        }
        Err(error) => fail(2, &format_args!("{shown}: {error}")),
    }
}
