//! Removes secrets from texts before they are printed.

use std::borrow::Cow;

use serde_json::Value;

/// Stands in place of a secret.
const HIDDEN: char = '*';

/// The shortest secret that is removed. A shorter text can be a part of any word.
const SHORTEST: usize = 8;

/// Parts of the names whose values are secrets, in small letters and without underscores.
const NAMES: [&str; 6] = ["token", "secret", "password", "webhook", "clientid", "auth"];

/// Names that contain such a part, and whose values are no secrets.
const OPEN: [&str; 2] = ["author", "authserver"];

/// The secrets that a command has read.
#[derive(Debug, Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// Takes in one more secret.
    pub(crate) fn add(&mut self, secret: &str) {
        let secret = secret.trim();
        if secret.contains(char::is_control) {
            // A text for people has spaces in place of control characters, and JSON has escapes.
            secret.split(char::is_control).for_each(|part| self.add(part));
            return;
        }
        if secret.len() >= SHORTEST && !self.0.iter().any(|own| own == secret) {
            self.0.push(secret.to_owned());
            // JSON writes quotes and backslashes in another way.
            let text = Value::from(secret).to_string();
            let written = text.get(1..text.len() - 1);
            self.0
                .extend(written.filter(|own| *own != secret).map(str::to_owned));
            // A secret that is a part of another one would leave the rest of it.
            self.0.sort_by_key(|own| std::cmp::Reverse(own.len()));
        }
    }

    /// Takes in the secrets of a call: values of parameters with the name of a secret, at any depth, and in
    /// the queries of texts.
    pub(crate) fn add_of(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match value {
                        Value::String(text) if is_secret(name) && !text.contains("://") => self.add(text),
                        other => self.add_of(other),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.add_of(item)),
            Value::String(text) => {
                for (from, to) in named(text) {
                    self.add(text.get(from..to).unwrap_or_default());
                }
            }
            _ => {}
        }
    }

    /// The text without these secrets, and without the codes of webhooks.
    pub(crate) fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = hide_webhooks(text);
        for secret in &self.0 {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), "***").into();
            }
        }
        text
    }
}

/// Whether a value with this name is a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    let mut name = name.replace(['_', '-'], "");
    name.make_ascii_lowercase();
    NAMES.iter().any(|own| name.contains(own)) && !OPEN.contains(&name.as_str())
}

/// A value without secrets: members with the name of a secret, and secrets in texts.
pub(crate) fn without_secrets(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    // The address of a webhook handler is no secret; its query may hold one.
                    Value::String(text) if is_secret(name) && !text.contains("://") => {
                        HIDDEN.to_string().into()
                    }
                    Value::Number(_) if is_secret(name) => HIDDEN.to_string().into(),
                    other => without_secrets(other),
                };
                (name.clone(), value)
            })
            .collect(),
        Value::Array(items) => items.iter().map(without_secrets).collect(),
        Value::String(text) => hide_in_text(text).into(),
        other => other.clone(),
    }
}

/// A text of a user without the codes of webhooks, and without values whose name says that they are
/// secrets. It keeps its length in characters, so places in it stay the same.
pub(crate) fn hide_in_text(text: &str) -> String {
    hidden(&hide_webhooks(text), &named(text)).into_owned()
}

/// The text without the codes of webhooks: `/rest/1/code/`.
fn hide_webhooks(text: &str) -> Cow<'_, str> {
    const BEGIN: &str = "/rest/";
    // Quicker than a search for each place. Most texts have none.
    if !text.contains(BEGIN) {
        return Cow::Borrowed(text);
    }
    let codes = text.match_indices(BEGIN).filter_map(|(at, _)| {
        let begin = at + BEGIN.len();
        let rest = text.get(begin..)?;
        let user = rest.find(|c: char| !c.is_ascii_digit())?;
        let after = rest.get(user..)?.strip_prefix('/')?;
        let length = after
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(after.len());
        let from = begin + user + 1;
        (user > 0 && length > 0).then_some((from, from + length))
    });
    hidden(text, &codes.collect::<Vec<_>>())
}

