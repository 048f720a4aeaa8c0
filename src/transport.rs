//! The one-method seam to HTTP.
//!
//! [`ReqwestTransport`] is the ready implementation. A program with its own HTTP stack (a limiter,
//! a proxy, a test double) implements [`Transport`] over it. Then probes share its budget: a
//! portal counts requests by source address.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

#[cfg(feature = "reqwest")]
mod client;
mod error;
mod labels;
mod path;
mod redirect;
mod request;
mod room;
mod seam;

pub use crate::wire::Response;
#[cfg(feature = "reqwest")]
pub use client::{ReqwestTransport, ReqwestTransportBuilder};
pub use error::TransportError;
pub(crate) use labels::tells;
pub(crate) use path::decoded;
pub use redirect::{NotAHost, Redirects};
pub(crate) use redirect::{host_and_port, moved};
pub use request::{BODY_LIMIT, Request};
pub use room::Room;
pub(crate) use room::Rooms;
pub use seam::Transport;
