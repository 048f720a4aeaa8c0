//! `imbot-caps scan`: what it finds in the corpus, its exit codes, its forms, and that it prints no secret.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

#[path = "scan/corpus.rs"]
mod corpus;
#[path = "scan/forms.rs"]
mod forms;
#[path = "scan/outcomes.rs"]
mod outcomes;
#[path = "scan/run.rs"]
mod run;
