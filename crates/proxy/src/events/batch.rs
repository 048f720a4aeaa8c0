//! A batch of which the server answers some commands itself: what the portal gets, and the reply with all answers.

use imbot_caps::gate::HttpCall;
use imbot_caps::wire::Call;
use serde_json::{Map, Value};
use url::Url;

use super::form;

/// A portal takes so many commands. A longer batch goes to the portal as it is.
const MOST: usize = 50;

/// The words by which a command refers to the reply of another one.
const REFERENCES: [&str; 5] = ["result", "next", "total", "time", "error"];

/// The commands of a batch, with their keys.
pub(crate) fn commands(params: &Map<String, Value>) -> Option<Vec<(String, &str)>> {
    let commands: Option<Vec<(String, &str)>> = match parameter(params, "cmd")?.1 {
        Value::Object(commands) => commands
            .iter()
            .map(|(key, command)| Some((key.clone(), command.as_str()?)))
            .collect(),
        Value::Array(commands) => commands
            .iter()
            .enumerate()
            .map(|(key, command)| Some((key.to_string(), command.as_str()?)))
            .collect(),
        _ => None,
    };
    commands.filter(|commands| commands.len() <= MOST)
}

/// Portals read the names of parameters in any case.
pub(crate) fn parameter<'p>(params: &'p Map<String, Value>, name: &str) -> Option<(&'p String, &'p Value)> {
    params.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))
}

/// A command as a call: it is read as the gate reads a request with this query.
pub(crate) fn call_of(portal: &Url, command: &str) -> Option<Call> {
    let (command, _fragment) = command.split_once('#').unwrap_or((command, ""));
    let (method, query) = command.split_once('?').unwrap_or((command, ""));
    let mut url = portal.clone();
    url.set_path(&format!("/rest/1/code/{method}"));
    url.set_query(Some(query));
    let request = reqwest::Request::new(http::Method::GET, url);
    HttpCall::read(&request).map(|read| read.call().clone())
}

/// A call as a command.
pub(crate) fn command_of(method: &str, params: &Map<String, Value>) -> String {
    format!("{method}?{}", form::write(params))
}

/// Whether a text in these parameters refers to the reply of another command: of this one, or of any.
pub(crate) fn refers(params: &Map<String, Value>, to: Option<&str>) -> bool {
    params.values().any(|value| value_refers(value, to))
}

fn value_refers(value: &Value, to: Option<&str>) -> bool {
    match value {
        Value::String(text) => text_refers(text, to),
        Value::Array(items) => items.iter().any(|item| value_refers(item, to)),
        Value::Object(members) => members.values().any(|member| value_refers(member, to)),
        _ => false,
    }
}

/// `$result[key]`: the word in any case, and after it anything but white space.
fn text_refers(text: &str, to: Option<&str>) -> bool {
    text.split('$').skip(1).any(|after| {
        let is_word = |word: &&str| {
            let begin = after.get(..word.len());
            begin.is_some_and(|begin| begin.eq_ignore_ascii_case(word))
        };
        let Some((before, rest)) = after.split_once('[') else {
            return false;
        };
        let is_reference = REFERENCES.iter().any(is_word) && !before.contains(char::is_whitespace);
        let key = rest.split(']').next().unwrap_or_default();
        is_reference && to.is_none_or(|to| key.trim_matches(['"', '\'']) == to)
    })
}

/// The members of a batch's reply.
const MEMBERS: [&str; 5] = [
    "result",
    "result_error",
    "result_total",
    "result_next",
    "result_time",
];

/// What a portal answers to a batch without commands.
pub(crate) fn empty(time: Value) -> Value {
    let members = MEMBERS
        .iter()
        .map(|name| ((*name).to_owned(), Value::Array(Vec::new())));
    Value::Object(Map::from_iter([
        ("result".to_owned(), Value::Object(members.collect())),
        ("time".to_owned(), time),
    ]))
}

/// The keys of the commands that the portal answered with an error; `None` if this is no reply to a batch.
pub(crate) fn failed(reply: &Value) -> Option<Vec<String>> {
    let batch = reply.get("result")?.as_object()?;
    batch.get("result")?;
    Some(members_of(batch.get("result_error")).keys().cloned().collect())
}

