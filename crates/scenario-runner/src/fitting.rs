//! Which templates a message of the communication log may have been made by. Knows neither files nor what is said about it.

use mambu_emitter::render::can_become;
use mambu_emitter::template::Template;

/// Of some templates, or of what has one, those that a message fits: they listen to its event, and send to its destination if any of
/// these does. Without an event any may have listened.
pub(crate) fn fitting<'a, T>(
    all: &'a [T],
    template: impl Fn(&T) -> &Template,
    event: Option<&str>,
    destination: &str,
) -> Vec<&'a T> {
    let listens = |one: &&T| event.is_none_or(|event| event == template(one).event.name());
    let listening: Vec<&T> = all.iter().filter(listens).collect();
    let sends_there = |one: &&T| can_become(&template(one).url, destination);
    let sending: Vec<&T> = listening.iter().copied().filter(sends_there).collect();
    if sending.is_empty() { listening } else { sending }
}
