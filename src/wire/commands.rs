//! Calls as commands of a batch. A command is text: the method, and the parameters as a
//! query string (`imbot.v2.Chat.get?botId=7`).

use serde_json::{Map, Value};

use super::{Call, query, without_suffix};

/// The most commands that a portal takes in one batch.
pub(crate) const MAX_COMMANDS: usize = 50;

/// A call as a command.
pub(crate) fn command(call: &Call) -> String {
    let query = query::encode(call.params());
    match query.is_empty() {
        true => call.method().to_owned(),
        false => format!("{}?{query}", call.method()),
    }
}

/// A command as a call. Fields beyond the limits of [`query::decode`] are left out.
pub(crate) fn call_of(command: &str) -> Call {
    Call::with_params(method_of(command), query::decode(query_of(command)))
}

/// A command as a call; `None` if the command has more fields than are read.
pub(crate) fn whole_call_of(command: &str) -> Option<Call> {
    let params = query::decode_whole(query_of(command))?;
    Some(Call::with_params(method_of(command), params))
}

/// The method of a command, without a suffix such as `.json`.
pub(crate) fn method_of(command: &str) -> &str {
    let address = command.split_once('#').map_or(command, |(address, _)| address);
    let method = address.split_once('?').map_or(address, |(method, _)| method);
    without_suffix(method)
}

fn query_of(command: &str) -> &str {
    let (address, _fragment) = command.split_once('#').unwrap_or((command, ""));
    let (_, query) = address.split_once('?').unwrap_or((address, ""));
    query
}

/// The commands that are text, of the value of a batch's parameter `cmd`. It is a map with
/// keys or a list.
pub(crate) fn commands(cmd: &Value) -> impl Iterator<Item = &str> {
    let with_keys = cmd.as_object().into_iter().flat_map(Map::values);
    let in_list = cmd.as_array().into_iter().flatten();
    with_keys.chain(in_list).filter_map(Value::as_str)
}
