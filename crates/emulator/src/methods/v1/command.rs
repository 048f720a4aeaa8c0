//! Commands of the older generation, told of at an address of their own.

use serde_json::Value as Json;

use super::super::super::envelope::RestError;
use super::super::super::php::{Array, Value};
use super::super::super::state::Command;
use super::super::Call;
use super::super::buttons::Strictness;
use super::super::command::without_slash;
use super::{
    app_id, array, bot_not_found, check_handler, extras, loosely_is, own_bot, own_handler, subscribe, text,
};

/// Registers a command and answers with its id; of a name that the bot has already,
/// with the id of that command, which stays as it is. The address is put down all the
/// same.
pub(crate) fn register(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot = own_bot(call, &app_id(call)?)?;
    if bot.event_mode == "fetch" {
        let text = "This bot uses FETCH mode. Use imbot.v2.Command.register instead.";
        return Err(RestError::new("FETCH_NOT_SUPPORTED", text));
    }
    let (bot_id, app_id) = (bot.id, bot.app_id.clone());
    let address = text(&call.params, "EVENT_COMMAND_ADD");
    if address.is_empty() {
        return Err(RestError::new(
            "EVENT_COMMAND_ADD_ERROR",
            "Handler for \"Command add\" event isn't specified",
        ));
    }
    check_handler("EVENT_COMMAND_ADD", &address)?;
    let name = without_slash(&text(&call.params, "COMMAND"));
    if name.is_empty() {
        return Err(RestError::new("COMMAND_ERROR", "Command isn't specified"));
    }
    let texts = texts(&call.params);
    if texts.is_empty() {
        return Err(RestError::new("LANG_ERROR", "Lang set can't be empty"));
    }
    let handler = ("ONIMCOMMANDADD", own_handler(call, address));
    subscribe(call, &app_id, vec![handler]);
    let known = call
        .state
        .commands
        .iter()
        .find(|own| own.bot_id == bot_id && own.name == name);
    if let Some(known) = known {
        return Ok(known.id.into());
    }
    let flag = |key| call.params.get(key).is_some_and(|value| loosely_is(value, "Y"));
    let (is_common, is_hidden, is_for_extranet) = (flag("COMMON"), flag("HIDDEN"), flag("EXTRANET_SUPPORT"));
    let id = call.state.next_id();
    call.state.commands.push(Command {
        id,
        bot_id,
        name,
        texts,
        is_common,
        is_hidden,
        is_for_extranet,
    });
    Ok(id.into())
}

pub(crate) fn unregister(call: &mut Call<'_>) -> Result<Json, RestError> {
    let id = own_command_by_id(call)?.id;
    call.state.commands.retain(|command| command.id != id);
    Ok(true.into())
}

/// Changes a command, of which name and `COMMON` stay as they are.
pub(crate) fn update(call: &mut Call<'_>) -> Result<Json, RestError> {
    let mut command = own_command_by_id(call)?.clone();
    let owner = call.state.bot(command.bot_id);
    if owner.is_some_and(|bot| bot.event_mode == "fetch") {
        let text = "This bot uses FETCH mode. Use imbot.v2.Command.update instead.";
        return Err(RestError::new("FETCH_NOT_SUPPORTED", text));
    }
    let fields = array(&call.params, "FIELDS");
    let given = |key| fields.get(key).filter(|value| value.is_truthy());
    if ["HIDDEN", "EXTRANET_SUPPORT", "LANG", "EVENT_COMMAND_ADD"]
        .into_iter()
        .all(|key| given(key).is_none())
    {
        return Err(RestError::new("WRONG_REQUEST", "Update fields can't be empty"));
    }
    let address = text(&fields, "EVENT_COMMAND_ADD");
    check_handler("EVENT_COMMAND_ADD", &address)?;
    for (slot, key) in [
        (&mut command.is_hidden, "HIDDEN"),
        (&mut command.is_for_extranet, "EXTRANET_SUPPORT"),
    ] {
        if let Some(value) = given(key) {
            *slot = loosely_is(value, "Y");
        }
    }
    if given("LANG").is_some() {
        command.texts = texts(&fields);
    }
    if let Some(stored) = call.state.command_mut(command.id) {
        *stored = command;
    }
    if !address.is_empty() {
        let handler = ("ONIMCOMMANDADD", own_handler(call, address));
        subscribe(call, &app_id(call)?, vec![handler]);
    }
    Ok(true.into())
}

