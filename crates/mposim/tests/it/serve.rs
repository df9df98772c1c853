//! `mposim serve` from outside: what it announces and the `/sim/` endpoints.
#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use serde_json::{Value, json};

use crate::served::{HASH, NO_STEPS, PASS, Served, answer, begin, http, scenario};

/// `mambu:wrong`
pub(crate) const WRONG: &str = "Authorization: Basic bWFtYnU6d3Jvbmc=";

/// `mambu:` and the right password.
pub(crate) const RIGHT: &str = "Authorization: Basic bWFtYnU6czNjcmV0LW9mLW1wbw==";

pub(crate) fn serve(name: &str) -> Served {
    Served::start(&scenario(name, NO_STEPS), &[])
}

#[test]
fn it_announces_addresses_direct_urls_and_endpoints() {
    let served = serve("announces");
    let (mambu, mpo) = (served.at("mambu"), served.at("mpo"));
    let expected = [
        format!("mambu {mambu}"),
        format!("mpo {mpo}"),
        format!("url intake {mpo}/api/1/json/public/31754/{HASH}"),
        format!("url open {mpo}/api/1/json/public/31755/{HASH}"),
        format!("sim events {mambu}/sim/events"),
        format!("sim messages {mambu}/sim/messages"),
        format!("sim tasks {mpo}/sim/tasks"),
        format!("sim rejections {mpo}/sim/rejections"),
        format!("sim urls {mpo}/sim/urls"),
        format!("sim state {mpo}/sim/state"),
    ];
    assert_eq!(served.announced, expected);
}

#[test]
fn an_event_becomes_a_task_that_a_waiting_request_is_told_of() {
    let served = serve("event");
    let tasks = format!("{}?process=intake&count=2&await=1m", served.at("sim tasks"));
    let waiting = begin("GET", &tasks, &[], "", 0);
    for amount in [5000, 7000] {
        let event = json!({ "type": "LOAN_DISBURSEMENT", "amount": amount }).to_string();
        let (status, happened) = served.mambu("POST", "/sim/events", &event);
        assert_eq!((status, &happened["version"]), (202, &json!(1)), "{happened}");
    }
    let (status, came) = answer(waiting);
    assert_eq!((status, &came["version"]), (200, &json!(1)), "{came}");
    assert_eq!(came["tasks"].as_array().unwrap().len(), 2);
    let first = &came["tasks"][0];
    assert_eq!(first["data"], json!({ "loan": "LN-1001", "amount": "5000.00" }));
    assert_eq!((&first["task"], &first["process"]), (&json!(1), &json!("intake")));
}

#[test]
fn an_event_says_what_each_template_makes_of_it() {
    let served = serve("verdicts");
    let (status, happened) = served.mambu(
        "POST",
        "/sim/events",
        r#"{"type":"LOAN_DISBURSEMENT","amount":500}"#,
    );
    assert_eq!(status, 202);
    let verdict = json!({
        "template": "disbursed",
        "fires": false,
        "verdict": "conditions do not hold",
        "clauses": [{ "clause": "TRANSACTION.AMOUNT MORE_THAN 1000", "holds": false, "saw": "500", "note": null }],
    });
    assert_eq!(happened["verdicts"][0], verdict);
    let (_, sent) = served.mambu("GET", "/sim/messages", "");
    assert_eq!(
        (&sent["messages"], &sent["events"][0]["verdicts"][0]),
        (&json!([]), &verdict)
    );
}

