//! The receiver beside the bare server, under the same raw client.

use std::time::{Duration, Instant};

use mpo_receiver::Profile;
use scenario_runner::FakeMpo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::server::{Server, ready, stay_awake};
use crate::{CONNECTIONS, ROUND, ROUNDS, median};

/// The median ratio over paired rounds.
pub(crate) fn compare(what: &str, authorization: &str) -> f64 {
    let bare = Server::start("bare");
    let mpo = Server::start("receiver");
    let ratios = (0..ROUNDS)
        .map(|_| {
            let (ours, our_work) = round(&mpo, authorization);
            let (theirs, their_work) = round(&bare, authorization);
            println!(
                "  {what} credentials: receiver {ours:.0}/s ({our_work:.2} us each), \
                 bare hyper {theirs:.0}/s ({their_work:.2} us each), ratio {:.3}",
                ours / theirs
            );
            ours / theirs
        })
        .collect();
    median(ratios)
}

/// Requests per second of a round, and microseconds that the server computes for each.
fn round(server: &Server, authorization: &str) -> (f64, f64) {
    let before = server.computed();
    let (done, took) = load(server, authorization);
    let work = (server.computed() - before) / done / 1_000.0;
    (done / took.as_secs_f64(), work)
}

/// A million requests at one receiver, its memory at a fifth of the way and at the end.
pub(crate) fn flat_memory() -> u64 {
    // As many tasks as MPO keeps active; then every further one is refused with its reason.
    let mpo = Server::start("capped");
    let mut requests = 0.0;
    while requests < 1_000_000.0 {
        let before = requests;
        requests += load(&mpo, "Basic bWFtYnU6czNjcmV0").0;
        if before < 200_000.0 && requests >= 200_000.0 {
            println!("  after 200,000: {} KiB resident", mpo.resident());
        }
    }
    println!("  after 1,000,000: {} KiB resident", mpo.resident());
    requests as u64
}

fn request(path: &str, authorization: &str) -> Vec<u8> {
    let filler = "x".repeat(430 - 29);
    let body = format!(r#"{{"amount":"5000.00","text":"{filler}"}}"#);
    format!(
        "POST {path} HTTP/1.1\r\nHost: mpo.example\r\nContent-Type: application/json\r\nAuthorization: {authorization}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// How many requests are answered in a round over 32 connections that each wait for their answer, and how long it took.
fn load(server: &Server, authorization: &str) -> (f64, Duration) {
    let request = request(&server.path, authorization);
    let address = server.address;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let began = Instant::now();
    let done: u64 = runtime.block_on(async {
        let awake = tokio::spawn(stay_awake());
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            let request = request.clone();
            clients.spawn(async move {
                let mut socket = TcpStream::connect(address).await.expect("a connection");
                socket.set_nodelay(true).expect("a socket");
                let mut buffer = vec![0; 4096];
                let mut done = 0;
                while began.elapsed() < ROUND {
                    socket.write_all(&request).await.expect("the request goes out");
                    read_answer(&mut socket, &mut buffer).await;
                    done += 1;
                }
                done
            });
        }
        let done = clients.join_all().await.into_iter().sum();
        awake.abort();
        done
    });
    (done as f64, began.elapsed())
}

async fn read_answer(socket: &mut TcpStream, buffer: &mut [u8]) {
    let mut filled = 0;
    loop {
        filled += socket.read(&mut buffer[filled..]).await.expect("an answer");
        let head = buffer[..filled].windows(4).position(|end| end == b"\r\n\r\n");
        if let Some(head) = head {
            let text = std::str::from_utf8(&buffer[..head]).expect("a head");
            let length = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .expect("a length");
            if filled >= head + 4 + length.parse::<usize>().expect("a number") {
                return;
            }
        }
    }
}

/// The fake MPO with one process, as other people's tests start it.
pub(crate) fn serve(max_tasks_per_process: u64) {
    let profile = Profile {
        max_tasks_per_process,
        ..Profile::default()
    };
    let mpo = FakeMpo::builder()
        .process("intake", |process| process.basic("mambu", "s3cret"))
        .profile(profile)
        .start()
        .expect("a fake");
    ready(&mpo.direct_url("intake").expect("its process"));
    loop {
        std::thread::park();
    }
}
