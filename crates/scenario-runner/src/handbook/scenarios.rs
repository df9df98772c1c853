//! The list of scenarios: each with its description and its accepted ledger.

use super::{code, head, table};
use crate::fixture;
use crate::suite::Found;

/// The scenarios of a folder `scenarios/`, in which this page lies.
pub fn scenarios(all: &[Found]) -> String {
    let mut page = head(
        "Scenarios",
        "Each folder is a scenario. `mposim run NAME` plays one and prints its ledger, `mposim run` plays all; the accepted ledgers\n\
         are in `snapshots/`. A folder whose name begins with `_` holds shared parts. What a `scenario.yaml` can say is in the\n\
         [fixture reference](../docs/fixture-reference.md); how to make one in [a first scenario](../docs/first-scenario.md).\n",
    );
    page.push_str(&table(
        ["scenario", "what happens", "ledger"],
        all.iter().map(|Found { name, folder, .. }| {
            [
                format!("[{}]({name}/scenario.yaml)", code(name)),
                fixture::description(folder).unwrap_or_default(),
                format!("[ledger](../snapshots/{name}.snap)"),
            ]
        }),
    ));
    page
}
