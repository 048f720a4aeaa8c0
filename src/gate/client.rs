//! A small client for bots: it sends calls through a gate, over the registry's transport.

use std::time::Duration;

use serde_json::{Map, Value};

use super::gate::Gate;
use super::gated::{GatedCall, GatedStep};
use super::portal_gate::PortalGate;
use crate::event::BotEvent;
use crate::offload;
use crate::plan::{PlannedCall, Refused};
use crate::portal::Portal;
use crate::portal_client::{CallOptions, NoReply, PortalClient};
use crate::registry::{Handle, Registry};
use crate::transport::TransportError;
use crate::wire::budget::Budget;
use crate::wire::redact::Finder;
use crate::wire::{self, BATCH, BatchReplies, Call, ParamsError, Reply};

mod commands;
mod error;
mod method;
mod reference;
mod secrets;
mod typed;

pub use commands::{Batch, BatchCommand};
pub use error::CallError;
pub use reference::{ReferenceError, ResultReference};

use method::is_name;
use secrets::secrets_of;

/// A client for one portal. Write its calls for the newest imbot.v2. Cheap to clone.
///
/// ```no_run
/// use imbot_caps::{Portal, Registry};
/// use serde_json::json;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let registry = Registry::new();
/// let client = registry.client(&Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/")?);
/// let sent = client
///     .call("imbot.v2.Chat.Message.send", json!({
///         "botId": 7, "botToken": "t0ken", "dialogId": "chat5",
///         "fields": {"message": "Hello", "system": true},
///     }))
///     .await?;
/// println!("sent as {}", sent["id"]);
/// # Ok(())
/// # }
/// ```
///
/// # What is sent, and how often
///
/// A call is sent once. It is sent again only if the portal's reply proves that it did not run
/// (for errors: [`proves_not_run`](crate::wire::ApiError::proves_not_run)):
///
/// - The access token has expired: once.
/// - The portal redirects to an address that [`Redirects`](crate::transport::Redirects) allow:
///   once.
/// - The method is absent, and the table has another form of the call: once, after the portal
///   was asked for its revision.
///
/// If a page of events is too large or comes too late, the call is sent again for a
/// [smaller page](Self::max_reply_bytes). Any other failure is an error.
/// [`CallError::may_have_run`] says whether a repeat could do the work twice. The client has no
/// rate limit: use a [`Transport`](crate::transport::Transport) with one.
#[derive(Clone, Debug)]
pub struct Client {
    portal_gate: PortalGate,
    timeout: Duration,
    budget: Budget,
}

/// The default time to wait for a reply.
const TIMEOUT: Duration = Duration::from_secs(60);

impl Registry {
    /// A client for a portal, with a [`Gate`] of its own and default settings. If clients have
    /// to share a policy and a report, make them by one gate: [`Gate::client`]. No I/O.
    #[must_use]
    pub fn client(&self, portal: &Portal) -> Client {
        Gate::new(self).client(portal)
    }
}

impl Gate {
    /// A client for a portal, with this gate. No I/O.
    #[must_use]
    pub fn client(&self, portal: &Portal) -> Client {
        Client {
            portal_gate: self.portal(portal),
            timeout: TIMEOUT,
            budget: Budget::CALL,
        }
    }
}

impl Client {
    /// The same client with another time to wait for each reply; 60 seconds by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same client with another limit of bytes for a reply; 16 MiB by default. A longer reply
    /// is [`TransportError::TooLong`]. The limit for an error reply is 64 KiB at most.
    ///
    /// If the reply to `imbot.v2.Event.get` or `im.v2.Event.get` is too large, the call is sent
    /// again for half as many events, down to one. If it does not come in
    /// [time](Self::timeout), the call is sent once more for a tenth of them. Nothing is lost,
    /// since a portal deletes only events below `offset`.
    #[must_use]
    pub fn max_reply_bytes(mut self, bytes: usize) -> Self {
        self.budget.bytes = bytes;
        self
    }

    /// The same client with another limit of JSON values for a reply, names of members among
    /// them; 524,288 by default. A reply with more values is [`TransportError::TooMany`].
    ///
    /// This limit bounds the memory of a reply: about 180 bytes for a value at worst.
    #[must_use]
    pub fn max_reply_values(mut self, values: usize) -> Self {
        self.budget.values = values;
        self
    }

    /// The portal's handle.
    #[must_use]
    pub fn portal(&self) -> &Handle {
        &self.portal_gate.handle
    }

