//! [`Probe`]: the state machine of a probe.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::conversation::{Conversation, Found, Next};
use super::error::Error;
use super::step::{Outgoing, Pause, Redirect, Renewal, Step};

/// Asks one portal, with one credential, what it can do. `E` is the caller's own error, for requests
/// that get no reply.
///
/// Call [`step`](Self::step) and do what it says, until [`Step::Done`]. Then [`finish`](Self::finish)
/// has the result. [The module](super) has an example. A probe ends within five requests and within
/// its deadline, whatever the portal answers. Every request is a read, so a probe can be dropped at any
/// time.
///
/// # Time
///
/// A time is a [`SystemTime`], as a portal names times: `Retry-After` may be a date, and a portal says
/// at which time it accepts calls again. A clock that is set back makes a probe longer, but it sends no
/// more requests.
#[must_use]
pub struct Probe<E>(Conversation<E>);

impl<E> Probe<E> {
    /// A probe by a webhook that begins at this time. Its deadline is ten seconds.
    pub fn new(now: SystemTime) -> Self {
        Self(Conversation::new(now))
    }

    /// The same by an application's access token. [`Outgoing::body`] has the token, and errors do not
    /// show it. If the portal refuses it as expired, the probe asks for another once: [`Step::Renew`].
    pub fn with_token(mut self, token: &str) -> Self {
        self.0.use_token(token);
        self
    }

    /// The same with a secret that errors do not show, such as a webhook's code. A portal may repeat it
    /// in its answers. Secrets below eight characters are not redacted: they occur in ordinary words.
    pub fn redacting(mut self, secret: &str) -> Self {
        self.0.redact(secret);
        self
    }

    /// The same with this time limit of the whole probe, with all pauses. A pause that would pass it
    /// is not begun: the probe ends with the failure instead.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.0.deadline = deadline;
        self
    }

    /// The same with a number that differs for each portal. Pauses become longer by up to half, so that
    /// portals that fail together are not asked together. The same number gives the same pauses.
    pub fn jitter(mut self, seed: u64) -> Self {
        self.0.jitter = seed;
        self
    }

    /// The same by a token that the caller writes and redacts.
    #[cfg(feature = "registry")]
    pub(crate) fn renewing(mut self) -> Self {
        self.0.has_token = true;
        self
    }

    /// The next step at this time.
    pub fn step(&mut self, now: SystemTime) -> Step<'_, E> {
        let next = self.0.next(now);
        let time_left = self.0.time_left(now);
        let conversation = &mut self.0;
        match next {
            Next::Send(question) => Step::Send(Outgoing {
                conversation,
                question,
                time_left,
            }),
            Next::Wait(duration) => Step::Wait(Pause {
                conversation,
                duration,
            }),
            Next::Renew => Step::Renew(Renewal { conversation }),
            Next::Redirect => Step::Redirect(Redirect { conversation }),
            Next::Done => Step::Done,
        }
    }

    /// Ends the probe as if its deadline had passed. For callers with a timer of their own.
    pub fn expire(&mut self) {
        self.0.expire();
    }

    /// Ends the probe: there is no token.
    #[cfg(feature = "registry")]
    pub(crate) fn no_token(&mut self, error: E) {
        self.0.no_token(error);
    }

    /// The result. If the probe is not done, it ends now: an open redirect counts as refused, an expired
    /// token as not renewed, and all else as by [`expire`](Self::expire).
    ///
    /// # Errors
    ///
    /// If neither the REST revision nor the presence of imbot.v2 was learned. If the deadline passed
    /// during a repeat, the error is the one before the repeat. A failure never means that the portal
    /// lacks something: what was known before stands.
    pub fn finish(self) -> Result<Found<E>, Error<E>> {
        self.0.conclude()
    }
}

impl<E> fmt::Debug for Probe<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe")
            .field("deadline", &self.0.deadline)
            .finish_non_exhaustive()
    }
}
