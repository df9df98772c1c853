//! Bringing a message to its destination: where it may go, what the request looks like, when it is tried again.
//!
//! Everything here is pure. What carries bytes and time is [`Mambu`](crate::Mambu).

pub mod destination;
pub mod request;
pub mod retry;
