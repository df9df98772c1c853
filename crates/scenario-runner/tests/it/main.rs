//! Integration tests of the runner.

mod broken;
mod never_panics;
mod whole_example;
