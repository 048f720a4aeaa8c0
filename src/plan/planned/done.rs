//! The end of a call.

use super::bots::BotAddress;
use crate::wire::Reply;

/// A call that is over: its reply, and what is worth knowing besides.
#[derive(Clone, Debug)]
pub struct Done {
    pub(super) reply: Reply,
    pub(super) bots: Vec<BotAddress>,
    pub(super) warnings: Vec<&'static str>,
    pub(super) is_partly_done: bool,
}

impl Done {
    pub(super) fn plain(reply: Reply) -> Self {
        Self {
            reply,
            bots: Vec::new(),
            warnings: Vec::new(),
            is_partly_done: false,
        }
    }

    /// The reply in the form of the newest imbot.v2.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        &self.reply
    }

    /// The same, owned.
    #[must_use]
    pub fn into_reply(self) -> Reply {
        self.reply
    }

    /// The addresses of bots that the call has set on a portal without imbot.v2. Keep them for
    /// [`Planner::bot_addresses`](crate::plan::Planner::bot_addresses). A gate keeps them itself.
    #[must_use]
    pub fn bot_addresses(&self) -> &[BotAddress] {
        &self.bots
    }

    /// Why event handlers that the call made useless stay in place. Empty if there are none, or
    /// if all of them were removed. The call has succeeded.
    #[must_use]
    pub fn warnings(&self) -> &[&'static str] {
        &self.warnings
    }

    /// Whether several calls were sent for this one, and at least one has succeeded. With a
    /// reply that is no result, a repeat of the whole would do a part twice.
    #[must_use]
    pub fn is_partly_done(&self) -> bool {
        self.is_partly_done
    }

    /// The reply for adapters without an error of their own for a call that is done in part.
    /// For such a call it is an error reply: as a failed request it would look as if nothing were
    /// done.
    #[cfg(feature = "registry")]
    pub(crate) fn reply_of_whole(self) -> Reply {
        match self.reply {
            Reply::Moved { .. } | Reply::Malformed(_) if self.is_partly_done => partly_done(),
            other => other,
        }
    }
}

/// The reply if a part of the call has run, and the rest got no reply of the API.
#[cfg(feature = "registry")]
pub(crate) fn partly_done() -> Reply {
    const TEXT: &str =
        "a part of the call is done; of the rest it is not known, since no reply of the API came";
    let body = serde_json::json!({"result": true, "error": "PARTLY_DONE", "error_description": TEXT});
    Reply::read(400, None, body.to_string().as_bytes())
}
