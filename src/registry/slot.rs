//! [`Slot`]: the published caps of one portal, its state, and its running probe.

use std::time::SystemTime;

use crossbeam_utils::atomic::AtomicCell;
use once_cell::race::OnceBox;
use tokio::sync::watch;

use super::compact_state::CompactState;
use super::portal_key::PortalKey;
use super::settings::Settings;
use super::state::State;
use crate::caps::Caps;
use crate::fair_share::Account;
use crate::single_flight::SingleFlight;
use crate::site::Sites;

mod claims;
mod member_claim;
mod outcome;
mod rare_fields;

pub(super) use member_claim::ClaimNovelty;
pub(super) use outcome::{About, Failed, Outcome};

use rare_fields::RareFields;

// Caps are published as one word, without a lock.
const _: () = assert!(AtomicCell::<Caps>::is_lock_free());

/// One portal. It is small, since there may be very many. In this order, so that the fields that
/// a look-up reads lie together.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Slot {
    /// The caps that readers see. Written under the lock of `state`.
    published: AtomicCell<Caps>,
    key: PortalKey,
    rare: OnceBox<RareFields>,
    /// The state, and the probe that may change it.
    pub(super) state: SingleFlight<CompactState, About, Outcome>,
}

impl Slot {
    /// The slot of a portal of which nothing is known. `unknown` has the table and the policy of
    /// its caps.
    pub(super) fn new(key: PortalKey, unknown: Caps) -> Self {
        Self {
            published: AtomicCell::new(unknown),
            key,
            rare: OnceBox::new(),
            state: SingleFlight::new(CompactState::default()),
        }
    }

    pub(super) fn key(&self) -> &PortalKey {
        &self.key
    }

    fn rare_or_made(&self) -> &RareFields {
        self.rare.get_or_init(Box::default)
    }

    /// The portal and its site, for its share of what all portals share.
    pub(super) fn account(&self) -> Account {
        Sites::by(self.caps().table()).account(&self.key.address())
    }

    /// A number by which the portal's pauses and lifetimes differ from those of others.
    pub(super) fn seed(&self) -> u64 {
        self.key.seed()
    }

    /// The caps that readers see. One atomic load.
    #[inline]
    pub(super) fn caps(&self) -> Caps {
        self.published.load()
    }

    /// Signals each change from now on.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        // Publishing takes the same lock. So a change is signalled to this receiver, or it was
        // published before.
        self.with(|_| {
            let changes = &self.rare_or_made().changes;
            changes.get_or_init(|| watch::channel(()).0).subscribe()
        })
    }

    /// Whether the state holds more than knowledge.
    pub(super) fn is_full(&self) -> bool {
        self.state.with(|state| matches!(state, CompactState::Full(_)))
    }

    /// Whether the portal has ever answered. Anybody can make up a portal that never did.
    pub(super) fn has_answered(&self) -> bool {
        self.with(|state| state.record().is_some())
    }

    /// Whether the program has pinned the knowledge.
    pub(super) fn is_pinned(&self) -> bool {
        self.with(|state| state.is_pinned())
    }

    /// Reads the state, and changes it. Readers see the result.
    pub(super) fn with<R>(&self, look: impl FnOnce(&mut State) -> R) -> R {
        self.state.with(|state| {
            state.with(&|| self.account(), |state| {
                let seen = look(state);
                self.publish(state);
                seen
            })
        })
    }

    /// Counts a reply that contradicts what is known: see [`State::report_not_found`].
    pub(super) fn report_not_found(
        &self,
        id: &'static str,
        now: SystemTime,
        settings: &Settings,
    ) -> (u32, bool) {
        self.with(|state| state.report_not_found(id, now, settings, self.seed()))
    }

    /// Publishes the knowledge of the state. Called under the lock of `state`.
    pub(super) fn publish(&self, state: &State) {
        let view = state.view();
        let published = self.published.load();
        if published.knows(&view) {
            return;
        }
        let caps = published.knowing(&view, &|| self.account());
        // Caps that are interned less exactly may be the same as before.
        if caps != published {
            self.published.store(caps);
            if let Some(changes) = self.rare.get().and_then(|rare| rare.changes.get()) {
                changes.send_replace(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_small() {
        assert!(size_of::<Slot>() <= 112, "{}", size_of::<Slot>());
    }
}
