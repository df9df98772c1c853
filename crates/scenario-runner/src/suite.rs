//! Scenarios as they lie on a disk: finding them, running one, and saying what is wrong with it.

use std::path::{Component, Path, PathBuf};

use crate::document::{Env, Paint};
use crate::expectation::{Miss, misses};
use crate::fixture::{self, Loaded};
use crate::ledger::{self, Outcome};
use crate::play::{RunError, play};
use crate::scenario::Scenario;
use crate::snapshot::{self, Comparison};

/// A scenario's folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// The directory that holds `scenarios/` and `snapshots/`.
    pub root: PathBuf,
}

/// Why a scenario is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// Neither a name nor a path.
    #[error("there is no scenario {asked}{}", near.as_ref().map(|near| format!("; did you mean {near}?")).unwrap_or_default())]
    Unknown {
        /// What was asked for.
        asked: String,
        /// The nearest name.
        near: Option<String>,
    },
    /// A folder that is no scenario.
    #[error("the folder {folder} is there and has no {}{}", fixture::FILE, instead.as_ref().map(|instead| format!(" ({instead})")).unwrap_or_default())]
    NoScenario {
        /// The folder.
        folder: String,
        /// What it has instead.
        instead: Option<String>,
    },
    /// No `scenarios/` here.
    #[error("there is no folder scenarios/ in {0}; run it where yours is, or name a path")]
    NoFolder(String),
}

/// All scenarios of a directory that holds `scenarios/`, by name. A folder whose name begins with `_` holds shared parts.
///
/// # Errors
/// When there is no such folder.
pub fn all(root: &Path) -> Result<Vec<Found>, NotFound> {
    let folder = root.join("scenarios");
    let entries = std::fs::read_dir(&folder).map_err(|_| NotFound::NoFolder(shown(root)))?;
    let mut found: Vec<Found> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join(fixture::FILE).is_file())
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.to_owned();
            (!name.starts_with('_')).then(|| Found {
                name,
                folder: path,
                root: root.to_owned(),
            })
        })
        .collect();
    found.sort();
    Ok(found)
}

/// Folders of `scenarios/` that somebody may take for a scenario: their file has another name. A line each.
pub fn overlooked(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root.join("scenarios")).into_iter().flatten();
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort();
    folders.retain(|folder| {
        let name = folder.file_name().unwrap_or_default();
        !name.as_encoded_bytes().starts_with(b"_") && !folder.join(fixture::FILE).is_file()
    });
    let lines = folders.iter().filter_map(|folder| {
        let file = near_file(folder)?;
        if file == fixture::FILE {
            let file = folder.join(file);
            return Some(format!("{} is a folder: it is no scenario", file.display()));
        }
        let folder = folder.display();
        Some(format!(
            "{folder} has a {file} and no {}: it is no scenario",
            fixture::FILE
        ))
    });
    lines.collect()
}

/// A file of a folder whose name is near that of a scenario's file.
fn near_file(folder: &Path) -> Option<String> {
    let names = std::fs::read_dir(folder).ok()?;
    let mut names: Vec<String> = names
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| {
            let name = Path::new(name);
            let is = |part: Option<&std::ffi::OsStr>, words: &[&str]| {
                part.is_some_and(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
            };
            is(name.file_stem(), &["scenario", "scenarios"]) && is(name.extension(), &["yml", "yaml", "json"])
        })
        .collect();
    names.sort();
    names.pop()
}

/// Why a folder is no scenario.
fn no_scenario(folder: &Path) -> NotFound {
    let has = |folder: &Path| all(folder).is_ok_and(|found| !found.is_empty());
    let is_here = folder == Path::new(".") || folder == Path::new("scenarios");
    let instead = if let Some(file) = near_file(folder) {
        Some(if file == fixture::FILE {
            format!("{file} is a folder itself")
        } else {
            format!("found {file}")
        })
    } else if has(folder) || is_scenarios(&whole(folder)) && has(&up(folder)) {
        let or = if is_here { ", or none for all" } else { "" };
        Some(format!("name one of the scenarios in it{or}"))
    } else {
        let mut entries = std::fs::read_dir(folder).into_iter().flatten();
        entries.next().is_none().then(|| "it is empty".to_owned())
    };
    NotFound::NoScenario {
        folder: folder.display().to_string(),
        instead,
    }
}

fn is_scenarios(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name == "scenarios")
}

/// A folder by a path that a person would write.
fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

/// A folder's whole path, without `.` and `..`.
fn whole(folder: &Path) -> PathBuf {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    fixture::tidy(&folder)
}

/// The folder that a folder lies in, as a path from the same place; nothing stands for that place itself.
fn up(folder: &Path) -> PathBuf {
    match folder.components().next_back() {
        None | Some(Component::CurDir) => "..".into(),
        Some(Component::ParentDir) => folder.join(".."),
        _ => folder.parent().unwrap_or(folder).to_owned(),
    }
}

