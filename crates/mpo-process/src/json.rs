//! JSON that is checked once and then cut into pieces without losing a byte.
//!
//! A task keeps the exact text it was sent, and the pieces of an envelope or a variable keep theirs, so numbers stay as
//! they were written. [`Json`] is the proof that a text is JSON (RFC 8259) *and* that `serde_json` reads it, which is
//! why a later, lazy parse can't fail. Knows nothing of what the JSON means.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// How deep arrays and objects may nest; `serde_json` reads no deeper.
pub const MAX_DEPTH: u8 = 127;

/// What kind of value a JSON text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// A number.
    Number,
    /// `true` or `false`
    Bool,
    /// `null`
    Null,
}

/// What is wrong with a text that should be JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A byte that no UTF-8 text has at this place.
    NotUtf8,
    /// The text stops before the value is complete.
    Ends,
    /// Something else stands where this is expected.
    Expected(&'static str),
    /// A backslash with something after it that JSON doesn't know.
    Escape,
    /// Half of a surrogate pair (`\ud800` to `\udfff` alone).
    Surrogate,
    /// A control character in a string; JSON wants it escaped.
    ControlCharacter,
    /// A number too large for a double-precision number.
    NumberTooLarge,
    /// Deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 => f.write_str("a byte that is not UTF-8"),
            Self::Ends => f.write_str("the text ends too early"),
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::Escape => f.write_str("an unknown escape"),
            Self::Surrogate => f.write_str("half of a surrogate pair"),
            Self::ControlCharacter => f.write_str("a control character in a string"),
            Self::NumberTooLarge => f.write_str("a number too large"),
            Self::TooDeep => write!(f, "nested deeper than {MAX_DEPTH}"),
        }
    }
}

/// Why a text is not JSON, and where. Holds nothing of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at line {line} column {column}")]
pub struct JsonMistake {
    /// What is wrong.
    pub reason: Reason,
    /// Bytes before the mistake.
    pub offset: usize,
    /// Line of the mistake, from 1.
    pub line: usize,
    /// Column of the mistake in characters, from 1.
    pub column: usize,
}

/// A text known to be one JSON value, without white space around it.
///
/// ```
/// use mpo_process::json::{Json, Kind};
/// let body = Json::read(br#" { "amount": 5000.00, "ids": [1, 2] } "#)?;
/// assert_eq!(body.kind(), Kind::Object);
/// assert_eq!(body.member("amount").map(Json::text), Some("5000.00"));
/// let mistake = Json::read(b"{\"a\":\n tru}").unwrap_err();
/// assert_eq!(mistake.to_string(), "expected `true` at line 2 column 2");
/// # Ok::<(), mpo_process::JsonMistake>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Json<'a> {
    text: &'a str,
    kind: Kind,
}

impl<'a> Json<'a> {
    /// Checks that the bytes are exactly one JSON value in UTF-8.
    pub fn read(bytes: &'a [u8]) -> Result<Self, JsonMistake> {
        Self::scan(bytes, |scanner| scanner.value(0))
    }

    /// As [`read`](Self::read), and on the way what [`member`](Self::member) says: for the price of one reading.
    ///
    /// ```
    /// use mpo_process::Json;
    /// let (_, ops) = Json::read_with_member(br#"{"ops":[1],"a":2}"#, "ops")?;
    /// assert_eq!(ops.map(Json::text), Some("[1]"));
    /// # Ok::<(), mpo_process::JsonMistake>(())
    /// ```
    pub fn read_with_member(bytes: &'a [u8], name: &str) -> Result<(Self, Option<Self>), JsonMistake> {
        let mut found = None;
        let json = Self::scan(bytes, |scanner| {
            if scanner.next_token()? != b'{' {
                return scanner.value(0);
            }
            let start = scanner.at;
            scanner.object(1, |key, value| keep_named(&mut found, name, key, value))?;
            Ok(Self {
                text: scanner.since(start),
                kind: Kind::Object,
            })
        })?;
        Ok((json, found))
    }

    fn scan(
        bytes: &'a [u8],
        value: impl FnOnce(&mut Scanner<'a>) -> Result<Self, Reason>,
    ) -> Result<Self, JsonMistake> {
        let text =
            std::str::from_utf8(bytes).map_err(|e| mistake(bytes, e.valid_up_to(), Reason::NotUtf8))?;
        let mut scanner = Scanner { text, at: 0 };
        let checked = value(&mut scanner).and_then(|value| {
            scanner.space();
            if scanner.at == text.len() {
                Ok(value)
            } else {
                Err(Reason::Expected("nothing more"))
            }
        });
        checked.map_err(|reason| mistake(bytes, scanner.at, reason))
    }

    /// The exact text.
    pub fn text(self) -> &'a str {
        self.text
    }

    /// What kind of value it is.
    pub fn kind(self) -> Kind {
        self.kind
    }

