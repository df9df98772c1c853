//! A URL that may hold a secret, such as a direct URL's hash: it can be read and sent, not printed by accident.

use std::fmt;
use std::ops::Deref;

use crate::delivery::destination::masked;

/// A URL or a URL template.
///
/// ```
/// use mambu_emitter::Url;
/// let url = Url::from("https://m.example/api/1/json/public/1/0123456789abcdef0123456789abcdef01234567");
/// assert_eq!(format!("{url:?}"), "https://m.example/api/1/json/public/1/<hash>");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Url(String);

impl Deref for Url {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Url {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Url {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&masked(&self.0))
    }
}
