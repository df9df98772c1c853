use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::event::Event;
use crate::scene::Role;
use crate::value::Value;

fn template(body: &str) -> Template {
    let url = "https://receiver.example/{RECIPIENT_ID}?account={ACCOUNT_ID}";
    Template::new("t", Event::LoanRepayment, url, body)
}

fn entity(fields: &[(&str, Value)]) -> Value {
    let mut entity = Value::default();
    for (path, value) in fields {
        entity.set(path, value.clone());
    }
    entity
}

fn number(text: &str) -> Value {
    Value::number(text).expect("a decimal")
}

fn scene() -> Scene {
    let zone = TimeZone::get("Europe/Berlin").expect("bundled");
    let moment = "2026-01-05T08:00:00Z".parse().expect("a moment");
    Scene::new(Event::LoanRepayment, moment, zone)
        .with(
            Role::Client,
            entity(&[
                ("id", Value::text("CL/1 ä")),
                ("firstName", Value::text("Ann \"the bank\"")),
                ("lastName", Value::text("Lee & Sons")),
                ("birthDate", Value::text("1988-12-09")),
                ("_Extra.External Id", Value::text("X-1")),
            ]),
        )
        .with(
            Role::Loan,
            entity(&[
                ("id", Value::text("LN-1001")),
                ("loanAmount", number("5000")),
                ("interestSettings.interestRate", number("12.50")),
                ("balances.principalDue", number("10.005")),
                ("balances.feesDue", number("1")),
                ("_Details.Score", number("1234.5")),
            ]),
        )
        .with(
            Role::Transaction,
            entity(&[
                ("id", number("58213")),
                ("type", Value::text("REPAYMENT")),
                ("amount", number("1234.565")),
                ("valueDate", Value::text("2026-01-04T23:30:00Z")),
                ("creationDate", Value::text("2026-01-05T08:00:00Z")),
            ]),
        )
}

fn body_of(text: &str) -> String {
    body_in(text, &scene(), &Profile::default())
}

fn body_in(text: &str, scene: &Scene, profile: &Profile) -> String {
    Plan::compile(&template(text), profile).body(scene).into_string()
}

fn given(values: &[(&str, Value)]) -> Scene {
    let values: BTreeMap<String, Value> = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    scene().with_given(values)
}

#[test]
fn each_kind_has_its_default_look() {
    for (text, expected) in [
        ("{ACCOUNT_ID}", "LN-1001"),
        ("{TRANSACTION_ID}", "58213"),
        ("{TRANSACTION_TYPE}", "REPAYMENT"),
        ("{LOAN_AMOUNT}", "5000.00"),
        ("{INTEREST_RATE}", "12.50"),
        ("{CLIENT_BIRTH_DATE}", "1988-12-09"),
        ("{CURRENT_DATE}", "2026-01-05"),
        ("{CURRENT_DATE_TIME}", "2026-01-05T09:00:00+01:00"),
        ("{TRANSACTION_DATE}", "2026-01-05T09:00:00+01:00"),
        ("{INTERNAL_TRANSFER}", "false"),
        ("{RECIPIENT_NAME}", "Ann \"the bank\" Lee & Sons"),
    ] {
        assert_eq!(body_of(text), expected, "{text}");
    }
}

#[test]
fn money_is_rounded_to_the_even_neighbour() {
    assert_eq!(body_of("{TRANSACTION_AMOUNT}"), "1234.56");
    assert_eq!(body_of("{PRINCIPAL_DUE}"), "10.00");
    assert_eq!(body_of("{TOTAL_DUE}"), "11.00");
    let profile = Profile {
        money_digits: 0,
        ..Profile::default()
    };
    assert_eq!(body_in("{TRANSACTION_AMOUNT}", &scene(), &profile), "1235");
}

#[test]
fn a_date_is_the_tenant_s_date() {
    // 23:30 in London is the next day in Berlin.
    assert_eq!(body_of("{VALUE_DATE}"), "2026-01-05");
    assert_eq!(
        body_of("FORMAT_DATE{VALUE_DATE,datePattern=dd.MM.yyyy}"),
        "05.01.2026"
    );
}

#[test]
fn patterns_win_over_the_default_look() {
    assert_eq!(body_of("FORMAT{LOAN_AMOUNT,numericPattern=#.###,##}"), "5.000");
    assert_eq!(body_of("FORMAT{CF:LOAN:SCORE,numericPattern=0.00}"), "1234.50");
}

