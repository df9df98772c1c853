//! All mistakes at once: none hides another, and none that follows from another is told.

use scenario_runner::document::{Env, Paint};
use scenario_runner::fixture;

const LINK: &str =
    "https://tenant.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";
const WRONG_HASH: &str =
    "https://tenant.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2e";

/// What `check` says about a template's lines, before a process with Basic.
fn found(template: &[&str]) -> Vec<String> {
    let template = template.join("\n      ");
    let text = format!(
        "mambu:\n  templates:\n    disbursed:\n      event: LOAN_DISBURSEMENT\n      {template}\n\
         mpo: {{ processes: {{ intake: {{ direct_url: \"{LINK}\", start: {{ auth: basic, user: mambu, pass: pseudonym }} }} }} }}\n\
         steps: [ event: {{ amount: 5000 }} ]\n"
    );
    let said =
        fixture::check_text("at once", "scenario.yaml", &text, &[], &Env::default()).mistakes(Paint::Plain);
    let is_title = |line: &&str| line.starts_with("error: ") || line.starts_with("warning: ");
    said.lines().filter(is_title).map(str::to_owned).collect()
}

const HASH: &str = "error: the hash at the end of the URL is not the one of the process";

#[test]
fn a_wrong_hash_shows_beside_an_unknown_key_and_a_bad_placeholder() {
    assert_eq!(
        found(&[
            "optoin: OPT_OUT",
            &format!("url: \"{WRONG_HASH}\""),
            r#"body: '{"loan":"{ACOUNT_ID}","id":{TRANSACTION_ID}}'"#,
        ]),
        [
            "error: unknown key `optoin` in a template",
            HASH,
            "error: there is no placeholder {ACOUNT_ID} (Mambu refuses it: INVALID_PLACEHOLDER 2619)",
        ]
    );
}

#[test]
fn misspelt_credentials_are_not_missing_too() {
    assert_eq!(
        found(&[
            "authorisation: { basic: { username: mambu, password: pseudonym } }",
            &format!("url: \"{LINK}\""),
            r#"body: '{"id":{TRANSACTION_ID}}'"#,
        ]),
        ["error: unknown key `authorisation` in a template"]
    );
}

#[test]
fn a_placeholder_without_quotes_shows_beside_one_that_does_not_exist() {
    assert_eq!(
        found(&[
            "authorization: { basic: { username: mambu, password: pseudonym } }",
            &format!("url: \"{LINK}\""),
            r#"body: '{"loan":{ACCOUNT_ID},"id":"{TRANSACTON_ID}"}'"#,
        ]),
        [
            "warning: the body breaks when {ACCOUNT_ID} has letters in it: expected value at line 1 column 9",
            "error: there is no placeholder {TRANSACTON_ID} (Mambu refuses it: INVALID_PLACEHOLDER 2619)",
        ]
    );
}

#[test]
fn a_body_that_is_no_json_is_said_once() {
    assert_eq!(
        found(&[
            "authorization: { basic: { username: mambu, password: pseudonym } }",
            &format!("url: \"{LINK}\""),
            r#"body: '{"loan":"{ACCOUNT_ID}",,"id":{TRANSACTION_ID}}'"#,
        ]),
        ["error: the body is not well-formed JSON: key must be a string"]
    );
}
