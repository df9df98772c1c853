//! `mposim urls`: the three links of every process and alias.

use scenario_runner::document::Env;
use scenario_runner::{fixture, links};

use crate::asked::{self, UNREADABLE};
use crate::paint::result;

pub(crate) fn urls(name: &str) -> Result<u8, u8> {
    let found = asked::scenario(name)?;
    let loaded = fixture::load(&found.folder, &Env::default());
    asked::tell_mistakes(&loaded);
    match &loaded.scenario {
        Some(scenario) => {
            result(links::show(&scenario.mpo).trim_end());
            Ok(0)
        }
        None => Err(UNREADABLE),
    }
}
