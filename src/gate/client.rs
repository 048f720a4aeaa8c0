//! A small client for bot authors: calls through a gate, over the registry's
//! transport.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use super::batch;
use super::live::{Gate, Gated};
use super::passage::Step;
use super::plan::Plan;
use super::refused::Refused;
use crate::caller::{Caller, NoReply, Terms};
use crate::portal::{Portal, TokenError};
use crate::registry::{Handle, Registry};
use crate::table::path::{member, scalar};
use crate::transport::TransportError;
use crate::wire::redact::shown;
use crate::wire::{self, ApiError, BATCH, BatchReplies, Call, Malformed, Reply};

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
/// the table knows another way (once, after the portal was asked for its revision). What
/// failed in any other way is an error, and [`CallError::may_have_run`] tells whether
/// repeating it could do the work twice. No limiter is built in: use a
/// [`Transport`](crate::transport::Transport) that has one.
#[derive(Clone, Debug)]
pub struct Client {
    gated: Gated,
    timeout: Duration,
    reply_limit: usize,
}

/// The most that a client waits for a reply, unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The most that a client reads of a reply, unless told otherwise, in bytes.
const REPLY_LIMIT: usize = 16 * 1024 * 1024;

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
            reply_limit: REPLY_LIMIT,
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

    /// The same, reading at most so much of a reply, in bytes; 16 MiB unless said
    /// otherwise.
    #[must_use]
    pub fn reply_limit(mut self, bytes: usize) -> Self {
        self.reply_limit = bytes;
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
    /// # Errors
    ///
    /// As there.
    pub async fn send(&self, call: Call) -> Result<Value, CallError> {
        let method = call.method().to_owned();
        let (result, secrets) = self.run(call).await?;
        let mut reply = Reply::Result(result);
        wire::hide_codes(&method, &mut reply, &borrowed(&secrets));
        result_of(reply)
    }

    /// The result of a call, with the codes in it as they came, and the secrets that
    /// these may hold.
    async fn run(&self, call: Call) -> Result<(Value, Vec<Box<str>>), CallError> {
        if !is_name(call.method()) {
            return Err(CallError::Method);
        }
        let secrets = tokens_of(&call);
        let mut passage = self.gated.begin(call).await.map_err(CallError::Refused)?;
        let registry = self.gated.gate.registry();
        let terms = Terms {
            body_limit: self.reply_limit,
            timeout: Some(self.timeout),
            ..registry.terms()
        };
        let mut caller = Caller::new(terms, self.gated.handle.portal()).with_secrets(secrets);
        let mut next: Option<Call> = None;
        loop {
            let call = next.as_ref().unwrap_or_else(|| passage.first_call());
            let reply = match caller.call(call.method(), call.params()).await {
                Ok(exchange) => exchange.reply,
                Err(no_reply) => match passage.interrupted() {
                    Some(reply) => return result_of(reply).map(|result| (result, owned(caller.secrets()))),
                    None => return Err(no_reply.into()),
                },
            };
            match passage.take(reply).await {
                Step::Send(call) => next = Some(call),
                Step::Done(mut reply) => {
                    let secrets = owned(caller.secrets());
                    if let Reply::Error(error) = &mut reply {
                        // It may be made of a batch's.
                        error.code.hide(&borrowed(&secrets));
                    }
                    return match (reply, passage.is_partly_done()) {
                        (Reply::Error(error), true) => Err(CallError::Partly(error)),
                        (reply, _) => result_of(reply).map(|result| (result, secrets)),
                    };
                }
            }
        }
    }

    /// Makes several calls in one request, in this order: each is planned by itself,
    /// and has its reply under its key. With `halt` the portal stops at the first that
    /// fails. A portal takes up to 50.
    ///
    /// A later call may refer to the reply of an earlier one, as batches do:
    /// `$result[key][id]`. All parameters become text on the way.
    ///
    /// Not cancel-safe, as [`call`](Self::call).
    ///
    /// # Errors
    ///
    /// [`CallError`] of the batch as a whole. When one command is refused by the gate
    /// nothing is sent, since others may refer to it; the error names its key.
    pub async fn batch<K: Into<String>>(
        &self,
        halt: bool,
        calls: impl IntoIterator<Item = (K, Call)>,
    ) -> Result<BatchReplies, CallError> {
        let mut commands: Map<String, Value> = Map::new();
        for (key, call) in calls {
            let key = key.into();
            if commands.contains_key(&key) {
                return Err(CallError::SameKey(shown(&key, &[])));
            }
            commands.insert(key, batch::command(&call).into());
        }
        let call = Call::new(BATCH)
            .with("halt", u8::from(halt))
            .with("cmd", commands);
        let (result, secrets) = self.run(call).await?;
        let mut replies = BatchReplies::read(result).ok_or(CallError::NoBatch)?;
        replies.hide(&borrowed(&secrets));
        Ok(replies)
    }
}

