//! What `preview` says about an event that is wrong, or that it needs.

use std::path::Path;

use scenario_runner::document::Paint;
use scenario_runner::preview::{Preview, Request, preview};

/// What is said of a template on an event with a body, and of `--event`.
fn said(name: &str, event: &str, body: &str, given: Option<&str>) -> Preview {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("previews");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{name}.json"));
    let template = serde_json::json!({
        "name": "t", "target": "CLIENT", "event": event, "subscriptionOption": "OPT_OUT", "activated": true,
        "url": "https://m.example/x", "requestType": "POST", "contentType": "APPLICATION_JSON", "body": body,
        "authorization": "BASIC_AUTHORIZATION",
    });
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
