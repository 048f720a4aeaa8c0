//! Calls over https: to emulated portals, and to servers whose TLS the emulator does not have.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod https;
mod transport;
