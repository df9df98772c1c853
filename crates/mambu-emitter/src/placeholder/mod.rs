//! Placeholders: how they are written, which there are, and which of them each event offers.
//!
//! Knows nothing of how a value looks in a body; that is [`render`](crate::render)'s business.

pub mod availability;
pub mod catalogue;
pub mod syntax;
