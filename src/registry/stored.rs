//! The registry's use of a [`Store`](crate::store::Store).
//!
//! Before a portal is asked, its record is loaded. If the record answers the callers, the portal is
//! not asked. Otherwise the registry takes the lease of the portal, asks, and saves the answer. If
//! another process has the lease, the registry waits for that process's record. A listener loads the
//! records that other processes have changed.
//!
//! A store that fails or is slow changes nothing but the number of requests: the registry goes on
//! without it, and tries it again after a pause.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

mod calls;
mod client;
mod health;
mod leased_probe;
mod listener;
mod record;

pub(super) use client::StoreClient;
pub(super) use leased_probe::{BATCH, Gained, LeasedProbe, Reason, preload, save_known};
pub(super) use listener::listen;
pub(super) use record::{SKEW, SharedFailure, StoredRecord};
