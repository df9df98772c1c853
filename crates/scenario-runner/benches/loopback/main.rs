//! Requests per second over loopback, beside what hyper alone does there.
//!
//! Servers are processes of their own with one thread for it; what is not measured stays awake. 32 connections, a JSON body of
//! 430 bytes, Basic. Measured in pairs:
//!
//! - `good`, `bad`: the fake MPO beside a bare hyper server that only reads the body and answers, with good and with bad
//!   credentials, under the same raw client;
//! - `memory`: the fake MPO's memory over a million requests;
//! - `emitter`: the bank sending to the bare server, 32 templates, one rendering for each message, beside a loop of hyper's
//!   client with a constant body.
//!
//! `cargo bench -p scenario-runner --bench loopback` prints the ratios; quote those, not single figures. Names behind `--`
//! choose what is measured.

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark prints figures"
)]

mod emitter;
mod receiver;
mod server;

use std::time::Duration;

use sim_world::{Genesis, Limits};

const CONNECTIONS: usize = 32;
const ROUNDS: usize = 21;
/// Short, because a machine does not stay as fast for long: the two of a pair shall find it the same.
const ROUND: Duration = Duration::from_millis(600);
const PATH: &str = "/api/1/json/public/31754/5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [first, name, ..] = &args[..]
        && first == server::SERVE
    {
        return server::serve(name);
    }
    if args.iter().any(|arg| arg == "--test") {
        return;
    }
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| *wanted == name);
    for (name, authorization) in [
        ("good", "Basic bWFtYnU6czNjcmV0"),
        ("bad", "Basic bWFtYnU6d3Jvbmc="),
    ] {
        if wanted(name) {
            let ratio = receiver::compare(name, authorization);
            println!("receiver / bare hyper, {name} credentials: {ratio:.2} (bar: 0.80)");
        }
    }
    if wanted("memory") {
        let requests = receiver::flat_memory();
        println!("memory over {requests} requests: see the two figures above");
    }
    if wanted("emitter") {
        println!(
            "emitter / loop of hyper's client: {:.2} (bar: 0.75)",
            emitter::compare()
        );
    }
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

fn genesis() -> Genesis {
    Genesis {
        seed: 0,
        start: "2026-01-05T08:00:00Z".parse().expect("a moment"),
        limits: Limits {
            max_happenings: 10_000,
            ..Limits::default()
        },
    }
}
