//! How a value looks as text: by its kind and the profile, or by a pattern of the template.
//!
//! Knows nothing of where a value comes from or what it is put into.

use std::fmt::Write;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::format::{DatePattern, NumberPattern, format_date, format_number, parse_moment};
use crate::placeholder::catalogue::Kind;
use crate::profile::Profile;
use crate::scene::Scene;
use crate::value::Value;

/// The look of one placeholder.
#[derive(Clone, Debug)]
pub(super) enum Look {
    /// The profile's look for its kind.
    Plain(Kind),
    /// `FORMAT_DATE`
    Date(DatePattern),
    /// `FORMAT`
    Number(NumberPattern),
}

/// The looks that the profile sets (assumed: webhooks sheet 4.2). Without a readable pattern dates stay as they are.
#[derive(Clone, Debug)]
pub(super) struct Looks {
    date: Option<DatePattern>,
    date_time: Option<DatePattern>,
    money_digits: u32,
}

impl Looks {
    pub(super) fn of(profile: &Profile) -> Self {
        Self {
            date: DatePattern::parse(&profile.date_format).ok(),
            date_time: DatePattern::parse(&profile.date_time_format).ok(),
            money_digits: u32::try_from(profile.money_digits)
                .unwrap_or(u32::MAX)
                .min(Decimal::MAX_SCALE),
        }
    }

    /// Appends a value; one that is not of the look's kind stays as it is.
    ///
    /// An amount that a fixture gives as a text stays as it is, so that `1.234,50` can be tried out.
    pub(super) fn write(&self, value: &Value, look: &Look, is_given: bool, scene: &Scene, out: &mut String) {
        let text = match look {
            Look::Plain(Kind::Money) if !(is_given && value.as_text().is_some()) => {
                value.as_decimal().map(|amount| self.money(amount))
            }
            Look::Plain(Kind::Date) => date(value, scene, self.date.as_ref()),
            Look::Plain(Kind::DateTime) => date(value, scene, self.date_time.as_ref()),
            Look::Plain(_) => None,
            Look::Date(pattern) => date(value, scene, Some(pattern)),
            Look::Number(pattern) => value.as_decimal().map(|number| format_number(number, pattern)),
        };
        match (text, value) {
            (Some(text), _) => out.push_str(&text),
            (None, Value::Null) => {}
            // Writing to a text cannot fail.
            (None, value) => write!(out, "{value}").unwrap_or_default(),
        }
    }

    fn money(&self, amount: Decimal) -> String {
        let mut amount =
            amount.round_dp_with_strategy(self.money_digits, RoundingStrategy::MidpointNearestEven);
        amount.rescale(self.money_digits);
        amount.to_string()
    }
}

/// A date in the tenant's time zone.
fn date(value: &Value, scene: &Scene, pattern: Option<&DatePattern>) -> Option<String> {
    let moment = parse_moment(value.as_text()?, &scene.time_zone)?;
    Some(format_date(&moment.to_zoned(&scene.time_zone), pattern?))
}
