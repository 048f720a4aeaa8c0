//! The one-method trait for HTTP.
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
mod path;
mod redirect;
mod reply_memory;
mod request;
mod secret_in_host;
#[expect(
    clippy::module_inception,
    reason = "the file of the trait that gives the room its name"
)]
mod transport;

pub use crate::wire::Response;
#[cfg(feature = "reqwest")]
pub use client::{NotPublicError, PublicResolver, ReqwestTransport, ReqwestTransportBuilder};
pub use error::TransportError;
pub(crate) use path::decoded;
pub use redirect::{HostError, Redirects};
pub(crate) use redirect::{host_and_port, moved};
pub use reply_memory::MemoryReservation;
pub(crate) use reply_memory::ReplyMemory;
pub use request::{REPLY_LIMIT, Request};
pub(crate) use secret_in_host::shows_secret;
pub use transport::Transport;
