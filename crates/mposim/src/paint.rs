//! Colours, on a terminal only (`NO_COLOR` is respected), and printing that does not mind a closed pipe.

use std::fmt;
use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use scenario_runner::document::Paint;

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

/// A result: one line to stdout.
pub(crate) fn result(line: impl fmt::Display) {
    let _ = writeln!(anstream::stdout().lock(), "{line}");
}

/// Talk: one line to stderr; nothing for nothing.
pub(crate) fn talk(line: impl fmt::Display) {
    let line = line.to_string();
    if line.is_empty() {
        return;
    }
    let _ = writeln!(anstream::stderr().lock(), "{line}");
}

/// How mistakes are painted; colours are stripped later where there is no terminal.
pub(crate) const MISTAKES: Paint = Paint::Coloured;
