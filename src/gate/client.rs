//! A small client for bot authors: calls through a gate, over the registry's
//! transport.

use std::time::Duration;

use serde_json::{Map, Value};

use super::live::{Gate, Gated};
use super::passage::{Passage, Step};
use super::plan::Plan;
use crate::caller::{Caller, NoReply, Terms};
use crate::offload;
use crate::portal::Portal;
use crate::registry::{Handle, Registry};
use crate::table::path::{same_name, scalar};
use crate::transport::TransportError;
use crate::wire::budget::Budget;
use crate::wire::redact::Finder;
use crate::wire::{self, BatchReplies, Call, Reply, query};

mod commands;
mod error;

pub use commands::{Batch, Command, Reference};
pub use error::{CallError, ReferenceError};

/// A client for one portal, to be written against the newest imbot.v2. Cheap to clone.
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
/// A call is sent once. It is sent again only where the portal has said that it did not
/// run: the access token had expired (once), the portal redirects to where
/// [`Redirects`](crate::transport::Redirects) allow (once), or the method is absent and
/// the table knows another way (once, after the portal was asked for its revision). A page of
/// events that is too large or comes too late is asked for again in [smaller
/// parts](Self::reply_limit). What failed in any other way is an error, and
/// [`CallError::may_have_run`] tells whether repeating it could do the work twice. No limiter is built in: use a
/// [`Transport`](crate::transport::Transport) that has one.
#[derive(Clone, Debug)]
pub struct Client {
    gated: Gated,
    timeout: Duration,
    budget: Budget,
}

/// The most that a client waits for a reply, unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);

impl Registry {
    /// A client for a portal, behind a [`Gate`] of its own with default settings. Clients
    /// that are to share a policy and a report come from one gate: [`Gate::client`].
    /// No I/O.
    #[must_use]
    pub fn client(&self, portal: &Portal) -> Client {
        Gate::new(self).client(portal)
    }
}

impl Gate {
    /// A client for a portal, behind this gate. No I/O.
    #[must_use]
    pub fn client(&self, portal: &Portal) -> Client {
        Client {
            gated: self.portal(portal),
            timeout: TIMEOUT,
            budget: Budget::CALL,
        }
    }
}

impl Client {
    /// The same, waiting this long for each reply; 60 seconds unless said otherwise.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same client with another limit of bytes for a reply; 16 MiB by default. A longer reply
    /// is [`TransportError::TooLong`]. Of a reply that is an error, 64 KiB are read at most.
    ///
    /// If the reply to `imbot.v2.Event.get` or `im.v2.Event.get` is too large, the call is sent
    /// again for half as many events, down to one. If it does not come in
    /// [time](Self::timeout), the call is sent once more for a tenth of them. Nothing is lost,
    /// since a portal deletes only events below `offset`.
    #[must_use]
    pub fn reply_limit(mut self, bytes: usize) -> Self {
        self.budget.bytes = bytes;
        self
    }

    /// The same client with another limit of JSON values for a reply, names of members among
    /// them; 524,288 by default. A reply with more values is [`TransportError::TooMany`].
    ///
    /// This limit bounds the memory of a reply: about 180 bytes for a value at worst.
    #[must_use]
    pub fn reply_values(mut self, values: usize) -> Self {
        self.budget.values = values;
        self
    }

    /// The portal's handle.
    #[must_use]
    pub fn portal(&self) -> &Handle {
        &self.gated.handle
    }

    /// The gate.
    #[must_use]
    pub fn gate(&self) -> &Gate {
        &self.gated.gate
    }

    /// What would be done with a call by what is known now. Sends nothing.
    #[must_use]
    pub fn plan(&self, call: &Call) -> Plan {
        self.gated.plan(call)
    }

