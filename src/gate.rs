//! The gate: reads a call that was written for the newest imbot.v2, and finds out
//! what to do with it on the portal at hand.
//!
//! [`plan`] is the decision, and pure: a call, what is known of the portal, and a
//! [`Policy`] go in; the call passes as it is, is adapted with a list of what was
//! changed and why, or is refused in words that say what to do. Which features a
//! call uses, and what to do where they are missing, stands in the table alone.
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

mod batch;
mod draft;
mod plan;
mod planner;
mod policy;
mod reading;
mod refused;
mod shim;
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
pub use client::{CallError, Client};
#[cfg(feature = "registry")]
pub use http::Unreadable;
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

#[cfg(test)]
mod tests;
