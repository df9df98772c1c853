//! `mposim preview`: the request a template would send for an event, and whether it would.

use scenario_runner::preview::{self, Request};

use crate::args::Preview;
use crate::asked::{UNREADABLE, fail};
use crate::paint::{mistakes_paint, result, talk};

pub(crate) fn preview(args: &Preview) -> Result<u8, u8> {
    let request = Request {
        template: &args.template,
        event: args.event.as_deref(),
        bank: args.bank.as_deref(),
    };
    let preview = preview::preview(&request, mistakes_paint()).map_err(|error| fail(UNREADABLE, &error))?;
    talk(preview.mistakes.trim_end());
    let page = preview.page.ok_or(UNREADABLE)?;
    result(page.trim_end());
    Ok(0)
}
