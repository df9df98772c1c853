//! Which values a template needs that no entity can give, so that a fixture must.
//!
//! Says what is needed, not whether it is there: that depends on the event.

use std::collections::BTreeSet;

use crate::condition;
use crate::placeholder::catalogue::{self, Placeholder};
use crate::placeholder::syntax::{Name, SegmentKind, Shape, segments};
use crate::render::given_name;
use crate::template::Template;

/// A value that only a fixture can give.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Needed {
    /// The name to give it under: `BRANCH_NAME`, `CF:BRANCH:CODE`, `LOANS.TAX_RATE`.
    pub name: String,
    /// Where the template asks for it, as a pointer into its Templates API form.
    pub pointer: String,
}

/// Every name in URL, body and conditions that has no mapping, each once, where it first stands.
///
/// Names that are on no list are not among them: their text stays as it is (assumed: webhooks sheet 4.2).
pub fn needed_values(template: &Template) -> Vec<Needed> {
    let mut seen = BTreeSet::new();
    let texts = [("/url", &*template.url), ("/body", template.body.as_str())];
    texts
        .into_iter()
        .flat_map(|(pointer, text)| {
            let pointer = pointer.to_owned();
            unmapped(text)
                .into_iter()
                .map(move |name| (name, pointer.clone()))
        })
        .chain(condition::needed(&template.conditions))
        .filter(|(name, _)| seen.insert(name.clone()))
        .map(|(name, pointer)| Needed { name, pointer })
        .collect()
}

fn unmapped(text: &str) -> Vec<String> {
    let values = segments(text)
        .into_iter()
        .filter_map(|segment| match segment.kind {
            SegmentKind::Value { name, shape } => Some((name, shape)),
            _ => None,
        });
    values
        .filter(|(name, shape)| match (name, shape) {
            (_, Shape::InWords(_)) => true,
            (Name::Custom(field), _) => field.is_unmapped(),
            (Name::Standard(name), _) => catalogue::find(name).is_some_and(Placeholder::is_unmapped),
        })
        .map(|(name, shape)| given_name(&name, &shape))
        .collect()
}