    /// The text of a string, with its escapes resolved; `None` for any other kind.
    pub fn string(self) -> Option<Cow<'a, str>> {
        let inner = self.text.strip_prefix('"')?.strip_suffix('"')?;
        if inner.contains('\\') {
            serde_json::from_str(self.text).ok().map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(inner))
        }
    }

    /// The member of that name; of several the last, as `serde_json` and most engines do. `None` if there is none, or
    /// if it is no object.
    pub fn member(self, name: &str) -> Option<Self> {
        let mut found = None;
        self.each(|key, value| keep_named(&mut found, name, key, value));
        found
    }

    /// The elements of an array; nothing for any other kind.
    pub fn elements(self) -> Vec<Self> {
        let mut found = Vec::new();
        if self.kind == Kind::Array {
            self.each(|_, value| found.push(value));
        }
        found
    }

    /// The members of an object by name, of several of one name the last; nothing for any other kind.
    pub fn members(self) -> BTreeMap<Cow<'a, str>, Self> {
        let mut found = BTreeMap::new();
        if self.kind == Kind::Object {
            self.each(|key, value| {
                if let Some(name) = key.and_then(Json::string) {
                    found.insert(name, value);
                }
            });
        }
        found
    }

    /// What `serde_json` writes after reading it, except that numbers keep their digits.
    ///
    /// ```
    /// use mpo_process::Json;
    /// let data = Json::read(br#"{ "b": [1.50, "\u00fc"], "a": 12345678901234567890.10 }"#)?;
    /// assert_eq!(data.tidied(), r#"{"a":12345678901234567890.10,"b":[1.50,"ü"]}"#);
    /// # Ok::<(), mpo_process::JsonMistake>(())
    /// ```
    pub fn tidied(self) -> String {
        let mut text = String::with_capacity(self.text.len());
        self.tidy_into(&mut text);
        text
    }

    fn tidy_into(self, out: &mut String) {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self.kind {
            Kind::Object => {
                out.push('{');
                for (at, (name, value)) in self.members().into_iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { "," });
                    out.push_str(&quoted(&name));
                    out.push(':');
                    value.tidy_into(out);
                }
                out.push('}');
            }
            Kind::Array => {
                out.push('[');
                for (at, value) in self.elements().into_iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { "," });
                    value.tidy_into(out);
                }
                out.push(']');
            }
            Kind::String => out.push_str(&quoted(&self.string().unwrap_or_default())),
            Kind::Number | Kind::Bool | Kind::Null => out.push_str(self.text),
        }
    }

    fn each(self, visit: impl FnMut(Option<Self>, Self)) {
        let mut scanner = Scanner {
            text: self.text,
            at: 0,
        };
        // It has been checked before, so there is no mistake to report.
        let _ = match self.kind {
            Kind::Object => scanner.object(1, visit),
            Kind::Array => scanner.array(1, visit),
            _ => Ok(()),
        };
    }
}

/// Keeps the value of a member of that name; elements of an array have none.
fn keep_named<'a>(found: &mut Option<Json<'a>>, name: &str, key: Option<Json<'a>>, value: Json<'a>) {
    if key.and_then(Json::string).is_some_and(|key| key == name) {
        *found = Some(value);
    }
}

impl fmt::Debug for Json<'_> {
    /// Shows the kind and length alone: the text may be somebody's data or a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({:?}, {} bytes)", self.kind, self.text.len())
    }
}

