//! Whose message it is: the template of a scenario that a record's message was made by.

use mambu_emitter::render::can_become;
use mambu_emitter::template::Template;

use super::Record;

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
    let listens = |template: &&Template| {
        let event = record.event.as_deref();
        event.is_none_or(|event| event == template.event.name())
    };
    let listening: Vec<&Template> = templates.iter().filter(listens).collect();
    let destination = record.destination.as_deref().unwrap_or_default();
    let sending: Vec<&Template> = listening
        .iter()
        .copied()
        .filter(|template| can_become(&template.url, destination))
        .collect();
    let ids = |templates: &[&'a Template]| templates.iter().map(|template| &*template.id).collect();
    match (listening.as_slice(), sending.as_slice()) {
        ([only], _) | (_, [only]) => Whose::Of(only),
        ([], _) => Whose::Nobodys(templates.iter().map(|template| &*template.id).collect()),
        (listening, []) => Whose::Which(ids(listening)),
        (_, sending) => Whose::Which(ids(sending)),
    }
}
