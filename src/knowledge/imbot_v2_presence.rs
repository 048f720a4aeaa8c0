//! Generations of imbot.v2.

use serde::{Deserialize, Serialize};

/// The generation of imbot.v2 in a portal's module `imbot`. Ordered: each generation has all
/// that the one before has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ImbotV2Presence {
    /// No imbot.v2.
    Absent,
    /// imbot.v2 without the method `imbot.v2.Revision.get`.
    WithoutRevisionGet,
    /// imbot.v2 with `imbot.v2.Revision.get`.
    WithRevisionGet,
}
