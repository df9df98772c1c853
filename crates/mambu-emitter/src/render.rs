//! Rendering: a template and a scene become the exact text of a body and a URL.
//!
//! A template is compiled once into a [`Plan`]; each message is rendered from it once, and the text is what is stored and
//! sent, however often (documented: webhooks sheet 4.2, "when rendered"). Knows nothing of messages and delivery.

mod look;
mod possible_url;
mod sound;
mod well_formed;

use std::borrow::Cow;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub use possible_url::can_become;
pub use well_formed::check_body;
pub(crate) use well_formed::flaw;

use crate::custom_field::CustomField;
use crate::format::{DatePattern, NumberPattern};
use crate::placeholder::catalogue::{self, Kind, Placeholder};
use crate::placeholder::syntax::{Name, SegmentKind, Shape, segments};
use crate::profile::{Escaping, Profile};
use crate::scene::{Scene, ScenePath};
use crate::source::Source;
use crate::template::{ContentType, Template};
use look::{Look, Looks};
use sound::{is_plain, is_sound};

/// The text of a body after rendering; what goes out, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedBody {
    text: String,
    content_type: ContentType,
    /// Whether it is known to be well-formed.
    is_sound: bool,
}

impl RenderedBody {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, to keep.
    pub fn into_string(self) -> String {
        self.text
    }

    /// Whether it is what its content type says; what [`check_body`] says of it.
    ///
    /// # Errors
    /// With what is wrong and where.
    pub fn check(&self) -> Result<(), String> {
        if self.is_sound {
            Ok(())
        } else {
            check_body(self.content_type, &self.text)
        }
    }
}

impl From<RenderedBody> for Bytes {
    /// The bytes that go out.
    fn from(body: RenderedBody) -> Self {
        Self::from(body.text)
    }
}

/// A template made ready for rendering under a profile.
#[derive(Clone, Debug)]
pub struct Plan {
    body: Vec<Part>,
    url: Vec<Part>,
    content_type: ContentType,
    /// Whether plain values leave the body well-formed.
    is_sound: bool,
    body_escape: Escape,
    looks: Looks,
    size_hint: usize,
}

#[derive(Clone, Debug)]
enum Part {
    Text(Box<str>),
    Value(Box<Call>),
}

/// A placeholder ready to be filled.
#[derive(Clone, Debug)]
struct Call {
    /// The name under which a fixture gives the value.
    given_name: String,
    origin: Origin,
    look: Look,
    /// The text in the template.
    as_written: Box<str>,
}

#[derive(Clone, Debug)]
enum Origin {
    /// The first of several fields that has a value: nearly all standard placeholders.
    Fields(Box<[ScenePath]>),
    /// The moment of the event.
    Now,
    Standard(&'static Placeholder),
    Custom(CustomField),
    /// Amounts in words: only the functions' names are known, so the words are the fixture's to give.
    Fixture,
    /// Not in the catalogue; stays literal if it is not given (assumed: webhooks sheet 4.2).
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    None,
    Json,
    Xml,
    Url,
}

/// Where a rendered value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The fixture gave it by name.
    Given,
    /// An entity of the scene had it.
    InScene,
    /// Nothing had it: an empty text.
    Nowhere,
    /// No such placeholder is known: its text stayed as it was.
    LeftAsWritten,
}

/// One placeholder of a template with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// The placeholder as the template has it.
    pub placeholder: String,
    /// The text in its place, before any escaping.
    pub text: String,
    /// Where it came from.
    pub found: Found,
}

impl Plan {
    /// Compiles body and URL of a template.
    ///
    /// A pattern that cannot be read leaves its placeholder as written; [`check`](crate::check::check) reports it before.
    pub fn compile(template: &Template, profile: &Profile) -> Self {
        let body_escape = match (profile.escaping, template.content_type) {
            (Escaping::Raw, _) | (_, ContentType::PlainText) => Escape::None,
            (Escaping::Escaped, ContentType::ApplicationJson) => Escape::Json,
            (Escaping::Escaped, ContentType::ApplicationXml) => Escape::Xml,
        };
        let body = parts(&template.body);
        let values = body.iter().filter(|part| matches!(part, Part::Value(_))).count();
        Self {
            content_type: template.content_type,
            is_sound: is_sound(template.content_type, &body),
            body,
            url: parts(&template.url),
            body_escape,
            looks: Looks::of(profile),
            size_hint: template.body.len() + 16 * values,
        }
    }

    /// Renders the body.
    ///
    /// Values go in raw unless the profile says otherwise, and no value is an empty text (webhooks sheet 4.2). Whether
    /// the result is well-formed is a question of its own ([`RenderedBody::check`]).
    pub fn body(&self, scene: &Scene) -> RenderedBody {
        let mut text = String::with_capacity(self.size_hint);
        let is_plain = self.render(&self.body, self.body_escape, scene, &mut text);
        RenderedBody {
            text,
            content_type: self.content_type,
            is_sound: self.is_sound && is_plain,
        }
    }

    /// Renders the URL; values are percent-encoded (assumed: webhooks sheet 5.6).
    pub fn url(&self, scene: &Scene) -> String {
        let mut url = String::new();
        self.render(&self.url, Escape::Url, scene, &mut url);
        url
    }

    /// The URL of every message, if the template has no placeholder in it.
    pub fn constant_url(&self) -> Option<&str> {
        match &self.url[..] {
            [] => Some(""),
            [Part::Text(url)] => Some(url),
            _ => None,
        }
    }

