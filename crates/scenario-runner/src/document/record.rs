//! Structs and word lists declared once, with their decoder and their JSON Schema: [`record!`](crate::record!) and
//! [`keywords!`](crate::keywords!).

use serde_json::{Map, Value, json};

use super::decode::Decode;
use super::fields::Fields;

/// The key of a field: its name, without the mark of a raw identifier.
pub fn key_name(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// One property of a record's schema: key, lines of documentation, schema, whether the key is required.
pub fn field_of<T: Decode>(key: &'static str, docs: &[&str]) -> (&'static str, Value, bool) {
    (key, described(T::schema(), docs), T::absent().is_none())
}

/// The same for a key with a default.
pub fn default_of<T: Decode>(key: &'static str, docs: &[&str], default: &T) -> (&'static str, Value, bool) {
    let mut schema = described(T::schema(), docs);
    if let (Some(parts), Some(plain)) = (schema.as_object_mut(), default.plain()) {
        parts.insert("default".into(), plain);
    }
    (key, schema, false)
}

/// The schema of a record.
pub fn record_schema(docs: &[&str], fields: Vec<(&'static str, Value, bool)>) -> Value {
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.2)
        .map(|field| field.0)
        .collect();
    let properties: Map<String, Value> = fields
        .into_iter()
        .map(|(key, schema, _)| (key.into(), schema))
        .collect();
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    described(schema, docs)
}

/// The schema of a list of words, each with its documentation.
pub fn word_schema(docs: &[&str], words: &[(&str, &[&str])]) -> Value {
    let words: Vec<Value> = words
        .iter()
        .map(|(word, docs)| described(json!({ "const": word }), docs))
        .collect();
    described(json!({ "oneOf": words }), docs)
}

/// A schema with its description. What a field says goes before what its type says.
pub(super) fn described(mut schema: Value, docs: &[&str]) -> Value {
    let lines: Vec<&str> = docs
        .iter()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty())
        .collect();
    if let (Some(parts), false) = (schema.as_object_mut(), lines.is_empty()) {
        parts.insert("description".into(), json!(lines.join(" ")));
    }
    schema
}

impl Fields<'_, '_> {
    /// The value of a key with a default, as [`record!`](crate::record!) asks for it.
    #[doc(hidden)]
    pub fn or_else<T: Decode>(&mut self, key: &'static str, default: impl FnOnce() -> T) -> Option<T> {
        match self.raw(key) {
            Some(_) => self.required(key),
            None => Some(default()),
        }
    }
}

/// Declares a struct with its decoder and its JSON Schema.
///
/// The words after `as` name the thing in messages. A key has the field's name, or the one in parentheses. It is required unless the
/// type says what a missing key means (`Option`), or the field has a default. An example after `like` is shown to those who write
/// something else than a map. The struct gets `Clone` and `Debug`.
///
/// ```
/// use scenario_runner::document::{Context, Decode, Spanned, yaml};
/// scenario_runner::record! {
///     /// A rule of the house.
///     pub struct Rule as "a rule" {
///         /// What it says.
///         pub text: Spanned<String>,
///         /// Whom it is for.
///         pub whom ("for"): Option<String>,
///         /// How often it is read out.
///         pub times: u32 = 1,
///     }
/// }
/// let mut cx = Context::default();
/// let file = cx.sources.add("a.yaml", "{ text: no noise, for: cats }");
/// let node = yaml::read(file, &mut cx).unwrap();
/// let rule = Rule::decode(&node, &mut cx).unwrap();
/// assert_eq!((rule.text.as_str(), rule.whom.as_deref(), rule.times), ("no noise", Some("cats"), 1));
/// assert_eq!(Rule::schema()["required"], serde_json::json!(["text"]));
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[doc = $about:literal])*
        $vis:vis struct $name:ident as $what:literal $(like $like:literal)? {
            $(
                $(#[doc = $doc:literal])*
                $field_vis:vis $field:ident $(($key:literal))? : $type:ty $(= $default:expr)?
            ),* $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Debug)]
        $vis struct $name {
            $( $(#[doc = $doc])* $field_vis $field: $type, )*
        }

        impl $crate::document::Decode for $name {
            fn decode(
                node: &$crate::document::Node,
                cx: &mut $crate::document::Context,
            ) -> ::core::option::Option<Self> {
                let mut fields = $crate::document::Fields::like(node, cx, $what, &[$($like)?])?;
                $( let $field: ::core::option::Option<$type> =
                    $crate::record!(@read fields, $crate::record!(@key $field $($key)?) $(, $default)?); )*
                fields.finish();
                ::core::option::Option::Some(Self { $( $field: $field?, )* })
            }

            fn schema() -> $crate::document::macros::serde_json::Value {
                $crate::document::macros::record_schema(
                    &[$($about),*],
                    ::std::vec![$(
                        $crate::record!(@schema $type, $crate::record!(@key $field $($key)?), [$($doc),*] $(, $default)?)
                    ),*],
                )
            }
        }
    };
    (@key $field:ident) => { $crate::document::macros::key_name(::core::stringify!($field)) };
    (@key $field:ident $key:literal) => { $key };
    (@read $fields:ident, $key:expr) => { $fields.required($key) };
    (@read $fields:ident, $key:expr, $default:expr) => { $fields.or_else($key, || $default) };
    (@schema $type:ty, $key:expr, [$($doc:literal),*]) => {
        $crate::document::macros::field_of::<$type>($key, &[$($doc),*])
    };
    (@schema $type:ty, $key:expr, [$($doc:literal),*], $default:expr) => {
        $crate::document::macros::default_of::<$type>($key, &[$($doc),*], &$default)
    };
}

/// Declares an enumeration whose variants have words in fixtures, with its decoder and its JSON Schema.
///
/// The words after `as` name it in messages ("unknown subscription option `OPT`").
///
/// ```
/// scenario_runner::keywords! {
///     /// How a door is.
///     pub enum Door as "state of a door" {
///         /// Anyone may pass.
///         Open = "OPEN",
///         /// Nobody may.
///         Shut = "SHUT",
///     }
/// }
/// assert_eq!(Door::Open.word(), "OPEN");
/// assert_eq!(Door::ALL, [Door::Open, Door::Shut]);
/// ```
#[macro_export]
macro_rules! keywords {
    (
        $(#[doc = $about:literal])*
        $vis:vis enum $name:ident as $what:literal {
            $( $(#[doc = $doc:literal])* $variant:ident = $word:literal ),+ $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis enum $name {
            $( $(#[doc = $doc])* $variant, )+
        }

        #[allow(dead_code, reason = "not every list of words needs all of them")]
        impl $name {
            /// All of them, in the order of declaration.
            $vis const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word in fixtures.
            $vis fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl $crate::document::Decode for $name {
            fn decode(
                node: &$crate::document::Node,
                cx: &mut $crate::document::Context,
            ) -> ::core::option::Option<Self> {
                $crate::document::macros::word_of(node, cx, $what, &[$(($word, Self::$variant)),+])
            }

            fn schema() -> $crate::document::macros::serde_json::Value {
                $crate::document::macros::word_schema(&[$($about),*], &[$(($word, &[$($doc),*])),+])
            }

            fn plain(&self) -> ::core::option::Option<$crate::document::macros::serde_json::Value> {
                ::core::option::Option::Some(self.word().into())
            }
        }
    };
}
