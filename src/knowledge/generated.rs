//! Generated from `features.toml` by `cargo xtask generate`.
//! Do not edit: change the table.

use crate::revision::Revision;

/// The lowest REST revision that a build with imbot.v2 reported.
pub(crate) const IMBOT_V2_REST: Revision = 32;
/// The REST revision that introduced `imbot.v2.Revision.get`.
pub(crate) const REVISION_GET_REST: Revision = 33;
