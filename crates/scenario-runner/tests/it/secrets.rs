//! No output of any scenario holds a secret of its configuration.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mambu_emitter::mambu;
use mambu_emitter::template::Authorization;
use mpo_process::Visibility;
use mpo_receiver::{Configuration, StartAuth};
use scenario_runner::document::{Env, Paint};
use scenario_runner::fixture;
use scenario_runner::ledger::{to_json, to_text};
use scenario_runner::play::play;
use scenario_runner::scenario::{Action, Scenario};
use secrecy::ExposeSecret as _;

use crate::corpus::{all, read, root};

/// Everything that a scenario's configuration calls a secret: passwords, alone and as they go over the wire, hashes, secret
/// variables, and values of headers.
fn secrets(scenario: &Scenario) -> Vec<String> {
    let mut secrets = Vec::new();
    let mut side = |mambu: &mambu::Configuration, mpo: &Configuration| {
        for template in &mambu.templates {
            if let Authorization::Basic { username, password } = &template.authorization {
                secrets.push(password.expose_secret().to_owned());
                secrets.push(basic(username, password.expose_secret()));
            }
            secrets.extend(
                template
                    .headers
                    .iter()
                    .map(|header| header.value.expose_secret().to_owned()),
            );
        }
        for process in &mpo.processes {
            secrets.push(process.direct_url.hash().expose().to_owned());
            if let StartAuth::Basic(Some(credentials)) = &process.start {
                let user = mpo_process::resolve(credentials.user.expose_secret(), &mpo.variables);
                let pass = mpo_process::resolve(credentials.pass.expose_secret(), &mpo.variables);
                secrets.push(basic(user.text.expose_secret(), pass.text.expose_secret()));
                secrets.push(pass.text.expose_secret().to_owned());
            }
        }
        let hidden = |variable: &&mpo_process::Variable| variable.visibility == Visibility::Secret;
        let hidden = mpo.variables.iter().filter(hidden);
        secrets.extend(hidden.map(|variable| variable.value.expose().to_owned()));
        secrets.extend(
            mpo.aliases
                .iter()
                .map(|alias| alias.direct_url.hash().expose().to_owned()),
        );
    };
    side(&scenario.mambu, &scenario.mpo);
    for step in &scenario.steps {
        if let Action::Set(set) = &step.action {
            side(&set.mambu, &set.mpo);
        }
    }
    for step in &scenario.steps {
        if let Action::Post(post) = &step.action {
            secrets.push(post.path.expose_secret().to_owned());
            let headers = post.headers.iter().map(|(_, value)| value.expose_secret());
            secrets.extend(headers.filter_map(|value| Some(value.split_once(' ')?.1.trim().to_owned())));
        }
    }
    secrets.retain(|secret| secret.len() >= 4);
    secrets
}

/// User and password as an Authorization header has them.
fn basic(user: &str, pass: &str) -> String {
    STANDARD.encode(format!("{user}:{pass}"))
}

#[test]
fn no_ledger_holds_a_secret() {
    let mut known = 0;
    for found in all() {
        let scenario = read(&found);
        let outcome = play(&scenario, None).expect("it runs");
        let snapshot = std::fs::read_to_string(scenario_runner::snapshot::path(&root(), &found.name));
        let outputs = [
            snapshot.unwrap_or_default(),
            to_text(&outcome, &scenario.secrets),
            to_json(&outcome, &scenario.secrets).to_string(),
            format!("{:?}", scenario.mambu),
            format!("{:?}", scenario.mpo),
        ];
        for secret in secrets(&scenario) {
            known += 1;
            for output in &outputs {
                assert!(
                    !output.contains(&secret),
                    "{} prints a secret of {} letters",
                    found.name,
                    secret.len()
                );
            }
        }
    }
    assert!(known > 0, "no scenario has a secret");
}

