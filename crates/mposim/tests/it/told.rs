//! What `why`, `preview` and `new` tell somebody whose files are not what they should be.

use std::path::Path;

use super::exits::{Place, STARTS, URL};

#[test]
fn why_shows_what_is_wrong_with_a_record_and_knows_its_template() {
    let place = Place::new("why");
    place.scenario("two", "steps: [{ set: {} }]\n");
    place.write("odd.json", r#"{ "state": "FAILD" }"#);
    let ended = place.run(&["why", "odd.json"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("--> odd.json:1:12"), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("did you mean `FAILED`?"),
        "{}",
        ended.stderr
    );
    place.write(
        "fine.json",
        &format!(r#"{{ "state": "SENT", "destination": "{URL}", "body": "{{}}" }}"#),
    );
    let asked = ["why", "fine.json", "--scenario", "two", "--template"];
    let ended = place.run(&[&asked[..], &["disbursed"]].concat());
    assert!(
        ended.stdout.contains("credentials of template disbursed"),
        "{}",
        ended.stdout
    );
    let ended = place.run(&[&asked[..], &["disbursd"]].concat());
    assert_eq!(ended.code, 1);
    assert!(
        ended.stderr.contains("did you mean `disbursed`?"),
        "{}",
        ended.stderr
    );
    assert_eq!(place.code(&["why", "fine.json", "--template", "disbursed"]), 1);
}

#[test]
fn a_file_that_preview_and_why_cannot_read_is_said_in_a_line() {
    let place = Place::new("unreadable");
    place.write("t.json", "{}");
    place.write("message.json", "{}");
    for (arguments, expected) in [
        (
            &["preview", "nope"][..],
            "error: cannot read nope: there is no such file\n",
        ),
        (
            &["preview", "t.json", "--bank", "nope"],
            "error: cannot read nope: there is no such file\n",
        ),
        (
            &["why", "mesage.json"],
            "error: cannot read mesage.json: there is no such file; did you mean `message.json`?\n",
        ),
        (&["why", "."], "error: cannot read .: it is a folder\n"),
    ] {
        let ended = place.run(arguments);
        assert_eq!((ended.code, &*ended.stderr), (2, expected), "{arguments:?}");
    }
}

/// A template on disbursements that sends to a URL.
fn template_to(url: &str) -> String {
    format!(
        r#"{{ "name": "t", "target": "CLIENT", "event": "LOAN_DISBURSEMENT", "subscriptionOption": "OPT_OUT",
          "activated": true, "url": "{url}", "requestType": "POST", "contentType": "APPLICATION_JSON", "body": "{{}}" }}"#
    )
}

#[test]
fn a_starter_that_starts_no_task_says_so_loudly_and_is_described_so() {
    let place = Place::new("failing-starter");
    place.write("t.json", &template_to("http://x.example/y"));
    let ended = place.run(&["new", "n1", "--template", "t.json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for part in [
        "warning: the message FAILS: INVALID_HTTP_PROTOCOL",
        "= help: write https:// in the template's URL",
        "= note: the scenario expects just that",
    ] {
        assert!(ended.stderr.contains(part), "{}", ended.stderr);
    }
    let scenario = std::fs::read_to_string(place.0.join("scenarios/n1/scenario.yaml")).unwrap();
    let description = "description: LOAN_DISBURSEMENT fails and starts nothing (INVALID_HTTP_PROTOCOL).\n";
    assert!(scenario.contains(description), "{scenario}");
    assert!(
        scenario.contains("expect: { failed: INVALID_HTTP_PROTOCOL }"),
        "{scenario}"
    );
    assert_eq!(place.code(&["run", "n1"]), 0);
}

#[test]
fn a_starter_of_an_alias_link_runs_green_with_the_alias_and_its_process() {
    let place = Place::new("alias-starter");
    let link = |version| {
        let hash = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";
        format!(
            "https://bank1.mpo.mambu.com/api/{version}/json/public/@123/lending/production/i738314881/{hash}"
        )
    };
    place.write(
        "basic.json",
        &template_to(&link(2)).replace("\"body\"", "\"authorization\": \"BASIC_AUTHORIZATION\", \"body\""),
    );
    for (name, arguments) in [
        ("a1", &["--url", &link(1)][..]),
        ("a2", &["--url", &link(2)]),
        ("a3", &["--template", "basic.json"]),
    ] {
        let ended = place.run(&[&["new", name], arguments].concat());
        assert!(ended.stdout.contains("=> started: intake"), "{}", ended.stdout);
        assert!(!ended.stderr.contains("warning"), "{}", ended.stderr);
        assert_eq!(place.code(&["run", name]), 0);
        let checked = place.run(&["check", name]);
        assert_eq!(checked.code, 0, "{}", checked.stderr);
    }
}

#[test]
fn blanks_around_a_pasted_link_are_no_part_of_it() {
    let place = Place::new("pasted");
    let ended = place.run(&["new", "pasted", "--url", &format!("  {URL} \n")]);
    assert!(ended.stdout.contains("=> started: intake"), "{}", ended.stderr);
}

#[test]
fn a_starter_whose_url_is_no_direct_url_says_that_nothing_can_start() {
    let place = Place::new("not-direct");
    place.write("t.json", &template_to("https://hooks.example/x"));
    let ended = place.run(&["new", "n2", "--template", "t.json"]);
    assert!(
        ended
            .stderr
            .contains("= help: the template's URL is no direct URL of MPO"),
        "{}",
        ended.stderr
    );
    for wrong in ["certificate", "firewall", "before you resend"] {
        assert!(!ended.stderr.contains(wrong), "{}", ended.stderr);
    }
    let scenario = std::fs::read_to_string(place.0.join("scenarios/n2/scenario.yaml")).unwrap();
    assert!(!scenario.contains("is assumed"), "{scenario}");
    assert!(scenario.contains("# mpo: there is no process"), "{scenario}");
}

#[test]
fn the_first_starter_brings_the_schema_that_it_names() {
    let place = Place::new("schema");
    place.write("t.json", &template_to(URL));
    let ended = place.run(&["new", "first", "--template", "t.json"]);
    let wrote = format!(
        "wrote {}",
        Path::new("scenarios").join("scenario.schema.json").display()
    );
    assert!(ended.stderr.contains(&wrote), "{}", ended.stderr);
    assert!(!ended.stderr.contains("warning"), "{}", ended.stderr);
    let written = place.0.join("scenarios/scenario.schema.json");
    let printed = place.run(&["schema"]).stdout;
    assert_eq!(std::fs::read_to_string(&written).unwrap(), printed);
    let scenario = std::fs::read_to_string(place.0.join("scenarios/first/scenario.yaml")).unwrap();
    assert!(scenario.starts_with("# yaml-language-server: $schema=../scenario.schema.json\n"));
    std::fs::write(&written, "mine").unwrap();
    assert!(
        !place
            .run(&["new", "second", "--template", "t.json"])
            .stderr
            .contains("schema")
    );
    assert_eq!(std::fs::read_to_string(&written).unwrap(), "mine");
}

#[test]
fn a_text_that_is_no_record_is_told_how_to_get_one() {
    let place = Place::new("pasted");
    place.write("pasted.json", "Failed\nInvalid HTTP response 403\n");
    let ended = place.run(&["why", "pasted.json"]);
    assert_eq!(ended.code, 2);
    for words in [
        "expected the record of a message in JSON, and this is another text",
        "GET /api/communications/messages/KEY?detailsLevel=FULL",
    ] {
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
}

#[test]
fn why_shows_a_query_once_and_counts_one_attempt() {
    let place = Place::new("query");
    place.write(
        "m.json",
        r#"{ "state": "SENT", "numRetries": 0, "destination": "https://h.example/x?key=qqq#zzz" }"#,
    );
    let said = place.run(&["why", "m.json"]).stdout;
    assert!(said.contains("SENT after 1 attempt\n"), "{said}");
    assert!(
        said.contains("https://h.example/x?<query>#<fragment>\n"),
        "{said}"
    );
    assert!(!said.contains("qqq") && !said.contains("zzz"), "{said}");
}

#[test]
fn a_file_that_new_cannot_read_is_said_in_the_same_words() {
    let place = Place::new("new_unreadable");
    let said = place.run(&["new", "x", "--template", "none.json"]).stderr;
    assert!(
        said.contains("cannot read none.json: there is no such file"),
        "{said}"
    );
}

#[test]
fn http_comes_first_where_mambu_would_not_send() {
    let place = Place::new("http_first");
    place.scenario("intake", STARTS);
    let destination = URL.replace("https", "http");
    place.write(
        "m.json",
        &format!(
            r#"{{ "state": "FAILED", "failureReason": "INVALID_HTTP_RESPONSE", "failureCause": "403", "destination": "{destination}", "body": "{{}}" }}"#
        ),
    );
    let said = place.run(&["why", "m.json", "--scenario", "intake"]).stdout;
    assert!(said.contains("1. write https:// in the template's URL"), "{said}");
    assert!(!said.contains("does the Start node have"), "{said}");
}

#[test]
fn a_message_that_is_previewed_is_told_where_it_belongs() {
    let place = Place::new("message-previewed");
    let record =
        r#"{"type":"WEB_HOOK","state":"FAILED","event":"LOAN_REPAYMENT","destination":"https://a.example/"}"#;
    place.write("failed.json", record);
    place.write("list.json", &format!("[\n{record}\n]"));
    place.write("two.json", &format!("[\n{record},\n{record}\n]"));
    let shown = "    ^^^^^^^ no template has this key";
    for (file, found, at, help) in [
        (
            "failed.json",
            "the record of a message",
            "failed.json:1:20",
            "`mposim why failed.json` explains it",
        ),
        (
            "list.json",
            "the record of a message",
            "list.json:2:20",
            "`mposim why list.json` explains it",
        ),
        (
            "two.json",
            "records of messages",
            "two.json:2:20",
            "explains one of them in a file of its own",
        ),
    ] {
        let ended = place.run(&["preview", file]);
        assert_eq!(ended.code, 2);
        let said = ended.stderr;
        assert!(
            said.starts_with(&format!("error: expected a template, found {found}\n")),
            "{said}"
        );
        for part in [at, shown, help] {
            assert!(said.contains(part), "{said}");
        }
        assert!(!said.contains("a.example"), "{said}");
    }
}

#[test]
fn what_a_starter_leaves_commented_out_works_with_its_own_link() {
    let place = Place::new("uncommented");
    let url = URL.replace("tenant.mpo.mambu.com", "bank.mpo.mambu.com");
    assert_eq!(place.code(&["new", "intake", "--url", &url]), 0);
    let file = place.0.join("scenarios/intake/scenario.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let uncommented = text.replace("  # - ", "  - ");
    assert!(
        uncommented.contains("  - fault: { host: bank.mpo.mambu.com,"),
        "{text}"
    );
    place.write("scenarios/intake/scenario.yaml", &uncommented);
    let checked = place.run(&["check", "intake"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    let said = checked.stderr.replace('\n', " ");
    assert!(!said.contains("nothing is ever sent"), "{said}");
}
