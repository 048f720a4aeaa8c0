//! The program from outside: what it prints, and with which exit code it ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod constants;
mod exits;
mod export;
#[rustfmt::skip]
mod generated;
mod portals;
mod schema;
mod secrets;
mod support;
mod transcripts;
