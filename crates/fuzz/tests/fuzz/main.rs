//! Texts from outside and calls, changed at random: readers, plans, snapshots, records, addresses and redirects.
//!
//! Each target first checks the files of its folder in `corpus`. Then it changes them at random, and checks the
//! results. A failure prints the input: keep it as a file in the folder. `cargo xtask fuzz` runs a target for longer.
//! The targets use only what a program can use.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "tests"
)]

mod addresses;
mod calls;
mod events;
mod input;
mod overlays;
mod records;
mod replies;

/// A secret that inputs hold, long enough to be removed from texts.
const SECRET: &str = "s3cretThatNobodySees";

/// A day, the longest wait that an input may cause.
const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);

/// Defines the test of a target: its name, its words, how many random inputs it tries, and what holds.
macro_rules! target {
    ($name:ident, $words:expr, $count:expr, $check:expr) => {
        #[test]
        fn $name() {
            let corpus = crate::input::Corpus::read(stringify!($name), $words);
            let check: fn(&[u8]) = $check;
            corpus.check_kept(check);
            bolero::check!()
                .with_iterations($count)
                .with_max_len(96)
                .for_each(|recipe: &[u8]| crate::input::tried(&corpus.made_by(recipe), check));
        }
    };
}
use target;

/// A text without the secret, and not longer than this.
#[track_caller]
fn assert_shown(text: &str, limit: usize) {
    assert!(text.len() <= limit, "{} bytes: {text}", text.len());
    let lower = text.to_lowercase();
    assert!(
        !lower.contains(&SECRET.to_lowercase()),
        "the secret is shown: {text}"
    );
}