#[test]
fn a_secret_in_a_body_a_name_or_an_echo_is_covered_as_well() {
    let text = r#"
mambu:
  templates:
    echoed:
      event: LOAN_DISBURSEMENT
      url: https://tenant.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f?apikey=Q7rySecret
      authorization: { basic: { username: mambu, password: Zq9SecretPass } }
      body: '{"link":"5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f","key":"Q7rySecret"}'
mpo:
  processes:
    intake: { direct_url: "https://tenant.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f" }
steps:
  - fault: { host: tenant.mpo.mambu.com, answer: [ { status: 500, body: "Basic bWFtYnU6WnE5U2VjcmV0UGFzcw== Zq9SecretPass" } ] }
  - name: see 5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f
    event: { amount: 5000 }
"#;
    let loaded = fixture::load_text("secrets", "scenario.yaml", text, &[], &Env::default());
    let mistakes = loaded.mistakes(Paint::Plain);
    let scenario = loaded.scenario.unwrap_or_else(|| panic!("{mistakes}"));
    let outcome = play(&scenario, None).expect("it runs");
    for output in [
        to_text(&outcome, &scenario.secrets),
        to_json(&outcome, &scenario.secrets).to_string(),
    ] {
        assert!(output.contains("500 Basic <secret>"), "{output}");
        for secret in ["5f3c9a0f", "Q7rySecret", "Zq9SecretPass", "bWFtYnU6"] {
            assert!(!output.contains(secret), "{secret} in {output}");
        }
    }
}

/// What is said about a scenario that cannot be run.
fn said_about(text: &str) -> String {
    let loaded = fixture::load_text("secrets", "scenario.yaml", text, &[], &Env::default());
    assert!(loaded.scenario.is_none(), "nothing is wrong");
    loaded.mistakes(Paint::Plain)
}

#[test]
fn a_value_of_the_environment_that_uses_another_is_covered_beside_a_mistake() {
    let said = said_about(
        r#"{
  "env": { "WORD": "topvalue-${B}", "OWN": "${B}", "B": "bbbbbb", "C": ["x"] },
  "steps": [] }"#,
    );
    for secret in ["topvalue", "bbbbbb"] {
        assert!(!said.contains(secret), "{said}");
    }
    assert!(said.contains(r#""OWN": "${B}""#), "{said}");
}

/// A scenario with a password, and an event about a loan of the same name.
fn event_about(password: &str) -> String {
    format!(
        r#"
mambu:
  templates:
    told:
      event: LOAN_DISBURSEMENT
      url: https://tenant.mpo.mambu.com/x
      authorization: {{ basic: {{ username: mambu, password: "x" }} }}
      body: '{{}}'
mpo:
  processes:
    intake:
      direct_url: https://tenant.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f
      start: {{ auth: basic, user: mambu, pass: "{password}" }}
steps:
  - event: {{ loan: "{password}" }}
"#
    )
}

#[test]
fn a_password_that_begins_with_a_dollar_sign_is_in_no_message() {
    let said = said_about(&event_about("$ecret1234"));
    assert!(said.contains("the bank has no loan **********"), "{said}");
    assert!(!said.contains("ecret1234"), "{said}");
}

#[test]
fn a_password_that_is_the_name_of_a_variable_of_a_shell_is_shown_as_the_slip_it_is() {
    let said = said_about(&event_about("$MPO_PASS"));
    assert!(said.contains("the bank has no loan $MPO_PASS"), "{said}");
}

#[test]
fn what_stands_under_any_key_that_sounds_secret_is_in_no_message() {
    let own = "env: { API_TOKEN: t0p-value, my_user: x }";
    let said = said_about(&format!(
        "{own}{}",
        event_about("t0p-value").replace("pass:", "token:")
    ));
    assert!(said.contains("the bank has no loan *********"), "{said}");
    let said = said_about(&format!("{own}{}", event_about("$my_user")));
    assert!(said.contains("the bank has no loan $my_user"), "{said}");
}
