//! The codes of the errors that the server itself answers with, in the member `error`.
//!
//! A code says whether the call was sent. The text in `error_description` says what to do.

/// The gate refused the call: the portal lacks what the call needs. Not sent.
pub const REFUSED: &str = "GATE_REFUSED";
/// The gate needs the parameters of the call, and cannot read them. Not sent.
pub const UNREADABLE: &str = "GATE_UNREADABLE";
/// The portal is not in the list of the server. Not sent.
pub const NOT_LISTED: &str = "GATE_PORTAL_NOT_LISTED";
/// The request is none that the server takes. Not sent.
pub const BAD_REQUEST: &str = "GATE_BAD_REQUEST";
/// The body is longer than the server takes. A part of it may have been sent.
pub const BODY_TOO_LARGE: &str = "GATE_BODY_TOO_LARGE";
/// The body did not come in time. A part of it may have been sent.
pub const BODY_TIMEOUT: &str = "GATE_BODY_TIMEOUT";
/// The server has too many connections. Not sent.
pub const BUSY: &str = "GATE_BUSY";
/// The portal's rate of calls is used up, and too many calls wait. Not sent.
pub const RATE: &str = "GATE_RATE_LIMIT";
/// No connection to the portal. Not sent.
pub const UNREACHABLE: &str = "GATE_PORTAL_UNREACHABLE";
/// The connection broke, or the portal did not answer in time. The call may have run.
pub const NO_ANSWER: &str = "GATE_PORTAL_NO_ANSWER";
/// The portal has moved to a host that is not in the list. The call did not run there.
pub const MOVED: &str = "GATE_PORTAL_MOVED";
/// Nothing is known of the portal yet.
pub const UNKNOWN_PORTAL: &str = "GATE_PORTAL_UNKNOWN";
/// An event that the server does not take.
pub const EVENT: &str = "GATE_EVENT_REFUSED";
/// The journal of events cannot be written or read.
pub const JOURNAL: &str = "GATE_JOURNAL_FAILED";
