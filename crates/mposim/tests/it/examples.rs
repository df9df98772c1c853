//! The tests in `examples/` pass, wherever what they are written for is there; otherwise they are skipped aloud.
#![cfg(unix)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn example(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(path)
}

/// A command that is for a folder of its own, finds the program, and writes nothing beside the example.
fn command(program: &str, arguments: &[&str]) -> Command {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples");
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .env("MPOSIM", env!("CARGO_BIN_EXE_mposim"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // Proxies are not for this machine; no example may need to be told.
        .env("http_proxy", "http://127.0.0.1:9")
        .env_remove("SCENARIO")
        // `node --test` inside a run of `node --test` would report to that one.
        .env_remove("NODE_TEST_CONTEXT");
    command
}

/// Whether a command that only looks for a tool succeeds.
fn there(program: &str, arguments: &[&str]) -> bool {
    command(program, arguments)
        .output()
        .is_ok_and(|output| output.status.success())
}

/// Not through `eprintln!`, which the test harness keeps to itself while all is well.
fn skipped(name: &str, needs: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {name} needs {needs}");
}

fn passes(mut command: Command) -> String {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}",
        output.status,
        said.concat()
    );
    said.concat()
}

#[test]
fn curl() {
    if !(there("bash", &["--version"]) && there("curl", &["--version"])) {
        return skipped("examples/curl", "bash and curl");
    }
    let script = example("curl/intake.sh");
    let said = passes(command("bash", &[script.to_str().unwrap()]));
    assert!(said.contains("ok: the task came"), "{said}");
    assert!(
        said.contains("stopped: 1 event, 1 message, 1 task, 1 rejection"),
        "{said}"
    );
}

#[test]
fn curl_fails_where_nobody_asks_for_credentials() {
    if !(there("bash", &["--version"]) && there("curl", &["--version"])) {
        return skipped("examples/curl", "bash and curl");
    }
    let scenario = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples/open");
    std::fs::create_dir_all(&scenario).unwrap();
    let right = std::fs::read_to_string(example("../scenarios/basic-right/scenario.yaml")).unwrap();
    let open = right.replace("{ auth: basic, user: mambu, pass: s3cret }", "{ auth: none }");
    assert_ne!(open, right);
    std::fs::write(scenario.join("scenario.yaml"), open).unwrap();
    let output = command("bash", &[example("curl/intake.sh").to_str().unwrap()])
        .env("SCENARIO", &scenario)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("FAILED: status 200 instead of 403"), "{said}");
}

#[test]
fn python() {
    if !there("python3", &["-c", "import pytest"]) {
        return skipped("examples/python", "python3 with pytest");
    }
    let tests = example("python/test_intake.py");
    let arguments = ["-m", "pytest", "-q", "-p", "no:cacheprovider"];
    let mut command = command("python3", &arguments);
    command.arg(&tests);
    let said = passes(command);
    assert!(said.contains("2 passed"), "{said}");
}

#[test]
fn node() {
    let has_test = "process.exit(process.versions.node.split('.')[0] < 20 ? 1 : 0)";
    if !there("node", &["-e", has_test]) {
        return skipped("examples/node", "node 20 or newer");
    }
    let mut command = command("node", &["--test", "--test-reporter", "tap"]);
    command.arg(example("node/intake.test.mjs"));
    let said = passes(command);
    assert!(said.contains("# pass 2") && said.contains("# fail 0"), "{said}");
}
