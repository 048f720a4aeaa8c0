//! The older generation, `imbot.*`: parameters in upper case, errors of its own.

use serde_json::{Value as Json, json};

use imbot_caps::Feature;

use super::super::color;
use super::super::envelope::RestError;
use super::super::php::{self, Array, Key, Value};
use super::super::state::{Bot, Message, dialog_number};
use super::Call;
use super::bot::MAX_BOTS;
use super::buttons::{Extras, Sent, Strictness};
use super::handler::check_address;
use super::message::is_dialog;
use super::owner::custom_app_id;

pub(crate) mod chat;
pub(crate) mod command;
pub(crate) mod dialog;
pub(crate) mod message;
mod page;
pub(crate) mod people;
pub(crate) mod recent;

/// In whose name a method that bots and people share is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Actor {
    /// The bot of `BOT_ID`, or else the application's first.
    Bot,
    /// The person whose credential it is.
    User,
}

impl Actor {
    fn id(self, call: &Call<'_>) -> Result<u64, RestError> {
        match self {
            Self::Bot => acting_bot(call),
            Self::User => Ok(call.caller.user_id),
        }
    }
}

/// The v1 letters of bot types that have a name in imbot.v2; others are plain bots.
const TYPES: [(&str, &str); 2] = [("O", "openline"), ("S", "supervisor")];

/// Events that a registration must name an address for, and what errors call them.
const REQUIRED_EVENTS: [(&str, &str); 3] = [
    ("EVENT_MESSAGE_ADD", "Message add"),
    ("EVENT_WELCOME_MESSAGE", "Welcome message"),
    ("EVENT_BOT_DELETE", "Bot delete"),
];

/// The parameters that name an address, and the event each is for.
const EVENTS: [(&str, &str); 6] = [
    ("EVENT_MESSAGE_ADD", "ONIMBOTMESSAGEADD"),
    ("EVENT_WELCOME_MESSAGE", "ONIMBOTJOINCHAT"),
    ("EVENT_BOT_DELETE", "ONIMBOTDELETE"),
    ("EVENT_MESSAGE_UPDATE", "ONIMBOTMESSAGEUPDATE"),
    ("EVENT_MESSAGE_DELETE", "ONIMBOTMESSAGEDELETE"),
    ("EVENT_CONTEXT_GET", "ONIMBOTCONTEXTGET"),
];

/// Registers a bot and answers with its id; of a code that is taken, with the
/// id of the bot that has it, whoever owns it. Addresses are put down in any case.
pub(crate) fn register(call: &mut Call<'_>) -> Result<Json, RestError> {
    let app_id = app_id(call)?;
    let common_handler = text(&call.params, "EVENT_HANDLER");
    for (event, called) in REQUIRED_EVENTS {
        if common_handler.is_empty() && text(&call.params, event).is_empty() {
            return Err(RestError::new(
                format!("{event}_ERROR"),
                format!("Handler for \"{called}\" event isn't specified"),
            ));
        }
    }
    check_handlers(&call.params)?;
    let code = text(&call.params, "CODE");
    if code.is_empty() {
        return Err(RestError::new("CODE_ERROR", "Bot code isn't specified"));
    }
    let properties = array(&call.params, "PROPERTIES");
    if properties.get_any(&["NAME", "LAST_NAME"]).is_none() {
        return Err(RestError::new("NAME_ERROR", "Bot name isn't specified"));
    }
    if let Some(known) = call.state.bot_by_code(&code) {
        let id = known.id;
        let handlers = handlers(call, &call.params);
        subscribe(call, &app_id, handlers);
        return Ok(id.into());
    }
    let owned = call.state.bots.iter().filter(|bot| bot.app_id == app_id).count();
    // In the cloud alone, and gone from the source that brought imbot.v2.
    let build = &call.state.build;
    if owned >= MAX_BOTS && !build.is_on_premise() && !build.supports(Feature::ImbotV2BotList) {
        return Err(RestError::new(
            "MAX_COUNT_ERROR",
            format!("Has reached the maximum number of bots for application (max: {MAX_BOTS})"),
        ));
    }
    let letter = text(&call.params, "TYPE");
    let kind = TYPES
        .iter()
        .filter(|(v1, _)| *v1 != "S" || call.state.build.supports(Feature::BotTypeSupervisor))
        .find_map(|(v1, v2)| (*v1 == letter).then_some(*v2))
        .unwrap_or("bot");
    let handler = match common_handler.is_empty() {
        true => text(&call.params, "EVENT_MESSAGE_ADD"),
        false => common_handler,
    };
    let handler = own_handler(call, handler);
    let handlers = handlers(call, &call.params);
    let id = call.state.next_id();
    let bot = Bot {
        id,
        code,
        kind: kind.to_owned(),
        app_id,
        name: text(&properties, "NAME"),
        last_name: text(&properties, "LAST_NAME"),
        work_position: text(&properties, "WORK_POSITION"),
        color: color::by_code(&text(&properties, "COLOR"))
            .unwrap_or(color::DEFAULT)
            .to_owned(),
        event_mode: "webhook".to_owned(),
        webhook_url: Some(handler),
        is_v1: true,
        is_hidden: false,
        is_reactions_enabled: false,
        is_support_openline: kind == "openline" || text(&call.params, "OPENLINE") == "Y",
        background_id: None,
    };
    let app_id = bot.app_id.clone();
    call.state.bots.push(bot);
    subscribe(call, &app_id, handlers);
    Ok(id.into())
}