#[test]
fn custom_fields_are_found_with_and_without_their_entity() {
    assert_eq!(body_of("{CF:CLIENT:EXTERNAL ID}"), "X-1");
    assert_eq!(body_of("{CF:EXTERNAL ID}"), "X-1");
    assert_eq!(body_of("{CF:LOAN:EXTERNAL ID}"), "");
}

#[test]
fn no_value_is_an_empty_text() {
    assert_eq!(body_of("<{ACCOUNT_NAME}>"), "<>");
    assert_eq!(body_of("<{BRANCH_NAME}>"), "<>");
}

#[test]
fn an_unknown_name_stays_as_written_unless_it_is_given() {
    assert_eq!(body_of("{CARD_TOKEN}"), "{CARD_TOKEN}");
    let scene = given(&[("CARD_TOKEN", Value::text("tok-1"))]);
    assert_eq!(body_in("{CARD_TOKEN}", &scene, &Profile::default()), "tok-1");
}

#[test]
fn a_given_value_wins_over_the_scene() {
    let scene = given(&[
        ("ACCOUNT_ID", Value::text("LN-9")),
        ("BRANCH_NAME", Value::text("Main")),
        ("TRANSACTION_AMOUNT", Value::text("1.234")),
        ("LOAN_AMOUNT", number("7")),
        ("CF:BRANCH:CODE", Value::text("B7")),
        ("IN_WORDS_INTEGER{LOAN_AMOUNT}", Value::text("seven")),
    ]);
    for (text, expected) in [
        ("{ACCOUNT_ID}", "LN-9"),
        ("{BRANCH_NAME}", "Main"),
        // A text shows the person's own look; a number gets Mambu's.
        ("{TRANSACTION_AMOUNT}", "1.234"),
        ("{LOAN_AMOUNT}", "7.00"),
        ("{CF:BRANCH:CODE}", "B7"),
        ("IN_WORDS_INTEGER{LOAN_AMOUNT}", "seven"),
    ] {
        assert_eq!(body_in(text, &scene, &Profile::default()), expected, "{text}");
    }
}

