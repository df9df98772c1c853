//! The texts of fixtures, and places in them.
//!
//! Files are kept as text under the path a person knows them by. A [`Span`] is a stretch of bytes of one file; every question
//! about a span has an answer, whatever its numbers are. This room knows which stretches are secret, but not what a fixture means.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use secrecy::{ExposeSecret as _, SecretString};

use super::mask;

/// One of the files of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

impl FileId {
    /// The stretch from byte `start` to before byte `end` of this file.
    pub fn span(self, start: usize, end: usize) -> Span {
        Span {
            file: self,
            start,
            end,
        }
    }

    /// The very beginning of this file.
    pub fn start(self) -> Span {
        self.span(0, 0)
    }
}

/// A stretch of one file, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

#[derive(Debug)]
struct File {
    path: String,
    text: Arc<str>,
    line_starts: OnceLock<Vec<usize>>,
    net: OnceLock<Vec<Range<usize>>>,
    /// Where the known secrets stand.
    known: OnceLock<Vec<Range<usize>>>,
    secrets: BTreeSet<(usize, usize)>,
}

/// The files that were read so far.
///
/// ```
/// use scenario_runner::document::{Place, Sources};
/// let mut sources = Sources::default();
/// let file = sources.add("a.yaml", "größe: 5\nname: x\n");
/// assert_eq!(sources.place(file.span(9, 10)), Place { line: 1, column: 8 });
/// ```
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<File>,
    known: Vec<Known>,
}

/// A text that is not printed wherever it stands.
#[derive(Debug)]
struct Known {
    text: SecretString,
    /// Whether it is covered in our own sentences too.
    in_words: bool,
}

impl Sources {
    /// Keeps a file's text under the path that is shown to people. A byte order mark is dropped.
    pub fn add(&mut self, path: impl Into<String>, text: &str) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(File {
            path: path.into(),
            text: text.strip_prefix('\u{FEFF}').unwrap_or(text).into(),
            line_starts: OnceLock::new(),
            net: OnceLock::new(),
            known: OnceLock::new(),
            secrets: BTreeSet::new(),
        });
        id
    }

    /// The path of a file as it is shown to people.
    pub fn path(&self, file: FileId) -> &str {
        self.file(file).map_or("", |file| &file.path)
    }

    /// The whole text of a file.
    pub fn text(&self, file: FileId) -> Arc<str> {
        self.file(file)
            .map_or_else(|| "".into(), |file| Arc::clone(&file.text))
    }

    /// The text of a span, secrets included: not for printing, see [`masked`](Self::masked).
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file)
            .and_then(|file| file.text.get(clamp(&file.text, span)))
            .unwrap_or_default()
    }

    /// The line and column where a span begins.
    pub fn place(&self, span: Span) -> Place {
        let Some(file) = self.file(span.file) else {
            return Place { line: 1, column: 1 };
        };
        let start = clamp(&file.text, span).start;
        let line = file.line_of(start);
        let line_start = file.starts().get(line - 1).copied().unwrap_or(0);
        let column = file.text[line_start..start].chars().count() + 1;
        Place { line, column }
    }

    /// Marks a span as secret: it is never printed.
    pub fn mark_secret(&mut self, span: Span) {
        if let Some(file) = self.files.get_mut(span.file.0 as usize) {
            let range = clamp(&file.text, span);
            file.secrets.insert((range.start, range.end));
        }
    }

    /// Takes down a text that is never printed, wherever it stands in a file; `in_words` says that it is covered in messages too,
    /// which a word of ours (`password`) would spoil.
    pub fn know_secret(&mut self, text: &SecretString, in_words: bool) {
        let exposed = text.expose_secret();
        if exposed.is_empty()
            || self
                .known
                .iter()
                .any(|known| known.text.expose_secret() == exposed)
        {
            return;
        }
        self.known.push(Known {
            text: text.clone(),
            in_words,
        });
        for file in &mut self.files {
            file.known.take();
        }
    }

    /// A message with every known secret in it replaced by `*`.
    pub fn covered(&self, message: &str) -> String {
        let in_words = self.known.iter().filter(|known| known.in_words);
        let texts: Vec<&str> = in_words.map(|known| known.text.expose_secret()).collect();
        mask::cover(
            message,
            0..message.len(),
            &mask::joined(mask::known(message, &texts)),
        )
    }

    /// The text of a span with every secret in it replaced by `*`.
    pub fn masked(&self, span: Span) -> String {
        let Some(file) = self.file(span.file) else {
            return String::new();
        };
        let range = clamp(&file.text, span);
        mask::cover(&file.text, range, &self.masks(span.file))
    }

    /// The stretches of a file that are not to be printed: those marked as secret and those that look like it.
    /// In order and apart from one another.
    pub(super) fn masks(&self, file: FileId) -> Vec<Range<usize>> {
        let Some(file) = self.file(file) else {
            return Vec::new();
        };
        let mut ranges = file.net.get_or_init(|| mask::net(&file.text)).clone();
        ranges.extend(file.secrets.iter().map(|(start, end)| *start..*end));
        ranges.extend(
            file.known
                .get_or_init(|| self.known_in(&file.text))
                .iter()
                .cloned(),
        );
        mask::joined(ranges)
    }

    fn known_in(&self, text: &str) -> Vec<Range<usize>> {
        let known = self.known.iter().map(|known| known.text.expose_secret());
        mask::known(text, &known.collect::<Vec<_>>())
    }

    /// The bytes of a line, counted from 1, without its line break; `None` when there is no such line.
    pub(super) fn line_range(&self, file: FileId, line: usize) -> Option<Range<usize>> {
        let file = self.file(file)?;
        let start = *file.starts().get(line.checked_sub(1)?)?;
        let end = file.starts().get(line).copied().unwrap_or(file.text.len());
        let text = &file.text[start..end];
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        Some(start..start + text.len())
    }

    /// A span's bytes, in order, inside the file, on character boundaries.
    pub(super) fn clamped(&self, span: Span) -> Range<usize> {
        self.file(span.file).map_or(0..0, |file| clamp(&file.text, span))
    }

    fn file(&self, file: FileId) -> Option<&File> {
        self.files.get(file.0 as usize)
    }
}

