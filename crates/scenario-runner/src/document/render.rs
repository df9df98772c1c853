//! Mistakes as people read them: message, file, line, column, the line with a caret, hints.
//!
//! Only single lines are shown, with everything secret covered. Long lines (JSON on one line) are cut around the place. This room
//! decides how a mistake looks and nothing else.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};

use super::mask::{self, mask_links};
use super::mistake::{Mistake, Mistakes, Severity};
use super::source::{FileId, Sources, Span};

/// Most characters of a line that are shown.
const MAX_LINE: usize = 160;
/// What is shown of a line however narrow the terminal.
const MIN_LINE: usize = 32;
/// Most carets under an object or a list.
const MAX_CARETS: usize = 60;

/// How many other places of one mistake are shown.
const MAX_ALSO: usize = 8;

/// Whether the text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// For files, pipes and tests.
    Plain,
    /// With ANSI colours, for a terminal.
    Coloured {
        /// How many characters it shows in a line.
        columns: usize,
    },
}

impl Paint {
    /// How many characters of a source line are shown, if the number of the last line is this long.
    fn line(self, gutter: usize) -> usize {
        match self {
            Self::Plain => MAX_LINE,
            // A blank, a bar and a blank stand between the number and the line.
            Self::Coloured { columns } => columns.saturating_sub(gutter + 3).clamp(MIN_LINE, MAX_LINE),
        }
    }
}

/// All mistakes, by file and place, separated by empty lines; ends with a line break unless there are none.
pub fn render(sources: &Sources, mistakes: &Mistakes, paint: Paint) -> String {
    let renderer = match paint {
        Paint::Plain => Renderer::plain(),
        Paint::Coloured { .. } => Renderer::styled(),
    };
    // Lines are cut here, where it is known what they hide.
    let renderer = renderer.term_width(2 * MAX_LINE);
    let mut page = Page {
        sources,
        paint,
        masks: BTreeMap::new(),
    };
    let mut parts: Vec<String> = mistakes
        .sorted()
        .into_iter()
        .map(|mistake| without_nameless_origins(&renderer.render(&[page.group(mistake)])))
        .collect();
    if mistakes.left_out() > 0 {
        let more = format!("{} more mistakes are not shown", mistakes.left_out());
        parts.push(renderer.render(&[Group::with_title(Level::NOTE.secondary_title(more))]));
    }
    parts
        .iter()
        .map(|part| part.trim_end())
        .collect::<Vec<_>>()
        .join("\n\n")
        + if parts.is_empty() { "" } else { "\n" }
}

/// A message as it may be printed.
pub(crate) fn said(sources: &Sources, message: &str) -> String {
    mask_links(&sources.covered(message))
}

/// Drops the lines that the renderer gives to a picture whose origin stands above it already (so that a line can be cut without
/// changing its column). They hold `:::` and nothing else.
fn without_nameless_origins(printed: &str) -> String {
    let is_nameless = |line: &&str| {
        let without_colours = line.split('\u{1b}').enumerate();
        let words = without_colours.map(|(at, part)| match part.split_once('m') {
            Some((_, words)) if at > 0 => words,
            _ => part,
        });
        words.collect::<String>().trim() == ":::"
    };
    printed
        .split_inclusive('\n')
        .filter(|line| !is_nameless(line))
        .collect()
}

struct Page<'s> {
    sources: &'s Sources,
    paint: Paint,
    masks: BTreeMap<FileId, Vec<Range<usize>>>,
}

/// A place with the words beside its caret.
struct Pointer<'m> {
    line: usize,
    /// In bytes of the file, within the line.
    range: Range<usize>,
    label: Option<&'m str>,
    kind: AnnotationKind,
}

