//! How something is known.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a piece of knowledge comes from; the later variants are the stronger.
///
/// Written with serde as a word: `method_not_found`, or the name of the method
/// that answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Provenance {
    /// From nowhere: nothing is known.
    Nothing,
    /// Inferred from the table: no build below REST revision 32 has imbot.v2,
    /// and no build with imbot.v2 reports less.
    Inferred,
    /// From the module versions that an operator gave.
    Modules,
    /// A method was refused as not existing.
    MethodNotFound,
    /// A method exists: it answered, or was refused for a reason that is only
    /// reached when it exists.
    MethodExists,
    /// `im.revision.get` answered.
    #[serde(rename = "im.revision.get")]
    ImRevisionGet,
    /// `imbot.v2.Revision.get` answered.
    #[serde(rename = "imbot.v2.Revision.get")]
    ImbotRevisionGet,
    /// The user said so: a pin or a cap.
    User,
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Provenance::Nothing => "nothing known",
            Provenance::Inferred => "inferred from the releases",
            Provenance::Modules => "from the module versions given",
            Provenance::MethodNotFound => "a method was not found",
            Provenance::MethodExists => "a method was found",
            Provenance::ImRevisionGet => "answered by im.revision.get",
            Provenance::ImbotRevisionGet => "answered by imbot.v2.Revision.get",
            Provenance::User => "set by the user",
        })
    }
}
