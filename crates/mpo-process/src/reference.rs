//! `{{env_var[…]}}` inside a text: finding references and putting values in their place.
//!
//! Pure text to text; knows no node and no header. Other `{{…}}` stay as they are until tasks run through nodes.

use std::fmt;

use secrecy::SecretString;

use crate::json::{Json, Kind};
use crate::variable::{VariableKey, Variables};

/// One step into a JSON variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.key`; `\.`, `\[` and `\]` stand for the bare character. Documented: process format sheet 6.8.
    Key(String),
    /// `[1]`, counted from 0.
    Index(usize),
}

/// One `{{env_var[…]…}}`. Documented: receiver sheet 1.7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableReference {
    /// Which variable.
    pub key: VariableKey,
    /// Which part of it.
    pub path: Vec<Step>,
}

/// Why a reference has no value. It then stands for an empty text (missing key observed, missing variable assumed:
/// receiver sheet 1.7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// There is no such variable.
    NoVariable,
    /// The variable is raw and has no parts.
    NotJson,
    /// The step with this number, from 0, leads nowhere.
    NoStep(usize),
}

/// A reference without a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The reference.
    pub reference: VariableReference,
    /// Why it has none.
    pub why: Why,
}

/// A text with its references replaced.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The text, to be used and not to be shown.
    pub text: SecretString,
    /// The references without a value, in order.
    pub missing: Vec<Missing>,
}

/// The references in a text, in order.
///
/// ```
/// let found = mpo_process::references("{{env_var[@webhook-var].user}} and {{name}}");
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].to_string(), "{{env_var[@webhook-var].user}}");
/// ```
pub fn references(text: &str) -> Vec<VariableReference> {
    pieces(text)
        .filter_map(|piece| {
            if let Piece::Reference(found) = piece {
                Some(found)
            } else {
                None
            }
        })
        .collect()
}

/// Replaces the references in a text by their values.
///
/// A string gives its text, every other JSON value its JSON text as it was written (numbers and truth values
/// documented: receiver sheet 1.7; arrays and objects assumed). Null is no value, as if it were missing (assumed).
///
/// ```
/// use mpo_process::{Variable, VariableValue, Variables, Visibility, resolve};
/// use secrecy::ExposeSecret as _;
/// let variables = Variables::new(vec![Variable {
///     id: Some(7),
///     short_name: "webhook-var".into(),
///     value: VariableValue::json(r#"{"user":"mambu"}"#)?,
///     visibility: Visibility::Visible,
/// }]);
/// let resolved = resolve("{{env_var[@webhook-var].user}}-{{env_var[7].pass}}", &variables);
/// assert_eq!(resolved.text.expose_secret(), "mambu-");
/// assert_eq!(resolved.missing[0].to_string(), "{{env_var[7].pass}}: the variable has no `.pass`");
/// # Ok::<(), mpo_process::JsonMistake>(())
/// ```
pub fn resolve(text: &str, variables: &Variables) -> Resolved {
    let mut resolved = String::with_capacity(text.len());
    let mut missing = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => resolved.push_str(text),
            Piece::Reference(reference) => match reference.value(variables) {
                Ok(value) => resolved.push_str(&value),
                Err(why) => missing.push(Missing { reference, why }),
            },
        }
    }
    Resolved {
        text: resolved.into(),
        missing,
    }
}

impl VariableReference {
    fn value(&self, variables: &Variables) -> Result<String, Why> {
        let value = &variables.find(&self.key).ok_or(Why::NoVariable)?.value;
        if self.path.is_empty() {
            // A JSON variable that is one string gives that string, as its parts do.
            return Ok(value.as_json().map_or_else(|| value.expose().to_owned(), printed));
        }
        let mut json = value.as_json().ok_or(Why::NotJson)?;
        for (number, step) in self.path.iter().enumerate() {
            let next = match step {
                Step::Key(key) => json.member(key),
                Step::Index(index) => json.elements().get(*index).copied(),
            };
            // No value is no value: a password that is null must not let the text `null` in.
            let next = next.filter(|next| next.kind() != Kind::Null);
            json = next.ok_or(Why::NoStep(number))?;
        }
        Ok(printed(json))
    }
}

