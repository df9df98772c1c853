//! `mposim urls`: the three links of every process and alias.

use scenario_runner::document::Env;
use scenario_runner::{fixture, links};

use crate::asked::{self, UNREADABLE};
use crate::paint::{mistakes_paint, result, talk};

pub(crate) fn urls(name: &str) -> Result<u8, u8> {
    let found = asked::scenario(name)?;
    let loaded = fixture::load(&found.folder, &Env::default());
    let mistakes = loaded.mistakes(mistakes_paint());
    if !mistakes.is_empty() {
        talk(mistakes.trim_end());
    }
    match &loaded.scenario {
        Some(scenario) => {
            result(links::show(&scenario.mpo).trim_end());
            Ok(0)
        }
        None => Err(UNREADABLE),
    }
}
