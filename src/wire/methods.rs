//! Methods that the crate itself calls.

/// The method that reports the revisions, in its exact spelling. In lower case no portal finds
/// it: the server looks up controllers as files.
pub const REVISION_GET: &str = "imbot.v2.Revision.get";

/// The older method with the same numbers, of module `im` and scope `im`.
pub const IM_REVISION_GET: &str = "im.revision.get";

/// A harmless method that every imbot.v2 has: it lists the caller's own bots.
pub const BOT_LIST: &str = "imbot.v2.Bot.list";

/// A harmless method of every portal that needs no scope. It proves that the address belongs to
/// a portal.
pub const SERVER_TIME: &str = "server.time";

/// The method that makes up to 50 calls in one request: see [`BatchReplies`](super::BatchReplies).
pub const BATCH: &str = "batch";
