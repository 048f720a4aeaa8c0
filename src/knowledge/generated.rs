//! Generated from `features.toml` by the test `generated::constants_are_fresh`.
//! Do not edit: change the table and run the tests.

use crate::revision::Revision;

/// The lowest REST revision that a build with imbot.v2 reported.
pub(crate) const IMBOT_V2_REST: Revision = 32;
/// The REST revision that introduced `imbot.v2.Revision.get`.
pub(crate) const REVISION_GET_REST: Revision = 33;
