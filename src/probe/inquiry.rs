//! [`Inquiry`]: what to ask a portal, and what its answers prove. Pure: questions go out, answers come
//! in.
//!
//! | `imbot.v2.Revision.get` | then |
//! |---|---|
//! | revisions | done |
//! | other counters, and no number for `rest` | `im.revision.get` may have it |
//! | not found | one `batch` asks the rest, or single calls if the batch is refused |
//! | insufficient scope, or refused by the method | it exists: `im.revision.get` has the numbers |
//! | anything else | no answer |
//!
//! "Not found" counts only together with a proof that a portal answers at the address. A failure of a
//! later question does not change what was learned.
//!
//! `imbot.v2.Revision.get` is asked once more if other answers say that the portal may have it by now:
//! the portal may have been upgraded between two questions.

use serde_json::Value;

use super::error::{Error, ErrorKind, Failure, ProbeErrorClass};
use crate::knowledge::REVISION_GET_REST;
use crate::knowledge::{ContradictionError, Knowledge};
use crate::revision::Revisions;
use crate::wire::{
    ApiError, BATCH, BOT_LIST, BatchView, ErrorClass, IM_REVISION_GET, Outcome, REVISION_GET, SERVER_TIME,
};

mod answer;

pub(super) use answer::{Answer, read_reply};

use answer::{NoNumber, is_of_batch, malformed, revisions};

/// The next request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Call(&'static str),
    /// All of [`COMMANDS`] at once.
    Batch,
}

impl Question {
    /// The method that is called.
    pub(super) fn method(self) -> &'static str {
        match self {
            Question::Call(method) => method,
            Question::Batch => BATCH,
        }
    }
}

const OLD: &str = "old";

/// The keys and methods of the batch. The first method was not found by a single call. If the batch finds
/// it, the portal was upgraded in between, or a proxy changes the case of names in addresses and not
/// in bodies.
pub(crate) const COMMANDS: [(&str, &str); 4] = [
    ("again", REVISION_GET),
    (OLD, IM_REVISION_GET),
    ("bots", BOT_LIST),
    ("control", SERVER_TIME),
];

/// The result of an inquiry: the knowledge and the reason that it is incomplete, or the reason that there
/// is none.
pub(super) type Conclusion<E> = Result<(Knowledge, Option<Error<E>>), Error<E>>;

/// The state of an inquiry.
#[derive(Debug)]
pub(super) struct Inquiry<E> {
    step: Step,
    /// The knowledge from answers alone. `known` also has what follows from it.
    seen: Knowledge,
    known: Knowledge,
    /// The methods without an answer, in the order of asking.
    open: Vec<&'static str>,
    /// Whether there was an answer that only a portal sends.
    portal_answers: bool,
    im_absent: bool,
    /// Two answers that contradict each other. After the first such pair, the inquiry starts again.
    contradicted: Option<ContradictionError>,
    /// The first failure.
    failed: Option<Error<E>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    First,
    Together,
    Singly,
    Done,
}

impl<E> Inquiry<E> {
    pub(super) fn new() -> Self {
        Self {
            step: Step::First,
            seen: Knowledge::unknown(),
            known: Knowledge::unknown(),
            open: Vec::new(),
            portal_answers: false,
            im_absent: false,
            contradicted: None,
            failed: None,
        }
    }

    /// The next question. `None` if enough is known, or if no question can add more.
    pub(super) fn question(&self) -> Option<Question> {
        match self.step {
            Step::First => Some(Question::Call(REVISION_GET)),
            Step::Together => Some(Question::Batch),
            Step::Singly => {
                let needed = self.open.iter().find(|method| match **method {
                    IM_REVISION_GET => self.known.rest().is_none(),
                    // Module imbot needs module im.
                    BOT_LIST => self.known.imbot_v2().is_none() && !self.im_absent,
                    SERVER_TIME => !self.portal_answers,
                    // The method was not found, but by the revision the portal has it now.
                    REVISION_GET => {
                        let rest = self.known.rest();
                        rest.is_some_and(|rest| rest >= REVISION_GET_REST)
                    }
                    _ => true,
                });
                needed.copied().map(Question::Call)
            }
            Step::Done => None,
        }
    }

    /// Takes in the answer to the question.
    pub(super) fn answer(&mut self, answer: Result<Answer, Failure<E>>) {
        match (self.question(), answer) {
            (Some(Question::Batch), answer) => self.take_batch(answer),
            (Some(Question::Call(method)), Err(failure)) => self.stop(method, failure),
            (Some(Question::Call(_)), Ok(answer)) if self.step == Step::First => self.take_first(answer),
            (Some(Question::Call(REVISION_GET)), Ok(answer)) => self.take_again(answer),
            (Some(Question::Call(method)), Ok(answer)) => self.settle(method, answer.as_ref()),
            (None, _) => {}
        }
    }

