//! What `preview` says about an event that is wrong, or that it needs.

use std::path::Path;

use scenario_runner::document::Paint;
use scenario_runner::preview::{Preview, Request, preview};
use serde_json::{Value, json};

/// What is said of a template on an event with a body, and of `--event`.
fn said(name: &str, event: &str, body: &str, given: Option<&str>) -> Preview {
    said_with(name, &json!({ "event": event, "body": body }), given)
}

/// The same of a template that has these members instead of the usual ones.
fn said_with(name: &str, members: &Value, given: Option<&str>) -> Preview {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("previews");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{name}.json"));
    let mut template = json!({
        "name": "t", "target": "CLIENT", "event": "LOAN_DISBURSEMENT", "subscriptionOption": "OPT_OUT", "activated": true,
        "url": "https://m.example/x", "requestType": "POST", "contentType": "APPLICATION_JSON", "body": "{}",
        "authorization": "BASIC_AUTHORIZATION",
    });
    for (member, value) in members.as_object().into_iter().flatten() {
        template[member] = value.clone();
    }
    std::fs::write(&file, template.to_string()).unwrap();
    let request = Request {
        template: file.to_str().unwrap(),
        event: given,
        bank: None,
    };
    preview(&request, Paint::Plain).unwrap()
}

#[test]
fn a_mistake_in_an_event_is_shown_where_it_was_written_and_nowhere_else() {
    for (at, (event, place)) in [
        ("{", "--event:1:"),
        ("{ amuont: 5 }", "--event:1:3"),
        ("{ loan: LN-7 }", "--event:1:9"),
    ]
    .into_iter()
    .enumerate()
    {
        let preview = said(&format!("where-{at}"), "LOAN_DISBURSEMENT", "{}", Some(event));
        assert!(preview.mistakes.contains(place), "{event}: {}", preview.mistakes);
        assert!(!preview.mistakes.contains("username"), "{}", preview.mistakes);
        assert!(preview.page.is_none());
    }
}

#[test]
fn an_event_may_stand_on_several_lines() {
    let event = "amount: 5\nclient: CL-1001\n";
    let preview = said("lines", "LOAN_DISBURSEMENT", "{}", Some(event));
    assert!(preview.page.is_some(), "{}", preview.mistakes);
}

