//! [`Session`]: sends the questions to one portal with one credential.

use std::time::Duration;

use serde_json::{Map, Value};

use super::error::{Failure, ProbeErrorKind};
use super::inquiry::{Answer, COMMANDS, Question, read_reply};
use super::options::{ProbeOptions, REQUESTS};
use crate::portal::{Portal, TokenError};
use crate::portal_client::{CallOptions, Exchange, NoReply, PortalClient};
use crate::wire::budget::Budget;
use crate::wire::redact::Finder;
use crate::wire::{BOT_LIST, Call, Reply};

pub(super) struct Session<'p> {
    client: PortalClient<'p>,
    deadline: Duration,
}

impl<'p> Session<'p> {
    pub(super) fn new(options: &ProbeOptions<'p>, portal: &'p Portal) -> Self {
        let call_options = CallOptions {
            transport: options.transport,
            clock: options.clock,
            redirects: options.redirects,
            budget: Budget::SMALL,
            // Replies to a probe are short.
            reply_memory: None,
            timeout: None,
        };
        Self {
            client: PortalClient::new(call_options, portal).with_requests(REQUESTS),
            deadline: options.deadline,
        }
    }

    /// The endpoint of a redirect that was followed.
    pub(super) fn moved_to(&self) -> Option<String> {
        self.client.moved_to()
    }

    /// How many more requests are allowed.
    pub(super) fn requests_left(&self) -> u32 {
        self.client.requests_left()
    }

    /// The trouble if the deadline passes now. A token source that does not answer says nothing about
    /// the portal, so that is a failure of the credential.
    pub(super) fn trouble_at_deadline(&self) -> ProbeErrorKind {
        if self.client.waits_for_token() {
            let limit = self.deadline.as_secs_f32();
            let error = TokenError::transient(format!("the token source gave none within {limit} s"));
            return ProbeErrorKind::Token(error);
        }
        ProbeErrorKind::Deadline(self.deadline)
    }

    /// The failure without secrets: an error in a result may repeat some.
    pub(super) fn hide(&self, mut failure: Failure) -> Failure {
        let secrets = self.client.secrets();
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
        let call = Call::of(question.method(), params);
        let called = self.client.call(&call, false).await;
        let Exchange { reply, retry_after } = called.map_err(ProbeErrorKind::from)?;
        // With one more request there would be another answer. So this answer is not a failure of
        // the portal or of the credential. It may still prove the method.
        let proves = question == Question::Call(BOT_LIST) && matches!(reply, Reply::Error(_));
        if self.client.is_cut() && !proves {
            return Err(ProbeErrorKind::RequestLimit.into());
        }
        read_reply(reply).map_err(|trouble| Failure { trouble, retry_after })
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
