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
//! use imbot_caps::plan::{Policy, plan};
//! use imbot_caps::{Caps, wire::Call};
//! use serde_json::json;
//!
//! let call = Call::new("imbot.v2.Chat.Message.send")
//!     .with("botId", 7)
//!     .with("dialogId", "chat5")
//!     .with("fields", json!({"message": "Hello", "system": true}));
//!
//! assert!(plan(&call, &Caps::at(36), &Policy::default())?.is_pass());
//!
//! // Older portals may ignore a boolean here. All portals take "Y".
//! let planned = plan(&call, &Caps::at(32).with_imbot_v2(), &Policy::default())?;
//! assert_eq!(planned.call().params()["fields"]["system"], "Y");
//!
//! // A portal without imbot.v2 has an older method.
//! let planned = plan(&call, &Caps::at(30), &Policy::default())?;
//! assert_eq!(planned.call().method(), "imbot.message.add");
//! # Ok::<(), Box<imbot_caps::plan::Refused>>(())
//! ```
//!
//! # A client of your own
//!
//! A [`PlannedCall`] has the request to send, and takes the reply: its page has a whole client.
//! [`take`](PlannedCall::take) returns extra requests, further calls and other forms of a call one
//! by one.
//!
//! A plan knows only the caps that it was given. With a registry, `Gate::begin` plans a call: it
//! first probes the portal if `Handle::ready` would, and learns from the replies. A program that
//! plans itself has to do the rest of a gate's work:
//!
//! 1. Before the plan: `Handle::ready`. Before a call that does harm if the portal ignores it:
//!    `Handle::refresh`.
//! 2. With each reply: `Handle::report_found`.
//! 3. At [`Step::MethodNotFound`]: `Handle::report_not_found` with [`MethodNotFound::requirement`], then
//!    [`Planner::replan`] with a planner of the new caps.
//! 4. At [`Step::Done`]: keep [`Done::bot_addresses`] for [`Planner::bot_addresses`].

mod adaptation;
mod batch;
mod bot_token_in_url;
mod builder;
mod context;
mod decoded;
mod json_text_params;
mod parameters;
mod planned;
mod planner;
mod policy;
mod refused;
mod reply;
mod reverse;
mod shim;
mod single;
mod translate;
mod typed;
mod uses;
mod view;

pub use crate::vocabulary::{UnknownName, UnknownParameter, unknown_names};
pub use bot_token_in_url::lacks_bot_token_in_url;
pub use planned::step::{MethodNotFound, Step};
pub use planned::{BotAddress, Done, PlannedCall, ReplyError};
pub use planner::{Planner, plan};
pub use policy::{CredentialKind, Mode, Policy};
pub use refused::{Change, Reason, Refused};
pub use typed::{TypedCall, TypedError};

#[cfg(feature = "registry")]
pub(crate) use adaptation::Plan;
#[cfg(feature = "registry")]
pub(crate) use planned::{partly_done, step::requirement_of};
#[cfg(feature = "registry")]
pub(crate) use uses::{commands_of, concerns_batch, rows_of};

#[cfg(test)]
mod tests;
