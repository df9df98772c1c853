//! How a value looks as text: by its kind and the profile, or by a pattern of the template.
//!
//! Knows nothing of where a value comes from or what it is put into.

use std::fmt::{self, Write};

use rust_decimal::{Decimal, RoundingStrategy};

use crate::format::{DatePattern, NumberPattern, format_number, parse_moment, push_date, push_decimal};
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
        let is_written = match look {
            Look::Plain(Kind::Money) if !(is_given && value.as_text().is_some()) => value
                .as_decimal()
                .map(|amount| push_decimal(out, self.money(amount))),
            Look::Number(pattern) => value
                .as_decimal()
                .map(|number| out.push_str(&format_number(number, pattern))),
            look => self
                .dates(look)
                .and_then(|pattern| date(value, scene, pattern, out)),
        };
        match (is_written, value) {
            (Some(()), _) | (None, Value::Null) => {}
            (None, Value::Text(text)) => out.push_str(text),
            (None, Value::Number(number)) => push_decimal(out, *number),
            (None, value) => push(out, format_args!("{value}")),
        }
    }

    /// Appends the moment of the scene; as it is written if the look is not one of dates.
    pub(super) fn write_now(&self, look: &Look, scene: &Scene, out: &mut String) {
        match self.dates(look) {
            Some(pattern) => push_date(out, &scene.moment, pattern),
            None => push(out, format_args!("{}", scene.moment.timestamp())),
        }
    }

    /// The pattern of a look of dates.
    fn dates<'a>(&'a self, look: &'a Look) -> Option<&'a DatePattern> {
        match look {
            Look::Plain(Kind::Date) => self.date.as_ref(),
            Look::Plain(Kind::DateTime) => self.date_time.as_ref(),
            Look::Date(pattern) => Some(pattern),
            Look::Plain(_) | Look::Number(_) => None,
        }
    }

    fn money(&self, amount: Decimal) -> Decimal {
        if amount.scale() == self.money_digits {
            return amount;
        }
        let mut amount =
            amount.round_dp_with_strategy(self.money_digits, RoundingStrategy::MidpointNearestEven);
        amount.rescale(self.money_digits);
        amount
    }
}

fn push(out: &mut String, text: fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    out.write_fmt(text).unwrap_or_default();
}

/// A date in the tenant's time zone.
fn date(value: &Value, scene: &Scene, pattern: &DatePattern, out: &mut String) -> Option<()> {
    let zone = scene.moment.time_zone();
    let moment = parse_moment(value.as_text()?, zone)?;
    push_date(out, &moment.to_zoned(zone), pattern);
    Some(())
}
