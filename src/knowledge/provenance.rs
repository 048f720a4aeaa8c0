//! Sources of knowledge.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The source of a piece of knowledge. Later variants are stronger.
///
/// Serde writes it as a word: `method_not_found`, or the name of the method that answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Provenance {
    /// No source: nothing is known.
    Nothing,
    /// Inferred from the table: no build below REST revision 32 has imbot.v2,
    /// and no build with imbot.v2 reports less.
    Inferred,
    /// From the module versions that an operator gave.
    Modules,
    /// The portal answered that a method does not exist.
    MethodNotFound,
    /// A method exists. It answered, or the portal refused the call for a reason that it
    /// checks only after it has found the method.
    MethodExists,
    /// `im.revision.get` answered.
    #[serde(rename = "im.revision.get")]
    ImRevisionGet,
    /// `imbot.v2.Revision.get` answered.
    #[serde(rename = "imbot.v2.Revision.get")]
    ImbotRevisionGet,
    /// The program set it, by a pin or a cap.
    Program,
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
            Provenance::Program => "set by the program",
        })
    }
}
