//! The emulated portal, seen from outside over TCP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod bots;
mod builds;
mod chats;
mod checks;
mod client;
mod commands;
mod events;
mod faults;
mod first_generation;
mod robust;
mod wire;
