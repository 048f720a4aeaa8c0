//! Numbers of revisions.

/// A counter's value.
pub type Revision = u16;

/// The largest number that counts as a revision.
///
/// No counter passed 130 in eight public years. So a number of five digits is a wrong
/// field, a timestamp or the work of a broken proxy. It is rejected.
pub const MAX_REVISION: Revision = 9_999;
