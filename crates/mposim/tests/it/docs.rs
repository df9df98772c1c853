//! Every command in a console block of the README and of `docs/` does what the page shows. `UPDATE_DOCS=1 cargo test -p mposim
//! docs` writes what the commands print into the pages.
//!
//! Each page gets a copy of the repository's `scenarios/`, `snapshots/` and `docs/`, and its commands run there, one after the
//! other, in a shell: pages may use `cat`, pipes and `echo $?`. A command that fails is followed by `echo $?`, so that no page shows
//! a failure by accident. Commands that are not run (`cargo …`, `just …`) show no output.
#![cfg(unix)]

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use scenario_runner::snapshot::difference;

/// First words of commands that are shown and not run.
const SHOWN: [&str; 5] = ["cargo", "just", "git", "curl", ".ci/run"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The pages with examples.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A folder of its own for a page, as if it were a fresh clone.
fn clone_for(page: &Path) -> PathBuf {
    let name = page
        .strip_prefix(root())
        .unwrap()
        .to_string_lossy()
        .replace('/', "-");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    for part in ["scenarios", "snapshots", "docs"] {
        copy(&root().join(part), &folder.join(part));
    }
    folder
}

/// What a command prints, stdout and stderr in the order in which they come, and its exit code.
fn run(command: &str, folder: &Path) -> (String, i32) {
    let binaries = Path::new(env!("CARGO_BIN_EXE_mposim")).parent().unwrap();
    let path = format!(
        "{}:{}",
        binaries.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut shell = Command::new("sh");
    shell
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path)
        .env_remove("GITHUB_ACTIONS")
        .env_remove("CLICOLOR_FORCE")
        .stdin(std::process::Stdio::null())
        .stdout(writer.try_clone().unwrap())
        .stderr(writer);
    let mut child = shell.spawn().unwrap();
    drop(shell); // its ends of the pipe, so that reading comes to an end
    let mut output = String::new();
    reader.read_to_string(&mut output).unwrap();
    (output, child.wait().unwrap().code().unwrap_or(-1))
}

/// The page with what its commands really print.
fn as_it_is(page: &Path, text: &str) -> String {
    let place = |command: &str| format!("{}: `{command}`", page.display());
    let mut folder = None;
    let mut real = String::new();
    let mut lines = text.lines().peekable();
    let mut in_console = false;
    let mut code = 0;
    while let Some(line) = lines.next() {
        real.push_str(line);
        real.push('\n');
        if line.starts_with("```") {
            assert!(
                !in_console || code == 0,
                "{}: a failure at the end of a block",
                page.display()
            );
            in_console = line == "```console";
            continue;
        }
        let Some(command) = line.strip_prefix("$ ").filter(|_| in_console) else {
            assert!(
                !in_console,
                "{}: `{line}` is no command and no command's output",
                page.display()
            );
            continue;
        };
        let mut command = command.to_owned();
        while let Some(line) = lines.next_if(|line| line.starts_with("> ")) {
            real.push_str(line);
            real.push('\n');
            command.push('\n');
            command.push_str(&line[2..]);
        }
        let mut shown = String::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && !line.starts_with("```")) {
            shown.push_str(line);
            shown.push('\n');
        }
        if SHOWN.contains(&command.split(' ').next().unwrap_or_default()) {
            assert!(
                shown.is_empty(),
                "{} is not run and shows output",
                place(&command)
            );
            continue;
        }
        if command == "echo $?" {
            let _ = writeln!(real, "{code}");
            code = 0;
            continue;
        }
        assert!(
            code == 0,
            "{} follows a failure; `echo $?` belongs between them",
            place(&command)
        );
        let folder = folder.get_or_insert_with(|| clone_for(page));
        let (output, exit) = run(&command, folder);
        code = exit;
        real.push_str(&output);
        if !output.is_empty() && !output.ends_with('\n') {
            real.push('\n');
        }
    }
    real
}

#[test]
fn commands_print_what_the_pages_show() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let mut differences = String::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        let real = as_it_is(&page, &text);
        if real == text {
            continue;
        }
        if update {
            std::fs::write(&page, real).unwrap();
        } else {
            let shown = difference(&text, &real, |_, line| line.to_owned());
            let _ = writeln!(differences, "{}\n{shown}", page.display());
        }
    }
    assert!(
        differences.is_empty(),
        "pages show something else (`UPDATE_DOCS=1 cargo test -p mposim docs` writes them):\n{differences}"
    );
}

#[test]
fn links_between_pages_lead_somewhere() {
    let others = ["ARCHITECTURE.md", "CONTRIBUTING.md", "scenarios/README.md"];
    let mut dead = String::new();
    for page in pages().into_iter().chain(others.map(|page| root().join(page))) {
        let text = std::fs::read_to_string(&page).unwrap();
        // What stands behind `](`, in text and not in code.
        let prose = text.split("```").step_by(2).collect::<String>();
        for link in prose
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let path = link.split('#').next().unwrap_or_default();
            let is_elsewhere = path.is_empty() || path.contains("://");
            if !is_elsewhere && !page.parent().unwrap().join(path).exists() {
                let _ = writeln!(dead, "{}: {link}", page.display());
            }
        }
    }
    assert!(dead.is_empty(), "{dead}");
}

#[test]
fn every_command_has_a_page() {
    let (help, _) = run("mposim --help", &root());
    let commands = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help");
    let mut count = 0;
    for command in commands {
        count += 1;
        let page = root().join(format!("docs/commands/{command}.md"));
        assert!(page.is_file(), "there is no {}", page.display());
    }
    assert!(count > 0, "{help}");
}
