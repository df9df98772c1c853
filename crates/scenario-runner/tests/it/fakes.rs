//! The fakes as libraries, from the side of somebody's tests.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use scenario_runner::mpo_process::{ProcessState, Variable, VariableValue, Variables, Visibility};
use scenario_runner::mpo_receiver::Profile;
use scenario_runner::{FakeMambu, FakeMpo};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const SOON: Duration = Duration::from_secs(30);

/// `mambu:s3cret`
const RIGHT: &str = "Authorization: Basic bWFtYnU6czNjcmV0\r\n";

/// The status of the answer to a request with this body.
fn post(url: &str, header: &str, body: &str) -> u16 {
    let (host, path) = url
        .strip_prefix("http://")
        .and_then(|url| url.split_once('/'))
        .unwrap();
    let mut socket = TcpStream::connect(host).unwrap();
    let length = body.len();
    write!(
        socket,
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\n{header}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

/// A template that sends disbursements somewhere.
fn template(url: &str) -> serde_json::Value {
    json!({
        "name": "disbursed", "target": "CLIENT", "event": "LOAN_DISBURSEMENT", "subscriptionOption": "OPT_OUT",
        "url": url, "requestType": "POST", "contentType": "APPLICATION_JSON",
        "body": r#"{"loan":"{ACCOUNT_ID}"}"#,
    })
}

#[test]
fn a_process_behind_basic_takes_credentials_from_a_variable() {
    let variable = Variable {
        id: None,
        short_name: "webhook-var".into(),
        value: VariableValue::json(r#"{"pass":"s3cret"}"#).unwrap(),
        visibility: Visibility::Visible,
    };
    let mpo = FakeMpo::builder()
        .variables(Variables::new(vec![variable]))
        .process("intake", |process| {
            process.basic("mambu", "{{env_var[@webhook-var].pass}}")
        })
        .process("paused", |process| process.state(ProcessState::Paused))
        .profile(Profile {
            access_denied_status: 401,
            ..Profile::default()
        })
        .start()
        .unwrap();
    let intake = mpo.direct_url("intake").unwrap();
    assert_eq!((post(&intake, RIGHT, "{}"), post(&intake, "", "{}")), (200, 401));
    assert_eq!(post(&mpo.direct_url("paused").unwrap(), "", "{}"), 200);
    let classes: Vec<_> = mpo
        .rejections()
        .into_iter()
        .map(|rejection| rejection.class)
        .collect();
    assert_eq!((mpo.tasks().len(), classes), (1, vec!["missing", "paused"]));
    assert_eq!(mpo.direct_url("unknown"), None);
}

#[test]
fn a_miss_shows_what_came_instead() {
    let mpo = FakeMpo::builder()
        .process("intake", |process| process.basic("mambu", "s3cret"))
        .start()
        .unwrap();
    let never = |mpo: &FakeMpo| {
        mpo.await_task(|_| false, Duration::from_millis(1))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(never(&mpo), "no such task within 1ms; nothing came at all");
    let intake = mpo.direct_url("intake").unwrap();
    post(&intake, RIGHT, r#"{"n":1}"#);
    post(&intake, "", "{}");
    let expected = "no such task within 1ms\n  task 1 of process intake: {\"n\":1}\n  \
                    403, process intake: there is no Authorization header (missing)";
    assert_eq!(never(&mpo), expected);
}

#[test]
fn a_miss_says_what_is_wrong_with_credentials_and_repeats_none() {
    let mpo = FakeMpo::builder()
        .process("intake", |process| process.basic("mambu", "s3cret"))
        .start()
        .unwrap();
    let intake = mpo.direct_url("intake").unwrap();
    let other_link = format!("{}{}", &intake[..intake.len() - 4], "dead");
    for (url, authorization) in [
        // mambu:wr0ng
        (&intake, "Basic bWFtYnU6d3Iwbmc="),
        // nambu:s3cret
        (&intake, "Basic bmFtYnU6czNjcmV0"),
        (&intake, "Bearer t0ken"),
        (&intake, "Basic bWFtYnU6czNjcmV0=x"),
        (&other_link, "Basic bWFtYnU6czNjcmV0"),
    ] {
        post(url, &format!("Authorization: {authorization}\r\n"), "{}");
    }
    let classes: Vec<_> = mpo.rejections().iter().map(|rejection| rejection.class).collect();
    assert_eq!(
        classes,
        [
            "wrong_password",
            "unknown_user",
            "not_basic",
            "malformed",
            "wrong_hash"
        ]
    );
    let said = mpo
        .await_task(|_| true, Duration::from_millis(1))
        .unwrap_err()
        .to_string();
    assert_eq!(said.lines().count(), 6, "{said}");
    let hash = intake.rsplit('/').next().unwrap();
    for secret in ["s3cret", "wr0ng", "t0ken", "bWFtYnU6", hash, "dead"] {
        assert!(!said.contains(secret), "{secret} is told:\n{said}");
    }
}

#[test]
fn a_reset_forgets_and_numbers_from_1_again() {
    let (mpo, mambu) = (FakeMpo::start().unwrap(), FakeMambu::start().unwrap());
    let url = mpo.direct_url("intake").unwrap();
    let id = mambu.template(template(&url)).unwrap();
    for round in ["first", "second"] {
        let happened = mambu.emit(r#"{ "amount": 5000 }"#).unwrap();
        assert_eq!(happened["event"], 1, "{round}");
        let message = mambu
            .await_message(|message| message.state.name() == "SENT", SOON)
            .unwrap();
        assert_eq!((message.ordinal, &message.template), (1, &id), "{round}");
        assert_eq!(mpo.await_task(|_| true, SOON).unwrap().ordinal, 1, "{round}");
        post(&url, "", "no JSON");
        mpo.reset();
        mambu.reset();
        assert!(mpo.tasks().is_empty() && mpo.rejections().is_empty() && mambu.messages().is_empty());
    }
}

#[test]
fn what_is_under_way_at_a_reset_has_arrived_when_it_is_over() {
    let (mpo, mambu) = (FakeMpo::start().unwrap(), FakeMambu::start().unwrap());
    mambu
        .template(template(&mpo.direct_url("intake").unwrap()))
        .unwrap();
    for round in 0..50 {
        mambu.emit("{}").unwrap();
        mambu.reset();
        mpo.reset();
        assert!(mpo.tasks().is_empty(), "round {round}");
    }
}

#[test]
fn mistakes_are_errors_with_their_lines() {
    let mambu = FakeMambu::start().unwrap();
    let mut wrong = template("https://receiver.example/hook");
    wrong["event"] = "LOAN_DISBURSMENT".into();
    let shown = mambu.template(format!("{wrong:#}")).unwrap_err().to_string();
    for part in ["template-1.json:4:12", "did you mean `LOAN_DISBURSEMENT`?"] {
        assert!(shown.contains(part), "{shown}");
    }
    // What was refused leaves no trace.
    assert_eq!(
        mambu.template(template("http://127.0.0.1:9/x")).unwrap(),
        "template-1"
    );
    let shown = mambu.emit(json!({ "amuont": 1 })).unwrap_err().to_string();
    assert!(
        shown.contains("event:1:2") && shown.contains("did you mean `amount`?"),
        "{shown}"
    );
    let twice = FakeMpo::builder().process("a", |a| a).process("a", |a| a).start();
    assert!(
        twice
            .unwrap_err()
            .to_string()
            .contains("there is another process of this name")
    );
}

#[test]
fn a_message_that_does_not_come_shows_those_that_are_there() {
    let mambu = FakeMambu::start().unwrap();
    let never = |mambu: &FakeMambu| {
        mambu
            .await_message(|_| false, Duration::from_millis(1))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(never(&mambu), "no such message within 1ms; no template made one");
    // A port that nobody listens on.
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .unwrap();
    mambu.template(template(&format!("http://{closed}/x"))).unwrap();
    mambu.emit("{}").unwrap();
    mambu
        .await_message(|message| message.attempts == 1, SOON)
        .unwrap();
    let expected = format!(
        "no such message within 1ms\n  message 1 of template-1: WAITING, attempts 1, HTTP_ERROR_WHILE_SENDING: connection refused by {closed}"
    );
    assert_eq!(never(&mambu), expected);
}

#[test]
fn a_fake_that_is_dropped_is_gone_at_once() {
    let mpo = FakeMpo::start().unwrap();
    let url = mpo.direct_url("intake").unwrap();
    let (host, _) = url
        .strip_prefix("http://")
        .and_then(|url| url.split_once('/'))
        .unwrap();
    let _idle = TcpStream::connect(host).unwrap();
    let began = Instant::now();
    drop(mpo);
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "an idle connection keeps nobody waiting"
    );
    assert!(TcpStream::connect(host).is_err());
}

#[tokio::test(start_paused = true)]
async fn a_paused_clock_and_one_thread_of_the_caller_are_no_matter() {
    let (mpo, mambu) = (FakeMpo::start().unwrap(), FakeMambu::start().unwrap());
    let url = mpo.direct_url("intake").unwrap();
    // The service under test runs on this very runtime and thread.
    let service = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    mambu
        .template(template(&format!("http://{}/x", service.local_addr().unwrap())))
        .unwrap();
    tokio::spawn(async move {
        let (mut mambu, _) = service.accept().await.unwrap();
        let mut webhook = vec![0; 4096];
        let _ = mambu.read(&mut webhook).await.unwrap();
        let (host, path) = url
            .strip_prefix("http://")
            .and_then(|url| url.split_once('/'))
            .unwrap();
        let mut mpo = tokio::net::TcpStream::connect(host).await.unwrap();
        let request = format!(
            "POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
        );
        mpo.write_all(request.as_bytes()).await.unwrap();
        mpo.read_to_end(&mut Vec::new()).await.unwrap();
        mambu
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .await
            .unwrap();
    });
    mambu.emit(json!({ "amount": 5000 })).unwrap();
    assert_eq!(mpo.task_arrives(|_| true, SOON).await.unwrap().ordinal, 1);
    assert_eq!(
        mambu
            .message_comes(|message| message.state.name() == "SENT", SOON)
            .await
            .unwrap()
            .attempts,
        1
    );
    let real = Instant::now();
    assert!(
        mpo.task_arrives(|_| false, Duration::from_millis(30))
            .await
            .is_err()
    );
    assert!(real.elapsed() >= Duration::from_millis(30), "the time is real");
}
