//! A portal on loopback: an HTTP server that behaves like a chosen build.
//!
//! For tests of both sides of every gate, in this crate and in code that uses
//! it. What depends on the revision is asked of the same table as the client
//! asks, so the two cannot drift apart.
//!
//! ```no_run
//! use imbot_caps_emulator::{Build, Emulator, Fault};
//!
//! # async fn example() -> std::io::Result<()> {
//! let emulator = Emulator::start().await?;
//! let portal = emulator.portal(Build::rest(34));
//! portal.fault(Fault::html(502).once());
//!
//! // ... run the bot against portal.webhook_url() ...
//!
//! portal.expect("imbot.v2.Revision.get").times(1);
//! portal.set_build(Build::rest(35)); // an upgrade
//! # Ok(())
//! # }
//! ```
//!
//! # What it serves
//!
//! - the 34 documented methods of imbot.v2;
//! - their older equivalents: bots, chats, messages and commands of `imbot.*`;
//! - `im.v2.Event.*`, `im.v2.File.*`, `im.v2.Chat.Bot.sendContext`;
//! - `im.revision.get`, and the chats, recent chats and messages of `im.*`;
//!   keyboards and menus are kept as far as the build knows them; the other methods
//!   of `im.*` that the table knows are there on the builds that have them, and
//!   answer with something of the right sort;
//! - `batch`, `scope`, `server.time`, `methods`, `method.get`, `app.info` and
//!   `profile`;
//! - the renewal of access tokens, at an [address of its own](AuthServer).
//!
//! What people do comes from the test: [`EmulatedPortal::say`], `edit`, `delete`,
//! `react` and `open_with`. Which bots hear of it depends on type, mention and open
//! line, as on a portal. They hear from the queue of `Event.get`, or at their webhook
//! address, a plain loopback URL here. What was sent once is not sent again.
//!
//! Other methods are not found. An action that is missing from a controller
//! above is answered as an unknown action, and not as an unknown method.
//!
//! It answers under its own address and port, under names of the loopback
//! interface, and under [names that a test gave it](EmulatorBuilder::allowed_host); other
//! requests are misdirected (421).
//!
//! # What a test can do to it
//!
//! - Move its [`Clock`], by which tokens expire, limits drain, slow answers come
//!   and rules that hold from a date begin.
//! - Break it with a [`Fault`], by method, number or chance, in a batch too.
//! - Limit the [rate of requests](EmulatedPortal::limit_rate) and the
//!   [time of methods](EmulatedPortal::limit_operating) as the cloud does. There
//!   are no limits until a test sets them.
//! - Ask what came in, [expect](EmulatedPortal::expect) it, and have calls noted
//!   that rely on what the build lacks: [`EmulatedPortal::strict`].
//!
//! # What it does not
//!
//! Https, unless the feature `tls` adds it (`Emulator::start_tls`), and
//! then not at the authorisation server; answers as XML; batches within batches,
//! which a portal allows in odd spellings; links to files that expire; the
//! authorisation of an application by a user, in place of which a test
//! [installs](EmulatedPortal::install) it. Events carry the application's youngest
//! access token that is still good, and none of their own. Rights are told apart
//! by membership and ownership of a chat alone, and every user id is a person.
//! Answers are those of the server's source and documentation, which no live portal
//! was asked to confirm.

mod auth;
mod batch;
mod build;
mod builder;
mod catalog;
mod clock;
mod color;
mod credential;
mod delivery;
mod dispatch;
mod emulated_portal;
mod emulator;
mod envelope;
mod expect;
mod fault;
mod form;
mod limit;
mod methods;
mod php;
mod portal;
mod portals;
mod record;
mod redact;
mod reply;
mod request;
mod server;
mod state;
mod strict;
#[cfg(feature = "tls")]
mod tls;
mod users;
mod wait;

pub use auth::{App, AuthServer, Installation};
pub use build::{Build, Imbot, StatusBasis};
pub use builder::EmulatorBuilder;
pub use clock::Clock;
pub use credential::{OauthToken, Webhook};
pub use emulated_portal::EmulatedPortal;
pub use emulator::Emulator;
pub use expect::Expectation;
pub use fault::Fault;
pub use limit::RateLimit;
pub use record::Recorded;
pub use state::{Bot, Chat, ChatKind, Command, File, Message};
pub use strict::Violation;
pub use wait::Hold;

/// The README's example, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
