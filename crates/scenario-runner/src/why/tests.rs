//! What is said of records, with and without a scenario.

use super::*;
use crate::document::Env;
use crate::fixture;

fn record(text: &str) -> Record {
    let reading = read_text("record", text);
    reading.record.expect("the text of the test is a record")
}

fn page(text: &str) -> String {
    explain(&record(text), None).unwrap()
}

#[test]
fn a_failed_message_is_explained_with_what_to_check_next() {
    let page = page(
        r#"{ "encodedKey": "8a81", "event": "LOAN_REPAYMENT", "state": "FAILED", "numRetries": 3,
            "failureReason": "INVALID_HTTP_RESPONSE", "failureCause": "403 {\"request_proc\":\"ok\"}" }"#,
    );
    assert!(page.contains("FAILED after 4 attempts"), "{page}");
    assert!(page.contains("Access denied"), "{page}");
    assert!(
        page.contains("1. does the Start node have Type auth Basic?"),
        "{page}"
    );
}

#[test]
fn a_sent_message_can_be_lost() {
    let page = page(r#"{ "state": "SENT" }"#);
    assert!(page.contains("paused"), "{page}");
}

#[test]
fn a_failed_message_without_a_reason_is_not_on_its_way() {
    let page = page(r#"{ "state": "FAILED", "numRetries": 18446744073709551615 }"#);
    assert!(page.contains("no `failureReason`"), "{page}");
    assert!(!page.contains("still on its way"), "{page}");
}

#[test]
fn a_hash_in_a_destination_is_not_printed() {
    let hash = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";
    let page = page(&format!(
        r#"{{ "state": "SENT", "destination": "https://m.example/api/1/json/public/1/{hash}" }}"#
    ));
    assert!(!page.contains(hash));
}

const LINK: &str = "https://tenant.mpo.mambu.com/api/1/json/public";
const HASH: &str = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";

/// A scenario with two templates on repayments: one to process 1, whose Start node wants Basic, one to process 2.
fn two() -> Scenario {
    let text = format!(
        r#"
mambu:
  templates:
    a: {{ event: LOAN_REPAYMENT, url: "{LINK}/1/{HASH}", body: "{{}}",
          authorization: {{ basic: {{ username: mambu, password: a-secret }} }} }}
    b: {{ event: LOAN_REPAYMENT, url: "{LINK}/2/{HASH}", body: "{{}}" }}
mpo:
  processes:
    one: {{ direct_url: "{LINK}/1/{HASH}", start: {{ auth: basic, user: mambu, pass: a-secret }} }}
    two: {{ direct_url: "{LINK}/2/{HASH}", start: {{ auth: basic, user: mambu, pass: a-secret }} }}
steps: [{{ set: {{}} }}]
"#
    );
    let loaded = fixture::load_text("two", "scenario.yaml", &text, &[], &Env::default());
    let mistakes = loaded.mistakes(crate::document::Paint::Plain);
    loaded.scenario.expect(&mistakes)
}

fn asked(text: &str, template: Option<&str>) -> Result<String, NoTemplate> {
    let scenario = two();
    let scenario = &scenario;
    explain(&record(text), Some(Asked { scenario, template }))
}

fn failed(more: &str) -> String {
    format!(
        r#"{{ "event": "LOAN_REPAYMENT", "state": "FAILED", "failureReason": "INVALID_HTTP_RESPONSE",
            "failureCause": 403, "body": "{{}}"{more} }}"#
    )
}

