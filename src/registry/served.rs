//! [`Served`]: where an answer came from.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Served {
    /// From memory, within its lifetime.
    Fresh,
    /// From memory, after its lifetime. The portal is being asked, or cannot be asked.
    Stale,
    /// From the portal.
    Probed,
}
