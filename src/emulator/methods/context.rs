//! `im.v2.Chat.Bot.sendContext`: where a conversation with a bot comes from.

use serde_json::{Value as Json, json};

use super::super::envelope::RestError;
use super::super::php::Value;
use super::super::state::{Happening, Subject};
use super::message::access_denied;
use super::{Call, done};

/// Tells the bots of a dialog what the caller came with.
pub(in crate::emulator) fn send(call: &mut Call<'_>) -> Result<Json, RestError> {
    let dialog = call.argument("dialogId")?.to_text();
    let user_id = call.caller.user_id;
    let chat_id = call.state.chat_of(user_id, &dialog).ok_or_else(access_denied)?;
    let context = call
        .params
        .get("context")
        .map_or_else(|| json!({}), Value::to_json);
    let mut subject = Subject {
        chat_id: Some(chat_id),
        user_id: Some(user_id),
        ..Subject::default()
    };
    subject.more.insert("context".to_owned(), context);
    call.state.emit_in_chat(Happening::ContextGiven, &subject);
    done()
}
