//! Servers on threads of their own, and the bare one: hyper that only reads the body and answers.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// A server on a thread of its own.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// `/proc/…/schedstat` of its thread, where there is such a thing.
    schedule: Option<PathBuf>,
}

impl Server {
    /// Starts `serve`, which sends its address when it listens.
    pub(crate) fn start(name: &str, serve: impl FnOnce(mpsc::Sender<SocketAddr>) + Send + 'static) -> Self {
        let (ready, address) = mpsc::channel();
        let (begun, schedule) = mpsc::channel();
        let work = move || {
            let thread = std::fs::read_link("/proc/thread-self").ok();
            begun
                .send(thread.map(|thread| Path::new("/proc").join(thread).join("schedstat")))
                .expect("a reader");
            serve(ready);
        };
        std::thread::Builder::new()
            .name(name.into())
            .spawn(work)
            .expect("a thread");
        Self {
            address: address.recv().expect("a server"),
            schedule: schedule.recv().expect("a thread"),
        }
    }

    /// Nanoseconds that its thread has computed, the kernel's work for it included.
    pub(crate) fn computed(&self) -> f64 {
        let text = self
            .schedule
            .as_ref()
            .and_then(|path| std::fs::read_to_string(path).ok());
        let first = text.as_deref().and_then(|text| text.split_whitespace().next());
        first
            .and_then(|nanoseconds| nanoseconds.parse().ok())
            .unwrap_or(f64::NAN)
    }
}

/// The server to compare with, on one thread like ours.
pub(crate) fn bare() -> Server {
    Server::start("bare", move |ready| {
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
    })
}
