//! The decision for a call: it passes, is adapted, or is refused.
//!
//! [`plan`] is a pure function of a call, the knowledge of the portal, and a [`Policy`]. The
//! call passes unchanged, or it is adapted with a list of changes and reasons, or it is refused
//! with a text that names the remedy. The table alone says which features a call uses, and
//! what to do if the portal lacks one.
//!
//! This module needs no feature of the crate. It has no clock, no I/O and no runtime.
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
//! // Older portals may ignore a boolean here. All portals take "Y".
//! let Plan::Adapt(adapted) = plan(&call, &Caps::at(32).with_imbot_v2(), &Policy::default()) else { panic!() };
//! assert_eq!(adapted.call(&call).params()["fields"]["system"], "Y");
//!
//! // A portal without imbot.v2 has an older method.
//! let Plan::Adapt(adapted) = plan(&call, &Caps::at(30), &Policy::default()) else { panic!() };
//! assert_eq!(adapted.call(&call).method(), "imbot.message.add");
//! ```
//!
//! # A client of your own
//!
//! Send an adapted call as the plan says, and read its reply with the same plan:
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
//! With a registry, `Gate::plan` also uses the date, the contradicted features and the kind of
//! the credential. A program that plans itself has to do the rest of a gate's work:
//!
//! 1. Before the plan: `Handle::ready`. Before a call that does harm if the portal ignores it:
//!    `Handle::refresh`.
//! 2. With each reply: `Handle::observe_reply`.
//! 3. After a success: [`Adaptation::follow_ups`].
//! 4. If a method is refused as absent: `Handle::report_absent` with
//!    `call.method().parse::<Feature>()`, then a new plan. If that has another method, send it.
//!
//! Only a `Gate` remembers the addresses that receive the events of bots, of calls through it.
//! So give [`Planner::webhook_url`] for commands that are registered before imbot.v2.

mod adaptation;
mod batch;
mod builder;
mod client_id;
mod context;
mod decoded;
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
mod view;

pub use crate::vocabulary::{UnknownName, UnknownParameter, unknown_names};
pub use adaptation::{Adaptation, FollowUp, Plan};
pub use client_id::lacks_client_id;
pub use planner::{Planner, plan};
pub use policy::{CredentialKind, Mode, Policy};
pub use refused::{Change, Reason, Refused};

#[cfg(feature = "registry")]
pub(crate) use context::bot_id;
#[cfg(feature = "registry")]
pub(crate) use uses::{commands_of, concerns_batch, rows_of};

#[cfg(test)]
mod tests;
