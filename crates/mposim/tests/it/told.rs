//! What `why`, `preview` and `new` tell somebody whose files are not what they should be.

use std::path::Path;

use super::exits::{Place, URL};

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
