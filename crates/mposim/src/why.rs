//! `mposim why`: explains a message of the communication log.

use scenario_runner::document::Env;
use scenario_runner::{fixture, why};

use crate::args::Why;
use crate::asked::{self, UNREADABLE, fail};
use crate::paint::{MISTAKES, result, talk};

pub(crate) fn why(args: &Why) -> Result<u8, u8> {
    let shown = args.message.display();
    let text = match std::fs::read_to_string(&args.message) {
        Ok(text) => text,
        Err(error) => return Err(fail(UNREADABLE, &format_args!("cannot read {shown}: {error}"))),
    };
    let record = match serde_json::from_str(&text) {
        Ok(record) => record,
        Err(error) => {
            return Err(fail(
                UNREADABLE,
                &format_args!("{shown}:{}:{}: not JSON", error.line(), error.column()),
            ));
        }
    };
    let loaded = match &args.scenario {
        None => None,
        Some(name) => Some(fixture::load(&asked::scenario(name)?.folder, &Env::default())),
    };
    if let Some(loaded) = &loaded
        && loaded.scenario.is_none()
    {
        talk(loaded.mistakes(MISTAKES).trim_end());
        return Err(UNREADABLE);
    }
    let scenario = loaded.as_ref().and_then(|loaded| loaded.scenario.as_ref());
    match why::explain(&record, scenario) {
        Ok(page) => {
            result(page.trim_end());
            Ok(0)
        }
        Err(error) => Err(fail(UNREADABLE, &format_args!("{shown}: {error}"))),
    }
}
