//! The gate: reads a call that was written for the newest imbot.v2, and finds out
//! what to do with it on the portal at hand.
//!
//! | for | use | feature |
//! |---|---|---|
//! | a bot without a client of its own | `Client`, by `Registry::client` or `Gate::client` | `registry` |
//! | a tower service that sends the calls of one portal | `GateLayer` | `tower` |
//! | a tower service of HTTP requests, such as `reqwest::Client` | `HttpGateLayer` | `tower` |
//! | a client of crate `reqwest-middleware` | `GateMiddleware` | `reqwest-middleware` |
//! | a client that none of these fits | `Gate::plan`, or [`plan`] without a registry | none for [`plan`] |
//!
//! The first four go by one `Gate`, which has the policy and counts for a report. What
//! they send and when is told in [`docs::gate`](crate::docs::gate).
//!
//! # The decision
//!
//! [`plan`] is pure: a call, what is known of the portal, and a [`Policy`] go in; the
//! call passes as it is, is adapted with a list of what was changed and why, or is
//! refused in words that say what to do. Which features a call uses, and what to do
//! where they are missing, stands in the table alone.
//!
//! ```
//! use imbot_caps::gate::{Plan, Policy, plan};
//! use imbot_caps::{Caps, wire::Call};
//! use serde_json::json;
//!
//! let call = Call::new("imbot.v2.Chat.Message.send")
//!     .with("botId", 7)
//!     .with("dialogId", "chat5")
//!     .with("fields", json!({"message": "Hello", "system": true}));
//!
//! assert!(plan(&call, &Caps::at(36), &Policy::default()).is_pass());
//!
//! // Older portals may ignore a boolean there, and all take "Y".
//! let Plan::Adapt(adapted) = plan(&call, &Caps::at(32).with_imbot_v2(true), &Policy::default()) else { panic!() };
//! assert_eq!(adapted.call(&call).params()["fields"]["system"], "Y");
//!
//! // Before imbot.v2 there was another method.
//! let Plan::Adapt(adapted) = plan(&call, &Caps::at(30), &Policy::default()) else { panic!() };
//! assert_eq!(adapted.call(&call).method(), "imbot.message.add");
//! ```
//!
//! # By hand
//!
//! A call that is adapted has to be sent as the plan says, and its reply to be read by
//! the same plan:
//!
//! ```
//! use imbot_caps::gate::{Plan, Policy, Refused, plan};
//! use imbot_caps::wire::{Call, Reply};
//! use imbot_caps::Caps;
//! use serde_json::json;
//!
//! /// `send` is the program's own client.
//! fn through(plan: &Plan, call: &Call, send: impl Fn(&Call) -> Reply) -> Result<Reply, Refused> {
//!     if let Some(refused) = plan.refused() {
//!         return Err(refused.clone()); // nothing is sent
//!     }
//!     Ok(match plan.adapted() {
//!         Some(adapted) => {
//!             let mut reply = send(adapted.call(call));
//!             for next in adapted.then() {
//!                 if !matches!(reply, Reply::Result(_)) {
//!                     break;
//!                 }
//!                 reply = send(next);
//!             }
//!             adapted.read(reply)
//!         }
//!         None => send(call),
//!     })
//! }
//!
//! let call = Call::new("imbot.v2.Chat.Message.send")
//!     .with("botId", 7)
//!     .with("dialogId", "chat5")
//!     .with("fields", json!({"message": "Hello"}));
//! let plan = plan(&call, &Caps::at(30), &Policy::default());
//! let reply = through(&plan, &call, |sent| {
//!     assert_eq!(sent.method(), "imbot.message.add");
//!     Reply::Result(json!(42)) // as the older method answers
//! })?;
//! let Reply::Result(sent) = reply else { panic!() };
//! assert_eq!(sent["id"], 42); // as the newer method answers
//! # Ok::<(), Refused>(())
//! ```
//!
//! With a registry `Gate::plan` does more: it knows the date, what replies have
//! contradicted, and what kind of credential it is. The rest of what a `Gate` does is
//! then the program's: `Handle::ready` before the plan, and `Handle::refresh` before a
//! call that does harm where it is ignored; `Handle::observe_reply` with each
//! reply; [`Adaptation::follow_ups`]; and where a method is refused as absent,
//! `Handle::report_absent` with `Feature::from_id(call.method())`, one more plan, and the
//! call once more if that has another method. Where the events of a bot go to is
//! remembered of calls through a `Gate` alone, so commands are registered before
//! imbot.v2 with [`Planner::webhook_url`].

mod batch;
mod client_id;
mod draft;
mod plan;
mod planner;
mod policy;
mod reading;
mod refused;
mod shim;
mod text;
mod translate;

#[cfg(feature = "registry")]
mod client;
#[cfg(feature = "registry")]
#[cfg_attr(
    not(any(feature = "reqwest-middleware", all(feature = "reqwest", feature = "tower"))),
    allow(dead_code, unused_imports, reason = "the adapters'")
)]
mod http;
#[cfg(feature = "registry")]
mod live;
#[cfg(feature = "reqwest-middleware")]
mod middleware;
#[cfg(feature = "registry")]
mod passage;
#[cfg(feature = "registry")]
mod report;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "registry")]
mod watch;

#[cfg(feature = "registry")]
pub use client::{Batch, CallError, Client, Command, Reference, ReferenceError};
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
pub use http::{Portals, Unreadable};
#[cfg(feature = "registry")]
pub use live::{Gate, GateBuilder};
#[cfg(feature = "reqwest-middleware")]
pub use middleware::GateMiddleware;
#[cfg(feature = "registry")]
pub use report::{Advice, Count, FeatureReport, Report};
#[cfg(feature = "tower")]
pub use tower::{GateError, GateFuture, GateLayer, GateService, HttpGateLayer, HttpGateService, WholeBody};

pub use plan::{Adaptation, FollowUp, Plan};
pub use planner::{Planner, plan};
pub use policy::{Mode, Policy};
pub use refused::{Change, Reason, Refused};

pub use crate::vocabulary::{UnknownName, UnknownParameter, unknown_names};
pub use client_id::lacks_client_id;

#[cfg(test)]
mod tests;
