//! The two lower bounds of a row.

/// Which lower bound of a row decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Trust {
    /// The documented revision. It is safe: every known build with this revision has the
    /// feature.
    #[default]
    Documented,
    /// The lowest revision of a published source with the feature. Some builds of that
    /// revision may lack it, since a revision covers many builds.
    Observed,
}
