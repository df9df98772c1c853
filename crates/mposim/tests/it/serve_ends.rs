//! `mposim serve` from outside: the timeline it plays, what it says, how it ends, and what keeps it from starting.
#![cfg(unix)]

use std::io::Write as _;
use std::net::TcpListener;

use crate::serve::{WRONG, serve};
use crate::served::{HASH, NO_STEPS, PASS, Served, answer, begin, command, http, scenario};

#[test]
fn the_timeline_is_played_with_its_sets_and_faults() {
    let steps = "steps:
  - post: { to: intake, body: '{}' }
  - set: { mpo: { processes: { intake: { start: { auth: none } } } } }
  - after: 50ms
    post: { to: intake, body: '{}' }
  - after: 50ms
    fault: { host: tenant.mpo.mambu.com, answer: [503] }
  - post: { to: open, body: '{}' }";
    let mut served = Served::start(&scenario("play", steps), &["--play"]);
    served.says("step 1 was answered 403");
    served.says("step 3 was answered 200");
    served.says("step 5 was answered 503");
    assert_eq!(served.mpo("GET", "/sim/health").1["tasks"], 1);
}

#[test]
fn records_that_a_set_brings_are_in_the_bank_from_then_on() {
    let steps = "steps:
  - set: { mambu: { bank: [ { loans: { LN-7: { accountHolderKey: CL-1001, loanAmount: 2000 } } } ] } }
  - event: { type: LOAN_DISBURSEMENT, loan: LN-7 }";
    let served = Served::start(&scenario("records", steps), &["--play"]);
    let (_, came) = served.mpo("GET", "/sim/tasks?process=intake&count=1&await=1m");
    assert_eq!(came["tasks"][0]["data"]["loan"], "LN-7", "{came}");
}

#[test]
fn ctrl_c_ends_it_with_a_summary_even_while_the_timeline_waits() {
    let steps = "steps:
  - event: { type: LOAN_DISBURSEMENT, amount: 5000 }
  - event: { type: LOAN_DISBURSEMENT, amount: 500 }
  - after: 10h
    event: { type: LOAN_DISBURSEMENT, amount: 5000 }";
    let mut served = Served::start(&scenario("ctrl-c", steps), &["--play"]);
    served.says("conditions do not hold");
    // Somebody still waits for a task that never comes.
    let waiting = begin(
        "GET",
        &format!("{}?count=9&await=5m", served.at("sim tasks")),
        &[],
        "",
        0,
    );
    assert_eq!(served.mpo("GET", "/sim/health").0, 200);
    served.interrupt();
    assert_eq!(answer(waiting).0, 503);
    let (status, said) = served.ended();
    assert_eq!(status.code(), Some(0), "{said}");
    assert!(
        said.ends_with("stopped: 2 events, 1 message, 1 task, 0 rejections"),
        "{said}"
    );
    assert!(
        said.contains(
            "template disbursed: conditions do not hold (TRANSACTION.AMOUNT MORE_THAN 1000, saw 500)"
        ),
        "{said}"
    );
}

#[test]
fn nobody_has_to_read_what_it_says() {
    let (mut served, _sender) = Served::unread(&scenario("unread", NO_STEPS), &[]);
    // More lines than a pipe holds.
    for _ in 0..400 {
        let event = r#"{"type":"LOAN_REPAYMENT","amount":10}"#;
        assert_eq!(served.mambu("POST", "/sim/events", event).0, 202);
    }
    served.interrupt();
    assert!(served.ends(), "lines that nobody reads hold up the end");
}

#[test]
fn lines_of_both_sides_come_in_the_order_of_their_times() {
    let mut served = serve("in-order");
    for _ in 0..20 {
        let event = r#"{"type":"LOAN_REPAYMENT","amount":10}"#;
        assert_eq!(served.mambu("POST", "/sim/events", event).0, 202);
    }
    served.says("message 20 SENT");
    let order: Vec<&str> = served
        .said
        .iter()
        .filter_map(|line| {
            let words = ["message 20: ", "task 20 of", "message 20 attempt"];
            words.into_iter().find(|word| line.contains(word))
        })
        .collect();
    assert_eq!(order, ["message 20: ", "task 20 of", "message 20 attempt"]);
}

