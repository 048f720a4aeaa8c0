//! Methods about the portal: revisions, scopes, the time.

use serde_json::{Value as Json, json};

use super::super::envelope::RestError;
use super::super::php::Value;
use super::Call;

/// Every scope the emulator knows.
const SCOPES: [&str; 2] = ["im", "imbot"];

/// The four axes and nothing else.
pub(in crate::emulator) fn imbot_revision_get(call: &mut Call<'_>) -> Result<Json, RestError> {
    Ok(call.state.build.revisions().into())
}

/// The four axes, and the mobile one a second time.
pub(in crate::emulator) fn im_revision_get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let mut revisions = call.state.build.revisions();
    if let Some(mobile) = revisions.get("mobile").cloned() {
        revisions.insert("im_revision_mobile".to_owned(), mobile);
    }
    Ok(revisions.into())
}

/// The scopes of the credential; with `full`, all that there are.
pub(in crate::emulator) fn scope(call: &mut Call<'_>) -> Result<Json, RestError> {
    match call.params.get("FULL").is_some_and(Value::is_truthy) {
        true => Ok(json!(SCOPES)),
        false => Ok(json!(call.caller.scopes)),
    }
}

pub(in crate::emulator) fn server_time(call: &mut Call<'_>) -> Result<Json, RestError> {
    Ok(call.state.build.now().into())
}
