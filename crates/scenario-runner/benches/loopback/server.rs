//! Servers as processes of their own: the fake MPO as a library starts it, and the bare one, hyper that only reads the
//! body and answers.

use std::convert::Infallible;
use std::fs::read_to_string;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::PATH;

/// What a child of the benchmark is asked for by its first argument; the name of a server follows.
pub(crate) const SERVE: &str = "serve-one";

/// A server; it ends with this value.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// What requests ask for.
    pub(crate) path: String,
    process: Child,
}

impl Server {
    /// Starts the server of that name; see [`serve`].
    pub(crate) fn start(name: &str) -> Self {
        let program = std::env::current_exe().expect("a benchmark");
        let mut process = Command::new(program)
            .args([SERVE, name])
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut line = String::new();
        let output = process.stdout.take().expect("an output");
        BufReader::new(output).read_line(&mut line).expect("a line");
        let url = line.trim().strip_prefix("http://").expect("a URL");
        let (address, path) = url.split_once('/').expect("a path");
        Self {
            address: address.parse().expect("an address"),
            path: format!("/{path}"),
            process,
        }
    }

    /// Nanoseconds that its threads have computed, the kernel's work for them included; where there is such a figure.
    pub(crate) fn computed(&self) -> f64 {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.process.id()));
        let names = threads.into_iter().flatten().flatten();
        let computed = |thread: std::fs::DirEntry| {
            let text = read_to_string(thread.path().join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse::<f64>().ok()
        };
        names.filter_map(computed).sum()
    }

    /// KiB of memory that it holds.
    pub(crate) fn resident(&self) -> u64 {
        let text = read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("VmRSS"));
        line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
            .unwrap_or(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Is the server of that name: `bare`, also one that never sleeps (`awake`), or a receiver, `capped` when it keeps as many
/// tasks as MPO does.
pub(crate) fn serve(name: &str) {
    match name {
        "bare" => bare(false),
        "awake" => bare(true),
        "receiver" => crate::receiver::serve(u64::MAX),
        "capped" => crate::receiver::serve(100_000),
        other => panic!("no server {other}"),
    }
}

/// Says what can be asked for.
#[expect(clippy::print_stdout, reason = "the parent reads it")]
pub(crate) fn ready(url: &str) {
    println!("{url}");
}

/// Keeps the thread from falling asleep. What is measured is the other end, not how long the machine takes to wake this one;
/// and the slower the other end, the more often it would have to.
pub(crate) async fn stay_awake() {
    loop {
        tokio::task::yield_now().await;
    }
}

fn bare(is_awake: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    tokio::task::LocalSet::new().block_on(&runtime, async {
        if is_awake {
            tokio::task::spawn_local(stay_awake());
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        ready(&format!(
            "http://{}{PATH}",
            listener.local_addr().expect("an address")
        ));
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
}
