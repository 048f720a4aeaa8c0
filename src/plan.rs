//! The decision for a call: it passes, is adapted, or is refused.
//!
//! [`plan`] is pure: a call, what is known of the portal, and a [`Policy`] go in; the
//! call passes as it is, is adapted with a list of what was changed and why, or is
//! refused in words that say what to do. Which features a call uses, and what to do
//! where they are missing, stands in the table alone.
//!
//! ```
//! use imbot_caps::plan::{Plan, Policy, plan};
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
//! use imbot_caps::plan::{Plan, Policy, Refused, plan};
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

mod adaptation;
mod batch;
mod builder;
mod client_id;
mod context;
mod opened;
mod parameters;
mod planner;
mod policy;
mod refused;
mod reply;
mod reverse;
mod shim;
mod single;
mod texts;
mod translate;
mod uses;

pub use crate::vocabulary::{UnknownName, UnknownParameter, unknown_names};
pub use adaptation::{Adaptation, FollowUp, Plan};
pub use client_id::lacks_client_id;
pub use planner::{Planner, plan};
pub use policy::{Mode, Policy};
pub use refused::{Change, Reason, Refused};

#[cfg(feature = "registry")]
pub(crate) use context::bot_id;
#[cfg(feature = "registry")]
pub(crate) use uses::{commands_of, concerns_batch, rows_of};

#[cfg(test)]
mod tests;
