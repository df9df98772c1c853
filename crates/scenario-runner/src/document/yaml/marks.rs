//! From characters to bytes: the YAML parser counts the former, spans the latter.

/// Byte offsets of characters: the parser counts characters.
pub(super) struct Marks<'t> {
    text: &'t str,
    /// The byte of every so-manieth character; empty when all are ASCII.
    steps: Vec<usize>,
}

impl<'t> Marks<'t> {
    const STEP: usize = 256;

    pub(super) fn new(text: &'t str) -> Self {
        let steps = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices()
                .map(|(at, _)| at)
                .step_by(Self::STEP)
                .collect()
        };
        Self { text, steps }
    }

    pub(super) fn byte(&self, index: usize) -> usize {
        if self.steps.is_empty() {
            return index.min(self.text.len());
        }
        let Some(from) = self.steps.get(index / Self::STEP) else {
            return self.text.len();
        };
        self.text[*from..]
            .char_indices()
            .nth(index % Self::STEP)
            .map_or(self.text.len(), |(at, _)| from + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_count_bytes_of_any_text() {
        let text = "aä🦀".repeat(300);
        let marks = Marks::new(&text);
        for (index, (at, _)) in text.char_indices().enumerate() {
            assert_eq!(marks.byte(index), at);
        }
        assert_eq!(marks.byte(900), text.len());
        assert_eq!(marks.byte(usize::MAX), text.len());
    }
}
