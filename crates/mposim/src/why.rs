//! `mposim why`: explains a message of the communication log.

use scenario_runner::document::Env;
use scenario_runner::{fixture, why};

use crate::args::Why;
use crate::asked::{self, UNREADABLE, USAGE, fail};
use crate::paint::{mistakes_paint, result, talk};

pub(crate) fn why(args: &Why) -> Result<u8, u8> {
    let reading = why::read(&args.message).map_err(|error| fail(UNREADABLE, &error))?;
    talk(reading.mistakes(mistakes_paint()).trim_end());
    let Some(record) = &reading.record else {
        return Err(UNREADABLE);
    };
    let loaded = match &args.scenario {
        None => None,
        Some(name) => Some(fixture::load(&asked::scenario(name)?.folder, &Env::default())),
    };
    if let Some(loaded) = &loaded
        && loaded.scenario.is_none()
    {
        asked::tell_mistakes(loaded);
        return Err(UNREADABLE);
    }
    let scenario = loaded.as_ref().and_then(|loaded| loaded.scenario.as_ref());
    let asked = scenario.map(|scenario| why::Asked {
        scenario,
        template: args.template.as_deref(),
    });
    match why::explain(record, asked) {
        Ok(page) => {
            result(page.trim_end());
            Ok(0)
        }
        Err(error) => Err(fail(USAGE, &error)),
    }
}
