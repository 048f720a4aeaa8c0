//! What threads share in the registry, tried in every order that threads can bring
//! about and on a memory as weak as the language allows.
//!
//! The file is the crate's own, built here from loom's types instead of those of
//! the standard library. Searches are whole where no bound is named.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "../../../../src/registry/flight.rs"]
mod flight;

/// What it is built from.
mod sync {
    pub(super) use loom::sync::{Mutex, MutexGuard};
    // Counts of references bring about nothing; each would be one more place to switch threads at.
    pub(super) use std::sync::Arc;
}

mod flights;
