//! `mposim run`: plays scenarios and says what differs from what is expected and accepted.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use scenario_runner::expectation::Kind;
use scenario_runner::fixture::Asked;
use scenario_runner::report::{JUnit, annotations};
use scenario_runner::snapshot::{self, Comparison, Line};
use scenario_runner::suite::{self, Failed, Found, Options, Ran, Report};
use scenario_runner::{ledger, play};

use crate::args::{Format, Run};
use crate::asked::{self, FAILED, fail};
use crate::paint::{self, Tone, mistakes_paint, painted, result, talk};

pub(crate) fn run(args: &Run) -> Result<u8, u8> {
    let found = asked::scenarios(&args.scenarios)?;
    let env = asked::env(args.env.as_deref())?;
    let options = Options {
        seed: args.seed,
        update: args.update,
        env: env.env.clone(),
    };
    let mut names = Asked::default();
    let jobs = args.jobs.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    let single = !args.scenarios.is_empty() && found.len() == 1;
    let mut tally = Tally::default();
    let mut junit = args.report.is_some().then(JUnit::default);
    let progress = Progress::new(found.len());
    play::play_all(
        &found,
        jobs,
        |found| suite::run(found, &options),
        |at, report| {
            let Some(found) = found.get(at) else { return };
            progress.clear();
            tally.add(&report);
            names.add(&report.loaded.context);
            if let Some(junit) = &mut junit {
                junit.add(&report);
            }
            asked::annotate(|| annotations(found, &report));
            if single {
                show_single(found, &report, args);
            } else {
                show_one_of_many(found, &report, args);
            }
            progress.show(at + 1);
        },
    );
    progress.clear();
    asked::doubt(&env, &names);
    if let (Some(file), Some(junit)) = (&args.report, &junit) {
        let written = junit
            .to_xml()
            .and_then(|xml| write_whole(file, &xml).map_err(|error| error.to_string()));
        if let Err(error) = written {
            return Err(fail(
                FAILED,
                &format_args!("cannot write {}: {error}", file.display()),
            ));
        }
    }
    if args.scenarios.is_empty() {
        tally.orphans(Path::new(""), &found, args.update);
    }
    if !single {
        tally.show();
    }
    Ok(tally.exit_code())
}

/// Writes a file beside and renames it, so that it is never half there. What is there and no file, such as a pipe, is
/// written to.
fn write_whole(file: &Path, text: &str) -> std::io::Result<()> {
    if std::fs::metadata(file).is_ok_and(|there| !there.is_file()) {
        return std::fs::write(file, text);
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, file))
}

/// A line that counts, on a terminal whose results go somewhere else; where they are shown, they are progress enough.
struct Progress {
    all: usize,
    shown: bool,
}

impl Progress {
    fn new(all: usize) -> Self {
        let shown = std::io::stderr().is_terminal() && !std::io::stdout().is_terminal();
        Self { all, shown }
    }

    fn show(&self, done: usize) {
        if self.shown && done < self.all {
            let _ = write!(std::io::stderr(), "{done} of {} scenarios", self.all);
        }
    }

    fn clear(&self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r\x1b[2K");
        }
    }
}

fn show_single(found: &Found, report: &Report, args: &Run) {
    mistakes(report);
    match &report.result {
        Err(error) => explain(found, error, report),
        Ok(ran) => {
            show_ledger(report, ran, args.format, true);
            judge(found, report, ran);
            if ran.misses.is_empty() {
                talk(match (&ran.comparison, ran.accepted) {
                    (_, true) => painted(Tone::Good, format!("accepted as {}", snapshot_of(found))),
                    (Some(Comparison::Same), _) => {
                        painted(Tone::Good, format!("ok: as accepted in {}", snapshot_of(found)))
                    }
                    (None, _) => painted(
                        Tone::Good,
                        "ok: as expected (another seed, so the snapshot was not compared)",
                    ),
                    _ => return,
                });
            }
        }
    }
}

