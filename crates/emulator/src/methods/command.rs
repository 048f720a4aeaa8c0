//! `imbot.v2.Command.*`.

use serde_json::{Value as Json, json};

use imbot_caps::Feature;

use super::super::envelope::RestError;
use super::super::php::{Array, Value};
use super::super::state::Command;
use super::buttons::{Extras, Sent, Strictness};
use super::{Call, done, is_yes, wrong_type};

/// The yes-or-no fields of a command.
const FLAGS: [&str; 3] = ["common", "hidden", "extranetSupport"];

/// Registers a command, or answers with the one the bot has of that name.
///
/// Builds that take `fields` prefer them when they are not empty; others insist
/// on flat parameters, whose flags are typed strings there.
pub(crate) fn register(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let build = &call.state.build;
    let fields = match build.supports(Feature::CommandRegisterFields) {
        true => Some(call.fields()?).filter(|fields| !fields.is_empty()),
        false => None,
    };
    let fields = match fields {
        Some(fields) => fields,
        None => flat(call)?,
    };
    let name = match fields.get_any(&["command"]) {
        None => String::new(),
        Some(Value::Text(name)) => without_slash(name),
        Some(_) if build.supports(Feature::CommandNameInvalid) => return Err(name_invalid()),
        Some(other) => return Err(wrong_type(other, "command", "string")),
    };
    if name.is_empty() {
        return Err(RestError::new("COMMAND_REQUIRED", "Command is required"));
    }
    let known = call
        .state
        .commands
        .iter()
        .find(|own| own.bot_id == bot_id && own.name == name);
    if let Some(known) = known {
        return Ok(json!({"command": card(known)}));
    }
    let texts = texts(call, Vec::new(), &fields);
    let flag = |name| fields.get_any(&[name]).is_some_and(is_yes);
    let is_hidden = flag("hidden");
    if !is_hidden && texts.is_empty() && call.state.build.supports(Feature::CommandTitleRequired) {
        return Err(RestError::new(
            "COMMAND_TITLE_REQUIRED",
            "Title is required for visible commands",
        ));
    }
    let command = Command {
        id: call.state.next_id(),
        bot_id,
        name,
        texts,
        is_common: flag("common"),
        is_hidden,
        is_for_extranet: flag("extranetSupport"),
    };
    let answer = json!({"command": card(&command)});
    call.state.commands.push(command);
    Ok(answer)
}

/// The parameters of the older, flat form.
fn flat(call: &Call<'_>) -> Result<Array, RestError> {
    let build = &call.state.build;
    if !build.supports(Feature::CommandRegisterFields) {
        let name = call.argument("command")?;
        if matches!(name, Value::Array(_)) {
            return Err(wrong_type(name, "command", "string"));
        }
    }
    if !build.supports(Feature::CommandRegisterFlatBoolean) {
        for name in FLAGS {
            if let Some(value @ Value::Bool(_)) = call.params.get(name) {
                return Err(wrong_type(value, name, "string"));
            }
        }
    }
    Ok(call.params.clone())
}

pub(crate) fn unregister(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let id = own_command(call, bot_id)?.id;
    call.state.commands.retain(|command| command.id != id);
    done()
}

