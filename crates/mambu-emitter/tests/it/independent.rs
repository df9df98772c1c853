//! What a receiver that none of us wrote reads over real TCP, and what the bank makes of its answers.

use std::time::Duration;

use mambu_emitter::message::FailureReason;
use mambu_emitter::template::{Authorization, ContentType, CustomHeader, RequestType, Template};
use mambu_emitter::{Configuration, Profile};
use sim_world::World;
use wiremock::{Request, ResponseTemplate};

use crate::live_bank::{Independent, LiveBank, Outcome, Relay, pair};
use crate::tenant::{attempts, bank, disbursement, ends, genesis, template, tenant};

fn status(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

/// Plays one event against these answers.
fn play(answers: impl IntoIterator<Item = ResponseTemplate>) -> (Vec<Request>, Outcome) {
    let receiver = Independent::start();
    receiver.answer("/hook", answers);
    let outcome = LiveBank::hurried().play(&receiver.template("/hook"), 1);
    (receiver.received(), outcome)
}

/// What comes of one event with a changed template; the receiver answers 200.
fn received(change: impl FnOnce(&mut Template)) -> (Vec<Request>, Outcome) {
    let (receiver, bank) = pair();
    let mut template = receiver.template("/a");
    change(&mut template);
    let outcome = bank.play(&template, 1);
    (receiver.received(), outcome)
}

fn one(requests: Vec<Request>) -> Request {
    let [request] = <[_; 1]>::try_from(requests).expect("one request");
    request
}

const BAD: Result<u16, FailureReason> = Err(FailureReason::InvalidHttpResponse);

#[test]
fn after_two_failures_a_message_is_sent_with_the_same_bytes_and_key() {
    let (requests, outcome) = play([status(500), status(500)]);
    assert_eq!(outcome.attempts, [BAD, BAD, Ok(200)]);
    assert_eq!(outcome.ends, [Ok(())]);
    assert_eq!(requests.len(), 3);
    for request in &requests {
        assert_eq!(request.body, br#"{"amount":"5000.00"}"#);
        assert_eq!(request.headers, requests[0].headers);
        assert_eq!((request.method.as_str(), request.url.path()), ("POST", "/hook"));
    }
    assert_eq!(requests[0].headers["x-notifications-idempotency-key"].len(), 36);
}

#[test]
fn four_failures_are_the_end() {
    let (requests, outcome) = play([status(500), status(503), status(404), status(401)]);
    assert_eq!((requests.len(), outcome.attempts), (4, vec![BAD; 4]));
    assert_eq!(outcome.ends, [Err(FailureReason::InvalidHttpResponse)]);
}

#[test]
fn an_answer_that_comes_too_late_is_a_failure_and_retried() {
    let receiver = Independent::start();
    receiver.answer("/hook", [status(200).set_delay(Duration::from_secs(30))]);
    let mut bank = LiveBank::hurried();
    bank.profile.first_timeout = Duration::from_millis(200);
    let outcome = bank.play(&receiver.template("/hook"), 1);
    assert_eq!(
        outcome.attempts,
        [Err(FailureReason::HttpErrorWhileSending), Ok(200)]
    );
    assert_eq!(outcome.ends, [Ok(())]);
    let requests = receiver.received();
    assert_eq!(requests.len(), 2, "the receiver has the message twice");
    assert_eq!(requests[0].headers, requests[1].headers);
}

#[test]
fn a_redirect_is_not_followed() {
    let receiver = Independent::start();
    receiver.answer("/elsewhere", []);
    let elsewhere = format!("{}/elsewhere", receiver.uri());
    let redirects =
        [301, 302, 303, 307].map(|code| status(code).insert_header("location", elsewhere.as_str()));
    receiver.answer("/hook", redirects);
    let outcome = LiveBank::hurried().play(&receiver.template("/hook"), 1);
    assert_eq!(outcome.attempts, [BAD; 4]);
    assert_eq!(outcome.ends, [Err(FailureReason::InvalidHttpResponse)]);
    let paths: Vec<_> = receiver
        .received()
        .iter()
        .map(|request| request.url.path().to_owned())
        .collect();
    assert_eq!(paths, ["/hook"; 4]);
}

#[test]
fn messages_of_a_template_share_one_connection_unless_the_profile_says_no() {
    for (keep_alive, connections) in [(true, 1), (false, 3)] {
        let (receiver, mut bank) = pair();
        let relay = Relay::before(&receiver);
        bank.profile.keep_alive = keep_alive;
        let mut template = receiver.template("/a");
        template.url = relay.url("/a").as_str().into();
        let outcome = bank.play(&template, 3);
        assert_eq!(outcome.attempts, [Ok(200); 3]);
        assert_eq!(
            (receiver.received().len(), relay.connections()),
            (3, connections),
            "keep_alive: {keep_alive}"
        );
    }
}

#[test]
fn an_answer_without_content_is_success() {
    for code in [201, 202, 204] {
        let (requests, outcome) = play([status(code)]);
        assert_eq!((requests.len(), outcome.attempts), (1, vec![Ok(code)]));
    }
}

#[test]
fn basic_credentials_arrive_as_rfc_7617_has_them() {
    for (username, password, expected) in [
        ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("mambu", "s3cret", "Basic bWFtYnU6czNjcmV0"),
        ("mambu", "a:b:c", "Basic bWFtYnU6YTpiOmM="),
        ("", "", "Basic Og=="),
        ("test", "123£", "Basic dGVzdDoxMjPCow=="),
    ] {
        let (requests, _) = received(|template| {
            template.authorization = Authorization::Basic {
                username: username.into(),
                password: password.into(),
            };
        });
        let request = one(requests);
        let headers: Vec<_> = request.headers.get_all("authorization").iter().collect();
        assert_eq!(headers, [expected], "{username}:{password}");
    }
}

#[test]
fn without_authorization_no_such_header_is_sent() {
    let (requests, _) = received(|_| {});
    assert!(one(requests).headers.get("authorization").is_none());
}

#[test]
fn custom_headers_arrive_and_reserved_ones_do_not() {
    let (requests, outcome) = received(|template| {
        let reserved = [
            ("Host", "evil.example"),
            ("content-length", "1"),
            ("Transfer-Encoding", "chunked"),
            ("Connection", "close"),
            ("X-Notifications-Idempotency-Key", "mine"),
            ("x-notifications-anything", "mine"),
        ];
        let own = [("X-Api-Key", "k3y"), ("X-Many", "1"), ("X-Many", "2")];
        template.headers = reserved
            .into_iter()
            .chain(own)
            .map(|(name, value)| CustomHeader {
                name: name.into(),
                value: value.into(),
            })
            .collect();
    });
    assert_eq!(outcome.ends, [Ok(())]);
    let request = one(requests);
    assert_eq!(request.headers["x-api-key"], "k3y");
    let many: Vec<_> = request.headers.get_all("x-many").iter().collect();
    assert_eq!(many, ["1", "2"]);
    assert!(
        request.headers["host"]
            .to_str()
            .unwrap()
            .starts_with("127.0.0.1:")
    );
    assert_eq!(request.headers["content-length"], "20");
    for absent in ["transfer-encoding", "connection", "x-notifications-anything"] {
        assert!(request.headers.get(absent).is_none(), "{absent}");
    }
    let keys: Vec<_> = request
        .headers
        .get_all("x-notifications-idempotency-key")
        .iter()
        .collect();
    assert!(keys.len() == 1 && keys[0] != "mine");
}

#[test]
fn nothing_is_sent_that_nobody_asked_for() {
    let (requests, _) = received(|_| {});
    let request = one(requests);
    let mut names: Vec<&str> = request
        .headers
        .keys()
        .map(wiremock::http::HeaderName::as_str)
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "content-length",
            "content-type",
            "host",
            "x-notifications-idempotency-key"
        ]
    );
}

