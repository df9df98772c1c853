//! No output of any scenario holds a secret of its configuration.

use mambu_emitter::mambu;
use mambu_emitter::template::Authorization;
use mpo_receiver::{Configuration, StartAuth};
use scenario_runner::ledger::{to_json, to_text};
use scenario_runner::play::play;
use scenario_runner::scenario::{Action, Scenario};
use secrecy::ExposeSecret as _;

use crate::corpus::{all, read};

/// Everything that a scenario's configuration calls a secret: passwords, hashes, values of custom headers.
fn secrets(scenario: &Scenario) -> Vec<String> {
    let mut secrets = Vec::new();
    let mut side = |mambu: &mambu::Configuration, mpo: &Configuration| {
        for template in &mambu.templates {
            if let Authorization::Basic { password, .. } = &template.authorization {
                secrets.push(password.expose_secret().to_owned());
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
                let pass = mpo_process::resolve(credentials.pass.expose_secret(), &mpo.variables);
                secrets.push(pass.text.expose_secret().to_owned());
            }
        }
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
    secrets.retain(|secret| secret.len() >= 4);
    secrets
}

#[test]
fn no_ledger_holds_a_secret() {
    let mut known = 0;
    for found in all() {
        let scenario = read(&found);
        let outcome = play(&scenario, None).expect("it runs");
        let outputs = [
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
