//! What the bank says to the journal. No secrets: destinations are masked, headers are named without their values.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use sim_world::{ExchangeId, Instant};

use crate::event::Event;
use crate::message::{Failure, MessageId};
use crate::template::{ContentType, RequestType};
use crate::verdict::TemplateVerdict;

/// Ordinal of an event in its world, from 1. An activity that goes along with a change counts as part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u64);

/// One thing that happened in the bank.
#[derive(Clone, Debug)]
pub enum Happening {
    /// Something changed.
    Event {
        /// Its ordinal.
        id: EventId,
        /// What happened.
        event: Event,
        /// What it is about: `loan LN-1001, client CL-1001, amount 5000`.
        about: String,
    },
    /// A template looked at it.
    Considered {
        /// The event.
        id: EventId,
        /// The event as this template sees it: the change, or the activity beside it.
        event: Event,
        /// The template's id.
        template: Arc<str>,
        /// What it made of it.
        verdict: TemplateVerdict,
    },
    /// A failed message of the communication log is sent again; it is created right after.
    Resent {
        /// The message that it becomes.
        message: MessageId,
        /// The event that the failed one was about.
        event: Event,
        /// The template whose headers and credentials it goes with.
        template: Arc<str>,
        /// `failureReason` of the failed one.
        failed_with: Option<String>,
    },
    /// A message was made.
    Created {
        /// The event; `None` for one that is sent again.
        id: Option<EventId>,
        /// The message.
        message: MessageId,
        /// The template's id.
        template: Arc<str>,
        /// HTTP method.
        request_type: RequestType,
        /// Kind of the body.
        content_type: ContentType,
        /// The rendered URL, masked.
        destination: Arc<str>,
        /// `no authorization`, `Basic`, or `Authorization header` where a custom header is it.
        authorization: &'static str,
        /// Names of the custom headers that are sent.
        headers: Arc<[String]>,
        /// The rendered body.
        body: Bytes,
    },
    /// An attempt ended.
    Attempted {
        /// The message.
        message: MessageId,
        /// Which attempt, from 1.
        attempt: u32,
        /// When it began.
        began: Instant,
        /// Which exchange it was, if there was a connection.
        exchange: Option<ExchangeId>,
        /// The answer's status, if there was an answer.
        status: Option<u16>,
        /// The answer's status, or the failure.
        result: Result<u16, Failure>,
        /// When the next attempt is due, if there is one.
        next: Option<Duration>,
    },
    /// A message is in its final state.
    Ended {
        /// The message.
        message: MessageId,
        /// SENT, or FAILED and why.
        result: Result<(), Failure>,
    },
}
