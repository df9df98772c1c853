//! Integration tests of the runner.

mod broken;
mod never_panics;
mod settings;
mod whole_example;
