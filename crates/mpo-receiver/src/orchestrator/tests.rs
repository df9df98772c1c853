//! One request after another: the order of the decisions, and what stays.

use super::*;
use crate::configuration::{AliasConfig, ProcessConfig};
use crate::direct_url::DirectUrl;
use crate::rejection::ALL_CLASSES;
use crate::start_auth::{Credentials, StartAuth};
use proptest::prelude::*;

const NOW_MS: i64 = 1_767_600_000_123;
const RIGHT: &[u8] = b"Basic bWFtYnU6czNjcmV0";

fn path(target: &str) -> String {
    format!("/api/1/json/public/{target}/{}", "5f".repeat(20))
}

fn url(target: &str) -> DirectUrl {
    DirectUrl::parse(&format!("https://tenant.mpo.mambu.com{}", path(target))).unwrap()
}

fn configuration() -> Configuration {
    let process = |name: &str, conv_id: u64, start| ProcessConfig {
        name: name.into(),
        conv_id: ConvId::new(conv_id),
        title: format!("Process {name}"),
        state: ProcessState::Active,
        direct_url: url(&conv_id.to_string()),
        direct_url_enabled: true,
        start,
    };
    let alias = |short_name: &str, to: Option<&str>| AliasConfig {
        short_name: short_name.into(),
        to: to.map(Into::into),
        direct_url: url(&format!("@{short_name}/proj/prod/i1")),
        direct_url_enabled: true,
    };
    let basic = StartAuth::Basic(Some(Credentials {
        user: "mambu".into(),
        pass: "s3cret".into(),
    }));
    Configuration {
        processes: vec![process("intake", 1, basic), process("open", 2, StartAuth::NoAuth)],
        aliases: vec![alias("to-intake", Some("intake")), alias("nowhere", None)],
        ..Configuration::default()
    }
}

fn orchestrator(configuration: &Configuration) -> Orchestrator {
    Orchestrator::new(configuration, sim_world::random_stream(0, "mpo", "task ids"))
}

fn post(orchestrator: &mut Orchestrator, path: &str, authorization: &[&[u8]], body: &str) -> Happening {
    let request = Request {
        method: "POST",
        path,
        authorization,
        body: body.as_bytes(),
    };
    let (answer, happening) = orchestrator.receive(request, NOW_MS);
    assert_eq!(answer.status().as_u16(), happening.status());
    happening
}

fn class(happening: &Happening) -> &'static str {
    match (happening, happening.rejections().first()) {
        (Happening::Rejected { .. }, Some(rejection)) => rejection.class(),
        (Happening::Ops { .. }, Some(_)) => "mixed",
        _ => "started",
    }
}

