//! `imbot.v2.Bot.*`.

use serde_json::{Value as Json, json};

use imbot_caps::Feature;

use super::super::color;
use super::super::envelope::RestError;
use super::super::php::{Array, Value};
use super::super::state::{Bot, State};
use super::card::of_bot as user;
use super::image::{self, NoImage};
use super::owner::{bot_not_found, custom_app_id};
use super::{Call, done, is_yes};

/// The types of bots by their names in imbot.v2.
const TYPES: [&str; 5] = ["bot", "network", "openline", "supervisor", "personal"];

/// The backgrounds that a chat with a bot may have.
const BACKGROUNDS: [&str; 9] = [
    "azure",
    "mint",
    "steel",
    "slate",
    "teal",
    "cornflower",
    "sky",
    "peach",
    "frost",
];

/// The longest botToken, in characters, where its length is limited.
const MAX_TOKEN: usize = 40;

/// Bots of one application in the cloud.
pub(super) const MAX_BOTS: usize = 100;

/// Registers a bot, or answers with the one this application has of that code.
pub(crate) fn register(call: &mut Call<'_>) -> Result<Json, RestError> {
    let app_id = registering_app_id(call)?;
    let fields = call.fields()?;
    let code = text(&fields, &["code", "CODE"]).unwrap_or_default();
    if code.is_empty() {
        return Err(RestError::new("BOT_CODE_REQUIRED", "Bot code is required"));
    }
    let properties = properties(&fields);
    let name = text(&properties, &["name", "NAME"]).unwrap_or_default();
    if name.is_empty() {
        return Err(RestError::new(
            "BOT_PROPERTIES_REQUIRED",
            "Bot properties are required",
        ));
    }
    let event_mode = event_mode(&fields)?.unwrap_or_else(|| "fetch".to_owned());
    let webhook_url = text(&fields, &["webhookUrl", "WEBHOOK_URL"]).filter(|url| !url.is_empty());
    if event_mode == "webhook" && webhook_url.is_none() {
        return Err(RestError::new(
            "BOT_WEBHOOK_URL_REQUIRED",
            "Webhook URL is required for webhook event mode",
        ));
    }
    if let Some(known) = call.state.bot_by_code(&code) {
        return match known.app_id == app_id {
            true => Ok(card(call, known)),
            false => Err(RestError::new(
                "BOT_CODE_ALREADY_TAKEN",
                "Bot with this code already exists",
            )),
        };
    }
    let owned = call.state.bots.iter().filter(|bot| bot.app_id == app_id).count();
    // In the cloud alone, and gone from the source of the build that has rotation.
    let build = &call.state.build;
    if owned >= MAX_BOTS && !build.is_on_premise() && !build.supports(Feature::BotTokenRotation) {
        return Err(RestError::new(
            "BOT_LIMIT_EXCEEDED",
            "Bot registration limit exceeded",
        ));
    }
    let kind = text(&fields, &["type", "TYPE"]).unwrap_or_else(|| "bot".to_owned());
    if !TYPES.contains(&kind.as_str()) {
        return Err(RestError::new("BOT_INVALID_TYPE", "Invalid bot type"));
    }
    if event_mode == "webhook" && !webhook_url.as_deref().is_some_and(is_callback) {
        return Err(RestError::new("BOT_INVALID_CALLBACK", "Invalid callback URL"));
    }
    check_avatar(&properties)?;
    let flag = |keys: &[&str], default| fields.get_any(keys).map_or(default, is_yes);
    // A bot of this type is in open lines whatever the call says.
    let is_support_openline =
        kind == "openline" || flag(&["isSupportOpenline", "IS_SUPPORT_OPENLINE"], false);
    let bot = Bot {
        id: call.state.next_id(),
        code,
        kind,
        app_id,
        name,
        last_name: text(&properties, &["lastName", "LAST_NAME"]).unwrap_or_default(),
        work_position: text(&properties, &["workPosition", "WORK_POSITION"]).unwrap_or_default(),
        color: color(call, &properties).unwrap_or_else(|| color::DEFAULT.to_owned()),
        event_mode,
        webhook_url,
        is_v1: false,
        is_hidden: flag(&["isHidden", "IS_HIDDEN"], false),
        is_reactions_enabled: flag(&["isReactionsEnabled", "IS_REACTIONS_ENABLED"], true),
        is_support_openline,
        background_id: text(&fields, &["backgroundId", "BACKGROUND_ID"]).and_then(|id| background(call, id)),
    };
    let answer = card(call, &bot);
    let id = bot.id;
    call.state.bots.push(bot);
    call.state.subscribe(id);
    Ok(answer)
}

/// Registration alone takes the botToken inside `fields` too.
fn registering_app_id(call: &Call<'_>) -> Result<String, RestError> {
    let inside = call
        .params
        .get_any(&["fields", "FIELDS"])
        .and_then(Value::as_array)
        .and_then(|fields| text(fields, &["botToken", "BOT_TOKEN"]))
        .filter(|token| !token.is_empty());
    let app_id = match (call.app_id(), inside) {
        (Err(_), Some(token)) => custom_app_id(&token),
        (app_id, _) => app_id?,
    };
    let is_custom = call.caller.client_id.is_none();
    if is_custom
        && call.state.build.supports(Feature::BotTokenLengthLimit)
        && app_id.chars().count() > custom_app_id("").len() + MAX_TOKEN
    {
        return Err(token_too_long());
    }
    Ok(app_id)
}

