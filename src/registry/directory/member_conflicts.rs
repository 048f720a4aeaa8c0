//! [`MemberConflicts`]: the members that were claimed at several addresses.

use std::collections::HashMap;

use crate::portal_id::PortalId;
use crate::registry::portal_key::Member;

/// How many members are kept by name.
pub(super) const NAMED: usize = 16_384;

/// The number of bits for further members.
const BITS: u64 = 1 << 20;

/// Members that were claimed at several addresses and are proven at none. A look-up by such a
/// member finds nothing. That stays so when portals are evicted, since the portal that is left may
/// be the copy.
///
/// The size is bounded. Above [`NAMED`] members, a member is kept as one of a million bits, and
/// shares its bit with others. So no contest is forgotten, but a member without a contest may be
/// hidden until it is confirmed.
#[derive(Debug)]
pub(super) struct MemberConflicts {
    /// Each member with the address where it was claimed first.
    named: HashMap<Member, PortalId>,
    most: usize,
    /// Made for the first member above [`NAMED`].
    others: Vec<u64>,
}

impl MemberConflicts {
    pub(super) fn new(most: usize) -> Self {
        Self {
            named: HashMap::default(),
            most,
            others: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, member: &Member, hash: u64, first: &PortalId) {
        if self.named.len() < self.most {
            self.named.insert(*member, first.clone());
            return;
        }
        let (word, bit) = position(hash);
        self.others.resize(position(BITS - 1).0 + 1, 0);
        if let Some(word) = self.others.get_mut(word) {
            *word |= bit;
        }
    }

    /// Ends the contest of a member that is proven to be at an address.
    pub(super) fn end(&mut self, member: &Member) {
        self.named.remove(member);
    }

    /// The address where a member was claimed first.
    pub(super) fn first(&self, member: &Member) -> Option<&PortalId> {
        self.named.get(member)
    }

    /// Whether a member with this hash may be one that is not named.
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = position(hash);
        self.others.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// The word of a hash, and the bit in it.
fn position(hash: u64) -> (usize, u64) {
    let nth = hash % BITS;
    // Less than a million.
    (usize::try_from(nth / 64).unwrap_or_default(), 1 << (nth % 64))
}
