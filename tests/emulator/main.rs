//! The emulated portal, seen from outside over TCP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod auth;
mod bots;
mod checks;
mod client;
mod clock;
mod expectations;
mod faults;
mod limits;
mod robust;
mod wire;
