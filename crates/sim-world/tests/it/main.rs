//! The ground from outside: faults, exchanges, bytes on their way, the end of a run, in both worlds.

mod bytes_on_their_way;
mod determinism;
mod exchanges;
mod faults;
mod host;
mod kept_lines;
mod live;
mod raw;
mod served_limits;
mod settling;
mod stopping;
