//! [`Purpose`]: what a caller wants to know of a portal.

use crate::feature::RevisionRange;

/// What a caller wants to know of a portal.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// All that the table asks about.
    All,
    /// One requirement.
    One(RevisionRange),
    /// Everything, from the portal and not from memory.
    Again,
    /// Whether to refuse a call. A young answer from memory is enough.
    Refusal {
        /// A young answer is not enough. The portal is still asked only once in a while.
        insist: bool,
    },
    /// Whether to send a call that does harm if the portal ignores it. An answer from memory is
    /// not enough. A portal that has just failed is not asked.
    Harm,
}
