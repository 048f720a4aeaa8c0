//! Names of methods that the crate itself calls.

/// The exact spelling of the method that reports the revisions. Lower-cased it
/// is "not found" on every portal: the server looks controllers up as files.
pub const REVISION_GET: &str = "imbot.v2.Revision.get";

/// The older method with the same numbers, in module `im` and its scope.
pub const IM_REVISION_GET: &str = "im.revision.get";

/// A harmless method that every imbot.v2 has: it lists the caller's own bots.
pub const BOT_LIST: &str = "imbot.v2.Bot.list";

/// A harmless method of every portal, for which no scope is needed: it proves
/// that the address is a portal's.
pub const SERVER_TIME: &str = "server.time";

/// The method that makes up to 50 calls in one request: see [`BatchReplies`](super::BatchReplies).
pub const BATCH: &str = "batch";
