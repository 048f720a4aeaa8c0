//! Error replies that the gate makes itself.

use serde_json::json;

use crate::wire::{MALFORMED_REPLY, Reply};

/// The reply if a part of the call has run, and the rest got no reply of the API.
pub(super) fn partly_done() -> Reply {
    const TEXT: &str =
        "a part of the call is done; of the rest it is not known, since no reply of the API came";
    let body = json!({"result": true, "error": "PARTLY_DONE", "error_description": TEXT});
    Reply::read(400, None, body.to_string().as_bytes())
}

/// The reply if the portal has answered, and its result cannot be translated.
pub(crate) fn unreadable(what: &str) -> Reply {
    let text = format!("the call may have run, and its result is not known: {what}");
    let body = json!({"result": true, "error": MALFORMED_REPLY, "error_description": text});
    Reply::read(400, None, body.to_string().as_bytes())
}
