//! The network between the fakes: hosts by name, connections with ordinals, and faults.
//!
//! In a virtual world a host is a name in memory; in a live one it is a TCP listener that a name resolves to.
//! What joins the two ends of an exchange in the ledger, the [`ExchangeId`], travels beside the stream, never in it.

use std::cell::{Cell, Ref, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use self::lookup::{kept_back, look_up};
use crate::World;
use crate::clock::Instant;
use crate::journal::Stamped;
use crate::world::Activity;

mod fault;
mod lookup;
mod pipe;
mod relay;
mod stand_in;
mod stream;
mod wires;

pub use fault::{Fault, FaultPlan, FaultStruck, ScriptedAnswer};
pub use stream::Stream;
pub(crate) use wires::Wires;

/// Ordinal of a connection in its world, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// One request on one connection: what joins the two ends of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId {
    /// The connection.
    pub connection: ConnectionId,
    /// Ordinal of the request on it, from 1.
    pub request: u32,
}

impl fmt::Display for ExchangeId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.connection.0, self.request)
    }
}

/// Why a connection could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The name leads nowhere.
    #[error("unknown host {0}")]
    UnknownHost(String),
    /// The host is there, but takes no connection.
    #[error("connection refused by {0}")]
    Refused(String),
    /// A real host that no live world goes to; see [`Network::never_contact`].
    #[error("unknown host {host}; real hosts of {domain} are never contacted")]
    Kept {
        /// The host.
        host: String,
        /// The domain that it is in.
        domain: String,
    },
    /// TLS to a host that is not simulated.
    #[error("https to a real host is not simulated; use http ({0})")]
    Tls(String),
    /// Something else, said by the operating system.
    #[error("cannot connect to {host}: {reason}")]
    Io {
        /// The host.
        host: String,
        /// What the operating system said.
        reason: String,
    },
}

/// The network of one world.
#[derive(Debug)]
pub struct Network {
    fabric: Fabric,
    activity: Activity,
    next_connection: Cell<u64>,
    faults: RefCell<Vec<FaultPlan>>,
    struck: RefCell<Vec<Stamped<FaultStruck>>>,
}

#[derive(Debug)]
enum Fabric {
    Memory(RefCell<HashMap<String, mpsc::UnboundedSender<Accepted>>>),
    Tcp {
        names: RefCell<HashMap<String, SocketAddr>>,
        /// Domains whose real hosts are never contacted.
        kept: RefCell<Vec<String>>,
        wires: Arc<Wires>,
    },
}

/// A connection as its server gets it.
type Accepted = (Stream, ConnectionId);

/// Whose connection a listener took.
#[derive(Clone, Copy, Debug)]
pub struct Peer(Client);

#[derive(Clone, Copy, Debug)]
enum Client {
    Known(ConnectionId),
    At(SocketAddr),
}

impl Network {
    pub(crate) fn in_memory(activity: Activity) -> Self {
        Self::with(Fabric::Memory(RefCell::default()), activity)
    }

    pub(crate) fn tcp(activity: Activity, wires: Arc<Wires>) -> Self {
        let fabric = Fabric::Tcp {
            names: RefCell::default(),
            kept: RefCell::default(),
            wires,
        };
        Self::with(fabric, activity)
    }

    fn with(fabric: Fabric, activity: Activity) -> Self {
        Self {
            fabric,
            activity,
            next_connection: Cell::new(1),
            faults: RefCell::default(),
            struck: RefCell::default(),
        }
    }

    /// Listens under a host name; a virtual world only. A second listener takes the name over.
    ///
    /// # Errors
    /// In a live world, where [`listen_tcp`](Self::listen_tcp) is meant.
    pub fn listen(&self, host: &str) -> std::io::Result<Listener> {
        let Fabric::Memory(hosts) = &self.fabric else {
            return Err(std::io::Error::other("a live world listens on an address"));
        };
        let (sender, receiver) = mpsc::unbounded_channel();
        hosts.borrow_mut().insert(normal(host), sender);
        Ok(Listener(Port::Memory(receiver)))
    }

