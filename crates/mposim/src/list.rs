//! `mposim list`: the scenarios with their descriptions.

use std::path::Path;

use scenario_runner::{fixture, suite};

use crate::asked::{USAGE, fail, warn_of_overlooked};
use crate::paint::{Tone, painted, result};

pub(crate) fn list() -> u8 {
    let found = match suite::all(Path::new("")) {
        Ok(found) => found,
        Err(error) => return fail(USAGE, &error),
    };
    warn_of_overlooked();
    let width = found
        .iter()
        .map(|found| found.name.chars().count())
        .max()
        .unwrap_or(0);
    for scenario in &found {
        let description = fixture::description(&scenario.folder).unwrap_or_default();
        let name = painted(Tone::Strong, format!("{:width$}", scenario.name));
        result(format!("{name}  {}", description.replace('\n', " ")).trim_end());
    }
    0
}