/// The places of values that stand behind the name of a secret: `name = "value"`, `"name": "value"`,
/// `name=value`, also with `=` as `%3D`.
fn named(text: &str) -> Vec<(usize, usize)> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let is_of_value = |c: char| c.is_ascii_alphanumeric() || "_-.~+/|".contains(c);
    let mut found = Vec::new();
    let signs = text
        .match_indices(['=', ':'])
        .chain(text.match_indices("%3D"))
        .chain(text.match_indices("%3d"));
    for (at, sign) in signs {
        let before = text.get(..at).unwrap_or_default();
        let before = before.trim_end_matches([' ', '"', '\'', ']']);
        let name = match before.rfind(|c| !is_of_name(c)) {
            Some(last) => before.get(last..).unwrap_or_default(),
            None => before,
        };
        // `%3FCLIENT_ID%3D`: the letters of an escape are not of the name, and do no harm.
        if !is_secret(name) {
            continue;
        }
        let begin = at + sign.len();
        let after = text.get(begin..).unwrap_or_default();
        let skipped = after.len() - after.trim_start_matches([' ', '"', '\'']).len();
        let value = after.get(skipped..).unwrap_or_default();
        let length = match skipped > 0 && after.trim_start_matches(' ') == value {
            // `token = a b` of a broken file: nobody knows where the value ends.
            true => value.find(['\n', '\r']).unwrap_or(value.len()),
            false => value.find(|c| !is_of_value(c)).unwrap_or(value.len()),
        };
        // `https` of an address is no secret, and its code is hidden elsewhere.
        if length > 0 && !value.get(length..).unwrap_or_default().starts_with("://") {
            found.push((begin + skipped, begin + skipped + length));
        }
    }
    found.sort_unstable();
    found
}

/// The text with other characters at these places.
fn hidden<'t>(text: &'t str, places: &[(usize, usize)]) -> Cow<'t, str> {
    if places.is_empty() {
        return text.into();
    }
    let mut places = places.to_vec();
    places.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (from, to) in places {
        let from = from.max(at);
        let Some(secret) = text.get(from..to) else {
            continue;
        };
        out.push_str(text.get(at..from).unwrap_or_default());
        out.extend(secret.chars().map(|_| HIDDEN));
        at = to;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn codes_of_webhooks_are_hidden() {
        let shown = |text| Secrets::default().hide(text);
        assert_eq!(
            shown("see https://acme.bitrix24.com/rest/1/s3cret/ twice /rest/22/x"),
            "see https://acme.bitrix24.com/rest/1/******/ twice /rest/22/*"
        );
        assert_eq!(
            shown("https://{host}/rest/{user}/{code}/"),
            "https://{host}/rest/{user}/{code}/"
        );
        assert_eq!(shown("/rest/imbot.v2"), "/rest/imbot.v2");
    }

    #[test]
    fn named_secrets_are_hidden_in_text() {
        for (text, shown) in [
            ("client_secret = \"abc\"", "client_secret = \"***\""),
            ("{\"botToken\": \"a.b\"}", "{\"botToken\": \"***\"}"),
            ("token = ab cd\nid = 7", "token = *****\nid = 7"),
            ("m?botToken=ab&x=cd", "m?botToken=**&x=cd"),
            (
                "m?a=https%3A%2F%2Fh%3FCLIENT_ID%3Dab",
                "m?a=https%3A%2F%2Fh%3FCLIENT_ID%3D**",
            ),
            (
                "webhook = \"https://a/rest/1/code/\"",
                "webhook = \"https://a/rest/1/****/\"",
            ),
            ("title = \"a token of a bot\"", "title = \"a token of a bot\""),
        ] {
            assert_eq!(hide_in_text(text), shown);
        }
    }

    #[test]
    fn secrets_of_values_are_hidden_at_any_depth() {
        let call =
            json!({"botToken": "t0ken", "fields": [{"auth": 7, "text": "a"}], "webhookUrl": "https://a/b"});
        assert_eq!(
            without_secrets(&call),
            json!({"botToken": "*", "fields": [{"auth": "*", "text": "a"}], "webhookUrl": "https://a/b"})
        );
    }

    #[test]
    fn learnt_secret_is_hidden_everywhere() {
        let mut secrets = Secrets::default();
        secrets.add_of(&json!({"botToken": "t0ken-1234", "cmd": ["m?auth=another1"]}));
        assert_eq!(secrets.hide("t0ken-1234 and another1"), "*** and ***");
    }

    #[test]
    fn secret_of_two_lines_is_hidden() {
        let mut secrets = Secrets::default();
        secrets.add("t0ken-abcd\nefgh1234");
        secrets.add("quo\"ted-1234");
        let printed = serde_json::to_string(&["t0ken-abcd\nefgh1234", "quo\"ted-1234"]).unwrap();
        assert_eq!(secrets.hide(&printed), r#"["***\n***","***"]"#);
        assert_eq!(secrets.hide("t0ken-abcd efgh1234"), "*** ***");
    }
}
