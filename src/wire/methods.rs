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

/// The name without the suffix of a path that chooses the form of the reply. A portal runs the same
/// method.
#[inline]
pub(crate) fn without_suffix(name: &str) -> &str {
    match name.as_bytes().last() {
        Some(b'n' | b'N' | b'l' | b'L') => cut(name),
        _ => name,
    }
}

fn cut(name: &str) -> &str {
    let stem = [".json", ".xml"].iter().find_map(|suffix| {
        let (stem, end) = name.split_at_checked(name.len().checked_sub(suffix.len())?)?;
        (end.eq_ignore_ascii_case(suffix) && !stem.is_empty()).then_some(stem)
    });
    stem.unwrap_or(name)
}
