//! Bots that poll, on portals that only push.
//!
//! `imbot.v2.Bot.register` with `eventMode` "fetch" needs a portal with `imbot.v2.Event.get`. On any other portal the
//! server registers its own address for the bot, and answers `Event.get` from its journal: as a call, and as a
//! command of a batch.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method, Response, StatusCode};
use http_body_util::BodyExt;
use imbot_caps::gate::GateMiddleware;
use imbot_caps::plan::lacks_client_id;
use imbot_caps::portal::StaticToken;
use imbot_caps::wire::{BATCH, Call};
use imbot_caps::{Caps, Feature, Portal, Registry};
use serde_json::{Map, Value, json};
use url::Url;

use super::batch;
use super::journal::Journal;
use super::owner::Owners;
use super::receive::journal_failure;
use super::settings::{Bot, Bots, Wants};
use crate::body::{ProxyBody, whole};
use crate::code;
use crate::failure::{Failure, json_response};
use crate::way::Way;

/// Reading a body of more bytes than this takes long.
const LONG: usize = 256 * 1024;

/// The most bytes and values of a reply that the server completes, as of those that the gate reads.
const ANSWER: usize = 16 * 1024 * 1024;
const VALUES: usize = 524_288;

/// The parameters with the access token of an application.
const CREDENTIALS: [&str; 2] = ["auth", "access_token"];

/// The events that are kept for bots.
pub(crate) struct Kept {
    pub(crate) bots: Bots,
    pub(crate) journal: Journal,
    pub(crate) registry: Registry,
    /// Where the server listens.
    pub(crate) own: String,
    pub(crate) owners: Owners,
}

/// What becomes of a call.
pub(crate) enum Taken {
    /// It goes to the portal.
    Pass(reqwest::Request),
    /// The server has answered it.
    Answer(Response<ProxyBody>),
    /// This goes to the portal in its place. Its reply goes to [`Kept::finish`].
    Send(reqwest::Request, After),
}

/// What is left to do after the reply of the portal.
#[derive(Default)]
pub(crate) struct After {
    /// The bots that are registered for pushed events, with the command of the batch.
    registered: Vec<(Option<String>, Arc<Bot>)>,
    batch: Option<HeldBatch>,
}

/// A batch without the commands that the server answers.
struct HeldBatch {
    /// The keys of all commands.
    order: Vec<String>,
    held: Vec<(String, Page)>,
    /// The held commands that are wrong: their errors.
    wrong: Vec<(String, Value)>,
    /// Whether the first error ends the batch.
    halts: bool,
}

/// A page of events that a bot asks for.
struct Page {
    bot: Arc<Bot>,
    bot_id: u64,
    offset: Option<u64>,
    limit: u16,
}

/// Who sent a request.
struct Caller<'r> {
    url: &'r Url,
    /// The application and its token; `None` for a webhook.
    application: Option<(String, Arc<StaticToken>)>,
}

impl Kept {
    /// Answers `Event.get` of a bot whose events are kept, and registers such a bot for pushed events.
    pub(crate) async fn take(&self, request: reqwest::Request, way: &Way) -> Result<Taken, Failure> {
        if !self.concerns(request.url()) {
            return Ok(Taken::Pass(request));
        }
        let (request, read) = recognise(request).await?;
        let Some(call) = read else {
            return Ok(Taken::Pass(request));
        };
        let commands = match call.method().eq_ignore_ascii_case(BATCH) {
            false => None,
            true => match commands_of_kept(request.url(), &call) {
                None => return Ok(Taken::Pass(request)),
                commands => commands,
            },
        };
        let caller = Caller {
            url: request.url(),
            application: self.application(&request, way).await,
        };
        let taken = match commands {
            None => self.take_call(&caller, &call).await?,
            Some(commands) => self.take_batch(&caller, &call, commands).await?,
        };
        match taken {
            None => Ok(Taken::Pass(request)),
            Some(Done::Answer(answer)) => Ok(Taken::Answer(answer)),
            Some(Done::Send(params, after)) => Ok(Taken::Send(with_params(request, params), after)),
        }
    }

