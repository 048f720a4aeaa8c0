//! A store on real servers, which the tests start on ports of their own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod access;
#[cfg(feature = "cluster")]
mod cluster;
mod conformance;
mod contents;
mod failures;
mod news;
mod registry;
mod secrets;
#[cfg(feature = "sentinel")]
mod sentinel;
mod server;
#[cfg(feature = "tls")]
mod tls;