    /// Each placeholder of body and URL with what it becomes in a scene, in order of first use.
    ///
    /// For previews and explanations; rendering does not need it.
    pub fn explain(&self, scene: &Scene) -> Vec<Used> {
        let mut all: Vec<Used> = Vec::new();
        for part in self.body.iter().chain(&self.url) {
            let Part::Value(call) = part else { continue };
            if all.iter().any(|used| *used.placeholder == *call.as_written) {
                continue;
            }
            let mut text = String::new();
            let found = self.fill(call, scene, &mut text);
            all.push(Used {
                placeholder: call.as_written.to_string(),
                text,
                found,
            });
        }
        all
    }

    /// Appends the parts, and says whether all values are plain.
    fn render(&self, parts: &[Part], escape: Escape, scene: &Scene, out: &mut String) -> bool {
        let mut all_plain = true;
        for part in parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Value(call) => {
                    let from = out.len();
                    let found = self.fill(call, scene, out);
                    if found != Found::LeftAsWritten {
                        escape.apply(out, from);
                    }
                    all_plain &= is_plain(&out[from..]);
                }
            }
        }
        all_plain
    }

    /// Appends what a placeholder becomes.
    fn fill(&self, call: &Call, scene: &Scene, out: &mut String) -> Found {
        if let Some(value) = scene.given(&call.given_name) {
            self.looks.write(value, &call.look, true, scene, out);
            return Found::Given;
        }
        let value = match &call.origin {
            Origin::Fields(paths) => {
                let mut found = paths.iter().filter_map(|path| path.follow(scene));
                found.find(|value| !value.is_empty()).map(Cow::Borrowed)
            }
            Origin::Now => {
                self.looks.write_now(&call.look, scene, out);
                return Found::InScene;
            }
            Origin::Standard(known) => known.read(scene),
            Origin::Fixture => None,
            Origin::Custom(field) => field.read(scene).map(Cow::Borrowed),
            Origin::Unknown => {
                out.push_str(&call.as_written);
                return Found::LeftAsWritten;
            }
        };
        match value {
            Some(value) => {
                self.looks.write(&value, &call.look, false, scene, out);
                Found::InScene
            }
            None => Found::Nowhere,
        }
    }
}

fn parts(text: &str) -> Vec<Part> {
    segments(text)
        .into_iter()
        .map(|segment| {
            let as_written = &text[segment.span];
            let call = match segment.kind {
                SegmentKind::Literal | SegmentKind::Unreadable(_) => None,
                SegmentKind::Value { name, shape } => Call::new(name, &shape, as_written),
            };
            call.map_or_else(
                || Part::Text(as_written.into()),
                |call| Part::Value(Box::new(call)),
            )
        })
        .collect()
}

impl Origin {
    fn of(known: &'static Placeholder) -> Self {
        let paths = |fields: Vec<&'static str>| fields.into_iter().map(ScenePath::new).collect();
        match known.fields().and_then(paths) {
            Some(paths) => Self::Fields(paths),
            None if known.source == Source::Now => Self::Now,
            None => Self::Standard(known),
        }
    }
}

impl Call {
    fn new(name: Name, shape: &Shape, as_written: &str) -> Option<Self> {
        let given_name = given_name(&name, shape);
        let (origin, kind) = match name {
            Name::Custom(field) => (Origin::Custom(field), Kind::Text),
            Name::Standard(name) => match catalogue::find(&name) {
                Some(known) => (Origin::of(known), known.kind),
                None => (Origin::Unknown, Kind::Text),
            },
        };
        let (origin, look) = match shape {
            Shape::Plain => (origin, Look::Plain(kind)),
            Shape::Date(pattern) => (origin, Look::Date(DatePattern::parse(pattern).ok()?)),
            Shape::Number(pattern) => (origin, Look::Number(NumberPattern::parse(pattern).ok()?)),
            Shape::InWords(_) => (Origin::Fixture, Look::Plain(Kind::Text)),
        };
        Some(Self {
            given_name,
            origin,
            look,
            as_written: as_written.into(),
        })
    }
}

/// The name under which a fixture gives a placeholder's value: `BRANCH_NAME`, `CF:BRANCH:ID`,
/// `IN_WORDS_INTEGER{TRANSACTION_AMOUNT}`.
pub fn given_name(name: &Name, shape: &Shape) -> String {
    match shape {
        Shape::InWords(function) => format!("{function}{{{name}}}"),
        _ => name.to_string(),
    }
}

/// What may stand unencoded in any part of a URL.
const URL_VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl Escape {
    /// Escapes what stands in `out` after `from`.
    fn apply(self, out: &mut String, from: usize) {
        if self == Self::None {
            return;
        }
        let must_change = |character: char| match self {
            Self::None => false,
            Self::Json => matches!(character, '"' | '\\') || character < ' ',
            Self::Xml => matches!(character, '&' | '<' | '>' | '"' | '\''),
            Self::Url => !(character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '~')),
        };
        if !out[from..].contains(must_change) {
            return;
        }
        let raw = out.split_off(from);
        match self {
            Self::None => out.push_str(&raw),
            Self::Json => {
                let quoted = serde_json::to_string(&raw).unwrap_or_default();
                let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                out.push_str(inside.unwrap_or_default());
            }
            Self::Xml => {
                for character in raw.chars() {
                    match character {
                        '&' => out.push_str("&amp;"),
                        '<' => out.push_str("&lt;"),
                        '>' => out.push_str("&gt;"),
                        '"' => out.push_str("&quot;"),
                        '\'' => out.push_str("&apos;"),
                        other => out.push(other),
                    }
                }
            }
            Self::Url => out.extend(utf8_percent_encode(&raw, URL_VALUE)),
        }
    }
}

#[cfg(test)]
mod tests;