    /// A quick look at the method, so that no other call is read twice.
    pub(crate) fn concerns(&self, url: &Url) -> bool {
        let path = url.path().trim_end_matches('/');
        let method = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        // Whoever escapes a letter of a method has it read.
        let is_ours = method.contains('%') || {
            let method = method.strip_suffix(".json").unwrap_or(&method);
            is_event_get(method) || is_registration(method) || method == BATCH
        };
        is_ours && self.bots.keeps(url)
    }

    /// The application that a request is of, if the events of an application of this portal are kept.
    async fn application(&self, request: &reqwest::Request, way: &Way) -> Option<(String, Arc<StaticToken>)> {
        if !self.bots.keeps_for_application(request.url()) {
            return None;
        }
        let endpoint = endpoint_of_call(request.url())?;
        let token = token_of(request)?;
        let owner = self.owners.of(&endpoint, &token, way).await?;
        Some((owner.application, owner.token))
    }

    /// The bot of a call, if the caller has shown that it is its own: by its token, or by an access token of its
    /// application.
    fn bot_of(&self, caller: &Caller<'_>, call: &Call) -> Option<Arc<Bot>> {
        let token = call
            .params()
            .get("botToken")
            .or_else(|| call.params().get("fields")?.get("botToken"));
        let by_token = token
            .and_then(Value::as_str)
            .and_then(|token| self.bots.kept(caller.url, token));
        let by_application = || {
            let (application, _) = caller.application.as_ref()?;
            self.bots.kept_for_application(caller.url, application)
        };
        by_token.or_else(by_application).cloned()
    }

    /// What becomes of a call, or of a command of a batch.
    async fn fate(&self, caller: &Caller<'_>, call: &Call) -> Result<Fate, Failure> {
        if !is_of_kept(call) {
            return Ok(Fate::Pass);
        }
        let Some(bot) = self.bot_of(caller, call) else {
            return Ok(Fate::Pass);
        };
        if is_event_get(call.method()) {
            return Ok(match self.is_pushed(caller, &bot).await? {
                true => Fate::Hold(Page::of(&bot, call)),
                false => Fate::Pass,
            });
        }
        let params = self.registration(caller, &bot, call).await?;
        Ok(params.map_or(Fate::Pass, |params| Fate::Change(params, bot)))
    }

    async fn take_call(&self, caller: &Caller<'_>, call: &Call) -> Result<Option<Done>, Failure> {
        match self.fate(caller, call).await? {
            Fate::Pass => Ok(None),
            Fate::Hold(Err(text)) => Err(Failure::new(StatusCode::BAD_REQUEST, code::REFUSED, text)),
            Fate::Hold(Ok(page)) => {
                let (page, date) = self.page(&page).await?;
                let answer = json!({"result": page, "time": time(&date)});
                Ok(Some(Done::Answer(json_response(StatusCode::OK, &answer))))
            }
            Fate::Change(params, bot) => {
                let after = After {
                    registered: vec![(None, bot)],
                    batch: None,
                };
                Ok(Some(Done::Send(params, after)))
            }
        }
    }

    async fn take_batch(
        &self,
        caller: &Caller<'_>,
        whole: &Call,
        commands: Vec<Command>,
    ) -> Result<Option<Done>, Failure> {
        let halt = batch::parameter(whole.params(), "halt").map(|(_, halt)| halt);
        let mut held = HeldBatch {
            order: commands.iter().map(|(key, ..)| key.clone()).collect(),
            held: Vec::new(),
            wrong: Vec::new(),
            halts: halt.is_some_and(is_truthy),
        };
        let mut after = After::default();
        let mut sent = Map::new();
        let mut passed: Vec<Call> = Vec::new();
        let mut is_changed = false;
        for (key, command, call) in commands {
            let fate = match &call {
                Some(call) => self.fate(caller, call).await?,
                None => Fate::Pass,
            };
            is_changed |= !matches!(fate, Fate::Pass);
            let refers_to_any = || {
                call.as_ref()
                    .is_some_and(|call| batch::refers(call.params(), None))
            };
            match fate {
                Fate::Hold(_) if refers_to_any() => return Err(refers()),
                Fate::Hold(Ok(page)) => held.held.push((key, page)),
                Fate::Hold(Err(text)) => {
                    let error = json!({"error": code::REFUSED, "error_description": text});
                    held.wrong.push((key, error));
                    if held.halts {
                        break;
                    }
                }
                Fate::Change(params, bot) => {
                    let method = call.as_ref().map_or("", Call::method);
                    sent.insert(key.clone(), batch::command_of(method, &params).into());
                    passed.push(Call::with_params(method, params));
                    after.registered.push((Some(key), bot));
                }
                Fate::Pass => {
                    sent.insert(key, command.into());
                    passed.extend(call);
                }
            }
        }
        if !is_changed {
            return Ok(None);
        }
        if passed.iter().any(|call| held.is_referred_to(call)) {
            return Err(refers());
        }
        if sent.is_empty() {
            let answer = self.complete(&held, batch::empty(), true).await;
            return Ok(Some(Done::Answer(json_response(StatusCode::OK, &answer))));
        }
        let mut params = whole.params().clone();
        if let Some((name, _)) = batch::parameter(whole.params(), "cmd") {
            params.insert(name.clone(), Value::Object(sent));
        }
        if !held.held.is_empty() || !held.wrong.is_empty() {
            after.batch = Some(held);
        }
        Ok(Some(Done::Send(params, after)))
    }

