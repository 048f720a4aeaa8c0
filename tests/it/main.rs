//! What the crate promises, one module for each promise.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod event;
mod gate;
mod portal;
mod probe;
mod registry;
mod security;
mod store;
mod support;
mod table;