/// Changes what `fields` name; what a build does not know is passed over.
pub(crate) fn update(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let mut command = own_command(call, bot_id)?.clone();
    let fields = call.fields()?;
    let build = &call.state.build;
    match fields.get_any(&["command"]) {
        None => {}
        Some(Value::Text(name)) => {
            let name = without_slash(name);
            let is_taken = |own: &Command| own.id != command.id && own.bot_id == bot_id && own.name == name;
            if name.is_empty() {
                if build.supports(Feature::CommandNameEmpty) {
                    return Err(RestError::new(
                        "COMMAND_NAME_EMPTY",
                        "Command name cannot be empty",
                    ));
                }
            } else if build.supports(Feature::CommandAlreadyExists)
                && call.state.commands.iter().any(is_taken)
            {
                return Err(RestError::new(
                    "COMMAND_ALREADY_EXISTS",
                    "Command with this name already exists",
                ));
            } else if build.supports(Feature::CommandRename) {
                command.name = name;
            }
        }
        Some(_) if build.supports(Feature::CommandNameInvalid) => return Err(name_invalid()),
        Some(_) => return Err(RestError::new("0", "Command name is of the wrong type")),
    }
    match fields.get_any(&["title"]) {
        None => {}
        Some(Value::Array(_)) => {
            let kept = match build.supports(Feature::CommandTitleMerge) {
                true => std::mem::take(&mut command.texts),
                false => Vec::new(),
            };
            command.texts = texts(call, kept, &fields);
        }
        Some(_) if build.supports(Feature::CommandTitleInvalid) => {
            return Err(RestError::new(
                "COMMAND_TITLE_INVALID",
                "Title must be an object with language keys",
            ));
        }
        Some(_) => {}
    }
    for (slot, name) in [
        (&mut command.is_common, "common"),
        (&mut command.is_hidden, "hidden"),
        (&mut command.is_for_extranet, "extranetSupport"),
    ] {
        if let Some(value) = fields.get_any(&[name]) {
            *slot = is_yes(value);
        }
    }
    let answer = json!({"command": card(&command)});
    if let Some(stored) = call.state.command_mut(command.id) {
        *stored = command;
    }
    Ok(answer)
}

/// The commands that each portal has by itself: name, title, hint, category, context, and
/// whether guests may give it.
const BUILT_IN: [(&str, &str, &str, &str, &str, bool); 6] = [
    ("me", "Tells what you do", "text", "Messenger", "", true),
    ("loud", "Writes in large letters", "text", "Messenger", "", true),
    (">>", "Quotes a text", "text", "Messenger", "", true),
    ("rename", "Renames the chat", "title", "Chat", "chat", true),
    ("getDialogId", "Shows the id of the chat", "", "Chat", "", false),
    ("webrtcDebug", "Logs a call", "", "Debug", "call", true),
];

/// The built-in commands, which have texts as ids and no bot, and then those of the bot.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let has_texts = call.state.build.supports(Feature::CommandListTitles);
    // The source of builds without the titles has other names and letters than documented.
    let letter = |yes: bool| if yes { "Y" } else { "N" };
    let flags = |common: bool, hidden: bool, guests: bool| match has_texts {
        true => json!({"common": common, "hidden": hidden, "extranetSupport": guests}),
        false => json!({"common": letter(common), "extranet": letter(guests)}),
    };
    let mut commands = Vec::new();
    let mut list = |mut entry: Json, flags: Json| {
        if let (Some(entry), Json::Object(flags)) = (entry.as_object_mut(), flags) {
            entry.extend(flags);
        }
        commands.push(entry);
    };
    for (at, (name, title, params, category, context, guests)) in BUILT_IN.into_iter().enumerate() {
        let entry = json!({
            "id": format!("def{at}"),
            "botId": 0,
            "command": format!("/{name}"),
            "title": title,
            "params": params,
            "category": category,
            "context": context,
        });
        list(entry, flags(true, false, guests));
    }
    let owner = call.state.bot(bot_id);
    let category = owner.map(|bot| format!("{} {}", bot.name, bot.last_name));
    let category = category.unwrap_or_default().trim().to_owned();
    for own in call.state.commands.iter().filter(|own| own.bot_id == bot_id) {
        let is_english = |(language, ..): &&(String, String, String)| has_texts && language == "en";
        let texts = own.texts.iter().find(is_english).cloned();
        let (_, title, params) = texts.unwrap_or_default();
        let entry = json!({
            "id": own.id,
            "botId": own.bot_id,
            "command": format!("/{}", own.name),
            "title": title,
            "params": params,
            "category": category,
            "context": "",
        });
        list(entry, flags(own.is_common, own.is_hidden, own.is_for_extranet));
    }
    Ok(json!({"commands": commands}))
}

