//! Requests per second of the receiver on loopback, beside a bare hyper server that only reads the body and answers.
//!
//! Both run on one thread each, in turn, with the same client on another thread: 32 connections, a JSON body of 430 bytes,
//! Basic. `cargo bench -p mpo-receiver --bench loopback` prints the ratios; quote those, not single figures.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark prints figures"
)]

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use mpo_process::ConvId;
use mpo_receiver::{Configuration, Credentials, DirectUrl, Mpo, ProcessConfig, Profile, StartAuth};
use sim_world::{Genesis, Limits, World};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const CONNECTIONS: usize = 32;
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(1_500);
const PATH: &str = "/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let good = compare("good credentials", "Basic bWFtYnU6czNjcmV0");
    let bad = compare("bad credentials", "Basic bWFtYnU6d3Jvbmc=");
    println!("receiver / bare hyper: good {good:.2}, bad {bad:.2} (bar: 0.80)");
    let requests = flat_memory();
    println!("memory over {requests} requests: see the two figures above");
}

/// The median ratio over paired rounds.
fn compare(what: &str, authorization: &str) -> f64 {
    let bare = start_bare();
    let mpo = start_mpo(u64::MAX);
    let request = request(authorization);
    let mut ratios: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let ours = load(mpo, &request, ROUND);
            let theirs = load(bare, &request, ROUND);
            println!(
                "  {what}: receiver {ours:.0}/s, bare hyper {theirs:.0}/s, ratio {:.3}",
                ours / theirs
            );
            ours / theirs
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ROUNDS / 2]
}

/// A million requests at one receiver, its memory at a fifth of the way and at the end.
fn flat_memory() -> u64 {
    // As many tasks as MPO keeps active; then every further one is refused with its reason.
    let mpo = start_mpo(100_000);
    let request = request("Basic bWFtYnU6czNjcmV0");
    let mut requests = 0.0;
    while requests < 1_000_000.0 {
        let before = requests;
        requests += load(mpo, &request, ROUND) * ROUND.as_secs_f64();
        if before < 200_000.0 && requests >= 200_000.0 {
            println!("  after 200,000: {} KiB resident", resident());
        }
    }
    println!("  after 1,000,000: {} KiB resident", resident());
    requests as u64
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse().ok())
        .unwrap_or(0)
}

fn request(authorization: &str) -> Vec<u8> {
    let filler = "x".repeat(430 - 29);
    let body = format!(r#"{{"amount":"5000.00","text":"{filler}"}}"#);
    format!(
        "POST {PATH} HTTP/1.1\r\nHost: mpo.example\r\nContent-Type: application/json\r\nAuthorization: {authorization}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Requests per second over 32 connections that each wait for their answer.
fn load(server: SocketAddr, request: &[u8], span: Duration) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let began = Instant::now();
    let done: u64 = runtime.block_on(async {
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            let request = request.to_vec();
            clients.spawn(async move {
                let mut socket = TcpStream::connect(server).await.expect("a connection");
                socket.set_nodelay(true).expect("a socket");
                let mut buffer = vec![0; 4096];
                let mut done = 0;
                while began.elapsed() < span {
                    socket.write_all(&request).await.expect("the request goes out");
                    read_answer(&mut socket, &mut buffer).await;
                    done += 1;
                }
                done
            });
        }
        clients.join_all().await.into_iter().sum()
    });
    done as f64 / began.elapsed().as_secs_f64()
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

fn start_bare() -> SocketAddr {
    let (ready, address) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        tokio::task::LocalSet::new().block_on(&runtime, async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            ready
                .send(listener.local_addr().expect("an address"))
                .expect("a reader");
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let _ = stream.set_nodelay(true);
                let service = service_fn(|request: Request<hyper::body::Incoming>| async {
                    let _ = request.into_body().collect().await;
                    Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(
                        b"{\"request_proc\":\"ok\"}",
                    ))))
                });
                tokio::task::spawn_local(async move {
                    let mut server = hyper::server::conn::http1::Builder::new();
                    let _ = server
                        .auto_date_header(false)
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
    });
    address.recv().expect("a server")
}

fn start_mpo(max_tasks_per_process: u64) -> SocketAddr {
    let (ready, address) = mpsc::channel();
    std::thread::spawn(move || {
        let genesis = Genesis {
            seed: 0,
            start: "2026-01-05T08:00:00Z".parse().expect("a moment"),
            limits: Limits {
                max_happenings: 10_000,
                ..Limits::default()
            },
        };
        World::run_live(genesis, async |world| {
            let listener = world
                .network()
                .listen_tcp("127.0.0.1:0".parse().expect("an address"))
                .await
                .expect("a port");
            ready
                .send(listener.address().expect("an address"))
                .expect("a reader");
            let credentials = Credentials {
                user: "mambu".into(),
                pass: "s3cret".into(),
            };
            let configuration = Configuration {
                processes: vec![ProcessConfig {
                    name: "intake".into(),
                    conv_id: ConvId::new(31_754),
                    title: "Intake".into(),
                    state: mpo_process::ProcessState::Active,
                    direct_url: DirectUrl::parse(&format!("https://mpo.example{PATH}")).expect("a link"),
                    direct_url_enabled: true,
                    start: StartAuth::Basic(Some(credentials)),
                }],
                profile: Profile {
                    max_tasks_per_process,
                    ..Profile::default()
                },
                ..Configuration::default()
            };
            Mpo::new(&world, configuration).serve(listener).await;
        })
        .expect("a world");
    });
    address.recv().expect("a server")
}
