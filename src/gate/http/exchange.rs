//! A passage over HTTP: which response the answer is, and what its bytes become.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::sync::Arc;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
use super::message::Came;
use super::{Recognised, Written};
use crate::gate::passage::{Passage, Step, unreadable};
use crate::offload;
use crate::registry::Registry;
use crate::transport::{BODY_LIMIT, Room};
use crate::wire::budget::Budget;
use crate::wire::{ApiError, Call, Malformed, Reply, TooMany, json};

/// A response, read to its end.
#[derive(Default)]
pub(in crate::gate) struct Received {
    pub(in crate::gate) status: u16,
    /// The header `Location`.
    pub(in crate::gate) location: Option<String>,
    pub(in crate::gate) body: Vec<u8>,
    /// The most JSON values that are read of it.
    pub(in crate::gate) values: usize,
}

/// A response that was not read to its end, as whoever is behind the gate is to get it: with
/// what came of it.
pub(in crate::gate) enum Unread<R> {
    /// It broke off.
    Broken(R),
    /// It broke off since it did not come in time.
    #[cfg(feature = "reqwest")]
    Late(R),
    /// There is more of it than the gate reads. The rest comes as it is read.
    Beyond(R),
    /// Nothing of it was read: it is of another address than the request was sent to, since the
    /// client has followed a redirect. It proves nothing of the portal.
    #[cfg(feature = "reqwest")]
    Elsewhere(R),
}

/// A passage, and the response to the call itself once it is there. `H` is what the
/// adapter knows of a response beside this: its headers, say.
pub(in crate::gate) struct Exchange<H> {
    /// What other requests are made of.
    recognised: Option<Arc<Recognised>>,
    passage: Passage,
    /// What to send first, if it is not the request as it is.
    first: Option<Written>,
    main: Option<Main<H>>,
    /// What is read of each response; made for the first, and held for all.
    limits: Option<Limits>,
    mark: Mark,
}

/// How much of a response may be read, and the memory that it shares with others.
#[derive(Clone)]
pub(in crate::gate) struct Limits {
    pub(in crate::gate) budget: Budget,
    registry: Registry,
    room: Room,
}

impl Limits {
    /// Whether there is room for a reply of so many bytes. May wait for it.
    pub(in crate::gate) async fn admit(&self, bytes: usize) -> bool {
        bytes <= BODY_LIMIT || self.registry.admits(&self.room).await
    }
}

struct Main<H> {
    head: H,
    received: Received,
    is_long: bool,
    came: CameAs,
}

/// What was read of a response. A result is not kept, since it may be large.
enum CameAs {
    /// One that the gate does not change.
    Result,
    /// One that it may change: what tells it from another.
    Changing(u64),
    Other(Reply),
}

/// Tells results apart. Nobody outside knows the keys.
#[derive(Clone, Default)]
struct Mark(RandomState);

impl Mark {
    fn of(&self, result: &Value) -> u64 {
        let mut hasher = Hashing(self.0.build_hasher());
        // Neither the value nor the hasher can fail.
        let _ = serde_json::to_writer(&mut hasher, result);
        hasher.0.finish()
    }
}

struct Hashing<H>(H);

impl<H: Hasher> io::Write for Hashing<H> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is to be done next.
pub(in crate::gate) enum Next<H> {
    /// Send this, and come back with the response.
    Send(Box<Exchange<H>>, Written),
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
    pub(in crate::gate) async fn new(recognised: Recognised, passage: Passage) -> Self {
        let recognised = Arc::new(recognised);
        let own = Arc::clone(&recognised);
        let write = move |passage: &mut Passage| passage.first().map(|call| own.write(call));
        let (passage, first) = passage.aside(write).await;
        Self {
            recognised: Some(recognised),
            passage,
            first,
            main: None,
            limits: None,
            mark: Mark::default(),
        }
    }

    /// Of a call whose parameters are not known: nothing but the request itself is
    /// sent. Its response may become another all the same.
    pub(in crate::gate) fn unseen(passage: Passage) -> Self {
        Self {
            recognised: None,
            passage,
            first: None,
            main: None,
            limits: None,
            mark: Mark::default(),
        }
    }

    /// What to send first; `None` for the request as it is, byte for byte.
    pub(in crate::gate) fn first(&mut self) -> Option<Written> {
        self.first.take()
    }

    /// Whether a response with this status has to be read. One that has not goes on as
    /// it comes, and the exchange is over.
    pub(in crate::gate) fn wants(&self, status: u16) -> bool {
        self.main.is_some() || self.passage.wants_reply(status)
    }

    /// What may be read of the next response.
    pub(in crate::gate) fn limits(&mut self, budget: Budget) -> Limits {
        let limits = self.limits.get_or_insert_with(|| {
            let (registry, room) = self.passage.room(budget);
            Limits {
                budget,
                registry,
                room,
            }
        });
        limits.clone()
    }

