//! The data types of condition fields, and which of them are read alike.
//!
//! Knows nothing of operators or values.

use crate::template::names;

names! {
    /// The type of a condition's field (documented: webhooks sheet 3).
    DataType {
        /// A decimal.
        BigDecimal = "BIG_DECIMAL",
        /// A day.
        Date = "DATE",
        /// A moment that is kept in UTC.
        DateUtc = "DATE_UTC",
        /// A moment.
        DateTime = "DATE_TIME",
        /// One of a list of words.
        Enum = "ENUM",
        /// An encoded key.
        Key = "KEY",
        /// A whole number.
        Long = "LONG",
        /// An amount of money.
        Money = "MONEY",
        /// A percentage.
        Percent = "PERCENT",
        /// A number.
        Number = "NUMBER",
        /// Anything else.
        Object = "OBJECT",
        /// A text.
        String = "STRING",
        /// Yes or no.
        Boolean = "BOOLEAN",
        /// Bytes.
        JavaBlob = "JAVA_BLOB",
    }
}

/// How the values of a type are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As exact decimals.
    Number,
    /// As days and moments.
    Date,
    /// As yes or no.
    Boolean,
    /// As texts.
    Text,
}

impl DataType {
    /// How the values of this type are compared.
    ///
    /// assumed: `DATE_UTC`, which the operator table of webhooks sheet 3 does not name, is a date type like `DATE_TIME`.
    pub fn kind(self) -> Kind {
        match self {
            Self::BigDecimal | Self::Long | Self::Money | Self::Percent | Self::Number => Kind::Number,
            Self::Date | Self::DateUtc | Self::DateTime => Kind::Date,
            Self::Boolean => Kind::Boolean,
            Self::Enum | Self::Key | Self::Object | Self::String | Self::JavaBlob => Kind::Text,
        }
    }
}
