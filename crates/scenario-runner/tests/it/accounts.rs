//! What counts as an event gone wrong: costly verdicts fail a run unless the scenario expects them, whatever else happened
//! beside them, and an expectation that does not hold says what came instead.

use scenario_runner::document::{Env, Paint};
use scenario_runner::expectation::{Kind, misses};
use scenario_runner::fixture;
use scenario_runner::ledger::{Outcome, to_text};
use scenario_runner::play::play;

/// Two templates that hear of a disbursement, each with a process at its own host.
const BANK: &str = r#"
mambu:
  profile: { retry_jitter: 0 }
  templates:
    books:
      event: LOAN_DISBURSEMENT
      url: https://books.example.com/api/1/json/public/1/0123456789abcdef0123456789abcdef01234567
      body: '{"amount":"{TRANSACTION_AMOUNT}"}'
    letters:
      event: LOAN_DISBURSEMENT
      conditions: { all: [{ field: TRANSACTION.AMOUNT, is: MORE_THAN, value: "1000" }] }
      url: https://letters.example.com/api/1/json/public/2/89abcdef0123456789abcdef0123456789abcdef
      body: '{"client":"{RECIPIENT_ID}"}'
mpo:
  processes:
    books: { direct_url: "https://books.example.com/api/1/json/public/1/0123456789abcdef0123456789abcdef01234567" }
    letters: { direct_url: "https://letters.example.com/api/1/json/public/2/89abcdef0123456789abcdef0123456789abcdef" }
"#;

/// Plays the bank with these steps and more; returns what happened and what of it nobody expected.
fn ran(more: &str) -> (Outcome, Vec<String>) {
    let text = format!("{BANK}{more}");
    let loaded = fixture::load_text("accounts", "scenario.yaml", &text, &[], &Env::default());
    let mistakes = loaded.mistakes(Paint::Plain);
    let scenario = loaded.scenario.unwrap_or_else(|| panic!("{mistakes}"));
    let outcome = play(&scenario, None).expect("it runs");
    let misses = misses(&scenario, &outcome)
        .iter()
        .map(ToString::to_string)
        .collect();
    (outcome, misses)
}

fn said(more: &str) -> Vec<String> {
    ran(more).1
}

fn verdict(outcome: &Outcome) -> (Kind, String) {
    let verdict = outcome
        .steps
        .iter()
        .find_map(|step| step.verdict.clone())
        .expect("a step with a verdict");
    (verdict.kind, verdict.to_string())
}

#[test]
fn an_authorization_header_of_a_template_is_named_and_not_shown() {
    let set = r#"
steps:
  - set:
      mambu: { templates: { books: { headers: { authorization: "Basic bWFtYnU6czNjcmV0" } } } }
      mpo: { processes: { books: { start: { auth: basic, user: mambu, pass: s3cret } } } }
  - event: { amount: 5 }
"#;
    let (outcome, misses) = ran(set);
    assert_eq!(verdict(&outcome).0, Kind::Started, "{misses:?}");
    let message = outcome.steps.iter().find_map(|step| step.messages().next());
    assert_eq!(message.expect("a message").authorization, "Authorization header");
}

const PAUSED: &str = "  - set: { mpo: { processes: { books: { state: paused } } } }\n";
const LATE: &str = "  - fault: { host: letters.example.com, times: 1, lose_answer: true }\n";

#[test]
fn a_lost_event_fails_a_run_unless_it_is_expected() {
    let steps = format!("steps:\n{PAUSED}  - event: {{ amount: 100 }}\n");
    assert_eq!(
        said(&steps),
        [
            "step 2 (event LOAN_DISBURSEMENT): expected nothing lost (say so in `expect:` if it is meant), found lost: the sender believes that it \
             arrived, but process books is paused (paused)"
        ]
    );
    for expected in [
        "lost: true",
        "lost: paused",
        "templates: { books: { lost: paused } }",
    ] {
        let steps = format!("steps:\n{PAUSED}  - event: {{ amount: 100 }}\n    expect: {{ {expected} }}\n");
        assert_eq!(said(&steps), [""; 0], "{expected}");
    }
}

#[test]
fn totals_allow_for_costly_verdicts_too() {
    let steps = format!("steps:\n{PAUSED}  - event: {{ amount: 100 }}\n");
    assert_eq!(said(&format!("{steps}expect: {{ lost: 1 }}\n")), [""; 0]);
    assert_eq!(
        said(&format!("{steps}expect: {{ lost: 2 }}\n")),
        ["in all: expected lost: 2, found 1"]
    );
}

