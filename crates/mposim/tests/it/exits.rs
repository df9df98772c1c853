//! What a caller can rely on, whatever is printed: exit codes, stdout for results and stderr for talk, no colours in pipes, no
//! secrets anywhere.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) const URL: &str =
    "https://tenant.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";

/// A folder of its own with scenarios in it.
pub(crate) struct Place(pub(crate) PathBuf);

impl Place {
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("exits").join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let file = self.0.join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    /// A scenario whose bank sends a disbursement to process `intake`; `more` stands below.
    pub(crate) fn scenario(&self, name: &str, more: &str) {
        self.write(
            &format!("scenarios/{name}/scenario.yaml"),
            &format!(
                "mambu: {{ templates: {{ disbursed: {{ event: LOAN_DISBURSEMENT, url: \"{URL}\", body: '{{}}' }} }} }}\n\
                 mpo: {{ processes: {{ intake: {{ direct_url: \"{URL}\" }} }} }}\n{more}"
            ),
        );
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mposim"));
        command.args(arguments).current_dir(&self.0);
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS"] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::from(self.command(arguments).output().unwrap())
    }

    pub(crate) fn code(&self, arguments: &[&str]) -> i32 {
        self.run(arguments).code
    }
}

pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

pub(crate) const STARTS: &str = "steps: [{ event: { amount: 5000 }, expect: { started: intake } }]\n";

/// It reads well, and runs into its own bound.
const RUNS_INTO_ITS_BOUND: &str = "steps: [{ event: { amount: 5000 } }]\nmax_happenings: 1\n";

#[test]
fn zero_is_fine() {
    let place = Place::new("zero");
    place.scenario("fine", STARTS);
    assert_eq!(place.code(&["run", "fine", "--update"]), 0);
    for arguments in [
        &["run"][..],
        &["run", "fine"],
        &["run", "fine", "--format", "json"],
        &["run", "fine", "--seed", "5"],
        &["list"],
        &["urls", "fine"],
        &["schema"],
        &["new", "started"],
        &["--help"],
        &["--version"],
    ] {
        assert_eq!(place.code(arguments), 0, "{arguments:?}");
    }
}

#[test]
fn zero_includes_warnings() {
    let place = Place::new("warnings");
    place.scenario("doubtful", STARTS);
    let ended = place.run(&["check"]);
    assert!(ended.stderr.contains("warning"), "{}", ended.stderr);
    assert_eq!(ended.code, 0);
}

#[test]
fn one_is_usage() {
    let place = Place::new("one");
    assert_eq!(place.code(&["list"]), 1, "there is no scenarios/ here");
    std::fs::create_dir(place.0.join("scenarios")).unwrap();
    assert_eq!(place.code(&["run"]), 1, "nothing ran, which is no success");
    assert_eq!(place.code(&["check"]), 1, "nothing was checked");
    place.scenario("fine", STARTS);
    for arguments in [
        &[][..],
        &["walk"],
        &["run", "--no-such-option"],
        &["run", "fin"],
        &["check", "fin"],
        &["urls", "fin"],
        &["run", "fine", "--seed", "1", "--update"],
        &["run", "fine", "--report", "html=x"],
        &["run", "-j", "0"],
        &["new", "../elsewhere"],
        &["new", "fine"],
        &["new", "other", "--url", "https://example.com/"],
    ] {
        let ended = place.run(arguments);
        assert_eq!(ended.code, 1, "{arguments:?}");
        assert!(ended.stdout.is_empty(), "{arguments:?}: {}", ended.stdout);
        assert!(!ended.stderr.is_empty(), "{arguments:?} says nothing");
    }
}

