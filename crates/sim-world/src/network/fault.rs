//! Faults of the network, and plans that say when they strike. One connection meets one fault.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use super::ConnectionId;
use crate::clock::{Instant, human};

/// What befalls a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    Pass,
    /// It is refused.
    Refuse,
    /// It is reset as soon as the request comes; the host never sees it.
    ResetBeforeRequest,
    /// It is reset once the request was read, before any work was done.
    ResetAfterRequest,
    /// The request is read and never answered.
    Stall,
    /// The answer takes this much longer. The host works at once.
    Delay(Duration),
    /// The answer ends after this many bytes. The host did its work.
    CutAnswer(usize),
    /// The answer is lost and the connection reset. The host did its work.
    LoseAnswer,
    /// Something in front of the host answers instead of it.
    Answer(ScriptedAnswer),
}

impl Fault {
    /// Whether the real host is reached all the same.
    pub(super) fn needs_the_host(&self) -> bool {
        matches!(
            self,
            Self::Pass | Self::Delay(_) | Self::CutAnswer(_) | Self::LoseAnswer
        )
    }
}

/// An answer given in the host's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptedAnswer {
    /// HTTP status, 200 to 599.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Bytes,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass => out.write_str("none"),
            Self::Refuse => out.write_str("connection refused"),
            Self::ResetBeforeRequest => out.write_str("connection reset before the request was read"),
            Self::ResetAfterRequest => {
                out.write_str("connection reset after the request was read, no work done")
            }
            Self::Stall => out.write_str("request read, never answered"),
            Self::Delay(span) => write!(out, "answer delayed by {}", human(*span)),
            Self::CutAnswer(bytes) => write!(out, "answer cut after {bytes} bytes"),
            Self::LoseAnswer => out.write_str("answer lost after the work was done"),
            Self::Answer(answer) => write!(out, "answered {} in the host's place", answer.status),
        }
    }
}

/// A fault that struck a connection.
#[derive(Clone, Debug)]
pub struct FaultStruck {
    /// The connection.
    pub connection: ConnectionId,
    /// The host it was meant for.
    pub host: String,
    /// What befell it.
    pub fault: Fault,
}

/// When connections to a host meet which fault.
#[derive(Clone, Debug)]
pub struct FaultPlan {
    host: String,
    until: Option<Instant>,
    script: VecDeque<Fault>,
    then: Fault,
}

impl FaultPlan {
    /// Connections meet the faults of `script` one after the other, later ones meet `then`.
    pub fn new(host: &str, script: impl IntoIterator<Item = Fault>, then: Fault) -> Self {
        Self {
            host: super::normal(host),
            until: None,
            script: script.into_iter().collect(),
            then,
        }
    }

    /// Ends the plan at an instant.
    #[must_use]
    pub fn until(mut self, end: Instant) -> Self {
        self.until = Some(end);
        self
    }

    /// Whether the plan is for this host.
    pub(super) fn is_for(&self, host: &str) -> bool {
        self.host == host
    }

    /// The fault of the next connection to `host`, `None` if this plan has nothing to say of it.
    pub(super) fn strike(&mut self, host: &str, now: Instant) -> Option<Fault> {
        if self.host != host || self.until.is_some_and(|end| now >= end) {
            return None;
        }
        Some(self.script.pop_front().unwrap_or_else(|| self.then.clone()))
    }
}