impl Page<'_> {
    fn group<'a>(&mut self, mistake: &'a Mistake) -> Group<'a> {
        let level = match mistake.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(said(self.sources, &mistake.message)));
        let main = (mistake.span, mistake.label.as_deref(), AnnotationKind::Primary);
        let others = mistake.also.iter().take(MAX_ALSO);
        let others = others.map(|(span, label)| (*span, Some(label.as_str()), AnnotationKind::Context));
        let mut places: Vec<_> = std::iter::once(main).chain(others).collect();
        while let Some((span, ..)) = places.first().copied() {
            // Everything near on short lines of one file goes into one picture, in the order of the file.
            let here = self.sources.place(span).line;
            let (together, apart): (Vec<_>, Vec<_>) =
                places.into_iter().enumerate().partition(|(at, other)| {
                    *at == 0
                        || (other.0.file == span.file && self.fits(span, here) && self.fits(other.0, here))
                });
            let pointers = together
                .into_iter()
                .map(|(_, (span, label, kind))| self.pointer(span, label, kind));
            let pointers: Vec<_> = pointers.collect();
            group = self.picture(group, span, &pointers);
            places = apart.into_iter().map(|(_, place)| place).collect();
        }
        let hints = mistake.hints.iter();
        let hints = hints.map(|hint| self.sources.covered(hint));
        group.elements(hints.map(|hint| Level::HELP.message(normalize_untrusted_str(&hint))))
    }

    /// Whether a span stands on a short line not too far from line `near`.
    fn fits(&self, span: Span, near: usize) -> bool {
        let line = self.sources.place(span).line;
        let length = self
            .sources
            .line_range(span.file, line)
            .map_or(0, |range| range.len());
        length <= self.line(line) && line.abs_diff(near) <= 1_000
    }

    /// How many characters are shown of a line of that number, and of those near it.
    fn line(&self, number: usize) -> usize {
        self.paint.line(number.to_string().len())
    }

    fn pointer<'m>(&self, span: Span, label: Option<&'m str>, kind: AnnotationKind) -> Pointer<'m> {
        let line = self.sources.place(span).line;
        let range = self.sources.clamped(span);
        let whole = self.sources.line_range(span.file, line).unwrap_or_default();
        let end = range.end.min(whole.end);
        let start = range.start.min(whole.end);
        // Of a long object or list on one line its bracket is enough: no picture gets better by a hundred carets.
        let text = self.sources.text(span.file);
        let opens = text.get(start..).is_some_and(|text| text.starts_with(['{', '[']));
        let end = if opens && end - start > MAX_CARETS {
            start + 1
        } else {
            end
        };
        Pointer {
            line,
            range: start..end.max(start),
            label,
            kind,
        }
    }

    fn picture<'a>(&mut self, group: Group<'a>, span: Span, pointers: &[Pointer<'a>]) -> Group<'a> {
        let path = mask_links(self.sources.path(span.file));
        let text = self.sources.text(span.file);
        if text.is_empty() {
            return group.element(Origin::path(path));
        }
        let place = self.sources.place(span);
        let most = self.line(place.line);
        let masks = self
            .masks
            .entry(span.file)
            .or_insert_with(|| self.sources.masks(span.file));
        let lines = pointers.iter().map(|pointer| pointer.line);
        let (first, last) = (lines.clone().min().unwrap_or(1), lines.clone().max().unwrap_or(1));
        let mut source = String::new();
        let mut annotations = Vec::new();
        for line in first..=last {
            let whole = self.sources.line_range(span.file, line).unwrap_or_default();
            // Lines in between are folded away unless they are close.
            if lines.clone().any(|other| other.abs_diff(line) <= 2) {
                let here: Vec<_> = pointers.iter().filter(|pointer| pointer.line == line).collect();
                let focus = here.first().map_or(whole.start, |pointer| pointer.range.start);
                let shown = Shown::new(&text, &window(&text, whole, focus, most), masks, source.len());
                for pointer in here {
                    let start = shown.position(pointer.range.start);
                    let end = shown.position(pointer.range.end).max(start);
                    let label = pointer.label.map(|label| self.sources.covered(label));
                    let label = label.map(|label| label.replace(['\n', '\r'], " "));
                    annotations.push(pointer.kind.span(start..end).label(label));
                }
                source.push_str(&shown.text);
            }
            if line < last {
                source.push('\n');
            }
        }
        group
            .element(Origin::path(path).line(place.line).char_column(place.column))
            .element(Snippet::source(source).line_start(first).annotations(annotations))
    }
}

/// The part of a line that is shown: all of it, or what lies around the focus.
struct Window {
    part: Range<usize>,
    is_cut_before: bool,
    is_cut_behind: bool,
}

/// Three eighths of a line that is cut stand before the focus.
fn window(text: &str, line: Range<usize>, focus: usize, most: usize) -> Window {
    let mut part = line.clone();
    if line.len() > most {
        // A mark at either end.
        let most = most - 2;
        let mut back = text[line.start..focus].char_indices().rev();
        part.start = back
            .nth(most * 3 / 8)
            .map_or(line.start, |(at, _)| line.start + at);
        let mut ahead = text[part.start..line.end].char_indices();
        part.end = ahead.nth(most).map_or(line.end, |(at, _)| part.start + at);
    }
    Window {
        is_cut_before: part.start > line.start,
        is_cut_behind: part.end < line.end,
        part,
    }
}

/// A part of a line as it is printed, with the way from bytes of the file to bytes of the print.
struct Shown {
    text: String,
    /// Where what follows the part would stand.
    end: usize,
    /// For each character: its byte in the file, its byte in the print.
    letters: Vec<(usize, usize)>,
}

impl Shown {
    fn new(text: &str, window: &Window, masks: &[Range<usize>], base: usize) -> Self {
        const CUT: &str = "…";
        let before = if window.is_cut_before { CUT } else { "" };
        let behind = if window.is_cut_behind { CUT } else { "" };
        let covered = mask::cover(text, window.part.clone(), masks);
        let base = base + before.len();
        let original = text[window.part.clone()]
            .char_indices()
            .map(|(at, _)| window.part.start + at);
        let printed = covered.char_indices().map(|(at, _)| base + at);
        let letters = original.zip(printed).collect();
        Self {
            end: base + covered.len(),
            text: format!("{before}{covered}{behind}"),
            letters,
        }
    }

    fn position(&self, byte: usize) -> usize {
        let next = self.letters.partition_point(|(original, _)| *original < byte);
        self.letters.get(next).map_or(self.end, |(_, printed)| *printed)
    }
}
