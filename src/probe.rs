//! The probe without I/O: asks a portal what its chat-bot API can do.
//!
//! [`Probe`] is a state machine. It sends nothing, waits for nothing and reads no clock. It says
//! what to do next ([`Step`]), and takes the result and the time. So it works with any HTTP client
//! and any runtime, or without one. The registry uses the same state machine: both send the same
//! requests and learn the same from the same answers.
//!
//! A probe takes one request if the portal has `imbot.v2.Revision.get`, and two if it has not. It
//! takes up to five if the portal also refuses batches. These five include repeats: at most two
//! after transient failures, one after an expired token, and one after a redirect.
//!
//! ```
//! use std::time::SystemTime;
//! use imbot_caps::{Caps, Feature};
//! use imbot_caps::probe::{Probe, ProbeErrorClass, Step};
//! use imbot_caps::wire::Response;
//!
//! /// The program's own HTTP client.
//! fn post(method: &str, body: &str) -> Result<Response, std::io::Error> {
//!     let reply = r#"{"result":{"rest":36,"web":130}}"#;
//!     Ok(Response::new(200, None, reply.into()))
//! }
//!
//! let mut probe = Probe::new(SystemTime::now()).redacting("s3cret-webhook-code");
//! loop {
//!     match probe.step(SystemTime::now()) {
//!         Step::Send(request) => match post(request.method(), &request.body()) {
//!             Ok(response) => request.reply(SystemTime::now(), &response),
//!             Err(error) => request.fail(SystemTime::now(), ProbeErrorClass::Transient, error),
//!         },
//!         Step::Wait(pause) => {
//!             std::thread::sleep(pause.duration());
//!             pause.resume();
//!         }
//!         // Only a probe `with_token` has this step.
//!         Step::Renew(renewal) => renewal.fail(std::io::ErrorKind::Unsupported.into()),
//!         Step::Redirect(redirect) => redirect.refuse(None),
//!         Step::Done => break,
//!     }
//! }
//! let found = probe.finish()?;
//! assert!(Caps::new(found.knowledge).supports(Feature::SystemMessage));
//! # Ok::<(), imbot_caps::probe::Error<std::io::Error>>(())
//! ```
//!
//! [`docs::probe`](crate::docs::probe) has the rules for a caller, and says what to do with the result.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

mod conversation;
mod error;
mod inquiry;
mod machine;
mod retry;
mod step;

#[cfg(feature = "registry")]
pub(crate) use conversation::DEADLINE;
pub use conversation::Found;
pub use error::{Error, ErrorKind, ProbeErrorClass};
#[cfg(all(test, feature = "reqwest"))]
pub(crate) use inquiry::COMMANDS;
pub use machine::Probe;
pub use step::{Outgoing, Pause, Redirect, Renewal, Step};

#[cfg(test)]
mod tests;