/// The scenario that a person means by a name or a path (its folder, or the file in it).
///
/// # Errors
/// When there is none; with the nearest name, or with what a folder of that name has instead.
pub fn find(root: &Path, asked: &str) -> Result<Found, NotFound> {
    let by_name = root.join("scenarios").join(asked);
    let path = Path::new(asked);
    let folder = if by_name.join(fixture::FILE).is_file() {
        by_name
    } else if path.is_file() && path.file_name().is_some_and(|name| name == fixture::FILE) {
        here(path.parent().unwrap_or(path)).to_owned()
    } else if path.join(fixture::FILE).is_file() {
        path.to_owned()
    } else if let Some(folder) = [path, &by_name].into_iter().find(|folder| folder.is_dir()) {
        return Err(no_scenario(folder));
    } else if path.is_file()
        && let Some(folder) = path
            .parent()
            .filter(|folder| !folder.join(fixture::FILE).is_file())
    {
        return Err(no_scenario(here(folder)));
    } else {
        let names: Vec<String> = all(root)
            .unwrap_or_default()
            .into_iter()
            .map(|found| found.name)
            .collect();
        let near = mambu_emitter::mistake::nearest(asked, names.iter().map(String::as_str)).map(String::from);
        return Err(NotFound::Unknown {
            asked: asked.to_owned(),
            near,
        });
    };
    let whole = whole(&folder);
    let name = whole
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let parent = up(&folder);
    let root = if whole.parent().is_some_and(is_scenarios) {
        up(&parent)
    } else if parent.as_os_str().is_empty() {
        ".".into()
    } else {
        parent
    };
    Ok(Found { name, folder, root })
}

/// The scenarios that a person asks for, each once; without any name all of them.
///
/// # Errors
/// When one of them is not there.
pub fn wanted(root: &Path, asked: &[String]) -> Result<Vec<Found>, NotFound> {
    if asked.is_empty() {
        return all(root);
    }
    let mut found: Vec<Found> = Vec::new();
    for asked in asked {
        let one = find(root, asked)?;
        if !found.contains(&one) {
            found.push(one);
        }
    }
    Ok(found)
}

fn shown(root: &Path) -> String {
    if root.as_os_str().is_empty() || root == Path::new(".") {
        "this directory".into()
    } else {
        root.display().to_string()
    }
}

/// How to run scenarios.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Another seed than the fixture's: only expectations count then.
    pub seed: Option<u64>,
    /// Accept ledgers that differ from their snapshots.
    pub update: bool,
    /// Goes before the fixtures' own `env:`.
    pub env: Env,
}

/// What became of one scenario.
#[derive(Debug)]
pub struct Report {
    /// The scenario's files and what is wrong with them.
    pub loaded: Loaded,
    /// What became of the run.
    pub result: Result<Ran, Failed>,
}

/// A run that came to its end.
#[derive(Debug)]
pub struct Ran {
    /// What happened.
    pub outcome: Outcome,
    /// The ledger as text.
    pub ledger: String,
    /// Expectations that did not come true.
    pub misses: Vec<Miss>,
    /// How the ledger compares with its snapshot; `None` when it was not compared.
    pub comparison: Option<Comparison>,
    /// Whether the snapshot was written.
    pub accepted: bool,
}

/// Why there was no run, or no end of it.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The fixture cannot be read; its mistakes say why.
    #[error("the fixture cannot be read")]
    Unreadable,
    /// The run failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The snapshot could not be read or written.
    #[error("snapshot {}: {error}", file.display())]
    Snapshot {
        /// Its file.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

impl Report {
    /// The exit code that it asks for: 0 fine, 2 unreadable, 3 failed, 4 other than expected or accepted.
    pub fn exit_code(&self) -> u8 {
        match &self.result {
            Err(Failed::Unreadable) => 2,
            Err(Failed::Run(_) | Failed::Snapshot { .. }) => 3,
            Ok(ran) if !ran.misses.is_empty() => 4,
            Ok(ran) => match ran.comparison {
                None | Some(Comparison::Same) => 0,
                Some(_) if ran.accepted => 0,
                Some(_) => 4,
            },
        }
    }

    /// Everything wrong or doubtful about the files, for people.
    pub fn mistakes(&self, paint: Paint) -> String {
        self.loaded.mistakes(paint)
    }
}

/// Reads and runs one scenario.
pub fn run(found: &Found, options: &Options) -> Report {
    let loaded = fixture::load(&found.folder, &options.env);
    let result = match &loaded.scenario {
        Some(scenario) => run_loaded(found, scenario, options),
        None => Err(Failed::Unreadable),
    };
    Report { loaded, result }
}

fn run_loaded(found: &Found, scenario: &Scenario, options: &Options) -> Result<Ran, Failed> {
    let outcome = play(scenario, options.seed)?;
    let ledger = ledger::to_text(&outcome, &scenario.secrets);
    let misses = misses(scenario, &outcome);
    let file = snapshot::path(&found.root, &found.name);
    let mut comparison = None;
    let mut accepted = false;
    if options.seed.is_none() {
        let failed = |error| Failed::Snapshot {
            file: file.clone(),
            error,
        };
        let compared = snapshot::compare(&file, &ledger).map_err(failed)?;
        if options.update && misses.is_empty() && compared != Comparison::Same {
            snapshot::accept(&file, &found.name, &ledger).map_err(failed)?;
            accepted = true;
        }
        comparison = Some(compared);
    }
    Ok(Ran {
        outcome,
        ledger,
        misses,
        comparison,
        accepted,
    })
}