#[test]
fn expecting_other_things_of_a_step_allows_for_nothing_costly() {
    let steps = format!("steps:\n{PAUSED}  - event: {{ amount: 100 }}\n    expect: {{ messages: 1 }}\n");
    let said = said(&steps);
    assert_eq!(said.len(), 1);
    assert!(
        said[0].starts_with("step 2 (event LOAN_DISBURSEMENT): expected nothing lost"),
        "{said:?}"
    );
}

#[test]
fn an_expected_verdict_does_not_hide_a_costly_one_of_another_template() {
    let steps = format!(
        "steps:\n{PAUSED}{LATE}  - event: {{ amount: 5000 }}\n    expect: {{ started_twice: letters }}\n"
    );
    assert_eq!(
        said(&steps),
        [
            "step 3 (event LOAN_DISBURSEMENT): expected nothing lost (say so in `expect:` if it is meant), found template books lost: the sender \
             believes that it arrived, but process books is paused (paused)"
        ]
    );
    let both = format!(
        "steps:\n{PAUSED}{LATE}  - event: {{ amount: 5000 }}\n    expect: {{ templates: {{ books: {{ lost: true }}, \
         letters: {{ started_twice: true }} }} }}\n"
    );
    assert_eq!(said(&both), [""; 0]);
}

#[test]
fn a_message_that_is_not_over_does_not_hide_a_lost_one() {
    let steps = format!(
        "steps:\n{PAUSED}  - fault: {{ host: letters.example.com, refuse: true }}\n  - event: {{ amount: 5000 }}\nuntil: 1m\n"
    );
    let (outcome, said) = ran(&steps);
    assert_eq!(verdict(&outcome).0, Kind::Lost);
    assert_eq!(said.len(), 1, "{said:?}");
}

#[test]
fn two_tasks_are_two_tasks_before_their_message_is_over() {
    let steps = "steps:\n  - fault: { host: books.example.com, lose_answer: true }\n  - event: { amount: 100 }\nuntil: 5m\n";
    let (outcome, said) = ran(steps);
    assert_eq!(
        verdict(&outcome),
        (
            Kind::StartedTwice,
            "started twice: 3 tasks of books, and the message is not over".into()
        )
    );
    assert_eq!(said.len(), 1, "{said:?}");
}

#[test]
fn a_reason_says_which_template_it_is_about_if_there_are_several() {
    let steps = format!("steps:\n{PAUSED}  - event: {{ amount: 5000 }}\n    expect: {{ lost: paused }}\n");
    assert_eq!(
        verdict(&ran(&steps).0).1,
        "lost: template books: the sender believes that it arrived, but process books is paused (paused)"
    );
}

#[test]
fn the_ledger_says_beside_the_verdict_what_became_of_the_other_templates() {
    let last = |steps: &str| {
        let text = to_text(&ran(steps).0, &scenario_runner::scenario::Secrets::default());
        let verdict = text.lines().rfind(|line| line.starts_with("  => "));
        verdict.map(str::to_owned).expect("a verdict")
    };
    assert_eq!(
        last("steps:\n  - event: { amount: 100 }\n"),
        "  => started: books; template letters: filtered"
    );
    assert_eq!(
        last(&format!("steps:\n{PAUSED}  - event: {{ amount: 5000 }}\n")),
        "  => lost: template books: the sender believes that it arrived, but process books is paused (paused); template letters: \
         started letters"
    );
    assert_eq!(
        last(&format!("steps:\n{PAUSED}{LATE}  - event: {{ amount: 5000 }}\n")),
        "  => started twice: template letters: 2 tasks of letters; template books: lost (paused)"
    );
    assert_eq!(
        last("steps:\n  - event: { amount: 5000 }\n"),
        "  => started: books; letters"
    );
}

#[test]
fn an_answer_that_came_before_too_is_not_shown_again() {
    let steps = "steps:\n  - set: { mpo: { processes: { books: { start: { auth: basic, user: u, pass: p } } } } }\n  - fault: { host: \
                 books.example.com, answer: [pass, 503, pass] }\n  - event: { amount: 100 }\n";
    let (outcome, _) = ran(steps);
    let text = to_text(&outcome, &scenario_runner::scenario::Secrets::default());
    let answers: Vec<&str> = text
        .lines()
        .filter(|line| line.trim_start().starts_with("attempt "))
        .filter_map(|line| Some(line.split_once("INVALID_HTTP_RESPONSE: ")?.1))
        .collect();
    let denied = "403 {\"request_proc\":\"ok\",\"ops\":{\"proc\":\"error\",\"obj\":\"task\",\"description\":\"Access denied\"}}";
    assert_eq!(answers, [denied, "503", denied, "403, the same answer"], "{text}");
}

#[test]
fn a_filtered_event_says_what_its_condition_saw() {
    let steps = "steps:\n  - set: { mambu: { templates: { books: { activated: false } } } }\n  - event: { amount: 100 }\n";
    assert_eq!(
        verdict(&ran(steps).0).1,
        "filtered: template books: is inactive; template letters: TRANSACTION.AMOUNT MORE_THAN 1000 does not hold, saw 100"
    );
}

