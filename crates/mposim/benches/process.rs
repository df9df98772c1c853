//! The program as a whole, process by process: what a person waits for.
//!
//! `cargo bench -p mposim --bench process`; each row is the median of its runs, beside the bare process (`--version`).

#![expect(clippy::print_stdout, reason = "a benchmark prints figures")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_mposim");
const RUNS: usize = 25;

/// A row of the table.
struct Row {
    what: &'static str,
    folder: PathBuf,
    args: &'static [&'static str],
    bar: Option<Duration>,
}

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("process-benchmark");
    let _ = fs::remove_dir_all(&place);
    let row = |what, folder: &Path, args, bar: u64| Row {
        what,
        folder: folder.to_owned(),
        args,
        bar: (bar > 0).then_some(Duration::from_millis(bar)),
    };
    let (small, refused, silent) = (place.join("small"), place.join("refused"), place.join("silent"));
    copies(&repository.join("scenarios/first"), &small, 200);
    many_attempts(&refused, "refuse: true");
    many_attempts(&silent, "stall: true");
    let rows = [
        row("bare process", &repository, &["--version"], 0),
        row("list of the repository's scenarios", &repository, &["list"], 5),
        row("200 small scenarios, snapshots compared", &small, &["run"], 60),
        row(
            "10,000 attempts, connections refused",
            &refused,
            &["run", "many"],
            250,
        ),
        row(
            "10,000 attempts, each waits for its timeout",
            &silent,
            &["run", "many"],
            250,
        ),
        row("all scenarios of the repository", &repository, &["run"], 0),
    ];
    for row in &rows {
        let median = measure(row);
        let bar = row
            .bar
            .map_or(String::new(), |bar| format!(" (bar: {} ms)", bar.as_millis()));
        println!("{:<45} {:>7.1} ms{bar}", row.what, median.as_secs_f64() * 1_000.0);
    }
}

/// The median time of a row's processes, after one that isn't counted.
fn measure(row: &Row) -> Duration {
    let mut times: Vec<Duration> = (0..=RUNS)
        .map(|_| {
            let began = Instant::now();
            let status = Command::new(PROGRAM)
                .args(row.args)
                .current_dir(&row.folder)
                .stdout(Stdio::null())
                .status()
                .expect("a process");
            assert!(status.success(), "{}: {status}", row.what);
            began.elapsed()
        })
        .skip(1)
        .collect();
    times.sort();
    times[RUNS / 2]
}

/// A folder with copies of a scenario and their accepted snapshots.
fn copies(scenario: &Path, folder: &Path, count: usize) {
    for number in 0..count {
        let copy = folder.join(format!("scenarios/copy-{number:03}"));
        fs::create_dir_all(&copy).expect("a folder");
        for file in fs::read_dir(scenario).expect("a scenario") {
            let file = file.expect("a file").path();
            fs::copy(&file, copy.join(file.file_name().unwrap_or_default())).expect("a copy");
        }
    }
    accept(folder);
}

/// A folder with one scenario: 2,500 events an hour apart, each message tried four times.
fn many_attempts(folder: &Path, fault: &str) {
    let scenario = folder.join("scenarios/many");
    fs::create_dir_all(&scenario).expect("a folder");
    let event = "  - { after: 1h, event: { amount: 5000 } }\n".repeat(2_500);
    let text = format!(
        r#"mambu:
  templates:
    disbursed:
      event: LOAN_DISBURSEMENT
      url: "https://tenant.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f"
      body: '{{"loan":"{{ACCOUNT_ID}}","transaction":"{{TRANSACTION_ID}}","amount":"{{TRANSACTION_AMOUNT}}"}}'
steps:
  - fault: {{ host: tenant.mpo.mambu.com, {fault} }}
{event}"#
    );
    fs::write(scenario.join("scenario.yaml"), text).expect("a scenario");
    accept(folder);
}

fn accept(folder: &Path) {
    let output = Command::new(PROGRAM)
        .args(["run", "--update"])
        .current_dir(folder)
        .output()
        .expect("a process");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
