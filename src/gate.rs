//! The live gate: it sends a call in the form that the portal takes.
//!
//! A program writes its calls for the newest imbot.v2. The gate [plans](crate::plan) each call
//! by what the [registry](crate::Registry) knows of the portal, and learns from the replies.
//!
//! | for | use | feature |
//! |---|---|---|
//! | a bot without a client of its own | `Client`, by `Registry::client` or `Gate::client` | `registry` |
//! | a tower service that sends the calls of one portal | `GateLayer` | `tower` |
//! | a tower service of HTTP requests, such as `reqwest::Client` | `HttpGateLayer` | `tower` |
//! | a client of crate `reqwest-middleware` | `GateMiddleware` | `reqwest-middleware` |
//! | any other client | `Gate::begin`, or [`plan::plan`](crate::plan::plan) without a registry | `registry`; none for `plan::plan` |
//!
//! The first four use one `Gate`. It holds the policy, and counts the calls for [`Gate::report`].
//! [`docs::gate`](crate::docs::gate) says which requests they send, and when.

mod client;
mod event_forms;
#[expect(
    clippy::module_inception,
    reason = "the file of the type that gives the room its name"
)]
mod gate;
mod gated;
#[cfg_attr(
    not(any(feature = "reqwest-middleware", all(feature = "reqwest", feature = "tower"))),
    allow(dead_code, unused_imports, reason = "the adapters'")
)]
mod http;
#[cfg(any(feature = "reqwest-middleware", all(feature = "reqwest", feature = "tower")))]
mod http_call;
#[cfg(feature = "reqwest-middleware")]
mod middleware;
mod newer_events;
mod polling;
mod portal_gate;
mod refused_error;
mod report;
#[cfg(feature = "tower")]
mod tower;
mod unknown_names;
mod verify;

pub use client::{Batch, BatchCommand, CallError, Client, ReferenceError, ResultReference};
pub use event_forms::BotWithOlderEvents;
pub use gate::{Gate, GateBuilder};
pub use gated::{GatedCall, GatedStep};
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
pub use http::{PortalPattern, UnreadableError};
#[cfg(any(feature = "reqwest-middleware", all(feature = "reqwest", feature = "tower")))]
pub use http_call::HttpCall;
#[cfg(feature = "reqwest-middleware")]
pub use middleware::GateMiddleware;
pub use newer_events::NewerEventsError;
pub use polling::{EventPolling, PollError, UnreadableEvent};
pub use refused_error::RefusedError;
pub use report::{Advice, Count, FeatureReport, Report};
#[cfg(feature = "tower")]
pub use tower::{GateError, GateFuture, GateLayer, GateService, HttpGateLayer, HttpGateService, WholeBody};
