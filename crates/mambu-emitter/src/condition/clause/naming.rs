//! Which field a clause names, in either form.
//!
//! Knows nothing of operators and values.

use super::{ApiClause, missing, unknown};
use crate::condition::entity::Entity;
use crate::condition::field::Field;
use crate::custom_field::{self, CustomField};
use crate::mistake::{Mistake, nearest};

fn read_entity(name: &str, mistakes: &mut Vec<Mistake>) -> Option<Entity> {
    let entity = Entity::from_name(name);
    if entity.is_none() {
        let near = nearest(name, Entity::ALL.iter().map(|known| known.name()));
        mistakes.push(unknown("dataFieldEntityType", "entity", name, near));
    }
    entity
}

pub(super) fn api_field(clause: &ApiClause, mistakes: &mut Vec<Mistake>) -> Option<Field> {
    let entity_name = clause
        .data_field_entity_type
        .as_deref()
        .filter(|name| !name.is_empty());
    let entity = entity_name.and_then(|name| read_entity(name, mistakes));
    match clause.data_field_type.as_deref() {
        None | Some("NATIVE") => {
            let name = clause.data_field_value.as_deref().filter(|name| !name.is_empty());
            if name.is_none() {
                let mistake = missing("dataFieldValue", "the name of a field");
                mistakes.push(mistake.hint("such as `\"dataFieldValue\": \"AMOUNT\"`"));
            }
            if entity_name.is_none() {
                let mistake = missing("dataFieldEntityType", "the entity of its field");
                mistakes.push(mistake.hint("such as `\"dataFieldEntityType\": \"TRANSACTION\"`"));
            }
            Some(Field::native(entity?, name?))
        }
        Some("CUSTOM") => {
            let index = match clause.group_number.as_deref().filter(|number| !number.is_empty()) {
                Some(number) => {
                    let index = number.trim().parse().ok();
                    if index.is_none() {
                        mistakes.push(not_an_index("groupNumber", number));
                    }
                    index
                }
                None => None,
            };
            let of = entity.and_then(|entity| {
                let of = entity.for_custom_fields();
                if of.is_none() {
                    let problem = format!("{entity} has no custom fields");
                    mistakes.push(Mistake::new("/dataFieldEntityType", problem));
                }
                of
            });
            let Some(id) = clause.custom_field_id.as_deref().filter(|id| !id.is_empty()) else {
                let mistake = missing("customFieldId", "the id of a custom field");
                mistakes.push(mistake.hint("such as `\"customFieldId\": \"RISK_SCORE\"`"));
                return None;
            };
            let id = id.to_owned();
            Some(Field::Custom(CustomField {
                entity: of,
                id,
                index,
            }))
        }
        Some(other) => {
            let near = nearest(other, ["NATIVE", "CUSTOM"]);
            mistakes.push(unknown("dataFieldType", "kind of field", other, near));
            None
        }
    }
}

pub(super) fn screen_field(text: Option<&str>, mistakes: &mut Vec<Mistake>) -> Option<Field> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        mistakes.push(missing("dataFieldValue", "a field"));
        return None;
    };
    if let Some(rest) = text.strip_prefix("CF:") {
        return custom_screen_field(rest, mistakes).map(Field::Custom);
    }
    let Some((entity, name)) = text.split_once('.') else {
        let problem = format!("`{text}` does not say whose field it is");
        mistakes.push(
            Mistake::new("/dataFieldValue", problem)
                .hint("write it like `TRANSACTION.AMOUNT`, a custom field like `CF:LOAN:RISK`"),
        );
        return None;
    };
    Some(Field::native(read_entity(entity, mistakes)?, name))
}

/// `RISK`, `LOAN:RISK`, `LOAN:RISK:1`; `LOANS:RISK` will do as well. An id may hold blanks, but no colon.
fn custom_screen_field(rest: &str, mistakes: &mut Vec<Mistake>) -> Option<CustomField> {
    let (entity, id, index) = match *rest.split(':').collect::<Vec<_>>() {
        [id] => (None, id, None),
        [entity, id] => (Some(entity), id, None),
        [entity, id, index] => (Some(entity), id, Some(index)),
        _ => (None, "", None),
    };
    if id.is_empty() {
        mistakes.push(
            Mistake::new("/customFieldId", format!("`CF:{rest}` is not a custom field"))
                .hint("write it like `CF:LOAN:RISK`, in a grouped set like `CF:CLIENT:PHONE:1`"),
        );
        return None;
    }
    let of = match entity {
        None => None,
        Some(word) => {
            let of = custom_field::Entity::from_word(word)
                .or_else(|| Entity::from_name(word)?.for_custom_fields());
            if of.is_none() {
                let near = nearest(word, custom_field::Entity::WORDS.iter().map(|(_, word, _)| *word));
                mistakes.push(unknown(
                    "dataFieldEntityType",
                    "entity with custom fields",
                    word,
                    near,
                ));
                return None;
            }
            of
        }
    };
    let index = match index {
        None => None,
        Some(text) => {
            let Ok(index) = text.parse() else {
                mistakes.push(not_an_index("groupNumber", text));
                return None;
            };
            Some(index)
        }
    };
    let id = id.to_owned();
    Some(CustomField {
        entity: of,
        id,
        index,
    })
}

fn not_an_index(member: &str, text: &str) -> Mistake {
    Mistake::new(
        format!("/{member}"),
        format!("`{text}` is not the number of a group's entry"),
    )
}

/// A native field that no list has, and whose type the clause doesn't tell either.
pub(super) fn unknown_field(field: &Field) -> Mistake {
    let Field::Native { entity, name, .. } = field else {
        return missing("dataType", "a data type");
    };
    if entity.fields().is_empty() {
        return Mistake::new("/dataType", format!("the type of `{field}` is not known")).hint(
            "no fields of this entity are documented: give the data type here and the value under `values:`",
        );
    }
    let hint = match entity.nearest_field(name) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "if your Mambu has it, give its data type here and its value under `values:`".to_owned(),
    };
    Mistake::new(
        "/dataFieldValue",
        format!("there is no field `{name}` of {entity}"),
    )
    .hint(hint)
}
