//! Bots that poll, on portals that only push.
//!
//! `imbot.v2.Bot.register` with `eventMode` "fetch" needs a portal with `imbot.v2.Event.get`. On any other portal the
//! server registers its own address for the bot, and answers `Event.get` from its journal.

use std::time::{SystemTime, UNIX_EPOCH};

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};
use imbot_caps::gate::GateMiddleware;
use imbot_caps::wire::Call;
use imbot_caps::{Feature, Portal, Registry};
use serde_json::{Map, Value, json};
use url::Url;

use super::journal::Journal;
use super::receive::journal_failure;
use super::settings::{Bot, Bots, Wants};
use crate::body::ProxyBody;
use crate::code;
use crate::failure::{Failure, json_response};

/// The events that are kept for bots.
pub(crate) struct Kept {
    pub(crate) bots: Bots,
    pub(crate) journal: Journal,
    pub(crate) registry: Registry,
    /// Where the server listens.
    pub(crate) own: String,
}

/// What becomes of a call.
pub(crate) enum Taken {
    /// It goes to the portal.
    Pass(reqwest::Request),
    /// The server has answered it.
    Answer(Response<ProxyBody>),
}

impl Kept {
    /// Answers `Event.get` of a bot whose events are kept, and registers such a bot for pushed events.
    pub(crate) async fn take(&self, call: reqwest::Request) -> Result<Taken, Failure> {
        if !self.is_concerned(call.url()) {
            return Ok(Taken::Pass(call));
        }
        let Some((_, read)) = GateMiddleware::recognise(&call) else {
            return Ok(Taken::Pass(call));
        };
        let token = read
            .params()
            .get("botToken")
            .or_else(|| read.params().get("fields")?.get("botToken"));
        let Some(bot) = token
            .and_then(Value::as_str)
            .and_then(|token| self.bots.kept(call.url(), token))
        else {
            return Ok(Taken::Pass(call));
        };
        if !self.is_pushed(bot, call.url()).await? {
            return Ok(Taken::Pass(call));
        }
        match is_event_get(read.method()) {
            true => self.page(bot, &read).await.map(Taken::Answer),
            false => self.register(bot, call, read).await.map(Taken::Pass),
        }
    }

    /// A quick look at the method, so that no other call is read twice.
    fn is_concerned(&self, url: &Url) -> bool {
        let method = url.path().rsplit('/').next().unwrap_or_default();
        let method = method.strip_suffix(".json").unwrap_or(method);
        (is_event_get(method) || is_registration(method)) && self.bots.keeps(url)
    }

    /// Whether the portal pushes the events of the bot. Once it does, that stays: the offsets of the bot are those of
    /// the journal.
    async fn is_pushed(&self, bot: &Bot, url: &Url) -> Result<bool, Failure> {
        let is_pushed = self.journal.is_pushed(&bot.name).await;
        if is_pushed.map_err(|error| journal_failure(&error))? {
            return Ok(true);
        }
        let mut builder = Portal::builder();
        if url.scheme() == "http" {
            builder = builder.allow_http();
        }
        let webhook = url.as_str().split(['?', '#']).next().unwrap_or_default();
        let webhook = webhook.rsplit_once('/').map_or(webhook, |(webhook, _)| webhook);
        let Ok(portal) = builder.webhook(&format!("{webhook}/")) else {
            return Ok(false);
        };
        // If the portal cannot be asked, the gate says what happens to the call.
        let caps = self.registry.caps(&portal).await;
        Ok(caps.is_ok_and(|caps| !caps.supports(Feature::ImbotV2EventGet)))
    }

    async fn page(&self, bot: &Bot, call: &Call) -> Result<Response<ProxyBody>, Failure> {
        let wrong = |text: &str| Failure::new(StatusCode::BAD_REQUEST, code::REFUSED, text);
        let number = |name: &str| call.params().get(name).and_then(number);
        let Some(bot_id) = number("botId") else {
            return Err(wrong("imbot.v2.Event.get needs `botId`"));
        };
        if call.params().get("withUserEvents").is_some_and(is_truthy) {
            return Err(wrong(
                "the server keeps the events of the bot alone: leave `withUserEvents` out",
            ));
        }
        let limit = number("limit").unwrap_or(100).clamp(1, 1_000);
        let limit = u16::try_from(limit).unwrap_or(100);
        let page = self
            .journal
            .page(&bot.name, bot_id, number("offset"), limit)
            .await;
        let (page, date) = page.map_err(|error| journal_failure(&error))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default().as_secs();
        // The official client for JavaScript fails without `time`, which each reply of a portal has.
        let time = json!({
            "start": now, "finish": now, "duration": 0, "processing": 0, "date_start": date, "date_finish": date,
            "operating_reset_at": now.saturating_add(600), "operating": 0,
        });
        Ok(json_response(
            StatusCode::OK,
            &json!({"result": page, "time": time}),
        ))
    }

    /// The registration of a bot that polls, with the address of the server.
    async fn register(
        &self,
        bot: &Bot,
        mut request: reqwest::Request,
        call: Call,
    ) -> Result<reqwest::Request, Failure> {
        let mut params: Map<String, Value> = call.params().clone();
        let Some(Value::Object(fields)) = params.get_mut("fields") else {
            return Ok(request);
        };
        let mode = fields.get("eventMode").and_then(Value::as_str);
        if !mode.is_some_and(|mode| mode.eq_ignore_ascii_case("fetch")) {
            return Ok(request);
        }
        let address = match &bot.wants {
            Wants::Keep {
                address: Some(address),
            } => address.to_string(),
            _ => bot.address_at(&self.own),
        };
        fields.insert("eventMode".to_owned(), "webhook".into());
        fields.insert("webhookUrl".to_owned(), address.into());
        let set = self.journal.set_pushed(&bot.name).await;
        set.map_err(|error| journal_failure(&error))?;
        tracing::info!(
            imbot_caps.bot = bot.name,
            rpc.method = call.method(),
            "a bot that polls was registered for pushed events, which the server keeps"
        );
        *request.method_mut() = Method::POST;
        request.url_mut().set_query(None);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        *request.body_mut() = Some(Value::Object(params).to_string().into());
        Ok(request)
    }
}

fn is_event_get(method: &str) -> bool {
    method.eq_ignore_ascii_case(Feature::ImbotV2EventGet.as_str())
}

fn is_registration(method: &str) -> bool {
    [Feature::ImbotV2BotRegister, Feature::ImbotV2BotUpdate]
        .iter()
        .any(|own| method.eq_ignore_ascii_case(own.as_str()))
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
