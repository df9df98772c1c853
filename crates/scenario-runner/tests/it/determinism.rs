//! The same scenario and seed give the same ledger, byte for byte, whatever else runs beside it.

use scenario_runner::document::Env;
use scenario_runner::expectation::misses;
use scenario_runner::ledger::{to_json, to_text};
use scenario_runner::play::{play, play_all};
use scenario_runner::suite::Found;
use scenario_runner::{fixture, suite};

use crate::corpus::{Scratch, all, read};

fn ledgers(found: &[Found], jobs: usize) -> Vec<String> {
    let mut ledgers = vec![String::new(); found.len()];
    play_all(
        found,
        jobs,
        |found| {
            let scenario = read(found);
            let outcome = play(&scenario, None).expect("it runs");
            format!(
                "{}\n{}",
                to_text(&outcome, &scenario.secrets),
                to_json(&outcome, &scenario.secrets)
            )
        },
        |at, ledger| ledgers[at] = ledger,
    );
    ledgers
}

#[test]
fn one_thread_and_many_write_the_same_ledgers() {
    let found = all();
    let first = ledgers(&found, 1);
    let second = ledgers(&found, 8);
    for ((found, first), second) in found.iter().zip(first).zip(second) {
        assert_eq!(first, second, "{}", found.name);
    }
}

#[test]
fn another_seed_shifts_retries_and_meets_the_same_expectations() {
    let mut shifted = false;
    for found in all() {
        let scenario = read(&found);
        let plain = play(&scenario, None).expect("it runs");
        for seed in [1, 0xdead_beef] {
            let other = play(&scenario, Some(seed)).expect("it runs");
            assert!(
                misses(&scenario, &other).is_empty(),
                "{} with seed {seed}",
                found.name
            );
            shifted |= plain.ended != other.ended;
        }
    }
    assert!(shifted, "no scenario's retries depend on the seed");
}

const TWO_STEPS: &str = r#"
mambu:
  templates:
    hook:
      event: LOAN_DISBURSEMENT
      url: https://m.example/api/1/json/public/1/0123456789abcdef0123456789abcdef01234567
      body: '{"amount":"{TRANSACTION_AMOUNT}"}'
steps:
  - fault: { host: m.example, answer: [503, 503, 503, 503, 503, 503] }
  - { at: 0s, event: { amount: 1 } }
  - { at: 2h, event: { amount: 2 } }
"#;

#[test]
fn an_inserted_step_changes_its_own_lines_and_no_others() {
    let scratch = Scratch::new("inserted");
    let ledger = |name: &str, text: &str| {
        let folder = scratch.scenario(name, text);
        let found = suite::find(scratch.path(), name).expect("it is there");
        assert_eq!(found.folder, folder);
        let scenario = fixture::load(&folder, &Env::default())
            .scenario
            .expect("it can be read");
        to_text(&play(&scenario, None).expect("it runs"), &scenario.secrets)
    };
    let before = ledger("one", TWO_STEPS);
    let inserted = TWO_STEPS.replace(
        "  - { at: 2h",
        "  - { at: 1h, event: { type: CLIENT_CREATED } }\n  - { at: 2h",
    );
    let after = ledger("one", &inserted);
    let kept: Vec<&str> = after
        .lines()
        .filter(|line| before.lines().any(|old| old == *line))
        .collect();
    let head_and_foot = 2;
    assert!(
        before.lines().count() - kept.len() <= head_and_foot,
        "{before}\n---\n{after}"
    );
    let new: Vec<&str> = after
        .lines()
        .filter(|line| !before.lines().any(|old| old == *line))
        .collect();
    assert!(new.iter().any(|line| line.contains("CLIENT_CREATED")), "{new:?}");
    assert!(new.len() <= 4, "{new:?}");
}