#[test]
fn when_any_of_several_conditions_would_do_none_of_them_is_blamed_alone() {
    let any = "{ match: ANY, all: null, any: [{ field: TRANSACTION.AMOUNT, is: MORE_THAN, value: \"1000\" }, \
               { field: CLIENT.ID, is: EQUALS, value: CL-1002 }] }";
    let steps = format!(
        "steps:\n  - set: {{ mambu: {{ templates: {{ books: {{ activated: false }}, letters: {{ conditions: {any} }} }} }} }}\n  - \
         event: {{ amount: 100 }}\n    expect: {{ filtered: CLIENT.ID }}\n"
    );
    let (outcome, said) = ran(&steps);
    assert_eq!(
        verdict(&outcome).1,
        "filtered: template books: is inactive; template letters: none of its 2 conditions holds"
    );
    assert_eq!(said, [""; 0]);
}

#[test]
fn what_does_not_come_true_is_said_with_what_came_instead() {
    let table = [
        (
            "{ started: letters }",
            "step 1 (event LOAN_DISBURSEMENT): expected started (letters), found started: books",
        ),
        (
            "{ filtered: true }",
            "step 1 (event LOAN_DISBURSEMENT): expected filtered, found started: books",
        ),
        (
            "{ messages: 2 }",
            "step 1 (event LOAN_DISBURSEMENT): expected 2 messages, found 1",
        ),
        (
            "{ attempts: 0 }",
            "step 1 (event LOAN_DISBURSEMENT): expected 0 attempts, found 1",
        ),
        (
            "{ data: { amount: \"99.00\" } }",
            "step 1 (event LOAN_DISBURSEMENT): task 1 of books: expected data amount: \"99.00\", found \"100.00\"",
        ),
        (
            "{ data: { amount: 100.00 } }",
            "step 1 (event LOAN_DISBURSEMENT): task 1 of books: expected data amount: 100.00, found \"100.00\" (100.00 is a number, and a text was found: \
             quote it)",
        ),
        (
            "{ data: { loan: LN-1001 } }",
            "step 1 (event LOAN_DISBURSEMENT): task 1 of books: expected data loan: \"LN-1001\", found nothing",
        ),
        (
            "{ templates: { letters: { started: true } } }",
            "step 1 (event LOAN_DISBURSEMENT): expected template letters started, found filtered: template letters: TRANSACTION.AMOUNT MORE_THAN 1000 \
             does not hold, saw 100",
        ),
    ];
    for (expected, miss) in table {
        let steps = format!("steps:\n  - event: {{ amount: 100 }}\n    expect: {expected}\n");
        assert_eq!(said(&steps), [miss], "{expected}");
    }
}

#[test]
fn data_is_expected_of_every_task_of_a_step_or_of_the_tasks_of_a_template() {
    let of_step = "{ started: true, data: { amount: \"5000.00\" } }";
    let of_each = "{ templates: { books: { started: books, data: { amount: \"5000.00\" } }, letters: { data: { client: CL-1001 } } } }";
    let wrong = "{ templates: { letters: { started: true, data: { client: CL-1002 } } } }";
    let table: [(&str, &[&str]); 3] = [
        (
            of_step,
            &[
                "step 1 (event LOAN_DISBURSEMENT): task 2 of letters: expected data amount: \"5000.00\", found nothing",
            ],
        ),
        (of_each, &[]),
        (
            wrong,
            &[
                "step 1 (event LOAN_DISBURSEMENT): task 2 of letters: expected data client: \"CL-1002\", found \"CL-1001\"",
            ],
        ),
    ];
    for (expected, misses) in table {
        let steps = format!("steps:\n  - event: {{ amount: 5000 }}\n    expect: {expected}\n");
        assert_eq!(said(&steps), misses, "{expected}");
    }
}

#[test]
fn that_no_task_started_is_said_once() {
    let found = "found lost: the sender believes that it arrived, but process books is paused (paused)";
    for (expected, said_about_it) in [
        ("{ started: true, data: { amount: \"1\" } }", "expected started"),
        ("{ data: { amount: \"1\" } }", "expected nothing lost"),
        (
            "{ templates: { books: { started: true, data: { amount: \"1\" } } } }",
            "expected template books started",
        ),
        (
            "{ templates: { books: { data: { amount: \"1\" } } } }",
            "expected nothing lost",
        ),
    ] {
        let steps = format!("steps:\n{PAUSED}  - event: {{ amount: 100 }}\n    expect: {expected}\n");
        let said = said(&steps);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(
            said[0].contains(said_about_it) && said[0].ends_with(found),
            "{said:?}"
        );
    }
    let alone = "steps:\n  - event: { amount: 100 }\n    expect: { templates: { letters: { data: { client: CL-1001 } } } }\n";
    assert_eq!(
        said(alone),
        ["step 1 (event LOAN_DISBURSEMENT): template letters: expected task data, found no task"]
    );
}

