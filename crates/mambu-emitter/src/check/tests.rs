use super::*;
use crate::condition::{Clause, ScreenClause};
use crate::template::{ContentType, CustomHeader};

const BODY: &str = r#"{"id": "{ACCOUNT_ID}", "amount": {TRANSACTION_AMOUNT}}"#;

pub(super) fn template() -> Template {
    let url = "https://receiver.example/hooks/{ACCOUNT_ID}";
    Template::new("disbursed", Event::LoanDisbursement, url, BODY)
}

/// Each mistake as one line: pointer, number of the error or `warning`, problem.
fn lines(template: &Template, profile: &Profile) -> Vec<String> {
    check(template, profile)
        .into_iter()
        .map(|mistake| {
            let refused = match (mistake.is_warning, mistake.refused_with) {
                (true, _) => "warning".to_owned(),
                (false, Some(error)) => error.code.to_string(),
                (false, None) => "mistake".to_owned(),
            };
            format!("{} {refused}: {}", mistake.pointer, mistake.problem)
        })
        .collect()
}

fn changed(change: impl FnOnce(&mut Template)) -> Vec<String> {
    let mut template = template();
    change(&mut template);
    lines(&template, &Profile::default())
}

fn hints(change: impl FnOnce(&mut Template)) -> Vec<String> {
    let mut template = template();
    change(&mut template);
    check(&template, &Profile::default())
        .into_iter()
        .filter_map(|mistake| mistake.hint)
        .collect()
}

#[test]
fn a_right_template_has_no_mistakes() {
    assert_eq!(changed(|_| {}), [""; 0]);
}

#[test]
fn a_name_is_needed_and_has_255_characters_at_most() {
    assert_eq!(
        changed(|t| t.name = "  ".into()),
        ["/name 31: the webhook has no name"]
    );
    assert_eq!(changed(|t| t.name = "ä".repeat(255)), [""; 0]);
    assert_eq!(
        changed(|t| t.name = "ä".repeat(256)),
        ["/name 2620: the name has 256 characters, 255 at most"]
    );
}

#[test]
fn an_event_goes_with_some_targets() {
    assert_eq!(
        changed(|t| t.target = Target::Savings),
        ["/target 2618: LOAN_DISBURSEMENT does not go with the target SAVINGS"]
    );
    assert_eq!(
        hints(|t| t.target = Target::Savings),
        ["it goes with CLIENT, GROUP or LOANS"]
    );
}

#[test]
fn a_url_has_a_scheme_and_no_quotes() {
    for (url, expected) in [
        ("", "/url 31: the URL is empty"),
        (
            "https://receiver.example/\"x\"",
            "/url 2610: the URL has a quotation mark (\")",
        ),
        (
            "receiver.example/hooks",
            "/url mistake: a URL starts with https:// (or http://, which can only be saved)",
        ),
        (
            "http://receiver.example",
            "/url warning: plain http can be saved, and is refused before it is sent",
        ),
        ("https://", "/url mistake: this cannot be a URL"),
        (
            "https://receiver.example/a b",
            "/url mistake: this cannot be a URL",
        ),
        (
            "https://receiver.example/{TRANSACTION_AMOUNT}",
            "/url 2622: {TRANSACTION_AMOUNT} cannot stand in a URL",
        ),
        (
            "https://receiver.example/{ACOUNT_ID}",
            "/url 2622: {ACOUNT_ID} cannot stand in a URL",
        ),
        (
            "https://receiver.example/{CF:LOAN:X}",
            "/url 2622: {CF:LOAN:X} cannot stand in a URL",
        ),
    ] {
        assert_eq!(changed(|t| t.url = url.into()), [expected], "{url}");
    }
}

#[test]
fn plain_http_is_fine_where_the_profile_allows_it() {
    let mut profile = Profile {
        allow_http: true,
        ..Profile::default()
    };
    let mut template = template();
    template.url = "http://localhost:8080/hooks".into();
    assert_eq!(
        lines(&template, &profile),
        ["/url warning: a private or local host can be saved, and is refused before anything is sent"]
    );
    profile.allow_private = true;
    assert_eq!(lines(&template, &profile), [""; 0]);
}