pub(crate) fn unregister(call: &mut Call<'_>) -> Result<Json, RestError> {
    let id = own_bot(call, &app_id(call)?)?.id;
    call.state.remove_bot(id);
    Ok(true.into())
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Json, RestError> {
    let mut bot = own_bot(call, &app_id(call)?)?.clone();
    let before = bot.clone();
    let fields = array(&call.params, "FIELDS");
    let properties = array(&fields, "PROPERTIES");
    check_handlers(&fields)?;
    for (slot, value) in [
        (&mut bot.code, fields.get("CODE")),
        (&mut bot.name, properties.get("NAME")),
        (&mut bot.last_name, properties.get("LAST_NAME")),
        (&mut bot.work_position, properties.get("WORK_POSITION")),
    ] {
        if let Some(value) = value {
            *slot = value.to_text();
        }
    }
    if bot.code.is_empty() {
        bot.code = before.code;
    }
    // Only where both are sent, and both empty.
    let sent = ["NAME", "LAST_NAME"].map(|key| properties.get(key).map(Value::to_text));
    if sent.iter().all(|name| name.as_deref() == Some("")) {
        return Err(RestError::new("NAME_ERROR", "Bot name isn't specified"));
    }
    let handler = fields.get_any(&["EVENT_HANDLER", "EVENT_MESSAGE_ADD"]);
    if let Some(handler) = handler {
        bot.webhook_url = Some(own_handler(call, handler.to_text()));
    }
    let openline = fields.get("OPENLINE").filter(|value| value.is_truthy());
    let is_stored = call.state.build.supports(Feature::BotUpdateOpenline);
    if let Some(openline) = openline.filter(|_| is_stored) {
        bot.is_support_openline = openline.to_text() == "Y";
    }
    let has_code = fields.get("CODE").is_some_and(Value::is_truthy);
    if !has_code && properties.is_empty() && handler.is_none() && openline.is_none() {
        return Err(RestError::new("WRONG_REQUEST", "Update fields can't be empty"));
    }
    let (id, app_id, handlers) = (bot.id, bot.app_id.clone(), handlers(call, &fields));
    if let Some(stored) = call.state.bot_mut(id) {
        *stored = bot;
    }
    subscribe(call, &app_id, handlers);
    Ok(true.into())
}

/// Each address that is sent can be one of a handler. Where `EVENT_HANDLER` is sent, it
/// stands for all that are not, and the first of them is blamed.
fn check_handlers(params: &Array) -> Result<(), RestError> {
    let common = text(params, "EVENT_HANDLER");
    for (event, _) in EVENTS {
        let own = text(params, event);
        check_handler(event, if own.is_empty() { &common } else { &own })?;
    }
    Ok(())
}

/// Whether the address for this event, if there is one, can be a handler's.
fn check_handler(event: &str, url: &str) -> Result<(), RestError> {
    match url.is_empty() {
        true => Ok(()),
        false => check_address(url).map_err(|error| error.with_code(format!("{event}_ERROR"))),
    }
}

/// Puts down where events go. An application has one address for each, which is that
/// of all its bots.
fn subscribe(call: &mut Call<'_>, app_id: &str, handlers: Vec<(&'static str, String)>) {
    let bots = call.state.bots.iter();
    let own: Vec<_> = bots
        .filter(|bot| bot.app_id == app_id)
        .map(|bot| bot.id)
        .collect();
    for (event, url) in handlers {
        for bot_id in &own {
            call.state.subscribe_v1(*bot_id, event, url.clone());
        }
    }
}

/// Which events are asked for, and where they shall go.
fn handlers(call: &Call<'_>, params: &Array) -> Vec<(&'static str, String)> {
    let names = call.state.event_names();
    let has = |event: &str| names.iter().any(|(_, name)| *name == event);
    let common = text(params, "EVENT_HANDLER");
    let address = |(name, event): (&str, &'static str)| {
        let own = text(params, name);
        let url = if own.is_empty() { common.clone() } else { own };
        (!url.is_empty() && has(event)).then(|| (event, own_handler(call, url)))
    };
    EVENTS.into_iter().filter_map(address).collect()
}

/// The address as it is put down: a webhook's with its token in the query, by which the
/// events are told whose they are.
fn own_handler(call: &Call<'_>, url: String) -> String {
    let token = call.params.get("CLIENT_ID").map(Value::to_text);
    match token.filter(|_| call.caller.client_id.is_none()) {
        Some(token) => {
            let sign = if url.contains('?') { '&' } else { '?' };
            format!("{url}{sign}CLIENT_ID={token}")
        }
        None => url,
    }
}