    /// Calls a method with the parameters of an object, and returns its result as the
    /// newest imbot.v2 gives it.
    ///
    /// Not cancel-safe: a call that is dropped may have run.
    ///
    /// # Errors
    ///
    /// [`CallError`]: the gate refused the call and sent nothing, the portal refused
    /// it, or no reply came.
    pub async fn call(&self, method: impl Into<String>, params: Value) -> Result<Value, CallError> {
        let params = match params {
            Value::Object(params) => params,
            Value::Null => Map::new(),
            _ => return Err(CallError::Params),
        };
        self.send(Call::of(method, params)).await
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
    pub async fn send(&self, call: Call) -> Result<Value, CallError> {
        let method = call.method().to_owned();
        let (result, secrets) = self.run(call).await?;
        let is_long = offload::is_long_value(&result);
        let hidden = move || {
            let mut reply = Reply::Result(result);
            wire::hide_codes(&method, &mut reply, &borrowed(&secrets));
            reply
        };
        result_of(offload::run_if(is_long, hidden).await)
    }

    /// The result of a call, with the codes in it as they came, and the secrets that
    /// these may hold.
    async fn run(&self, call: Call) -> Result<(Value, Vec<Box<str>>), CallError> {
        if !is_name(call.method()) {
            return Err(CallError::Method);
        }
        let is_long = offload::is_long_call(&call);
        let found = move || (secrets_of(&call), call);
        let (secrets, call) = offload::run_if(is_long, found).await;
        let mut passage = self.gated.begin(call).await.map_err(CallError::Refused)?;
        let registry = self.gated.gate.registry();
        let terms = Terms {
            budget: self.budget,
            timeout: Some(self.timeout),
            ..registry.terms()
        };
        let mut caller = Caller::new(terms, self.gated.handle.portal()).with_secrets(secrets);
        let mut next: Option<Call> = None;
        loop {
            let call = next.as_ref().unwrap_or_else(|| passage.first_call());
            let sent = caller.call(call.method(), call.params()).await;
            if caller.has_renewed() {
                self.gated.handle.hear();
            }
            let reply = match sent {
                Ok(exchange) => exchange.reply,
                Err(no_reply)
                    if self.is_too_large(&no_reply)
                        && let Some(call) = passage.smaller_page() =>
                {
                    next = Some(call);
                    continue;
                }
                Err(NoReply::Transport(TransportError::Timeout))
                    if let Some(call) = passage.page_in_time() =>
                {
                    next = Some(call);
                    continue;
                }
                Err(no_reply) => match passage.interrupted() {
                    Some(reply) => return result_of(reply).map(|result| (result, owned(caller.secrets()))),
                    None => return Err(in_part(&passage, no_reply.into())),
                },
            };
            let step;
            (passage, step) = passage.take(reply).await;
            match step {
                Step::Send(call) => next = Some(call),
                Step::Done(mut reply) => {
                    let secrets = owned(caller.secrets());
                    if let Reply::Error(error) = &mut reply {
                        // It may be made of a batch's.
                        error.code.hide(&Finder::of(&borrowed(&secrets)));
                    }
                    let result = result_of(reply).map_err(|error| in_part(&passage, error));
                    return result.map(|result| (result, secrets));
                }
            }
        }
    }

    /// Whether a success was too large to be read. Errors do not count: the error to a smaller call
    /// would be as large.
    fn is_too_large(&self, no_reply: &NoReply) -> bool {
        match no_reply {
            NoReply::Transport(TransportError::TooLong { limit }) => *limit >= self.budget.bytes,
            NoReply::Transport(TransportError::TooMany { limit }) => *limit >= self.budget.values,
            _ => false,
        }
    }

    /// Makes several calls in one request, in this order: each is planned by itself, and has
    /// its reply under its key. A portal takes up to 50, and goes on after a call that fails,
    /// unless the batch [halts](Batch::halt). All parameters become text on the way.
    ///
    /// A later call refers to the reply of an earlier one by a [`Reference`].
    ///
    /// A portal replaces such text as `$result[a][b]` in a parameter by a part of another
    /// reply. Users may write such text, and there is no other way to write it. So a batch
    /// with such text is refused: send that call by itself. A portal replaces a run of
    /// characters without white space that begins with `$` and one of the names `result`,
    /// `next`, `total`, `time` and `error`, in upper or lower case, and has `[…]` with
    /// something inside (`processBatchElement` in the module `rest`).
    ///
    /// ```no_run
    /// use imbot_caps::gate::{Batch, Reference};
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
    ///     .refer("dialogId", Reference::to("add").at("chat.dialogId"));
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
    /// [`CallError`] of the batch as a whole. When one command is refused by the gate
    /// nothing is sent, since others may refer to it; the error names its key. Nothing is
    /// sent either with [`CallError::LooksLikeReference`], [`CallError::Reference`],
    /// [`CallError::SameKey`] and [`CallError::Method`].
    pub async fn batch(&self, batch: impl Into<Batch>) -> Result<BatchReplies, CallError> {
        let batch = batch.into();
        let call = offload::run_if(batch.is_long(), move || batch.into_call()).await?;
        let (result, secrets) = self.run(call).await?;
        let is_long = offload::is_long_value(&result);
        let read = move || {
            let mut replies = BatchReplies::read(result)?;
            replies.hide(&borrowed(&secrets));
            Some(replies)
        };
        let replies = offload::run_if(is_long, read).await;
        replies.ok_or(CallError::NoBatch)
    }
}

/// The secrets among the parameters, at any depth: also in the commands of a batch, and in
/// the query of an address (`?CLIENT_ID=`).
fn secrets_of(call: &Call) -> Vec<Box<str>> {
    const NAMES: [&str; 7] = [
        "botToken",
        "clientId",
        "clientSecret",
        "auth",
        "accessToken",
        "refreshToken",
        "applicationToken",
    ];
    /// The most that are looked for in one text, and in all. Users may write such texts.
    const IN_TEXT: usize = 16;
    const IN_TEXTS: usize = 2048;
    let is_secret = |name: &str| NAMES.iter().any(|own| same_name(own, name));
    let mut secrets = Vec::new();
    let mut commands: Vec<&str> = Vec::new();
    let params = call.params().iter();
    let mut open: Vec<_> = params.map(|(name, value)| (name.as_str(), value)).collect();
    // Not by recursion: the depth is the caller's.
    while let Some((name, value)) = open.pop() {
        match value {
            Value::Object(members) => open.extend(members.iter().map(|(name, value)| (name.as_str(), value))),
            Value::Array(items) => open.extend(items.iter().map(|item| (name, item))),
            Value::String(text) => commands.extend(query_of(text)),
            _ => {}
        }
        let secret = scalar(value).filter(|_| is_secret(name));
        secrets.extend(secret.map(|secret| Box::from(&*secret)));
    }
    let in_text = |text: &str| -> Vec<Box<str>> {
        let values = query::values_of(text, &is_secret, IN_TEXT);
        values.map(String::into_boxed_str).collect()
    };
    let found = commands.iter().flat_map(|query| in_text(query));
    // The address of a bot in a command of a batch.
    let addresses = commands.iter().flat_map(|query| query::values_with(query, '?'));
    let deeper = addresses.flat_map(|address| query_of(&address).map(&in_text).unwrap_or_default());
    secrets.extend(found.chain(deeper).take(IN_TEXTS));
    secrets.sort_unstable();
    secrets.dedup();
    secrets
}

/// The query of an address, or the parameters of a batch's command.
fn query_of(text: &str) -> Option<&str> {
    let (address, _fragment) = text.split_once('#').unwrap_or((text, ""));
    address.split_once('?').map(|(_, query)| query)
}

fn owned(secrets: Vec<&str>) -> Vec<Box<str>> {
    secrets.into_iter().map(Box::from).collect()
}

fn borrowed(secrets: &[Box<str>]) -> Vec<&str> {
    secrets.iter().map(|secret| &**secret).collect()
}

/// Whether it is the name of a method and not a path to something else. A suffix
/// would choose the form of the reply.
fn is_name(method: &str) -> bool {
    let mut parts = method.split('.');
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let suffix = method.rsplit('.').next().unwrap_or_default();
    parts.all(is_part) && !["json", "xml"].contains(&suffix)
}

/// The error of a call that went out as several.
fn in_part(passage: &Passage, error: CallError) -> CallError {
    match passage.is_partly_done() {
        true => CallError::Partly(Box::new(error)),
        false => error,
    }
}

fn result_of(reply: Reply) -> Result<Value, CallError> {
    match reply {
        Reply::Result(result) => Ok(result),
        Reply::Error(error) => Err(CallError::Api(error)),
        Reply::Moved { location } => Err(CallError::Moved { to: location }),
        Reply::Malformed(malformed) => Err(CallError::Malformed(malformed)),
    }
}