#[test]
fn a_miss_has_the_place_of_the_key_that_it_is_about() {
    let table = [
        // The steps begin in line 19.
        (
            "  - event: { amount: 100 }\n    expect:\n      denied: true\n",
            "21:7",
        ),
        (
            "  - event: { amount: 100 }\n    expect: { messages: 2 }\n",
            "20:15",
        ),
        (
            "  - event: { amount: 100 }\n    expect: { attempts: 2 }\n",
            "20:15",
        ),
        (
            "  - event: { amount: 100 }\n    expect: { data: { amount: \"1\" } }\n",
            "20:23",
        ),
        (
            "  - event: { amount: 100 }\n    expect: { templates: { letters: { data: { client: X } } } }\n",
            "20:39",
        ),
        (
            "  - event: { amount: 100 }\n    expect: { templates: { letters: { started: true } } }\n",
            "20:39",
        ),
        (
            "  - event: { amount: 100 }\n  - { at: 1h, event: { amount: 1 }, expect: { started: true } }\nuntil: 1m\n",
            "20:37",
        ),
        (
            "  - event: { amount: 100 }\nexpect: { tasks: 1, lost: 1 }\n",
            "20:21",
        ),
        // What nobody expects is missing in the expectation, or stands at the step.
        (&format!("{PAUSED}  - event: {{ amount: 100 }}\n"), "20:5"),
        (
            &format!("{PAUSED}  - event: {{ amount: 100 }}\n    expect: {{ messages: 1 }}\n"),
            "21:5",
        ),
    ];
    for (steps, place) in table {
        let text = format!("{BANK}steps:\n{steps}");
        let loaded = fixture::load_text("accounts", "scenario.yaml", &text, &[], &Env::default());
        let scenario = loaded.scenario.as_ref().expect("it is readable");
        let places: Vec<String> = misses(scenario, &play(scenario, None).expect("it runs"))
            .iter()
            .map(|miss| loaded.place(miss.at))
            .collect();
        assert_eq!(places, [format!("scenario.yaml:{place}")], "{steps}");
    }
}

#[test]
fn a_miss_says_what_its_step_is_called() {
    let steps =
        "steps:\n  - name: the first of the day\n    event: { amount: 100 }\n    expect: { messages: 2 }\n";
    assert_eq!(
        said(steps),
        ["step 1 (the first of the day): expected 2 messages, found 1"]
    );
}

#[test]
fn a_miss_covers_secrets_as_the_ledger_does() {
    let patch = "{ mambu: { templates: { books: { body: '{\"amount\":\"tpl-s3cret\"}', authorization: { basic: { username: u, \
                 password: tpl-s3cret } } } } } }";
    let steps = format!(
        "steps:\n  - set: {patch}\n  - event: {{ amount: 100 }}\n    expect: {{ data: {{ amount: \"not tpl-s3cret\" }} }}\n"
    );
    assert_eq!(
        said(&steps),
        [
            "step 2 (event LOAN_DISBURSEMENT): task 1 of books: expected data amount: \"not <secret>\", found \"<secret>\""
        ]
    );
}

#[test]
fn expecting_data_of_a_template_allows_for_nothing_costly() {
    let steps = format!(
        "steps:\n{LATE}  - event: {{ amount: 5000 }}\n    expect: {{ templates: {{ letters: {{ data: {{ client: CL-1001 }} }} }} }}\n"
    );
    let said = said(&steps);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("step 2 (event LOAN_DISBURSEMENT): expected nothing started twice"),
        "{said:?}"
    );
}

#[test]
fn a_step_after_the_end_of_the_run_is_missed() {
    let steps = "steps:\n  - event: { amount: 100 }\n  - { at: 1h, event: { amount: 200 }, expect: { started: true } }\nuntil: 1m\n";
    let said = said(steps);
    assert_eq!(
        said,
        ["step 2: expected something of this step, found the run ended before it"]
    );
}

#[test]
fn the_ledger_of_a_run_cut_short_says_so() {
    let (outcome, _) = ran(
        "steps:\n  - fault: { host: books.example.com, refuse: true }\n  - event: { amount: 100 }\nuntil: 1m\n",
    );
    let text = to_text(&outcome, &scenario_runner::scenario::Secrets::default());
    assert!(text.contains("\n      not over\n"), "{text}");
    assert!(
        text.ends_with("+1m stopped: 1 event, 1 message, 2 attempts; 1 unfinished\n"),
        "{text}"
    );
}
