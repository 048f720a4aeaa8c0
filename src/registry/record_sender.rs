//! Records a portal's own word about its address.

use super::directory::{Directory, is_at, move_claimed};
use super::event::{ClaimedBy, Event};
use super::registry::Registry;
use super::sender_claim::SenderClaim;
use super::state::State;
use crate::portal_id::PortalId;

/// What a [`SenderClaim`](crate::registry::SenderClaim) changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SenderClaimOutcome {
    /// The registry has no portal with this `member_id`.
    Unknown,
    /// The address is the known one, or the event has none.
    Unchanged,
    /// The portal claims another address. No knowledge was moved: see
    /// [`Event::MoveClaimed`](crate::registry::Event::MoveClaimed).
    MoveClaimed {
        /// The known address.
        from: PortalId,
        /// The claimed address.
        to: PortalId,
    },
}

impl Registry {
    /// Records the portal's address from an event.
    ///
    /// If the portal claims another address, [`Event::MoveClaimed`](crate::registry::Event::MoveClaimed)
    /// reports that once for each address. The last eight addresses are kept for that. The known
    /// answer is still served. After each of the first eight claims the portal is asked again when
    /// an answer is next needed, at the known address. No I/O.
    pub fn record_sender(&self, claim: &SenderClaim) -> SenderClaimOutcome {
        let directory = &self.shared.directory;
        let (outcome, event) = directory.record_sender(claim.member_id(), claim.address());
        if let (Some(event), SenderClaimOutcome::MoveClaimed { from, .. }) = (event, &outcome) {
            self.shared.tell(from, event);
        }
        outcome
    }
}

impl Directory {
    /// Records the address that a verified event claims for a member. An event moves no knowledge.
    pub(super) fn record_sender(
        &self,
        member: &PortalId,
        address: Option<&PortalId>,
    ) -> (SenderClaimOutcome, Option<Event>) {
        let Some(slot) = self.at(member) else {
            return (SenderClaimOutcome::Unknown, None);
        };
        let Some(to) = address.filter(|address| !is_at(&slot, address)) else {
            return (SenderClaimOutcome::Unchanged, None);
        };
        let outcome = SenderClaimOutcome::MoveClaimed {
            from: slot.key().address(),
            to: to.clone(),
        };
        let (is_new, is_early) = slot.claim_address(to);
        // Further claims do not mark the answer as stale: a flood of them must not cause a flood
        // of probes.
        if is_early {
            slot.with(State::mark_stale);
        }
        let event = is_new.then(|| move_claimed(&slot.key().address(), to, ClaimedBy::Event));
        (outcome, event)
    }
}
