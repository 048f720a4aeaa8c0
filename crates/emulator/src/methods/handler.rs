//! `event.*` and `events`: an application's handlers of events.
//!
//! They are the application's own: a webhook is refused, so it can neither see
//! nor remove those of its bots. Access tokens are an administrator's here, who
//! sees all handlers of the application.

use serde_json::{Value as Json, json};

use super::super::envelope::RestError;
use super::super::php::Value;
use super::Call;

/// A handler as a portal keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventHandler {
    pub(crate) event: &'static str,
    /// Empty for one whose events wait to be polled.
    pub(crate) url: String,
    /// In whose name it is called; 0 for whoever caused the event.
    pub(crate) user_id: i64,
}

const WRONG_ARGUMENT: &str = "ERROR_ARGUMENT";

/// The names of the events that there are: those of the credential's scopes, of
/// the one that is named, or all.
pub(crate) fn events(call: &mut Call<'_>) -> Result<Json, RestError> {
    application(call)?;
    let asked = call.params.get_any(&["SCOPE"]).map(Value::to_text);
    let is_full = call.params.get("FULL").is_some_and(Value::is_truthy);
    let is_listed = |scope: Option<&str>| match &asked {
        Some(asked) => scope.unwrap_or_default() == asked,
        None => is_full || scope.is_none_or(|scope| call.caller.has_scope(scope)),
    };
    let names = call.state.event_names().into_iter();
    Ok(names
        .filter(|(scope, _)| is_listed(*scope))
        .map(|(_, name)| name)
        .collect())
}

pub(crate) fn bind(call: &mut Call<'_>) -> Result<Json, RestError> {
    let app_id = application(call)?;
    let wanted = Wanted::read(call)?;
    if !wanted.url.is_empty() {
        check_address(&wanted.url)?;
    }
    let names = call.state.event_names().into_iter();
    let mut names = names.filter(|(scope, _)| scope.is_none_or(|scope| call.caller.has_scope(scope)));
    let (_, event) = names
        .find(|(_, name)| *name == wanted.event)
        .ok_or_else(|| RestError::new("ERROR_EVENT_NOT_FOUND", "Event not found"))?;
    if wanted.url.is_empty() && event == "ONOFFLINEEVENT" {
        return Err(RestError::new(
            WRONG_ARGUMENT,
            "Offline event cannot be registered for this event.",
        ));
    }
    let handler = EventHandler {
        event,
        user_id: match wanted.url.is_empty() {
            true => 0,
            false => wanted.user_id.unwrap_or_default().max(0),
        },
        url: wanted.url,
    };
    if call.state.handlers(&app_id).contains(&handler) {
        return Err(RestError::new(
            "ERROR_CORE",
            "Unable to set event handler: Handler already binded",
        ));
    }
    call.state.add_handler(&app_id, handler);
    Ok(true.into())
}

/// Removes the handlers of this event at this address, those of one user where
/// one is named.
pub(crate) fn unbind(call: &mut Call<'_>) -> Result<Json, RestError> {
    let app_id = application(call)?;
    let wanted = Wanted::read(call)?;
    let mut removed = call.state.handlers(&app_id);
    removed.retain(|own| {
        let of_user = wanted.user_id.is_none_or(|user_id| own.user_id == user_id);
        own.event == wanted.event && own.url == wanted.url && (of_user || own.url.is_empty())
    });
    call.state.remove_handlers(&app_id, &removed);
    Ok(json!({"count": removed.len()}))
}

pub(crate) fn get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let app_id = application(call)?;
    let handlers = call.state.handlers(&app_id).into_iter();
    Ok(handlers
        .map(|own| match own.url.is_empty() {
            true => json!({"event": own.event, "connector_id": "", "offline": 1}),
            // The database's text of a number, as documented.
            false => json!({
                "event": own.event,
                "handler": own.url,
                "auth_type": own.user_id.to_string(),
                "offline": 0,
            }),
        })
        .collect())
}

/// The handler that a call is about.
struct Wanted {
    event: String,
    /// Empty for one that is polled, whatever address was sent.
    url: String,
    user_id: Option<i64>,
}

impl Wanted {
    fn read(call: &Call<'_>) -> Result<Self, RestError> {
        let text = |key| call.params.get(key).map(Value::to_text).unwrap_or_default();
        let event = text("EVENT").to_uppercase();
        if event.is_empty() {
            return Err(is_empty("EVENT"));
        }
        let url = match text("EVENT_TYPE").to_lowercase().as_str() {
            "" | "online" => Some(text("HANDLER")).filter(|url| !url.is_empty()),
            "offline" => Some(String::new()),
            _ => {
                return Err(RestError::new(
                    WRONG_ARGUMENT,
                    "Value must be one of {online|offline}",
                ));
            }
        };
        Ok(Self {
            event,
            url: url.ok_or_else(|| is_empty("HANDLER"))?,
            user_id: call.params.get_any(&["AUTH_TYPE"]).map(Value::to_int),
        })
    }
}

fn is_empty(argument: &str) -> RestError {
    RestError::new(WRONG_ARGUMENT, format!("Argument '{argument}' is null or empty"))
}

/// The application of an access token; no other credential has one.
fn application(call: &Call<'_>) -> Result<String, RestError> {
    call.caller.client_id.clone().ok_or_else(|| {
        RestError::new(
            "WRONG_AUTH_TYPE",
            "Current authorization type is denied for this method",
        )
        .with_status(403)
    })
}

/// An address needs a host with a dot in it, and then a known protocol.
pub(super) fn check_address(url: &str) -> Result<(), RestError> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.find('.').is_none_or(|at| at == 0) {
        return Err(RestError::new("ERROR_WRONG_HANDLER_URL", "Wrong handler URL"));
    }
    match scheme {
        "http" | "https" => Ok(()),
        _ => Err(RestError::new(
            "ERROR_UNSUPPORTED_PROTOCOL",
            "Unsupported handler protocol",
        )),
    }
}