#[test]
fn values_go_in_raw_and_a_quote_breaks_the_json() {
    let body = body_of(r#"{"name": "{RECIPIENT_NAME}"}"#);
    assert_eq!(body, r#"{"name": "Ann "the bank" Lee & Sons"}"#);
    assert!(check_body(ContentType::ApplicationJson, &body).is_err());
}

#[test]
fn values_are_escaped_when_the_profile_says_so() {
    let profile = Profile {
        escaping: Escaping::Escaped,
        ..Profile::default()
    };
    let body = body_in(r#"{"name": "{RECIPIENT_NAME}"}"#, &scene(), &profile);
    assert_eq!(body, r#"{"name": "Ann \"the bank\" Lee & Sons"}"#);
    let mut xml = template("<a>{RECIPIENT_NAME}</a>");
    xml.content_type = ContentType::ApplicationXml;
    let body = Plan::compile(&xml, &profile).body(&scene());
    assert_eq!(body.as_str(), "<a>Ann &quot;the bank&quot; Lee &amp; Sons</a>");
}

#[test]
fn values_in_a_url_are_percent_encoded() {
    let url = Plan::compile(&template(""), &Profile::default()).url(&scene());
    assert_eq!(url, "https://receiver.example/CL%2F1%20%C3%A4?account=LN-1001");
}

#[test]
fn a_placeholder_that_was_resolved_to_fields_reads_what_its_source_reads() {
    let holes = [
        ("id", Value::text("")),
        ("lastName", Value::Null),
        ("name", Value::text("L")),
    ];
    let group = [("groupName", Value::text("G")), ("id", Value::text("G-1"))];
    let now = "2026-01-05T08:00:00Z".parse().expect("a moment");
    let empty = Scene::new(Event::LoanRepayment, now, TimeZone::UTC);
    let full_of_holes = empty
        .clone()
        .with(Role::Client, entity(&holes))
        .with(Role::Group, entity(&group))
        .with(Role::Deposit, entity(&holes));
    let unreadable = Profile {
        date_format: "qq".into(),
        date_time_format: "qq".into(),
        ..Profile::default()
    };
    for (known, profile) in catalogue::ALL
        .iter()
        .flat_map(|known| [(known, Profile::default()), (known, unreadable.clone())])
    {
        let plan = Plan::compile(&template(""), &profile);
        let shapes = [
            Shape::Plain,
            Shape::Date("dd.MM.yyyy".into()),
            Shape::Number("0.00".into()),
        ];
        for shape in &shapes {
            let call = Call::new(Name::Standard(known.name.into()), shape, "{}").expect("a placeholder");
            let from_source = Call {
                origin: Origin::Standard(known),
                ..call.clone()
            };
            for scene in [&scene(), &empty, &full_of_holes] {
                let read = |call: &Call| {
                    let mut text = String::new();
                    (plan.fill(call, scene, &mut text), text)
                };
                assert_eq!(read(&call), read(&from_source), "{} as {shape:?}", known.name);
            }
        }
    }
}

#[test]
fn a_pattern_that_cannot_be_read_leaves_the_placeholder_as_written() {
    let text = "FORMAT_DATE{VALUE_DATE,datePattern='}";
    assert_eq!(body_of(text), text);
}

#[test]
fn explain_says_where_each_value_came_from() {
    let scene = given(&[("BRANCH_NAME", Value::text("Main"))]);
    let plan = Plan::compile(
        &template("{ACCOUNT_ID} {BRANCH_NAME} {USER_NAME} {ODD} {ACCOUNT_ID}"),
        &Profile::default(),
    );
    let used: Vec<(String, String, Found)> = plan
        .explain(&scene)
        .into_iter()
        .map(|used| (used.placeholder, used.text, used.found))
        .collect();
    let expected = [
        ("{ACCOUNT_ID}", "LN-1001", Found::InScene),
        ("{BRANCH_NAME}", "Main", Found::Given),
        ("{USER_NAME}", "", Found::Nowhere),
        ("{ODD}", "{ODD}", Found::LeftAsWritten),
        ("{RECIPIENT_ID}", "CL/1 ä", Found::InScene),
    ];
    assert_eq!(
        used,
        expected.map(|(name, text, found)| (name.to_owned(), text.to_owned(), found))
    );
}

#[test]
fn a_template_is_sound_if_all_its_values_are_pieces_of_strings() {
    for (body, is_sound) in [
        (
            r#"{"a": "{BRANCH_NAME}", "b": "x {USER_NAME} y\u00e9{ACCOUNT_ID}"}"#,
            true,
        ),
        (r#"{"\"{BRANCH_NAME}": 1}"#, true),
        (r#"{"a": 1}"#, true),
        (r#"{"a": {TRANSACTION_AMOUNT}}"#, false),
        (r#"{"a": "\{BRANCH_NAME}"}"#, false),
        (r#"{"a": "\u00{BRANCH_NAME}e9"}"#, false),
        (r#"{"a": "{BRANCH_NAME}",}"#, false),
        (r#"{"a": "\\"{BRANCH_NAME}""}"#, false),
    ] {
        let plan = Plan::compile(&template(body), &Profile::default());
        assert_eq!(plan.is_sound, is_sound, "{body}");
    }
}

proptest! {
    #[test]
    fn a_body_is_judged_as_its_text_is(
        body in r#"\{"a": "(\{BRANCH_NAME\}|\{ODD\}|a|e9|\\\\|\\u00|\\|"){0,6}"\}"#,
        value in r#"[a-z]{0,3}|[\x00-\x7f]|"|\\|\PC*"#,
    ) {
        let scene = given(&[("BRANCH_NAME", Value::text(value))]);
        for content_type in ContentType::ALL {
            let template = Template { content_type: *content_type, ..template(&body) };
            let body = Plan::compile(&template, &Profile::default()).body(&scene);
            prop_assert_eq!(body.check(), check_body(*content_type, body.as_str()));
        }
    }

    #[test]
    fn a_text_without_placeholders_stays_as_it_is(text in "([^{]|\\{[^A-Za-z}])*") {
        prop_assert_eq!(body_of(&text), text);
    }

    #[test]
    fn escaped_values_never_break_the_body(value in "\\PC*|[\"\\\\\n\t<>&']*") {
        let scene = given(&[("BRANCH_NAME", Value::text(value.clone()))]);
        let profile = Profile { escaping: Escaping::Escaped, ..Profile::default() };
        let body = body_in(r#"{"a": "{BRANCH_NAME}"}"#, &scene, &profile);
        let read: serde_json::Value = serde_json::from_str(&body).expect("well-formed");
        prop_assert_eq!(read["a"].as_str(), Some(value.as_str()));
    }

    #[test]
    fn rendering_never_panics(body in "([{}:,=]|CF:|FORMAT|FORMAT_DATE|LOAN_AMOUNT|datePattern=|numericPattern=|VALUE_DATE|\\PC|\n){0,40}") {
        let _ = body_of(&body);
    }
}
