//! The store in a file: the rules of every store, and what is special to files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod conformance;
mod file;
mod fleet;
