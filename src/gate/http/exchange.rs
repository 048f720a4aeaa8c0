//! A call over HTTP: the requests to send, and the response for the program.

use std::sync::Arc;

use serde_json::json;

#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
use super::envelope::rewrite;
use super::envelope::{Mark, Original, rewritten};
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
use super::message::GateResponse;
use super::request::{Recognised, RequestParts};
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
use super::response::Unread;
use super::response::{Answer, Limits, Received};
use crate::gate::gated::{GatedCall, GatedStep};
use crate::offload;
use crate::transport::MemoryReservation;
use crate::wire::budget::Budget;
use crate::wire::{MALFORMED_REPLY, Malformed, Reply, TooMany};

/// A call through the gate, and the response to the call itself once it has come. `H` is the
/// head of a response, as the adapter has it.
pub(crate) struct Exchange<H> {
    /// The request that further requests are made of; `None` if its parameters are unknown.
    recognised: Option<Arc<Recognised>>,
    gated: GatedCall,
    /// The first request, if it is not the request as it is.
    first: Option<RequestParts>,
    main: Option<Main<H>>,
    /// The limits for all responses. Made for the first one.
    limits: Option<Limits>,
    mark: Mark,
}

/// The next step of the adapter.
pub(crate) enum Next<H> {
    /// Send this, and give this exchange its response.
    Send(Box<Exchange<H>>, RequestParts),
    /// Return this to the program.
    Answer(Answer<H>),
}

/// The response to the call itself.
struct Main<H> {
    head: H,
    received: Received,
    /// Whether reading it took long.
    is_long: bool,
    original: Original,
}

impl<H> Exchange<H> {
    pub(crate) async fn new(recognised: Recognised, gated: GatedCall) -> Self {
        let recognised = Arc::new(recognised);
        let own = Arc::clone(&recognised);
        let write = move |gated: &mut GatedCall| gated.planned().changed_call().map(|call| own.write(call));
        let (gated, first) = gated.off_workers(write).await;
        Self {
            recognised: Some(recognised),
            gated,
            first,
            main: None,
            limits: None,
            mark: Mark::default(),
        }
    }

    /// Of a call with unknown parameters. Only the request itself is sent. Its response can
    /// change.
    pub(crate) fn unseen(gated: GatedCall) -> Self {
        Self {
            recognised: None,
            gated,
            first: None,
            main: None,
            limits: None,
            mark: Mark::default(),
        }
    }

    /// The first request; `None` if it stays as it is, byte for byte.
    pub(crate) fn first(&mut self) -> Option<RequestParts> {
        self.first.take()
    }

    /// Whether a response with this status has to be read. If not, it is passed on, and the
    /// exchange is over.
    pub(crate) fn wants(&self, status: u16) -> bool {
        self.main.is_some() || self.gated.wants_reply(status)
    }

    /// The limits for the next response.
    pub(crate) fn limits(&mut self, budget: Budget) -> Limits {
        let limits = self.limits.get_or_insert_with(|| {
            let (registry, reservation) = self.gated.reservation(budget);
            Limits {
                budget,
                registry,
                reservation,
            }
        });
        limits.clone()
    }

    /// Takes a response that was not read to its end. Returns the response for the program, or
    /// the request for a smaller page.
    #[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
    pub(crate) async fn take_unread<R: GateResponse<Head = H>>(
        &mut self,
        unread: Unread<R>,
    ) -> Result<R, RequestParts> {
        let response = match unread {
            Unread::Broken(broken) => {
                return Ok(self.interrupted().await.map_or(broken, GateResponse::answer));
            }
            #[cfg(feature = "reqwest")]
            Unread::Late(late) => {
                if (200..300).contains(&late.status())
                    && let Some(written) = self.in_time().await
                {
                    return Err(written);
                }
                return Ok(self.interrupted().await.map_or(late, GateResponse::answer));
            }
            #[cfg(feature = "reqwest")]
            Unread::Elsewhere(response) => {
                tracing::warn!(
                    http.response.status_code = response.status(),
                    "the client behind the gate has followed a redirect: the reply goes on as it came"
                );
                return Ok(self.interrupted().await.map_or(response, GateResponse::answer));
            }
            Unread::Beyond(response) => response,
        };
        let status = response.status();
        let is_success = (200..300).contains(&status);
        if is_success && let Some(written) = self.page(GatedCall::shrink_page).await {
            return Err(written);
        }
        if let Some(answer) = self.interrupted().await {
            tracing::warn!(
                http.response.status_code = status,
                "a reply to an extra request is larger than the gate reads, or found no memory in time"
            );
            return Ok(GateResponse::answer(answer));
        }
        if is_success && self.gated.planned().changes_result() {
            tracing::warn!(
                http.response.status_code = status,
                "a reply is larger than the gate reads, or found no memory in time: it cannot be translated, \
                 and goes on as an error"
            );
            return Ok(GateResponse::answer(untranslated(response.into_head(), status)));
        }
        tracing::warn!(
            http.response.status_code = status,
            "a reply is larger than the gate reads, or found no memory in time: it goes on as it came"
        );
        Ok(response)
    }

