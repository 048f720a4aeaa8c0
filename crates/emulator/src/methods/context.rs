//! `im.v2.Chat.Bot.sendContext`: where a conversation with a bot comes from.

use serde_json::{Value as Json, json};

use super::super::envelope::RestError;
use super::super::php::Value;
use super::super::users;
use super::message::access_denied;
use super::{Call, done};

/// Tells the bots of a dialog what the caller came with.
pub(crate) fn send(call: &mut Call<'_>) -> Result<Json, RestError> {
    let dialog = call.argument("dialogId")?.to_text();
    let context = call
        .params
        .get("context")
        .map_or_else(|| json!({}), Value::to_json);
    let user_id = call.caller.user_id;
    match users::open_with(call.state, user_id, &dialog, context) {
        true => done(),
        false => Err(access_denied()),
    }
}