#[test]
fn methods_and_content_types_are_the_templates() {
    for (request_type, method) in [
        (RequestType::Post, "POST"),
        (RequestType::Put, "PUT"),
        (RequestType::Patch, "PATCH"),
    ] {
        for (content_type, header, body) in [
            (
                ContentType::ApplicationJson,
                "application/json",
                "{\"a\": 1.00}\n",
            ),
            (ContentType::ApplicationXml, "application/xml", "<a><b>1</b></a>"),
            (
                ContentType::PlainText,
                "text/plain; charset=UTF-8",
                "grüße, \u{1f600}",
            ),
        ] {
            let (requests, outcome) = received(|template| {
                template.request_type = request_type;
                template.content_type = content_type;
                template.body = body.into();
            });
            assert_eq!(outcome.ends, [Ok(())]);
            let request = one(requests);
            assert_eq!(request.method.as_str(), method);
            let types: Vec<_> = request.headers.get_all("content-type").iter().collect();
            assert_eq!(types, [header]);
            assert_eq!(request.body, body.as_bytes(), "not a byte is changed");
        }
    }
}

#[test]
fn a_broken_json_body_never_reaches_the_receiver() {
    for body in ["{", r#"{"name": "two "quotes""}"#, "", "{} {}"] {
        let (requests, outcome) = received(|template| template.body = body.into());
        assert_eq!((requests.len(), outcome.attempts.len()), (0, 0), "{body}");
        assert_eq!(
            outcome.ends,
            [Err(FailureReason::InvalidJsonBodySyntax)],
            "{body}"
        );
    }
}

