//! `imbot.v2.File.*` and `im.v2.File.*`.

use serde_json::{Value as Json, json};

use crate::Feature;

use super::super::envelope::RestError;
use super::super::php::{Array, Value};
use super::super::state::File;
use super::message::access_denied;
use super::{Call, wrong_type};

/// The longest file, in bytes.
const MAX_SIZE: usize = 100 << 20;

pub(in crate::emulator) fn upload(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    upload_as(call, bot_id)
}

pub(in crate::emulator) fn user_upload(call: &mut Call<'_>) -> Result<Json, RestError> {
    upload_as(call, call.caller.user_id)
}

fn upload_as(call: &mut Call<'_>, author: u64) -> Result<Json, RestError> {
    let dialog = call.argument("dialogId")?.to_text();
    let fields = match call.argument("fields")? {
        Value::Array(fields) => fields.clone(),
        other => return Err(wrong_type(other, "fields", "array")),
    };
    let chat_id = call
        .state
        .chat_to_write(author, &dialog)
        .ok_or_else(access_denied)?;
    let file = file(call, &fields, chat_id)?;
    let extension = file.name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let text = fields.get_any(&["message"]).map(Value::to_text);
    let message = call
        .state
        .draft(author, chat_id, &dialog, text.unwrap_or_default());
    let answer = json!({
        "file": {
            "id": file.id,
            "chatId": chat_id,
            "name": file.name,
            "extension": extension,
            "size": file.size,
        },
        "messageId": message.id,
        "chatId": chat_id,
        "dialogId": dialog,
    });
    call.state.files.push(file);
    call.state.messages.push(message);
    Ok(answer)
}

fn file(call: &mut Call<'_>, fields: &Array, chat_id: u64) -> Result<File, RestError> {
    let text = |name| fields.get_any(&[name]).map(Value::to_text).unwrap_or_default();
    let (name, content) = (text("name"), text("content"));
    if name.is_empty() || content.is_empty() {
        return Err(RestError::new("FILE_EMPTY", "File name and content are required"));
    }
    let size = base64_size(&content)
        .ok_or_else(|| RestError::new("FILE_INVALID_CONTENT", "Invalid base64 content"))?;
    if size > MAX_SIZE {
        return Err(RestError::new(
            "FILE_TOO_LARGE",
            "File size exceeds maximum allowed",
        ));
    }
    Ok(File {
        id: call.state.next_id(),
        chat_id,
        name,
        size,
        content,
    })
}

/// How many bytes a text in Base64 stands for; `None` when it is none.
fn base64_size(text: &str) -> Option<usize> {
    let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    let digits = text.len().checked_sub(padding)?;
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let is_valid = padding <= 2 && digits % 4 != 1 && text.iter().take(digits).all(is_digit);
    (is_valid && digits > 0).then_some(digits / 4 * 3 + (digits % 4).saturating_sub(1))
}

/// A link to the content, for whom may read the file: builds differ on whether
/// that is the bot or the calling user.
pub(in crate::emulator) fn download(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let reader = match call.state.build.supports(Feature::FileDownloadAsBot) {
        true => bot_id,
        false => call.caller.user_id,
    };
    download_as(call, reader)
}

pub(in crate::emulator) fn user_download(call: &mut Call<'_>) -> Result<Json, RestError> {
    download_as(call, call.caller.user_id)
}

fn download_as(call: &Call<'_>, reader: u64) -> Result<Json, RestError> {
    let id = call.int_argument("fileId")?;
    let file = u64::try_from(id).ok().and_then(|id| call.state.file(id));
    let file = file.ok_or_else(|| RestError::new("FILE_NOT_FOUND", "File not found"))?;
    let chat = call.state.chat(file.chat_id);
    if chat.is_some_and(|chat| !chat.members.contains(&reader)) {
        return Err(RestError::new("FILE_ACCESS_ERROR", "File access error"));
    }
    Ok(json!({"downloadUrl": format!("http://localhost/rest/download.json?token=imbot%7C{id}")}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(base64_size("aGk="), Some(2));
        assert_eq!(base64_size("aGkh"), Some(3));
        assert_eq!(base64_size("aA"), Some(1));
        for text in ["", "=", "a", "a b!", "aGk===", "\u{e4}"] {
            assert_eq!(base64_size(text), None, "{text}");
        }
    }
}