    fn take_first(&mut self, answer: Answer) {
        let error = match answer {
            Ok(result) => match revisions(REVISION_GET, &result) {
                Ok(seen) => return self.take_newest(&seen),
                Err(NoNumber {
                    others: None,
                    trouble,
                }) => return self.stop(REVISION_GET, trouble.into()),
                // The other method may have the number.
                Err(NoNumber {
                    others: Some(others),
                    trouble,
                }) => {
                    self.take_newest(&others);
                    self.fail(REVISION_GET, trouble.into());
                    (self.open, self.step) = (vec![IM_REVISION_GET], Step::Singly);
                    return;
                }
            },
            Err(error) => error,
        };
        match error.class() {
            ErrorClass::Absent => {
                if let Some(contradiction) = self.contradicted.take() {
                    // It is not known which of the two is true now.
                    self.begin_anew();
                    return self.stop(REVISION_GET, ErrorKind::Contradiction(contradiction).into());
                }
                self.learn(REVISION_GET, &Knowledge::revision_get_absent());
                self.open = vec![IM_REVISION_GET, REVISION_GET, BOT_LIST, SERVER_TIME];
                self.step = Step::Together;
            }
            // A portal looks up the method before it checks the scope. So the method exists.
            ErrorClass::Scope | ErrorClass::Refused | ErrorClass::Failed if error.code.proves_method() => {
                self.learn(REVISION_GET, &Knowledge::revision_get_exists());
                self.portal_answers = true;
                self.open = vec![IM_REVISION_GET];
                self.step = Step::Singly;
            }
            // A bad credential proves the method, too. But the failure is the credential's, and its
            // owner has to know of it first.
            _ => self.stop(REVISION_GET, ErrorKind::Api(error).into()),
        }
    }

    /// Takes in the answer to the second single call of the first method.
    fn take_again(&mut self, answer: Answer) {
        self.open.retain(|open| *open != REVISION_GET);
        match answer {
            Ok(result) => match revisions(REVISION_GET, &result) {
                Ok(seen) => self.take_newest(&seen),
                Err(NoNumber { others, trouble }) => {
                    self.fail(REVISION_GET, trouble.into());
                    if let Some(others) = others {
                        // The revision comes from a later question.
                        self.seen = self.seen.forgetting_imbot_v2();
                        self.learn(REVISION_GET, &Knowledge::from_imbot_revision_get(&others));
                    }
                }
            },
            Err(error) => match error.class() {
                ErrorClass::Absent => {}
                // The portal was upgraded in between. The revision comes from a later question.
                ErrorClass::Scope | ErrorClass::Refused => {
                    self.seen = self.seen.forgetting_imbot_v2();
                    self.learn(REVISION_GET, &Knowledge::revision_get_exists());
                }
                _ => self.fail(REVISION_GET, ErrorKind::Api(error).into()),
            },
        }
    }

    /// Takes in all revisions from one answer. Earlier answers are out of date.
    fn take_newest(&mut self, seen: &Revisions) {
        self.begin_anew();
        self.portal_answers = true;
        self.learn(REVISION_GET, &Knowledge::from_imbot_revision_get(seen));
        self.step = Step::Done;
    }

    fn begin_anew(&mut self) {
        (self.seen, self.known) = (Knowledge::unknown(), Knowledge::unknown());
        (self.failed, self.im_absent) = (None, false);
        self.step = Step::First;
    }

    fn take_batch(&mut self, answer: Result<Answer, Failure<E>>) {
        // If the batch fails, single calls may work.
        self.step = Step::Singly;
        match answer {
            Ok(Ok(result)) => {
                let Some(replies) = BatchView::of(&result) else {
                    return;
                };
                for (key, method) in COMMANDS {
                    match replies.get(key) {
                        _ if self.step != Step::Singly => {}
                        Some(Outcome::Result(result)) => self.settle(method, Ok(result)),
                        Some(Outcome::Error(error)) if !is_of_batch(&error) => {
                            self.settle(method, Err(&error));
                        }
                        // The command was not run. A single call asks it.
                        _ => {}
                    }
                }
                // The inquiry starts again for imbot.v2. The revision stands.
                if self.step == Step::First
                    && let Some(Outcome::Result(result)) = replies.get(OLD)
                {
                    self.settle(IM_REVISION_GET, Ok(result));
                }
            }
            Ok(Err(error)) if matches!(error.class(), ErrorClass::Credential | ErrorClass::Expired) => {
                self.stop(BATCH, ErrorKind::Api(error).into());
            }
            Ok(Err(_)) => {}
            Err(failure) => {
                if failure.trouble.class() != ProbeErrorClass::Malformed {
                    self.stop(BATCH, failure);
                }
            }
        }
    }

