//! Whatever is done to the lines and bytes of scenarios that are fine, reading them and playing them does not panic.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;
use scenario_runner::document::{Env, Paint};
use scenario_runner::fixture;
use scenario_runner::play::play;

/// One change of a file's bytes. Places are shares of the file, so that they fit every one.
#[derive(Clone, Debug)]
enum Change {
    DropLine(f64),
    DoubleLine(f64),
    SwapLines(f64, f64),
    DropBytes(f64, usize),
    PutBytes(f64, Vec<u8>),
    PutWord(f64, &'static str),
}

/// What fixtures are made of, so that more mutants get beyond the parser.
const WORDS: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "\"",
    "'",
    "#",
    "${X}",
    "{{env_var[@a].b}}",
    "{ACCOUNT_ID}",
    "0",
    "-1",
    "99999999999999999999",
    "1e400",
    "true",
    "null",
    "paused",
    "1ms",
    "9999d",
    "LOAN_REPAYMENT",
    "é",
    "\u{0}",
];

fn change() -> impl Strategy<Value = Change> {
    let place = || 0.0..1.0f64;
    prop_oneof![
        place().prop_map(Change::DropLine),
        place().prop_map(Change::DoubleLine),
        (place(), place()).prop_map(|(one, other)| Change::SwapLines(one, other)),
        (place(), 1usize..8).prop_map(|(at, count)| Change::DropBytes(at, count)),
        (place(), prop::collection::vec(any::<u8>(), 1..4))
            .prop_map(|(at, bytes)| Change::PutBytes(at, bytes)),
        (place(), prop::sample::select(&WORDS[..])).prop_map(|(at, word)| Change::PutWord(at, word)),
    ]
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of a small file is a place in it"
)]
fn at(share: f64, length: usize) -> usize {
    (share * length as f64) as usize
}

impl Change {
    fn make(&self, bytes: &mut Vec<u8>) {
        let mut lines: Vec<Vec<u8>> = bytes
            .split_inclusive(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect();
        match self {
            Self::DropLine(share) if !lines.is_empty() => {
                lines.remove(at(*share, lines.len()));
                *bytes = lines.concat();
            }
            Self::DoubleLine(share) if !lines.is_empty() => {
                let place = at(*share, lines.len());
                lines.insert(place, lines[place].clone());
                *bytes = lines.concat();
            }
            Self::SwapLines(one, other) if !lines.is_empty() => {
                let (one, other) = (at(*one, lines.len()), at(*other, lines.len()));
                lines.swap(one, other);
                *bytes = lines.concat();
            }
            Self::DropBytes(share, count) => {
                let from = at(*share, bytes.len());
                bytes.drain(from..(from + count).min(bytes.len()));
            }
            Self::PutBytes(share, new) => {
                let from = at(*share, bytes.len());
                bytes.splice(from..from, new.iter().copied());
            }
            Self::PutWord(share, word) => {
                let from = at(*share, bytes.len());
                bytes.splice(from..from, word.bytes());
            }
            _ => {}
        }
    }
}

/// A folder that is gone when the test is.
struct Scratch(PathBuf);

impl Scratch {
    fn copy_of(from: &Path) -> Self {
        let scratch = Self(std::env::temp_dir().join(format!("mposim-mutants-{}", std::process::id())));
        copy(from, &scratch.0);
        scratch
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a place for the copy");
    for entry in std::fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// The files to change, of the copies of every valid scenario.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
    found.sort();
}

/// Reads the scenario and plays it, in a world that is over soon.
fn read_and_play(folder: &Path) -> bool {
    let loaded = fixture::load(folder, &Env::default());
    let _ = loaded.mistakes(Paint::Plain);
    let Some(mut scenario) = loaded.scenario else {
        return false;
    };
    scenario.limits.max_happenings = 2_000;
    scenario.limits.max_virtual_time = Duration::from_hours(24);
    // An error is an answer; only a panic is none.
    let _ = play(&scenario, None);
    true
}

#[test]
fn mutants_of_valid_scenarios_never_panic() {
    let scratch = Scratch::copy_of(Path::new("tests/fixtures"));
    copy(Path::new("../../scenarios/first"), &scratch.0.join("first"));
    let folders = ["grown-up", "first", "layers"].map(|name| scratch.0.join(name));
    for folder in &folders {
        assert!(read_and_play(folder), "{} is fine as it is", folder.display());
    }
    let mut all = Vec::new();
    files(&scratch.0, &mut all);
    let originals: Vec<(PathBuf, Vec<u8>)> = all
        .into_iter()
        .map(|path| (path.clone(), std::fs::read(&path).expect("the copy can be read")))
        .collect();
    let played = RefCell::new(0);
    // More with `PROPTEST_CASES`.
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(600);
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    };
    proptest!(config, |(which in prop::sample::select(originals.clone()), changes in prop::collection::vec(change(), 1..4))| {
        let (path, original) = which;
        let mut bytes = original.clone();
        for change in &changes {
            change.make(&mut bytes);
        }
        std::fs::write(&path, &bytes).expect("the copy can be written");
        // What is shared belongs to the first.
        let folder = folders.iter().find(|folder| path.starts_with(folder)).unwrap_or(&folders[0]);
        *played.borrow_mut() += u32::from(read_and_play(folder));
        std::fs::write(&path, &original).expect("the copy can be written");
    });
    let played = *played.borrow();
    assert!(
        played > cases / 20,
        "enough of them get as far as a run: {played}"
    );
}
