//! Putting the questions to one portal with one credential.

use std::time::Duration;

use serde_json::{Map, Value};

use super::error::{Failure, ProbeErrorKind};
use super::inquiry::{Answer, COMMANDS, Question, heard};
use super::{ProbeOptions, REQUESTS};
use crate::portal::{Portal, TokenError};
use crate::portal_client::{CallOptions, Exchange, NoReply, PortalClient};
use crate::wire::budget::Budget;
use crate::wire::redact::Finder;
use crate::wire::{BOT_LIST, Reply};

pub(super) struct Session<'p> {
    caller: PortalClient<'p>,
    deadline: Duration,
}

impl<'p> Session<'p> {
    pub(super) fn new(conduct: &ProbeOptions<'p>, portal: &'p Portal) -> Self {
        let terms = CallOptions {
            transport: conduct.transport,
            clock: conduct.clock,
            redirects: conduct.redirects,
            budget: Budget::SMALL,
            // No reply is as long.
            rooms: None,
            timeout: None,
        };
        Self {
            caller: PortalClient::new(terms, portal).with_requests(REQUESTS),
            deadline: conduct.deadline,
        }
    }

    /// The endpoint that a redirect was followed to, if any was.
    pub(super) fn moved_to(&self) -> Option<String> {
        self.caller.moved_to()
    }

    /// How many more requests may be made.
    pub(super) fn requests_left(&self) -> u32 {
        self.caller.requests_left()
    }

    /// What the deadline found the session waiting for: the token source is the
    /// credential's, and its silence says nothing of the portal.
    pub(super) fn struck(&self) -> ProbeErrorKind {
        if self.caller.waits_for_token() {
            let limit = self.deadline.as_secs_f32();
            let error = TokenError::transient(format!("the token source gave none within {limit} s"));
            return ProbeErrorKind::Token(error);
        }
        ProbeErrorKind::Deadline(self.deadline)
    }

    /// A failure as it may be told: what is wrong with a result is in its own words.
    pub(super) fn hide(&self, mut failure: Failure) -> Failure {
        let secrets = self.caller.secrets();
        match &mut failure.trouble {
            ProbeErrorKind::Api(error) => error.code.hide(&Finder::of(&secrets)),
            ProbeErrorKind::Malformed(malformed) => malformed.hide(&secrets),
            _ => {}
        }
        failure
    }

    /// Asks a question.
    pub(super) async fn ask(&mut self, question: Question) -> Result<Answer, Failure> {
        let mut params = Map::new();
        if let Question::Batch = question {
            params.insert("halt".to_owned(), Value::from(0));
            let commands = COMMANDS.map(|(key, method)| (key.to_owned(), Value::from(method)));
            params.insert("cmd".to_owned(), Value::Object(commands.into_iter().collect()));
        }
        let called = self.caller.call(question.method(), &params).await;
        let Exchange { reply, retry_after } = called.map_err(ProbeErrorKind::from)?;
        // With one request more there would be another answer, so this one is neither the
        // portal's nor the credential's failure. It may still prove the method.
        let proves = question == Question::Call(BOT_LIST) && matches!(reply, Reply::Error(_));
        if self.caller.is_cut() && !proves {
            return Err(ProbeErrorKind::RequestLimit.into());
        }
        heard(reply).map_err(|trouble| Failure { trouble, retry_after })
    }
}

impl From<NoReply> for ProbeErrorKind {
    fn from(none: NoReply) -> Self {
        match none {
            NoReply::Token(error) => ProbeErrorKind::Token(error),
            NoReply::Transport(error) => ProbeErrorKind::Transport(error),
        }
    }
}