#[test]
fn an_event_with_mistakes_is_refused_with_all_of_them() {
    let served = serve("mistakes");
    let (status, refused) = served.mambu(
        "POST",
        "/sim/events",
        r#"{"type":"LOAN_DISBURSEMENT","amuont":5,"laon":"LN-1"}"#,
    );
    assert_eq!(status, 400);
    let mistakes = json!([
        { "message": "unknown key `amuont` in an event", "hint": "did you mean `amount`?", "pointer": "/amuont" },
        { "message": "unknown key `laon` in an event", "hint": "did you mean `loan`?", "pointer": "/laon" },
    ]);
    assert_eq!(refused["mistakes"], mistakes);
    for (event, pointer) in [
        (r#"{"type":"LOAN_DISBURSEMENT","loan":"LN-7"}"#, "/loan"),
        (r#"{"amount":5}"#, ""),
        ("amount: 5", ""),
    ] {
        let (status, refused) = served.mambu("POST", "/sim/events", event);
        assert_eq!(
            (status, &refused["mistakes"][0]["pointer"]),
            (400, &json!(pointer)),
            "{event}: {refused}"
        );
        assert_ne!(refused["mistakes"][0]["message"], "", "{event}");
    }
    let (_, refused) = served.mambu("POST", "/sim/events", "{\n  \"amount\": }");
    let shown = refused["shown"].as_str().unwrap();
    assert!(shown.contains("--> event:2:"), "{shown}");
    let (status, refused) = served.mambu("POST", "/sim/events", " ");
    assert_eq!((status, &refused["error"]), (400, &json!("the body is empty")));
}

#[test]
fn an_event_can_take_back_what_an_earlier_one_did() {
    let served = serve("reversal");
    for event in [
        r#"{"type":"LOAN_REPAYMENT","amount":50}"#,
        r#"{"type":"LOAN_REPAYMENT_REVERSAL"}"#,
    ] {
        let (status, happened) = served.mambu("POST", "/sim/events", event);
        assert_eq!(status, 202, "{event}: {happened}");
    }
}

#[test]
fn the_records_of_the_bank_are_put_back_only_when_that_is_asked_for() {
    let served = serve("put-back");
    for (path, then) in [("/sim/state", 202), ("/sim/state?bank=true", 400)] {
        served.mambu("POST", "/sim/events", r#"{"type":"LOAN_REPAYMENT","amount":50}"#);
        assert_eq!(served.mpo("DELETE", path).0, 200);
        let (status, happened) = served.mambu("POST", "/sim/events", r#"{"type":"LOAN_REPAYMENT_REVERSAL"}"#);
        assert_eq!(status, then, "{path}: {happened}");
    }
    assert_eq!(served.mpo("DELETE", "/sim/state?bank=1").0, 400);
}

#[test]
fn waiting_in_vain_shows_the_nearest_miss() {
    let served = serve("nearest-miss");
    assert_eq!(http("POST", served.at("url intake"), &[], "{}").0, 403);
    assert_eq!(http("POST", served.at("url open"), &[], r#"{"n":1}"#).0, 200);
    let waiting = begin(
        "GET",
        &format!("{}?process=intake&await=2s", served.at("sim tasks")),
        &[],
        "",
        0,
    );
    // The waiting began when an answer to a later request is here: one thread serves them in turn.
    assert_eq!(http("POST", served.at("url intake"), &[WRONG], "{}").0, 403);
    let (status, missed) = answer(waiting);
    assert_eq!(
        (status, &missed["error"]),
        (408, &json!("0 of 1 tasks within 2s"))
    );
    let rejections = missed["nearest"]["rejections"].as_array().unwrap();
    let seen: Vec<_> = rejections
        .iter()
        .map(|rejection| (&rejection["class"], &rejection["while_waiting"]))
        .collect();
    assert_eq!(
        seen,
        [
            (&json!("missing"), &json!(false)),
            (&json!("wrong_password"), &json!(true))
        ]
    );
    assert_eq!(rejections[1]["reason"], "the password is wrong");
    let other = &missed["nearest"]["other_tasks"][0];
    assert_eq!(
        (&other["process"], &other["data"]),
        (&json!("open"), &json!({ "n": 1 }))
    );
}

#[test]
fn a_nearest_miss_shows_what_did_not_get_as_far_as_mpo() {
    let folder = scenario("did-not-get-there", NO_STEPS);
    let file = folder.join("scenario.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen(PASS, "other-than-mpo-s", 1)).unwrap();
    let served = Served::start(&folder, &[]);
    let miss = || {
        let (status, missed) = served.mpo("GET", "/sim/tasks?process=intake&await=0s");
        assert_eq!(status, 408);
        missed
    };
    let nothing = format!("nothing reached MPO; see GET {}/sim/messages", served.at("mambu"));
    assert_eq!(miss()["hint"], nothing);
    served.mambu(
        "POST",
        "/sim/events",
        r#"{"type":"LOAN_DISBURSEMENT","amount":500}"#,
    );
    let missed = miss();
    assert_eq!(
        missed["hint"],
        "nothing reached MPO; why stands under `nearest`, the newest last"
    );
    let filtered = &missed["nearest"]["events"][0];
    assert_eq!(
        (
            &filtered["event"],
            &filtered["verdicts"][0]["verdict"],
            &filtered["while_waiting"]
        ),
        (&json!(1), &json!("conditions do not hold"), &json!(false))
    );
    let rejections = format!("{}?process=intake&await=1m", served.at("sim rejections"));
    let waiting = begin("GET", &rejections, &[], "", 0);
    served.mambu(
        "POST",
        "/sim/events",
        r#"{"type":"LOAN_DISBURSEMENT","amount":5000}"#,
    );
    let (status, rejected) = answer(waiting);
    let rejection = &rejected["rejections"][0];
    assert_eq!(
        (status, &rejection["class"], &rejection["message"]),
        (200, &json!("wrong_password"), &json!(1))
    );
    let (status, sent) = served.mambu("GET", "/sim/messages?state=WAITING&count=1&await=1m", "");
    assert_eq!(
        (
            status,
            &sent["messages"][0]["rejections"],
            &sent["messages"][0]["tasks"]
        ),
        (200, &json!(["wrong_password"]), &json!([]))
    );
    let held = &miss()["nearest"]["messages"][0];
    assert_eq!(
        (&held["message"], &held["state"], &held["failure_cause"]),
        (
            &json!(1),
            &json!("WAITING"),
            &sent["messages"][0]["failure_cause"]
        )
    );
}

#[test]
fn third_destinations_are_reached_by_name_and_never_by_https() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let hook = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut head = [0; 4_096];
        let _ = socket.read(&mut head).unwrap();
        socket
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .unwrap();
    });
    let template = |name: &str, url: String| {
        format!("    {name}: {{ event: LOAN_REPAYMENT, url: '{url}', body: '{{}}' }}\n")
    };
    let text = [
        "mambu:\n  profile: { allow_http: true, allow_private: true }\n  templates:\n".to_owned(),
        template("by-name", format!("http://localhost:{port}/hook")),
        template("tls", format!("https://localhost:{port}/hook")),
        template("tenant", "http://somebody.mambu.com/hook".into()),
        "mpo: { processes: {} }\n".into(),
        NO_STEPS.into(),
    ];
    let folder = scenario("third", NO_STEPS);
    std::fs::write(folder.join("scenario.yaml"), text.concat()).unwrap();
    let served = Served::start(&folder, &[]);
    let (status, happened) = served.mambu("POST", "/sim/events", r#"{"type":"LOAN_REPAYMENT","amount":10}"#);
    assert_eq!(status, 202, "{happened}");
    let message = |template: &str, state: &str| {
        let path = format!("/sim/messages?template={template}&state={state}&await=1m");
        served.mambu("GET", &path, "").1["messages"][0].clone()
    };
    assert_eq!(message("by-name", "SENT")["last_status"], 200);
    hook.join().unwrap();
    assert_eq!(
        message("tls", "WAITING")["failure_cause"],
        format!("https to a real host is not simulated; use http (localhost:{port})")
    );
    assert_eq!(
        message("tenant", "WAITING")["failure_cause"],
        "unknown host somebody.mambu.com; real hosts of mambu.com are never contacted"
    );
}

#[test]
fn what_looks_like_tls_is_said_to_be_that() {
    let mut served = serve("tls");
    let address = served.at("mpo").trim_start_matches("http://").to_owned();
    let mut socket = TcpStream::connect(address).unwrap();
    socket
        .write_all(b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03\r\n\r\n")
        .unwrap();
    let words = "this looks like TLS; the port speaks plain http";
    served.says(&format!("unreadable request: {words}"));
    assert_eq!(
        served.mpo("GET", "/sim/rejections").1["rejections"][0]["reason"],
        words
    );
}

#[test]
fn head_is_answered_without_a_body() {
    let served = serve("head");
    for server in ["mambu", "mpo"] {
        let url = format!("{}/sim/health", served.at(server));
        assert_eq!(http("HEAD", &url, &[], ""), (200, Value::Null));
    }
}

#[test]
fn tasks_and_messages_are_joined() {
    let served = serve("joined");
    http("POST", served.at("url open"), &[], "{}");
    for amount in [5000, 6000] {
        let event = json!({ "type": "LOAN_DISBURSEMENT", "amount": amount }).to_string();
        served.mambu("POST", "/sim/events", &event);
    }
    let (_, came) = served.mpo("GET", "/sim/tasks?count=3&await=1m");
    let messages: Vec<_> = came["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| &task["message"])
        .collect();
    assert_eq!(messages, [&json!(null), &json!(1), &json!(2)]);
    let (status, sent) = served.mambu(
        "GET",
        "/sim/messages?template=disbursed&state=SENT&count=2&await=1m",
        "",
    );
    assert_eq!((status, &sent["messages"][1]["tasks"]), (200, &json!([3])));
    for process in ["open", "31755"] {
        let (_, came) = served.mpo("GET", &format!("/sim/tasks?process={process}"));
        assert_eq!(came["tasks"].as_array().unwrap().len(), 1, "{process}");
    }
    let (status, missed) = served.mambu("GET", "/sim/messages?template=repaid&await=0s", "");
    assert_eq!(
        (status, &missed["error"]),
        (408, &json!("0 of 1 messages within 0s"))
    );
    assert_eq!(missed["nearest"]["other_messages"].as_array().unwrap().len(), 2);
    let (status, missed) = served.mpo("GET", "/sim/rejections?class=missing&count=2&await=0s");
    assert_eq!(
        (status, &missed["error"]),
        (408, &json!("0 of 2 rejections within 0s"))
    );
    assert_eq!(missed["nearest"]["tasks"].as_array().unwrap().len(), 3);
}

#[test]
fn a_process_is_also_known_by_its_alias() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/alias");
    let served = Served::start(&folder, &[]);
    http("POST", served.at("url @loan-intake"), &[], "{}");
    let (status, listed) = served.mpo("GET", "/sim/rejections?process=@loan-intake");
    let rejection = &listed["rejections"][0];
    assert_eq!(
        (status, &rejection["process"], &rejection["alias"]),
        (200, &json!("intake"), &json!("loan-intake"))
    );
    assert_eq!(served.mpo("GET", "/sim/tasks?process=@loan-intake").0, 200);
    let (_, by_short_name) = served.mpo("GET", "/sim/rejections?process=loan-intake");
    assert_eq!(by_short_name, listed);
    let (status, missed) = served.mpo("GET", "/sim/tasks?process=&count=1&await=0s");
    assert_eq!(
        (status, &missed["error"]),
        (408, &json!("0 of 1 tasks within 0s"))
    );
}

#[test]
fn rejections_have_class_reason_addressee_and_status() {
    let served = serve("rejections");
    let (status, denied) = http("POST", served.at("url intake"), &[WRONG], "{}");
    assert_eq!(
        (status, &denied["ops"]["description"]),
        (403, &json!("Access denied"))
    );
    let (status, listed) = served.mpo("GET", "/sim/rejections");
    assert_eq!(status, 200);
    let expected = json!([{
        "class": "wrong_password",
        "reason": "the password is wrong",
        "addressed": "process intake",
        "process": "intake",
        "alias": null,
        "status": 403,
        "message": null,
    }]);
    assert_eq!(listed["rejections"], expected);
}

#[test]
fn urls_are_the_three_links_of_each_process() {
    let served = serve("urls");
    let (status, urls) = served.mpo("GET", "/sim/urls");
    assert_eq!(status, 200);
    let link = |format| format!("{}/api/1/{format}/public/31754/{HASH}", served.at("mpo"));
    let expected = json!({ "json": link("json"), "xml": link("xml"), "nvp": link("nvp") });
    assert_eq!(urls["processes"]["intake"], expected);
    assert_eq!(served.at("url intake"), link("json"));
}

#[test]
fn state_is_forgotten_on_both_sides_and_ordinals_begin_anew() {
    let served = serve("state");
    let disbursement = r#"{"type":"LOAN_DISBURSEMENT","amount":5000}"#;
    let first = |expected: &str| {
        served.mambu("POST", "/sim/events", disbursement);
        let (status, came) = served.mpo("GET", "/sim/tasks?await=1m");
        assert_eq!(
            (status, &came["tasks"][0]["task"]),
            (200, &json!(1)),
            "{expected}"
        );
        let (_, sent) = served.mambu("GET", "/sim/messages", "");
        assert_eq!(
            (&sent["messages"][0]["message"], &sent["events"][0]["event"]),
            (&json!(1), &json!(1)),
            "{expected}"
        );
    };
    first("at first");
    http("POST", served.at("url intake"), &[WRONG], "{}");
    assert_eq!(served.mpo("DELETE", "/sim/state").0, 200);
    assert_eq!(served.mpo("GET", "/sim/tasks").1["tasks"], json!([]));
    assert_eq!(served.mpo("GET", "/sim/rejections").1["rejections"], json!([]));
    let (_, sent) = served.mambu("GET", "/sim/messages", "");
    assert_eq!((&sent["messages"], &sent["events"]), (&json!([]), &json!([])));
    first("after everything was forgotten");
}

#[test]
fn who_waits_for_a_task_counts_on_after_everything_was_forgotten() {
    let served = serve("counts-on");
    for before in 0..3 {
        assert_eq!(served.mpo("DELETE", "/sim/state").0, 200);
        for _ in 0..before {
            http("POST", served.at("url open"), &[], "{}");
        }
        let tasks = format!("{}?process=intake&count=1&await=1m", served.at("sim tasks"));
        let waiting = begin("GET", &tasks, &[], "", 0);
        assert_eq!(served.mpo("GET", "/sim/health").0, 200, "it waits by now");
        assert_eq!(served.mpo("DELETE", "/sim/state").0, 200);
        http("POST", served.at("url intake"), &[RIGHT], "{}");
        let (status, came) = answer(waiting);
        assert_eq!(
            (status, &came["tasks"][0]["task"]),
            (200, &json!(1)),
            "{before} tasks before"
        );
    }
}

#[test]
fn an_event_that_comes_while_everything_is_forgotten_is_forgotten_by_both_sides_or_by_neither() {
    let served = serve("forgotten-by-both");
    let disbursement = r#"{"type":"LOAN_DISBURSEMENT","amount":5000}"#;
    for round in 0..30 {
        let forgetting = begin("DELETE", &format!("{}/sim/state", served.at("mpo")), &[], "", 0);
        let events = format!("{}/sim/events", served.at("mambu"));
        let happening = [(); 4].map(|()| begin("POST", &events, &[], disbursement, 0));
        assert_eq!(happening.map(|event| answer(event).0), [202; 4]);
        assert_eq!(answer(forgetting).0, 200);
        let (_, sent) = served.mambu("GET", "/sim/messages", "");
        let kept = sent["messages"].as_array().unwrap().len();
        if kept > 0 {
            served.mpo("GET", &format!("/sim/tasks?count={kept}&await=1m"));
        }
        let (_, came) = served.mpo("GET", "/sim/tasks");
        let messages: Vec<_> = came["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|task| task["message"].as_u64())
            .collect();
        let mut known: Vec<_> = messages.clone().into_iter().flatten().collect();
        known.sort_unstable();
        let expected: Vec<u64> = (1..=kept as u64).collect();
        assert_eq!(known, expected, "round {round}: {came} {sent}");
    }
}

#[test]
fn what_was_under_way_when_everything_was_forgotten_leaves_no_trace() {
    let served = serve("under-way");
    let disbursement = r#"{"type":"LOAN_DISBURSEMENT","amount":5000}"#;
    for _ in 0..50 {
        served.mambu("POST", "/sim/events", disbursement);
        assert_eq!(served.mpo("DELETE", "/sim/state").0, 200);
        assert_eq!(served.mpo("GET", "/sim/tasks").1["tasks"], json!([]));
    }
    let mut half = begin("POST", served.at("url open"), &[], "{", 1);
    assert_eq!(served.mpo("GET", "/sim/health").0, 200, "the half is there");
    assert_eq!(served.mpo("DELETE", "/sim/state").0, 200);
    half.write_all(b"}").unwrap();
    assert_eq!(answer(half).0, 200);
    assert_eq!(served.mpo("GET", "/sim/tasks").1["tasks"], json!([]));
    http("POST", served.at("url open"), &[], "{}");
    assert_eq!(served.mpo("GET", "/sim/tasks").1["tasks"][0]["task"], 1);
}

#[test]
fn what_is_asked_wrongly_is_answered_with_what_would_be_right() {
    let served = serve("wrong");
    let says = |(status, refused): (u16, Value), expected: u16, words: &str| {
        let hint = refused["hint"].as_str().unwrap_or_default();
        let said = format!("{} | {hint} | {}", refused["error"], refused["paths"]);
        assert!(status == expected && said.contains(words), "{status} {said}");
        assert_eq!(refused["version"], 1);
    };
    let there = |server: &str, path: &str| format!("port: {}{path}", served.at(server));
    let (messages, state) = (there("mambu", "/sim/messages"), there("mpo", "/sim/state"));
    for (side, method, path, status, words) in [
        ("mpo", "GET", "/sim/taks", 404, "GET /sim/tasks"),
        ("mpo", "GET", "/sim", 404, "DELETE /sim/state"),
        ("mpo", "POST", "/sim/tasks", 405, "does not take POST"),
        ("mambu", "GET", "/sim/events", 405, "does not take GET"),
        (
            "mpo",
            "GET",
            "/sim/tasks?count=2",
            400,
            "such as count=2&await=5s",
        ),
        (
            "mpo",
            "GET",
            "/sim/tasks?count=0&await=1s",
            400,
            "take count=1 and expect 408",
        ),
        (
            "mpo",
            "GET",
            "/sim/rejections?class=wrong_pass",
            400,
            "did you mean wrong_password?",
        ),
        ("mambu", "GET", "/sim/messages?state=sent", 400, "SENT"),
        (
            "mambu",
            "GET",
            "/sim/messages?template=disbursd",
            400,
            "did you mean disbursed?",
        ),
        (
            "mpo",
            "GET",
            "/sim/tasks?count=many",
            400,
            "count=many is not a whole number",
        ),
        ("mpo", "GET", "/sim/tasks?await=5", 400, "such as await=5s"),
        ("mpo", "GET", "/sim/tasks?await=1h", 400, "up to 5m"),
        (
            "mpo",
            "GET",
            "/sim/tasks?proces=intake",
            400,
            "did you mean process?",
        ),
        (
            "mpo",
            "GET",
            "/sim/tasks?await=1s&await=2s",
            400,
            "give await once",
        ),
        (
            "mpo",
            "GET",
            "/sim/tasks?process=intak",
            400,
            "did you mean intake?",
        ),
        ("mpo", "GET", "/sim/urls?process=intake", 400, "it takes none"),
        ("mpo", "GET", "/sim/messages", 404, messages.as_str()),
        ("mambu", "DELETE", "/sim/state", 404, state.as_str()),
    ] {
        let refused = match side {
            "mpo" => served.mpo(method, path),
            _ => served.mambu(method, path, ""),
        };
        says(refused, status, words);
    }
    for (status, health) in [
        served.mpo("GET", "/sim/health"),
        served.mambu("GET", "/sim/health", ""),
    ] {
        assert_eq!((status, &health["health"]), (200, &json!("ok")));
    }
    let unknown = json!({ "errors": [{ "errorCode": 3, "errorReason": "INVALID_API_OPERATION" }] });
    assert_eq!(served.mambu("GET", "/api/loans/LN-1001", ""), (404, unknown));
}
