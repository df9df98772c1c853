//! What live worlds that talk to one another know of the connections between them, each on its own thread: their ordinals.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::ConnectionId;

/// Marks of connections that never carry a request are never taken; keep few of them.
const MOST_UNDERWAY: usize = 4_096;

#[derive(Debug, Default)]
pub(crate) struct Wires(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    connections: u64,
    /// Ports of our listeners.
    ports: BTreeSet<u16>,
    /// Connections on their way to one of them, by the client's address.
    underway: HashMap<SocketAddr, ConnectionId>,
}

impl Wires {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn next_id(&self) -> ConnectionId {
        let mut known = self.known();
        known.connections += 1;
        ConnectionId(known.connections)
    }

    pub(super) fn listens(&self, address: SocketAddr) {
        self.known().ports.insert(address.port());
    }

    /// Notes a connection, so that its far end knows it, if it is ours.
    pub(super) fn connected(&self, near: SocketAddr, far: SocketAddr, id: ConnectionId) {
        let mut known = self.known();
        if !known.ports.contains(&far.port()) {
            return;
        }
        if known.underway.len() >= MOST_UNDERWAY {
            known.underway.clear();
        }
        known.underway.insert(near, id);
    }

    pub(super) fn arrived(&self, peer: SocketAddr) -> Option<ConnectionId> {
        self.known().underway.remove(&peer)
    }
}
