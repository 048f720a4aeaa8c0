//! The server between clients and emulated portals, on loopback.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod admin;
mod any;
mod calls;
mod clients;
mod events;
mod hostile;
mod kept;
mod learned;
mod portal_client;
mod questions;
mod quickstarts;
mod renewals;
mod secrets;
mod smuggling;
mod support;
