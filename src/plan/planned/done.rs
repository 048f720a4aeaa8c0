//! The end of a call.

use std::fmt;

use serde::de::DeserializeOwned;

use super::event_addresses::BotAddress;
use crate::wire::{self, ApiError, Malformed, Reply, UnexpectedResult};

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

    /// The result as a type: that of [`TypedCall::Reply`](crate::plan::TypedCall::Reply), or
    /// `serde_json::Value`. An error shows the names of the result's members. A portal can use a
    /// parameter as a name, so these secrets are removed: a webhook's code, a bot's token.
    ///
    /// # Errors
    ///
    /// [`ReplyError`] if the reply is no result, or if the result does not have the form of the type.
    pub fn decode<T: DeserializeOwned>(self, secrets: &[&str]) -> Result<T, ReplyError> {
        match self.reply {
            Reply::Result(result) => wire::decode(result).map_err(|mut unexpected| {
                unexpected.hide(secrets);
                ReplyError::Unexpected(unexpected)
            }),
            Reply::Error(error) => Err(ReplyError::Api(error)),
            Reply::Redirect { .. } => Err(ReplyError::Moved),
            Reply::Malformed(malformed) => Err(ReplyError::Malformed(malformed)),
        }
    }

    /// The addresses of bots that the call has set on a portal without imbot.v2. Keep them for
    /// [`Planner::bot_addresses`](crate::plan::Planner::bot_addresses). A gate keeps them itself.
    #[must_use]
    pub fn bot_addresses(&self) -> &[BotAddress] {
        &self.bots
    }

    /// The work after the call that was not done, and why: event handlers of no use stay in place, or the address of
    /// a bot is not sure. The call has succeeded.
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
            Reply::Redirect { .. } | Reply::Malformed(_) if self.is_partly_done => partly_done(),
            other => other,
        }
    }
}

/// Why a call that is over has no result of the type that was asked for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ReplyError {
    /// The portal refused the call.
    Api(ApiError),
    /// The portal redirects: it has moved, or a page stands in place of the reply.
    /// [`Done::reply`] has the address.
    Moved,
    /// The response is not of the API: a proxy's, a login page, half a body.
    Malformed(Malformed),
    /// The method ran. Its result does not have the form of the type.
    Unexpected(UnexpectedResult),
}

impl ReplyError {
    /// Whether the method may have run, or a part of the call. Then a repeat could do its work twice.
    /// See [`ApiError::proves_not_run`].
    #[must_use]
    pub fn may_have_run(&self) -> bool {
        match self {
            Self::Api(error) => !error.proves_not_run(),
            Self::Moved | Self::Malformed(_) | Self::Unexpected(_) => true,
        }
    }
}

impl fmt::Display for ReplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(error) => write!(f, "the portal refused the call: {error}"),
            Self::Moved => f.write_str(
                "the portal redirects: ask its owner for the new address, or look for a login page or a proxy on the way",
            ),
            Self::Malformed(malformed) => write!(f, "{malformed}"),
            Self::Unexpected(unexpected) => write!(f, "the method ran: {unexpected}"),
        }
    }
}

impl std::error::Error for ReplyError {}

/// The reply if a part of the call has run, and the rest got no reply of the API.
#[cfg(feature = "registry")]
pub(crate) fn partly_done() -> Reply {
    const TEXT: &str =
        "a part of the call is done; of the rest it is not known, since no reply of the API came";
    let body = serde_json::json!({"result": true, "error": "PARTLY_DONE", "error_description": TEXT});
    Reply::read(400, None, body.to_string().as_bytes())
}
