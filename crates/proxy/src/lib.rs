//! The gate as a server beside a bot, for bots in any language.
//!
//! The bot writes the newest imbot.v2 to `http://127.0.0.1:PORT/{host}/rest/...`. The server sends each call in the
//! form that the portal takes, and answers in the newest form. [`imbot_caps::gate`] decides what happens to a call:
//! this crate has no rules of its own about calls and events. The command `imbot-caps serve` runs it.
//!
//! ```no_run
//! use imbot_caps_proxy::{PortalList, Proxy};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let portals = PortalList::new().portal("acme.bitrix24.com")?;
//! let proxy = Proxy::builder(portals).listen("127.0.0.1:8024".parse()?).start().await?;
//! println!("http://{}", proxy.address());
//! proxy.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Paths
//!
//! | path | what it is |
//! |---|---|
//! | `/{host}/rest/...` | a call of the portal at this host, as the portal itself takes it: GET or POST |
//! | `/events/{secret}` | the address that portals post events to |
//! | `/oauth/token/` | the renewal of a token, which all workers of a bot share |
//! | `/caps/{host}` | what is known of a portal |
//! | `/plan` | what would happen to a call |
//!
//! # Errors
//!
//! An error of the server itself has the form of an error of Bitrix24, and a code that begins with `GATE_`:
//! see [`code`].
//!
//! # What it is not
//!
//! No proxy for other requests: only calls of REST are sent on, and only to the listed portals. It ends no TLS,
//! repeats no call that may have run, and follows no redirect.

mod admin;
mod body;
mod builder;
mod client;
pub mod code;
mod connections;
mod events;
mod failure;
mod forward;
mod headers;
mod limiter;
mod portals;
mod questions;
mod redirect;
mod renewals;
mod routes;
mod server;
mod target;
mod upstream;

pub use builder::{Limits, ProxyBuilder};
pub use events::journal::JournalError;
pub use events::settings::{Bots, BotsError};
pub use limiter::Rate;
pub use portals::{ListError, PortalList, PortalTransport};
pub use server::{Proxy, StartError};