#[test]
fn a_webhook_becomes_a_task_in_the_start_node() {
    let mut mpo = orchestrator(&configuration());
    let path = path("1");
    let body = br#"{"amount":"5000.00"}"#;
    let request = Request {
        method: "POST",
        path: &path,
        authorization: &[RIGHT],
        body,
    };
    let (answer, happening) = mpo.receive(request, NOW_MS);
    let Happening::Started {
        process,
        alias: None,
        task: started,
        status: 200,
    } = happening
    else {
        panic!("{happening:?}");
    };
    assert_eq!(
        (process.name.as_str(), process.title.as_str()),
        ("intake", "Process intake")
    );
    assert_eq!(started.ordinal, 1);
    assert_eq!(started.task.data()["amount"], "5000.00");
    assert_eq!(started.task.place, mpo_process::Place::Start);
    assert_eq!(mpo.tasks().get(1), Some(&*started.task));
    let id = started.task.id.to_string();
    assert!(
        id.starts_with("695b6f80"),
        "an id begins with the unix time, {id}"
    );
    assert_eq!(
        String::from_utf8_lossy(answer.body()),
        format!(r#"{{"request_proc":"ok","ops":{{"proc":"ok","obj":"task","ref":null,"obj_id":"{id}"}}}}"#)
    );
}

#[test]
fn decisions_come_in_a_fixed_order() {
    let mut configuration = configuration();
    configuration.profile.max_body = 40;
    configuration.profile.max_task_size = 20;
    configuration.profile.max_tasks_per_process = 1;
    let url = path("1");
    let wrong_hash = url.replace("5f5f", "5f5e");
    let large = "x".repeat(41);
    let json = format!("{{\"a\":\"{}\"}}", "x".repeat(20));
    let xml = url.replace("json", "xml");

    // Each request is wrong in everything that comes later, too.
    let mut switched_off = configuration.clone();
    switched_off.processes[0].direct_url_enabled = false;
    let mut paused = configuration.clone();
    paused.processes[0].state = ProcessState::Paused;
    for (configuration, method, path, authorization, body, expected) in [
        (
            &switched_off,
            "GET",
            "/api/1/json/callback/x/y",
            &[][..],
            &large,
            "unknown_path",
        ),
        (
            &switched_off,
            "GET",
            "/api/1/json/public/9/ab",
            &[],
            &large,
            "method_not_allowed",
        ),
        (
            &switched_off,
            "POST",
            "/api/1/json/public/9/ab",
            &[],
            &large,
            "unknown_process",
        ),
        (
            &switched_off,
            "POST",
            "/api/1/json/public/@no/c/ab",
            &[],
            &large,
            "unknown_alias",
        ),
        (
            &switched_off,
            "POST",
            "/api/1/json/public/@nowhere/proj/prod/i1/ab",
            &[],
            &large,
            "alias_without_target",
        ),
        (&switched_off, "POST", &wrong_hash, &[], &large, "direct_url_off"),
        (&paused, "POST", &wrong_hash, &[], &large, "wrong_hash"),
        (&paused, "POST", &xml, &[], &large, "body_too_large"),
        (&paused, "POST", &xml, &[], &json, "missing"),
        (&paused, "POST", &xml, &[RIGHT], &json, "paused"),
        (
            &configuration,
            "POST",
            &xml,
            &[RIGHT],
            &json,
            "format_not_supported",
        ),
        (
            &configuration,
            "POST",
            &url,
            &[RIGHT],
            &"x".to_owned(),
            "incorrect_body",
        ),
        (&configuration, "POST", &url, &[RIGHT], &json, "task_too_large"),
        (
            &configuration,
            "POST",
            &url,
            &[RIGHT],
            &"{}".to_owned(),
            "started",
        ),
    ] {
        let mut mpo = orchestrator(configuration);
        let request = Request {
            method,
            path,
            authorization,
            body: body.as_bytes(),
        };
        let (_, happening) = mpo.receive(request, NOW_MS);
        assert_eq!(class(&happening), expected);
    }
}

#[test]
fn each_state_of_a_process_has_its_outcome() {
    for (state, expected) in [
        (ProcessState::Active, "started"),
        (ProcessState::Debug, "started"),
        (ProcessState::Paused, "paused"),
        (ProcessState::NeverDeployed, "never_deployed"),
        (ProcessState::Deleted, "deleted"),
    ] {
        let mut configuration = configuration();
        configuration.processes[1].state = state;
        let happening = post(&mut orchestrator(&configuration), &path("2"), &[], "{}");
        assert_eq!(class(&happening), expected);
        let tasks = happening.tasks();
        assert!(
            tasks
                .iter()
                .all(|started| started.task.place == mpo_process::Place::Start)
        );
    }
}

#[test]
fn the_authorization_of_a_process_covers_its_aliases() {
    let mut mpo = orchestrator(&configuration());
    let alias = path("@to-intake/proj/prod/i1");
    assert_eq!(class(&post(&mut mpo, &alias, &[], "{}")), "missing");
    let Happening::Started {
        process,
        alias: Some(alias),
        ..
    } = post(&mut mpo, &alias, &[RIGHT], "{}")
    else {
        panic!("it is started");
    };
    assert_eq!((process.name.as_str(), &*alias), ("intake", "to-intake"));
}

#[test]
fn a_reference_is_unique_among_active_tasks() {
    let mut mpo = orchestrator(&configuration());
    let path = path("2");
    let body = r#"{"ops":[{"type":"create","obj":"task","ref":"LN-1001","data":{}}]}"#;
    assert_eq!(class(&post(&mut mpo, &path, &[], body)), "started");
    let again = post(&mut mpo, &path, &[], body);
    assert_eq!((class(&again), again.status()), ("duplicate_reference", 200));
    assert_eq!(
        class(&post(&mut mpo, &path, &[], r#"{"ref":"LN-1001"}"#)),
        "started",
        "a plain ref is data"
    );
    assert!(mpo.finish(1, NOW_MS + 1));
    assert_eq!(post(&mut mpo, &path, &[], body).tasks()[0].ordinal, 3);
}

#[test]
fn ops_of_one_request_stand_for_themselves() {
    let mut mpo = orchestrator(&configuration());
    let op = r#"{"type":"create","obj":"task","ref":"a"}"#;
    let path = path("2");
    let mixed = post(&mut mpo, &path, &[], &format!(r#"{{"ops":[{op},{op}]}}"#));
    assert_eq!(
        (class(&mixed), mixed.tasks().len(), mixed.rejections()[0].class()),
        ("mixed", 1, "duplicate_reference")
    );
    let plain = op.replace(r#","ref":"a""#, "");
    let two = post(&mut mpo, &path, &[], &format!(r#"{{"ops":[{plain},{plain}]}}"#));
    assert_eq!(
        (class(&two), two.tasks().len(), mpo.tasks().created()),
        ("started", 2, 3)
    );
}

#[test]
fn a_link_works_under_both_versions_and_with_a_query() {
    let mut mpo = orchestrator(&configuration());
    let path = path("2").replace("/1/json", "/2/json") + "?a=/b";
    assert_eq!(class(&post(&mut mpo, &path, &[], "{}")), "started");
}

#[test]
fn a_link_as_it_is_copied_leads_where_it_leads_when_it_is_taken_apart() {
    let mut configurations = vec![configuration(); 3];
    configurations[1].processes[1].direct_url_enabled = false;
    configurations[2].profile.methods = vec!["PUT".into()];
    for configuration in &configurations {
        for target in ["1", "2", "3", "@to-intake/proj/prod/i1", "@nowhere/proj/prod/i1"] {
            for format in ["/api/1/json/", "/api/1/xml/", "/api/2/json/"] {
                let copied = path(target).replace("/api/1/json/", format);
                // With a query it is not, byte for byte, the link.
                let [there, thorough] = [copied.clone(), copied.clone() + "?a=/b"]
                    .map(|path| post(&mut orchestrator(configuration), &path, &[RIGHT], "{}"));
                assert_eq!(there, thorough, "{copied}");
                let wrong = copied.replace("5f5f", "5f5e");
                assert_ne!(
                    class(&post(&mut orchestrator(configuration), &wrong, &[RIGHT], "{}")),
                    "started"
                );
            }
        }
    }
}

#[test]
fn limits_hold() {
    let mut configuration = configuration();
    configuration.profile.max_tasks_per_process = 1;
    configuration.profile.max_task_size = 9;
    let mut mpo = orchestrator(&configuration);
    let path = path("2");
    assert_eq!(
        class(&post(&mut mpo, &path, &[], r#"{"a":1234}"#)),
        "task_too_large"
    );
    assert_eq!(class(&post(&mut mpo, &path, &[], r#" {"a":123} "#)), "started");
    assert_eq!(class(&post(&mut mpo, &path, &[], "{}")), "too_many_tasks");
}

#[test]
fn another_configuration_keeps_the_tasks() {
    let mut configuration = configuration();
    let mut mpo = orchestrator(&configuration);
    let path = path("1");
    assert_eq!(class(&post(&mut mpo, &path, &[RIGHT], "{}")), "started");
    configuration.processes[0].start = StartAuth::NoAuth;
    mpo.configure(&configuration);
    assert_eq!(post(&mut mpo, &path, &[], "{}").tasks()[0].ordinal, 2);
    configuration.profile.either_api_version = false;
    mpo.configure(&configuration);
    assert_eq!(
        class(&post(&mut mpo, &path.replace("/1/json", "/2/json"), &[], "{}")),
        "unknown_path"
    );
    mpo.forget_tasks();
    assert_eq!(post(&mut mpo, &path, &[], "{}").tasks()[0].ordinal, 1);
}

#[test]
fn nothing_secret_reaches_the_journal() {
    let mut mpo = orchestrator(&configuration());
    let hash = "5f".repeat(20);
    let secret = "czNjcmV0X3Rva2Vu";
    let mut journal = Vec::new();
    for path in [
        path("1"),
        path("7"),
        path("@x/y"),
        format!("/{hash}"),
        format!("/api/1/json/callback/{hash}/{hash}"),
    ] {
        for authorization in [&[][..], &[RIGHT], &[secret.as_bytes()]] {
            journal.push(format!("{:?}", post(&mut mpo, &path, authorization, "{}")));
        }
    }
    for text in [hash.as_str(), secret, "s3cret", "bWFtYnU6czNjcmV0"] {
        assert!(
            !journal.iter().any(|line| line.contains(text)),
            "{text}: {journal:#?}"
        );
    }
}

proptest! {
    #[test]
    fn any_request_has_one_answer_and_one_happening(
        method in "(POST|GET|[A-Z]{0,5})",
        path in "(/api/1/json/public/(1|2|@nowhere/proj/prod/i1)/)?[a-z0-9/@?]{0,12}",
        authorization in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..3),
        body in prop::collection::vec(any::<u8>(), 0..40),
        now_ms: i64,
    ) {
        let mut mpo = orchestrator(&configuration());
        let authorization: Vec<&[u8]> = authorization.iter().map(Vec::as_slice).collect();
        let request = Request { method: &method, path: &path, authorization: &authorization, body: &body };
        let (answer, happening) = mpo.receive(request, now_ms);
        prop_assert_eq!(answer.status().as_u16(), happening.status());
        prop_assert_eq!(happening.tasks().len() as u64, mpo.tasks().created());
        for rejection in happening.rejections() {
            prop_assert!(ALL_CLASSES.iter().any(|(class, _)| *class == rejection.class()));
        }
    }
}
