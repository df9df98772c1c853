//! The bank sending to the bare server, beside a loop of hyper's client with a constant body.

use std::net::SocketAddr;
use std::time::Instant;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use mambu_emitter::bank::{Bank, Change};
use mambu_emitter::template::{Authorization, Template};
use mambu_emitter::{Configuration, Event, Happening, Mambu, Profile};
use sim_world::World;
use tokio::net::TcpStream;

use crate::server::Server;
use crate::{CONNECTIONS, PATH, ROUND, ROUNDS, genesis, median};

/// What a template renders for each message: placeholders of every kind, 430 bytes when rendered.
const BODY: &str = concat!(
    r#"{"loan":"{ACCOUNT_ID}","name":"{ACCOUNT_NAME}","client":"{RECIPIENT_ID}","#,
    r#""mail":"{RECIPIENT_EMAIL_ADDRESS}","amount":"{TRANSACTION_AMOUNT}","balance":"{TOTAL_BALANCE}","#,
    r#""transaction":"{TRANSACTION_ID}","valueDate":"{VALUE_DATE}","at":"{CURRENT_DATE_TIME}","text":""#,
);

/// Events that happen in one go; each makes a message of every template.
const EVENTS: u64 = 64;

/// The median ratio over paired rounds.
pub(crate) fn compare() -> f64 {
    let server = Server::start("awake");
    let body = body();
    let ratios = (0..ROUNDS).map(|_| {
        let (ours, bytes) = on_a_thread("emitter", || emit(server.address, &body));
        let theirs = on_a_thread("hyper", || repeat(server.address, bytes));
        println!(
            "  emitter {ours:.0}/s, loop of hyper's client {theirs:.0}/s, ratio {:.3}",
            ours / theirs
        );
        ours / theirs
    });
    median(ratios.collect())
}

/// On a thread of its own, whose name a profile shows.
fn on_a_thread<T: Send>(name: &str, work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name(name.into());
        let running = thread.spawn_scoped(scope, work).expect("a thread");
        running.join().expect("no panic")
    })
}

fn body() -> String {
    format!("{BODY}{}\"}}", "x".repeat(120))
}

/// Messages per second of the bank, and the bytes of a body.
fn emit(server: SocketAddr, body: &str) -> (f64, usize) {
    let configuration = Configuration {
        templates: (0..CONNECTIONS)
            .map(|number| template(number, server, body))
            .collect(),
        profile: Profile {
            allow_http: true,
            allow_private: true,
            ..Profile::default()
        },
        ..Configuration::default()
    };
    World::run_live(genesis(), async |world| {
        let mambu = Mambu::new(&world, Bank::demo(), configuration);
        let disbursement = Change::new(Event::LoanDisbursement);
        let began = Instant::now();
        let mut events = 0;
        while began.elapsed() < ROUND {
            for _ in 0..EVENTS {
                mambu.emit(&disbursement).expect("an event");
            }
            world.quiet().await.expect("every message comes to an end");
            events += EVENTS;
        }
        let rate = (events * CONNECTIONS as u64) as f64 / began.elapsed().as_secs_f64();
        (rate, sent(&mambu))
    })
    .expect("a world")
}

/// The bytes of the newest body; every message that is still known was sent.
fn sent(mambu: &Mambu) -> usize {
    let entries = mambu.journal().entries();
    let mut bytes = 0;
    for entry in entries.iter() {
        match &entry.what {
            Happening::Created { body, .. } => bytes = body.len(),
            Happening::Ended { result, .. } => assert_eq!(*result, Ok(())),
            _ => {}
        }
    }
    bytes
}

fn template(number: usize, server: SocketAddr, body: &str) -> Template {
    let (id, url) = (format!("disbursed {number}"), format!("http://{server}{PATH}"));
    Template {
        authorization: Authorization::Basic {
            username: "mambu".into(),
            password: "s3cret".into(),
        },
        ..Template::new(&id, Event::LoanDisbursement, &url, body)
    }
}

/// Requests per second of hyper's client over as many connections.
fn repeat(server: SocketAddr, bytes: usize) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let body = Bytes::from("x".repeat(bytes));
    let began = Instant::now();
    let done: u64 = tokio::task::LocalSet::new().block_on(&runtime, async {
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            clients.spawn_local(one_connection(server, body.clone(), began));
        }
        clients.join_all().await.into_iter().sum()
    });
    done as f64 / began.elapsed().as_secs_f64()
}

async fn one_connection(server: SocketAddr, body: Bytes, began: Instant) -> u64 {
    let socket = TcpStream::connect(server).await.expect("a connection");
    socket.set_nodelay(true).expect("a socket");
    let (mut sender, driver) = http1::handshake(TokioIo::new(socket)).await.expect("a client");
    tokio::task::spawn_local(driver);
    let mut done = 0;
    while began.elapsed() < ROUND {
        let mut request = Request::new(Full::new(body.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = PATH.parse().expect("a path");
        let headers = request.headers_mut();
        headers.insert(HOST, server.to_string().parse().expect("a host"));
        headers.insert(CONTENT_TYPE, "application/json".parse().expect("a value"));
        headers.insert(AUTHORIZATION, "Basic bWFtYnU6czNjcmV0".parse().expect("a value"));
        sender.ready().await.expect("an open connection");
        let answer = sender.send_request(request).await.expect("an answer");
        answer.into_body().collect().await.expect("a body");
        done += 1;
    }
    done
}
