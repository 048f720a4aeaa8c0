//! How much of imbot.v2 there is.

use serde::{Deserialize, Serialize};

/// How much of imbot.v2 a portal's module `imbot` has. Ordered: each generation has all of
/// the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ImbotGeneration {
    /// No imbot.v2.
    Absent,
    /// imbot.v2 without the method `imbot.v2.Revision.get`.
    WithoutRevisionGet,
    /// imbot.v2 with `imbot.v2.Revision.get`.
    WithRevisionGet,
}