#[test]
fn a_live_bank_refuses_what_mambu_refuses() {
    use FailureReason as Reason;
    for (allow_http, allow_private, expected) in [
        (false, true, Reason::InvalidHttpProtocol),
        (true, false, Reason::BlacklistedUrl),
    ] {
        let (receiver, mut bank) = pair();
        bank.profile.allow_http = allow_http;
        bank.profile.allow_private = allow_private;
        let outcome = bank.play(&receiver.template("/a"), 1);
        assert_eq!(outcome.ends, [Err(expected)]);
        assert_eq!(receiver.received().len(), 0);
    }
}

#[test]
fn a_large_answer_is_no_failure() {
    let answer = status(200).set_body_bytes(vec![b'x'; 3 << 20]);
    let (_, outcome) = play([answer]);
    assert_eq!(outcome.attempts, [Ok(200)]);
}

#[test]
fn a_line_that_is_kept_for_http_takes_no_https() {
    let (receiver, live) = pair();
    let plain = tenant([receiver.template("/a")]);
    let profile = Profile {
        retry_delays: Vec::new(),
        ..live.profile
    };
    let secure = format!("{}/a", receiver.uri().replace("http://", "https://"));
    let ended = World::run_live(genesis(0), async |world| {
        let mut configuration = Configuration { profile, ..plain };
        let mambu = bank(&world, configuration.clone());
        mambu.emit(&disbursement(1)).unwrap();
        world.quiet().await.unwrap();
        configuration.templates[0].url = secure.as_str().into();
        mambu.configure(configuration);
        mambu.emit(&disbursement(2)).unwrap();
        world.quiet().await.unwrap();
        ends(&mambu)
    });
    assert_eq!(
        ended.unwrap(),
        [(1, Ok(())), (2, Err(FailureReason::HttpErrorWhileSending))]
    );
    assert_eq!(receiver.received().len(), 1);
}

#[test]
fn an_exchange_is_known_with_its_message_while_it_is_under_way_and_after() {
    // Takes connections and never says a word.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut template = template("silent");
    template.url = format!("http://{}/", silent.local_addr().unwrap())
        .as_str()
        .into();
    let mut configuration = tenant([template]);
    configuration.profile = Profile {
        first_timeout: Duration::from_millis(200),
        retry_delays: Vec::new(),
        ..LiveBank::hurried().profile
    };
    World::run_live(genesis(0), async |world| {
        let mambu = bank(&world, configuration);
        mambu.emit(&disbursement(1)).unwrap();
        while mambu.exchanges().is_empty() {
            world.sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(attempts(&mambu).len(), 0);
        let under_way = mambu.exchanges();
        assert_eq!(
            under_way.values().map(|message| message.0).collect::<Vec<_>>(),
            [1]
        );
        world.quiet().await.unwrap();
        assert_eq!(attempts(&mambu).len(), 1);
        assert_eq!(mambu.exchanges(), under_way);
        mambu.forget();
        assert!(mambu.exchanges().is_empty());
    })
    .unwrap();
}
