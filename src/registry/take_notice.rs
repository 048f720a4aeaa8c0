//! Records a portal's own word about its address.

use super::directory::{Directory, is_at, move_claimed};
use super::event::{ClaimedBy, Event};
use super::notice::Notice;
use super::portals::Registry;
use super::state::State;
use crate::portal_id::PortalId;

/// What a [`Notice`](crate::registry::Notice) changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoticeOutcome {
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
    pub fn notice(&self, notice: &Notice) -> NoticeOutcome {
        let directory = &self.shared.directory;
        let (noticed, event) = directory.notice(notice.member_id(), notice.address());
        if let (Some(event), NoticeOutcome::MoveClaimed { from, .. }) = (event, &noticed) {
            self.shared.tell(from, event);
        }
        noticed
    }
}

impl Directory {
    /// Records the address that a verified event claims for a member. An event moves no knowledge.
    pub(super) fn notice(
        &self,
        member: &PortalId,
        address: Option<&PortalId>,
    ) -> (NoticeOutcome, Option<Event>) {
        let Some(slot) = self.at(member) else {
            return (NoticeOutcome::Unknown, None);
        };
        let Some(to) = address.filter(|address| !is_at(&slot, address)) else {
            return (NoticeOutcome::Unchanged, None);
        };
        let noticed = NoticeOutcome::MoveClaimed {
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
        (noticed, event)
    }
}
