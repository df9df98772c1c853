//! `mposim preview`: the request a template would send for an event, and whether it would.

use scenario_runner::preview::{self, Request};

use crate::args::Preview;
use crate::paint::{MISTAKES, result, talk};

pub(crate) fn preview(args: &Preview) -> u8 {
    let loaded = preview::load(&Request {
        template: &args.template,
        event: args.event.as_deref().unwrap_or("{}"),
        bank: args.bank.as_deref(),
    });
    let mistakes = loaded.mistakes(MISTAKES);
    if !mistakes.is_empty() {
        talk(mistakes.trim_end());
    }
    match loaded.scenario.as_ref().and_then(preview::show) {
        Some(page) => {
            result(page.trim_end());
            0
        }
        None => 2,
    }
}
