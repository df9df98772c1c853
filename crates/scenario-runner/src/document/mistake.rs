//! Mistakes in fixtures, as they are found; printing them is another room's work.
//!
//! A message is a lower-case fragment that says what was found and what is expected; a hint says what to do about it.

use std::collections::HashSet;

use super::source::Span;

/// How many mistakes are kept; further ones are only counted.
pub const MAX_MISTAKES: usize = 500;

/// Whether a mistake stops the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The fixture cannot be used.
    Error,
    /// Worth a look; the work goes on.
    Warning,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use = "a mistake is for reporting"]
pub struct Mistake {
    /// Whether it stops the work.
    pub severity: Severity,
    /// What was found and what is expected.
    pub message: String,
    /// The place.
    pub span: Span,
    /// A word beside the caret.
    pub label: Option<String>,
    /// What to do about it.
    pub hints: Vec<String>,
    /// Other places that belong to it, each with its word.
    pub also: Vec<(Span, String)>,
}

impl Mistake {
    /// A mistake that stops the work.
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            span,
            label: None,
            hints: Vec::new(),
            also: Vec::new(),
        }
    }

    /// A mistake that is only worth a look.
    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(span, message)
        }
    }

    /// With a word beside the caret.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// With (one more) advice.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// With the name that was probably meant, or else with what is known.
    pub fn guess(self, near: Option<&str>, otherwise: impl Into<String>) -> Self {
        match near {
            Some(near) => self.hint(format!("did you mean `{near}`?")),
            None => self.hint(otherwise),
        }
    }

    /// With an advice, when there is one.
    pub fn maybe_hint(self, hint: Option<String>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// With (one more) other place that belongs to it.
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.also.push((span, label.into()));
        self
    }
}

/// What makes two mistakes the same one; what to do about it may have been guessed anew.
type Said = (Severity, String, Span, Vec<(Span, String)>);

/// The mistakes found so far: each once, at most [`MAX_MISTAKES`].
#[derive(Clone, Debug, Default)]
pub struct Mistakes {
    list: Vec<Mistake>,
    seen: HashSet<Said>,
    errors: usize,
    left_out: usize,
}

impl Mistakes {
    /// Adds a mistake, unless the same one is there already.
    pub fn push(&mut self, mistake: Mistake) {
        let said = (
            mistake.severity,
            mistake.message.clone(),
            mistake.span,
            mistake.also.clone(),
        );
        if self.seen.contains(&said) {
            return;
        }
        self.errors += usize::from(mistake.severity == Severity::Error);
        if self.list.len() >= MAX_MISTAKES {
            self.left_out += 1;
            return;
        }
        self.seen.insert(said);
        self.list.push(mistake);
    }

    /// Whether further mistakes are only counted.
    pub fn is_full(&self) -> bool {
        self.list.len() >= MAX_MISTAKES
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many were found that stop the work.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// Whether one of them stops the work.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many were found beyond [`MAX_MISTAKES`].
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The mistakes in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Mistake> {
        self.list.iter()
    }

    /// The mistakes by file, in the order in which the files were added, and place.
    pub fn sorted(&self) -> Vec<&Mistake> {
        let mut list: Vec<&Mistake> = self.list.iter().collect();
        list.sort_by_key(|mistake| (mistake.span.file, mistake.span.start));
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Sources;

    #[test]
    fn the_same_mistake_is_kept_once_and_the_number_is_bounded() {
        let file = Sources::default().add("a", "");
        let mut mistakes = Mistakes::default();
        for at in 0..MAX_MISTAKES + 10 {
            mistakes.push(Mistake::error(file.span(at, at), "wrong"));
            mistakes.push(Mistake::error(file.span(0, 0), "wrong").hint(format!("guess {at}")));
        }
        assert_eq!(mistakes.iter().count(), MAX_MISTAKES);
        assert_eq!(mistakes.left_out(), 10);
        assert_eq!(mistakes.errors(), MAX_MISTAKES + 10);
    }

    #[test]
    fn a_warning_is_no_error() {
        let file = Sources::default().add("a", "");
        let mut mistakes = Mistakes::default();
        mistakes.push(Mistake::warning(file.start(), "odd"));
        assert!(!mistakes.is_empty() && !mistakes.has_errors());
    }
}
