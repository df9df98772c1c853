//! Reports for other programs: JUnit XML with a test case for each step, and annotations for GitHub Actions.
//!
//! Both are folds over what became of each scenario; neither prints.

use std::fmt::Write as _;

use quick_junit::{NonSuccessKind, Report as Xml, TestCase, TestCaseStatus, TestSuite};

use crate::document::{Context, Severity, Sources, Span, mask_links, said};
use crate::fixture::{EnvFileError, LineMistake};
use crate::ledger::StepAccount;
use crate::snapshot::{self, Comparison};
use crate::suite::{Found, Ran, Report};

/// JUnit XML, filled scenario by scenario.
#[derive(Debug)]
pub struct JUnit(Xml);

impl Default for JUnit {
    fn default() -> Self {
        Self(Xml::new("mposim"))
    }
}

impl JUnit {
    /// Adds a scenario: a test case for each step, one for the totals, one for the snapshot.
    pub fn add(&mut self, report: &Report) {
        let name = &report.loaded.name;
        let mut suite = TestSuite::new(name.as_str());
        match &report.result {
            Err(error) => {
                let mut text = report.loaded.mistakes(crate::document::Paint::Plain);
                if text.is_empty() {
                    text = error.to_string();
                }
                suite.add_test_case(case(
                    name,
                    "runs",
                    Some((NonSuccessKind::Error, error.to_string(), text)),
                ));
            }
            Ok(ran) => {
                let secrets = report.loaded.scenario.as_ref().map(|scenario| &scenario.secrets);
                for step in &ran.outcome.steps {
                    let title = title(step);
                    let title = secrets.map_or(title.clone(), |secrets| secrets.cover(&title));
                    suite.add_test_case(case(name, &title, misses(report, ran, Some(step.number))));
                }
                suite.add_test_case(case(name, "in all", misses(report, ran, None)));
                if let Some(comparison) = &ran.comparison {
                    suite.add_test_case(case(name, "snapshot", differs(ran, comparison)));
                }
            }
        }
        self.0.add_test_suite(suite);
    }

    /// The XML.
    ///
    /// # Errors
    /// When a text cannot stand in XML.
    pub fn to_xml(&self) -> Result<String, String> {
        self.0.to_string().map_err(|error| error.to_string())
    }
}

type Problem = (NonSuccessKind, String, String);

fn case(suite: &str, name: &str, problem: Option<Problem>) -> TestCase {
    let status = match problem {
        None => TestCaseStatus::success(),
        Some((kind, message, text)) => {
            let mut status = TestCaseStatus::non_success(kind);
            status.set_message(message).set_description(text);
            status
        }
    };
    let mut case = TestCase::new(name, status);
    case.set_classname(suite);
    case
}

fn title(step: &StepAccount) -> String {
    let what = step.what.brief();
    match &step.name {
        Some(name) => format!("step {}: {name} ({what})", step.number),
        None => format!("step {}: {what}", step.number),
    }
}

fn misses(report: &Report, ran: &Ran, step: Option<usize>) -> Option<Problem> {
    let misses = || ran.misses.iter().filter(|miss| miss.step == step);
    let first = misses().next()?.to_string();
    let placed: Vec<String> = misses()
        .map(|miss| format!("{}: {miss}", report.loaded.place(miss.at)))
        .collect();
    Some((NonSuccessKind::Failure, first, placed.join("\n")))
}

fn differs(ran: &Ran, comparison: &Comparison) -> Option<Problem> {
    if ran.accepted {
        return None;
    }
    let (message, text) = match comparison {
        Comparison::Same => return None,
        Comparison::Missing => ("there is no snapshot", String::new()),
        Comparison::NotText => ("the snapshot is no text in UTF-8", String::new()),
        Comparison::Differs { accepted } => (
            "the ledger differs from its snapshot",
            snapshot::difference(accepted, &ran.ledger, |_, line| line.to_owned()),
        ),
    };
    Some((NonSuccessKind::Failure, message.to_owned(), text))
}

