//! What a fixture can say and what comes of it: every part that a `set` step can change, every fault, both forms of a template,
//! layers of files, and messages that go out again.

use mambu_emitter::message::FailureReason;
use scenario_runner::document::{Env, Paint};
use scenario_runner::expectation::Kind;
use scenario_runner::fixture;
use scenario_runner::ledger::{Outcome, StepAccount};
use scenario_runner::play::play;

/// A template on the screen form, a process behind it, and an alias with a second process.
const BASE: &str = r#"
env:
  ONE: "https://tenant.mpo.mambu.com/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f"
  TWO: "https://tenant.mpo.mambu.com/api/1/json/public/31755/6f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f"
  ALIAS: "https://tenant.mpo.mambu.com/api/2/json/public/@intake-alias/loans/production/i123456789/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
mambu:
  templates:
    disbursed:
      event: LOAN_DISBURSEMENT
      url: "${ONE}"
      body: '{"loan":"{ACCOUNT_ID}","day":"{VALUE_DATE}"}'
  profile: { retry_delays: [], retry_jitter: 0 }
mpo:
  processes:
    one: { direct_url: "${ONE}" }
    two: { direct_url: "${TWO}" }
  aliases:
    intake-alias: { to: one, direct_url: "${ALIAS}" }
"#;

fn run(rest: &str) -> Outcome {
    let text = format!("{BASE}{rest}");
    let loaded = fixture::load_text(
        "inline",
        "tests/fixtures/grown-up/inline.yaml",
        &text,
        &[],
        &Env::default(),
    );
    assert!(
        !loaded.context.mistakes.has_errors(),
        "{}",
        loaded.mistakes(Paint::Plain)
    );
    let scenario = loaded.scenario.expect("it has no mistakes");
    play(&scenario, None).expect("the run comes to its end")
}

/// The last step's account, after `set: SET` and one more step.
fn after_set(set: &str, step: &str) -> StepAccount {
    let outcome = run(&format!("steps:\n  - set: {set}\n  - {step}\n"));
    outcome.steps.last().expect("two steps").clone()
}

fn verdict(step: &StepAccount) -> (Kind, Vec<&str>) {
    let verdict = step.verdict.as_ref().expect("a step with a verdict");
    (verdict.kind, verdict.details.iter().map(String::as_str).collect())
}

const EVENT: &str = "event: { type: LOAN_DISBURSEMENT, amount: 5000 }";

#[test]
fn every_part_can_be_set_anew() {
    let cases: [(&str, Kind, &str); 12] = [
        (
            "{ mambu: { templates: { disbursed: { activated: false } } } }",
            Kind::Filtered,
            "inactive",
        ),
        (
            "{ mambu: { templates: { disbursed: { target: GROUP } } } }",
            Kind::Filtered,
            "target",
        ),
        (
            "{ mambu: { templates: { disbursed: { option: OPT_IN } } } }",
            Kind::Filtered,
            "subscription",
        ),
        (
            "{ mambu: { templates: { disbursed: { conditions: { all: [ { field: TRANSACTION.AMOUNT, is: LESS_THAN, value: \"10\" } ] } } } } }",
            Kind::Filtered,
            "conditions",
        ),
        (
            "{ mambu: { templates: { disbursed: { url: \"${TWO}\" } } } }",
            Kind::Started,
            "two",
        ),
        (
            "{ mambu: { templates: { disbursed: { url: \"${ALIAS}\" } } } }",
            Kind::Started,
            "one",
        ),
        (
            "{ mambu: { webhooks: DISABLED } }",
            Kind::Failed,
            "WEBHOOK_NOTIFICATIONS_DISABLED",
        ),
        (
            "{ mpo: { processes: { one: { state: paused } } } }",
            Kind::Lost,
            "paused",
        ),
        (
            "{ mpo: { processes: { one: { direct_url_enabled: false } } } }",
            Kind::Failed,
            "direct_url_off",
        ),
        (
            "{ mpo: { processes: { one: { start: { auth: basic, user: a, pass: b } } } } }",
            Kind::Denied,
            "missing",
        ),
        (
            "{ mpo: { processes: { one: { start: { auth: basic, user: a, pass: b } } }, profile: { access_denied_status: 200 } } }",
            Kind::Lost,
            "missing",
        ),
        (
            "{ mambu: { templates: { disbursed: null } } }",
            Kind::Filtered,
            "no_template",
        ),
    ];
    for (set, kind, detail) in cases {
        let step = after_set(set, EVENT);
        let (found, details) = verdict(&step);
        assert_eq!(found, kind, "{set}: {details:?}");
        assert!(details.contains(&detail), "{set}: {details:?}");
    }
}