#[test]
fn an_event_of_appendix_a_refuses_what_it_does_not_offer() {
    assert_eq!(
        changed(|t| t.body = r#"{"due": "{TOTAL_DUE}"}"#.into()),
        ["/body 2619: LOAN_DISBURSEMENT does not offer {TOTAL_DUE}"]
    );
    assert_eq!(
        changed(|t| t.body = r#"{"id": "{ACCOUNT_NUMBER}"}"#.into()),
        ["/body 2619: there is no placeholder {ACCOUNT_NUMBER}"]
    );
    assert_eq!(
        hints(|t| t.body = r#"{"id": "{TRANSACTON_AMOUNT}"}"#.into()),
        ["did you mean {TRANSACTION_AMOUNT}?"]
    );
}

#[test]
fn a_mistake_is_said_once_however_often_it_is_made() {
    let body = r#"["{TOTAL_DUE}", "{TOTAL_DUE}", "FORMAT{TOTAL_DUE,numericPattern=0.00}"]"#;
    assert_eq!(changed(|t| t.body = body.into()).len(), 1);
}

#[test]
fn the_newer_client_forms_are_doubtful_and_not_wrong() {
    assert_eq!(
        changed(|t| t.body = r#"{"id": "{CLIENT_ID}"}"#.into()),
        ["/body warning: LOAN_DISBURSEMENT offers {CLIENT_ID} only if the tenant has the newer placeholders"]
    );
    assert_eq!(
        hints(|t| t.body = r#"{"id": "{CLIENT_ID}"}"#.into()),
        ["{RECIPIENT_ID} is there in any case"]
    );
}

#[test]
fn under_a_newer_event_placeholders_are_taken_on_trust() {
    let found = changed(|t| {
        t.event = Event::FeeApplied;
        t.body = r#"{"id": "{ACCOUNT_ID}", "fee": "{FEE_NAME}", "amount": "{TRANSACTION_AMOUNT}"}"#.into();
    });
    assert_eq!(
        found,
        [
            "/url warning: what FEE_APPLIED offers is not known, so nobody can say whether {ACCOUNT_ID} will be there",
            "/body warning: {FEE_NAME} is on no list, and what FEE_APPLIED offers is not known",
            "/body warning: what FEE_APPLIED offers is not known, so nobody can say whether {ACCOUNT_ID}, \
             {TRANSACTION_AMOUNT} will be there",
        ]
    );
}

#[test]
fn patterns_must_be_readable_and_fit() {
    assert_eq!(
        changed(|t| t.body = r#"["FORMAT_DATE{VALUE_DATE,datePattern=yyyy-qq}"]"#.into()),
        [
            "/body mistake: the pattern of FORMAT_DATE{VALUE_DATE,datePattern=yyyy-qq} cannot be read: \
             unknown letter `q` in date pattern"
        ]
    );
    assert_eq!(
        changed(|t| t.body = r#"["FORMAT{ACCOUNT_ID,numericPattern=0.00}"]"#.into()),
        ["/body warning: {ACCOUNT_ID} is not a number, so its pattern does nothing"]
    );
    assert_eq!(
        changed(|t| t.body = r#"["FORMAT{TRANSACTION_AMOUNT}"]"#.into()),
        ["/body 2619: FORMAT{TRANSACTION_AMOUNT} is not a placeholder"]
    );
}

#[test]
fn a_body_is_well_formed_already_as_a_template() {
    assert_eq!(
        changed(|t| t.body = r#"{"id": "{ACCOUNT_ID}",}"#.into()),
        ["/body mistake: the body is not well-formed JSON: key must be a string"]
    );
    assert_eq!(
        changed(|t| t.body = "   ".into()),
        ["/body 31: the body is empty"]
    );
    let xml = |body: &str| {
        changed(|t| {
            t.content_type = ContentType::ApplicationXml;
            t.body = body.into();
        })
    };
    assert_eq!(xml("<a>{ACCOUNT_ID}</a>"), [""; 0]);
    assert_eq!(xml("<a>{ACCOUNT_ID}").len(), 1);
    let text = changed(|t| {
        t.content_type = ContentType::PlainText;
        t.body = "loan {ACCOUNT_ID}: {".into();
    });
    assert_eq!(text, [""; 0]);
}

#[test]
fn typographic_quotes_are_pointed_out() {
    let hints = hints(|t| t.body = "{“id”: “{ACCOUNT_ID}”}".into());
    assert_eq!(
        hints,
        ["it has typographic quotes (“), perhaps from a web page; write plain ones (\")"]
    );
}

#[test]
fn double_braces_are_another_product_s() {
    let found = changed(|t| t.body = r#"{"id": "{{ACCOUNT_ID}}"}"#.into());
    assert_eq!(found, ["/body warning: {{ACCOUNT_ID}} keeps its outer braces"]);
}

#[test]
fn a_placeholder_without_its_brace_is_doubtful() {
    let found = changed(|t| {
        t.body = r#"{"id":"{ACCOUNT_ID","again":"{ACCOUNT_ID","f":"{CF:x","{RECIPIENT":"{ANY","{":"{ACCOUNT_ID}"}"#.into();
    });
    assert_eq!(
        found,
        [
            "/body warning: {ACCOUNT_ID is not closed, so it stays as it is written",
            "/body warning: {CF:x is not closed, so it stays as it is written",
        ]
    );
}

#[test]
fn a_header_beside_basic_is_not_sent() {
    let headers = |authorization: Authorization| {
        changed(|t| {
            t.authorization = authorization;
            t.headers = vec![CustomHeader {
                name: "authorization".into(),
                value: "Basic eDp5".into(),
            }];
        })
    };
    assert_eq!(headers(Authorization::None), [""; 0]);
    let basic = Authorization::Basic {
        username: "x".into(),
        password: "y".into(),
    };
    assert_eq!(
        headers(basic),
        [
            "/headers/0/headerKey warning: the template has Basic and a header authorization, and only Basic is sent here"
        ]
    );
}

#[test]
fn headers_are_few_proper_and_static() {
    let headers = [
        ("X-Api-Key", "abc"),
        ("x-api-key", "def"),
        ("Host", "other.example"),
        ("X-Notifications-Idempotency-Key", "1"),
        ("Bad Name", "1"),
        ("", "1"),
        ("X-Line", "a\nb"),
        ("X-Account", "{ACCOUNT_ID}"),
    ];
    let found = changed(|t| {
        t.headers = headers
            .iter()
            .map(|(name, value)| CustomHeader {
                name: (*name).into(),
                value: (*value).into(),
            })
            .collect();
    });
    assert_eq!(
        found,
        [
            "/headers/1/headerKey mistake: the header x-api-key is there twice",
            "/headers/2/headerKey warning: Mambu sets Host itself and drops this one",
            "/headers/3/headerKey warning: Mambu sets X-Notifications-Idempotency-Key itself and drops this one",
            "/headers/4/headerKey mistake: \"Bad Name\" cannot be the name of a header",
            "/headers/5/headerKey 31: the header has no name",
            "/headers/6/headerValue mistake: the value of X-Line has a character that no header may have",
            "/headers/7/headerValue warning: the value of X-Account looks like a placeholder, and headers are static",
        ]
    );
}

#[test]
fn basic_needs_a_user_name_without_a_colon() {
    let basic = |username: &str| {
        changed(|t| {
            t.authorization = Authorization::Basic {
                username: username.into(),
                password: "s3cret".into(),
            };
        })
    };
    assert_eq!(basic("mambu"), [""; 0]);
    assert_eq!(
        basic(""),
        ["/username 31: basic authorization without a user name"]
    );
    assert_eq!(basic("a:b").len(), 1);
}

#[test]
fn mistakes_of_conditions_are_among_them() {
    let clause = Clause::from_screen(&ScreenClause {
        field: Some("TRANSACTION.AMOUNT".into()),
        is: Some("MORE_THAN".into()),
        value: Some("much".into()),
        ..ScreenClause::default()
    })
    .expect("readable");
    let found = changed(|t| t.conditions.clauses = vec![clause]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("/filterConstraints/0/value"), "{found:?}");
}

#[test]
fn the_profile_s_patterns_are_checked_apart() {
    assert_eq!(check_profile(&Profile::default()), []);
    let profile = Profile {
        date_format: "qqqq".into(),
        ..Profile::default()
    };
    assert_eq!(check_profile(&profile)[0].pointer, "/date_format");
}

#[test]
fn what_no_entity_can_give_is_needed() {
    let mut template = template();
    template.body = "{BRANCH_NAME} {ACCOUNT_ID} {CF:BRANCH:CODE} {CF:LOAN:X} {BRANCH_NAME} {ODD} \
                     IN_WORDS_TENTHS{TRANSACTION_AMOUNT} FORMAT{CREDIT_AMOUNT,numericPattern=0.00}"
        .into();
    let needed: Vec<(String, String)> = needed_values(&template)
        .into_iter()
        .map(|needed| (needed.name, needed.pointer))
        .collect();
    let names = [
        "BRANCH_NAME",
        "CF:BRANCH:CODE",
        "IN_WORDS_TENTHS{TRANSACTION_AMOUNT}",
        "CREDIT_AMOUNT",
    ];
    assert_eq!(needed, names.map(|name| (name.to_owned(), "/body".to_owned())));
}
