//! The one stream of a run: every happening of bank, orchestrator, network and runner, in the order of the world.
//!
//! Ledger, console and reports are folds over it.

use mambu_emitter::happening::EventId;
use mambu_emitter::message::MessageId;
use sim_world::network::FaultStruck;
use sim_world::{ExchangeId, Instant, Stamped};

/// One happening of any side.
#[derive(Clone, Debug)]
pub enum Entry {
    /// The bank's.
    Bank(mambu_emitter::Happening),
    /// The orchestrator's.
    Orchestrator(mpo_receiver::Received),
    /// The network's.
    Network(FaultStruck),
    /// The runner's own.
    Runner(Deed),
}

/// What the runner itself did.
#[derive(Clone, Debug)]
pub enum Deed {
    /// A step began.
    Step {
        /// Its number.
        number: usize,
    },
    /// A step made something happen in the bank.
    Emitted {
        /// The step's number.
        number: usize,
        /// The event.
        event: EventId,
    },
    /// A step sent a failed message again.
    Resent {
        /// The step's number.
        number: usize,
        /// The message that it became.
        message: MessageId,
    },
    /// A request of somebody else was answered, or not.
    Posted {
        /// The step's number.
        number: usize,
        /// When it began.
        began: Instant,
        /// Which exchange it was, if there was a connection.
        exchange: Option<ExchangeId>,
        /// The answer's status, or why there was none.
        result: Result<u16, String>,
    },
}

/// Several streams as one, in the order of the world.
pub fn merge(streams: impl IntoIterator<Item = Vec<Stamped<Entry>>>) -> Vec<Stamped<Entry>> {
    let mut entries: Vec<_> = streams.into_iter().flatten().collect();
    entries.sort_by_key(|entry| entry.sequence);
    entries
}

/// A stream of one side as a stream of entries.
pub fn wrap<T>(entries: Vec<Stamped<T>>, wrap: impl Fn(T) -> Entry) -> Vec<Stamped<Entry>> {
    entries
        .into_iter()
        .map(|Stamped { at, sequence, what }| Stamped {
            at,
            sequence,
            what: wrap(what),
        })
        .collect()
}
