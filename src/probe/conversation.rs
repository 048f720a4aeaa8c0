//! [`Conversation`]: the state of a probe. Puts the questions of [`inquiry`](super::inquiry), and
//! repeats them by [`retry`](super::retry).

use std::time::{Duration, SystemTime};

use super::error::{Error, ErrorKind, Failure, ProbeErrorClass};
use super::inquiry::{Answer, Inquiry, Question, read_reply};
use super::retry;
use crate::knowledge::Knowledge;
use crate::wire::budget::Budget;
use crate::wire::{ApiError, BOT_LIST, ErrorClass, Reply, Response, read_within};

/// The limit of requests of one probe to the portal. All of these count: questions, repeats after
/// transient failures, repeats with a new token, and repeats after a redirect. Requests to an
/// authorisation server do not count.
const REQUESTS: u32 = 5;

/// The default deadline.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);

/// The result of a probe.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Found<E> {
    /// The knowledge of the portal.
    pub knowledge: Knowledge,
    /// Why the knowledge is incomplete. It stands all the same.
    pub incomplete: Option<Error<E>>,
    /// The new address of the portal, if the caller followed a redirect. It is the text that the
    /// caller gave to [`Redirect::follow`](super::Redirect::follow).
    pub moved_to: Option<String>,
}

pub(super) struct Conversation<E> {
    inquiry: Inquiry<E>,
    phase: Phase,
    began: SystemTime,
    pub(super) deadline: Duration,
    pub(super) jitter: u64,
    /// Whether the credential is a token that can be renewed.
    pub(super) has_token: bool,
    /// The token, unless the caller writes it itself.
    pub(super) token: Option<Box<str>>,
    /// Secrets that no text of an error shows.
    secrets: Vec<Box<str>>,
    requests_left: u32,
    repeats: u32,
    /// During a repeat, the failure before it, and its method.
    mending: Option<(Failure<E>, &'static str)>,
    has_renewed: bool,
    moved_to: Option<String>,
}

enum Phase {
    Asking,
    Waiting(Duration),
    /// The portal has refused the token with this error.
    Renewing(ApiError),
    Redirected {
        location: Option<String>,
        retry_after: Option<Duration>,
    },
}

/// The next step, without what belongs to it.
pub(super) enum Next {
    Send(Question),
    Wait(Duration),
    Renew,
    Redirect,
    Done,
}

impl<E> Conversation<E> {
    pub(super) fn new(began: SystemTime) -> Self {
        Self {
            inquiry: Inquiry::new(),
            phase: Phase::Asking,
            began,
            deadline: DEADLINE,
            jitter: 0,
            has_token: false,
            token: None,
            secrets: Vec::new(),
            requests_left: REQUESTS,
            repeats: 0,
            mending: None,
            has_renewed: false,
            moved_to: None,
        }
    }

    /// The next step. Ends the conversation if its time or its requests are used up.
    pub(super) fn next(&mut self, now: SystemTime) -> Next {
        match self.phase {
            Phase::Waiting(pause) => return Next::Wait(pause),
            Phase::Redirected { .. } => return Next::Redirect,
            Phase::Renewing(_) if !self.is_over(now) => return Next::Renew,
            Phase::Renewing(_) | Phase::Asking => {}
        }
        match self.inquiry.question() {
            None => return Next::Done,
            Some(_) if self.requests_left == 0 => self.inquiry.cut(ErrorKind::RequestLimit),
            Some(_) if self.is_over(now) => self.expire(),
            Some(question) => return Next::Send(question),
        }
        Next::Done
    }

    /// How long the conversation may still take. If the clock was set back, no time has passed.
    pub(super) fn time_left(&self, now: SystemTime) -> Duration {
        let passed = now.duration_since(self.began).unwrap_or_default();
        self.deadline.saturating_sub(passed)
    }

    /// Whether the deadline has passed. The first request is sent all the same.
    fn is_over(&self, now: SystemTime) -> bool {
        self.requests_left < REQUESTS && self.time_left(now).is_zero()
    }

    /// Ends the conversation: its deadline has passed. The error is the failure before a repeat, if
    /// there was one.
    pub(super) fn expire(&mut self) {
        let failure = match self.mending.take() {
            Some((failure, _)) => failure,
            None => ErrorKind::Deadline(self.deadline).into(),
        };
        self.answer(Err(failure));
    }

    /// Takes in a response to the open question.
    pub(super) fn take_response(&mut self, question: Question, response: &Response, now: SystemTime) {
        let secrets = || self.secrets.iter().map(|own| &**own).collect();
        let (status, location) = (response.status, response.location.as_deref());
        let read = read_within(
            question.method(),
            status,
            location,
            &response.body,
            secrets,
            Budget::SMALL,
        );
        match read {
            Ok(mut reply) => {
                let retry_after = response.settle_wait(&mut reply, now);
                self.take(question, reply, retry_after, now);
            }
            Err(_) => {
                self.count_request();
                self.settle(Err(ErrorKind::TooLarge.into()), question, now);
            }
        }
    }

