//! What a bot's author might pick instead, each doing the same work in the same run.
//!
//! `cargo run --release` in this folder; `-- --quick` for a look. Rows alternate, as in
//! the bench `speed`, and ratios are medians of the ratios of rounds. What each does that
//! we do not is printed below each table.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a bench stops at the first surprise"
)]

#[allow(dead_code, reason = "the bench `speed` needs the rest")]
#[path = "../../speed/harness.rs"]
mod harness;
#[allow(dead_code, reason = "the bench `speed` needs the rest")]
#[path = "../../speed/sample.rs"]
mod sample;
mod table;

mod asking;
mod flags;
mod portals;

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let effort = harness::Effort::new(quick);
    flags::run(effort);
    portals::run(effort);
    asking::run(effort);
}
