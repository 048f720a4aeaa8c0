//! Reads the events that portals send to bots, and gives all of them one form: that of the newest
//! imbot.v2.
//!
//! A portal has three forms of an event:
//!
//! | form | names | values |
//! |---|---|---|
//! | [older](EventForm::Older): posted to a bot that was registered by the older API | `ONIMBOTMESSAGEADD`, `PARAMS`, `USER`, `BOT[7]` | all are text; "Y" and "N" |
//! | [posted](EventForm::V2Posted): posted to a bot of imbot.v2 | `ONIMBOTV2MESSAGEADD`, `message`, `user`, `bot` | all are text; "1" and "0"; null is absent |
//! | [polled](EventForm::Polled): an item of `imbot.v2.Event.get` | the same | integers, booleans, null |
//!
//! A bot keeps its form when its portal is upgraded. So a program has to read all of them, and
//! [`BotEvent`] is the form into which the crate turns each event. The rules are in the table: see
//! [`Table::event_translations`](crate::Table::event_translations). An overlay can add events.
//!
//! # A posted event
//!
//! Anybody can post to the address of a bot. So a [`Posted`] is not yet proven to come from the
//! portal. [`Posted::verify`] compares its `application_token` with the stored one in constant
//! time, and then gives the events. One older event can be for several bots, or have several
//! commands: each is an event of its own.
//!
//! ```
//! use imbot_caps::event::{ApplicationTokens, BotEventKind, Posted};
//!
//! let body = b"event=ONIMBOTMESSAGEADD&data[BOT][7][BOT_ID]=7&data[BOT][7][BOT_CODE]=echo\
//!     &data[PARAMS][MESSAGE]=Hello&data[PARAMS][MESSAGE_ID]=42&data[PARAMS][DIALOG_ID]=27\
//!     &data[PARAMS][FROM_USER_ID]=27&auth[member_id]=0123456789abcdef0123456789abcdef\
//!     &auth[application_token]=51856fefc120afa4b628cc82d3935cce";
//! let posted = Posted::from_form(body)?;
//! // The program finds the stored token by the claimed sender.
//! assert_eq!(posted.member_id(), Some("0123456789abcdef0123456789abcdef"));
//! let tokens = ApplicationTokens::new("51856fefc120afa4b628cc82d3935cce");
//! for event in posted.verify(&tokens)?.into_events() {
//!     assert_eq!(event.kind(), BotEventKind::MessageAdd);
//!     assert_eq!((event.bot_id(), event.dialog_id()), (Some(7), Some("27")));
//!     assert_eq!(event.text(), Some("Hello"));
//!     assert_eq!(event.data()["message"]["id"], 42);
//! }
//! # Ok::<(), imbot_caps::event::EventError>(())
//! ```
//!
//! # What no form can tell
//!
//! - A member that the portal did not send is absent: see [`BotEvent::absent`]. Nothing is invented.
//! - If a member of an older event has no newer name, it keeps the older name: see
//!   [`BotEvent::untranslated`].
//! - A member that has another type than the table says stays as it is, and so does a list. An id, or an object
//!   with ids, of another type is an error.
//! - The values in `message.params` and `context` of a posted event stay text: the table has no types
//!   for them. PHP sends no null, no empty list and no empty object. So an event has no `message.params`
//!   if they are empty.
//!
//! # Limits
//!
//! A body has at most [`BODY_LIMIT`] bytes. A form has at most 16,384 names and values, and a name
//! at most 64 brackets. JSON has at most 16,384 names and values, and at most 128 levels. An older
//! event is for at most 64 bots or commands, and the copies of its data have at most about 16 MiB. The time is
//! linear in the body. A form takes at most 16 MiB of memory, and an event for many bots 40 MiB. A body beyond
//! a limit is an [`EventError`]. So is a body that two parsers could read differently. The reader gives all
//! events of a body or an error, and never a part of them.

mod absent;
mod address;
mod answer;
mod bot_event;
mod error;
mod installation;
mod json;
mod kind;
mod mention;
mod older;
mod posted;
mod tokens;
mod typed;
mod user_tokens;
mod verified;

pub use answer::AnswerError;
pub use bot_event::{BotEvent, Command, EventForm, Reaction};
pub use error::EventError;
pub use installation::Installation;
pub use kind::BotEventKind;
pub use posted::{BODY_LIMIT, Posted};
pub use tokens::ApplicationTokens;
pub use user_tokens::UserTokens;
pub use verified::{Sender, Verified};

#[cfg(test)]
mod tests;