/// Answers a command in the dialog of the message that gave it.
pub(crate) fn answer(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = own_command(call)?.bot_id;
    let given = call.params.get("MESSAGE_ID").map_or(0, Value::to_int);
    let given = u64::try_from(given).ok().and_then(|id| call.state.message(id));
    let chat_id = given
        .map(|message| message.chat_id)
        .ok_or_else(|| RestError::new("MESSAGE_ID_EMPTY", "Message ID can't be empty"))?;
    let answer = text(&call.params, "MESSAGE").trim().to_owned();
    if answer.is_empty() {
        return Err(RestError::new("MESSAGE_EMPTY", "Message can't be empty"));
    }
    let chat = call.state.chat(chat_id);
    let dialog = chat.map_or_else(|| format!("chat{chat_id}"), |chat| chat.dialog_id(bot_id));
    let is_member = chat.is_some_and(|chat| chat.members.contains(&bot_id));
    let extras = extras(call, bot_id, Strictness::New)?;
    let mut message = call.state.draft(bot_id, chat_id, &dialog, answer);
    let is = |key, letter| {
        call.params
            .get(key)
            .is_some_and(|value| loosely_is(value, letter))
    };
    message.is_system = !is_member || is("SYSTEM", "Y");
    message.url_preview = !is("URL_PREVIEW", "N");
    extras.put(&mut message);
    Ok(call.state.post(message).into())
}

/// The command that `COMMAND_ID` names, if it is this application's.
fn own_command_by_id<'c>(call: &'c Call<'_>) -> Result<&'c Command, RestError> {
    match call.params.get("COMMAND_ID") {
        Some(_) => own_command(call),
        None => Err(command_not_found()),
    }
}

/// The command that `COMMAND_ID` or `COMMAND` names, if it is this application's.
fn own_command<'c>(call: &'c Call<'_>) -> Result<&'c Command, RestError> {
    let app_id = app_id(call)?;
    let owner = |command: &Command| call.state.bot(command.bot_id);
    let is_own = |command: &Command| owner(command).is_some_and(|bot| bot.app_id == app_id);
    if let Some(id) = call.params.get("COMMAND_ID") {
        let id = u64::try_from(id.to_int()).map_err(|_| command_not_found())?;
        let command = call.state.command(id).ok_or_else(command_not_found)?;
        owner(command).ok_or_else(bot_not_found)?;
        return match is_own(command) {
            true => Ok(command),
            false => Err(RestError::new(
                "APP_ID_ERROR",
                "Command was installed by another rest application",
            )),
        };
    }
    let name = without_slash(&text(&call.params, "COMMAND"));
    let mut commands = call.state.commands.iter();
    commands
        .find(|command| command.name == name && is_own(command))
        .ok_or_else(command_not_found)
}

fn command_not_found() -> RestError {
    RestError::new("COMMAND_ID_ERROR", "Command not found")
}

/// The translations in `LANG`, a list with a language each.
fn texts(params: &Array) -> Vec<(String, String, String)> {
    let list = array(params, "LANG");
    list.iter()
        .filter_map(|(_, entry)| entry.as_array())
        .map(|entry| ["LANGUAGE_ID", "TITLE", "PARAMS"].map(|key| text(entry, key)))
        .map(|[language, title, params]| (language, title, params))
        .filter(|(language, title, _)| !language.is_empty() && !title.is_empty())
        .collect()
}
