//! `imbot.v2.File.*` and `im.v2.File.*`.

use serde_json::{Value as Json, json};

use imbot_caps::Feature;

use super::super::envelope::RestError;
use super::super::php::{Array, Value};
use super::super::state::{File, State, dialog_number};
use super::message::access_denied;
use super::{Call, view, wrong_type};

/// The longest file, in bytes.
const MAX_SIZE: usize = 100 << 20;

/// The members that answers to bots lack (`im/lib/V2/Rest/OutputFilter.php`).
const NOT_FOR_BOTS: [&str; 7] = [
    "urlPreview",
    "urlDownload",
    "urlShow",
    "viewerAttrs",
    "mediaUrl",
    "progress",
    "status",
];

pub(crate) fn upload(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let mut answer = upload_as(call, bot_id)?;
    if let Some(file) = answer.get_mut("file").and_then(Json::as_object_mut) {
        for name in NOT_FOR_BOTS {
            file.shift_remove(name);
        }
    }
    Ok(answer)
}

pub(crate) fn user_upload(call: &mut Call<'_>) -> Result<Json, RestError> {
    let dialog = dialog_number(&call.dialog()?);
    let is_known = |id| call.state.chat(id).is_some();
    if !dialog.is_some_and(|(id, is_chat)| !is_chat || is_known(id)) {
        return Err(RestError::new("CHAT_NOT_FOUND", "CHAT_NOT_FOUND"));
    }
    upload_as(call, call.caller.user_id)
}

fn upload_as(call: &mut Call<'_>, author: u64) -> Result<Json, RestError> {
    let dialog = call.dialog()?;
    let fields = match call.argument("fields")? {
        Value::Array(fields) => fields.clone(),
        other => return Err(wrong_type(other, "fields", "array")),
    };
    let chat_id = call.state.chat_of(author, &dialog).ok_or_else(access_denied)?;
    let file = file(call, &fields, chat_id)?;
    let extension = file.name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let text = fields.get_any(&["message"]).map(Value::to_text);
    let message = call
        .state
        .draft(author, chat_id, &dialog, text.unwrap_or_default());
    let author_card = view::user(call.state, author);
    let kind = match extension.to_lowercase().as_str() {
        "jpg" | "jpeg" | "png" | "gif" | "webp" | "bmp" => "image",
        "mp4" | "webm" | "mov" | "avi" => "video",
        "mp3" | "wav" | "ogg" | "m4a" => "audio",
        _ => "file",
    };
    // Links of the portal's pages, which only browsers follow.
    let page = format!(
        "{}file/{}",
        call.state.identity.client_endpoint.replace("rest/", ""),
        file.id
    );
    let answer = json!({
        "file": {
            "id": file.id,
            "chatId": chat_id,
            "date": message.date,
            "type": kind,
            "name": file.name,
            "extension": extension.to_lowercase(),
            "size": file.size,
            "image": false,
            "status": "done",
            "progress": 100,
            "authorId": author,
            "authorName": author_card.get("name"),
            "urlPreview": "",
            "urlShow": page,
            "urlDownload": page,
            "viewerAttrs": {
                "viewer": "",
                "viewerType": "unknown",
                "src": page,
                "objectId": file.id.to_string(),
                "viewerGroupBy": chat_id.to_string(),
                "imChatId": chat_id,
                "title": file.name,
                "unifiedLink": page,
                "actions": "[{\"type\":\"download\"}]",
            },
            "mediaUrl": {"preview": {"250": ""}},
            "isTranscribable": false,
            "isVideoNote": false,
            "isVoiceNote": false,
        },
        "messageId": message.id,
        "chatId": chat_id,
        "dialogId": dialog,
    });
    call.state.files.push(file);
    call.state.post(message);
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
pub(super) fn base64_size(text: &str) -> Option<usize> {
    let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    let digits = text.len().checked_sub(padding)?;
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let is_valid = padding <= 2 && digits % 4 != 1 && text.iter().take(digits).all(is_digit);
    (is_valid && digits > 0).then_some(digits / 4 * 3 + (digits % 4).saturating_sub(1))
}

/// A link to the content, for whom may read the file. The link holds the credential
/// of the call, as on a portal: whoever logs it gives that away. Builds differ on whether
/// that is the bot or the calling user.
pub(crate) fn download(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let reader = match call.state.build.supports(Feature::FileDownloadAsBot) {
        true => bot_id,
        false => call.caller.user_id,
    };
    let denied = RestError::new("FILE_ACCESS_ERROR", "File access error");
    download_as(call, reader, denied)
}

pub(crate) fn user_download(call: &mut Call<'_>) -> Result<Json, RestError> {
    download_as(call, call.caller.user_id, access_denied())
}

fn download_as(call: &Call<'_>, reader: u64, denied: RestError) -> Result<Json, RestError> {
    let id = call.int_argument("fileId")?;
    let file = u64::try_from(id).ok().and_then(|id| call.state.file(id));
    let file = file.ok_or_else(|| RestError::new("FILE_NOT_FOUND", "File not found"))?;
    let chat = call.state.chat(file.chat_id);
    if chat.is_some_and(|chat| !chat.members.contains(&reader)) {
        return Err(denied);
    }
    let endpoint = &call.state.identity.client_endpoint;
    let token = format!("imbot%7C{}%7C{}", file.id, signature(call.state, file));
    let url = match &call.caller.access_token {
        Some(auth) => {
            let auth: String = form_urlencoded::byte_serialize(auth.as_bytes()).collect();
            format!("{endpoint}download.json?auth={auth}&token={token}")
        }
        None => format!("{endpoint}{}/download/?token={token}", call.caller.credential),
    };
    Ok(json!({"downloadUrl": url}))
}

/// What a link leads to: the name and the bytes of a file, for who has the
/// token of the link, and whoever that is.
pub(crate) fn content(state: &State, token: &str) -> Result<(String, Vec<u8>), RestError> {
    let refused = || RestError::access_denied("Link check failed");
    let mut parts = token.split('|').skip(1);
    let id = parts.next().and_then(|id| id.parse().ok()).ok_or_else(refused)?;
    let file = state.file(id).ok_or_else(refused)?;
    if parts.next() != Some(signature(state, file).as_str()) {
        return Err(refused());
    }
    Ok((file.name.clone(), bytes(&file.content)))
}

/// Differs by portal and file, so that a link is not guessed from another by a
/// careless client. It keeps no secret.
fn signature(state: &State, file: &File) -> String {
    state.identity.derived(&format!("file {}", file.id))
}

/// The bytes that a text in Base64 stands for; other characters are passed over.
pub(super) fn bytes(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for digit in text.bytes().filter_map(digit) {
        held = (held << 6 | u32::from(digit)) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xFF) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(base64_size("aGk="), Some(2));
        assert_eq!(base64_size("aGkh"), Some(3));
        assert_eq!(base64_size("aA"), Some(1));
        for (text, plain) in [("aGk=", "hi"), ("aGkh", "hi!"), ("aG kh", "hi!"), ("aA", "h")] {
            assert_eq!(bytes(text), plain.as_bytes());
        }
        for text in ["", "=", "a", "a b!", "aGk===", "\u{e4}"] {
            assert_eq!(base64_size(text), None, "{text}");
        }
    }
}