    /// Listens on a TCP address; a live world only.
    ///
    /// # Errors
    /// When the address is taken or not ours, or in a virtual world.
    pub async fn listen_tcp(&self, address: SocketAddr) -> std::io::Result<Listener> {
        let Fabric::Tcp { wires, .. } = &self.fabric else {
            return Err(std::io::Error::other("a virtual world has no TCP"));
        };
        let listener = TcpListener::bind(address).await?;
        wires.listens(listener.local_addr()?);
        Ok(Listener(Port::Tcp(listener)))
    }

    /// Lets a host name lead to an address; a live world only, without effect in a virtual one.
    pub fn resolve(&self, host: &str, address: SocketAddr) {
        if let Fabric::Tcp { names, .. } = &self.fabric {
            names.borrow_mut().insert(normal(host), address);
        }
    }

    /// Keeps a live world from looking up a domain and the hosts in it. Those that [`resolve`](Self::resolve) knows are
    /// reached all the same.
    pub fn never_contact(&self, domain: &str) {
        if let Fabric::Tcp { kept, .. } = &self.fabric {
            kept.borrow_mut().push(normal(domain));
        }
    }

    /// Why a live world sends nothing to a host that it does not simulate; `None` if it does, or if a fault strikes there
    /// that needs no host. Of a script of faults, a refusal takes one as a connection does.
    pub fn refusal(&self, world: &World, host: &str, tls: bool) -> Option<ConnectError> {
        let host = normal(host);
        let Fabric::Tcp { names, kept, .. } = &self.fabric else {
            return None;
        };
        if names.borrow().contains_key(&host) {
            return None;
        }
        let kept = kept_back(&kept.borrow(), &host);
        let refusal = kept.or_else(|| tls.then(|| ConnectError::Tls(host.clone())))?;
        let coming = strike(&mut self.faults.borrow().clone(), &host, world.now());
        if !coming.needs_the_host() {
            return None;
        }
        self.next_fault(world, &host);
        Some(refusal)
    }