    /// The request for a smaller page of events, if the response came too late. There is one at
    /// most.
    #[cfg(feature = "reqwest")]
    pub(crate) async fn in_time(&mut self) -> Option<RequestParts> {
        self.page(GatedCall::shrink_page_after_timeout).await
    }

    async fn page(&mut self, smaller: fn(&mut GatedCall) -> Option<u64>) -> Option<RequestParts> {
        let recognised = Arc::clone(self.recognised.as_ref()?);
        let _: u64 = smaller(&mut self.gated)?;
        let call = self.gated.call().clone();
        let is_long = offload::is_long_call(&call);
        Some(offload::run_if(is_long, move || recognised.write(&call)).await)
    }

    /// Takes a response, and returns the next step. Must not be called after the answer.
    pub(crate) async fn take(mut self, head: H, received: Received) -> Next<H> {
        let reservation = self.limits.as_ref().map(|limits| limits.reservation.clone());
        let reservation = reservation.unwrap_or_default();
        let mark = self.gated.planned().changes_result().then(|| self.mark.clone());
        let is_long = offload::is_long(&received.body);
        let reading = move || read(received, mark.as_ref());
        let (received, reply, own) = offload::run_in(reservation.clone(), is_long, reading).await;
        let is_of_api = matches!(reply, Reply::Result(_) | Reply::Error(_));
        // The call may be sent again in another form, or as several calls. Their responses count.
        // Responses to work that follows the call do not.
        let main = match self.main.take() {
            Some(main) if !self.gated.planned().is_of_call() => main,
            // If a part of the call is done, a response that is not of the API is no answer.
            Some(main) if !is_of_api && self.gated.is_partly_done() => main,
            _ => Main {
                head,
                received,
                is_long,
                original: match &reply {
                    Reply::Result(_) => own.map_or(Original::Result, Original::Changing),
                    reply => Original::Other(reply.clone()),
                },
            },
        };
        match (self.gated.take(reply).await, self.recognised) {
            (GatedStep::Done(done), _) => {
                let reply = main.translated(done.reply_of_whole());
                Next::Answer(answer_of(main, reply, self.mark, reservation).await)
            }
            (GatedStep::Send(gated), Some(recognised)) => {
                let own = Arc::clone(&recognised);
                let (gated, written) = gated.off_workers(move |gated| own.write(gated.call())).await;
                let on = Self {
                    recognised: Some(recognised),
                    gated,
                    first: None,
                    main: Some(main),
                    limits: self.limits,
                    mark: self.mark,
                };
                Next::Send(Box::new(on), written)
            }
            (GatedStep::Send(_), None) => Next::Answer(Answer::unchanged(main.head, main.received)),
        }
    }

    /// The answer to the call, if an extra request could not be sent, or got no readable
    /// response.
    pub(crate) async fn interrupted(&mut self) -> Option<Answer<H>> {
        let reply = self.gated.lost()?;
        let main = self.main.take()?;
        let reservation = self.limits.as_ref().map(|limits| limits.reservation.clone());
        Some(answer_of(main, reply, self.mark.clone(), reservation.unwrap_or_default()).await)
    }
}

impl<H> Main<H> {
    /// The reply in its newer form. A result without a newer form becomes an error: the result of
    /// another method is no answer.
    fn translated(&self, reply: Reply) -> Reply {
        match (&self.original, reply) {
            (Original::Changing(_), Reply::Malformed(malformed)) => unreadable(&malformed.what),
            (_, reply) => reply,
        }
    }
}

/// The answer in place of a result of an older method that was not read.
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
fn untranslated<H>(head: H, status: u16) -> Answer<H> {
    const WHAT: &str = "a reply that is larger than the gate reads, or found no memory in time: ask for less at a \
                        time, or raise `max_reply_bytes`, `max_reply_values` or `reply_memory`";
    let received = Received {
        status,
        ..Received::default()
    };
    let rewritten = rewrite(&received, None, unreadable(WHAT));
    Answer::new(head, received, rewritten)
}

/// Reads a response. For a result that may be changed, it returns the hash.
fn read(received: Received, mark: Option<&Mark>) -> (Received, Reply, Option<u64>) {
    let location = received.location.as_deref();
    let values = received.values;
    let reply = Reply::read_hiding(received.status, location, &received.body, Vec::new, values);
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

async fn answer_of<H>(main: Main<H>, reply: Reply, mark: Mark, reservation: MemoryReservation) -> Answer<H> {
    let Main {
        head,
        received,
        is_long,
        original,
    } = main;
    let is_long = is_long || offload::is_long_reply(&reply);
    let rewriting = move || {
        let rewritten = rewritten(&received, original, &mark, reply);
        (received, rewritten)
    };
    let (received, rewritten) = offload::run_in(reservation, is_long, rewriting).await;
    Answer::new(head, received, rewritten)
}

/// The reply if the portal has answered, and its result cannot be translated.
fn unreadable(what: &str) -> Reply {
    let text = format!("the call may have run, and its result is not known: {what}");
    let body = json!({"result": true, "error": MALFORMED_REPLY, "error_description": text});
    Reply::read(400, None, body.to_string().as_bytes())
}