fn printed(json: Json<'_>) -> String {
    match json.kind() {
        Kind::String => json.string().unwrap_or_default().into_owned(),
        _ => json.text().to_owned(),
    }
}

enum Piece<'a> {
    Text(&'a str),
    Reference(VariableReference),
}

/// Cuts a text into references and what stands between them.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    let mut waiting = None;
    std::iter::from_fn(move || {
        if let Some(reference) = waiting.take() {
            return Some(Piece::Reference(reference));
        }
        if rest.is_empty() {
            return None;
        }
        let found = rest
            .match_indices(OPEN)
            .find_map(|(at, _)| Some((at, parse(rest.get(at..)?)?)));
        let Some((at, (reference, after))) = found else {
            return Some(Piece::Text(std::mem::take(&mut rest)));
        };
        let before = rest.get(..at).unwrap_or_default();
        rest = after;
        if before.is_empty() {
            return Some(Piece::Reference(reference));
        }
        waiting = Some(reference);
        Some(Piece::Text(before))
    })
}

const OPEN: &str = "{{env_var[";

/// Reads one reference at the beginning of a text; gives it and what follows.
fn parse(text: &str) -> Option<(VariableReference, &str)> {
    let (key, mut rest) = text.strip_prefix(OPEN)?.split_once(']')?;
    if key.is_empty() || key.contains(['{', '}', '[']) {
        return None; // e.g. a reference inside a reference, which is later work
    }
    let digits = key.bytes().all(|b| b.is_ascii_digit());
    let key = match (key.strip_prefix('@'), key.parse()) {
        (Some(name), _) => VariableKey::Name(name.to_owned()),
        (None, Ok(id)) if digits => VariableKey::Id(id),
        _ => VariableKey::Unreadable(key.to_owned()),
    };
    let mut path = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix("}}") {
            return Some((VariableReference { key, path }, after));
        } else if let Some(after) = rest.strip_prefix('.') {
            let (name, after) = name(after)?;
            path.push(Step::Key(name));
            rest = after;
        } else {
            let (index, after) = rest.strip_prefix('[')?.split_once(']')?;
            if !index.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            path.push(Step::Index(index.parse().ok()?));
            rest = after;
        }
    }
}

/// Reads one name of a path; gives it without its escapes, and what follows.
fn name(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next_if(|(_, next)| matches!(next, '.' | '[' | ']')) {
                Some((_, escaped)) => name.push(escaped),
                None => name.push(c),
            },
            '.' | '[' | '}' if !name.is_empty() => return Some((name, text.get(at..)?)),
            '.' | '[' | ']' | '{' | '}' => return None,
            _ => name.push(c),
        }
    }
    None
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => {
                f.write_str(".")?;
                for c in key.chars() {
                    if matches!(c, '.' | '[' | ']') {
                        f.write_str("\\")?;
                    }
                    write!(f, "{c}")?;
                }
                Ok(())
            }
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

impl fmt::Display for VariableReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            VariableKey::Name(name) => write!(f, "{OPEN}@{name}]")?,
            VariableKey::Id(id) => write!(f, "{OPEN}{id}]")?,
            VariableKey::Unreadable(text) => write!(f, "{OPEN}{text}]")?,
        }
        self.path.iter().try_for_each(|step| step.fmt(f))?;
        f.write_str("}}")
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.reference)?;
        match (&self.why, &self.reference.key) {
            (Why::NoVariable, VariableKey::Unreadable(_)) => {
                f.write_str("neither `@` and a name nor a number")
            }
            (Why::NoVariable, _) => f.write_str("there is no such variable"),
            (Why::NotJson, _) => f.write_str("the variable is raw text and has no parts"),
            (Why::NoStep(number), _) => {
                f.write_str("the variable has no `")?;
                self.reference
                    .path
                    .iter()
                    .take(number + 1)
                    .try_for_each(|step| step.fmt(f))?;
                f.write_str("`")
            }
        }
    }
}

#[cfg(test)]
mod tests;
