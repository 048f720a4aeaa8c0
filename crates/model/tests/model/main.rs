//! Tries the single flight with every order of threads, and on a memory as weak as the language
//! allows.
//!
//! The file is the library's own. Here it is built with loom's locks instead of the standard
//! library's. A search is complete unless it names a bound.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "../../../../src/single_flight.rs"]
mod single_flight;

/// The locks of the single flight.
mod sync {
    pub(super) use loom::sync::{Mutex, MutexGuard};
    // Reference counts decide nothing. Loom's would be one more place to switch threads.
    pub(super) use std::sync::Arc;
}

mod orders;
