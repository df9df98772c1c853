//! Records that a `set` brings: laid over the bank of that moment, as events have left it.

use scenario_runner::document::{Env, Paint};
use scenario_runner::expectation::misses;
use scenario_runner::fixture::{self, Loaded};
use scenario_runner::play::play;

const URL: &str =
    "https://tenant.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";

fn read(more: &str) -> Loaded {
    let body = r#"{"name":"{RECIPIENT_NAME}","loan":"{ACCOUNT_ID}","left":"{PRINCIPAL_BALANCE}"}"#;
    let text = format!(
        "mambu:
  bank: [ {{ clients: {{ CL-7: {{ firstName: Eve, lastName: Ode }} }} }} ]
  templates:
    repaid: {{ event: LOAN_REPAYMENT, url: {URL}, body: '{body}' }}
    disbursed: {{ event: LOAN_DISBURSEMENT, url: {URL}, body: '{body}' }}
steps:
{more}"
    );
    fixture::load_text("records", "scenario.yaml", &text, &[], &Env::default())
}

/// Plays these steps; what of their expectations does not hold, and what the ledger says.
fn holds(steps: &str) {
    let loaded = read(steps);
    assert_eq!(loaded.mistakes(Paint::Plain), "");
    let scenario = loaded.scenario.expect("it has no mistakes");
    let outcome = play(&scenario, None).expect("it runs");
    assert_eq!(misses(&scenario, &outcome), []);
}

#[test]
fn a_record_that_a_set_changes_is_seen_by_later_events_and_not_by_earlier_ones() {
    holds(
        "  - event: { type: LOAN_DISBURSEMENT, amount: 100 }
    expect: { data: { name: Demo Client } }
  - set: { mambu: { bank: [ { clients: { CL-1001: { firstName: Zoe, lastName: Q } } } ] } }
  - event: { type: LOAN_DISBURSEMENT, amount: 100 }
    expect: { data: { name: Zoe Q } }",
    );
}

#[test]
fn a_record_that_a_set_adds_can_be_held_by_one_that_was_there() {
    holds(
        "  - set: { mambu: { bank: [ { loans: { LN-7: { accountHolderKey: CL-7, loanAmount: 900 } } } ] } }
  - event: { type: LOAN_DISBURSEMENT, loan: LN-7 }
    expect: { data: { name: Eve Ode, loan: LN-7 } }",
    );
}

#[test]
fn what_events_have_changed_stays_unless_a_set_names_it() {
    let renamed = "  - set: { mambu: { bank: [ { loans: { LN-1001: { loanName: Other } } } ] } }\n";
    let paid_down =
        "  - set: { mambu: { bank: [ { loans: { LN-1001: { balances: { principalBalance: 40 } } } } ] } }\n";
    holds(&format!(
        "  - event: {{ type: LOAN_DISBURSEMENT, amount: 1000 }}
{renamed}  - event: {{ type: LOAN_REPAYMENT, amount: 100 }}
    expect: {{ data: {{ left: \"900.00\" }} }}
{paid_down}{renamed}  - event: {{ type: LOAN_REPAYMENT, amount: 10 }}
    expect: {{ data: {{ left: \"30.00\" }} }}"
    ));
}

#[test]
fn a_set_may_name_a_record_by_its_encoded_key() {
    holds(
        "  - set: { mambu: { bank: [ { loans: { LN-7: { accountHolderKey: CL-7, encodedKey: aaaa } } } ] } }
  - set: { mambu: { bank: [ { loans: { aaaa: { loanAmount: 900 } } } ] } }
  - event: { type: LOAN_DISBURSEMENT, loan: LN-7 }
    expect: { data: { loan: LN-7 } }",
    );
}

#[test]
fn records_of_a_set_are_read_as_closely_as_the_others() {
    let said = |bank: &str| {
        let steps =
            format!("  - set: {{ mambu: {{ bank: {bank} }} }}\n  - event: {{ type: LOAN_DISBURSEMENT }}");
        read(&steps).mistakes(Paint::Plain)
    };
    for (bank, expected) in [
        (
            "[ { loans: { LN-7: { accountHolderKey: CL-8 } } } ]",
            "warning: the loan LN-7 is held by nobody whom the bank knows",
        ),
        (
            "[ { clients: { CL-7: { fristName: Eve } } } ]",
            "warning: a client has no field `fristName` in the fact sheets",
        ),
        (
            "[ { clients: { CL-7: null } } ]",
            "error: expected a client in API v2 JSON, found nothing",
        ),
        ("[ nowhere.json ]", "error: "),
        ("{ clients: {} }", "error: "),
    ] {
        let said = said(bank);
        assert_eq!(said.matches(expected).count(), 1, "{bank}: {said}");
    }
}
