//! What becomes of a call about kept events: the portal gets it, perhaps with other parameters, or the server answers it.

use std::sync::Arc;

use http::header::CONTENT_LENGTH;
use http::{Response, StatusCode};
use imbot_caps::gate::HttpCall;
use imbot_caps::wire::{BATCH, Call};
use serde_json::{Map, Value, json};

use super::batch;
use super::held_batch::{Command, HeldBatch, commands_of_kept};
use super::page::{Page, is_truthy};
use super::polling::{Caller, PollingEmulation, is_event_get, is_of_kept};
use super::reply::{read, time};
use super::settings::Bot;
use crate::body::{ProxyBody, whole};
use crate::code;
use crate::failure::{Failure, json_response};
use crate::upstream::Upstream;

/// Reading a body of more bytes than this takes long.
const LONG: usize = 256 * 1024;

/// What becomes of a call.
pub(crate) enum Interception {
    /// It goes to the portal.
    Pass(reqwest::Request),
    /// The server has answered it.
    Answer(Response<ProxyBody>),
    /// This goes to the portal in its place. Its reply goes to [`PollingEmulation::finish`].
    Send(reqwest::Request, After),
}

/// What is left to do after the reply of the portal.
#[derive(Default)]
pub(crate) struct After {
    /// The bots that are registered for pushed events, with the command of the batch.
    registered: Vec<(Option<String>, Arc<Bot>)>,
    batch: Option<HeldBatch>,
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

impl PollingEmulation {
    /// Answers `Event.get` of a bot whose events are kept, and registers such a bot for pushed events.
    pub(crate) async fn intercept(
        &self,
        request: reqwest::Request,
        upstream: &Upstream,
    ) -> Result<Interception, Failure> {
        if !self.concerns(request.url()) {
            return Ok(Interception::Pass(request));
        }
        let (request, read) = recognise(request).await?;
        let Some(read) = read else {
            return Ok(Interception::Pass(request));
        };
        let call = read.call();
        let commands = match call.method().eq_ignore_ascii_case(BATCH) {
            false => None,
            true => match commands_of_kept(request.url(), call) {
                None => return Ok(Interception::Pass(request)),
                commands => commands,
            },
        };
        let caller = Caller {
            url: request.url(),
            portal: read.portal(),
            has_access_token: read.access_token().is_some(),
            application: self.application(&request, &read, upstream).await,
        };
        let taken = match commands {
            None => self.take_call(&caller, call).await?,
            Some(commands) => self.take_batch(&caller, call, commands).await?,
        };
        match taken {
            None => Ok(Interception::Pass(request)),
            Some(Done::Answer(answer)) => Ok(Interception::Answer(answer)),
            Some(Done::Send(params, after)) => {
                let call = Call::with_params(call.method(), params);
                Ok(Interception::Send(read.with_call(&request, &call), after))
            }
        }
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
                let answer = json!({"result": self.page(&page).await?, "time": time()});
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
            let answer = self.complete(&held, batch::empty(time())).await;
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

    /// Puts the answers to the held commands into the reply of a batch.
    async fn complete(&self, held: &HeldBatch, mut reply: Value) -> Value {
        let first_failed = held.first_of(&batch::failed(&reply).unwrap_or_default());
        for (key, page) in &held.held {
            if !held.runs(key, first_failed) {
                continue;
            }
            match self.page(page).await {
                Ok(events) => {
                    batch::put(&mut reply, "result", key, events, &held.order);
                    batch::put(&mut reply, "result_time", key, time(), &held.order);
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
        reply
    }

    /// Does what is left after the reply of the portal, and completes the reply.
    pub(crate) async fn finish(
        &self,
        after: After,
        response: Response<ProxyBody>,
    ) -> Result<Response<ProxyBody>, Failure> {
        let (mut head, body) = response.into_parts();
        let body = read(body).await?;
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
        let completed = self.complete(&held, reply).await;
        head.headers.remove(CONTENT_LENGTH);
        Ok(Response::from_parts(head, whole(completed.to_string().into())))
    }
}

/// The call of a request. A large one is read off the runtime's workers.
async fn recognise(request: reqwest::Request) -> Result<(reqwest::Request, Option<HttpCall>), Failure> {
    let length = request
        .body()
        .and_then(reqwest::Body::as_bytes)
        .map_or(0, <[u8]>::len);
    let read = move || {
        let call = HttpCall::read(&request);
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

fn refers() -> Failure {
    let text = "not sent. The server answers imbot.v2.Event.get itself, so no command of the batch can refer to it, \
                and it to none: call it alone";
    Failure::new(StatusCode::BAD_REQUEST, code::REFUSED, text)
}
