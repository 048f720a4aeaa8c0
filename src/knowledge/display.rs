//! Knowledge for people.

use std::fmt;

use super::knowledge::Knowledge;
use super::provenance::Provenance;
use crate::revision::Counter;

impl fmt::Display for Knowledge {
    /// For people: `REST revision 32 (answered by im.revision.get), no imbot.v2 (a method was not found)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.rest(), self.rest_at_least(), self.rest_at_most()) {
            (Some(rest), ..) => write!(f, "REST revision {rest}")?,
            (None, 0, None) => f.write_str("unknown REST revision")?,
            (None, least, None) => write!(f, "REST revision {least} or newer")?,
            (None, 0, Some(most)) => write!(f, "REST revision {most} or older")?,
            (None, least, Some(most)) => write!(f, "REST revision {least} to {most}")?,
        }
        if self.rest_provenance() != Provenance::Nothing {
            write!(f, " ({})", self.rest_provenance())?;
        }
        f.write_str(match (self.imbot_v2(), self.revision_get()) {
            (Some(false), _) => ", no imbot.v2",
            (Some(true), Some(false)) => ", imbot.v2 without Revision.get",
            (Some(true), _) => ", imbot.v2",
            (None, Some(false)) => ", imbot.v2 unknown but without Revision.get",
            (None, _) => ", imbot.v2 unknown",
        })?;
        match self.imbot_v2_provenance() {
            Provenance::Nothing => Ok(()),
            from if from == self.rest_provenance() => Ok(()),
            from => write!(f, " ({from})"),
        }
    }
}

impl fmt::Debug for Knowledge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Knowledge({self}")?;
        for counter in [Counter::Web, Counter::Mobile, Counter::Desktop] {
            if let Some(value) = self.get(counter) {
                write!(f, ", {counter} {value}")?;
            }
        }
        f.write_str(")")
    }
}