    /// Takes in what one method answered, in a batch or by itself.
    fn settle(&mut self, method: &'static str, answer: Result<&Value, &ApiError>) {
        self.open.retain(|open| *open != method);
        let exists = answer.err().is_some_and(|error| error.proves_method());
        self.portal_answers |= exists;
        match (method, answer) {
            (REVISION_GET, Ok(result)) => {
                self.learn_revisions(method, result, Knowledge::from_imbot_revision_get);
            }
            (REVISION_GET, Err(_)) if exists => self.learn(method, &Knowledge::revision_get_exists()),
            // The method was not found, as before.
            (REVISION_GET, Err(_)) => {}

            (IM_REVISION_GET, Ok(result)) => {
                self.learn_revisions(method, result, Knowledge::from_im_revision_get);
            }
            (IM_REVISION_GET, Err(error)) => {
                self.im_absent = error.class() == ErrorClass::Absent;
                self.fail(method, ErrorKind::Api(error.clone()).into());
            }

            (BOT_LIST, Ok(result)) if result.get("bots").is_some() => {
                self.portal_answers = true;
                self.learn(method, &Knowledge::imbot_v2_exists());
            }
            (BOT_LIST, Ok(_)) => self.fail(method, malformed("a result without `bots`".to_owned()).into()),
            (BOT_LIST, Err(_)) if exists => self.learn(method, &Knowledge::imbot_v2_exists()),
            (BOT_LIST, Err(error)) if error.class() == ErrorClass::Absent => {
                self.learn(method, &Knowledge::imbot_v2_absent());
            }
            // An unknown code proves nothing. The rest stands.
            (BOT_LIST, Err(error)) => self.fail(method, ErrorKind::Api(error.clone()).into()),

            // The control call proves only the address.
            (_, Ok(_)) => self.portal_answers = true,
            (_, Err(_)) => {}
        }
    }

    fn learn_revisions(&mut self, method: &'static str, result: &Value, teach: fn(&Revisions) -> Knowledge) {
        let seen = match revisions(method, result) {
            Ok(seen) => Some(seen),
            Err(NoNumber { others, trouble }) => {
                self.fail(method, trouble.into());
                others
            }
        };
        if let Some(seen) = seen {
            self.portal_answers = true;
            self.learn(method, &teach(&seen));
        }
    }

    fn learn(&mut self, asked: &'static str, learned: &Knowledge) {
        match self.seen.intersect_observed(learned) {
            Ok(seen) => (self.seen, self.known) = (seen, seen.inferred()),
            // Most likely the portal was upgraded in between.
            Err(contradiction) if self.contradicted.is_none() => {
                self.begin_anew();
                self.contradicted = Some(contradiction);
            }
            Err(contradiction) => {
                // It is not known which of the two is true now.
                self.begin_anew();
                self.stop(asked, ErrorKind::Contradiction(contradiction).into());
            }
        }
    }

    fn fail(&mut self, asked: &'static str, failure: Failure<E>) {
        self.failed.get_or_insert(Error { asked, failure });
    }

    fn stop(&mut self, asked: &'static str, failure: Failure<E>) {
        self.fail(asked, failure);
        self.step = Step::Done;
    }

    /// Ends the inquiry before the next question, for this reason.
    pub(super) fn cut(&mut self, trouble: ErrorKind<E>) {
        if let Some(question) = self.question() {
            self.stop(question.method(), trouble.into());
        }
    }

    /// The result.
    pub(super) fn conclude(self) -> Conclusion<E> {
        let taught = self.known.rest().is_some()
            || match self.known.imbot_v2() {
                Some(true) => self.portal_answers,
                // Without the other method there is no usable messenger.
                Some(false) => self.portal_answers && !self.im_absent,
                None => false,
            };
        let portal_answers = self.portal_answers;
        match self.failed {
            failed if taught => Ok((self.known, failed)),
            Some(failed) if !self.im_absent => Err(failed),
            _ => Err(Error {
                asked: IM_REVISION_GET,
                failure: ErrorKind::NothingFound { portal_answers }.into(),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