/// Answers a command in the dialog of the message that gave it, whatever dialog the call names. A bot
/// that is not in the chat answers as the system (`Command::addMessage` in the module `im`).
pub(crate) fn answer(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let replied_to = call.int_argument("messageId")?;
    call.argument("dialogId")?;
    own_command(call, bot_id)?;
    let fields = call.fields()?;
    let failed = || RestError::new("COMMAND_ANSWER_FAILED", "Failed to send command answer");
    let text = fields
        .get_any(&["message"])
        .map(Value::to_text)
        .unwrap_or_default();
    if text.trim().is_empty() && !fields.get_any(&["attach"]).is_some_and(Value::is_truthy) {
        return Err(failed());
    }
    let given = u64::try_from(replied_to)
        .ok()
        .and_then(|id| call.state.message(id));
    let chat = given.and_then(|message| call.state.chat(message.chat_id));
    let chat = chat.ok_or_else(failed)?;
    let (chat, dialog, is_member) = (chat.id, chat.dialog_id(bot_id), chat.members.contains(&bot_id));
    let sent = Sent {
        attach: fields.get_any(&["attach"]),
        keyboard: fields.get_any(&["keyboard"]),
        menu: fields.get_any(&["menu"]),
        bot_id: i64::try_from(bot_id).unwrap_or_default(),
    };
    let extras = Extras::read(&call.state.build, sent, Strictness::Lenient)?;
    let mut message = call.state.draft(bot_id, chat, &dialog, text);
    message.is_system = !is_member || fields.get_any(&["system"]).is_some_and(is_yes);
    message.url_preview = fields.get_any(&["urlPreview"]).is_none_or(is_yes);
    extras.put(&mut message);
    call.state.post(message);
    done()
}

fn own_command<'c>(call: &'c Call<'_>, bot_id: u64) -> Result<&'c Command, RestError> {
    let id = call.int_argument("commandId")?;
    let not_found = |text| RestError::new("COMMAND_NOT_FOUND", text);
    let command = u64::try_from(id).ok().and_then(|id| call.state.command(id));
    let command = command.ok_or_else(|| not_found("Command not found"))?;
    match command.bot_id == bot_id {
        true => Ok(command),
        false => Err(not_found("Command belongs to a different bot")),
    }
}

fn name_invalid() -> RestError {
    RestError::new("COMMAND_NAME_INVALID", "Command name must be a string")
}

pub(crate) fn without_slash(name: &str) -> String {
    name.strip_prefix('/').unwrap_or(name).to_owned()
}

/// These translations with those of `title` and `params` put in.
fn texts(
    call: &Call<'_>,
    mut texts: Vec<(String, String, String)>,
    fields: &Array,
) -> Vec<(String, String, String)> {
    let build = &call.state.build;
    let key = |language: String| match build.supports(Feature::CommandLanguageCase) {
        true => language.to_lowercase(),
        false => language,
    };
    let entries = |name| {
        let map = fields.get_any(&[name]).and_then(Value::as_array);
        map.into_iter().flat_map(Array::iter)
    };
    for (language, title) in entries("title") {
        let language = key(language.as_text());
        let old = texts.iter().position(|(own, ..)| *own == language);
        let old = old.map(|at| texts.remove(at));
        if *title == Value::Null && build.supports(Feature::CommandTitleNullDeletes) {
            continue;
        }
        let hint = entries("params")
            .find(|(own, _)| key(own.as_text()) == language)
            .map(|(_, hint)| hint.to_text())
            .or(old.map(|(.., hint)| hint));
        texts.push((language, title.to_text(), hint.unwrap_or_default()));
    }
    texts
}

pub(super) fn card(command: &Command) -> Json {
    json!({
        "id": command.id,
        "botId": command.bot_id,
        "command": format!("/{}", command.name),
        "common": command.is_common,
        "hidden": command.is_hidden,
        "extranetSupport": command.is_for_extranet,
    })
}