fn mistake(bytes: &[u8], offset: usize, reason: Reason) -> JsonMistake {
    let before = String::from_utf8_lossy(bytes.get(..offset).unwrap_or(bytes));
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    JsonMistake {
        reason,
        offset,
        line: before.matches('\n').count() + 1,
        column: before.chars().count() - before[..line_start].chars().count() + 1,
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// The next byte that is not white space.
    fn next_token(&mut self) -> Result<u8, Reason> {
        self.space();
        self.peek().ok_or(Reason::Ends)
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn value(&mut self, depth: u8) -> Result<Json<'a>, Reason> {
        let first = self.next_token()?;
        let start = self.at;
        if depth >= MAX_DEPTH && matches!(first, b'{' | b'[') {
            return Err(Reason::TooDeep);
        }
        let kind = match first {
            b'{' => self.object(depth + 1, |_, _| ()).map(|()| Kind::Object),
            b'[' => self.array(depth + 1, |_, _| ()).map(|()| Kind::Array),
            b'"' => self.string().map(|()| Kind::String),
            b'-' | b'0'..=b'9' => self.number().map(|()| Kind::Number),
            b't' => self.word("true", "`true`").map(|()| Kind::Bool),
            b'f' => self.word("false", "`false`").map(|()| Kind::Bool),
            b'n' => self.word("null", "`null`").map(|()| Kind::Null),
            _ => Err(Reason::Expected("a JSON value")),
        }?;
        Ok(Json {
            text: self.since(start),
            kind,
        })
    }

    fn object(&mut self, depth: u8, mut visit: impl FnMut(Option<Json<'a>>, Json<'a>)) -> Result<(), Reason> {
        self.at += 1;
        if self.next_token()? == b'}' {
            self.at += 1;
            return Ok(());
        }
        loop {
            if self.next_token()? != b'"' {
                return Err(Reason::Expected("a name in double quotes"));
            }
            let start = self.at;
            self.string()?;
            let key = Json {
                text: self.since(start),
                kind: Kind::String,
            };
            if self.next_token()? != b':' {
                return Err(Reason::Expected("`:`"));
            }
            self.at += 1;
            visit(Some(key), self.value(depth)?);
            match self.next_token()? {
                b',' => self.at += 1,
                b'}' => break,
                _ => return Err(Reason::Expected("`,` or `}`")),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn array(&mut self, depth: u8, mut visit: impl FnMut(Option<Json<'a>>, Json<'a>)) -> Result<(), Reason> {
        self.at += 1;
        if self.next_token()? == b']' {
            self.at += 1;
            return Ok(());
        }
        loop {
            visit(None, self.value(depth)?);
            match self.next_token()? {
                b',' => self.at += 1,
                b']' => break,
                _ => return Err(Reason::Expected("`,` or `]`")),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str, expected: &'static str) -> Result<(), Reason> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            // One letter alone does not mean the word: `not json` wants no `null`.
            let meant = rest.get(1) == word.as_bytes().get(1);
            return Err(Reason::Expected(if meant { expected } else { "a JSON value" }));
        }
        self.at += word.len();
        Ok(())
    }

    fn string(&mut self) -> Result<(), Reason> {
        self.at += 1;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let plain = plain_length(rest);
            self.at += plain;
            match rest.get(plain) {
                None => return Err(Reason::Ends),
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(_) => return Err(Reason::ControlCharacter),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Reason> {
        let rest = self.text.as_bytes().get(self.at + 1..).unwrap_or_default();
        self.at += match rest {
            [] => return Err(Reason::Ends),
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', rest @ ..] => match hex4(rest).ok_or(Reason::Escape)? {
                0xd800..=0xdbff => match rest.get(4..) {
                    Some([b'\\', b'u', low @ ..]) if matches!(hex4(low), Some(0xdc00..=0xdfff)) => 12,
                    _ => return Err(Reason::Surrogate),
                },
                0xdc00..=0xdfff => return Err(Reason::Surrogate),
                _ => 6,
            },
            _ => return Err(Reason::Escape),
        };
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Reason> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start {
            Err(Reason::Expected("a digit"))
        } else {
            Ok(())
        }
    }

    fn number(&mut self) -> Result<(), Reason> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        let exponent = matches!(self.peek(), Some(b'e' | b'E'));
        if exponent {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        // The largest double has 309 digits; only such numbers need serde_json's own judgement.
        let number = self.since(start);
        if (exponent || number.len() > 300) && serde_json::from_str::<serde_json::Number>(number).is_err() {
            self.at = start;
            return Err(Reason::NumberTooLarge);
        }
        Ok(())
    }
}

fn hex4(bytes: &[u8]) -> Option<u32> {
    bytes.get(..4)?.iter().try_fold(0, |value, digit| {
        Some(value << 4 | char::from(*digit).to_digit(16)?)
    })
}

/// How many bytes of a string come before its end, an escape or a control character.
///
/// Most strings are short, and a look at eight bytes says at which they end; only a long one is worth looking at in blocks.
fn plain_length(bytes: &[u8]) -> usize {
    const BLOCK: usize = 32;
    let (start, rest) = bytes.split_at(bytes.len().min(BLOCK));
    let plain = plain_length_by_words(start);
    if plain < start.len() {
        return plain;
    }
    let (blocks, _) = rest.as_chunks::<BLOCK>();
    let is_special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    let is_plain = |block: &&[u8; BLOCK]| !block.iter().fold(false, |any, byte| any | is_special(*byte));
    let plain = plain + BLOCK * blocks.iter().take_while(is_plain).count();
    plain + plain_length_by_words(bytes.get(plain..).unwrap_or_default())
}

/// The same, eight bytes at a time: in [`special`] the lowest bit that is set belongs to the first special byte.
fn plain_length_by_words(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let found = special(u64::from_le_bytes(*word));
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let plain = bytes.len() - rest.len();
    let stops = |byte: &u8| special(u64::from(*byte)) & 0x80 != 0;
    plain + rest.iter().position(stops).unwrap_or(rest.len())
}

/// The lowest bit of each byte.
const ONES: u64 = u64::from_le_bytes([1; 8]);

/// Sets the highest bit of each byte that is a quote, a backslash or a control character; above the first such byte it
/// may set too many.
fn special(word: u64) -> u64 {
    let below = |word: u64, bound: u8| word.wrapping_sub(ONES * u64::from(bound)) & !word;
    let equal = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, 0x20) | equal(b'"') | equal(b'\\')) & (ONES << 7)
}

#[cfg(test)]
mod tests;