fn token_too_long() -> RestError {
    RestError::new("BOT_TOKEN_INVALID_LENGTH", "Bot token is too long")
}

pub(crate) fn unregister(call: &mut Call<'_>) -> Result<Json, RestError> {
    let id = call.own_bot(&call.app_id()?)?.id;
    call.state.remove_bot(id);
    done()
}

/// Changes what `fields` name. A `webhookUrl` that is none is passed over in
/// silence, as everything is that a revision does not know: below the one with
/// token rotation, the call succeeds and the old botToken stays.
pub(crate) fn update(call: &mut Call<'_>) -> Result<Json, RestError> {
    let app_id = call.app_id()?;
    let fields = call.fields()?;
    let mut bot = call.own_bot(&app_id)?.clone();
    if let Some(app_id) = rotated_app_id(call, &bot, &fields)? {
        bot.app_id = app_id;
    }
    if let Some(mode) = event_mode(&fields)? {
        bot.event_mode = mode;
    }
    let properties = properties(&fields);
    check_avatar(&properties)?;
    let url = text(&fields, &["webhookUrl"]).filter(|url| !url.is_empty());
    // Module im has refused it since 26.600.0, which some builds of the release before have,
    // too. The release with the limit is the first of which all have.
    let is_refused = call.state.build.supports(Feature::BotTokenLengthLimit) && bot.event_mode == "webhook";
    if is_refused && url.as_deref().is_some_and(|url| !is_callback(url)) {
        return Err(RestError::new("BOT_INVALID_CALLBACK", "Invalid callback URL"));
    }
    let changes_openline = call.state.build.supports(Feature::SupportOpenlineUpdate);
    for (slot, keys) in [
        (&mut bot.name, ["name", "NAME"]),
        (&mut bot.last_name, ["lastName", "LAST_NAME"]),
        (&mut bot.work_position, ["workPosition", "WORK_POSITION"]),
    ] {
        if let Some(new) = text(&properties, &keys) {
            *slot = new;
        }
    }
    if let Some(color) = color(call, &properties) {
        bot.color = color;
    }
    for (slot, key) in [
        (&mut bot.is_hidden, "isHidden"),
        (&mut bot.is_reactions_enabled, "isReactionsEnabled"),
        (&mut bot.is_support_openline, "isSupportOpenline"),
    ] {
        let is_known = key != "isSupportOpenline" || changes_openline;
        if let Some(value) = fields.get_any(&[key]).filter(|_| is_known) {
            *slot = is_yes(value);
        }
    }
    // A background is replaced and never taken away.
    let new_background = text(&fields, &["backgroundId"]).and_then(|id| background(call, id));
    bot.background_id = new_background.or(bot.background_id);
    let has_url = url.as_deref().is_some_and(is_callback);
    if let Some(url) = url.filter(|_| has_url) {
        bot.webhook_url = Some(url);
    }
    let answer = card(call, &bot);
    let id = bot.id;
    let moves = |old: &Bot| (&old.event_mode, &old.webhook_url) != (&bot.event_mode, &bot.webhook_url);
    // A bot of the older API has no handlers of imbot.v2 yet.
    let lacks_handlers = has_url && !call.state.is_subscribed(id);
    let moves = call.state.bot(id).is_some_and(moves) || lacks_handlers;
    if moves {
        call.state.unsubscribe(id);
    }
    let polls = |old: &Bot| old.event_mode == "fetch";
    if bot.event_mode == "webhook" && call.state.bot(id).is_some_and(polls) {
        call.state.forget_events(id);
    }
    if let Some(stored) = call.state.bot_mut(id) {
        *stored = bot;
    }
    if moves {
        call.state.subscribe(id);
    }
    Ok(answer)
}

/// Who owns the bot after a rotation, when one is asked for and known here.
fn rotated_app_id(call: &Call<'_>, bot: &Bot, fields: &Array) -> Result<Option<String>, RestError> {
    let token = text(fields, &["botToken"]).filter(|token| !token.is_empty());
    let is_custom = call.caller.client_id.is_none();
    let Some(token) = token.filter(|_| is_custom && call.state.build.supports(Feature::BotTokenRotation))
    else {
        return Ok(None);
    };
    if token.chars().count() > MAX_TOKEN {
        return Err(token_too_long());
    }
    let app_id = custom_app_id(&token);
    let is_taken = |other: &Bot| other.id != bot.id && other.app_id == app_id;
    match call.state.bots.iter().any(is_taken) {
        // Says no more, so that nobody learns of another's token.
        true => Err(RestError::new(
            "BOT_TOKEN_ROTATION_FAILED",
            "Bot token rotation failed",
        )),
        false => Ok(Some(app_id)),
    }
}

