//! Which of a row's two lower bounds counts.

/// Which lower bound of a row to believe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Trust {
    /// The documented revision: a safe upper bound. No build is known that has a
    /// documented revision and lacks the feature.
    #[default]
    Documented,
    /// The lowest revision at which a published source had it already. Builds
    /// between the two may lack it, since a revision covers many builds.
    Observed,
}