    /// Takes a response that was not read to its end: what goes on in its place, or what to
    /// send, once more for less.
    #[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
    pub(in crate::gate) async fn take_unread<R: Came<Head = H>>(
        &mut self,
        unread: Unread<R>,
    ) -> Result<R, Written> {
        let response = match unread {
            #[cfg(feature = "reqwest")]
            Unread::Late(late) => {
                if (200..300).contains(&late.status())
                    && let Some(written) = self.in_time().await
                {
                    return Err(written);
                }
                return Ok(self.interrupted().await.map_or(late, Came::answer));
            }
            Unread::Broken(broken) => return Ok(self.interrupted().await.map_or(broken, Came::answer)),
            #[cfg(feature = "reqwest")]
            Unread::Elsewhere(response) => {
                tracing::warn!(
                    http.response.status_code = response.status(),
                    "the client behind the gate has followed a redirect: the reply goes on as it came"
                );
                return Ok(self.interrupted().await.map_or(response, Came::answer));
            }
            Unread::Beyond(response) => response,
        };
        let status = response.status();
        let is_success = (200..300).contains(&status);
        if is_success && let Some(written) = self.again(Passage::smaller_page).await {
            return Err(written);
        }
        if let Some(answer) = self.interrupted().await {
            tracing::warn!(
                http.response.status_code = status,
                "a reply to an extra request is larger than the gate reads, or found no room in time"
            );
            return Ok(Came::answer(answer));
        }
        if is_success && self.passage.changes_result() {
            tracing::warn!(
                http.response.status_code = status,
                "a reply is larger than the gate reads, or found no room in time: it cannot be translated, \
                 and goes on as an error"
            );
            return Ok(Came::answer(untranslated(response.into_head(), status)));
        }
        tracing::warn!(
            http.response.status_code = status,
            "a reply is larger than the gate reads, or found no room in time: it goes on as it came"
        );
        Ok(response)
    }

    /// What to send if the response did not come in time: once, for less.
    #[cfg(feature = "reqwest")]
    pub(in crate::gate) async fn in_time(&mut self) -> Option<Written> {
        self.again(Passage::page_in_time).await
    }

    async fn again(&mut self, page: fn(&mut Passage) -> Option<Call>) -> Option<Written> {
        let recognised = self.recognised.as_ref()?;
        Some(write(recognised, page(&mut self.passage)?).await)
    }

    /// Takes a response, and says what is next. Not to be called again after the answer.
    pub(in crate::gate) async fn take(mut self, head: H, received: Received) -> Next<H> {
        let room = self.limits.as_ref().map(|limits| limits.room.clone());
        let room = room.unwrap_or_default();
        let mark = self.passage.changes_result().then(|| self.mark.clone());
        let is_long = offload::is_long(&received.body);
        let reading = move || read(received, mark.as_ref());
        let (received, reply, own) = offload::run_in(room.clone(), is_long, reading).await;
        let is_of_api = matches!(reply, Reply::Result(_) | Reply::Error(_));
        // A call may be sent in another way, or as several; what follows it is work of its
        // own, whose replies are nobody's.
        let main = match self.main.take() {
            Some(main) if !self.passage.is_of_call() => main,
            // What is none of the API is no answer to a call that is done in part.
            Some(main) if !is_of_api && self.passage.is_partly_done() => main,
            _ => Main {
                head,
                received,
                is_long,
                came: match &reply {
                    Reply::Result(_) => own.map_or(CameAs::Result, CameAs::Changing),
                    reply => CameAs::Other(reply.clone()),
                },
            },
        };
        let step;
        (self.passage, step) = self.passage.take(reply).await;
        match (step, &self.recognised) {
            (Step::Done(reply), _) => {
                let reply = main.translated(self.passage.of_whole(reply));
                Next::Answer(answer_of(main, reply, self.mark, room).await)
            }
            (Step::Send(call), Some(recognised)) => {
                let written = write(recognised, call).await;
                self.main = Some(main);
                Next::Send(Box::new(self), written)
            }
            (Step::Send(_), None) => Next::Answer(Answer::unchanged(main.head, main.received)),
        }
    }

    /// The request after the call itself could not be sent, or its response not be
    /// read: the answer that stands all the same.
    pub(in crate::gate) async fn interrupted(&mut self) -> Option<Answer<H>> {
        let reply = self.passage.lost()?;
        let main = self.main.take()?;
        let room = self.limits.as_ref().map(|limits| limits.room.clone());
        Some(answer_of(main, reply, self.mark.clone(), room.unwrap_or_default()).await)
    }
}

impl<H> Main<H> {
    /// The reply in its newer form. If a result came that has none, it is an error: the result of
    /// another method is no answer.
    fn translated(&self, reply: Reply) -> Reply {
        match (&self.came, reply) {
            (CameAs::Changing(_), Reply::Malformed(malformed)) => unreadable(&malformed.what),
            (_, reply) => reply,
        }
    }
}

