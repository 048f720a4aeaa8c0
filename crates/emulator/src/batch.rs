//! `batch`: up to 50 commands in one request.

use std::sync::PoisonError;

use serde_json::{Value as Json, json};

use super::dispatch::{self, Answer};
use super::envelope::{RestError, Stopwatch};
use super::form;
use super::limit::Spent;
use super::methods::Call;
use super::php::{self, Key, Value};

mod reference;

/// Commands beyond these are refused one by one.
const MAX_COMMANDS: usize = 50;

/// Names that a batch may not hold.
const NOT_ALLOWED: [&str; 3] = ["batch", "download", "upload"];

/// What the commands so far have answered, each under its key.
#[derive(Debug, Default)]
struct Answers {
    result: Vec<(Key, Json)>,
    error: Vec<(Key, Json)>,
    total: Vec<(Key, Json)>,
    next: Vec<(Key, Json)>,
    time: Vec<(Key, Json)>,
}

pub(super) fn run(call: &mut Call<'_>) -> Result<Json, RestError> {
    let halt = call.params.get("HALT").is_some_and(Value::is_truthy);
    let commands = call.params.remove("CMD");
    let mut answers = Answers::default();
    let commands = commands.as_ref().and_then(Value::as_array);
    for (count, (key, command)) in commands.into_iter().flat_map(php::Array::iter).enumerate() {
        let clock = Stopwatch::start(call.state.build.clock());
        let answer = match command {
            _ if count >= MAX_COMMANDS => Err(RestError::new(
                "ERROR_BATCH_LENGTH_EXCEEDED",
                "Max batch length exceeded",
            )),
            Value::Text(command) => run_command(call, command, &answers),
            // Passed over without an answer, though it counts.
            _ => continue,
        };
        match answer {
            Ok(answer) => {
                let time = clock.to_json(answer.spent);
                answers.result.push((key.clone(), answer.result));
                if let Some(page) = answer.page {
                    answers.total.push((key.clone(), page.total.into()));
                }
                if let Some(next) = answer.page.and_then(|page| page.next) {
                    answers.next.push((key.clone(), next.into()));
                }
                answers.time.push((key.clone(), time));
            }
            Err(error) => {
                answers.error.push((key.clone(), error.to_json()));
                if halt {
                    break;
                }
            }
        }
    }
    Ok(json!({
        "result": php::to_json(answers.result),
        "result_error": php::to_json(answers.error),
        "result_total": php::to_json(answers.total),
        "result_next": php::to_json(answers.next),
        "result_time": php::to_json(answers.time),
    }))
}

/// Runs `method?query`, all of whose parameters are text, save those that refer
/// to earlier answers.
fn run_command(call: &mut Call<'_>, command: &str, answers: &Answers) -> Result<Answer, RestError> {
    let (name, query) = split_command(command);
    // Portals compare the exact case, so that one could nest batches without end
    // under other spellings; here the stack is the test's own.
    if NOT_ALLOWED.iter().any(|own| own.eq_ignore_ascii_case(name)) {
        return Err(RestError::new(
            "ERROR_BATCH_METHOD_NOT_ALLOWED",
            "Method is not allowed for batch usage",
        ));
    }
    let params = reference::resolve_all(form::parse(query.as_bytes()), answers);
    let fault = call
        .faults
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take_inner(name);
    match fault {
        Some(answer) => {
            let build = &call.state.build;
            let now = build.clock().since_epoch();
            Ok(Answer {
                result: answer?,
                page: None,
                spent: (!build.is_on_premise()).then(|| Spent::nothing(now)),
            })
        }
        None => dispatch::answer_inner(call.state, call.faults, name, params, call.caller),
    }
}

/// The name and the query string of a command.
pub(super) fn split_command(command: &str) -> (&str, &str) {
    let (address, _fragment) = command.split_once('#').unwrap_or((command, ""));
    address.split_once('?').unwrap_or((address, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_an_address() {
        assert_eq!(split_command("a.b"), ("a.b", ""));
        assert_eq!(split_command("a.b?c=d&e=f?g"), ("a.b", "c=d&e=f?g"));
        assert_eq!(split_command("a.b?c=d#e?f"), ("a.b", "c=d"));
        assert_eq!(split_command("?"), ("", ""));
    }
}