#[test]
fn an_event_that_is_needed_is_said_ready_to_be_copied() {
    let preview = said("amount", "SAVINGS_DEPOSIT", "{}", None);
    assert_eq!(
        preview.mistakes,
        "error: SAVINGS_DEPOSIT needs an amount\n  = help: say it, such as --event '{ amount: 250.00 }'\n"
    );
    let body = r#"{"branch":"{BRANCH_NAME}"}"#;
    let preview = said("both", "SAVINGS_DEPOSIT", body, None);
    assert!(
        preview
            .mistakes
            .contains(r#"--event '{ amount: 250.00, values: { "BRANCH_NAME": example } }'"#),
        "{}",
        preview.mistakes
    );
}

#[test]
fn a_misspelt_name_in_an_event_is_warned_of_as_in_a_scenario() {
    for (at, (given, place, message, hint)) in [
        (
            "{ change: { loan: { loanAmout: 5 } } }",
            "--event:1:21",
            "warning: a loan has no field `loanAmout` in the fact sheets",
            "did you mean `loanAmount`?",
        ),
        (
            "{ transaction: { amout: 5 } }",
            "--event:1:18",
            "warning: a transaction has no field `amout` in the fact sheets",
            "did you mean `amount`?",
        ),
        (
            "{ values: { RECIPIENT_NAM: x } }",
            "--event:1:13",
            "warning: no placeholder, condition or template here knows a value `RECIPIENT_NAM`",
            "did you mean `RECIPIENT_NAME`?",
        ),
        (
            "{ loan: LN-7, values: { NOBODY_ASKS: x } }",
            "--event:1:9",
            "warning: no placeholder, condition or template here knows a value `NOBODY_ASKS`",
            "as it is, nothing reads it",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let preview = said(&format!("misspelt-{at}"), "LOAN_DISBURSEMENT", "{}", Some(given));
        for part in [place, message, hint] {
            assert!(preview.mistakes.contains(part), "{given}: {}", preview.mistakes);
        }
        assert_eq!(preview.page.is_some(), !given.contains("LN-7"), "{given}");
    }
    let given =
        "{ change: { loan: { ourField: 5 } }, transaction: { amount: 5 }, values: { RECIPIENT_NAME: x } }";
    let preview = said("spelt", "LOAN_DISBURSEMENT", "{}", Some(given));
    assert_eq!(preview.mistakes, "");
}

/// The verdict of a preview: what stands above the request.
fn verdict(name: &str, members: &Value, given: &str) -> String {
    let preview = said_with(name, members, Some(given));
    let page = preview.page.unwrap_or_else(|| panic!("{}", preview.mistakes));
    page.split("\n\n").next().unwrap_or_default().to_owned()
}

/// Members with two conditions of a template.
fn with_conditions(mut members: Value) -> Value {
    let clause = |operator: &str, value: &str| {
        json!({
            "dataFieldType": "NATIVE", "dataFieldEntityType": "TRANSACTION", "dataFieldValue": "AMOUNT",
            "filterElement": operator, "value": value, "dataType": "MONEY",
        })
    };
    members["filtersLinkingOperator"] = json!("MATCH_ALL");
    members["filterConstraints"] = json!([clause("MORE_THAN", "1000"), clause("LESS_THAN", "2000")]);
    members
}

#[test]
fn every_gate_and_every_condition_says_yes_or_no_whatever_the_ones_before_say() {
    for (at, (members, given, lines)) in [
        (
            json!({ "activated": false }),
            "{ amount: 900 }",
            vec![
                "activated               NO",
                "=> no message: the template is inactive",
            ],
        ),
        (
            json!({ "trigger": "MANUAL" }),
            "{ amount: 900 }",
            vec![
                "trigger                 MANUAL: NO",
                "=> no message: the template has trigger MANUAL",
            ],
        ),
        (
            json!({ "subscriptionOption": "OPT_IN" }),
            "{ amount: 900 }",
            vec![
                "subscription            OPT_IN, CL-1001: NO",
                "=> no message: CL-1001 is not subscribed (OPT_IN)",
            ],
        ),
        (
            json!({ "target": "GROUP", "activated": false }),
            "{ amount: 900 }",
            vec![
                "activated               NO",
                "target                  GROUP: NO, the event is about a client",
                "=> no message: the template is inactive",
            ],
        ),
        (
            json!({ "target": "GROUP" }),
            "{ amount: 900 }",
            vec!["=> no message: the template's target is GROUP, and the event is about a client"],
        ),
        (
            json!({}),
            "{ type: LOAN_REPAYMENT, amount: 900 }",
            vec![
                "event                   LOAN_DISBURSEMENT: NO, this is LOAN_REPAYMENT",
                "=> no message: the template listens to LOAN_DISBURSEMENT, and this is LOAN_REPAYMENT",
            ],
        ),
        (
            json!({}),
            "{ amount: 900 }",
            vec![
                "target                  CLIENT: yes",
                "=> no message: the conditions do not hold",
            ],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let verdict = verdict(&format!("gates-{at}"), &with_conditions(members), given);
        let always = [
            "condition               TRANSACTION.AMOUNT MORE_THAN 1000: NO, saw 900",
            "condition               TRANSACTION.AMOUNT LESS_THAN 2000: yes, saw 900",
        ];
        for line in lines.into_iter().chain(always) {
            assert!(
                verdict.lines().any(|said| said.trim_start() == line),
                "{line}\n{verdict}"
            );
        }
    }
}

#[test]
fn a_condition_that_another_event_has_nothing_for_says_why_it_saw_nothing() {
    let verdict = verdict(
        "nothing-to-see",
        &with_conditions(json!({})),
        "{ type: CLIENT_APPROVED }",
    );
    assert!(
        verdict
            .contains("TRANSACTION.AMOUNT MORE_THAN 1000: NO, no value (CLIENT_APPROVED has no transaction)"),
        "{verdict}"
    );
}
