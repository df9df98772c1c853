//! A bank in a live world, and a receiver that none of us wrote: wiremock, over real TCP, in a runtime of its own.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use mambu_emitter::Profile;
use mambu_emitter::message::FailureReason;
use mambu_emitter::template::Template;
use sim_world::{Genesis, Limits, World};
use tokio::runtime::Runtime;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers};

use crate::tenant::{attempts, bank, disbursement, ends, genesis, steady, template, tenant};

/// The independent receiver.
pub(crate) struct Independent {
    runtime: Runtime,
    server: MockServer,
}

impl Independent {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let server = runtime.block_on(MockServer::start());
        Self { runtime, server }
    }

    /// Answers to a path: these one after the other, each once, and then 200.
    pub(crate) fn answer(&self, path: &str, answers: impl IntoIterator<Item = ResponseTemplate>) {
        let ok = (ResponseTemplate::new(200), None);
        let answers = answers.into_iter().map(|answer| (answer, Some(1)));
        for (answer, times) in answers.chain([ok]) {
            let mut mock = Mock::given(matchers::path(path)).respond_with(answer);
            if let Some(times) = times {
                mock = mock.up_to_n_times(times);
            }
            self.runtime.block_on(mock.mount(&self.server));
        }
    }

    /// What it received, in order.
    pub(crate) fn received(&self) -> Vec<Request> {
        self.runtime.block_on(self.server.received_requests()).unwrap()
    }

    pub(crate) fn uri(&self) -> String {
        self.server.uri()
    }

    /// A template whose destination is a path of this receiver.
    pub(crate) fn template(&self, path: &str) -> Template {
        Template {
            url: format!("{}{path}", self.uri()).as_str().into(),
            ..template("live")
        }
    }
}

/// Stands before a receiver and counts the connections that are made to it, below HTTP.
pub(crate) struct Relay {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Relay {
    pub(crate) fn before(receiver: &Independent) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let (behind, count) = (*receiver.server.address(), Arc::clone(&connections));
        thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                count.fetch_add(1, Ordering::SeqCst);
                let server = TcpStream::connect(behind).unwrap();
                carry(client.try_clone().unwrap(), server.try_clone().unwrap());
                carry(server, client);
            }
        });
        Self { address, connections }
    }

    /// How many connections were made. Counted before anything is carried, so exact once there is an answer.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// Carries bytes one way until there are no more.
fn carry(mut from: TcpStream, mut to: TcpStream) {
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
}

/// A bank to be played in a live world.
pub(crate) struct LiveBank {
    pub(crate) profile: Profile,
}

/// What became of the messages: results of the attempts and of the ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) attempts: Vec<Result<u16, FailureReason>>,
    pub(crate) ends: Vec<Result<(), FailureReason>>,
}

/// A receiver that answers 200 at `/a`, and a bank with short delays that may send to it.
pub(crate) fn pair() -> (Independent, LiveBank) {
    let receiver = Independent::start();
    receiver.answer("/a", []);
    (receiver, LiveBank::hurried())
}

impl LiveBank {
    /// Retries come after a few milliseconds; plain http to this machine is allowed.
    pub(crate) fn hurried() -> Self {
        Self {
            profile: Profile {
                allow_http: true,
                allow_private: true,
                retry_delays: [2, 4, 6].map(Duration::from_millis).to_vec(),
                ..steady()
            },
        }
    }

    /// Emits so many disbursements at once and waits until every message is at its end.
    pub(crate) fn play(&self, template: &Template, events: usize) -> Outcome {
        let mut configuration = tenant([template.clone()]);
        configuration.profile = self.profile.clone();
        let limits = Limits {
            max_virtual_time: Duration::from_mins(1),
            ..Limits::default()
        };
        World::run_live(Genesis { limits, ..genesis(0) }, async |world| {
            let mambu = bank(&world, configuration);
            for _ in 0..events {
                mambu.emit(&disbursement(5_000)).unwrap();
            }
            world.quiet().await.unwrap();
            Outcome {
                attempts: attempts(&mambu).into_iter().map(|(.., result)| result).collect(),
                ends: ends(&mambu).into_iter().map(|(_, end)| end).collect(),
            }
        })
        .unwrap()
    }
}
