//! An HTTP request to a portal as the REST call that it is, and such a request with
//! another call in it.

mod exchange;
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
pub(super) mod message;
mod path;
mod portals;
mod request;
#[cfg(all(feature = "reqwest", any(feature = "reqwest-middleware", feature = "tower")))]
mod reqwest;
mod token;

pub(super) use exchange::{Answer, Exchange, Limits, Next, Received, Unread};
pub use portals::Portals;
pub use request::Unreadable;
pub(super) use request::{BODY_LIMIT, Denied, Recognised, Route, Written, admit, enter_unseen};

#[cfg(test)]
mod tests;
