//! `mposim new`: a starter scenario that runs green, with its snapshot.

use std::path::Path;

use scenario_runner::starter::{self, NoStarter, Wanted};

use crate::args::New;
use crate::asked::{FAILED, UNREADABLE, USAGE, fail};
use crate::paint::{Tone, painted, result, talk};

pub(crate) fn new(args: &New) -> u8 {
    let wanted = Wanted {
        name: &args.name,
        template: args.template.as_deref(),
        url: args.url.as_deref(),
        process: args.process.as_deref(),
    };
    match starter::make(Path::new(""), &wanted) {
        Ok(written) => {
            result(written.ledger.trim_end());
            for file in &written.files {
                talk(format!("{} {}", painted(Tone::Good, "wrote"), file.display()));
            }
            if let Some(warning) = &written.warning {
                talk(format!("{}: {warning}", painted(Tone::Doubtful, "warning")));
            }
            talk(format!("next: change it, then `mposim run {}`", args.name));
            0
        }
        Err(error) => {
            let code = match error {
                NoStarter::Name(_)
                | NoStarter::Exists(_)
                | NoStarter::Url(_)
                | NoStarter::OtherProcess { .. } => USAGE,
                NoStarter::Unreadable { .. } | NoStarter::Mistakes(_) => UNREADABLE,
                NoStarter::Unwritable { .. } => FAILED,
            };
            fail(code, &error)
        }
    }
}
