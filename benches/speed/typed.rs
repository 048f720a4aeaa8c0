//! The message as a type of a library's own, and as a value.

use imbot_caps::plan::TypedCall;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Send<'a> {
    pub bot_id: u64,
    pub bot_token: &'a str,
    pub dialog_id: &'a str,
    pub fields: Fields<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fields<'a> {
    pub message: &'a str,
    pub system: bool,
    pub url_preview: bool,
    pub keyboard: Keyboard<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub struct Keyboard<'a> {
    pub buttons: [Button<'a>; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub struct Button<'a> {
    pub text: &'a str,
    pub link: &'a str,
}

#[derive(Deserialize)]
pub struct Sent {
    pub id: u64,
}

impl TypedCall for Send<'_> {
    type Reply = Sent;
    const METHOD: &'static str = "imbot.v2.Chat.Message.send";
}

/// A message of about 1 KB with this text.
pub fn typed(bot_id: u64, message: &str) -> Send<'_> {
    let [yes, no] = [
        ("Yes", "https://bot.example/yes"),
        ("No", "https://bot.example/no"),
    ]
    .map(|(text, link)| Button { text, link });
    Send {
        bot_id,
        bot_token: "t0ken",
        dialog_id: "1",
        fields: Fields {
            message,
            system: true,
            url_preview: false,
            keyboard: Keyboard { buttons: [yes, no] },
        },
    }
}

/// The same as a value.
pub fn value(bot_id: u64, message: &str) -> Value {
    json!({
        "botId": bot_id, "botToken": "t0ken", "dialogId": "1",
        "fields": {
            "message": message, "system": true, "urlPreview": false,
            "keyboard": {"BUTTONS": [
                {"TEXT": "Yes", "LINK": "https://bot.example/yes"},
                {"TEXT": "No", "LINK": "https://bot.example/no"},
            ]},
        },
    })
}
