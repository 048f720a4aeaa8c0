//! Numbers of revisions.

/// A counter's value.
pub type Revision = u16;

/// The largest value taken for a revision.
///
/// In eight public years no counter passed 130, so a value of five digits is a
/// wrong field, a timestamp or a broken proxy rather than a revision, and is
/// refused instead of being believed.
pub const MAX_REVISION: Revision = 9_999;
