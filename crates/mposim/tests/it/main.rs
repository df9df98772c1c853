//! Integration tests of the command line.

mod docs;
mod examples;
mod exits;
mod serve;
mod served;
mod told;
