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
