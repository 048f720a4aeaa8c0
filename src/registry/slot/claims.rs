//! The members that are claimed at a slot's address. Look-ups read them; only the holder of the
//! directory's write lock changes them.

use std::hash::BuildHasher;

use super::Slot;
use super::member_claim::ClaimNovelty;
use super::rare_fields::Claims;
use crate::portal_id::PortalId;
use crate::registry::portal_key::{Member, hash_of_member};

/// How many claims of each kind are kept. Further members are dropped. Of the addresses, the last
/// ones are kept.
const CLAIMS: usize = 8;

impl Slot {
    /// Records the claim that a member is at this address.
    pub(crate) fn claim_member(&self, member: &Member) -> ClaimNovelty {
        if self.has_claim(member) {
            return ClaimNovelty::Old;
        }
        if self.key.set_first_member(member) {
            return ClaimNovelty::First;
        }
        self.change(|claims| claims.members.push(*member));
        ClaimNovelty::Later
    }

    /// Records that the authorisation server has named this member for this address.
    pub(crate) fn confirm_member(&self, member: &Member) {
        let first = self.key.first_member_or(member);
        let other = (first != member).then_some(*member);
        if other.is_some() || self.claims(|claims| claims.confirmed.is_some()) == Some(true) {
            self.change(|claims| claims.confirmed = other);
        }
    }

    /// Whether the member was claimed here, or too many others are kept.
    #[inline]
    pub(crate) fn has_claim(&self, member: &Member) -> bool {
        let is_kept = |claims: &Claims| {
            let is_full = claims.members.len() >= CLAIMS;
            is_full || claims.confirmed.as_ref() == Some(member) || claims.members.contains(member)
        };
        self.key.first_member() == Some(member) || self.claims(is_kept) == Some(true)
    }

    /// The members that were claimed here after the first one.
    pub(crate) fn later_members(&self) -> Vec<Member> {
        self.claims(|claims| claims.members.clone()).unwrap_or_default()
    }

    /// Records the claim that the portal is at another address. Returns whether the claim is new,
    /// and whether it is one of the first [`CLAIMS`].
    pub(crate) fn claim_address(&self, address: &PortalId) -> (bool, bool) {
        self.change(|Claims { addresses, .. }| {
            let (is_new, is_full) = (!addresses.contains(address), addresses.len() >= CLAIMS);
            if is_new {
                if is_full {
                    addresses.remove(0);
                }
                addresses.push(address.clone());
            }
            (is_new, is_new && !is_full)
        })
    }

    fn as_member(&self) -> Option<Member> {
        let confirmed = self.claims(|claims| claims.confirmed).flatten();
        confirmed.or_else(|| self.key.first_member().copied())
    }

    /// The member that look-ups find this slot by.
    pub(crate) fn member(&self) -> Option<PortalId> {
        self.as_member().map(PortalId::from_member)
    }

    #[inline]
    pub(crate) fn is_member(&self, member: &Member) -> bool {
        match self.rare.get() {
            None => self.key.first_member() == Some(member),
            Some(_) => self.is_current_member(member),
        }
    }

    #[cold]
    fn is_current_member(&self, member: &Member) -> bool {
        self.as_member().as_ref() == Some(member)
    }

    pub(crate) fn is_same_member(&self, other: &Slot) -> bool {
        other.as_member().is_some_and(|member| self.is_member(&member))
    }

    /// The member if there is one, otherwise the address.
    pub(crate) fn id(&self) -> PortalId {
        self.member().unwrap_or_else(|| self.key.address())
    }

    pub(crate) fn hash_of_member(&self, hasher: &impl BuildHasher) -> u64 {
        // A slot without a member is in no table of members.
        self.as_member()
            .map_or(0, |member| hash_of_member(&member, hasher))
    }

    #[inline]
    fn claims<R>(&self, look: impl FnOnce(&Claims) -> R) -> Option<R> {
        Some(self.rare.get()?.read_claims(look))
    }

    fn change<R>(&self, change: impl FnOnce(&mut Claims) -> R) -> R {
        self.rare_or_made().change_claims(change)
    }
}