#[test]
fn a_folder_that_is_no_scenario_is_not_called_missing() {
    let place = Place::new("no_scenario");
    place.scenario("fine", STARTS);
    place.write("scenarios/other/scenario.yml", STARTS);
    std::fs::create_dir(place.0.join("scenarios/empty")).unwrap();
    for (asked, said) in [
        (
            "other",
            "scenarios/other is there and has no scenario.yaml (found scenario.yml)",
        ),
        (
            "scenarios/other",
            "scenarios/other is there and has no scenario.yaml (found scenario.yml)",
        ),
        (
            "scenarios/other/scenario.yml",
            "scenarios/other is there and has no scenario.yaml (found scenario.yml)",
        ),
        (
            "empty",
            "scenarios/empty is there and has no scenario.yaml (it is empty)",
        ),
        (
            "scenarios",
            "scenarios is there and has no scenario.yaml (name one of the scenarios in it, or none for all)",
        ),
        (
            ".",
            ". is there and has no scenario.yaml (name one of the scenarios in it, or none for all)",
        ),
    ] {
        let ended = place.run(&["check", asked]);
        assert_eq!(ended.stderr, format!("error: the folder {said}\n"));
    }
    for command in ["list", "run", "check"] {
        let ended = place.run(&[command]);
        let said = "warning: scenarios/other has a scenario.yml and no scenario.yaml: it is no scenario\n";
        assert!(ended.stderr.starts_with(said), "{command}: {}", ended.stderr);
    }
}

#[test]
fn a_scenario_has_its_name_and_snapshot_in_its_own_folder_too() {
    let place = Place::new("inside");
    place.scenario("fine", STARTS);
    let inside = |arguments: &[&str]| {
        let folder = place.0.join("scenarios/fine");
        Ended::from(place.command(arguments).current_dir(folder).output().unwrap())
    };
    assert_eq!(
        inside(&["check", "scenario.yaml"]).stdout,
        "doubtful fine: 1 warning\n"
    );
    for (arguments, said) in [
        (&["run", "."][..], "accept it with `mposim run . --update`\n"),
        (
            &["run", "../fine"],
            "accept it with `mposim run ../fine --update`\n",
        ),
        (
            &["run", ".", "--update"],
            "accepted as ../../snapshots/fine.snap\n",
        ),
        (&["run", "../fine"], "as accepted in ../../snapshots/fine.snap\n"),
        (
            &["run", "scenario.yaml"],
            "as accepted in ../../snapshots/fine.snap\n",
        ),
    ] {
        let ended = inside(arguments);
        assert!(ended.stderr.ends_with(said), "{arguments:?}: {}", ended.stderr);
    }
}

#[test]
fn an_environment_that_no_scenario_asks_for_is_doubtful() {
    let place = Place::new("environment");
    place.scenario(
        "repay",
        &format!("env: {{ WHAT: a }}\ndescription: \"${{WHAT}}\"\n{STARTS}"),
    );
    place.write("p.env", "WHATT=prodsecret\n");
    let warning = "warning: p.env:1: no scenario here uses WHATT; did you mean WHAT?\n";
    for command in ["check", "run"] {
        let ended = place.run(&[command, "repay", "--env", "p.env"]);
        assert!(ended.stderr.contains(warning), "{command}: {}", ended.stderr);
        assert!(!ended.stderr.contains("prodsecret"), "{}", ended.stderr);
    }
    let ended = place.run(&["check", "--env", "p.env"]);
    let note = "note: p.env does not give WHAT: the scenarios' own value counted\n";
    assert!(ended.stderr.ends_with(note), "{}", ended.stderr);
    assert_eq!(ended.code, 0);
}

#[test]
fn two_is_a_fixture_that_cannot_be_read() {
    let place = Place::new("two");
    place.scenario("misspelt", "stepps: []\n");
    place.write("no.json", "{");
    for arguments in [
        &["run"][..],
        &["run", "misspelt"],
        &["check"],
        &["urls", "misspelt"],
        &["preview", "no.json"],
        &["preview", "missing.json"],
        &["why", "no.json"],
        &["why", "missing.json"],
        &["run", "misspelt", "--env", "missing.env"],
    ] {
        let ended = place.run(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}");
        assert!(!ended.stderr.is_empty(), "{arguments:?} says nothing");
    }
}

#[test]
fn two_is_an_integration_mistake_that_certainly_fails() {
    let place = Place::new("two-integration");
    place.scenario(
        "locked-out",
        "extends: ../_shared/locked.yaml\nsteps: [{ event: { amount: 5000 } }]\n",
    );
    place.write(
        "scenarios/_shared/locked.yaml",
        "mpo: { processes: { intake: { start: { auth: basic, user: a, pass: b } } } }\n",
    );
    let ended = place.run(&["check"]);
    assert_eq!(ended.code, 2, "{}{}", ended.stdout, ended.stderr);
}

