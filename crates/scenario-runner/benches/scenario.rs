//! What a scenario costs from its text to its ledger, step by step.
//!
//! `cargo bench -p scenario-runner --bench scenario`

use divan::{Bencher, black_box};
use scenario_runner::document::{Env, Paint};
use scenario_runner::fixture::{Loaded, check_text, load_text};
use scenario_runner::ledger;
use scenario_runner::play::play;
use scenario_runner::scenario::Scenario;

/// One event, a process with Basic, one task.
const SCENARIO: &str = r#"
mambu:
  templates:
    disbursed:
      event: LOAN_DISBURSEMENT
      conditions: { all: [ { field: TRANSACTION.AMOUNT, is: MORE_THAN, value: "1000" } ] }
      url: "https://tenant.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f"
      authorization: { basic: { username: mambu, password: s3cret } }
      body: '{"loan":"{ACCOUNT_ID}","transaction":"{TRANSACTION_ID}","amount":"{TRANSACTION_AMOUNT}"}'
mpo:
  processes:
    intake:
      direct_url: "https://tenant.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f"
      start: { auth: basic, user: mambu, pass: s3cret }
steps:
  - event: { amount: 5000 }
    expect: { started: true }
"#;

fn main() {
    divan::main();
}

fn read() -> Loaded {
    load_text(
        "bench",
        "scenario.yaml",
        black_box(SCENARIO),
        &[],
        &Env::default(),
    )
}

fn scenario() -> Scenario {
    let loaded = read();
    let mistakes = loaded.mistakes(Paint::Plain);
    loaded.scenario.unwrap_or_else(|| panic!("{mistakes}"))
}

#[divan::bench]
fn read_a_fixture() -> Loaded {
    read()
}

#[divan::bench]
fn check_a_fixture() -> Loaded {
    check_text(
        "bench",
        "scenario.yaml",
        black_box(SCENARIO),
        &[],
        &Env::default(),
    )
}

#[divan::bench]
fn play_one_event(bencher: Bencher<'_, '_>) {
    let scenario = scenario();
    bencher.bench_local(|| play(black_box(&scenario), None).expect("a run"));
}

#[divan::bench]
fn write_a_ledger(bencher: Bencher<'_, '_>) {
    let scenario = scenario();
    let outcome = play(&scenario, None).expect("a run");
    bencher.bench_local(|| ledger::to_text(black_box(&outcome), &scenario.secrets));
}
