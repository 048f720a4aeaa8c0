//! One call from name to answer, in the order of the real server's checks.
//!
//! 1. Is there such a method? Decided before the credential is looked at, so
//!    "not found" never depends on it.
//! 2. Is the credential right, has it not expired, has it the scope?
//! 3. Is there such an action of the controller?
//! 4. Has the credential time left for this method?
//! 5. The method itself.
//!
//! A client may therefore take a refused credential for proof that the
//! controller exists.

use std::sync::Mutex;

use serde_json::Value as Json;

use super::catalog::{self, Found};
use super::credential::Caller;
use super::envelope::{Page, RestError};
use super::fault::Faults;
use super::limit::Spent;
use super::methods::Call;
use super::php::{Array, Value};
use super::request::Route;
use super::state::State;

/// What a method answered.
pub(super) struct Answer {
    pub(super) result: Json,
    pub(super) page: Option<Page>,
    /// The operating time that it used up, which only the cloud counts.
    pub(super) spent: Option<Spent>,
}

/// Answers a call of its own.
pub(super) fn answer(
    state: &mut State,
    faults: &Mutex<Faults>,
    route: &Route,
    bearer: Option<&str>,
    params: Array,
) -> Result<Answer, RestError> {
    let authorise = |state: &State, params: &Array, scope: Option<&str>| {
        let now = state.build.clock().since_epoch();
        state.credentials.authorise(route, bearer, params, scope, now)
    };
    run(state, faults, &route.candidates(), params, authorise)
}

/// Answers one command of a batch, whose credential was already checked.
///
/// Unlike in a call of its own, a missing scope is reported without a text.
pub(super) fn answer_inner(
    state: &mut State,
    faults: &Mutex<Faults>,
    name: &str,
    params: Array,
    caller: &Caller,
) -> Result<Answer, RestError> {
    let authorise = |_: &State, _: &Array, scope: Option<&str>| match scope {
        Some(scope) if !caller.has_scope(scope) => Err(RestError::known("insufficient_scope").saying("")),
        _ => Ok(caller.clone()),
    };
    run(
        state,
        faults,
        &[name.to_lowercase(), name.to_owned()],
        params,
        authorise,
    )
}

fn run(
    state: &mut State,
    faults: &Mutex<Faults>,
    candidates: &[String; 2],
    mut params: Array,
    authorise: impl FnOnce(&State, &Array, Option<&str>) -> Result<Caller, RestError>,
) -> Result<Answer, RestError> {
    params.remove("state");
    let found = find(state, candidates)?;
    let [name, _] = candidates;
    let caller = authorise(state, &params, found.scope)?;
    params.remove("auth");
    params.remove("access_token");
    if params.get("token").is_some_and(|token| *token != Value::Null) {
        // A parameter of this name asks to check a signed link instead.
        return Err(RestError::access_denied("Link check failed"));
    }
    let start = params.remove("start").map_or(0, |start| start.to_int());
    let run = found.action?;
    if found.is_legacy {
        params = params.with_upper_case_keys();
    }
    let now = state.build.clock().since_epoch();
    let (credential, method) = (caller.credential.as_str(), name.as_str());
    // The time of a batch is that of its commands.
    let is_counted = !state.build.is_on_premise() && method != "batch";
    if is_counted && state.credentials.operating.is_used_up(credential, method, now) {
        return Err(RestError::known("OPERATION_TIME_LIMIT"));
    }
    let mut call = Call {
        state,
        caller: &caller,
        faults,
        params,
        start,
        page: None,
    };
    let result = run(&mut call);
    let page = call.page;
    if is_counted {
        state.credentials.operating.book(credential, method, now);
    }
    let spent = || state.credentials.operating.spent(credential, method, now);
    Ok(Answer {
        result: result?,
        page,
        spent: (!state.build.is_on_premise()).then(spent),
    })
}

fn find(state: &State, candidates: &[String]) -> Result<Found, RestError> {
    for name in candidates {
        if let Some(found) = catalog::find(&state.build, name)? {
            return Ok(found);
        }
    }
    Err(RestError::method_not_found())
}
