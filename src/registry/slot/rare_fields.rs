//! [`RareFields`]: the fields that few slots need.

use std::sync::{OnceLock, PoisonError, RwLock};

use tokio::sync::watch;

use crate::portal_id::PortalId;
use crate::registry::portal_key::Member;

/// The fields that few slots need. A slot gets them when it needs the first of them.
#[derive(Debug, Default)]
pub(super) struct RareFields {
    /// Made when the first caller waits for a change.
    pub(super) changes: OnceLock<watch::Sender<()>>,
    claims: RwLock<Claims>,
}

/// Further members that were claimed at this address, and further addresses that were claimed for
/// this portal.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// The member that the authorisation server has named, if another one was claimed first.
    pub(super) confirmed: Option<Member>,
    /// The members that were claimed after the first one.
    pub(super) members: Vec<Member>,
    /// The last addresses that `MoveClaimed` has reported.
    pub(super) addresses: Vec<PortalId>,
}

impl RareFields {
    #[inline]
    pub(super) fn read_claims<R>(&self, look: impl FnOnce(&Claims) -> R) -> R {
        look(&self.claims.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn change_claims<R>(&self, change: impl FnOnce(&mut Claims) -> R) -> R {
        change(&mut self.claims.write().unwrap_or_else(PoisonError::into_inner))
    }
}
