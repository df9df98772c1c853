//! Colours, on a terminal only (`NO_COLOR` is respected), and printing that does not mind a closed pipe.

use std::fmt;
use std::io::{ErrorKind, Write as _};
use std::sync::OnceLock;

use anstyle::{AnsiColor, Style};
use scenario_runner::document::Paint;
use scenario_runner::expectation::Kind;

/// What a piece of text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// It is as it should be.
    Good,
    /// It is not.
    Bad,
    /// Worth a look.
    Doubtful,
    /// Less important than the rest.
    Quiet,
    /// More important than the rest.
    Strong,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Good => AnsiColor::Green.on_default(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Doubtful => AnsiColor::Yellow.on_default(),
            Self::Quiet => Style::new().dimmed(),
            Self::Strong => Style::new().bold(),
        }
    }
}

/// The text in its tone. Colours are stripped later where there is no terminal.
pub(crate) fn painted(tone: Tone, text: impl fmt::Display) -> String {
    let style = tone.style();
    format!("{style}{text}{style:#}")
}

/// A ledger with its verdicts in their tones, so that an eye finds them.
pub(crate) fn ledger(text: &str) -> String {
    let lines = text.trim_end().lines().enumerate();
    let painted_lines = lines.map(|(at, line)| match tone_of(line) {
        None if at == 0 => painted(Tone::Strong, line),
        None => line.to_owned(),
        Some(tone) => painted(tone, line),
    });
    painted_lines.collect::<Vec<_>>().join("\n")
}

fn tone_of(line: &str) -> Option<Tone> {
    if line.starts_with('+') {
        return Some(Tone::Strong);
    }
    let inside = line.trim_start();
    let Some(verdict) = inside.strip_prefix("=> ") else {
        return inside.starts_with("body ").then_some(Tone::Quiet);
    };
    // The longest word first: "started twice" is not "started".
    let words = Kind::WORDS
        .iter()
        .map(|(kind, word)| (kind, word.replace('_', " ")));
    let known = words.filter(|(_, word)| verdict.starts_with(word));
    Some(match known.max_by_key(|(_, word)| word.len()) {
        Some((Kind::Started, _)) => Tone::Good,
        Some((Kind::Filtered | Kind::Unfinished, _)) | None => Tone::Doubtful,
        Some(_) => Tone::Bad,
    })
}

/// Why a result could not be printed.
static LOST: OnceLock<String> = OnceLock::new();

/// A result: one line to stdout. Whoever closes a pipe has read enough; any other failure is a [`lost`] result.
pub(crate) fn result(line: impl fmt::Display) {
    printed(writeln!(anstream::stdout().lock(), "{line}"));
}

/// Notes whether a result was printed.
pub(crate) fn printed(outcome: std::io::Result<()>) {
    if let Err(error) = outcome
        && error.kind() != ErrorKind::BrokenPipe
    {
        let _ = LOST.set(error.to_string());
    }
}

/// Why results could not be printed, if some could not.
pub(crate) fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}

/// Talk: one line to stderr; nothing for nothing.
pub(crate) fn talk(line: impl fmt::Display) {
    let line = line.to_string();
    if line.is_empty() {
        return;
    }
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}

/// How mistakes are painted. Colours are stripped later where they are not wanted.
pub(crate) fn mistakes_paint() -> Paint {
    match terminal_size::terminal_size_of(std::io::stderr()) {
        Some((width, _)) => Paint::Coloured {
            columns: width.0.into(),
        },
        None => Paint::Coloured { columns: usize::MAX },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_told_apart_by_their_tone() {
        for (line, tone) in [
            ("  => started: intake", Some(Tone::Good)),
            ("  => started twice: intake", Some(Tone::Bad)),
            ("  => lost: nothing arrived", Some(Tone::Bad)),
            ("  => filtered", Some(Tone::Doubtful)),
            ("+1h set", Some(Tone::Strong)),
            ("      body {}", Some(Tone::Quiet)),
            ("      attempt 1 at +0s: 200", None),
        ] {
            assert_eq!(tone_of(line), tone, "{line}");
        }
        assert_eq!(
            anstream::adapter::strip_str(&ledger("a\n+0s b\n")).to_string(),
            "a\n+0s b"
        );
    }
}