/// The answer in place of a result that was not read, and is not in the form that was asked for.
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
fn untranslated<H>(head: H, status: u16) -> Answer<H> {
    const WHAT: &str = "a reply that is larger than the gate reads, or found no room in time: ask for less at a \
                        time, or raise `reply_limit`, `reply_values` or `reply_memory`";
    let received = Received {
        status,
        ..Received::default()
    };
    let rewritten = rewrite(&received, None, unreadable(WHAT));
    Answer::new(head, received, rewritten)
}

impl<H> Answer<H> {
    fn unchanged(head: H, received: Received) -> Self {
        Self::new(head, received, None)
    }

    fn new(head: H, received: Received, rewritten: Option<(u16, Vec<u8>)>) -> Self {
        let is_changed = rewritten.is_some();
        let (status, body) = rewritten.unwrap_or((received.status, received.body));
        Self {
            head,
            status,
            body,
            is_changed,
        }
    }
}

/// Reads a response. Of a result that may be changed it tells the mark.
fn read(received: Received, mark: Option<&Mark>) -> (Received, Reply, Option<u64>) {
    let location = received.location.as_deref();
    let values = received.values;
    let reply = Reply::read_hiding(received.status, location, &received.body, &[], values);
    let reply = reply.unwrap_or_else(|TooMany { limit }| {
        let what = format!("JSON with more than the {limit} values that are read");
        Reply::Malformed(Malformed::new(received.status, what))
    });
    let own = match (&reply, mark) {
        (Reply::Result(result), Some(mark)) => Some(mark.of(result)),
        _ => None,
    };
    (received, reply, own)
}

async fn answer_of<H>(main: Main<H>, reply: Reply, mark: Mark, room: Room) -> Answer<H> {
    let Main {
        head,
        received,
        is_long,
        came,
    } = main;
    let is_long = is_long || offload::is_long_reply(&reply);
    let rewriting = move || {
        let rewritten = rewritten(&received, came, &mark, reply);
        (received, rewritten)
    };
    let (received, rewritten) = offload::run_in(room, is_long, rewriting).await;
    Answer::new(head, received, rewritten)
}

/// The request with this call in place of its own.
async fn write(recognised: &Arc<Recognised>, call: Call) -> Written {
    let recognised = Arc::clone(recognised);
    let is_long = offload::is_long_call(&call);
    offload::run_if(is_long, move || recognised.write(&call)).await
}

/// The response with this reply in place of what came; `None` where that is the same.
fn rewritten(received: &Received, came: CameAs, mark: &Mark, reply: Reply) -> Option<(u16, Vec<u8>)> {
    let is_same = match (&came, &reply) {
        (CameAs::Result, reply) => matches!(reply, Reply::Result(_)),
        (CameAs::Changing(own), Reply::Result(result)) => mark.of(result) == *own,
        (CameAs::Changing(_), _) => false,
        (CameAs::Other(came), reply) => came == reply,
    };
    let came = match came {
        CameAs::Other(Reply::Error(error)) => Some(error),
        _ => None,
    };
    match is_same {
        true => None,
        false => rewrite(received, came, reply),
    }
}

/// The envelope that came, with this reply in it; `None` for what has no envelope.
fn rewrite(received: &Received, came: Option<ApiError>, reply: Reply) -> Option<(u16, Vec<u8>)> {
    let mut members = envelope(received, matches!(reply, Reply::Error(_)));
    let status = match reply {
        Reply::Result(result) => {
            members.shift_remove("error");
            members.shift_remove("error_description");
            members.insert("result".to_owned(), result);
            if (200..300).contains(&received.status) {
                received.status
            } else {
                200
            }
        }
        Reply::Error(error) => {
            // Of an error beside a result the portal has done something all the same.
            let has_result = came.as_ref().is_some_and(|was| was.has_result);
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
            let is_same = came.is_some_and(|was| was.description == error.description);
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

/// The members that came. A result that another one takes the place of is not read again.
fn envelope(received: &Received, with_result: bool) -> Map<String, Value> {
    let text = &received.body;
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if with_result {
        return match json::read(text, received.values) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
    }
    let others = json::read(text, received.values);
    others.map_or_else(|_| Map::new(), |WithoutResult(members)| members)
}

/// An object, with null for its `result`.
struct WithoutResult(Map<String, Value>);

impl<'de> Deserialize<'de> for WithoutResult {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = WithoutResult;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WithoutResult, A::Error> {
                let mut members = Map::new();
                while let Some(name) = map.next_key::<String>()? {
                    let value = match name.as_str() {
                        "result" => map.next_value::<IgnoredAny>().map(|_| Value::Null)?,
                        _ => map.next_value()?,
                    };
                    members.insert(name, value);
                }
                Ok(WithoutResult(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}
