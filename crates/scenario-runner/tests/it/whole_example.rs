//! The example of the design page, with every kind of key in it: it is read without a word, and plays as it says.

use std::path::Path;

use mambu_emitter::bank::Kind as Record;
use scenario_runner::document::{Env, Paint};
use scenario_runner::expectation::{Kind, misses};
use scenario_runner::fixture::{self, Loaded};
use scenario_runner::ledger::{Outcome, to_json, to_text};
use scenario_runner::play::play;
use scenario_runner::scenario::Scenario;

fn load(env: &Env) -> Loaded {
    let loaded = fixture::load(Path::new("tests/fixtures/grown-up"), env);
    assert_eq!(loaded.mistakes(Paint::Plain), "");
    loaded
}

fn ran(scenario: &Scenario) -> Outcome {
    play(scenario, None).expect("the run comes to its end")
}

#[test]
fn it_does_what_it_expects() {
    let loaded = load(&Env::default());
    let scenario = loaded.scenario.expect("it has no mistakes");
    let outcome = ran(&scenario);
    assert_eq!(misses(&scenario, &outcome), []);
    assert_eq!(
        (
            outcome.counts.tasks,
            outcome.counts.messages,
            outcome.counts.attempts
        ),
        (2, 2, 2)
    );
    assert_eq!(
        outcome.counts.by_verdict(Kind::Started),
        2,
        "the event, and the message"
    );
}

#[test]
fn a_message_goes_out_again_with_the_credentials_of_its_template() {
    let scenario = load(&Env::default()).scenario.expect("it has no mistakes");
    let outcome = ran(&scenario);
    let step = outcome
        .steps
        .iter()
        .find(|step| step.number == 3)
        .expect("the third step");
    let message = step.messages().next().expect("a message");
    assert_eq!(
        (message.body.as_str(), message.authorization),
        ("{\"loanId\":\"LN-1001\"}", "Basic")
    );
    let verdict = step
        .template_verdict("repaid")
        .expect("the only template for the event");
    assert_eq!(verdict.kind, Kind::Started);
}

#[test]
fn what_it_extends_lies_below_it_and_keeps_its_own_folder() {
    let scenario = load(&Env::default()).scenario.expect("it has no mistakes");
    // Named by the extended file, relative to that one; then replaced by the scenario's own list.
    assert!(scenario.bank.find(Record::Client, "CL-2001").is_none());
    assert!(scenario.bank.find(Record::Client, "CL-1002").is_some());
    assert!(scenario.bank.find(Record::Loan, "LN-1002").is_some());
    assert_eq!(scenario.mpo.processes[0].title, "Loan intake");
    let disbursed = &scenario.mambu.templates[0];
    assert!(
        disbursed.url.contains("/31754/"),
        "the extended file's url goes before the template's"
    );
}

#[test]
fn an_environment_from_outside_goes_before_its_own() {
    let mut env = Env::default();
    let url = "https://other.mpo.mambu.com/api/1/json/public/7/0123456789012345678901234567890123456789";
    env.define("INTAKE_URL", url);
    let scenario = load(&env).scenario.expect("it has no mistakes");
    assert!(
        scenario
            .mambu
            .templates
            .iter()
            .all(|template| *template.url == *url)
    );
    assert_eq!(scenario.mpo.processes[0].direct_url.host(), "other.mpo.mambu.com");
}

#[test]
fn neither_ledger_tells_a_secret() {
    let scenario = load(&Env::default()).scenario.expect("it has no mistakes");
    let outcome = ran(&scenario);
    let text = to_text(&outcome, &scenario.secrets) + &to_json(&outcome, &scenario.secrets).to_string();
    for secret in ["s3cret", "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f", "bWFtYnU6"] {
        assert!(!text.contains(secret), "{secret}");
    }
}
