//! The outcome of the decision: a plan, with the calls to send and the transform of the reply.

use std::fmt;
use std::sync::Arc;

use super::refused::{Change, Refused};
use super::reply::ReplyTransform;
use crate::wire::{Call, Reply};

/// What to do with a call on a portal. These three outcomes are final: no more will be added.
#[derive(Clone, Debug)]
pub enum Plan {
    /// Send it as it is, byte for byte.
    Pass {
        /// The changes that [`Mode::Observe`](super::Mode::Observe) has noted.
        noted: Vec<Change>,
    },
    /// Send the calls of the adaptation, and read the reply with it.
    Adapt(Box<Adaptation>),
    /// Send nothing.
    Refuse(Box<Refused>),
}

impl Plan {
    /// Whether the call is sent unchanged, and its reply stays unchanged.
    #[must_use]
    pub fn is_pass(&self) -> bool {
        matches!(self, Plan::Pass { .. })
    }

    /// The refusal, if the plan is one.
    #[must_use]
    pub fn refused(&self) -> Option<&Refused> {
        match self {
            Plan::Refuse(refused) => Some(refused),
            _ => None,
        }
    }

    /// The adaptation, if the plan is one.
    #[must_use]
    pub fn adapted(&self) -> Option<&Adaptation> {
        match self {
            Plan::Adapt(adapted) => Some(adapted),
            _ => None,
        }
    }
}

/// A call in the form that the portal takes, and the transform of its reply.
#[derive(Clone)]
pub struct Adaptation {
    /// Shared, so that an adapter can write it off the runtime's workers.
    pub(super) call: Option<Arc<Call>>,
    pub(super) then: Vec<Call>,
    pub(super) changes: Vec<Change>,
    pub(super) noted: Vec<Change>,
    pub(super) reply: ReplyTransform,
    pub(super) follow_ups: Vec<FollowUp>,
}

/// Work that has to follow a call once it has succeeded. The adapters do it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FollowUp {
    /// The portal still has event handlers that the call made useless. Call `event.unbind` for
    /// each of these events, except for handlers with the address in use.
    UnbindEvents {
        /// The names of the events.
        events: Vec<&'static str>,
        /// The address that receives the bot's events from now on.
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
    /// The call to send. If only the reply changes, it is the original.
    #[must_use]
    pub fn call<'c>(&'c self, original: &'c Call) -> &'c Call {
        self.call.as_deref().unwrap_or(original)
    }

    /// The call to send, if it differs from the original.
    #[must_use]
    pub fn changed_call(&self) -> Option<&Call> {
        self.call.as_deref()
    }

    /// The same.
    #[cfg(feature = "registry")]
    pub(crate) fn shared_call(&self) -> Option<&Arc<Call>> {
        self.call.as_ref()
    }

    /// The calls to send after [`call`](Self::call), one by one. Send each once the call before
    /// it has succeeded. Most adaptations have none: several older calls are sent as one batch,
    /// unless a portal would replace a part of their text in it (`$result[a][b]`).
    ///
    /// [Read](Self::read) the reply to the last call, or the error of the call that failed.
    #[must_use]
    pub fn then(&self) -> &[Call] {
        &self.then
    }

    /// The changes of the call and of its reply, with their rows.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The changes that [`Mode::Observe`](super::Mode::Observe) has noted.
    #[must_use]
    pub fn noted(&self) -> &[Change] {
        &self.noted
    }

    /// Whether [`read`](Self::read) can change the reply.
    #[must_use]
    pub fn changes_reply(&self) -> bool {
        !self.reply.is_identity()
    }

    /// The reply in the form of the newest imbot.v2.
    #[must_use]
    pub fn read(&self, reply: Reply) -> Reply {
        self.reply.apply(reply)
    }

    /// The work that has to follow once the call has succeeded.
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