    /// The faults that struck so far, in order.
    pub fn faults_struck(&self) -> Ref<'_, [Stamped<FaultStruck>]> {
        Ref::map(self.struck.borrow(), Vec::as_slice)
    }

    /// Adds a fault plan; the newest plan of a host that is in force wins.
    pub fn plan_fault(&self, plan: FaultPlan) {
        self.faults.borrow_mut().push(plan);
    }

    /// Whether any fault was ever planned for a host.
    pub fn has_faults(&self, host: &str) -> bool {
        let faults = self.faults.borrow();
        !faults.is_empty() && faults.iter().any(|plan| plan.is_for(&normal(host)))
    }

    /// Connects to a host (`name` or `name:port`).
    ///
    /// # Errors
    /// When the name leads nowhere, or the connection is refused.
    pub async fn connect(&self, world: &World, host: &str) -> Result<(Stream, ConnectionId), ConnectError> {
        let host = normal(host);
        let id = self.next_id();
        let fault = self.next_fault(world, &host);
        if fault != Fault::Pass
            && let Some(sequence) = world.next_sequence()
        {
            let mut struck = self.struck.borrow_mut();
            let kept = usize::try_from(world.limits().max_happenings).unwrap_or(usize::MAX);
            if struck.len() >= kept {
                // Only in a live world; a virtual one has failed by then.
                struck.clear();
            }
            struck.push(Stamped {
                at: world.now(),
                sequence,
                what: FaultStruck {
                    connection: id,
                    host: host.clone(),
                    fault: fault.clone(),
                },
            });
        }
        let stream = match fault {
            Fault::Pass => self.reach(&host, id).await?,
            Fault::Refuse => return Err(ConnectError::Refused(host)),
            Fault::Delay(_) | Fault::CutAnswer(_) | Fault::LoseAnswer => {
                let server = self.reach(&host, id).await?;
                let (client, near) = pipe::pair(&self.activity);
                relay::start(world, &host, Stream::from(near), server, fault);
                Stream::from(client)
            }
            Fault::Answer(_) | Fault::Stall | Fault::ResetBeforeRequest | Fault::ResetAfterRequest => {
                let (client, server) = pipe::pair(&self.activity);
                stand_in::start(world, server, fault);
                Stream::from(client)
            }
        };
        Ok((stream, id))
    }

    fn next_id(&self) -> ConnectionId {
        if let Fabric::Tcp { wires, .. } = &self.fabric {
            return wires.next_id();
        }
        let id = self.next_connection.get();
        self.next_connection.set(id + 1);
        ConnectionId(id)
    }

    fn next_fault(&self, world: &World, host: &str) -> Fault {
        strike(&mut self.faults.borrow_mut(), host, world.now())
    }

    async fn reach(&self, host: &str, id: ConnectionId) -> Result<Stream, ConnectError> {
        match &self.fabric {
            Fabric::Memory(hosts) => {
                let hosts = hosts.borrow();
                let listener = hosts
                    .get(host)
                    .ok_or_else(|| ConnectError::UnknownHost(host.to_owned()))?;
                let (client, server) = pipe::pair(&self.activity);
                listener
                    .send((Stream::from(server), id))
                    .map_err(|_| ConnectError::Refused(host.to_owned()))?;
                Ok(Stream::from(client))
            }
            Fabric::Tcp { names, kept, wires } => {
                let known = names.borrow().get(host).copied();
                let addresses = if let Some(address) = known {
                    vec![address]
                } else {
                    if let Some(refused) = kept_back(&kept.borrow(), host) {
                        return Err(refused);
                    }
                    look_up(host).await?
                };
                let stream =
                    TcpStream::connect(addresses.as_slice())
                        .await
                        .map_err(|error| match error.kind() {
                            std::io::ErrorKind::ConnectionRefused => ConnectError::Refused(host.to_owned()),
                            _ => ConnectError::Io {
                                host: host.to_owned(),
                                reason: error.to_string(),
                            },
                        })?;
                // Small requests and answers: waiting to fill a packet only costs time.
                let _ = stream.set_nodelay(true);
                if let (Ok(near), Ok(far)) = (stream.local_addr(), stream.peer_addr()) {
                    wires.connected(near, far, id);
                }
                Ok(Stream::from(stream))
            }
        }
    }

    /// The ordinal of a connection that a listener took. Both ends know it when the first bytes have come, not before; ask
    /// once.
    pub fn connection_of(&self, peer: Peer) -> ConnectionId {
        match (peer.0, &self.fabric) {
            (Client::Known(id), _) => id,
            (Client::At(address), Fabric::Tcp { wires, .. }) => {
                wires.arrived(address).unwrap_or_else(|| self.next_id())
            }
            (Client::At(_), Fabric::Memory(_)) => self.next_id(),
        }
    }
}

/// The next fault of a host: the newest plan that is in force wins.
fn strike(plans: &mut [FaultPlan], host: &str, now: Instant) -> Fault {
    let mut plans = plans.iter_mut().rev();
    plans
        .find_map(|plan| plan.strike(host, now))
        .unwrap_or(Fault::Pass)
}

/// Takes the connections of one host or address.
#[derive(Debug)]
pub struct Listener(Port);

#[derive(Debug)]
enum Port {
    Memory(mpsc::UnboundedReceiver<Accepted>),
    Tcp(TcpListener),
}

impl Listener {
    /// The next connection, `None` when there can be no more.
    pub async fn accept(&mut self) -> Option<(Stream, Peer)> {
        match &mut self.0 {
            Port::Memory(incoming) => {
                let (stream, id) = incoming.recv().await?;
                Some((stream, Peer(Client::Known(id))))
            }
            Port::Tcp(listener) => {
                /// Failures in a row (no file handles left, connections gone before they were taken) before giving up.
                const MOST_FAILURES: u32 = 1_000;
                for _ in 0..MOST_FAILURES {
                    if let Ok((stream, peer)) = listener.accept().await {
                        let _ = stream.set_nodelay(true);
                        return Some((Stream::from(stream), Peer(Client::At(peer))));
                    }
                    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                }
                None
            }
        }
    }

    /// The TCP address, in a live world.
    pub fn address(&self) -> Option<SocketAddr> {
        match &self.0 {
            Port::Memory(_) => None,
            Port::Tcp(listener) => listener.local_addr().ok(),
        }
    }
}

/// Host names compare without case and without the ports that a scheme implies.
fn normal(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    match host.rsplit_once(':') {
        Some((name, "443" | "80")) => name.to_owned(),
        _ => host,
    }
}
