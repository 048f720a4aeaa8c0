//! Calls and replies on the wire, and what a reply proves. Pure: any HTTP client can use it.
//!
//! # What an error proves
//!
//! A portal looks up the method before it checks the credential. So the *code* of an error
//! shows how far the call came. The HTTP status is no help: the documentation, the server's
//! source and proxies disagree about it. So [`ErrorCode`] decides, and each code has a
//! [`ErrorClass`]:
//!
//! | class | codes, among others | what it proves |
//! |---|---|---|
//! | [`Absent`](ErrorClass::Absent) | `ERROR_METHOD_NOT_FOUND`, `22002`, `2210204`, `2210205` | there is no such method, or no such module |
//! | [`Scope`](ErrorClass::Scope) | `insufficient_scope` | the method exists; the credential may not call it |
//! | [`Expired`](ErrorClass::Expired) | `expired_token`, `invalid_token` | nothing of the portal: get a new token |
//! | [`Credential`](ErrorClass::Credential) | `NO_AUTH_FOUND`, `INVALID_CREDENTIALS`, `ACCESS_DENIED`, `ERROR_OAUTH` | nothing of the portal: the credential does not work |
//! | [`Transient`](ErrorClass::Transient) | `QUERY_LIMIT_EXCEEDED`, `OPERATION_TIME_LIMIT`, `CONNECTION_ERROR` | nothing: ask later |
//! | [`Blocked`](ErrorClass::Blocked) | `PORTAL_DELETED`, `OVERLOAD_LIMIT` | nothing: someone closed the portal or its REST |
//! | [`Refused`](ErrorClass::Refused) | `BOT_TOKEN_NOT_SPECIFIED`, `100`, … | the method refused these parameters before it did its work |
//! | [`Failed`](ErrorClass::Failed) | `SENDING_FAILED`, `BOT_REGISTER_FAILED`, … | the method exists: its work failed, and a part of it may be done |
//! | [`Other`](ErrorClass::Other) | unknown codes | nothing |
//!
//! Since the method is looked up first, codes of other classes can prove the method too: see
//! [`ErrorCode::proves_method`].

mod batch;
pub(crate) mod budget;
mod call;
mod code;
pub(crate) mod commands;
mod decode;
mod foreign_body;
mod http_date;
pub(crate) mod json;
pub(crate) mod json_text;
mod methods;
pub(crate) mod percent;
pub(crate) mod query;
pub(crate) mod redact;
pub(crate) mod reference;
mod reply;
mod response;
pub(crate) mod wait;

pub use batch::BatchReplies;
#[cfg(feature = "registry")]
pub(crate) use batch::hide_codes;
pub(crate) use batch::{BatchView, MALFORMED_REPLY, OWN_RESULT, Outcome};
pub use call::{Call, ParamsError};
pub use code::{ErrorClass, ErrorCode};
pub use decode::{UnexpectedResult, decode};
pub(crate) use methods::without_suffix;
pub use methods::{BATCH, BOT_LIST, IM_REVISION_GET, REVISION_GET, SERVER_TIME};
#[cfg(any(feature = "reqwest", feature = "tower"))]
pub(crate) use reply::LOCATION_LIMIT;
pub use reply::{ApiError, Malformed, Reply};
#[cfg(feature = "registry")]
pub(crate) use reply::{TooMany, is_empty};
pub use response::Response;
pub(crate) use response::read_within;
