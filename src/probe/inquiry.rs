//! What to ask a portal, and what its answers prove. Pure: questions out,
//! answers in.
//!
//! | `imbot.v2.Revision.get` | then |
//! |---|---|
//! | revisions | done |
//! | other counters, and no number for `rest` | `im.revision.get` may have it |
//! | not found | one `batch` settles the rest, or single calls where it is refused |
//! | insufficient scope, or refused by the method | it exists: `im.revision.get` has the numbers |
//! | anything else | no answer |
//!
//! "Not found" counts only together with proof that a portal answers at the
//! address. What was learned stands, whatever happens to a later question.
//!
//! `imbot.v2.Revision.get` is asked once more where other answers say that it may be
//! there by now: the portal may have been upgraded between two questions.

use serde_json::Value;

use super::error::{Failure, FailureKind, Trouble};
use crate::feature::{IMBOT_V2_REST, REVISION_GET_REST};
use crate::knowledge::{Contradiction, Knowledge};
use crate::revision::{Counters, Revisions};
use crate::wire::{
    ApiError, BATCH, BOT_LIST, BatchView, Class, IM_REVISION_GET, Malformed, Outcome, REVISION_GET, Reply,
    SERVER_TIME,
};

/// What to send.
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

/// The batch: keys and methods. The first was not found by itself, so something
/// that finds it here is told at once: an upgrade in between, or a proxy that
/// changes the case of names in addresses and not in bodies.
pub(super) const COMMANDS: [(&str, &str); 4] = [
    ("again", REVISION_GET),
    (OLD, IM_REVISION_GET),
    ("bots", BOT_LIST),
    ("control", SERVER_TIME),
];

/// What the API answered. Errors that prove nothing are failures instead:
/// passing ones, and those of a closed portal.
pub(super) type Answer = Result<Value, ApiError>;

/// What came of the whole: what is known and why not more, or why nothing is.
pub(super) type Conclusion = Result<(Knowledge, Option<Failed>), Failed>;

/// What was asked, and what happened.
#[derive(Clone, Debug)]
pub(super) struct Failed {
    pub(super) asked: &'static str,
    pub(super) failure: Failure,
}

/// The state of the conversation.
#[derive(Debug)]
pub(super) struct Inquiry {
    step: Step,
    /// What answers say; what follows from it is in `known`.
    seen: Knowledge,
    known: Knowledge,
    /// What is not answered yet, in the order of asking.
    open: Vec<&'static str>,
    /// Whether something came that only a portal sends.
    portal_answers: bool,
    im_absent: bool,
    /// Two answers that cannot both be true, after which all is asked anew, once.
    contradicted: Option<Contradiction>,
    /// The first thing that kept it from learning more.
    failed: Option<Failed>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    First,
    Together,
    Singly,
    Done,
}

impl Inquiry {
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

    /// What to ask next; none when enough is known, or no more can be.
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
                    // It was not found, and the number says that it may be there now.
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