    /// Whether the portal pushes the events of the bot. Once it does, that stays: the offsets of the bot are those of
    /// the journal.
    async fn is_pushed(&self, caller: &Caller<'_>, bot: &Bot) -> Result<bool, Failure> {
        if self.is_pushed_in_journal(bot).await? {
            return Ok(true);
        }
        Ok(self
            .caps(caller, false)
            .await
            .is_some_and(|caps| lacks_event_get(&caps)))
    }

    /// What is known of the portal. If the portal cannot be asked, the gate says what happens to the call.
    async fn caps(&self, caller: &Caller<'_>, is_asked: bool) -> Option<Caps> {
        let handle = self.registry.handle(&portal_of(caller)?);
        match is_asked {
            true => handle.refresh().await.ok(),
            false => handle.ready_for(Feature::ImbotV2EventGet).await.ok(),
        }
    }

    /// A page in the form of `imbot.v2.Event.get`, and the date.
    async fn page(&self, page: &Page) -> Result<(Value, String), Failure> {
        let read = self
            .journal
            .page(&page.bot.name, page.bot_id, page.offset, page.limit)
            .await;
        read.map_err(|error| journal_failure(&error))
    }

    /// The registration of a bot that polls, with the address of the server; `None` if it goes to the portal as it is.
    async fn registration(
        &self,
        caller: &Caller<'_>,
        bot: &Bot,
        call: &Call,
    ) -> Result<Option<Map<String, Value>>, Failure> {
        let mut params: Map<String, Value> = call.params().clone();
        let Some(Value::Object(fields)) = params.get_mut("fields") else {
            return Ok(None);
        };
        let polls = match fields.get("eventMode") {
            // A portal lets such a bot poll.
            None | Some(Value::Null) => is_first_registration(call.method()),
            Some(mode) => mode
                .as_str()
                .is_some_and(|mode| mode.eq_ignore_ascii_case("fetch")),
        };
        if !polls {
            return Ok(None);
        }
        let is_pushed = self.is_pushed_in_journal(bot).await?;
        let mut caps = self.caps(caller, false).await;
        if !is_pushed {
            if !caps.is_some_and(|caps| lacks_event_get(&caps)) {
                return Ok(None);
            }
            // From now on it stays so, and the portal may have been upgraded since it was asked.
            caps = self.caps(caller, true).await;
            if !caps.is_some_and(|caps| lacks_event_get(&caps)) {
                return Ok(None);
            }
        }
        fields.insert("eventMode".to_owned(), "webhook".into());
        let mut address = match &bot.wants {
            Wants::Keep {
                address: Some(address),
            } => address.to_string(),
            _ => bot.address_at(&self.own),
        };
        fields.insert("webhookUrl".to_owned(), address.clone().into());
        // The older API writes the parameter itself.
        let lacks_events = |caps: Caps| {
            !lacks_event_get(&caps) && caps.check(Feature::WebhookEventsWithoutClientId).is_unsupported()
        };
        if caller.application.is_none()
            && caps.is_some_and(lacks_events)
            && lacks_client_id(call.method(), &params)
            && let Some(token) = bot.token()
        {
            // Such a portal drops the events of a webhook's bot without it.
            let sign = if address.contains('?') { '&' } else { '?' };
            let token: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
            address.push_str(&format!("{sign}CLIENT_ID={token}"));
            if let Some(Value::Object(fields)) = params.get_mut("fields") {
                fields.insert("webhookUrl".to_owned(), address.into());
            }
        }
        Ok(Some(params))
    }