/// Annotations for GitHub Actions, one a line: fixture mistakes at their places, expectations that did not come true,
/// snapshots that differ.
pub fn annotations(found: &Found, report: &Report) -> String {
    let mut lines = annotated_mistakes(&report.loaded.context);
    let fixture = found.folder.join(crate::fixture::FILE).display().to_string();
    match &report.result {
        Err(crate::suite::Failed::Unreadable) => {}
        Err(error) => annotate(&mut lines, "error", &[("file", &fixture)], &error.to_string()),
        Ok(ran) => {
            for miss in &ran.misses {
                annotate_at(
                    &mut lines,
                    "error",
                    &report.loaded.context.sources,
                    miss.at,
                    &miss.to_string(),
                );
            }
            if let Some((_, message, text)) = ran
                .comparison
                .as_ref()
                .and_then(|comparison| differs(ran, comparison))
            {
                let file = snapshot::path(&found.root, &found.name).display().to_string();
                annotate(
                    &mut lines,
                    "error",
                    &[("file", &file)],
                    format!("{message}\n{text}").trim_end(),
                );
            }
        }
    }
    lines
}

/// What is wrong or doubtful about fixtures, as such annotations.
pub fn annotated_mistakes(cx: &Context) -> String {
    let mut lines = String::new();
    for mistake in cx.mistakes.sorted() {
        let level = level(mistake.severity);
        let mut text = said(&cx.sources, &mistake.message);
        for hint in &mistake.hints {
            text = format!("{text}\nhelp: {}", cx.sources.covered(hint));
        }
        annotate_at(&mut lines, level, &cx.sources, mistake.span, &text);
    }
    lines
}

/// What makes an environment file unreadable, as such annotations.
pub fn annotated_env_error(error: &EnvFileError) -> String {
    match error {
        EnvFileError::Io { file, .. } => {
            let mut lines = String::new();
            let file = mask_links(file);
            annotate(&mut lines, "error", &[("file", &file)], &error.to_string());
            lines
        }
        EnvFileError::Lines(wrong) => annotated_lines(Severity::Error, wrong),
    }
}

/// What is wrong or doubtful on lines of an environment file, as such annotations.
pub fn annotated_lines(severity: Severity, wrong: &[LineMistake]) -> String {
    let mut lines = String::new();
    for LineMistake { file, line, text } in wrong {
        let (file, line) = (mask_links(file), line.to_string());
        let properties = [("file", file.as_str()), ("line", &line)];
        annotate(&mut lines, level(severity), &properties, text);
    }
    lines
}

/// The word of a workflow command.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn annotate_at(lines: &mut String, level: &str, sources: &Sources, at: Span, text: &str) {
    let place = sources.place(at);
    let (line, column) = (place.line.to_string(), place.column.to_string());
    let file = mask_links(sources.path(at.file));
    let properties = [("file", file.as_str()), ("line", &line), ("col", &column)];
    annotate(lines, level, &properties, text);
}

/// One workflow command; `%`, line ends and, in properties, `:` and `,` are escaped as Actions wants them.
fn annotate(lines: &mut String, level: &str, properties: &[(&str, &str)], text: &str) {
    let escaped = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| {
            format!(
                "{name}={}",
                escaped(value).replace(':', "%3A").replace(',', "%2C")
            )
        })
        .collect();
    let _ = writeln!(lines, "::{level} {}::{}", properties.join(","), escaped(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_is_one_line() {
        let mut lines = String::new();
        annotate(
            &mut lines,
            "error",
            &[("file", "a,b.yaml"), ("line", "3")],
            "50% wrong\nhelp: mend it",
        );
        assert_eq!(
            lines,
            "::error file=a%2Cb.yaml,line=3::50%25 wrong%0Ahelp: mend it\n"
        );
    }
}