/// The tokens of bots among the parameters, in the commands of a batch too.
fn tokens_of(call: &Call) -> Vec<Box<str>> {
    const NAMES: [&str; 2] = ["botToken", "clientId"];
    let mut tokens = Vec::new();
    let mut look = |params: &Map<String, Value>| {
        let fields = member(params, "fields").and_then(|(_, fields)| fields.as_object());
        for members in std::iter::once(params).chain(fields) {
            let found = NAMES.iter().filter_map(|name| scalar(member(members, name)?.1));
            tokens.extend(
                found
                    .filter(|token| !token.is_empty())
                    .map(|token| Box::from(&*token)),
            );
        }
    };
    look(call.params());
    batch::commands(call).for_each(|command| look(batch::call_of(command).params()));
    tokens.sort_unstable();
    tokens.dedup();
    tokens
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

fn result_of(reply: Reply) -> Result<Value, CallError> {
    match reply {
        Reply::Result(result) => Ok(result),
        Reply::Error(error) => Err(CallError::Api(error)),
        Reply::Moved { location } => Err(CallError::Moved { to: location }),
        Reply::Malformed(malformed) => Err(CallError::Malformed(malformed)),
    }
}

/// Why a call has no result.
///
/// It shows neither the credential nor a token of the call, where these have eight
/// characters or more; shorter ones are not looked for in the portal's texts. Each
/// decision is made by what came: a code that holds the secret compares as it was sent.
/// Texts from outside are cut: `Display` and `Debug` have at most 4 KiB.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CallError {
    /// The gate refused it; nothing was sent.
    Refused(Box<Refused>),
    /// The portal refused it.
    Api(ApiError),
    /// The call went out as several older ones: the portal refused one of them, and what
    /// came before it is done.
    Partly(ApiError),
    /// The portal has moved, or a page stands in its place; the method did not run.
    Moved {
        /// The scheme, host and port that the portal has moved to; none when the
        /// redirect is no move but leads to a page.
        to: Option<String>,
    },
    /// What answered is none of the API: a proxy, a login page, half a body.
    Malformed(Malformed),
    /// No reply came.
    Transport(TransportError),
    /// There is no access token.
    Token(TokenError),
    /// The parameters are no object; nothing was sent.
    Params,
    /// The method is no name of one; nothing was sent.
    Method,
    /// Two calls of a batch have this key; nothing was sent.
    SameKey(String),
    /// The reply to a batch is none.
    NoBatch,
}

impl CallError {
    /// The gate's refusal, when it is one.
    #[must_use]
    pub fn refused(&self) -> Option<&Refused> {
        match self {
            CallError::Refused(refused) => Some(refused),
            _ => None,
        }
    }

    /// The portal's error, when it is one.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            CallError::Api(error) | CallError::Partly(error) => Some(error),
            _ => None,
        }
    }

    /// How long to wait before the call is repeated, counted from the answer, where one told:
    /// by the header `Retry-After`, by `retryAfter` in the body, or by the time at which a
    /// portal takes calls again; or where an authorisation server told it. The longest of
    /// them, and a day at most. See [`may_have_run`](Self::may_have_run) before repeating.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            CallError::Api(error) | CallError::Partly(error) => error.retry_after(),
            CallError::Malformed(malformed) => malformed.retry_after(),
            CallError::Token(error) => error.retry_after(),
            CallError::Refused(_)
            | CallError::Moved { .. }
            | CallError::Transport(_)
            | CallError::Params
            | CallError::Method
            | CallError::SameKey(_)
            | CallError::NoBatch => None,
        }
    }

    /// Whether the method may have run all the same, so that repeating the call could
    /// do its work twice.
    ///
    /// So it is of [`CallError::Partly`]: what came before has run.
    #[must_use]
    pub fn may_have_run(&self) -> bool {
        match self {
            CallError::Refused(_)
            | CallError::Moved { .. }
            | CallError::Token(_)
            | CallError::Params
            | CallError::Method
            | CallError::SameKey(_)
            | CallError::Transport(
                TransportError::Connect(_) | TransportError::Tls(_) | TransportError::Client(_),
            ) => false,
            CallError::Partly(_) | CallError::Malformed(_) | CallError::Transport(_) | CallError::NoBatch => {
                true
            }
            // What the method says is said before it does its work; of what broke on the
            // server nobody knows how far it came.
            CallError::Api(error) => {
                use crate::wire::Class;
                match error.class() {
                    Class::Transient => {
                        error.code != *"QUERY_LIMIT_EXCEEDED" && error.code != *"OPERATION_TIME_LIMIT"
                    }
                    Class::Failed | Class::Other => true,
                    _ => false,
                }
            }
        }
    }
}

impl From<NoReply> for CallError {
    fn from(no_reply: NoReply) -> Self {
        match no_reply {
            NoReply::Token(error) => CallError::Token(error),
            NoReply::Transport(error) => CallError::Transport(error),
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::Refused(refused) => write!(f, "{refused}"),
            CallError::Api(error) => write!(f, "the portal refused the call: {error}"),
            CallError::Partly(error) => write!(
                f,
                "the portal did a part of the call and refused the rest: {error}"
            ),
            CallError::Moved { to: Some(to) } => write!(
                f,
                "the portal has moved to {to}: call it there, or allow the redirect with `Redirects`"
            ),
            CallError::Moved { to: None } => f.write_str(
                "the portal, or a proxy before it, redirects to a page: its site is closed, its licence has expired, or a \
                 login is asked for",
            ),
            CallError::Malformed(malformed) => write!(f, "{malformed}"),
            CallError::Transport(error) => write!(f, "{error}"),
            CallError::Token(error) => write!(f, "{error}"),
            CallError::Params => f.write_str("the parameters of a call are a JSON object"),
            CallError::Method => {
                f.write_str("the name of a method is letters, digits, dots and underscores, without a suffix")
            }
            CallError::SameKey(key) => write!(f, "two calls of the batch have the key `{key}`"),
            CallError::NoBatch => f.write_str("the reply to the batch is none of a batch"),
        }
    }
}

impl std::error::Error for CallError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // It speaks for these, so what follows is the cause of theirs.
        match self {
            CallError::Refused(error) => error.source(),
            CallError::Api(error) | CallError::Partly(error) => error.source(),
            CallError::Transport(error) => error.source(),
            CallError::Token(error) => error.source(),
            _ => None,
        }
    }
}
