//! The secrets among the parameters of a call.

use serde_json::Value;

use crate::table::path::{same_name, scalar};
use crate::wire::{Call, query};

/// The secrets among the parameters of a call, at any depth. It also reads the commands of a
/// batch, and the query of an address (`?CLIENT_ID=`).
pub(super) fn secrets_of(call: &Call) -> Vec<Box<str>> {
    const NAMES: [&str; 7] = [
        "botToken",
        "clientId",
        "clientSecret",
        "auth",
        "accessToken",
        "refreshToken",
        "applicationToken",
    ];
    /// The most secrets that are taken from one text, and from all. Users may write such texts.
    const IN_TEXT: usize = 16;
    const IN_TEXTS: usize = 2048;
    let is_secret = |name: &str| NAMES.iter().any(|own| same_name(own, name));
    let mut secrets = Vec::new();
    let mut commands: Vec<&str> = Vec::new();
    let params = call.params().iter();
    let mut open: Vec<_> = params.map(|(name, value)| (name.as_str(), value)).collect();
    // Without recursion: the caller decides on the depth.
    while let Some((name, value)) = open.pop() {
        match value {
            Value::Object(members) => open.extend(members.iter().map(|(name, value)| (name.as_str(), value))),
            Value::Array(items) => open.extend(items.iter().map(|item| (name, item))),
            Value::String(text) => commands.extend(query_of(text)),
            _ => {}
        }
        let secret = scalar(value).filter(|_| is_secret(name));
        secrets.extend(secret.map(|secret| Box::from(&*secret)));
    }
    let in_text = |text: &str| -> Vec<Box<str>> {
        let values = query::values_of(text, &is_secret, IN_TEXT);
        values.map(String::into_boxed_str).collect()
    };
    let found = commands.iter().flat_map(|query| in_text(query));
    // A command of a batch can have the address of a bot.
    let addresses = commands.iter().flat_map(|query| query::values_with(query, '?'));
    let deeper = addresses.flat_map(|address| query_of(&address).map(&in_text).unwrap_or_default());
    secrets.extend(found.chain(deeper).take(IN_TEXTS));
    secrets.sort_unstable();
    secrets.dedup();
    secrets
}

/// The query of an address, or the parameters of a batch's command.
fn query_of(text: &str) -> Option<&str> {
    let (address, _fragment) = text.split_once('#').unwrap_or((text, ""));
    address.split_once('?').map(|(_, query)| query)
}