    /// Takes in a reply to the open question. Its texts have no secrets.
    pub(super) fn take(
        &mut self,
        question: Question,
        reply: Reply,
        retry_after: Option<Duration>,
        now: SystemTime,
    ) {
        self.count_request();
        match reply {
            Reply::Error(error)
                if error.class() == ErrorClass::Expired
                    && error.proves_not_run()
                    && self.has_token
                    && !self.has_renewed =>
            {
                if self.requests_left > 0 {
                    self.phase = Phase::Renewing(error);
                    return;
                }
                // With one more request there would be another answer. So this answer is not a
                // failure of the credential. It may still prove the method.
                let answer = match question {
                    Question::Call(BOT_LIST) => Ok(Err(error)),
                    _ => Err(ErrorKind::RequestLimit.into()),
                };
                self.settle(answer, question, now);
            }
            Reply::Redirect { location } => {
                self.phase = Phase::Redirected {
                    location,
                    retry_after,
                }
            }
            reply => {
                let answer = read_reply(reply).map_err(|trouble| Failure { trouble, retry_after });
                self.settle(answer, question, now);
            }
        }
    }

    /// No whole reply came to the open question.
    pub(super) fn fail(&mut self, question: Question, class: ProbeErrorClass, error: E, now: SystemTime) {
        self.count_request();
        // The failure before the repeat says more than a time limit that ended the repeat.
        if self.mending.is_some() && self.is_over(now) {
            return self.expire();
        }
        self.settle(Err(ErrorKind::NoReply { class, error }.into()), question, now);
    }

    /// There is no token for the open question.
    pub(super) fn no_token(&mut self, error: E) {
        self.answer(Err(ErrorKind::NoToken(error).into()));
    }

    /// The open question can be sent again with another token.
    pub(super) fn renewed(&mut self) {
        self.has_renewed = true;
        self.phase = Phase::Asking;
    }

    /// Requests have this token from now on.
    pub(super) fn use_token(&mut self, token: &str) {
        self.has_token = true;
        self.token = Some(token.into());
        self.redact(token);
    }

    /// The pause is over.
    pub(super) fn resume(&mut self) {
        self.phase = Phase::Asking;
    }

    /// The address of the open redirect, as it was sent.
    pub(super) fn location(&self) -> Option<&str> {
        match &self.phase {
            Phase::Redirected { location, .. } => location.as_deref(),
            _ => None,
        }
    }

    /// The caller follows the redirect to this address. Returns whether the question is sent again.
    pub(super) fn follow(&mut self, to: String) -> bool {
        match (&self.moved_to, self.requests_left) {
            (Some(_), _) => self.refuse(Some(to)),
            (None, 0) => self.answer(Err(ErrorKind::RequestLimit.into())),
            (None, _) => {
                self.moved_to = Some(to);
                self.phase = Phase::Asking;
                return true;
            }
        }
        false
    }

    /// The caller does not follow the redirect.
    pub(super) fn refuse(&mut self, to: Option<String>) {
        let retry_after = match self.phase {
            Phase::Redirected { retry_after, .. } => retry_after,
            _ => None,
        };
        let trouble = ErrorKind::Moved { to };
        self.answer(Err(Failure { trouble, retry_after }));
    }

    /// The failure before the open pause, and its method.
    pub(super) fn mending(&self) -> Option<(&'static str, &ErrorKind<E>)> {
        let (failure, method) = self.mending.as_ref()?;
        Some((method, &failure.trouble))
    }

    /// How many questions were repeated.
    pub(super) fn repeats(&self) -> u32 {
        self.repeats
    }

    /// Errors do not show this secret.
    pub(super) fn redact(&mut self, secret: &str) {
        self.secrets.push(secret.into());
    }

    /// Takes in the answer, or waits before a repeat.
    fn settle(&mut self, answer: Result<Answer, Failure<E>>, question: Question, now: SystemTime) {
        let answer = match answer {
            Err(failure) if self.requests_left > 0 => {
                match retry::pause(&failure, self.repeats, self.jitter) {
                    Some(pause) if pause < self.time_left(now) => {
                        self.repeats = self.repeats.saturating_add(1);
                        self.mending = Some((failure, question.method()));
                        self.phase = Phase::Waiting(pause);
                        return;
                    }
                    _ => Err(failure),
                }
            }
            answer => answer,
        };
        self.answer(answer);
    }

    fn answer(&mut self, answer: Result<Answer, Failure<E>>) {
        (self.mending, self.phase) = (None, Phase::Asking);
        self.inquiry.answer(answer);
    }

    fn count_request(&mut self) {
        self.requests_left = self.requests_left.saturating_sub(1);
    }

    /// The result. If a question is open, its failure is the reason that it is open, and otherwise the
    /// deadline.
    pub(super) fn conclude(mut self) -> Result<Found<E>, Error<E>> {
        match &self.phase {
            Phase::Redirected { .. } => self.refuse(None),
            Phase::Renewing(error) => {
                let refusal = ErrorKind::Api(error.clone());
                self.answer(Err(refusal.into()));
            }
            Phase::Asking | Phase::Waiting(_) => self.expire(),
        }
        let secrets: Vec<&str> = self.secrets.iter().map(|own| &**own).collect();
        let hidden = |mut error: Error<E>| {
            error.hide(&secrets);
            error
        };
        let (knowledge, failed) = self.inquiry.conclude().map_err(hidden)?;
        Ok(Found {
            knowledge,
            incomplete: failed.map(hidden),
            moved_to: self.moved_to,
        })
    }
}
