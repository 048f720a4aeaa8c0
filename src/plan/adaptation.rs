//! What to do with a call: what is sent, and how its reply is read.

use std::fmt;

use super::refused::{Change, Refused};
use super::reply::ReplyTransform;
use crate::wire::{Call, Reply};

/// What to do with a call on the portal at hand: one of three things, for good.
#[derive(Clone, Debug)]
pub enum Plan {
    /// Send it as it is, byte for byte.
    Pass {
        /// What [`Mode::Observe`](super::Mode::Observe) would have changed; else empty.
        noted: Vec<Change>,
    },
    /// Send what is in here, and read the reply by it.
    Adapt(Box<Adaptation>),
    /// Send nothing.
    Refuse(Box<Refused>),
}

impl Plan {
    /// Whether the call is sent as it is, and its reply is read as it comes.
    #[must_use]
    pub fn is_pass(&self) -> bool {
        matches!(self, Plan::Pass { .. })
    }

    /// The refusal, when it is one.
    #[must_use]
    pub fn refused(&self) -> Option<&Refused> {
        match self {
            Plan::Refuse(refused) => Some(refused),
            _ => None,
        }
    }

    /// The adaptation, when it is one.
    #[must_use]
    pub fn adapted(&self) -> Option<&Adaptation> {
        match self {
            Plan::Adapt(adapted) => Some(adapted),
            _ => None,
        }
    }
}

/// A call as the portal at hand takes it, and how its reply becomes the one that
/// was asked for.
#[derive(Clone)]
pub struct Adaptation {
    pub(super) call: Option<Call>,
    pub(super) then: Vec<Call>,
    pub(super) changes: Vec<Change>,
    pub(super) noted: Vec<Change>,
    pub(super) reply: ReplyTransform,
    pub(super) follow_ups: Vec<FollowUp>,
}

/// What has to follow a call that has succeeded. The adapters see to it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FollowUp {
    /// The portal keeps event handlers that the call made useless: `event.unbind`
    /// each of these events, but for those of the address that is still in use.
    UnbindEvents {
        /// The names of the events.
        events: Vec<&'static str>,
        /// The address that the bot's events go to from now on.
        in_use: Option<String>,
    },
}

impl fmt::Debug for FollowUp {
    /// Without the address: it may hold a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnbindEvents { events, .. } => f
                .debug_struct("UnbindEvents")
                .field("events", events)
                .finish_non_exhaustive(),
        }
    }
}

impl Adaptation {
    /// The call to send: the original, where only its reply needs work.
    #[must_use]
    pub fn call<'c>(&'c self, original: &'c Call) -> &'c Call {
        self.call.as_ref().unwrap_or(original)
    }

    /// The call to send, where it is another than the original.
    #[must_use]
    pub fn changed_call(&self) -> Option<&Call> {
        self.call.as_ref()
    }

    /// The calls to send after [`call`](Self::call), one by one, each once the one before
    /// has succeeded. Most adaptations have none: several older calls go out as one batch,
    /// unless a portal would replace a part of their text in it (`$result[a][b]`).
    ///
    /// The reply to the last of them is [read](Self::read), or the error of the one that
    /// failed.
    #[must_use]
    pub fn then(&self) -> &[Call] {
        &self.then
    }

    /// What was changed in the call, or will be in its reply, and by which rows.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What [`Mode::Observe`](super::Mode::Observe) would have changed.
    #[must_use]
    pub fn noted(&self) -> &[Change] {
        &self.noted
    }

    /// Whether the reply is to be [read](Self::read) in another way than it comes.
    #[must_use]
    pub fn changes_reply(&self) -> bool {
        !self.reply.is_identity()
    }

    /// The reply as the newest imbot.v2 would give it.
    #[must_use]
    pub fn read(&self, reply: Reply) -> Reply {
        self.reply.apply(reply)
    }

    /// What has to follow once the call has succeeded.
    #[must_use]
    pub fn follow_ups(&self) -> &[FollowUp] {
        &self.follow_ups
    }
}

impl fmt::Debug for Adaptation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Adaptation")
            .field("call", &self.call)
            .field("then", &self.then)
            .field("changes", &self.changes)
            .field("follow_ups", &self.follow_ups)
            .finish_non_exhaustive()
    }
}
