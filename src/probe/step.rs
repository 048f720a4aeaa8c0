//! [`Step`]: what a caller does next for a probe.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use super::conversation::Conversation;
use super::error::{ErrorKind, ProbeErrorClass};
use super::inquiry::{COMMANDS, Question};
#[cfg(feature = "registry")]
use crate::wire::Reply;
use crate::wire::Response;

/// What to do next. Each step takes in what came of it, and then [`Probe::step`](super::Probe::step)
/// returns the next one. A step that is dropped without that is returned again.
#[must_use]
pub enum Step<'p, E> {
    /// Send this request to the portal.
    Send(Outgoing<'p, E>),
    /// Wait, since a question will be repeated.
    Wait(Pause<'p, E>),
    /// Get another access token: the portal has refused the present one as expired. Only a probe
    /// [`with_token`](super::Probe::with_token) has this step, and at most once.
    Renew(Renewal<'p, E>),
    /// Follow a redirect, or refuse it.
    Redirect(Redirect<'p, E>),
    /// All is done: call [`Probe::finish`](super::Probe::finish).
    Done,
}

/// A request to send to the portal.
#[must_use]
pub struct Outgoing<'p, E> {
    pub(super) conversation: &'p mut Conversation<E>,
    pub(super) question: Question,
    pub(super) time_left: Duration,
}

impl<E> Outgoing<'_, E> {
    /// The method: the last part of the path.
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.question.method()
    }

    /// The parameters, without the access token.
    #[must_use]
    pub fn params(&self) -> Map<String, Value> {
        let mut params = Map::new();
        if let Question::Batch = self.question {
            params.insert("halt".to_owned(), Value::from(0));
            let commands = COMMANDS.map(|(key, method)| (key.to_owned(), Value::from(method)));
            params.insert("cmd".to_owned(), Value::Object(commands.into_iter().collect()));
        }
        params
    }

    /// The body to post, with `Content-Type: application/json`. If the probe has a token, it is the
    /// parameter `auth`: the first one, or the one of [`Renewal::done`]. Do not print it.
    #[must_use]
    pub fn body(&self) -> String {
        let mut params = self.params();
        let token = self.conversation.token.as_deref();
        params.extend(token.map(|token| ("auth".to_owned(), Value::from(token))));
        Value::Object(params).to_string()
    }

    /// The time limit of the request: the rest of the probe's time.
    #[must_use]
    pub fn time_left(&self) -> Duration {
        self.time_left
    }

    /// The portal, or another server, has answered at this time. The HTTP status decides nothing: an
    /// error is a reply, too.
    pub fn reply(self, now: SystemTime, response: &Response) {
        self.conversation.take_response(self.question, response, now);
    }

    /// No whole reply came until this time. If the failure is [`ProbeErrorClass::Transient`], the question
    /// is repeated while there is time. A time limit, a lost connection and a failed look-up of a name
    /// are of this kind. A TLS failure is [`ProbeErrorClass::Permanent`], and a reply that is not HTTP is
    /// [`ProbeErrorClass::Malformed`].
    pub fn fail(self, now: SystemTime, kind: ProbeErrorClass, error: E) {
        self.conversation.fail(self.question, kind, error, now);
    }

    /// Nothing was sent, since there is no access token. This ends the probe.
    pub fn no_token(self, error: E) {
        self.conversation.no_token(error);
    }

    /// The same as [`reply`](Self::reply) with a reply that was read, and its wait. Its texts have no
    /// secrets.
    #[cfg(feature = "registry")]
    pub(crate) fn take(self, now: SystemTime, reply: Reply, retry_after: Option<Duration>) {
        self.conversation.take(self.question, reply, retry_after, now);
    }
}

/// A pause before a question is repeated.
#[must_use]
pub struct Pause<'p, E> {
    pub(super) conversation: &'p mut Conversation<E>,
    pub(super) duration: Duration,
}

impl<E> Pause<'_, E> {
    /// How long to wait. It ends before the deadline of the probe.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// The failure that the repeat follows, and the method. For the log.
    #[must_use]
    pub fn reason(&self) -> Option<(&'static str, &ErrorKind<E>)> {
        self.conversation.mending()
    }

    /// How many questions the probe has repeated, with this one.
    #[must_use]
    pub fn repeats(&self) -> u32 {
        self.conversation.repeats()
    }

    /// Continues the probe: the pause is over.
    pub fn resume(self) {
        self.conversation.resume();
    }
}

/// A request for another access token.
#[must_use]
pub struct Renewal<'p, E> {
    pub(super) conversation: &'p mut Conversation<E>,
}

impl<E> Renewal<'_, E> {
    /// There is another token. The question is sent again with it. Errors do not show this token.
    pub fn done(self, token: &str) {
        self.conversation.use_token(token);
        self.conversation.renewed();
    }

    /// There is no other token. This ends the probe.
    pub fn fail(self, error: E) {
        self.conversation.no_token(error);
    }

    /// The same as [`done`](Self::done), if the caller redacts the token.
    #[cfg(feature = "registry")]
    pub(crate) fn done_elsewhere(self) {
        self.conversation.renewed();
    }
}

/// A redirect of the portal.
///
/// To follow it sends the credential to another address. The old address decides to which one, so a
/// redirect proves nothing. Follow it only if all of these hold:
///
/// - the program trusts the new host;
/// - the path of the new address is the path of the request, with the same method;
/// - it does not lead from https to http.
///
/// Any other redirect leads to a page: of a licence, a login, a proxy.
#[must_use]
pub struct Redirect<'p, E> {
    pub(super) conversation: &'p mut Conversation<E>,
}

impl<E> Redirect<'_, E> {
    /// The header `Location`, as it was sent. `None` if it is missing or longer than 8 KiB. It may
    /// hold a webhook's code: do not print it.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.conversation.location()
    }

    /// Sends the question again at this new address, and all later questions, too. Returns false if the
    /// question is not sent again: a probe follows one redirect, and only while it has a request left.
    /// [`Found::moved_to`](super::Found::moved_to) has this text: do not put a credential into it.
    pub fn follow(self, to: impl Into<String>) -> bool {
        self.conversation.follow(to.into())
    }

    /// Does not follow the redirect. This ends the question. `to` is the scheme, host and port that the
    /// portal has moved to, for the error; `None` if the redirect leads to a page.
    pub fn refuse(self, to: Option<String>) {
        self.conversation.refuse(to);
    }
}

impl<E> fmt::Debug for Step<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Send(outgoing) => outgoing.fmt(f),
            Step::Wait(pause) => pause.fmt(f),
            Step::Renew(renewal) => renewal.fmt(f),
            Step::Redirect(redirect) => redirect.fmt(f),
            Step::Done => f.write_str("Done"),
        }
    }
}

impl<E> fmt::Debug for Outgoing<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outgoing({})", self.method())
    }
}

impl<E> fmt::Debug for Pause<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pause({:?})", self.duration)
    }
}

impl<E> fmt::Debug for Renewal<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Renewal(..)")
    }
}

impl<E> fmt::Debug for Redirect<'_, E> {
    /// The address is not printed: it may hold a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redirect(..)")
    }
}