    /// The gate.
    #[must_use]
    pub fn gate(&self) -> &Gate {
        &self.portal_gate.gate
    }

    /// Counts the form of an event that was read.
    pub(super) fn observe_event(&self, event: &BotEvent) {
        self.portal_gate.observe_event(event);
    }

    /// What the gate would do with a call now. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`Refused`] if the gate would not send the call.
    pub fn plan<'c>(&self, call: &'c Call) -> Result<PlannedCall<'c>, Box<Refused>> {
        self.portal_gate.planned(call)
    }

    /// Calls a method with the parameters of an object, and returns its result as the
    /// newest imbot.v2 gives it.
    ///
    /// Not cancel-safe: a dropped call may have run. If your handler can be dropped, run the call
    /// in a task of its own, for example with `tokio::spawn`.
    ///
    /// # Errors
    ///
    /// [`CallError`]: the gate refused the call and sent nothing, the portal refused the call, or
    /// no reply came.
    pub async fn call(&self, method: impl Into<String>, params: Value) -> Result<Value, CallError> {
        let params = match params {
            Value::Object(params) => params,
            Value::Null => Map::new(),
            _ => return Err(CallError::Params(ParamsError::NotAnObject)),
        };
        self.send_call(Call::with_params(method, params)).await
    }

    /// [`call`](Self::call) with a [`Call`].
    ///
    /// If the method is `batch`, its references stay and the portal's result is returned as
    /// it is. Only the call's secrets are removed from error codes that the crate does not
    /// know. Error codes in the replies of [`batch`](Self::batch) compare equal to what the
    /// portal sent.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn send_call(&self, call: Call) -> Result<Value, CallError> {
        let is_batch = call.method().eq_ignore_ascii_case(BATCH);
        let (result, secrets) = self.run(call).await?;
        if !is_batch {
            return Ok(result);
        }
        let is_long = offload::is_long_value(&result);
        let hidden = move || {
            let mut reply = Reply::Result(result);
            wire::hide_codes(&mut reply, &borrowed(&secrets));
            reply
        };
        result_of(offload::run_if(is_long, hidden).await)
    }

    /// The result of a call. If the call is a batch, the result may hold errors. Their codes are
    /// unchanged, and the secrets that these may contain come with it.
    async fn run(&self, call: Call) -> Result<(Value, Vec<Box<str>>), CallError> {
        if !is_name(call.method()) {
            return Err(CallError::InvalidMethod);
        }
        let is_batch = call.method().eq_ignore_ascii_case(BATCH);
        let is_long = offload::is_long_call(&call);
        // Those of a large call are found before it is sent, off the runtime's workers.
        let find_secrets = move || (is_long.then(|| secrets_of(&call)), call);
        let (secrets, call) = offload::run_if(is_long, find_secrets).await;
        let asked = call.clone();
        let mut gated = GatedCall::begin(&self.portal_gate, call, is_long)
            .await
            .map_err(CallError::Refused)?;
        let find_secrets = move || secrets.unwrap_or_else(|| secrets_of(&asked));
        let registry = self.portal_gate.gate.registry();
        let terms = CallOptions {
            budget: self.budget,
            timeout: Some(self.timeout),
            ..registry.call_options()
        };
        let mut caller =
            PortalClient::new(terms, self.portal_gate.handle.portal()).with_secrets(find_secrets);
        let of_batch = |caller: &PortalClient<'_>| match is_batch {
            true => owned(caller.secrets()),
            false => Vec::new(),
        };
        loop {
            let sent = caller.call(gated.call(), gated.is_long()).await;
            if caller.has_renewed() {
                self.portal_gate.handle.take_confirmed_address();
            }
            let reply = match sent {
                Ok(exchange) => exchange.reply,
                Err(no_reply) if self.is_too_large(&no_reply) && gated.shrink_page().is_some() => {
                    continue;
                }
                Err(NoReply::Transport(TransportError::Timeout))
                    if gated.shrink_page_after_timeout().is_some() =>
                {
                    continue;
                }
                Err(no_reply) => {
                    let is_partly_done = gated.is_partly_done();
                    return match gated.reply_lost() {
                        Some(done) => result_of(done.into_reply()).map(|result| (result, of_batch(&caller))),
                        None => Err(in_part(is_partly_done, no_reply.into())),
                    };
                }
            };
            let done = match gated.take(reply).await {
                GatedStep::Send(next) => {
                    gated = next;
                    continue;
                }
                GatedStep::Done(done) => done,
            };
            let is_partly_done = done.is_partly_done();
            let mut reply = done.into_reply();
            if let Reply::Error(error) = &mut reply {
                // The error may be one of a batch.
                error.code.hide(&Finder::of(&caller.secrets()));
            }
            let result = result_of(reply).map_err(|error| in_part(is_partly_done, error));
            return result.map(|result| (result, of_batch(&caller)));
        }
    }

    /// Whether a success was too large to be read. Errors do not count: a smaller call would get
    /// the same error.
    fn is_too_large(&self, no_reply: &NoReply) -> bool {
        match no_reply {
            NoReply::Transport(TransportError::TooLong { limit }) => *limit >= self.budget.bytes,
            NoReply::Transport(TransportError::TooMany { limit }) => *limit >= self.budget.values,
            _ => false,
        }
    }

    /// Sends several calls in one request, in this order. Each call is planned by itself, and its
    /// reply has its key. A portal takes up to 50 calls. It continues after a call that fails,
    /// unless the batch [halts](Batch::halt). In a batch all parameters are text.
    ///
    /// A later call refers to the reply of an earlier one by a [`ResultReference`].
    ///
    /// A portal replaces text such as `$result[a][b]` in a parameter by a part of another reply.
    /// Users may write such text, and it has no escape. So a batch with such text is refused:
    /// send that call by itself. A portal replaces a run of characters without white space that
    /// begins with `$` and one of the names `result`, `next`, `total`, `time` and `error`, in
    /// upper or lower case, and has `[…]` that is not empty (source: `processBatchElement` in
    /// the module `rest`).
    ///
    /// ```no_run
    /// use imbot_caps::gate::{Batch, ResultReference};
    /// use imbot_caps::wire::Call;
    /// use serde_json::json;
    ///
    /// # async fn run(client: imbot_caps::gate::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let add = Call::new("imbot.v2.Chat.add")
    ///     .with("botId", 7)
    ///     .with("fields", json!({"title": "Team"}));
    /// let greet = Call::new("imbot.v2.Chat.Message.send")
    ///     .with("botId", 7)
    ///     .with("fields", json!({"message": "Hello"}))
    ///     .with_reference("dialogId", ResultReference::to("add").at("chat.dialogId"));
    /// let replies = client
    ///     .batch(Batch::new().call("add", add).call("greet", greet))
    ///     .await?;
    /// println!("{:?}", replies.get("greet"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Not cancel-safe, as [`call`](Self::call).
    ///
    /// # Errors
    ///
    /// [`CallError`] of the batch as a whole. If the gate refuses one command, nothing is sent,
    /// since other commands may refer to it. The error has its key. With
    /// [`CallError::LooksLikeReference`], [`CallError::Reference`], [`CallError::SameKey`],
    /// [`CallError::Unsupported`] and [`CallError::InvalidMethod`] nothing is sent either.
    pub async fn batch(&self, batch: impl Into<Batch>) -> Result<BatchReplies, CallError> {
        let batch = batch.into();
        let needs = batch.needs();
        let call = offload::run_if(batch.is_long(), move || batch.into_call()).await?;
        let needs = self.portal_gate.require(&needs).await;
        needs.map_err(CallError::Unsupported)?;
        let (result, secrets) = self.run(call).await?;
        let is_long = offload::is_long_value(&result);
        let read = move || {
            let mut replies = BatchReplies::read(result)?;
            replies.hide(&borrowed(&secrets));
            Some(replies)
        };
        let replies = offload::run_if(is_long, read).await;
        replies.ok_or(CallError::NotABatchReply)
    }
}

/// The error of a call for which several calls were sent.
fn in_part(is_partly_done: bool, error: CallError) -> CallError {
    match is_partly_done {
        true => CallError::Partly(Box::new(error)),
        false => error,
    }
}

fn result_of(reply: Reply) -> Result<Value, CallError> {
    match reply {
        Reply::Result(result) => Ok(result),
        Reply::Error(error) => Err(CallError::Api(error)),
        Reply::Redirect { location } => Err(CallError::Moved { to: location }),
        Reply::Malformed(malformed) => Err(CallError::Malformed(malformed)),
    }
}

fn owned(secrets: Vec<&str>) -> Vec<Box<str>> {
    secrets.into_iter().map(Box::from).collect()
}

fn borrowed(secrets: &[Box<str>]) -> Vec<&str> {
    secrets.iter().map(|secret| &**secret).collect()
}
