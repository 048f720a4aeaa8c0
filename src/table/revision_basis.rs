//! [`RevisionBasis`]: the source of the first revision of a row.

use crate::word::words;

words! {
    /// Which first revision of each row decides: the documented or the observed one.
    #[derive(Default)]
    "revision basis" RevisionBasis {
        /// The documented revision. It is safe: every known build with this revision has the
        /// feature.
        #[default]
        Documented = "documented",
        /// The lowest revision of a published source with the feature. Some builds of that
        /// revision may lack it, since a revision covers many builds.
        Observed = "observed",
    }
}