#[test]
fn a_template_that_makes_no_starter_is_shown_under_its_own_name() {
    let place = Place::new("no-starter");
    place.write("mine.json", r#"{ "event": "NO_SUCH_EVENT" }"#);
    let ended = place.run(&["new", "starter", "--template", "mine.json"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("--> mine.json:1"), "{}", ended.stderr);
    assert!(!place.0.join("scenarios/starter").exists());
}

#[test]
fn three_is_a_run_that_fails() {
    let place = Place::new("three");
    place.scenario("endless", RUNS_INTO_ITS_BOUND);
    assert_eq!(place.code(&["run", "endless"]), 3);
    // A message that waits for its next attempt when the time is over.
    place.scenario(
        "busy",
        "steps: [{ fault: { host: tenant.mpo.mambu.com, answer: [503] } }, { event: { amount: 5000 } }]\n\
         max_virtual_time: 1s\n",
    );
    let ended = place.run(&["run", "busy"]);
    assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
    assert!(
        ended
            .stderr
            .contains("still busy after 1s (`max_virtual_time`): message 1"),
        "{}",
        ended.stderr
    );
    place.scenario("fine", STARTS);
    let nowhere = "--report=junit=no/such/folder/report.xml";
    assert_eq!(
        place.code(&["run", "fine", nowhere]),
        3,
        "a report that cannot be written"
    );
}

#[test]
fn four_is_other_than_expected_or_accepted() {
    let place = Place::new("four");
    place.scenario("fine", STARTS);
    assert_eq!(place.code(&["run", "fine"]), 4, "no snapshot yet");
    assert_eq!(place.code(&["run", "fine", "--update"]), 0);
    place.scenario("fine", &STARTS.replace("5000", "6000"));
    assert_eq!(place.code(&["run", "fine"]), 4, "another ledger");
    place.scenario("fine", &STARTS.replace("started: intake", "denied: true"));
    assert_eq!(place.code(&["run", "fine"]), 4, "not as expected");
    assert_eq!(
        place.code(&["run", "fine", "--update"]),
        4,
        "nobody accepts what is not expected"
    );
}

#[test]
fn a_snapshot_that_is_missing_is_new_and_does_not_differ() {
    let place = Place::new("four-new");
    place.scenario("a", STARTS);
    place.scenario("b", STARTS);
    assert_eq!(place.code(&["run", "a", "--update"]), 0);
    let ended = place.run(&["run"]);
    assert_eq!(ended.code, 4);
    assert_eq!(ended.stdout, "ok      a  1 started\nNEW     b  1 started\n");
    assert!(
        ended
            .stderr
            .ends_with("2 scenarios: 1 ok, 1 without a snapshot\n"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_snapshot_of_no_scenario_is_counted_apart() {
    let place = Place::new("four-orphan");
    place.scenario("a", STARTS);
    assert_eq!(place.code(&["run", "a", "--update"]), 0);
    place.write("snapshots/gone.snap", "left over");
    let ended = place.run(&["run"]);
    assert_eq!(ended.code, 4);
    assert!(
        ended.stderr.ends_with("1 scenario: 1 ok; 1 orphaned snapshot\n"),
        "{}",
        ended.stderr
    );
    let ended = place.run(&["run", "--update"]);
    assert_eq!(ended.code, 0);
    assert!(ended.stderr.ends_with("1 scenario: 1 ok\n"), "{}", ended.stderr);
}

#[test]
fn a_scenario_file_that_is_a_folder_is_called_one() {
    let place = Place::new("two-folder");
    place.scenario("a", STARTS);
    std::fs::create_dir_all(place.0.join("scenarios/b/scenario.yaml")).unwrap();
    let ended = place.run(&["check", "b"]);
    assert_eq!(ended.code, 1);
    assert!(
        ended.stderr.contains("(scenario.yaml is a folder itself)"),
        "{}",
        ended.stderr
    );
    let ended = place.run(&["check"]);
    assert_eq!(ended.code, 0);
    assert!(
        ended
            .stderr
            .contains("scenarios/b/scenario.yaml is a folder: it is no scenario"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_snapshot_that_is_no_text_is_named_and_replaced_by_an_update() {
    let place = Place::new("four-no-text");
    place.scenario("a", STARTS);
    std::fs::create_dir(place.0.join("snapshots")).unwrap();
    let file = place.0.join("snapshots/a.snap");
    std::fs::write(&file, b"\xff").unwrap();
    let ended = place.run(&["run", "a"]);
    assert_eq!(ended.code, 4);
    assert!(
        ended.stderr.contains("snapshots/a.snap is no text in UTF-8"),
        "{}",
        ended.stderr
    );
    assert_eq!(place.code(&["run", "a", "--update"]), 0);
    assert_eq!(place.code(&["run", "a"]), 0);
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    let ended = place.run(&["run", "a"]);
    assert_eq!(ended.code, 3, "it cannot be read at all");
    assert!(
        ended.stderr.contains("snapshot snapshots/a.snap: "),
        "{}",
        ended.stderr
    );
}

#[test]
fn four_is_a_costly_verdict_that_nobody_expects() {
    let place = Place::new("four-costly");
    let paused = "steps:\n  - set: { mpo: { processes: { intake: { state: paused } } } }\n  - event: { amount: 5000 }\n";
    place.scenario("lost", paused);
    let ended = place.run(&["run", "lost", "--update"]);
    assert_eq!(ended.code, 4);
    assert!(ended.stderr.contains("lost"), "{}", ended.stderr);
}

#[test]
fn of_many_the_lowest_code_wins_and_the_others_run() {
    let place = Place::new("many");
    place.scenario("a-misspelt", "stepps: []\n");
    place.scenario("b-endless", RUNS_INTO_ITS_BOUND);
    place.scenario("c-new", STARTS);
    let ended = place.run(&["run"]);
    assert_eq!(ended.code, 2);
    for name in ["a-misspelt", "b-endless", "c-new"] {
        assert!(ended.stdout.contains(name), "{}", ended.stdout);
    }
    assert_eq!(place.code(&["run", "b-endless", "c-new"]), 3);
    assert_eq!(place.code(&["run", "c-new"]), 4);
}

#[test]
fn colours_show_only_where_they_are_wanted() {
    let place = Place::new("colours");
    place.scenario("misspelt", "stepps: []\n");
    place.scenario("new", STARTS);
    let escapes = |ended: &Ended| ended.stdout.contains('\x1b') || ended.stderr.contains('\x1b');
    assert!(!escapes(&place.run(&["run"])), "a pipe has no colours");
    let forced = place
        .command(&["run"])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    assert!(escapes(&Ended::from(forced)), "there are colours");
    let mut command = place.command(&["run"]);
    let refused = command
        .env("CLICOLOR_FORCE", "1")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert!(!escapes(&Ended::from(refused)), "NO_COLOR is respected");
}

#[test]
fn results_go_to_stdout_and_talk_to_stderr() {
    let place = Place::new("streams");
    place.scenario("fine", STARTS);
    let ended = place.run(&["run", "fine", "--format", "json"]);
    let ledger: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON and nothing else");
    assert_eq!(ledger["ledger"], 1);
    assert!(ended.stderr.contains("no snapshot yet"), "{}", ended.stderr);
}

#[test]
fn many_ledgers_are_one_a_line_as_json() {
    let place = Place::new("lines");
    place.scenario("a", STARTS);
    place.scenario("b", STARTS);
    let ended = place.run(&["run", "--format", "json"]);
    let ledgers: Vec<serde_json::Value> = ended
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON and nothing else"))
        .collect();
    let names: Vec<_> = ledgers
        .iter()
        .map(|ledger| (&ledger["ledger"], ledger["scenario"].as_str().unwrap()))
        .collect();
    let one = serde_json::Value::from(1);
    assert_eq!(names, [(&one, "a"), (&one, "b")]);
}

#[test]
fn list_prints_names_and_descriptions() {
    let place = Place::new("list");
    place.scenario("first", &format!("description: Money arrives.\n{STARTS}"));
    place.scenario("the-second", STARTS);
    place.scenario("unreadable", "stepps: []\n");
    let ended = place.run(&["list"]);
    assert_eq!(ended.code, 0, "what cannot be read is still there");
    assert_eq!(
        ended.stdout,
        "first       Money arrives.\nthe-second\nunreadable\n"
    );
}

#[test]
fn no_command_tells_a_secret() {
    const SECRETS: [&str; 5] = [
        "tpl-s3cret",
        "node-s3cret",
        "var-s3cret",
        "header-s3cret",
        "env-s3cret",
    ];
    const HASH: &str = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";
    let place = Place::new("secrets");
    let scenario = |misspelt: &str| {
        format!(
            "env: {{ PASS: env-s3cret }}\n\
             mambu:\n  templates:\n    disbursed:\n      event: LOAN_DISBURSEMENT\n      url: \"{URL}\"\n      \
             authorization: {{ basic: {{ username: mambu, password: tpl-s3cret }} }}\n      \
             headers: {{ X-Key: header-s3cret }}\n      body: '{{\"key\":\"{{ENCODED_KEY}}\"}}'\n    \
             repaid: {{ file: repaid.json, username: mambu, password: \"${{PASS}}\" }}\n\
             mpo:\n  variables: {{ api-key: {{ raw: var-s3cret, secret: true }} }}\n  processes:\n    intake:\n      \
             direct_url: \"{URL}\"\n      start: {{ auth: basic, user: mambu, pass: node-s3cret }}\n{misspelt}\
             steps:\n  - event: {{ type: LOAN_DISBURSEMENT, amount: 5000 }}\n  - event: {{ type: LOAN_REPAYMENT, amount: 5 }}\n"
        )
    };
    place.write("scenarios/secret/scenario.yaml", &scenario(""));
    place.write("scenarios/misspelt/scenario.yaml", &scenario("  procesess: {}\n"));
    let template = format!(
        r#"{{ "name": "r", "target": "CLIENT", "event": "LOAN_REPAYMENT", "url": "{URL}", "requestType": "POST",
          "authorization": "BASIC_AUTHORIZATION", "username": "mambu", "password": "tpl-s3cret",
          "contentType": "APPLICATION_JSON", "headers": [{{ "headerKey": "X-Key", "headerValue": "header-s3cret" }}],
          "body": "{{}}" }}"#
    );
    for name in ["secret", "misspelt"] {
        place.write(&format!("scenarios/{name}/repaid.json"), &template);
    }
    let message = format!(
        r#"{{ "state": "FAILED", "event": "LOAN_DISBURSEMENT", "destination": "{URL}", "body": "{{}}" }}"#
    );
    place.write("message.json", &message);
    let mut said = String::new();
    for arguments in [
        &["run"][..],
        &["run", "secret"],
        &["run", "secret", "--update"],
        &[
            "run",
            "secret",
            "--format",
            "json",
            "--report",
            "junit=report.xml",
        ],
        &["run", "misspelt"],
        &["check"],
        &["list"],
        &["preview", "scenarios/secret/repaid.json"],
        &["why", "message.json"],
        &["why", "message.json", "--scenario", "secret"],
    ] {
        let ended = place.run(arguments);
        let _ = writeln!(
            said,
            "{arguments:?} {}\n{}{}",
            ended.code, ended.stdout, ended.stderr
        );
    }
    for file in ["report.xml", "snapshots/secret.snap"] {
        said.push_str(&std::fs::read_to_string(place.0.join(file)).unwrap());
    }
    for secret in SECRETS.iter().chain(&[HASH]) {
        assert!(!said.contains(secret), "{secret} is told:\n{said}");
    }
    let links = place.run(&["urls", "secret"]).stdout;
    assert!(links.contains(HASH), "links are shown on purpose");
    assert!(SECRETS.iter().all(|secret| !links.contains(secret)), "{links}");
}

#[test]
fn a_run_beyond_its_bound_says_what_was_still_going_on_and_what_came_last() {
    let place = Place::new("bound");
    place.scenario(
        "bounded",
        &RUNS_INTO_ITS_BOUND.replace("max_happenings: 1", "max_happenings: 5"),
    );
    let said = place.run(&["run", "bounded"]).stderr;
    for words in [
        "more than 5 happenings (`max_happenings`); still going on: message 1",
        "the last that happened:\n  +0s play  step 1\n  +0s mambu event 1 LOAN_DISBURSEMENT",
    ] {
        assert!(said.contains(words), "{said}");
    }
}