#[test]
fn an_alias_is_pointed_elsewhere_and_keeps_its_link() {
    let post = "post: { to: intake-alias, body: '{}' }";
    assert_eq!(
        verdict(&after_set(
            "{ mpo: { aliases: { intake-alias: { to: two } } } }",
            post
        )),
        (Kind::Started, vec!["two"])
    );
    let unlinked = after_set("{ mpo: { aliases: { intake-alias: { to: null } } } }", post);
    assert_eq!(verdict(&unlinked).1[0], "alias_without_target");
}

#[test]
fn a_variable_that_changes_changes_who_may_start() {
    let outcome = run(r#"steps:
  - set: { mpo: { variables: { webhook-var: { json: { pass: first } } }, processes: { one: { start: { auth: basic, user: me, pass: "{{env_var[@webhook-var].pass}}" } } } } }
  - post: { to: one, headers: { Authorization: "Basic bWU6Zmlyc3Q=" }, body: '{}' }
  - set: { mpo: { variables: { webhook-var: { json: { pass: other } } } } }
  - post: { to: one, headers: { Authorization: "Basic bWU6Zmlyc3Q=" }, body: '{}' }
  - set: { mpo: { processes: { one: { start: { auth: none } } } } }
  - post: { to: one, body: '{}' }
"#);
    let kinds: Vec<Kind> = outcome
        .steps
        .iter()
        .filter_map(|step| Some(step.verdict.as_ref()?.kind))
        .collect();
    assert_eq!(kinds, [Kind::Started, Kind::Denied, Kind::Started]);
}

#[test]
fn the_tenant_moves_to_another_time_zone() {
    let outcome = run(
        "start: 2026-01-05T23:30:00Z\nsteps:\n  - event: {}\n  - set: { mambu: { time_zone: Asia/Tokyo, profile: { date_format: yyyy } } }\n  - event: {}\n",
    );
    let days: Vec<String> = outcome
        .steps
        .iter()
        .flat_map(StepAccount::tasks)
        .map(|task| task.data["day"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(days.len(), 2);
    assert_ne!(days[0], days[1]);
    assert_eq!(days[1], "2026");
}

#[test]
fn every_fault_does_what_it_says() {
    let host = "host: tenant.mpo.mambu.com";
    let cases = [
        ("answer: 503", Kind::Failed),
        (
            "answer: [ { status: 200, body: fine, headers: { X-Proxy: yes! } } ]",
            Kind::Lost,
        ),
        ("answer: [ { delay: 1h } ]", Kind::StartedButFailed),
        ("answer: [ { cut_answer: 10 } ]", Kind::StartedButFailed),
        ("answer: [pass, 503]", Kind::Started),
        (
            "answer: [refuse, stall, reset_before_request, reset_after_request, lose_answer]",
            Kind::Failed,
        ),
        ("refuse: true", Kind::Failed),
        ("refuse: true, for: 1s", Kind::Failed),
        ("reset: before_request", Kind::Failed),
        ("reset: after_request, times: 1", Kind::Failed),
        ("stall: true", Kind::Failed),
        ("delay: 1h", Kind::StartedButFailed),
        ("delay: 1ms", Kind::Started),
        ("cut_answer: 10", Kind::StartedButFailed),
        ("lose_answer: true", Kind::StartedButFailed),
    ];
    for (fault, kind) in cases {
        let outcome = run(&format!(
            "steps:\n  - fault: {{ {host}, {fault} }}\n  - {EVENT}\n"
        ));
        assert_eq!(verdict(&outcome.steps[1]).0, kind, "{fault}");
    }
}

#[test]
fn match_decides_whatever_the_list_is_called() {
    let conditions = |list: &str| {
        format!(
            "{{ mambu: {{ templates: {{ disbursed: {{ conditions: {{ {list}: [ {{ field: TRANSACTION.AMOUNT, is: MORE_THAN, value: \"1\" }}, {{ field: TRANSACTION.AMOUNT, is: LESS_THAN, value: \"2\" }} ] }} }} }} }} }}"
        )
    };
    for (list, kind) in [
        ("match: ANY, all", Kind::Started),
        ("match: ALL, all", Kind::Filtered),
        ("all", Kind::Filtered),
        ("any", Kind::Started),
    ] {
        assert_eq!(verdict(&after_set(&conditions(list), EVENT)).0, kind, "{list}");
    }
}

#[test]
fn later_files_lie_above_earlier_ones_and_the_scenario_above_all() {
    let folder = "tests/fixtures/layers";
    let loaded = fixture::load(std::path::Path::new(folder), &Env::default());
    assert_eq!(loaded.mistakes(Paint::Plain), "");
    let scenario = loaded.scenario.expect("it has no mistakes");
    assert_eq!(scenario.mambu.tenant, "from-the-second.mambu.com");
    assert_eq!(scenario.seed, 3, "the scenario's own");
    let bodies: Vec<&str> = scenario
        .mambu
        .templates
        .iter()
        .map(|template| template.body.as_str())
        .collect();
    assert_eq!(bodies, ["{\"from\": \"a folder of its own\"}\n"]);
}

mod messages {
    use super::*;

    fn resent(rest: &str) -> StepAccount {
        run(rest).steps.last().expect("a step").clone()
    }

    const REPAID: &str = "{ event: LOAN_REPAYMENT, url: \"${TWO}\", request_type: PUT, body: '{}', authorization: { basic: { username: mambu, password: s3cret } } }";

    #[test]
    fn the_only_template_for_its_event_lends_method_and_credentials() {
        let step = resent(&format!(
            "steps:\n  - set: {{ mambu: {{ templates: {{ repaid: {REPAID} }} }}, mpo: {{ profile: {{ methods: [POST, PUT] }} }} }}\n  - message: failed.message.json\n"
        ));
        assert_eq!(
            verdict(&step),
            (Kind::Started, vec!["one"]),
            "its stored destination, not the template's"
        );
        let message = step.messages().next().expect("a message");
        assert_eq!(
            (message.request_type.name(), message.authorization),
            ("PUT", "Basic")
        );
        assert_eq!(message.body, "{\"loanId\":\"LN-1001\"}");
    }

    #[test]
    fn its_template_can_be_named() {
        let step = resent("steps:\n  - message: { file: failed.message.json, template: disbursed }\n");
        let message = step.messages().next().expect("a message");
        assert_eq!(
            (message.request_type.name(), message.authorization),
            ("POST", "no authorization")
        );
    }

    #[test]
    fn a_template_goes_by_the_key_in_its_file() {
        let step = resent(&format!(
            "steps:\n  - set: {{ mambu: {{ templates: {{ keyed: keyed.template.json, repaid: {REPAID} }} }} }}\n  - message: failed.message.json\n"
        ));
        assert!(
            step.template_verdict("keyed").is_some(),
            "two listen to the event, the key decides"
        );
        assert!(step.template_verdict("repaid").is_none());
    }

    #[test]
    fn it_meets_the_process_as_it_is_now() {
        let rest = |state: &str| {
            format!(
                "steps:\n  - set: {{ mpo: {{ processes: {{ one: {state} }} }} }}\n  - message: {{ file: failed.message.json, template: disbursed }}\n"
            )
        };
        let cases = [
            ("{ state: paused }", Kind::Lost),
            ("{ start: { auth: basic, user: a, pass: b } }", Kind::Denied),
            ("{ state: active }", Kind::Started),
        ];
        for (state, kind) in cases {
            assert_eq!(verdict(&resent(&rest(state))).0, kind, "{state}");
        }
    }

    #[test]
    fn while_the_switch_is_off_it_fails_at_once() {
        let step = resent(
            "steps:\n  - set: { mambu: { webhooks: DISABLED } }\n  - message: { file: failed.message.json, template: disbursed }\n",
        );
        let (kind, details) = verdict(&step);
        assert_eq!(kind, Kind::Failed);
        assert!(details.contains(&FailureReason::WebhookNotificationsDisabled.name()));
    }
}
