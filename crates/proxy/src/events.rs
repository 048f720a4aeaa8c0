//! Events: from portals to bots, at least once.
//!
//! A portal posts an event to `/events/{secret}`. The server [verifies](receive) it, writes it to its
//! [journal](journal), and answers 200. Then it [hands the event on](deliver) to the bot's own address, or
//! [keeps](kept) it until the bot polls.

pub(crate) mod batch;
pub(crate) mod deliver;
pub(crate) mod form;
mod held_batch;
pub(crate) mod intercept;
pub(crate) mod journal;
pub(crate) mod owner;
mod page;
pub(crate) mod polling;
pub(crate) mod receive;
mod registration;
mod reply;
pub(crate) mod settings;
