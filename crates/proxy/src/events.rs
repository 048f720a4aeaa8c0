//! Events: from portals to bots, at least once.
//!
//! A portal posts an event to `/events/{secret}`. The server [verifies](receive) it, writes it to its
//! [journal](journal), and answers 200. Then it [hands the event on](deliver) to the bot's own address, or
//! [keeps](kept) it until the bot polls.

pub(crate) mod batch;
pub(crate) mod deliver;
pub(crate) mod form;
pub(crate) mod journal;
pub(crate) mod kept;
pub(crate) mod owner;
pub(crate) mod receive;
pub(crate) mod settings;
