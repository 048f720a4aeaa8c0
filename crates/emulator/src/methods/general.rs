//! Methods about the portal: revisions, scopes, the time.

use serde_json::{Value as Json, json};

use super::super::catalog;
use super::super::envelope::RestError;
use super::super::php::Value;
use super::Call;

/// Every scope the emulator knows.
const SCOPES: [&str; 2] = ["im", "imbot"];

/// The four counters and nothing else.
pub(crate) fn imbot_revision_get(call: &mut Call<'_>) -> Result<Json, RestError> {
    Ok(call.state.build.revisions().into())
}

/// The four counters, and the mobile one a second time.
pub(crate) fn im_revision_get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let mut revisions = call.state.build.revisions();
    if let Some(mobile) = revisions.get("mobile").cloned() {
        revisions.insert("im_revision_mobile".to_owned(), mobile);
    }
    Ok(revisions.into())
}

/// The scopes of the credential; with `full`, all that there are.
pub(crate) fn scope(call: &mut Call<'_>) -> Result<Json, RestError> {
    match call.params.get("FULL").is_some_and(Value::is_truthy) {
        true => Ok(json!(SCOPES)),
        false => Ok(json!(call.caller.scopes)),
    }
}

pub(crate) fn server_time(call: &mut Call<'_>) -> Result<Json, RestError> {
    Ok(call.state.build.now().into())
}

/// The names of the legacy methods; controllers are never among them.
pub(crate) fn methods(call: &mut Call<'_>) -> Result<Json, RestError> {
    Ok(json!(catalog::legacy_names(&call.state.build)))
}

/// Whether there is a method of this name, in exactly this spelling, and whether
/// the credential has its scope. Of a controller only the class is looked for.
pub(crate) fn method_get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let name = call.params.get("NAME").map(Value::to_text).unwrap_or_default();
    let found = catalog::find(&call.state.build, &name).ok().flatten();
    let is_available = found
        .as_ref()
        .is_some_and(|found| found.scope.is_none_or(|scope| call.caller.has_scope(scope)));
    Ok(json!({"isExisting": found.is_some(), "isAvailable": is_available}))
}

/// The application, and by its licence whether the portal is on premise. A webhook
/// is no application and learns its scopes.
pub(crate) fn app_info(call: &mut Call<'_>) -> Result<Json, RestError> {
    let on_premise = call.state.build.is_on_premise();
    let license = match on_premise {
        true => "en_selfhosted",
        false => "en_basic",
    };
    let Some(client_id) = &call.caller.client_id else {
        return Ok(json!({"SCOPE": call.caller.scopes, "LICENSE": license}));
    };
    let mut info = json!({
        "ID": 1,
        "CODE": client_id,
        "VERSION": 1,
        "STATUS": "L",
        "INSTALLED": call.state.is_installed(client_id),
        "PAYMENT_EXPIRED": "N",
        "DAYS": null,
        "LANGUAGE_ID": "en",
        "LICENSE": license,
    });
    if let Some(info) = info.as_object_mut().filter(|_| !on_premise) {
        info.insert("LICENSE_TYPE".to_owned(), "basic".into());
        info.insert("LICENSE_FAMILY".to_owned(), "basic".into());
    }
    Ok(info)
}

/// The person whose credential it is.
pub(crate) fn profile(call: &mut Call<'_>) -> Result<Json, RestError> {
    let id = call.caller.user_id;
    Ok(json!({
        "ID": id.to_string(),
        "ADMIN": id == 1,
        "NAME": "User",
        "LAST_NAME": id.to_string(),
        "PERSONAL_GENDER": "",
        "TIME_ZONE": "",
    }))
}
