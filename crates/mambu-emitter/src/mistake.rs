//! What is wrong with a piece of configuration, said with a JSON pointer; lines are the reader's business.

use std::fmt;
use std::ops::Range;

/// An error of Mambu's API: its name and number.
///
/// observed: webhooks sheet 6.5, `ReturnCode` of the published models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MambuError {
    /// `errorCode`.
    pub code: u16,
    /// `errorReason`.
    pub reason: &'static str,
}

impl MambuError {
    /// A required field is missing.
    pub const MISSING_REQUIRED_PARAMETER: Self = Self::new(31, "MISSING_REQUIRED_PARAMETER");
    /// A value is not of the field's kind.
    pub const INVALID_PARAMETERS: Self = Self::new(4, "INVALID_PARAMETERS");
    /// Only failed messages can be sent again.
    pub const MESSAGE_STATE_MUST_BE_FAILED: Self = Self::new(2606, "MESSAGE_STATE_MUST_BE_FAILED");
    /// The URL holds a quotation mark.
    pub const URL_CONTAINS_QUOTES: Self = Self::new(2610, "URL_CONTAINS_QUOTES");
    /// There is no such event.
    pub const INVALID_EVENT: Self = Self::new(2617, "INVALID_EVENT");
    /// There is no such target, or the event does not go with it.
    pub const INVALID_TARGET: Self = Self::new(2618, "INVALID_TARGET");
    /// The event does not offer this placeholder.
    pub const INVALID_PLACEHOLDER: Self = Self::new(2619, "INVALID_PLACEHOLDER");
    /// A text is too long.
    pub const INVALID_FIELD_LENGTH: Self = Self::new(2620, "INVALID_FIELD_LENGTH");
    /// Neither POST nor PUT nor PATCH.
    pub const INVALID_WEBHOOK_REQUEST_TYPE: Self = Self::new(2621, "INVALID_WEBHOOK_REQUEST_TYPE");
    /// A placeholder that may not stand in a URL.
    pub const URL_CONTAINS_INVALID_PLACEHOLDERS: Self = Self::new(2622, "URL_CONTAINS_INVALID_PLACEHOLDERS");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason }
    }
}

impl fmt::Display for MambuError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.reason, self.code)
    }
}

/// Something wrong, or doubtful, at one place of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The place, as a JSON pointer into the Templates API form (`/filterConstraints/0/value`).
    pub pointer: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The error that Mambu answers on save, where the sheets are sure of it.
    pub refused_with: Option<MambuError>,
    /// Which bytes of the text at the pointer it is about, where it is not all of it.
    pub within: Option<Box<Range<usize>>>,
    /// Worth saying, but no reason to stop (Mambu may be newer than the sheets).
    pub is_warning: bool,
}

impl Mistake {
    /// A mistake that stops the run.
    pub fn new(pointer: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            problem: problem.into(),
            hint: None,
            refused_with: None,
            within: None,
            is_warning: false,
        }
    }

    /// A warning.
    pub fn warning(pointer: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            is_warning: true,
            ..Self::new(pointer, problem)
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Narrows the place down to some bytes of the text.
    #[must_use]
    pub fn within(mut self, bytes: Range<usize>) -> Self {
        self.within = Some(Box::new(bytes));
        self
    }

    /// Adds the error Mambu answers on save.
    #[must_use]
    pub fn refused(mut self, error: MambuError) -> Self {
        self.refused_with = Some(error);
        self
    }
}

/// All problems in one line.
pub fn problems(mistakes: &[Mistake]) -> String {
    let problems: Vec<&str> = mistakes.iter().map(|mistake| mistake.problem.as_str()).collect();
    problems.join("; ")
}

/// The known name nearest to `name`, if one is near enough to be meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let upper = name.to_uppercase();
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&upper, &candidate.to_uppercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}
