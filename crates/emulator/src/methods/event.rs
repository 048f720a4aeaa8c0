//! `imbot.v2.Event.get`, and the queues of people: `im.v2.Event.*`.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use serde_json::Value as Json;

use imbot_caps::Feature;

use super::super::envelope::RestError;
use super::super::php::Value;
use super::Call;

/// A page of the bot's queue, and of the calling user's where that is asked
/// for. Any text but `"0"` and none asks for it, as a typed boolean has it.
pub(crate) fn get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let mut owners = vec![call.bot_id()?];
    if call.params.get("withUserEvents").is_some_and(Value::is_truthy) {
        if !call.caller.has_scope("im") {
            return Err(RestError::new(
                "SCOPE_ERROR",
                "Scope 'im' is required to fetch user events",
            ));
        }
        if !call.state.recorded_users.contains(&call.caller.user_id) {
            return Err(RestError::new(
                "USER_NOT_SUBSCRIBED",
                "User is not subscribed. Call im.v2.Event.subscribe first",
            ));
        }
        owners.push(call.caller.user_id);
    }
    let mut page = fetch(call, &owners)?;
    if call.state.build.still_has(Feature::EventLastEventId) {
        let next = page.get("nextOffset").and_then(Json::as_u64).unwrap_or_default();
        if let Some(page) = page.as_object_mut() {
            page.insert("lastEventId".to_owned(), next.saturating_sub(1).into());
        }
    }
    Ok(page)
}

pub(crate) fn user_get(call: &mut Call<'_>) -> Result<Json, RestError> {
    fetch(call, &[call.caller.user_id])
}

pub(crate) fn user_subscribe(call: &mut Call<'_>) -> Result<Json, RestError> {
    let user = call.caller.user_id;
    if !call.state.recorded_users.contains(&user) {
        call.state.recorded_users.push(user);
    }
    Ok(true.into())
}

/// Ends the recording and deletes what was recorded.
pub(crate) fn user_unsubscribe(call: &mut Call<'_>) -> Result<Json, RestError> {
    let user = call.caller.user_id;
    call.state.recorded_users.retain(|own| *own != user);
    call.state.forget_events(user);
    Ok(true.into())
}

fn fetch(call: &mut Call<'_>, owners: &[u64]) -> Result<Json, RestError> {
    let offset = u64::try_from(call.int_or("offset", 0)?).unwrap_or(0);
    let limit = usize::try_from(call.int_or("limit", 100)?.clamp(1, 1_000)).unwrap_or(1);
    Ok(call.state.fetch_events(owners, offset, limit))
}
