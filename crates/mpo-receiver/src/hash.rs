//! Secrets that are compared: the hash at the end of a direct URL, and digests of credentials.
//!
//! Nothing here can be printed or serialised, and a comparison takes the same time wherever two texts differ.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

/// The SHA-256 digest of a secret, good for one thing: asking whether another text is the same.
#[derive(Clone)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    pub(crate) fn of(text: &[u8]) -> Self {
        Self(Sha256::digest(text).into())
    }

    pub(crate) fn is_of(&self, text: &[u8]) -> Choice {
        same(&self.0, &Self::of(text).0)
    }
}

/// Whether two texts are the same, in time that tells their lengths and no more.
pub(crate) fn same(ours: &[u8], theirs: &[u8]) -> Choice {
    if ours.len() != theirs.len() {
        return Choice::from(0);
    }
    // Word by word: an eighth of the work of byte by byte.
    let ((our_words, our_rest), (their_words, their_rest)) = (ours.as_chunks::<8>(), theirs.as_chunks::<8>());
    let words = our_words.iter().zip(their_words);
    words.fold(our_rest.ct_eq(their_rest), |same, (ours, theirs)| {
        same & u64::from_ne_bytes(*ours).ct_eq(&u64::from_ne_bytes(*theirs))
    })
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

/// The secret at the end of a direct URL: a stored random token, not computed over the body.
///
/// Documented: receiver sheet 1.1. Real ones are 40 lower-case hexadecimal characters (observed there).
///
/// ```
/// let hash = mpo_receiver::Hash::new("5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f");
/// assert!(!hash.is("5f3c9a0f"));
/// assert_eq!(format!("{hash:?}"), "Hash(…)");
/// ```
#[derive(Clone)]
pub struct Hash {
    text: SecretString,
}

impl Hash {
    /// Characters of real ones.
    pub(crate) const USUAL_LENGTH: usize = 40;

    /// The hash of that text.
    pub fn new(text: &str) -> Self {
        Self { text: text.into() }
    }

    /// Whether a request carries this hash; exact characters, in time that tells its length and no more.
    pub fn is(&self, text: &str) -> bool {
        same(self.expose().as_bytes(), text.as_bytes()).into()
    }

    /// Whether it looks like a real one: 40 lower-case hexadecimal characters.
    pub fn looks_real(&self) -> bool {
        let text = self.expose();
        text.len() == Self::USUAL_LENGTH && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    }

    /// Its text, for links that are shown on purpose.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }
}

impl PartialEq for Hash {
    fn eq(&self, other: &Self) -> bool {
        self.is(other.expose())
    }
}

impl Eq for Hash {}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_equal_to_its_exact_text_only() {
        let hash = Hash::new("00ff");
        assert!(hash.is("00ff"));
        for other in ["", "00FF", "00ff ", "00f", "00ff0"] {
            assert!(!hash.is(other), "{other:?}");
        }
        assert_eq!(hash, Hash::new("00ff"));
        assert_ne!(hash, Hash::new("00fe"));
    }

    #[test]
    fn two_texts_of_one_length_differ_by_any_byte() {
        let text = *b"0123456789abcdefghij";
        for length in 0..=text.len() {
            let ours = &text[..length];
            assert!(bool::from(same(ours, ours)), "{length}");
            assert!(!bool::from(same(ours, &[ours, b"0"].concat())), "{length}");
            for at in 0..length {
                let mut theirs = ours.to_vec();
                theirs[at] ^= 1;
                assert!(!bool::from(same(ours, &theirs)), "{length}, {at}");
            }
        }
    }

    #[test]
    fn a_real_hash_is_40_lower_case_hex_characters() {
        assert!(Hash::new(&"0f".repeat(20)).looks_real());
        for other in ["0f".repeat(19), "0F".repeat(20), "0g".repeat(20), "0f".repeat(21)] {
            assert!(!Hash::new(&other).looks_real());
        }
    }

    #[test]
    fn nothing_secret_is_printed() {
        assert!(!format!("{:?}{:?}", Hash::new("00ff"), Digest::of(b"00ff")).contains("00ff"));
    }
}
