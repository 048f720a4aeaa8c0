//! REST calls in HTTP requests.
//!
//! The steps of an adapter:
//!
//! 1. [`Route::of`] reads the head, and [`gated_route`] decides whether the gate handles the
//!    request. If the portal is not registered, or if no row of the table is about the method,
//!    the request is passed on untouched.
//! 2. [`Route::read`] reads the body, if it is in memory. If it is not, the method alone may be
//!    enough: [`begin_unseen`].
//! 3. [`Recognised::concerns`] finds batches without a command that a row is about. `recognise`
//!    does both off the runtime's workers, if the call is large.
//! 4. [`Recognised::begin`] makes the [`Exchange`]. It makes each further request and the
//!    response.

mod begin;
mod envelope;
mod exchange;
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
pub(super) mod message;
mod path;
mod portal_pattern;
mod request;
mod request_token;
#[cfg(all(feature = "reqwest", any(feature = "reqwest-middleware", feature = "tower")))]
mod reqwest;
mod response;
mod unreadable;

#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
pub(super) use begin::recognise;
pub(super) use begin::{NotSent, begin_unseen, gated_route};
pub(super) use exchange::{Exchange, Next};
pub use portal_pattern::PortalPattern;
#[cfg(feature = "tower")]
pub(super) use request::RequestParts;
pub(super) use request::{BODY_LIMIT, Recognised, Route};
#[cfg(feature = "tower")]
pub(super) use response::{Answer, Limits, Received, Unread};
pub use unreadable::UnreadableError;

#[cfg(test)]
mod tests;