    async fn is_pushed_in_journal(&self, bot: &Bot) -> Result<bool, Failure> {
        let is_pushed = self.journal.is_pushed(&bot.name).await;
        is_pushed.map_err(|error| journal_failure(&error))
    }

    /// Does what is left after the reply of the portal, and completes the reply.
    pub(crate) async fn finish(
        &self,
        after: After,
        response: Response<ProxyBody>,
    ) -> Result<Response<ProxyBody>, Failure> {
        let (mut head, body) = response.into_parts();
        let body = read_whole(body).await?;
        if values_of(&body) > VALUES {
            return Err(unread("the reply has more than 524,288 values"));
        }
        let reply: Value = serde_json::from_slice(&body).unwrap_or_default();
        if head.status.is_success() && !reply.get("error").is_some_and(is_truthy) {
            for (key, bot) in &after.registered {
                let is_done = match key {
                    Some(key) => batch::succeeded(&reply, key),
                    None => reply.get("result").is_some(),
                };
                if is_done {
                    self.set_pushed(bot).await;
                }
            }
        }
        let Some(held) = after.batch else {
            return Ok(Response::from_parts(head, whole(body)));
        };
        if batch::failed(&reply).is_none() {
            // The portal ran no command.
            return Ok(Response::from_parts(head, whole(body)));
        }
        let completed = self.complete(&held, reply, false).await;
        head.headers.remove(CONTENT_LENGTH);
        Ok(Response::from_parts(head, whole(completed.to_string().into())))
    }

    /// The portal has registered the bot for pushed events.
    async fn set_pushed(&self, bot: &Bot) {
        match self.journal.set_pushed(&bot.name).await {
            Ok(()) => tracing::info!(
                imbot_caps.bot = bot.name,
                "a bot that polls was registered for pushed events, which the server keeps"
            ),
            // Its first event says it, too.
            Err(error) => tracing::error!(error.message = %error, "the journal of events failed"),
        }
    }

    /// Puts the answers to the held commands into the reply of a batch.
    async fn complete(&self, held: &HeldBatch, mut reply: Value, is_own: bool) -> Value {
        let first_failed = held.first_of(&batch::failed(&reply).unwrap_or_default());
        let mut date = String::new();
        for (key, page) in &held.held {
            if !held.runs(key, first_failed) {
                continue;
            }
            match self.page(page).await {
                Ok((events, now)) => {
                    batch::put(&mut reply, "result", key, events, &held.order);
                    batch::put(&mut reply, "result_time", key, time(&now), &held.order);
                    date = now;
                }
                // Other commands may have run.
                Err(failure) => {
                    let error = json!({"error": failure.code, "error_description": failure.text});
                    batch::put(&mut reply, "result_error", key, error, &held.order);
                }
            }
        }
        for (key, error) in &held.wrong {
            if held.runs(key, first_failed) {
                batch::put(&mut reply, "result_error", key, error.clone(), &held.order);
            }
        }
        if is_own && let Some(members) = reply.as_object_mut() {
            members.insert("time".to_owned(), time(&date));
        }
        reply
    }
}

/// What becomes of a call, or of a command.
enum Fate {
    Pass,
    /// The server answers it: with a page, or with this error.
    Hold(Result<Page, &'static str>),
    /// The portal gets it with these parameters, which register this bot.
    Change(Map<String, Value>, Arc<Bot>),
}

/// What becomes of a request.
enum Done {
    Answer(Response<ProxyBody>),
    /// The call with these parameters goes to the portal.
    Send(Map<String, Value>, After),
}

impl HeldBatch {
    /// Whether a call refers to a command that the portal does not get.
    fn is_referred_to(&self, call: &Call) -> bool {
        let pages = self.held.iter().map(|(key, _)| key);
        let mut keys = pages.chain(self.wrong.iter().map(|(key, _)| key));
        keys.any(|key| batch::refers(call.params(), Some(key)))
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.order.iter().position(|own| own == key)
    }