#[test]
fn a_record_without_a_body_is_promised_nothing() {
    let text = failed(&format!(r#", "destination": "{LINK}/1/{HASH}""#)).replace(r#", "body": "{}""#, "");
    let page = asked(&text, None).unwrap();
    assert!(
        page.contains("the record has none") && !page.contains("would get through"),
        "{page}"
    );
}

#[test]
fn the_destination_says_whose_message_it_is_and_what_gets_through_is_only_sent_again() {
    let page = asked(&failed(&format!(r#", "destination": "{LINK}/1/{HASH}""#)), None).unwrap();
    assert!(page.contains("with the credentials of template a"), "{page}");
    assert!(
        page.ends_with(
            "what to check next\n  1. the message would get through now: resend it \
             (POST /api/communications/messages:resend)\n"
        ),
        "{page}"
    );
}

#[test]
fn a_port_that_https_has_anyway_makes_no_other_host() {
    let link = LINK.replace(".com/", ".com:443/");
    let page = asked(
        &failed(&format!(r#", "destination": "{link}/1/{HASH}""#)),
        Some("a"),
    )
    .unwrap();
    assert!(page.contains("would get through now"), "{page}");
}

#[test]
fn a_message_that_may_have_started_its_task_is_looked_for_before_it_is_sent_again() {
    let text = failed(&format!(r#", "destination": "{LINK}/1/{HASH}""#)).replace("403", "502");
    let page = asked(&text, None).unwrap();
    let first = format!("  1. {LOOK_FIRST}\n  2. the message would get through now");
    assert!(page.contains(&first), "{page}");
}

#[test]
fn a_message_that_no_template_listens_for_says_so() {
    let text = failed(&format!(r#", "destination": "{LINK}/3/{HASH}""#));
    let page = asked(&text.replace("LOAN_REPAYMENT", "LOAN_APPROVAL"), None).unwrap();
    let said = "no template of the scenario listens to LOAN_APPROVAL; to ask with the credentials of another: --template a";
    assert!(page.contains(said), "{page}");
}

#[test]
fn a_message_that_can_be_of_several_templates_is_not_judged() {
    let text = failed(&format!(r#", "destination": "{LINK}/3/{HASH}""#));
    let page = asked(&text, None).unwrap();
    assert!(
        page.contains("which template? --template a or --template b"),
        "{page}"
    );
    assert!(!page.contains("mend this first"), "{page}");
    let page = asked(&text, Some("b")).unwrap();
    assert!(page.contains("with the credentials of template b"), "{page}");
    assert!(page.contains("mend this first"), "{page}");
    assert_eq!(
        asked(&text, Some("c")).unwrap_err().to_string(),
        "scenario two has no template `c`; it has a, b"
    );
}

#[test]
fn what_never_left_mambu_is_not_said_to_get_through() {
    let text = failed(&format!(r#", "destination": "{LINK}/1/{HASH}""#))
        .replace("INVALID_HTTP_RESPONSE", "WEBHOOK_NOTIFICATIONS_DISABLED");
    let page = asked(&text, None).unwrap();
    assert!(
        page.contains("change Webhook Communications to Enabled"),
        "{page}"
    );
    assert!(!page.contains("would get through now"), "{page}");
    let page = asked(&text.replace("WEBHOOK_NOTIFICATIONS_DISABLED", "FOO"), None).unwrap();
    assert!(page.contains("1. MPO would take it: once the reason"), "{page}");
}

#[test]
fn a_resend_is_not_recommended_for_what_comes_from_the_stored_url_or_body() {
    let url = format!("{LINK}/1/{HASH}");
    let large = format!("{{{}}}", " ".repeat(70_000));
    let http = url.replace("https", "http");
    let private = url.replace("tenant.mpo.mambu.com", "10.0.0.1");
    for (reason, destination, body, refusal, again) in [
        (
            "INVALID_HTTP_PROTOCOL",
            &*http,
            "{}",
            "INVALID_HTTP_PROTOCOL: http is not allowed",
            Stored::Url,
        ),
        (
            "INVALID_HTTP_RESPONSE",
            &http,
            "{}",
            "INVALID_HTTP_PROTOCOL: http is not allowed",
            Stored::Url,
        ),
        (
            "BLACKLISTED_URL",
            &private,
            "{}",
            "BLACKLISTED_URL: 10.0.0.1",
            Stored::Url,
        ),
        (
            "UNDEFINED_DESTINATION",
            "",
            "{}",
            "UNDEFINED_DESTINATION",
            Stored::Url,
        ),
        (
            "MAX_MESSAGE_SIZE_LIMIT_EXCEEDED",
            &url,
            &large,
            "70002 bytes, most 65536",
            Stored::Body,
        ),
        (
            "INVALID_HTTP_RESPONSE",
            &url,
            &large,
            "70002 bytes, most 65536",
            Stored::Body,
        ),
        (
            "INVALID_JSON_BODY_SYNTAX",
            &url,
            "{ 5 }",
            "line 1 column 3",
            Stored::Body,
        ),
        // The scenario would take these, and the reason says that Mambu did not.
        (
            "INVALID_HTTP_PROTOCOL",
            &url,
            "{}",
            "200: a task of process one starts",
            Stored::Url,
        ),
        (
            "MAX_MESSAGE_SIZE_LIMIT_EXCEEDED",
            &url,
            "{}",
            "200: a task of process one starts",
            Stored::Body,
        ),
        (
            "MISSING_TEMPLATE_KEY",
            &url,
            "{}",
            "200: a task of process one starts",
            Stored::Template,
        ),
    ] {
        let text = serde_json::json!({
            "event": "LOAN_REPAYMENT", "state": "FAILED", "failureReason": reason, "destination": destination, "body": body,
        });
        let page = asked(&text.to_string(), Some("a")).unwrap();
        assert!(page.contains(refusal), "{page}");
        assert_eq!(page.matches(again.advice()).count(), 1, "{page}");
        assert!(
            !page.contains("resend it") && !page.contains("get through"),
            "{page}"
        );
    }
}

#[test]
fn what_is_rejected_for_its_url_or_body_is_not_mended_by_a_resend_and_what_mpo_can_mend_is() {
    let url = format!("{LINK}/1/{HASH}");
    for (wrong, again) in [
        (
            failed(&format!(r#", "destination": "{LINK}/1/0{HASH}""#)),
            Some(Stored::Url),
        ),
        (
            failed(&format!(r#", "destination": "{url}""#)).replace("\"{}\"", "\"[]\""),
            Some(Stored::Body),
        ),
        (
            failed(&format!(r#", "destination": "{LINK}/2/{HASH}""#)).replace("403", "404"),
            None,
        ),
    ] {
        let page = asked(&wrong, Some(if again.is_some() { "a" } else { "b" })).unwrap();
        assert!(
            page.contains("1. mend this first") || page.contains("2. mend this first"),
            "{page}"
        );
        for stored in Stored::ALL {
            assert_eq!(page.contains(stored.advice()), again == Some(stored), "{page}");
        }
    }
}

#[test]
fn the_flaw_of_a_broken_body_is_said_with_its_place() {
    let text = r#"{ "state": "FAILED", "failureReason": "INVALID_JSON_BODY_SYNTAX", "body": "{\"a\": }" }"#;
    let page = page(text);
    assert!(
        page.contains("the flaw of the stored body: expected value at line 1 column 7"),
        "{page}"
    );
    assert!(!page.contains("body below"), "{page}");
}

#[test]
fn a_message_on_its_way_is_looked_at_again_and_no_heading_stands_alone() {
    let page = asked(
        &format!(r#"{{ "state": "QUEUED", "body": "{{}}", "destination": "{LINK}/1/{HASH}" }}"#),
        Some("a"),
    )
    .unwrap();
    assert!(
        page.ends_with("what to check next\n  1. take the record again once it is SENT or FAILED\n"),
        "{page}"
    );
    let text =
        failed(&format!(r#", "destination": "{LINK}/3/{HASH}""#)).replace("INVALID_HTTP_RESPONSE", "OTHER");
    assert!(!asked(&text, None).unwrap().contains("what to check next"));
}

#[test]
fn a_user_in_a_url_is_said_and_hides_nothing() {
    let link = format!("{LINK}/2/{HASH}").replace("https://", "https://u:TOPSECRET@");
    let page = asked(&failed(&format!(r#", "destination": "{link}""#)), Some("b")).unwrap();
    assert!(
        page.contains("there is a user in the URL, which is not sent (assumed)"),
        "{page}"
    );
    assert!(page.contains("there is no Authorization header"), "{page}");
    assert!(
        page.contains("write user and password as the template's Basic authorization"),
        "{page}"
    );
    assert!(
        !page.contains("is not on a host") && !page.contains("TOPSECRET"),
        "{page}"
    );
}

#[test]
fn a_cause_is_shown_without_secrets() {
    let cause = format!(
        "401 Basic VE9QU0VDUkVU https://u:TOPSECRET@h/api/1/json/public/31754/{HASH}?token=TOPSECRET a-secret refused"
    );
    let text =
        failed(&format!(r#", "destination": "{LINK}/1/{HASH}""#)).replace("403", &format!("\"{cause}\""));
    let page = asked(&text, None).unwrap();
    assert!(
        page.contains("cause   401 Basic <credentials> https://h/api/1/json/public/31754/<hash>?<query> <secret> refused"),
        "{page}"
    );
    assert!(!page.contains("SECRET") && !page.contains(HASH), "{page}");
    assert!(page.contains("401: \"Access denied\""), "{page}");
}
