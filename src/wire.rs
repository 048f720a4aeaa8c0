//! Calls and replies as they stand on the wire, and what a reply proves. Pure:
//! no HTTP client, usable by any.
//!
//! # What an error proves
//!
//! A portal looks a method up before it looks at the credential, so the *code*
//! of an error says how far the call came. The HTTP status says little: the
//! documentation, the server's source and proxies disagree about it. So replies
//! are read by [`ErrorCode`], and each code has a [`Class`]:
//!
//! | class | codes, among others | what it proves |
//! |---|---|---|
//! | [`Absent`](Class::Absent) | `ERROR_METHOD_NOT_FOUND`, `22002`, `2210204`, `2210205` | there is no such method, or no such module |
//! | [`Scope`](Class::Scope) | `insufficient_scope` | the method exists; the credential may not call it |
//! | [`Expired`](Class::Expired) | `expired_token`, `invalid_token` | nothing of the portal: get a new token |
//! | [`Credential`](Class::Credential) | `NO_AUTH_FOUND`, `INVALID_CREDENTIALS`, `ACCESS_DENIED`, `ERROR_OAUTH` | nothing of the portal: the credential does not work |
//! | [`Transient`](Class::Transient) | `QUERY_LIMIT_EXCEEDED`, `OPERATION_TIME_LIMIT`, `CONNECTION_ERROR` | nothing: ask later |
//! | [`Blocked`](Class::Blocked) | `PORTAL_DELETED`, `OVERLOAD_LIMIT` | nothing: someone closed the portal or its REST |
//! | [`Refused`](Class::Refused) | `BOT_TOKEN_NOT_SPECIFIED`, `100`, … | the method refused these parameters before it did its work |
//! | [`Failed`](Class::Failed) | `SENDING_FAILED`, `BOT_REGISTER_FAILED`, … | the method exists: its work failed, and a part of it may be done |
//! | [`Other`](Class::Other) | codes not known here | nothing |
//!
//! Since the method is looked up first, codes of other classes can prove it too:
//! see [`ErrorCode::proves_method`].

use std::fmt;

use serde_json::Value;

mod batch;
pub(crate) mod budget;
mod code;
pub(crate) mod commands;
pub(crate) mod json;
pub(crate) mod json_text;
pub(crate) mod query;
pub(crate) mod redact;
pub(crate) mod reference;
mod reply;
pub(crate) mod wait;

pub use batch::BatchReplies;
pub(crate) use batch::{BatchView, MALFORMED_REPLY, OWN_RESULT, Outcome};
#[cfg(feature = "registry")]
pub(crate) use batch::{hide_codes, hide_texts};
pub use code::{Class, ErrorCode};
#[cfg(any(feature = "reqwest", feature = "tower"))]
pub(crate) use reply::LOCATION_LIMIT;
#[cfg(feature = "registry")]
pub(crate) use reply::TooMany;
#[cfg(feature = "registry")]
pub(crate) use reply::is_empty;
pub use reply::{ApiError, Malformed, Reply};

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

/// The method that makes up to 50 calls in one request: see [`BatchReplies`].
pub const BATCH: &str = "batch";

/// One call of a REST method.
#[derive(Clone, PartialEq)]
pub struct Call {
    method: String,
    params: serde_json::Map<String, Value>,
}

impl Call {
    /// A call without parameters. The method is sent as it is spelled here.
    #[must_use]
    pub fn new(method: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            params: serde_json::Map::new(),
        }
    }

    /// The same with one more parameter.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.params.insert(name.into(), value.into());
        self
    }

    /// A call with these parameters.
    #[must_use]
    pub fn of(method: impl Into<String>, params: serde_json::Map<String, Value>) -> Self {
        Self {
            method: method.into(),
            params,
        }
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The parameters.
    #[must_use]
    pub fn params(&self) -> &serde_json::Map<String, Value> {
        &self.params
    }

    /// The parameters, to change them.
    pub fn params_mut(&mut self) -> &mut serde_json::Map<String, Value> {
        &mut self.params
    }
}

impl fmt::Debug for Call {
    /// The method and the names of its parameters: values may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.method)?;
        for (nth, name) in self.params.keys().enumerate() {
            if nth > 0 {
                f.write_str(", ")?;
            }
            f.write_str(name)?;
        }
        f.write_str(")")
    }
}