    /// The place of the first of these commands.
    fn first_of(&self, keys: &[String]) -> Option<usize> {
        keys.iter().filter_map(|key| self.place(key)).min()
    }

    /// Whether a command runs: after the first error, a batch with `halt` runs none.
    fn runs(&self, key: &str, first_failed: Option<usize>) -> bool {
        !self.halts || first_failed.is_none_or(|failed| self.place(key) < Some(failed))
    }
}

impl Page {
    fn of(bot: &Arc<Bot>, call: &Call) -> Result<Self, &'static str> {
        let number = |name: &str| call.params().get(name).and_then(number);
        let bot_id = number("botId").ok_or("imbot.v2.Event.get needs `botId`")?;
        if call.params().get("withUserEvents").is_some_and(is_truthy) {
            return Err("the server keeps the events of the bot alone: leave `withUserEvents` out");
        }
        let limit = number("limit").unwrap_or(100).clamp(1, 1_000);
        Ok(Self {
            bot: Arc::clone(bot),
            bot_id,
            offset: number("offset"),
            limit: u16::try_from(limit).unwrap_or(100),
        })
    }
}

/// The key of a command, its text, and the call that it is.
type Command = (String, String, Option<Call>);

/// The commands of a batch, if one of them is about events that may be kept.
fn commands_of_kept(url: &Url, batch: &Call) -> Option<Vec<Command>> {
    let commands = batch::commands(batch.params())?.into_iter();
    let commands = commands.map(|(key, command)| (key, command.to_owned(), batch::call_of(url, command)));
    let commands: Vec<Command> = commands.collect();
    let is_kept = |call: &Option<Call>| call.as_ref().is_some_and(is_of_kept);
    commands
        .iter()
        .any(|(_, _, call)| is_kept(call))
        .then_some(commands)
}

/// The call of a request. A large one is read off the runtime's workers.
async fn recognise(request: reqwest::Request) -> Result<(reqwest::Request, Option<Call>), Failure> {
    let length = request
        .body()
        .and_then(reqwest::Body::as_bytes)
        .map_or(0, <[u8]>::len);
    let read = move || {
        let call = GateMiddleware::recognise(&request).map(|(_, call)| call);
        (request, call)
    };
    if length <= LONG {
        return Ok(read());
    }
    tokio::task::spawn_blocking(read).await.map_err(|_| {
        let text = "not sent. The request could not be read";
        Failure::new(StatusCode::BAD_REQUEST, code::BAD_REQUEST, text)
    })
}

/// The request with these parameters as JSON. Its credential stays.
fn with_params(mut request: reqwest::Request, mut params: Map<String, Value>) -> reqwest::Request {
    for (name, value) in credentials_of_body(&request) {
        params.insert(name, value.into());
    }
    let pairs = request.url().query_pairs();
    let credentials = pairs.filter(|(name, _)| CREDENTIALS.contains(&&**name));
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(credentials)
        .finish();
    request
        .url_mut()
        .set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
    *request.method_mut() = Method::POST;
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(CONTENT_TYPE, json);
    *request.body_mut() = Some(Value::Object(params).to_string().into());
    request
}

/// The access token of a request, in the order in which the gate looks for it.
fn token_of(request: &reqwest::Request) -> Option<String> {
    let in_body = credentials_of_body(request);
    let in_query = request.url().query_pairs().into_owned();
    let all: Vec<(String, String)> = in_body.into_iter().chain(in_query).collect();
    let of_params = CREDENTIALS
        .iter()
        .find_map(|name| all.iter().find(|(own, value)| own == name && !value.is_empty()));
    bearer(request.headers()).or_else(|| of_params.map(|(_, token)| token.clone()))
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
}

