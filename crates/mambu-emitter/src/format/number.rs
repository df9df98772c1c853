//! Numbers by patterns as they are to be seen: `#.###,##` gives `1.234,56` (observed: webhooks sheet 4.1 and 7.1).
//!
//! Unlike Java's, these patterns hold the separators that are shown. assumed: of two kinds of separators the last is
//! the decimal one; a single kind is decimal if it is a point and grouping if it is a comma, as in Java; half-even
//! rounding; the sign before everything else, and none on a zero; `%` is a text like any other.

use std::fmt::Write as _;
use std::iter::repeat_n;

use rust_decimal::{Decimal, RoundingStrategy};

use super::date::quoted;
use super::{PatternError, push_digits};

/// A number pattern that was understood.
///
/// ```
/// use mambu_emitter::format::{NumberPattern, format_number};
/// let pattern = NumberPattern::parse("#.###,##").expect("a pattern");
/// assert_eq!(format_number("1234.56".parse().expect("a decimal"), &pattern), "1.234,56");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberPattern {
    prefix: String,
    suffix: String,
    decimal_separator: char,
    grouping: Option<(char, usize)>,
    least_whole_digits: usize,
    least_decimals: usize,
    most_decimals: usize,
}

impl NumberPattern {
    /// Reads a pattern.
    pub fn parse(pattern: &str) -> Result<Self, PatternError> {
        if pattern.is_empty() {
            return Err(PatternError::Empty("number"));
        }
        let (prefix, places, suffix) = split(pattern)?;
        let decimal = decimal_separator(&places)?;
        let (whole, decimals) = match decimal.and_then(|separator| places.split_once(separator)) {
            Some((whole, decimals)) => (whole, decimals),
            None => (places.as_str(), ""),
        };
        let grouping = grouping(whole)?;
        let whole: String = whole.chars().filter(|place| matches!(place, '#' | '0')).collect();
        if let Some(separator) = decimals.chars().find(|place| matches!(place, '.' | ',')) {
            return Err(PatternError::MisplacedGrouping(separator));
        }
        if whole.is_empty() && decimals.is_empty() {
            return Err(PatternError::NoDigits);
        }
        if whole.contains("0#") || decimals.contains("#0") {
            return Err(PatternError::MisplacedOptionalDigit);
        }
        let zeros = |places: &str| places.bytes().filter(|place| *place == b'0').count();
        let no_zeros = zeros(&whole) + zeros(decimals) == 0;
        Ok(Self {
            prefix,
            suffix,
            decimal_separator: decimal.unwrap_or('.'),
            grouping,
            // As in Java: `#.##` shows 0.5 as `0.5`, `#.00` as `.50`.
            least_whole_digits: if no_zeros && decimal.is_some() {
                1
            } else {
                zeros(&whole)
            },
            least_decimals: zeros(decimals),
            most_decimals: decimals.len(),
        })
    }
}

/// Prefix, the places of the number, suffix.
fn split(pattern: &str) -> Result<(String, String, String), PatternError> {
    let (mut prefix, mut places, mut suffix) = (String::new(), String::new(), String::new());
    let mut rest = pattern.chars().peekable();
    while let Some(next) = rest.next() {
        let place =
            matches!(next, '#' | '0') || (matches!(next, '.' | ',') && !prefix_goes_on(&places, &rest));
        if place && suffix.is_empty() {
            places.push(next);
        } else if matches!(next, '#' | '0') {
            return Err(PatternError::SecondNumber);
        } else {
            let text = if places.is_empty() {
                &mut prefix
            } else {
                &mut suffix
            };
            match next {
                '\'' => text.push_str(&quoted(&mut rest).ok_or(PatternError::OpenQuote("number"))?),
                other => text.push(other),
            }
        }
    }
    if places.is_empty() {
        return Err(PatternError::NoDigits);
    }
    Ok((prefix, places, suffix))
}

/// Whether a separator with no place before it belongs to the text in front (`Rs. #`), not to the number (`.00`).
fn prefix_goes_on(places: &str, rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    places.is_empty() && !matches!(rest.clone().next(), Some('#' | '0'))
}

