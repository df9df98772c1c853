//! The bank from outside: who is told of an event, in which order, how often, and what an independent receiver reads.

mod independent;
mod live_bank;
mod order;
mod receiver;
mod reconfigured;
mod resend;
mod retries;
mod streams;
mod tenant;
mod who;
