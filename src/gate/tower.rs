//! The gate as tower layers: around services of calls, and around services of HTTP requests.

mod call;
mod error;
mod future;
mod http;
mod message;
mod ready_service;

pub use call::{GateLayer, GateService};
pub use error::GateError;
pub use future::GateFuture;
pub use http::{HttpGateLayer, HttpGateService};
pub use message::WholeBody;
