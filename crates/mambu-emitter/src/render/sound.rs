//! Which templates stay well-formed JSON whatever plain text stands in for their placeholders.
//!
//! Most bodies need no second look then: what the template itself says was looked at once, and what was put in is looked at
//! while it is put in.

use super::Part;
use super::well_formed::check_body;
use crate::template::ContentType;

/// Where in a JSON text a place is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    /// Inside of a string, not of an escape.
    Inside,
    Backslash,
    /// So many digits of `\u0000` are still to come.
    Digits(u8),
}

impl Place {
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Outside, b'"') => Self::Inside,
            (Self::Outside, _) | (Self::Inside, b'"') => Self::Outside,
            (Self::Inside, b'\\') => Self::Backslash,
            (Self::Backslash, b'u') => Self::Digits(4),
            (Self::Digits(left), _) if left > 1 => Self::Digits(left - 1),
            (Self::Inside | Self::Backslash | Self::Digits(_), _) => Self::Inside,
        }
    }
}

/// Whether the result is well-formed JSON as long as all values are [plain](is_plain): the template is without them, and
/// each of them is a piece of a string.
pub(super) fn is_sound(content_type: ContentType, parts: &[Part]) -> bool {
    if content_type != ContentType::ApplicationJson {
        return false;
    }
    let mut place = Place::Outside;
    let mut without_values = String::new();
    for part in parts {
        match part {
            Part::Text(text) => {
                place = text.bytes().fold(place, Place::after);
                without_values.push_str(text);
            }
            Part::Value(_) if place != Place::Inside => return false,
            Part::Value(_) => {}
        }
    }
    check_body(content_type, &without_values).is_ok()
}

/// Whether a text can be a piece of a JSON string as it is.
pub(super) fn is_plain(text: &str) -> bool {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    // All of it at once: that most are plain is sooner seen than which is the first that isn't.
    text.bytes().fold(true, |all, byte| all & is_plain(byte))
}
