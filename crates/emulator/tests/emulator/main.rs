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
mod builds;
mod chats;
mod checks;
mod client;
mod clock;
mod codes;
mod commands;
mod documentation;
mod events;
mod expectations;
mod extremes;
mod faults;
mod first_generation;
mod handlers;
mod hearing;
mod hosts;
mod like_a_portal;
mod limits;
mod malformed;
mod members;
mod older_events;
mod pages;
mod recent;
mod robust;
mod secrets;
mod wire;
