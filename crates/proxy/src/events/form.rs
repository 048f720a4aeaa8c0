//! An event as a portal posts it: a form with PHP's keys.

use form_urlencoded::Serializer;
use serde_json::{Map, Value};

/// Writes an event as `http_build_query` of PHP does: scalars as text, `1` and `0` for yes and no. It leaves out null.
pub(crate) fn write(event: &Map<String, Value>) -> String {
    let mut form = Serializer::new(String::new());
    for (name, value) in event {
        put(&mut form, name, value);
    }
    form.finish()
}

fn put(form: &mut Serializer<'_, String>, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(yes) => {
            form.append_pair(name, if *yes { "1" } else { "0" });
        }
        Value::Number(number) => {
            form.append_pair(name, &number.to_string());
        }
        Value::String(text) => {
            form.append_pair(name, text);
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                put(form, &format!("{name}[{place}]"), item);
            }
        }
        Value::Object(members) => {
            for (own, value) in members {
                put(form, &format!("{name}[{own}]"), value);
            }
        }
    }
}

/// The members of `auth` in a posted form. The form was read strictly before: no name is there twice.
pub(crate) fn auth_of_form(body: &[u8]) -> Map<String, Value> {
    let mut auth = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        let own = name.strip_prefix("auth[").and_then(|rest| rest.strip_suffix(']'));
        if let Some(own) = own.filter(|own| !own.contains(['[', ']'])) {
            auth.insert(own.to_owned(), value.into_owned().into());
        }
    }
    auth
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn forms_have_the_keys_of_php() {
        let event =
            json!({"event": "E", "data": {"bot": {"id": 7, "on": false}, "list": ["a", null]}, "ts": 5});
        let form = write(event.as_object().unwrap());
        assert_eq!(
            form,
            "event=E&data%5Bbot%5D%5Bid%5D=7&data%5Bbot%5D%5Bon%5D=0&data%5Blist%5D%5B0%5D=a&ts=5"
        );
        let auth =
            auth_of_form(b"auth[domain]=a.example&auth%5Bx%5D%5By%5D=1&data[auth]=2&auth[scope]=im%2Cimbot");
        assert_eq!(
            Value::Object(auth),
            json!({"domain": "a.example", "scope": "im,imbot"})
        );
    }
}
