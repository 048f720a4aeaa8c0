//! `imbot-caps review` on editions of a small documentation, which was written for these tests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

#[path = "review/cosmetic.rs"]
mod cosmetic;
#[path = "review/decisions.rs"]
mod decisions;
#[path = "review/kinds.rs"]
mod kinds;
#[path = "review/outcomes.rs"]
mod outcomes;
#[path = "review/support.rs"]
mod support;
