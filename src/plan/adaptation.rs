//! The outcome of the decision: a plan, with the calls to send and the transform of the reply.

use std::fmt;

use super::policy::CredentialKind;
use super::refused::{Change, Refused};
use super::reply::ReplyTransform;
use crate::wire::{Call, Reply};

/// What to do with a call on a portal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Plan {
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
    /// The refusal, if the plan is one.
    #[cfg(any(test, feature = "registry"))]
    pub(crate) fn refused(&self) -> Option<&Refused> {
        match self {
            Plan::Refuse(refused) => Some(refused),
            _ => None,
        }
    }

    /// Whether the call is sent unchanged, and its reply stays unchanged.
    #[cfg(test)]
    pub(super) fn is_pass(&self) -> bool {
        matches!(self, Plan::Pass { .. })
    }

    /// The adaptation, if the plan is one.
    #[cfg(test)]
    pub(super) fn adapted(&self) -> Option<&Adaptation> {
        match self {
            Plan::Adapt(adapted) => Some(adapted),
            _ => None,
        }
    }
}

/// A call in the form that the portal takes, and the transform of its reply.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Adaptation {
    /// The call to send, if it differs from the original.
    pub(super) call: Option<Call>,
    /// The calls to send after it, one by one, each once the call before it has succeeded. Most
    /// adaptations have none: several older calls are sent as one batch, unless a portal would
    /// replace a part of their text in it (`$result[a][b]`).
    pub(super) then: Vec<Call>,
    pub(super) changes: Vec<Change>,
    pub(super) noted: Vec<Change>,
    pub(super) reply: ReplyTransform,
    pub(super) follow_ups: Vec<FollowUp>,
}

/// Work that has to follow a call once it has succeeded.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum FollowUp {
    /// The portal still has event handlers that the call made useless. `event.unbind` is called
    /// for each of these events, except for handlers with the address in use.
    UnbindEvents {
        /// The names of the events.
        events: Vec<&'static str>,
        /// The address that receives the bot's events from now on.
        in_use: Option<String>,
    },
    /// The portal may have returned a bot that it had before, with another address. The bot gets the address
    /// of the call.
    SetAddress {
        /// The credential of the call.
        credential: CredentialKind,
        /// The events whose handlers are removed from other addresses after a change.
        events: Vec<&'static str>,
        /// The key of the registration, if it is a command of a batch.
        command: Option<Box<str>>,
    },
}

impl FollowUp {
    /// The same after the command of a batch with this key.
    pub(super) fn of_command(mut self, key: &str) -> Self {
        if let Self::SetAddress { command, .. } = &mut self {
            *command = Some(key.into());
        }
        self
    }
}

impl fmt::Debug for FollowUp {
    /// Without the address: it may hold a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnbindEvents { events, .. } => f
                .debug_struct("UnbindEvents")
                .field("events", events)
                .finish_non_exhaustive(),
            Self::SetAddress { credential, .. } => f
                .debug_struct("SetAddress")
                .field("credential", credential)
                .finish_non_exhaustive(),
        }
    }
}

impl Adaptation {
    /// Of a call that is sent as it is, with the changes that the policy has only noted.
    pub(super) fn noting(noted: Vec<Change>) -> Self {
        Self {
            noted,
            ..Self::default()
        }
    }

    /// Whether the call is sent as it is, and its reply stays as it is.
    pub(super) fn is_pass(&self) -> bool {
        self.call.is_none()
            && self.reply.is_identity()
            && self.follow_ups.is_empty()
            && self.changes.is_empty()
    }

    /// Whether [`read`](Self::read) can change the reply.
    #[cfg(any(test, feature = "registry"))]
    pub(super) fn changes_reply(&self) -> bool {
        !self.reply.is_identity()
    }

    /// The reply in the form of the newest imbot.v2.
    pub(super) fn read(&self, reply: Reply) -> Reply {
        self.reply.apply(reply)
    }

    /// The call to send. If only the reply changes, it is the original.
    #[cfg(test)]
    pub(super) fn call<'c>(&'c self, original: &'c Call) -> &'c Call {
        self.call.as_ref().unwrap_or(original)
    }

    /// The call to send, if it differs from the original.
    #[cfg(test)]
    pub(super) fn changed_call(&self) -> Option<&Call> {
        self.call.as_ref()
    }

    #[cfg(test)]
    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    #[cfg(test)]
    pub(super) fn unapplied(&self) -> &[Change] {
        &self.noted
    }

    #[cfg(test)]
    pub(super) fn follow_ups(&self) -> &[FollowUp] {
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