/// All bots of the portal by their ids, whoever owns them.
pub(crate) fn bot_list(call: &mut Call<'_>) -> Result<Json, RestError> {
    let has_numbers = call.state.build.supports(Feature::BotListIdInteger);
    let entry = |bot: &Bot| {
        let full_name = format!("{} {}", bot.name, bot.last_name);
        json!({
            "ID": if has_numbers { json!(bot.id) } else { json!(bot.id.to_string()) },
            "NAME": full_name.trim(),
            "CODE": bot.code,
            "OPENLINE": if bot.is_support_openline { "Y" } else { "N" },
        })
    };
    let bots = call.state.bots.iter().filter(|bot| bot.kind != "network");
    Ok(php::to_json(
        bots.map(|bot| (Key::from(bot.id.to_string().as_str()), entry(bot)))
            .collect(),
    ))
}

/// Sends a message and answers with its id.
pub(crate) fn message_add(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = acting_bot(call)?;
    let dialog_id = text(&call.params, "DIALOG_ID");
    if !is_dialog(&dialog_id) {
        return Err(RestError::new("DIALOG_ID_EMPTY", "Dialog ID can't be empty"));
    }
    let message = match call.params.get("MESSAGE") {
        Some(Value::Text(text)) => text.trim().to_owned(),
        _ => String::new(),
    };
    if message.is_empty() {
        return Err(RestError::new("MESSAGE_EMPTY", "Message can't be empty"));
    }
    let skip_connector = text(&call.params, "SKIP_CONNECTOR").to_uppercase() == "Y";
    let is = |key, letter| {
        call.params
            .get(key)
            .is_some_and(|value| loosely_is(value, letter))
    };
    let (is_system, url_preview) = (is("SYSTEM", "Y"), !is("URL_PREVIEW", "N"));
    let extras = extras(call, bot_id, Strictness::New)?;
    let chat_id = chat_to_write(call, bot_id, &dialog_id)?;
    let mut message = call.state.draft(bot_id, chat_id, &dialog_id, message);
    extras.put(&mut message);
    let id = call.state.post(Message {
        is_system,
        url_preview,
        skip_connector,
        silent_connector: skip_connector,
        ..message
    });
    Ok(id.into())
}

/// The chat that an actor writes to: one that there is, and where the actor is.
fn chat_to_write(call: &mut Call<'_>, actor: u64, dialog: &str) -> Result<u64, RestError> {
    if dialog_number(dialog).is_some_and(|(id, is_chat)| is_chat && call.state.chat(id).is_none()) {
        return Err(RestError::new("CHAT_ID", "Error creating message"));
    }
    let canceled = "You cannot send messages to the specified chat";
    let chat = call.state.chat_of(actor, dialog);
    chat.ok_or_else(|| RestError::new("CANCELED", canceled))
}

/// The attachment, keyboard and menu among the parameters, with the commands of this bot.
fn extras(call: &Call<'_>, bot_id: u64, strictness: Strictness) -> Result<Extras, RestError> {
    let sent = Sent {
        attach: call.params.get("ATTACH"),
        keyboard: call.params.get("KEYBOARD"),
        menu: call.params.get("MENU"),
        bot_id: i64::try_from(bot_id).unwrap_or_default(),
    };
    Extras::read(&call.state.build, sent, strictness)
}

/// Whether PHP's `==` holds with a letter: for a boolean, any letter is true.
fn loosely_is(value: &Value, letter: &str) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        other => other.to_text() == letter,
    }
}

fn app_id(call: &Call<'_>) -> Result<String, RestError> {
    match &call.caller.client_id {
        Some(client_id) => Ok(client_id.clone()),
        None => call
            .params
            .get("CLIENT_ID")
            .filter(|value| value.is_truthy())
            .map(|value| custom_app_id(&value.to_text()))
            .ok_or_else(|| RestError::access_denied("Client ID not specified")),
    }
}

fn own_bot<'c>(call: &'c Call<'_>, app_id: &str) -> Result<&'c Bot, RestError> {
    let id = call.params.get("BOT_ID").map_or(0, Value::to_int);
    let bot = u64::try_from(id).ok().and_then(|id| call.state.bot(id));
    let bot = bot.ok_or_else(bot_not_found)?;
    match bot.app_id == app_id {
        true => Ok(bot),
        false => Err(RestError::new(
            "APP_ID_ERROR",
            "Bot was installed by another rest application",
        )),
    }
}

/// The bot that `BOT_ID` names, or else the application's first.
fn acting_bot(call: &Call<'_>) -> Result<u64, RestError> {
    let app_id = app_id(call)?;
    match call.params.get("BOT_ID") {
        Some(_) => Ok(own_bot(call, &app_id)?.id),
        None => {
            let own = call.state.bots.iter().find(|bot| bot.app_id == app_id);
            Ok(own.ok_or_else(bot_not_found)?.id)
        }
    }
}

fn bot_not_found() -> RestError {
    RestError::new("BOT_ID_ERROR", "Bot not found")
}

fn text(params: &Array, key: &str) -> String {
    params.get(key).map(Value::to_text).unwrap_or_default()
}

fn array(params: &Array, key: &str) -> Array {
    params
        .get(key)
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}
