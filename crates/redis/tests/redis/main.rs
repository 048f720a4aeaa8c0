//! A store on real servers, which the tests start on ports of their own.

mod access;
#[cfg(feature = "cluster")]
mod cluster;
mod conformance;
mod contents;
mod failures;
mod news;
mod registry;
mod secrets;
#[cfg(feature = "sentinel")]
mod sentinel;
mod server;
#[cfg(feature = "tls")]
mod tls;