    /// Takes in what came of the question.
    pub(super) fn answer(&mut self, answer: Result<Answer, Failure>) {
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
            Class::Absent => {
                if let Some(contradiction) = self.contradicted.take() {
                    // Which of the two is true now, nobody knows.
                    self.begin_anew();
                    return self.stop(REVISION_GET, Trouble::Contradiction(contradiction).into());
                }
                self.learn(REVISION_GET, &Knowledge::revision_get_absent());
                self.open = vec![IM_REVISION_GET, REVISION_GET, BOT_LIST, SERVER_TIME];
                self.step = Step::Together;
            }
            // The method is looked up before the scope: it exists.
            Class::Scope | Class::Refused | Class::Failed if error.code.proves_method() => {
                self.learn(REVISION_GET, &Knowledge::revision_get_exists());
                self.portal_answers = true;
                self.open = vec![IM_REVISION_GET];
                self.step = Step::Singly;
            }
            // A bad credential proves the method as well, but the answer is the
            // credential's: who holds it is to hear of it first.
            _ => self.stop(REVISION_GET, Trouble::Api(error).into()),
        }
    }

    /// Takes in what the first method answered when it was asked again by itself.
    fn take_again(&mut self, answer: Answer) {
        self.open.retain(|open| *open != REVISION_GET);
        match answer {
            Ok(result) => match revisions(REVISION_GET, &result) {
                Ok(seen) => self.take_newest(&seen),
                Err(NoNumber { others, trouble }) => {
                    self.fail(REVISION_GET, trouble.into());
                    if let Some(others) = others {
                        // The number was asked for later.
                        self.seen = self.seen.without_imbot_v2();
                        self.learn(REVISION_GET, &Knowledge::from_imbot_revision_get(&others));
                    }
                }
            },
            Err(error) => match error.class() {
                Class::Absent => {}
                // The portal was upgraded meanwhile. The number was asked for later.
                Class::Scope | Class::Refused => {
                    self.seen = self.seen.without_imbot_v2();
                    self.learn(REVISION_GET, &Knowledge::revision_get_exists());
                }
                _ => self.fail(REVISION_GET, Trouble::Api(error).into()),
            },
        }
    }

    /// Takes in all revisions at once. Answers before these are out of date.
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

    fn take_batch(&mut self, answer: Result<Answer, Failure>) {
        // Where batch does not work, single calls may.
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
                            self.settle(method, Err(&error))
                        }
                        // It was not run, and is asked singly.
                        _ => {}
                    }
                }
                // What it said of imbot.v2 is asked again; its number stands.
                if self.step == Step::First
                    && let Some(Outcome::Result(result)) = replies.get(OLD)
                {
                    self.settle(IM_REVISION_GET, Ok(result));
                }
            }
            Ok(Err(error)) if matches!(error.class(), Class::Credential | Class::Expired) => {
                self.stop(BATCH, Trouble::Api(error).into());
            }
            Ok(Err(_)) => {}
            Err(failure) => {
                if failure.trouble.kind() != FailureKind::Malformed {
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
            // Not found, as before.
            (REVISION_GET, Err(_)) => {}

            (IM_REVISION_GET, Ok(result)) => {
                self.learn_revisions(method, result, Knowledge::from_im_revision_get);
            }
            (IM_REVISION_GET, Err(error)) => {
                self.im_absent = error.class() == Class::Absent;
                self.fail(method, Trouble::Api(error.clone()).into());
            }

            (BOT_LIST, Ok(result)) if result.get("bots").is_some() => {
                self.portal_answers = true;
                self.learn(method, &Knowledge::imbot_v2_exists());
            }
            (BOT_LIST, Ok(_)) => self.fail(method, malformed("a result without `bots`".to_owned()).into()),
            (BOT_LIST, Err(_)) if exists => self.learn(method, &Knowledge::imbot_v2_exists()),
            (BOT_LIST, Err(error)) if error.class() == Class::Absent => {
                self.learn(method, &Knowledge::imbot_v2_absent());
            }
            // A code not known here proves nothing, and the rest stands.
            (BOT_LIST, Err(error)) => self.fail(method, Trouble::Api(error.clone()).into()),

            // The control proves the address, and else nothing.
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
        match self.seen.gather(learned) {
            Ok(seen) => (self.seen, self.known) = (seen, seen.inferred()),
            // The portal was upgraded meanwhile, most likely.
            Err(contradiction) if self.contradicted.is_none() => {
                self.begin_anew();
                self.contradicted = Some(contradiction);
            }
            Err(contradiction) => {
                // Which of the two is true now, nobody knows.
                self.begin_anew();
                self.stop(asked, Trouble::Contradiction(contradiction).into());
            }
        }
    }

    fn fail(&mut self, asked: &'static str, failure: Failure) {
        self.failed.get_or_insert(Failed { asked, failure });
    }

    fn stop(&mut self, asked: &'static str, failure: Failure) {
        self.fail(asked, failure);
        self.step = Step::Done;
    }

    /// Ends it before the next question, for this reason.
    pub(super) fn cut(&mut self, trouble: Trouble) {
        if let Some(question) = self.question() {
            self.stop(question.method(), trouble.into());
        }
    }

    /// What came of it.
    pub(super) fn conclude(self) -> Conclusion {
        let taught = self.known.rest().is_some()
            || match self.known.imbot_v2() {
                Some(true) => self.portal_answers,
                // Without the other method there is no messenger to speak of.
                Some(false) => self.portal_answers && !self.im_absent,
                None => false,
            };
        let portal_answers = self.portal_answers;
        match self.failed {
            failed if taught => Ok((self.known, failed)),
            Some(failed) if !self.im_absent => Err(failed),
            _ => Err(Failed {
                asked: IM_REVISION_GET,
                failure: Trouble::NothingFound { portal_answers }.into(),
            }),
        }
    }
}

/// What a reply is to the inquiry. A redirect's target is left as it was sent.
pub(super) fn heard(reply: Reply) -> Result<Answer, Trouble> {
    match reply {
        Reply::Result(result) => Ok(Ok(result)),
        Reply::Error(error) => match error.class() {
            Class::Transient | Class::Blocked => Err(Trouble::Api(error)),
            _ => Ok(Err(error)),
        },
        Reply::Moved { location } => Err(Trouble::Moved { to: location }),
        Reply::Malformed(malformed) => Err(Trouble::Malformed(malformed)),
    }
}

/// Whether a command of a batch was refused as part of that batch, or in passing: it
/// may be answered by itself.
fn is_of_batch(error: &ApiError) -> bool {
    let passing = error.class() == Class::Transient && !error.code.proves_method();
    passing || error.code == "ERROR_BATCH_METHOD_NOT_ALLOWED"
}

/// A result that is `what` instead of the method's.
fn malformed(what: String) -> Trouble {
    Trouble::Malformed(Malformed::new(200, what))
}

/// The revisions in a method's result; a result without `rest` is none of the method,
/// and is not repeated here: it may be anything.
fn revisions(method: &str, result: &Value) -> Result<Revisions, NoNumber> {
    if !result.is_object() {
        return Err(malformed("a result that is no object of revisions".to_owned()).into());
    }
    let read: Result<Counters, serde_json::Error> = serde::Deserialize::deserialize(result);
    let Counters { seen, wrong } =
        read.map_err(|error| malformed(format!("a result that holds no revisions: {error}")))?;
    // Without `rest` at all, one counter may be of anything.
    let least = if wrong.is_some() { 1 } else { 2 };
    let trouble = match (wrong, seen.rest()) {
        (Some(wrong), _) => malformed(format!("a result that holds no revisions: {wrong}")),
        // PHP makes 0 of nothing; revisions were counted from more than that.
        (None, Some(0) | None) => malformed("a result without the counter `rest`".to_owned()),
        (None, Some(rest)) if method == REVISION_GET && rest < IMBOT_V2_REST => {
            return Err(Trouble::Impossible { rest }.into());
        }
        (None, Some(_)) => return Ok(seen),
    };
    let others = seen.others(least);
    Err(NoNumber { others, trouble })
}

/// Why a result has no REST revision, and the other counters in it.
struct NoNumber {
    others: Option<Revisions>,
    trouble: Trouble,
}

impl From<Trouble> for NoNumber {
    fn from(trouble: Trouble) -> Self {
        let others = None;
        Self { others, trouble }
    }
}

#[cfg(test)]
mod tests;