impl File {
    fn starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            std::iter::once(0)
                .chain(self.text.match_indices('\n').map(|(at, _)| at + 1))
                .collect()
        })
    }

    /// The line, from 1, of a byte.
    fn line_of(&self, byte: usize) -> usize {
        // The first line starts at 0, so at least one start is not after the byte.
        self.starts().partition_point(|start| *start <= byte).max(1)
    }
}

fn clamp(text: &str, span: Span) -> Range<usize> {
    let floor = |at: usize| {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    start..floor(span.end).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_line_feeds() {
        let mut sources = Sources::default();
        let file = sources.add("a", "\u{FEFF}ä: ü\r\nnext");
        assert_eq!(sources.place(file.span(4, 6)), Place { line: 1, column: 4 });
        assert_eq!(sources.place(file.span(8, 9)), Place { line: 2, column: 1 });
        assert_eq!(sources.line_range(file, 1), Some(0..6));
        assert_eq!(sources.line_range(file, 2), Some(8..12));
        assert_eq!(sources.line_range(file, 3), None);
    }

    #[test]
    fn a_span_with_any_numbers_has_an_answer() {
        let mut sources = Sources::default();
        let file = sources.add("a", "ä");
        let stranger = FileId(7);
        assert_eq!(sources.slice(file.span(1, 99)), "ä");
        assert_eq!(sources.slice(file.span(9, 2)), "");
        assert_eq!(sources.slice(stranger.span(0, 5)), "");
        assert_eq!(sources.path(stranger), "");
        sources.mark_secret(stranger.span(0, 5));
        assert_eq!(sources.place(stranger.span(3, 5)), Place { line: 1, column: 1 });
    }

    #[test]
    fn a_marked_span_is_covered() {
        let mut sources = Sources::default();
        let file = sources.add("a", "word: hübsch!");
        sources.mark_secret(file.span(6, 13));
        assert_eq!(sources.masked(file.span(0, 99)), "word: ******!");
    }
}
