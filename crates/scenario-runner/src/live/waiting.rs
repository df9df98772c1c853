//! Waiting for something to be written down: looks when there is something new, and does not poll.

use std::time::Duration;

use sim_world::http::stopped;
use sim_world::{Journal, World};

use super::thread::Stop;

/// How waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waited {
    /// What was waited for has come.
    Came,
    /// The time is over.
    InVain,
    /// The fake stops.
    Stopped,
}

/// Waits until `look` says that what is waited for is there. It looks at once, whenever the journal has something new or
/// has forgotten something, and a last time when the time is over.
pub(super) async fn until<T>(
    world: &World,
    journal: &Journal<T>,
    stop: &Stop,
    within: Duration,
    mut look: impl FnMut() -> bool,
) -> Waited {
    if look() {
        return Waited::Came;
    }
    let coming = async {
        loop {
            journal.recorded().await;
            if look() {
                return Waited::Came;
            }
        }
    };
    let mut stop = stop.clone();
    let waiting = world.timeout(within, async {
        tokio::select! {
            biased;
            waited = coming => waited,
            () = stopped(&mut stop) => Waited::Stopped,
        }
    });
    match waiting.await {
        Some(waited) => waited,
        None if look() => Waited::Came,
        None => Waited::InVain,
    }
}