fn credentials_of_body(request: &reqwest::Request) -> Vec<(String, String)> {
    let body = request
        .body()
        .and_then(reqwest::Body::as_bytes)
        .unwrap_or_default();
    let mime = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|mime| mime.to_str().ok());
    let mime = mime.unwrap_or_default().to_ascii_lowercase();
    if mime.starts_with("application/json") {
        let read: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
        let found = CREDENTIALS.iter().filter_map(|name| {
            let value = read.get(*name)?.as_str()?;
            Some(((*name).to_owned(), value.to_owned()))
        });
        return found.collect();
    }
    let pairs = form_urlencoded::parse(body).into_owned();
    pairs
        .filter(|(name, _)| CREDENTIALS.contains(&name.as_str()))
        .collect()
}

/// The address of REST, if a call has its access token beside it: `https://acme.bitrix24.com/rest/`.
fn endpoint_of_call(url: &Url) -> Option<Url> {
    let path = url.path().trim_end_matches('/');
    let (before, _method) = path.rsplit_once('/')?;
    if before.rsplit('/').next() != Some("rest") {
        return None;
    }
    let mut endpoint = url.clone();
    endpoint.set_query(None);
    endpoint.set_path(&format!("{before}/"));
    Some(endpoint)
}

/// The portal of a call, with the credential of the call.
fn portal_of(caller: &Caller<'_>) -> Option<Portal> {
    let mut builder = Portal::builder();
    if caller.url.scheme() == "http" {
        builder = builder.allow_http();
    }
    if let Some((_, token)) = &caller.application {
        let endpoint = endpoint_of_call(caller.url)?;
        return builder.oauth(endpoint.as_str(), Arc::clone(token)).ok();
    }
    let mut webhook = caller.url.clone();
    webhook.set_query(None);
    let webhook = webhook.as_str().trim_end_matches('/');
    let (webhook, _method) = webhook.rsplit_once('/')?;
    builder.webhook(&format!("{webhook}/")).ok()
}

/// A portal of which this is unknown is asked by the call itself.
fn lacks_event_get(caps: &Caps) -> bool {
    caps.check(Feature::ImbotV2EventGet).is_unsupported()
}

/// An upper bound of the values in a text of JSON.
fn values_of(body: &[u8]) -> usize {
    let (mut count, mut is_text, mut is_escaped) = (1_usize, false, false);
    for byte in body {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'[' | b'{' | b',' | b':' if !is_text => count = count.saturating_add(1),
            _ => {}
        }
    }
    count
}

/// The whole body of a reply.
async fn read_whole(mut body: ProxyBody) -> Result<Bytes, Failure> {
    let mut whole = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| unread("the reply broke off"))?;
        let Ok(data) = frame.into_data() else { continue };
        if whole.len().saturating_add(data.len()) > ANSWER {
            return Err(unread("the reply is longer than 16 MiB"));
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.into())
}

fn unread(text: &str) -> Failure {
    let text = format!("the call may have run: {text}");
    Failure::new(StatusCode::BAD_GATEWAY, code::NO_ANSWER, text)
}

fn refers() -> Failure {
    let text = "not sent. The server answers imbot.v2.Event.get itself, so no command of the batch can refer to it, \
                and it to none: call it alone";
    Failure::new(StatusCode::BAD_REQUEST, code::REFUSED, text)
}

/// The official client for JavaScript fails without `time`, which each reply of a portal has.
fn time(date: &str) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.unwrap_or_default().as_secs();
    json!({
        "start": now, "finish": now, "duration": 0, "processing": 0, "date_start": date, "date_finish": date,
        "operating_reset_at": now.saturating_add(600), "operating": 0,
    })
}

fn is_of_kept(call: &Call) -> bool {
    is_event_get(call.method()) || is_registration(call.method())
}

fn is_event_get(method: &str) -> bool {
    method.eq_ignore_ascii_case(Feature::ImbotV2EventGet.as_str())
}

fn is_first_registration(method: &str) -> bool {
    method.eq_ignore_ascii_case(Feature::ImbotV2BotRegister.as_str())
}

fn is_registration(method: &str) -> bool {
    is_first_registration(method) || method.eq_ignore_ascii_case(Feature::ImbotV2BotUpdate.as_str())
}

/// A form has numbers as text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn is_truthy(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
        && value != ""
        && value != "0"
        && value != "N"
        && *value != 0
}
