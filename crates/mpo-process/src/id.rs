//! The ids of the process engine, as types that can't be mixed up.
//!
//! Knows only how an id is written; not what it points to.

use std::fmt;
use std::str::FromStr;

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// A process id is a decimal number without sign or leading zeros.
    #[error("not a decimal number without sign or leading zeros")]
    NotDecimal,
    /// Task and node ids are 24 lower-case hexadecimal digits.
    #[error("not 24 lower-case hexadecimal digits")]
    NotHex24,
}

/// The id of a process or state diagram (`conv_id`), a decimal number.
///
/// Observed: receiver sheet 1.1; real ones are between 31754 and 1871779.
///
/// ```
/// use mpo_process::ConvId;
/// let id: ConvId = "31754".parse()?;
/// assert_eq!(id, ConvId::new(31754));
/// assert!("031754".parse::<ConvId>().is_err());
/// # Ok::<(), mpo_process::IdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConvId(u64);

impl ConvId {
    /// The id of that number.
    pub fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for ConvId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ConvId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let canonical = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
        match text.parse() {
            Ok(number) if canonical => Ok(Self(number)),
            _ => Err(IdError::NotDecimal),
        }
    }
}

macro_rules! hex24 {
    ($(#[$doc:meta])+ $name:ident) => {
        $(#[$doc])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 12]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut text = [0; 24];
                for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(self.0) {
                    *pair = [hex_digit(byte >> 4), hex_digit(byte & 15)];
                }
                f.write_str(std::str::from_utf8(&text).unwrap_or_default())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let (pairs, rest) = text.as_bytes().as_chunks::<2>();
                if pairs.len() != 12 || !rest.is_empty() {
                    return Err(IdError::NotHex24);
                }
                let mut bytes = [0; 12];
                for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
                    *byte = hex_value(*high)? << 4 | hex_value(*low)?;
                }
                Ok(Self(bytes))
            }
        }
    };
}

hex24! {
    /// The id of a task (`obj_id`): 24 lower-case hexadecimal digits, the first eight of them a unix time.
    ///
    /// Documented (length) and observed (time): receiver sheet 2. The other digits are assumed to be random.
    TaskId
}

hex24! {
    /// The id of a node: 24 lower-case hexadecimal digits. Documented: receiver sheet 1.1.
    NodeId
}

impl TaskId {
    /// The id of a task created in that unix second.
    ///
    /// ```
    /// use mpo_process::TaskId;
    /// let id = TaskId::new(0x5cf6_7011, [0, 1, 2, 3, 4, 5, 6, 0xff]);
    /// assert_eq!(id.to_string(), "5cf6701100010203040506ff");
    /// assert_eq!(id.unix_seconds(), 0x5cf6_7011);
    /// ```
    pub fn new(unix_seconds: u32, random: [u8; 8]) -> Self {
        let mut id = [0; 12];
        for (place, byte) in id
            .iter_mut()
            .zip(unix_seconds.to_be_bytes().into_iter().chain(random))
        {
            *place = byte;
        }
        Self(id)
    }

    /// The unix second of its creation.
    pub fn unix_seconds(self) -> u32 {
        self.0
            .first_chunk()
            .map_or(0, |seconds| u32::from_be_bytes(*seconds))
    }
}

fn hex_digit(nibble: u8) -> u8 {
    if nibble < 10 {
        b'0' + nibble
    } else {
        b'a' + nibble - 10
    }
}

fn hex_value(digit: u8) -> Result<u8, IdError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(IdError::NotHex24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_process_id_has_one_way_to_be_written() {
        for bad in ["", "-1", "+1", "007", "1x", " 1", "18446744073709551616", "@1"] {
            assert_eq!(bad.parse::<ConvId>(), Err(IdError::NotDecimal), "{bad:?}");
        }
        assert_eq!("0".parse(), Ok(ConvId::new(0)));
    }

    #[test]
    fn a_task_id_is_24_lower_case_hex_digits() {
        for bad in [
            "",
            "5cf67011",
            "5CF6701100010203040506FF",
            "5cf6701100010203040506fg",
            "5cf6701100010203040506ff0",
        ] {
            assert_eq!(bad.parse::<TaskId>(), Err(IdError::NotHex24), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn ids_read_back_as_written(seconds: u32, random: [u8; 8], number: u64) {
            let task = TaskId::new(seconds, random);
            prop_assert_eq!(task.to_string().parse(), Ok(task));
            prop_assert_eq!(ConvId::new(number).to_string().parse(), Ok(ConvId::new(number)));
        }

        #[test]
        fn task_ids_sort_by_time(a: u32, b: u32, random: [u8; 8]) {
            prop_assert_eq!(TaskId::new(a, random).cmp(&TaskId::new(b, random)), a.cmp(&b));
        }
    }
}