fn decimal_separator(places: &str) -> Result<Option<char>, PatternError> {
    let separator = match (places.rfind('.'), places.rfind(',')) {
        (Some(point), Some(comma)) if comma > point => ',',
        (Some(_), _) => '.',
        (None, _) => return Ok(None),
    };
    if places.matches(separator).count() > 1 {
        return Err(PatternError::TwoDecimalSeparators(separator));
    }
    Ok(Some(separator))
}

/// The separator of the whole digits with the size of the groups: that of the last one, as in Java.
fn grouping(whole: &str) -> Result<Option<(char, usize)>, PatternError> {
    let Some((before, group)) = whole.rsplit_once(['.', ',']) else {
        return Ok(None);
    };
    let separator = whole
        .get(before.len()..)
        .and_then(|rest| rest.chars().next())
        .unwrap_or(',');
    if group.is_empty() {
        return Err(PatternError::MisplacedGrouping(separator));
    }
    Ok(Some((separator, group.len())))
}

/// Appends a number as it is: what its `Display` says.
pub fn push_decimal(out: &mut String, number: Decimal) {
    let scale = number.scale();
    let one = 10_u64.checked_pow(scale);
    let (Some(one), Ok(mantissa)) = (one, u64::try_from(number.mantissa().unsigned_abs())) else {
        // Writing to a text cannot fail.
        return write!(out, "{number}").unwrap_or_default();
    };
    if number.is_sign_negative() {
        out.push('-');
    }
    push_digits(out, mantissa / one, 1);
    if scale > 0 {
        out.push('.');
        push_digits(out, mantissa % one, scale as usize);
    }
}

