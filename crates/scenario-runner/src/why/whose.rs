//! Whose message it is: the template of a scenario that a record's message was made by.

use mambu_emitter::template::Template;

use super::Record;
use crate::fitting::fitting;

/// What a record says about its template.
#[derive(Debug)]
pub(super) enum Whose<'a> {
    /// It can be one only.
    Of(&'a Template),
    /// It can be any of these.
    Which(Vec<&'a str>),
    /// None listens to its event; these are there.
    Nobodys(Vec<&'a str>),
}

/// The template of a record: by its key, by its event, by its destination.
pub(super) fn whose<'a>(record: &Record, templates: &'a [Template]) -> Whose<'a> {
    let key = record.template.as_deref();
    if let Some(template) = templates.iter().find(|template| Some(&*template.id) == key) {
        return Whose::Of(template);
    }
    let destination = record.destination.as_deref().unwrap_or_default();
    let fitting = fitting(
        templates,
        |template| template,
        record.event.as_deref(),
        destination,
    );
    match fitting.as_slice() {
        [only] => Whose::Of(only),
        [] => Whose::Nobodys(templates.iter().map(|template| &*template.id).collect()),
        several => Whose::Which(several.iter().map(|template| &*template.id).collect()),
    }
}
