//! A passage over HTTP: which response the answer is, and what its bytes become.

use serde_json::{Map, Value};

use super::{Recognised, Written};
use crate::gate::passage::{Passage, Step};
use crate::wire::{Reply, json};

/// A response, read to its end.
pub(in crate::gate) struct Received {
    pub(in crate::gate) status: u16,
    /// The header `Location`.
    pub(in crate::gate) location: Option<String>,
    pub(in crate::gate) body: Vec<u8>,
}

/// A passage, and the response to the call itself once it is there. `H` is what the
/// adapter knows of a response beside this: its headers, say.
pub(in crate::gate) struct Exchange<H> {
    /// What other requests are made of.
    recognised: Option<Recognised>,
    passage: Passage,
    /// With the reply as it was read.
    main: Option<(H, Received, Reply)>,
}

/// What is to be done next.
pub(in crate::gate) enum Next<H> {
    /// Send this, and come back with the response.
    Send(Written),
    Answer(Answer<H>),
}

/// The response to what was asked.
pub(in crate::gate) struct Answer<H> {
    /// Of the response that it is made of.
    pub(in crate::gate) head: H,
    pub(in crate::gate) status: u16,
    pub(in crate::gate) body: Vec<u8>,
    /// Whether status or body are other than they came.
    pub(in crate::gate) is_changed: bool,
}

impl<H> Exchange<H> {
    pub(in crate::gate) fn new(recognised: Recognised, passage: Passage) -> Self {
        Self {
            recognised: Some(recognised),
            passage,
            main: None,
        }
    }

    /// Of a call whose parameters are not known: nothing but the request itself is
    /// sent. Its response may become another all the same.
    pub(in crate::gate) fn unseen(passage: Passage) -> Self {
        Self {
            recognised: None,
            passage,
            main: None,
        }
    }

    /// What to send first; `None` for the request as it is, byte for byte.
    pub(in crate::gate) fn first(&self) -> Option<Written> {
        Some(self.recognised.as_ref()?.write(self.passage.first()?))
    }

    /// Whether a response with this status has to be read. One that has not goes on as
    /// it comes, and the exchange is over.
    pub(in crate::gate) fn wants(&self, status: u16) -> bool {
        self.main.is_some() || self.passage.wants_reply(status)
    }

    /// Takes a response, and says what is next. Not to be called again after the answer.
    pub(in crate::gate) async fn take(&mut self, head: H, received: Received) -> Next<H> {
        let reply = Reply::read(received.status, received.location.as_deref(), &received.body);
        let is_of_api = matches!(reply, Reply::Result(_) | Reply::Error(_));
        // A call may be sent in another way, or as several; what follows it is work of its
        // own, whose replies are nobody's.
        let main = match self.main.take() {
            Some(main) if !self.passage.is_of_call() => main,
            // What is none of the API is no answer to a call that is done in part.
            Some(main) if !is_of_api && self.passage.is_partly_done() => main,
            _ => (head, received, reply.clone()),
        };
        let step = self.passage.take(reply).await;
        match (step, &self.recognised) {
            (Step::Done(reply), _) => Next::Answer(answer(main, &self.passage.of_whole(reply))),
            (Step::Send(call), Some(recognised)) => {
                self.main = Some(main);
                Next::Send(recognised.write(&call))
            }
            (Step::Send(_), None) => {
                let (_, _, reply) = &main;
                let reply = reply.clone();
                Next::Answer(answer(main, &reply))
            }
        }
    }

    /// The request after the call itself could not be sent, or its response not be
    /// read: the answer that stands all the same.
    pub(in crate::gate) fn interrupted(&mut self) -> Option<Answer<H>> {
        let reply = self.passage.lost()?;
        Some(answer(self.main.take()?, &reply))
    }
}

fn answer<H>((head, received, came): (H, Received, Reply), reply: &Reply) -> Answer<H> {
    let rewritten = match reply {
        _ if *reply == came => None,
        reply => rewrite(&received, &came, reply),
    };
    let is_changed = rewritten.is_some();
    let (status, body) = rewritten.unwrap_or((received.status, received.body));
    Answer {
        head,
        status,
        body,
        is_changed,
    }
}

/// The envelope that came, with this reply in it; `None` for what has no envelope.
fn rewrite(received: &Received, came: &Reply, reply: &Reply) -> Option<(u16, Vec<u8>)> {
    let mut members = envelope(&received.body);
    let status = match reply {
        Reply::Result(result) => {
            members.shift_remove("error");
            members.shift_remove("error_description");
            members.insert("result".to_owned(), result.clone());
            if (200..300).contains(&received.status) {
                received.status
            } else {
                200
            }
        }
        Reply::Error(error) => {
            // Of an error beside a result the portal has done something all the same.
            let has_result = matches!(came, Reply::Error(was) if was.has_result);
            if !error.has_result {
                members.shift_remove("result");
            } else if !has_result {
                members.insert("result".to_owned(), true.into());
            }
            members.insert("error".to_owned(), error.code.as_str().into());
            let has_wait = ["retryAfter", "retry_after"]
                .iter()
                .any(|name| members.contains_key(*name));
            if let Some(wait) = error.retry_after().filter(|_| !has_wait) {
                members.insert("retryAfter".to_owned(), wait.as_secs_f64().into());
            }
            // What was read of a long text is its beginning.
            let is_same = matches!(came, Reply::Error(was) if was.description == error.description);
            if !is_same || !members.contains_key("error_description") {
                let text = error.description.as_str().into();
                members.insert("error_description".to_owned(), text);
            }
            let statuses = match error.has_result && !has_result {
                // Of a part of the call: such as 503 would ask for a repeat of the whole.
                true => [0, 0],
                false => [received.status, error.status],
            };
            statuses
                .into_iter()
                .find(|status| *status >= 400)
                // What portals send with errors that have no status of their own.
                .unwrap_or(400)
        }
        Reply::Moved { .. } | Reply::Malformed(_) => return None,
    };
    Some((status, Value::Object(members).to_string().into_bytes()))
}

fn envelope(body: &[u8]) -> Map<String, Value> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match json::read(text) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}