/// Writes a number by a pattern.
pub fn format_number(value: Decimal, pattern: &NumberPattern) -> String {
    let scale = u32::try_from(pattern.most_decimals).unwrap_or(u32::MAX);
    let rounded = value.round_dp_with_strategy(scale, RoundingStrategy::MidpointNearestEven);
    let digits = rounded.abs().to_string();
    let (whole, decimals) = digits.split_once('.').unwrap_or((&digits, ""));
    let whole = whole.trim_start_matches('0');
    let decimals = decimals.trim_end_matches('0');

    let mut out = String::new();
    if rounded.is_sign_negative() && !rounded.is_zero() {
        out.push('-');
    }
    out.push_str(&pattern.prefix);
    // As in Java, a number without any digits to show is `0`.
    let least = match pattern.least_whole_digits {
        0 if decimals.is_empty() && pattern.least_decimals == 0 => 1,
        least => least,
    };
    let whole: String = repeat_n('0', least.saturating_sub(whole.len()))
        .chain(whole.chars())
        .collect();
    for (at, digit) in whole.chars().enumerate() {
        if let Some((separator, size)) = pattern.grouping
            && at > 0
            && (whole.len() - at).is_multiple_of(size)
        {
            out.push(separator);
        }
        out.push(digit);
    }
    let decimals: String = decimals
        .chars()
        .chain(repeat_n(
            '0',
            pattern.least_decimals.saturating_sub(decimals.len()),
        ))
        .collect();
    if !decimals.is_empty() {
        out.push(pattern.decimal_separator);
        out.push_str(&decimals);
    }
    out.push_str(&pattern.suffix);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(value: &str, pattern: &str) -> String {
        format_number(value.parse().unwrap(), &NumberPattern::parse(pattern).unwrap())
    }

    #[test]
    fn a_pattern_shows_what_it_looks_like() {
        let table = [
            ("1234.56", "#.###,##", "1.234,56"),
            ("1234.5", "#.###,00", "1.234,50"),
            ("1234567.891", "#,###.##", "1,234,567.89"),
            ("1234.5", "#,##0.00", "1,234.50"),
            ("0", "#,##0.00", "0.00"),
            ("1234.5", "0.00", "1234.50"),
            ("5000.00", "#", "5000"),
            ("1234567", "#,###", "1,234,567"),
            ("123456", "#,###", "123,456"),
            ("1234567", "#,##,##0.0", "1,234,567.0"),
            ("7", "000", "007"),
            ("1234", "00,000", "01,234"),
            ("0.5", "#.##", "0.5"),
            ("0.5", "#.00", ".50"),
            ("0.5", ".00", ".50"),
            ("0", "#", "0"),
            ("0", "#.##", "0"),
            ("5", "€ 0.00", "€ 5.00"),
            ("5", "0.00 EUR", "5.00 EUR"),
            ("5", "Rs. 0.00", "Rs. 5.00"),
            ("5", "'#'0", "#5"),
            ("5.25", "0.00%", "5.25%"),
            ("5", "0.", "5"),
        ];
        for (value, pattern, expected) in table {
            assert_eq!(shown(value, pattern), expected, "{value} by {pattern}");
        }
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        for (value, expected) in [
            ("0.125", "0.12"),
            ("0.135", "0.14"),
            ("2.5", "2.50"),
            ("-0.125", "-0.12"),
        ] {
            assert_eq!(shown(value, "0.00"), expected);
        }
        assert_eq!(shown("2.5", "0"), "2");
        assert_eq!(shown("3.5", "0"), "4");
    }

    #[test]
    fn the_sign_comes_first_and_a_zero_has_none() {
        assert_eq!(shown("-5", "€ 0.00"), "-€ 5.00");
        assert_eq!(shown("-0.001", "0.00"), "0.00");
    }

    #[test]
    fn what_is_not_a_pattern_is_named() {
        let table = [
            ("", "empty number pattern"),
            ("EUR", "neither `#` nor `0` in number pattern"),
            (".,", "neither `#` nor `0` in number pattern"),
            ("0.00;(0.00)", "a second number in number pattern"),
            ("#.###.###", "decimal separator `.` twice in number pattern"),
            ("#.###,##,#", "decimal separator `,` twice in number pattern"),
            ("#,", "misplaced grouping separator `,` in number pattern"),
            (
                "0#",
                "`#` between `0` and the decimal separator in number pattern",
            ),
            (
                "0.#0",
                "`#` between `0` and the decimal separator in number pattern",
            ),
            ("0 'of", "quote without an end in number pattern"),
        ];
        for (pattern, expected) in table {
            assert_eq!(
                NumberPattern::parse(pattern).map_err(|error| error.to_string()),
                Err(expected.to_owned())
            );
        }
    }

    proptest! {
        #[test]
        fn a_number_as_it_is_is_the_librarys(
            mantissa in prop_oneof![any::<i128>().prop_map(|m| m >> 33), any::<i64>().prop_map(i128::from), -1000..1000_i128],
            scale in 0..=28_u32,
            negative: bool,
        ) {
            let mut number = Decimal::from_i128_with_scale(mantissa, scale);
            if negative {
                number.set_sign_negative(true);
            }
            let mut text = String::new();
            push_decimal(&mut text, number);
            prop_assert_eq!(text, number.to_string());
        }

        #[test]
        fn taking_the_groups_out_gives_the_rounded_value_back(units in any::<i64>(), scale in 0_u32..10) {
            let value = Decimal::new(units, scale);
            let rounded = value.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven);
            let english = format_number(value, &NumberPattern::parse("#,##0.00").unwrap());
            prop_assert_eq!(english.replace(',', "").parse::<Decimal>().unwrap(), rounded);
            let german = format_number(value, &NumberPattern::parse("#.###,##").unwrap());
            prop_assert_eq!(german.replace('.', "").replace(',', ".").parse::<Decimal>().unwrap(), rounded);
        }

        #[test]
        fn no_pattern_is_too_strange(text in "\\PC*", places in "[#0.,' ]{0,20}", units in any::<i64>(), scale in 0_u32..28) {
            for pattern in [text, places] {
                if let Ok(pattern) = NumberPattern::parse(&pattern) {
                    let _ = format_number(Decimal::new(units, scale), &pattern);
                    let _ = format_number(Decimal::MIN, &pattern);
                }
            }
        }
    }
}