#[test]
fn an_exchange_that_is_open_at_ctrl_c_is_finished() {
    let mut served = serve("open-exchange");
    let mut half = begin("POST", served.at("url open"), &[], "{", 1);
    assert_eq!(served.mpo("GET", "/sim/health").0, 200, "the half is there");
    served.interrupt();
    served.says("stopping: finishing what is open");
    half.write_all(b"}").unwrap();
    assert_eq!(answer(half).0, 200);
    let (status, said) = served.ended();
    assert_eq!(status.code(), Some(0));
    assert!(said.ends_with("1 task, 0 rejections"), "{said}");
}

#[test]
fn no_secret_is_said_but_where_direct_urls_are_the_purpose() {
    let mut served = serve("secrets");
    served.mambu(
        "POST",
        "/sim/events",
        r#"{"type":"LOAN_DISBURSEMENT","amount":5000}"#,
    );
    http("POST", served.at("url intake"), &[WRONG], "{}");
    http(
        "POST",
        &format!(
            "{}/api/1/json/public/31754/{}",
            served.at("mpo"),
            HASH.replace('5', "6")
        ),
        &[],
        "{}",
    );
    served.says("message 1 SENT");
    let mut all = String::new();
    for path in ["/sim/tasks", "/sim/rejections", "/sim/health"] {
        all += &served.mpo("GET", path).1.to_string();
    }
    all += &served.mambu("GET", "/sim/messages", "").1.to_string();
    served.interrupt();
    all += &served.ended().1;
    for secret in [PASS, HASH, &HASH.replace('5', "6")] {
        assert!(!all.contains(secret), "{all}");
    }
}

#[test]
fn what_keeps_it_from_starting_is_said_with_an_exit_code() {
    let folder = scenario("no-start", NO_STEPS);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().to_string();
    let free = "127.0.0.1:0";
    // An address of documentation, which no machine has.
    let elsewhere = "192.0.2.1:7080";
    let cases = [
        (
            ["--mambu", free, "--mpo", &taken],
            3,
            format!("MPO cannot listen on {taken}: "),
        ),
        (
            ["--mambu", &taken, "--mpo", free],
            3,
            format!("Mambu cannot listen on {taken}: "),
        ),
        (
            ["--mambu", free, "--mpo", elsewhere],
            3,
            format!("MPO cannot listen on {elsewhere}: "),
        ),
        (
            ["--mambu", free, "--mpo", "everywhere"],
            1,
            "invalid value 'everywhere' for '--mpo <ADDR>': expected an IP address and a port, such as 127.0.0.1:7070".into(),
        ),
    ];
    for (arguments, code, words) in cases {
        let ended = command(&folder, &arguments).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(
            ended.status.code() == Some(code) && said.contains(&words),
            "{:?} {said}",
            ended.status
        );
        assert!(ended.stdout.is_empty());
    }
    let nowhere = command(&folder.join("nowhere"), &[]).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(1));
    let broken = scenario("broken", "steps: [ event: { tipe: LOAN_DISBURSEMENT } ]");
    let broken = command(&broken, &[]).output().unwrap();
    assert_eq!(broken.status.code(), Some(2));
}

#[test]
fn an_address_that_cannot_be_taken_is_told_why() {
    let folder = scenario("no-address", NO_STEPS);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().to_string();
    let released = TcpListener::bind("127.0.0.1:0").unwrap();
    let free = released.local_addr().unwrap().to_string();
    drop(released);
    for (mambu, mpo, advice) in [
        ("127.0.0.1:0", &*taken, "another program may be there"),
        (&*free, &*free, "both sides have the same address"),
        ("127.0.0.1:0", "192.0.2.1:7080", "none of this machine's"),
        ("192.0.2.1:80", "192.0.2.1:80", "none of this machine's"),
    ] {
        let ended = command(&folder, &["--mambu", mambu, "--mpo", mpo])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(said.contains(advice), "{said}");
        assert_eq!(
            said.matches("another program").count(),
            usize::from(mpo == taken),
            "{said}"
        );
    }
}
