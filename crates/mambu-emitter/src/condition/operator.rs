//! The operators of conditions: their names, how many values they take, and the data types they accept.
//!
//! Only the table; what an operator means is [`evaluate`](fn@super::evaluate)'s.

use crate::mistake::nearest;
use crate::template::names;

use super::data_type::DataType;

names! {
    /// An operator, `filterElement` in the API (documented: webhooks sheet 3).
    Operator {
        /// The same; texts ignore case (assumed).
        Equals = "EQUALS",
        /// The same to the letter.
        EqualsCaseSensitive = "EQUALS_CASE_SENSITIVE",
        /// Not the same. Not offered on the screen of version 9.6.
        DifferentThan = "DIFFERENT_THAN",
        /// Greater.
        MoreThan = "MORE_THAN",
        /// Smaller.
        LessThan = "LESS_THAN",
        /// Greater or the same.
        MoreThanOrEquals = "MORE_THAN_OR_EQUALS",
        /// Smaller or the same.
        LessThanOrEquals = "LESS_THAN_OR_EQUALS",
        /// From the first value to the second.
        Between = "BETWEEN",
        /// On that day.
        On = "ON",
        /// Later.
        After = "AFTER",
        /// Earlier.
        Before = "BEFORE",
        /// Later or the same.
        AfterInclusive = "AFTER_INCLUSIVE",
        /// Earlier or the same.
        BeforeInclusive = "BEFORE_INCLUSIVE",
        /// Begins with; ignores case (assumed).
        StartsWith = "STARTS_WITH",
        /// Begins with, to the letter.
        StartsWithCaseSensitive = "STARTS_WITH_CASE_SENSITIVE",
        /// One of a list.
        In = "IN",
        /// On the day of the event.
        Today = "TODAY",
        /// In the week of the event.
        ThisWeek = "THIS_WEEK",
        /// In the month of the event.
        ThisMonth = "THIS_MONTH",
        /// In the year of the event.
        ThisYear = "THIS_YEAR",
        /// In the last so many days.
        LastDays = "LAST_DAYS",
        /// No value.
        Empty = "EMPTY",
        /// Some value.
        NotEmpty = "NOT_EMPTY",
    }
}

/// How many values an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// None.
    None,
    /// One.
    One,
    /// A first and a second.
    Two,
    /// One or more.
    List,
}

impl Arity {
    /// Whether so many values are right.
    pub fn allows(self, count: usize) -> bool {
        match self {
            Self::None => count == 0,
            Self::One => count == 1,
            Self::Two => count == 2,
            Self::List => count >= 1,
        }
    }

    /// The number in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "no value",
            Self::One => "one value",
            Self::Two => "two values",
            Self::List => "a list of values",
        }
    }
}

impl Operator {
    /// How many values it takes (documented: webhooks sheet 3).
    pub fn arity(self) -> Arity {
        match self {
            Self::Today
            | Self::ThisWeek
            | Self::ThisMonth
            | Self::ThisYear
            | Self::Empty
            | Self::NotEmpty => Arity::None,
            Self::Between => Arity::Two,
            Self::In => Arity::List,
            _ => Arity::One,
        }
    }

    /// The data types it accepts (documented: webhooks sheet 3; `DATE_UTC` wherever `DATE_TIME` is named: assumed).
    pub fn accepts(self) -> &'static [DataType] {
        use DataType::{
            BigDecimal, Boolean, Date, DateTime, DateUtc, Enum, Key, Long, Money, Number, Percent, String,
        };
        match self {
            Self::Equals | Self::EqualsCaseSensitive | Self::DifferentThan => &[
                BigDecimal, Boolean, Long, Money, Number, Percent, String, Enum, Key,
            ],
            Self::MoreThan | Self::LessThan | Self::MoreThanOrEquals | Self::LessThanOrEquals => {
                &[BigDecimal, Number, Money]
            }
            Self::Between => &[BigDecimal, Number, Money, Date, DateTime, DateUtc],
            Self::On
            | Self::After
            | Self::Before
            | Self::AfterInclusive
            | Self::BeforeInclusive
            | Self::Today
            | Self::ThisWeek
            | Self::ThisMonth
            | Self::ThisYear
            | Self::LastDays => &[Date, DateTime, DateUtc],
            Self::StartsWith | Self::StartsWithCaseSensitive => &[String],
            Self::In => &[Enum, Key],
            Self::Empty | Self::NotEmpty => &[
                BigDecimal, Long, Money, Number, Percent, String, Enum, Key, Date, DateTime, DateUtc,
            ],
        }
    }

    /// The known operator nearest to a misspelt one.
    pub fn nearest(name: &str) -> Option<&'static str> {
        // What other tools call them.
        const SYNONYMS: [(&str, Operator); 16] = [
            ("GREATER", Operator::MoreThan),
            ("GREATER_THAN", Operator::MoreThan),
            ("GT", Operator::MoreThan),
            (">", Operator::MoreThan),
            ("GREATER_THAN_OR_EQUALS", Operator::MoreThanOrEquals),
            ("GREATER_OR_EQUAL", Operator::MoreThanOrEquals),
            (">=", Operator::MoreThanOrEquals),
            ("LT", Operator::LessThan),
            ("<", Operator::LessThan),
            ("<=", Operator::LessThanOrEquals),
            ("=", Operator::Equals),
            ("==", Operator::Equals),
            ("IS", Operator::Equals),
            ("!=", Operator::DifferentThan),
            ("NOT_EQUALS", Operator::DifferentThan),
            ("NOT_NULL", Operator::NotEmpty),
        ];
        SYNONYMS
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(name))
            .map(|(_, operator)| operator.name())
            .or_else(|| nearest(name, Self::ALL.iter().map(|operator| operator.name())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_twenty_three_operators_each_found_by_its_name() {
        assert_eq!(Operator::ALL.len(), 23);
        for operator in Operator::ALL {
            assert_eq!(Operator::from_name(operator.name()), Some(*operator));
            assert!(!operator.accepts().is_empty());
        }
    }

    #[test]
    fn a_misspelt_operator_has_a_nearest() {
        assert_eq!(Operator::nearest("GREATER_THEN"), None);
        assert_eq!(Operator::nearest("MORETHAN"), Some("MORE_THAN"));
        assert_eq!(Operator::nearest("not_empty"), Some("NOT_EMPTY"));
    }

    #[test]
    fn amounts_can_be_compared_and_texts_cannot() {
        assert!(Operator::MoreThan.accepts().contains(&DataType::Money));
        assert!(!Operator::MoreThan.accepts().contains(&DataType::String));
        assert!(!Operator::MoreThan.accepts().contains(&DataType::Long));
        assert!(!Operator::Empty.accepts().contains(&DataType::Boolean));
    }

    #[test]
    fn the_number_of_values_is_part_of_the_operator() {
        assert_eq!(Operator::Between.arity(), Arity::Two);
        assert!(Arity::List.allows(3) && !Arity::List.allows(0));
        assert!(Arity::None.allows(0) && !Arity::One.allows(2));
    }
}
