//! The two first revisions of a row.

use crate::word::words;

words! {
    /// Which first revision of a row decides.
    #[derive(Default)]
    "first revision of a row" FirstRevision {
        /// The documented revision. It is safe: every known build with this revision has the
        /// feature.
        #[default]
        Documented = "documented",
        /// The lowest revision of a published source with the feature. Some builds of that
        /// revision may lack it, since a revision covers many builds.
        Observed = "observed",
    }
}
