//! How dates and numbers are read and written: patterns as Java has them, and the texts that stand for moments.
//!
//! Pure; knows nothing of placeholders, conditions or profiles.

mod date;
mod moment;
mod number;

pub use date::{DATE_LETTERS, DatePattern, format_date, push_date};
pub use moment::{Moment, parse_moment};
pub use number::{NumberPattern, format_number, push_decimal};

/// What is wrong with a pattern.
///
/// ```
/// use mambu_emitter::format::DatePattern;
/// let error = DatePattern::parse("yyyy-qq").unwrap_err();
/// assert_eq!(error.to_string(), "unknown letter `q` in date pattern");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A letter that means nothing.
    #[error("unknown letter `{0}` in date pattern")]
    UnknownLetter(char),
    /// `XXXX` and longer.
    #[error("more than three `X` in date pattern")]
    LongOffset,
    /// A quoted text that goes on to the end.
    #[error("quote without an end in {0} pattern")]
    OpenQuote(&'static str),
    /// No pattern at all.
    #[error("empty {0} pattern")]
    Empty(&'static str),
    /// No place for a digit.
    #[error("neither `#` nor `0` in number pattern")]
    NoDigits,
    /// Digits again after the text behind the number.
    #[error("a second number in number pattern")]
    SecondNumber,
    /// More than one decimal separator.
    #[error("decimal separator `{0}` twice in number pattern")]
    TwoDecimalSeparators(char),
    /// A grouping separator among the decimals, or with no digit after it.
    #[error("misplaced grouping separator `{0}` in number pattern")]
    MisplacedGrouping(char),
    /// `0#` before the decimal separator, or `#0` after it.
    #[error("`#` between `0` and the decimal separator in number pattern")]
    MisplacedOptionalDigit,
}

/// Two digits for each number below a hundred.
const PAIRS: &str = concat!(
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849",
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899",
);

/// Appends a number with at least as many digits, and at least one: what `{number:0digits$}` appends, in a tenth of the time.
pub(crate) fn push_digits(out: &mut String, number: u64, digits: usize) {
    /// No number has more.
    const MOST: usize = 20;
    if digits > MOST {
        out.extend(std::iter::repeat_n('0', digits - MOST));
    }
    push_pairs(out, number, digits.min(MOST));
}

fn push_pairs(out: &mut String, number: u64, digits: usize) {
    if number >= 100 || digits > 2 {
        push_pairs(out, number / 100, digits.saturating_sub(2));
        return push_pairs(out, number % 100, 2);
    }
    let end = 2 * usize::try_from(number).unwrap_or_default() + 2;
    let begin = if number < 10 && digits < 2 {
        end - 1
    } else {
        end - 2
    };
    out.push_str(PAIRS.get(begin..end).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn digits_are_those_of_the_standard_library(number: u64, short in 0..1_000_u64, digits in 0..30_usize) {
            for number in [number, short] {
                let mut text = String::new();
                push_digits(&mut text, number, digits);
                prop_assert_eq!(text, format!("{number:0digits$}"));
            }
        }
    }
}
