//! What other programs read: JUnit reports and annotations for GitHub Actions.

use crate::exits::{Ended, Place, STARTS, URL};

#[test]
fn a_report_has_a_case_for_each_step() {
    let place = Place::new("report");
    place.scenario(
        "fine",
        &STARTS.replace("}]", "}, { name: again, event: { amount: 6000 } }]"),
    );
    place.scenario("misspelt", "stepps: []\n");
    assert_eq!(place.code(&["run", "fine", "--update"]), 0);
    assert_eq!(place.code(&["run", "--report", "junit=report.xml"]), 2);
    let xml = std::fs::read_to_string(place.0.join("report.xml")).unwrap();
    assert!(xml.starts_with("<?xml version=\"1.0\""), "{xml}");
    let suite = |name: &str| {
        let (_, from) = xml.split_once(&format!("<testsuite name=\"{name}\"")).unwrap();
        from.split_once("</testsuite>").unwrap().0
    };
    // Two steps, the totals, the snapshot.
    assert_eq!(suite("fine").matches("<testcase ").count(), 4, "{xml}");
    assert!(suite("fine").contains("again"), "{xml}");
    assert!(!suite("fine").contains("<failure"), "{xml}");
    assert_eq!(suite("misspelt").matches("<error ").count(), 1, "{xml}");
    assert!(suite("misspelt").contains("unknown key `stepps`"), "{xml}");
    let left: Vec<_> = std::fs::read_dir(&place.0)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("report"))
        .collect();
    assert_eq!(left, ["report.xml"], "nothing is left beside it");
}

#[test]
fn a_report_names_what_was_not_expected() {
    let place = Place::new("report-miss");
    place.scenario("other", &STARTS.replace("started: intake", "denied: true"));
    assert_eq!(place.code(&["run", "other", "--report", "junit=report.xml"]), 4);
    let xml = std::fs::read_to_string(place.0.join("report.xml")).unwrap();
    assert!(
        xml.contains(">scenarios/other/scenario.yaml:3:46: step 1 (event LOAN_DISBURSEMENT): expected denied, found started"),
        "{xml}"
    );
    assert_eq!(
        xml.matches("<failure ").count(),
        2,
        "the step, and no snapshot: {xml}"
    );
}

#[test]
fn a_report_covers_secrets_in_the_names_of_steps() {
    let place = Place::new("report-secret");
    let secret = "set: { mpo: { variables: { key: { secret: true, raw: t0p-s3cret } } } }";
    place.scenario(
        "named",
        &format!("steps:\n  - {{ name: about t0p-s3cret, {secret} }}\n"),
    );
    place.run(&["run", "named", "--report", "junit=report.xml"]);
    let xml = std::fs::read_to_string(place.0.join("report.xml")).unwrap();
    assert!(
        xml.contains("about &lt;secret&gt;") && !xml.contains("t0p-s3cret"),
        "{xml}"
    );
}

#[test]
fn annotations_show_in_actions_only() {
    let place = Place::new("annotations");
    place.scenario("misspelt", "stepps: []\n");
    assert!(!place.run(&["run"]).stderr.contains("::error"));
    let in_actions = place
        .command(&["run"])
        .env("GITHUB_ACTIONS", "true")
        .output()
        .unwrap();
    let said = Ended::from(in_actions).stderr;
    assert!(
        said.contains("::error file=scenarios/misspelt/scenario.yaml,line="),
        "{said}"
    );
    place.scenario("other", &STARTS.replace("started: intake", "denied: true"));
    let in_actions = place
        .command(&["run", "other"])
        .env("GITHUB_ACTIONS", "true")
        .output()
        .unwrap();
    let said = Ended::from(in_actions).stderr;
    for line in [
        "::error file=scenarios/other/scenario.yaml,line=3,col=46::step 1 (event LOAN_DISBURSEMENT): expected denied, found",
        "not as expected: scenarios/other/scenario.yaml:3:46: step 1 (event LOAN_DISBURSEMENT): expected denied, found",
        "no snapshot yet: expectations come first",
    ] {
        assert!(said.contains(line), "{said}");
    }
}

#[test]
fn check_annotates_mistakes_and_doubts_in_actions_only() {
    let place = Place::new("check_annotates");
    place.scenario("misspelt", "stepps: []\n");
    place.write(
        "scenarios/doubtful/scenario.yaml",
        &format!(
            "mambu: {{ templates: {{ disbursed: {{ event: LOAN_DISBURSEMENT, url: \"{URL}\", body: '{{}}' }} }} }}\n{STARTS}"
        )
        .replace("started: intake", "started: true"),
    );
    assert!(!place.run(&["check"]).stderr.contains("::"));
    let in_actions = |arguments: &[&str]| {
        let mut command = place.command(arguments);
        Ended::from(command.env("GITHUB_ACTIONS", "true").output().unwrap()).stderr
    };
    let said = in_actions(&["check"]);
    let unknown = "::error file=scenarios/misspelt/scenario.yaml,line=3,col=1::unknown key `stepps`";
    assert!(said.contains(unknown), "{said}");
    assert!(
        said.contains("::warning file=scenarios/doubtful/scenario.yaml,line=1,col="),
        "{said}"
    );
    let served = in_actions(&["serve", "misspelt"]);
    assert!(served.contains(unknown), "{served}");
    let listed = in_actions(&["urls", "misspelt"]);
    assert!(listed.contains(unknown), "{listed}");
}

#[test]
fn an_environment_file_is_annotated_at_its_lines_in_actions_only() {
    let place = Place::new("env_annotated");
    place.scenario("green", STARTS);
    place.write("doubtful.env", "URL=x\nNOBODY=s3cret\nURL=y\n");
    place.write("broken.env", "# fine\nno s3cret line\n=s3cret\n");
    let in_actions = |arguments: &[&str]| {
        let mut command = place.command(arguments);
        Ended::from(command.env("GITHUB_ACTIONS", "true").output().unwrap()).stderr
    };
    let doubtful = [
        "::warning file=doubtful.env,line=2::no scenario here uses NOBODY\n",
        "::warning file=doubtful.env,line=3::URL stands on line 1 too, and this one counts\n",
    ];
    let broken = [2, 3].map(|line| format!("::error file=broken.env,line={line}::expected NAME=value\n"));
    for command in ["run", "check"] {
        let said = in_actions(&[command, "green", "--env", "doubtful.env"]);
        assert!(doubtful.iter().all(|line| said.contains(line)), "{said}");
        let said = in_actions(&[command, "green", "--env", "broken.env"]);
        assert!(broken.iter().all(|line| said.contains(line)), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
    let said = in_actions(&["check", "--env", "missing.env"]);
    assert!(
        said.contains("::error file=missing.env::cannot read missing.env"),
        "{said}"
    );
    assert!(!place.run(&["check", "--env", "broken.env"]).stderr.contains("::"));
}