fn show_one_of_many(found: &Found, report: &Report, args: &Run) {
    // What is doubtful about a scenario that does what is expected of it is counted, and shown by `check`.
    if report.exit_code() != 0 {
        mistakes(report);
    }
    if args.format == Format::Json {
        if let Ok(ran) = &report.result {
            show_ledger(report, ran, Format::Json, false);
        }
        return;
    }
    match &report.result {
        Err(error) => {
            result(format!("{} {}", painted(Tone::Bad, "FAILED "), found.name));
            explain(found, error, report);
        }
        Ok(ran) => {
            let word = match (report.exit_code(), ran.accepted) {
                (_, true) => painted(Tone::Doubtful, "updated"),
                (0, _) => painted(Tone::Good, "ok     "),
                _ if is_new(ran) => painted(Tone::Doubtful, "NEW    "),
                _ => painted(Tone::Bad, "DIFFERS"),
            };
            result(format!(
                "{word} {}  {}",
                found.name,
                painted(Tone::Quiet, verdicts(ran))
            ));
            judge(found, report, ran);
        }
    }
}

/// Whether nothing is wrong with a run but that nobody has accepted its ledger yet.
fn is_new(ran: &Ran) -> bool {
    ran.misses.is_empty() && ran.comparison == Some(Comparison::Missing) && !ran.accepted
}

/// The ledger. Secrets are covered in it.
fn show_ledger(report: &Report, ran: &Ran, format: Format, pretty: bool) {
    match (format, &report.loaded.scenario) {
        (Format::Json, Some(scenario)) => {
            let json = ledger::to_json(&ran.outcome, &scenario.secrets);
            let text = if pretty {
                serde_json::to_string_pretty(&json)
            } else {
                serde_json::to_string(&json)
            };
            result(text.unwrap_or_default());
        }
        _ => result(paint::ledger(&ran.ledger)),
    }
}

fn mistakes(report: &Report) {
    let text = report.mistakes(mistakes_paint());
    if !text.is_empty() {
        talk(text.trim_end());
    }
}

fn explain(found: &Found, error: &Failed, report: &Report) {
    let count = report.loaded.context.mistakes.errors();
    let detail = match error {
        Failed::Unreadable => format!(
            "{}: {error} ({count} {})",
            found.name,
            if count == 1 { "mistake" } else { "mistakes" }
        ),
        error => format!("{}: {error}", found.name),
    };
    talk(format!("{}: {detail}", painted(Tone::Bad, "error")));
}

/// What differs, and how to accept it.
fn judge(found: &Found, report: &Report, ran: &Ran) {
    for miss in &ran.misses {
        let place = report.loaded.place(miss.at);
        talk(format!(
            "{}: {place}: {miss}",
            painted(Tone::Bad, "not as expected")
        ));
    }
    if ran.accepted {
        return;
    }
    // A name does where `scenarios/` is here.
    let asked = if found.root.as_os_str().is_empty() {
        Path::new(&found.name)
    } else {
        &found.folder
    };
    let (read, accept) = if ran.misses.is_empty() {
        let accept = format!("accept it with `mposim run {} --update`", asked.display());
        ("read the ledger, then ", accept)
    } else {
        ("", "expectations come first: mend them, then accept".to_owned())
    };
    match &ran.comparison {
        Some(Comparison::Differs { accepted }) => {
            talk(format!(
                "{} from {}:",
                painted(Tone::Bad, "differs"),
                snapshot_of(found)
            ));
            let shown = snapshot::difference(accepted, &ran.ledger, |kind, line| match kind {
                Line::Same | Line::Gap => painted(Tone::Quiet, line),
                Line::Gone => painted(Tone::Bad, line),
                Line::New => painted(Tone::Good, line),
            });
            talk(shown.trim_end());
            talk(accept);
        }
        Some(Comparison::NotText) => {
            let broken = painted(Tone::Bad, format!("{} is no text in UTF-8", snapshot_of(found)));
            talk(format!("{broken}: {read}{accept}"));
        }
        Some(Comparison::Missing) => {
            let missing = painted(Tone::Doubtful, "no snapshot yet");
            talk(format!("{missing}: {read}{accept}"));
        }
        _ => {}
    }
}