/// One bot, by id or code; of another's bot less is told.
pub(crate) fn get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let app_id = call.app_id()?;
    let id = call
        .text_any(&["botId", "BOT_ID"])
        .map_or(0, |id| Value::Text(id).to_int());
    let bot = match (u64::try_from(id), call.text_any(&["code", "CODE"])) {
        (Ok(id @ 1..), _) => call.state.bot(id),
        (_, Some(code)) => call.state.bot_by_code(&code),
        (_, None) => {
            return Err(RestError::new("PARAMS_REQUIRED", "botId or code is required"));
        }
    };
    let bot = bot.ok_or_else(bot_not_found)?;
    let shown = match bot.app_id == app_id {
        true => owners_view(call.state, bot),
        false => common_view(bot),
    };
    Ok(json!({"bot": shown, "users": [user(bot)]}))
}

/// This application's bots, a page of them.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Json, RestError> {
    let app_id = call.app_id()?;
    let kind = call
        .params
        .get("filter")
        .and_then(Value::as_array)
        .and_then(|filter| text(filter, &["type"]))
        .filter(|kind| TYPES.contains(&kind.as_str()));
    let limit = usize::try_from(call.int_or("limit", 50)?).unwrap_or_default();
    let offset = usize::try_from(call.int_or("offset", 0)?).unwrap_or_default();
    let page: Vec<_> = call
        .state
        .bots
        .iter()
        .filter(|bot| bot.app_id == app_id && kind.as_ref().is_none_or(|kind| *kind == bot.kind))
        .skip(offset)
        .take(limit)
        .collect();
    Ok(json!({
        "bots": page.iter().map(|bot| owners_view(call.state, bot)).collect::<Vec<_>>(),
        "users": page.iter().map(|bot| user(bot)).collect::<Vec<_>>(),
        "hasNextPage": page.len() == limit,
    }))
}

/// The colour that the properties name, when the build takes it.
fn color(call: &Call<'_>, properties: &Array) -> Option<String> {
    let name = text(properties, &["color", "COLOR"])?;
    color::named_for_bot(&call.state.build, &name).map(str::to_owned)
}

/// The picture that the properties bring is one, and not too large.
fn check_avatar(properties: &Array) -> Result<(), RestError> {
    let sent = properties.get_any(&["avatar", "PERSONAL_PHOTO"]);
    let Some(sent) = sent.filter(|sent| sent.is_truthy()) else {
        return Ok(());
    };
    image::check(sent).map_err(|why| match why {
        NoImage::Type => RestError::new("BOT_AVATAR_INCORRECT_TYPE", "Avatar must be an image file"),
        NoImage::Size => RestError::new(
            "BOT_AVATAR_INCORRECT_SIZE",
            "Avatar image exceeds maximum dimensions (5000x5000)",
        ),
    })
}

fn properties(fields: &Array) -> Array {
    fields
        .get_any(&["properties", "PROPERTIES"])
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}

fn text(fields: &Array, keys: &[&str]) -> Option<String> {
    fields.get_any(keys).map(Value::to_text)
}

fn event_mode(fields: &Array) -> Result<Option<String>, RestError> {
    let mode = text(fields, &["eventMode", "EVENT_MODE"]).map(|mode| mode.to_lowercase());
    match mode.as_deref() {
        None | Some("fetch" | "webhook") => Ok(mode),
        Some(_) => Err(RestError::new("BOT_INVALID_EVENT_MODE", "Invalid event mode")),
    }
}

fn is_callback(url: &str) -> bool {
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains(char::is_whitespace))
}

/// The background as stored: before it was normalised, as sent.
fn background(call: &Call<'_>, id: String) -> Option<String> {
    let is_stored =
        !call.state.build.supports(Feature::BackgroundIdNormalized) || BACKGROUNDS.contains(&id.as_str());
    (is_stored && !id.is_empty()).then_some(id)
}

fn card(call: &Call<'_>, bot: &Bot) -> Json {
    json!({"bot": owners_view(call.state, bot), "users": [user(bot)]})
}

fn common_view(bot: &Bot) -> Json {
    json!({
        "id": bot.id,
        "code": bot.code,
        "type": bot.kind,
        "isHidden": bot.is_hidden,
        "isSupportOpenline": bot.is_support_openline,
        "isReactionsEnabled": bot.is_reactions_enabled,
        "backgroundId": bot.background_id,
        "language": "en",
    })
}

/// What the owner sees, which on older builds repeats the secret.
pub(super) fn owners_view(state: &State, bot: &Bot) -> Json {
    let sent = state.messages.iter().filter(|message| message.bot_id == bot.id);
    let mut view = common_view(bot);
    let own = json!({
        "moduleId": "rest",
        "eventMode": bot.event_mode,
        "countMessage": sent.count(),
        "countCommand": state.commands.iter().filter(|own| own.bot_id == bot.id).count(),
        "countChat": state.chats.iter().filter(|chat| chat.members.contains(&bot.id)).count(),
        "countUser": 0,
    });
    if let (Some(view), Json::Object(own)) = (view.as_object_mut(), own) {
        view.extend(own);
        if state.build.supports(Feature::BotAppId) {
            view.insert("appId".to_owned(), bot.app_id.clone().into());
        }
    }
    view
}
