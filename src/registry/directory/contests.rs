//! Which members were claimed at several addresses.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::portal_id::PortalId;
use crate::registry::place::Member;

/// How many are kept by name.
pub(super) const NAMED: usize = 16_384;

/// For how many hashes there is a bit.
const BITS: u64 = 1 << 20;

/// Members that were claimed at several addresses and are proven at none: a look-up by one of
/// these finds nothing. That stays so when portals are forgotten, since the one that is left may
/// be the copy.
///
/// Bounded: beyond [`NAMED`], a member is kept as one bit of a million, which it shares with others.
/// So it may hide a member that nobody has contested, until that is confirmed; and no contest is
/// forgotten.
#[derive(Debug)]
pub(super) struct Contests {
    /// Each with the address that it was claimed at first.
    named: HashMap<Member, PortalId, RandomState>,
    most: usize,
    /// Made for the first that is not named.
    others: Vec<u64>,
}

impl Contests {
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
        let (word, bit) = place(hash);
        self.others.resize(place(BITS - 1).0 + 1, 0);
        if let Some(word) = self.others.get_mut(word) {
            *word |= bit;
        }
    }

    /// The member is proven to be somewhere.
    pub(super) fn end(&mut self, member: &Member) {
        self.named.remove(member);
    }

    /// Where it was claimed first.
    pub(super) fn first(&self, member: &Member) -> Option<&PortalId> {
        self.named.get(member)
    }

    /// Whether it may be one of those that are not named.
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = place(hash);
        self.others.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// The word of a hash, and the bit in it.
fn place(hash: u64) -> (usize, u64) {
    let nth = hash % BITS;
    // Less than a million.
    (usize::try_from(nth / 64).unwrap_or_default(), 1 << (nth % 64))
}