fn snapshot_of(found: &Found) -> String {
    snapshot::path(&found.root, &found.name).display().to_string()
}

fn verdicts(ran: &Ran) -> String {
    let parts: Vec<String> = Kind::WORDS
        .iter()
        .filter(|(kind, _)| ran.outcome.counts.by_verdict(*kind) > 0)
        .map(|(kind, word)| {
            format!(
                "{} {}",
                ran.outcome.counts.by_verdict(*kind),
                word.replace('_', " ")
            )
        })
        .collect();
    parts.join(", ")
}

/// Everything counted over many scenarios.
#[derive(Default)]
struct Tally {
    good: usize,
    updated: usize,
    /// Scenarios without a snapshot, and nothing else wrong.
    new: usize,
    /// Scenarios that do what is expected of them, with something doubtful in their files.
    doubtful: usize,
    codes: Vec<u8>,
    /// Snapshots that no scenario refers to.
    orphans: usize,
    /// Those of them that could not be removed.
    kept: usize,
}

impl Tally {
    fn add(&mut self, report: &Report) {
        match report.exit_code() {
            0 => {
                self.good += 1;
                self.doubtful += usize::from(!report.loaded.context.mistakes.is_empty());
            }
            code => self.codes.push(code),
        }
        self.new += usize::from(report.result.as_ref().is_ok_and(is_new));
        self.updated += usize::from(report.result.as_ref().is_ok_and(|ran| ran.accepted));
    }

    /// Snapshots that no scenario refers to any more.
    fn orphans(&mut self, root: &Path, found: &[Found], update: bool) {
        let names: Vec<String> = found.iter().map(|found| found.name.clone()).collect();
        for file in snapshot::orphans(root, &names) {
            let shown = file.display();
            if !update {
                talk(format!(
                    "{}: {shown} belongs to no scenario; `--update` removes it",
                    painted(Tone::Bad, "orphan")
                ));
                self.orphans += 1;
            } else if let Err(error) = std::fs::remove_file(&file) {
                talk(format!(
                    "{}: cannot remove {shown}: {error}",
                    painted(Tone::Bad, "error")
                ));
                self.kept += 1;
            } else {
                talk(format!("{} {shown}", painted(Tone::Doubtful, "removed")));
            }
        }
    }

    fn show(&self) {
        let count = self.good + self.codes.len();
        let mut text = format!(
            "{count} {}: {} ok",
            if count == 1 { "scenario" } else { "scenarios" },
            self.good
        );
        if self.updated > 0 {
            text = format!("{text} ({} updated)", self.updated);
        }
        for (code, word) in [(2, "unreadable"), (3, "failed"), (4, "other than accepted")] {
            let count = self
                .codes
                .iter()
                .map(|found| usize::from(*found == code))
                .sum::<usize>();
            let count = if code == 4 { count - self.new } else { count };
            if count > 0 {
                text = format!("{text}, {count} {word}");
            }
        }
        if self.new > 0 {
            text = format!("{text}, {} without a snapshot", self.new);
        }
        let orphans = self.orphans + self.kept;
        if orphans > 0 {
            let plural = if orphans == 1 { "" } else { "s" };
            text = format!("{text}; {orphans} orphaned snapshot{plural}");
        }
        let tone = if self.exit_code() == 0 {
            Tone::Good
        } else {
            Tone::Bad
        };
        talk(painted(tone, text));
        if self.doubtful > 0 {
            let have = if self.doubtful == 1 { "has" } else { "have" };
            let who = format!(
                "{} of them {have} warnings: `mposim check` shows them",
                self.doubtful
            );
            talk(painted(Tone::Doubtful, who));
        }
    }

    /// The lowest of 2, 3 and 4 that any scenario asks for, or any snapshot without one.
    fn exit_code(&self) -> u8 {
        let kept = (self.kept > 0).then_some(FAILED);
        let orphans = (self.orphans > 0).then_some(4);
        let codes = self.codes.iter().copied();
        codes.chain(kept).chain(orphans).min().unwrap_or(0)
    }
}
