//! What to ask a portal, and what its answers prove. Pure: questions out,
//! answers in.
//!
//! | `imbot.v2.Revision.get` | then |
//! |---|---|
//! | revisions | done |
//! | not found | one `batch` settles the rest, or single calls where it is refused |
//! | insufficient scope, or refused by the method | it exists: `im.revision.get` has the numbers |
//! | anything else | no answer |
//!
//! "Not found" counts only together with proof that a portal answers at the
//! address. What was learned stands, whatever happens to a later question.

use serde_json::Value;

use super::error::{Failure, FailureKind, Trouble};
use crate::knowledge::Knowledge;
use crate::revision::Revisions;
use crate::wire::{
    ApiError, BATCH, BOT_LIST, BatchReplies, Class, IM_REVISION_GET, Malformed, REVISION_GET, Reply,
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

/// The batch: keys and methods. The first was not found by itself, so something
/// that finds it here is told at once: an upgrade in between, or a proxy that
/// changes the case of names in addresses and not in bodies.
pub(super) const COMMANDS: [(&str, &str); 4] = [
    ("again", REVISION_GET),
    ("old", IM_REVISION_GET),
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
                    // Module imbot needs module im.
                    BOT_LIST => self.known.imbot_v2().is_none() && !self.im_absent,
                    SERVER_TIME => !self.portal_answers,
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
            (Some(Question::Call(method)), Ok(answer)) => self.settle(method, answer.as_ref()),
            (None, _) => {}
        }
    }

    fn take_first(&mut self, answer: Answer) {
        let error = match answer {
            Ok(result) => {
                self.step = Step::Done;
                return self.learn_revisions(REVISION_GET, &result, Knowledge::from_imbot_revision_get);
            }
            Err(error) => error,
        };
        match error.class() {
            Class::Absent => {
                self.learn(REVISION_GET, &Knowledge::revision_get_absent());
                self.open = vec![IM_REVISION_GET, BOT_LIST, SERVER_TIME];
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

    fn take_batch(&mut self, answer: Result<Answer, Failure>) {
        // Where batch does not work, single calls may.
        self.step = Step::Singly;
        match answer {
            Ok(Ok(result)) => {
                let Some(replies) = BatchReplies::read(result) else {
                    return;
                };
                for (key, method) in COMMANDS {
                    match replies.get(key) {
                        _ if self.step == Step::Done => {}
                        Some(Reply::Result(result)) => self.settle(method, Ok(result)),
                        Some(Reply::Error(error)) => self.settle(method, Err(error)),
                        // In neither map: it was not run, and is asked singly.
                        _ => {}
                    }
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
        let exists = answer.err().is_some_and(|error| error.code.proves_method());
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
            (BOT_LIST, Ok(_)) => self.fail(method, malformed("a result without `bots`".to_owned())),
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
        match revisions(result) {
            Ok(seen) => {
                self.portal_answers = true;
                self.learn(method, &teach(&seen));
            }
            Err(what) => self.fail(method, malformed(what)),
        }
    }

    fn learn(&mut self, asked: &'static str, learned: &Knowledge) {
        match self.seen.gather(learned) {
            Ok(seen) => (self.seen, self.known) = (seen, seen.inferred()),
            Err(contradiction) => {
                // Which of the two is true now, nobody knows.
                self.known = Knowledge::unknown();
                self.failed = None;
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

/// A result that is `what` instead of the method's.
fn malformed(what: String) -> Failure {
    Trouble::Malformed(Malformed::new(200, what)).into()
}

/// The revisions in a result; a result without `rest` is none of the method, and
/// is not repeated here: it may be anything.
fn revisions(result: &Value) -> Result<Revisions, String> {
    if !result.is_object() {
        return Err("a result that is no object of revisions".to_owned());
    }
    let seen: Revisions = serde::Deserialize::deserialize(result)
        .map_err(|error: serde_json::Error| format!("a result that holds no revisions: {error}"))?;
    match seen.rest() {
        // PHP makes 0 of nothing; revisions were counted from more than that.
        Some(1..) => Ok(seen),
        Some(0) | None => Err("a result without the counter `rest`".to_owned()),
    }
}

#[cfg(test)]
mod tests;