/// Whether the portal answered this command with a result.
pub(crate) fn succeeded(reply: &Value, key: &str) -> bool {
    let members = |name: &str| members_of(reply.get("result").and_then(|batch| batch.get(name)));
    members("result").contains_key(key) && !members("result_error").contains_key(key)
}

/// Puts an answer into one member of a batch's reply. The commands stay in the order of the batch.
pub(crate) fn put(reply: &mut Value, member: &str, key: &str, answer: Value, order: &[String]) {
    let Some(batch) = reply.get_mut("result").and_then(Value::as_object_mut) else {
        return;
    };
    let mut answers = match batch.get_mut(member).map(Value::take) {
        Some(Value::Object(answers)) => answers,
        other => members_of(other.as_ref()),
    };
    answers.insert(key.to_owned(), answer);
    batch.insert(member.to_owned(), ordered(answers, order));
}

/// PHP writes a list for an array whose keys count from 0, so without any.
fn members_of(value: Option<&Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(members)) => members.clone(),
        Some(Value::Array(items)) => {
            let items = items.iter().enumerate();
            items.map(|(key, item)| (key.to_string(), item.clone())).collect()
        }
        _ => Map::new(),
    }
}

fn ordered(mut answers: Map<String, Value>, order: &[String]) -> Value {
    let mut sorted = Map::new();
    for key in order {
        if let Some(answer) = answers.shift_remove(key) {
            sorted.insert(key.clone(), answer);
        }
    }
    sorted.extend(answers);
    let is_list = sorted
        .keys()
        .enumerate()
        .all(|(place, key)| *key == place.to_string());
    match is_list {
        true => Value::Array(sorted.into_iter().map(|(_, answer)| answer).collect()),
        false => Value::Object(sorted),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_found() {
        for (text, to_any, to_get) in [
            ("$result[get][nextOffset]", true, true),
            ("a $RESULT[get] b", true, true),
            ("$resultat[get]", true, true),
            ("$error[get]", true, true),
            ("$result['get']", true, true),
            ("$result[got]", true, false),
            ("$result [get]", false, false),
            ("$results", false, false),
            ("$price[get]", false, false),
            ("50 $ [get]", false, false),
        ] {
            let params = json!({"fields": {"list": [text]}});
            let params = params.as_object().unwrap();
            assert_eq!(refers(params, None), to_any, "{text}");
            assert_eq!(refers(params, Some("get")), to_get, "{text}");
        }
    }

    #[test]
    fn answers_keep_order_and_form() {
        let order = ["0", "1", "2"].map(str::to_owned);
        let mut reply = json!({"result": {"result": {"0": "a", "2": "c"}, "result_error": []}});
        put(&mut reply, "result", "1", "b".into(), &order);
        assert_eq!(reply["result"]["result"], json!(["a", "b", "c"]));
        let order = ["x", "get", "y"].map(str::to_owned);
        let mut reply = json!({"result": {"result": {"y": 2, "x": 1}, "result_error": []}});
        put(&mut reply, "result", "get", 3.into(), &order);
        assert_eq!(reply["result"]["result"].to_string(), r#"{"x":1,"get":3,"y":2}"#);
    }

    #[test]
    fn commands_are_read_as_calls() {
        let portal = Url::parse("https://a.example/rest/").unwrap();
        let call = call_of(&portal, "imbot.v2.Event.get.json?botId=7&fields[a][]=b%20c#x").unwrap();
        assert_eq!(call.method(), "imbot.v2.Event.get");
        assert_eq!(
            Value::Object(call.params().clone()),
            json!({"botId": "7", "fields": {"a": ["b c"]}})
        );
        assert!(call_of(&portal, "a/b").is_none());
        let cmd = json!({"CMD": ["a?b=1", "c"]});
        let found = commands(cmd.as_object().unwrap()).unwrap();
        assert_eq!(found, [("0".to_owned(), "a?b=1"), ("1".to_owned(), "c")]);
        let many = json!({"cmd": vec!["a"; 51]});
        assert!(commands(many.as_object().unwrap()).is_none());
    }
}
