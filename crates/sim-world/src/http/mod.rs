//! All configuration of hyper, for both ends: HTTP/1, no date header, no hidden resends, everything bounded.

mod client;
mod head_time;
mod seldom;
mod server;

pub use client::{
    Answer, ExchangeError, ExchangeLimits, ExchangeOutcome, Line, Peer, exchange, exchange_on, exchange_told,
};
pub(crate) use server::builder as server_builder;
pub use server::{Handler, ServerLimits, serve, serve_until, stopped};
