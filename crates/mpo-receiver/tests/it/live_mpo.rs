//! An orchestrator in a live world on a thread of its own, and a client below HTTP that talks to it.

use std::cell::Cell;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Once, mpsc};
use std::time::Duration;

use mpo_process::{ConvId, ProcessState};
use mpo_receiver::{Configuration, DirectUrl, Mpo, ProcessConfig};
use sim_world::{Genesis, Limits, World};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::auth_decision::basic;

/// The path of the one direct URL.
pub(crate) const PATH: &str = "/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";
pub(crate) const USER: &str = "mambu";
pub(crate) const PASS: &str = "s3cret";
/// The header that they make.
pub(crate) const RIGHT: &str = "Basic bWFtYnU6czNjcmV0";

/// How long a connection may be silent before it counts as hanging.
const SILENCE: Duration = Duration::from_secs(20);

thread_local! {
    /// Panics on this thread. A world goes on when one of its tasks panics, so nothing else would tell.
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.set(PANICS.get() + 1);
            usual(panic);
        }));
    });
}

type Order = Box<dyn FnOnce(&Mpo) + Send>;

/// One process behind Basic, served on a port of this machine.
pub(crate) struct LiveMpo {
    address: SocketAddr,
    orders: UnboundedSender<Order>,
}

/// What came back on a connection until it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answers(pub(crate) Vec<u8>);

impl Answers {
    /// The statuses of the answers, in order.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        const START: &[u8] = b"HTTP/1.";
        let mut rest = self.0.as_slice();
        let mut statuses = Vec::new();
        while let Some(at) = rest.windows(START.len()).position(|window| window == START) {
            rest = &rest[at + START.len()..];
            let status = rest.get(2..5).and_then(|digits| std::str::from_utf8(digits).ok());
            statuses.push(status.and_then(|digits| digits.parse().ok()).unwrap_or(0));
        }
        statuses
    }
}

/// A connection that neither ended nor said anything.
#[derive(Debug)]
pub(crate) struct Hangs;

impl LiveMpo {
    pub(crate) fn start() -> Self {
        count_panics();
        let (orders, mut incoming) = unbounded_channel::<Order>();
        let (ready, address) = mpsc::channel();
        std::thread::spawn(move || {
            let genesis = Genesis {
                seed: 0,
                start: jiff::Timestamp::UNIX_EPOCH,
                limits: Limits::default(),
            };
            World::run_live(genesis, async |world| {
                let any_port = "127.0.0.1:0".parse().unwrap();
                let listener = world.network().listen_tcp(any_port).await.unwrap();
                let address = listener.address().unwrap();
                let mpo = Mpo::new(&world, configuration());
                world.spawn(mpo.clone().serve(listener));
                ready.send(address).unwrap();
                while let Some(order) = incoming.recv().await {
                    order(&mpo);
                }
            })
            .unwrap();
        });
        let address = address.recv().unwrap();
        Self { address, orders }
    }

    /// Asks something on the world's thread.
    pub(crate) fn ask<T: Send + 'static>(&self, question: impl FnOnce(&Mpo) -> T + Send + 'static) -> T {
        let (reply, answer) = mpsc::channel();
        let order: Order = Box::new(move |mpo| {
            let _ = reply.send(question(mpo));
        });
        assert!(self.orders.send(order).is_ok(), "the world has ended");
        answer.recv().expect("the world has panicked")
    }

    /// How many tasks have begun. Panics if anything on the world's thread ever did.
    pub(crate) fn created(&self) -> u64 {
        let (created, panics) = self.ask(|mpo| {
            (
                mpo.inspect(|orchestrator| orchestrator.tasks().created()),
                PANICS.get(),
            )
        });
        assert_eq!(panics, 0, "something in the world panicked");
        created
    }

    /// Sends these bytes on a connection of their own and reads until it ends. `hang_up`: says at once that nothing more
    /// comes, otherwise the other side has to end it.
    pub(crate) fn talk(&self, bytes: &[u8], hang_up: bool) -> Result<Answers, Hangs> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(SILENCE)).unwrap();
        stream.set_write_timeout(Some(SILENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        match stream.write_all(bytes) {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(Hangs);
            }
            // The other side may refuse the rest.
            _ => {}
        }
        if hang_up {
            let _ = stream.shutdown(Shutdown::Write);
        }
        let mut answers = Vec::new();
        match stream.read_to_end(&mut answers) {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Err(Hangs),
            _ => Ok(Answers(answers)),
        }
    }

    /// Whether a good request on a fresh connection gets 200 and starts exactly one task.
    pub(crate) fn works(&self) -> bool {
        let before = self.created();
        let good = format!(
            "POST {PATH} HTTP/1.1\r\nhost: localhost\r\nauthorization: {RIGHT}\r\nconnection: close\r\n\
             content-length: 2\r\n\r\n{{}}"
        );
        let answers = self.talk(good.as_bytes(), false);
        answers.is_ok_and(|answers| answers.statuses() == [200]) && self.created() == before + 1
    }
}

fn configuration() -> Configuration {
    let url = format!("https://tenant.mpo.mambu.com{PATH}");
    Configuration {
        processes: vec![ProcessConfig {
            name: "intake".into(),
            conv_id: ConvId::new(31754),
            title: "Intake".into(),
            state: ProcessState::Active,
            direct_url: DirectUrl::parse(&url).unwrap(),
            direct_url_enabled: true,
            start: basic(USER, PASS),
        }],
        ..Configuration::default()
    }
}
