//! `mposim urls`: the three links of every process and alias.

use std::path::Path;

use scenario_runner::document::Env;
use scenario_runner::{fixture, links, suite};

use crate::USAGE;
use crate::paint::{MISTAKES, Tone, painted, result, talk};

pub(crate) fn urls(asked: &str) -> u8 {
    let found = match suite::find(Path::new(""), asked) {
        Ok(found) => found,
        Err(error) => {
            talk(format!("{}: {error}", painted(Tone::Bad, "error")));
            return USAGE;
        }
    };
    let loaded = fixture::load(&found.folder, &Env::default());
    let mistakes = loaded.mistakes(MISTAKES);
    if !mistakes.is_empty() {
        talk(mistakes.trim_end());
    }
    match &loaded.scenario {
        Some(scenario) => {
            result(links::show(&scenario.mpo).trim_end());
            0
        }
        None => 2,
    }
}
