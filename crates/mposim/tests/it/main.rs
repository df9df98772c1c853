//! Integration tests of the command line.

mod docs;
mod examples;
mod exits;
mod reports;
mod serve;
mod serve_ends;
mod served;
mod told;
mod unwritten;
