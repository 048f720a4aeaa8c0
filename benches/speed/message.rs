//! A call as bots make it.

use imbot_caps::wire::Call;
use serde_json::json;

/// A message of about 1 KB, as bots send them.
pub fn message() -> Call {
    Call::new("imbot.v2.Chat.Message.send")
        .with("botId", 7)
        .with("botToken", "t0ken")
        .with("dialogId", "chat5")
        .with(
            "fields",
            json!({
                "message": "x".repeat(700), "system": true, "urlPreview": false,
                "keyboard": {"BUTTONS": [
                    {"TEXT": "Yes", "LINK": "https://bot.example/yes"},
                    {"TEXT": "No", "LINK": "https://bot.example/no"},
                ]},
            }),
        )
}
