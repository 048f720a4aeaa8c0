use serde_json::{Value, json};
use url::Url;

use super::request::{Head, RequestParts};
use super::*;
use crate::gate::gate::Gate;
use crate::wire::Call;
use crate::{Knowledge, Portal, Registry};

const WEBHOOK: &str = "https://acme.bitrix24.com/rest/1/s3cret/";
const JSON: &str = "application/json; charset=utf-8";
const FORM: &str = "application/x-www-form-urlencoded";

fn route(verb: &str, url: &str, content_type: &str, authorization: Option<&str>) -> Option<Route> {
    Route::of(&Head {
        verb,
        url: &Url::parse(url).unwrap(),
        content_type: Some(content_type).filter(|text| !text.is_empty()),
        content_encoding: None,
        authorization,
    })
}

#[track_caller]
fn post(url: &str, content_type: &str, body: &str) -> Recognised {
    let route = route("POST", url, content_type, None).unwrap();
    route.read(body.as_bytes()).unwrap()
}

#[track_caller]
fn get(url: &str) -> Recognised {
    route("GET", url, "", None).unwrap().read(b"").unwrap()
}

/// Address and body of what is written.
fn written(recognised: &Recognised, call: &Call) -> (String, Option<String>) {
    let RequestParts { url, body } = recognised.write(call);
    (url.into(), body.map(|body| String::from_utf8(body).unwrap()))
}

#[test]
fn addresses_of_calls() {
    for (url, id, method) in [
        (
            "https://acme.bitrix24.com/rest/1/s3cret/imbot.v2.Bot.list",
            "https://acme.bitrix24.com",
            "imbot.v2.Bot.list",
        ),
        (
            &format!(
                "https://acme.bitrix24.com{}rest//1/s3cret/imbot.v2.Bot.list",
                "/".repeat(500)
            ),
            "https://acme.bitrix24.com",
            "imbot.v2.Bot.list",
        ),
        (
            "https://acme.bitrix24.com/rest/1/s3cret/imbot.v2.Bot.list.json?botId=1#x",
            "https://acme.bitrix24.com",
            "imbot.v2.Bot.list",
        ),
        (
            "https://box.example:8443/crm/rest//1/s3cret//imbot.bot.list.JSON/",
            "https://box.example:8443/crm",
            "imbot.bot.list",
        ),
        (
            "http://127.0.0.1:80/rest/rest/1/s3cret/batch",
            "http://127.0.0.1/rest/rest/",
            "batch",
        ),
        (
            "https://acme.bitrix24.com/rest/batch.json?auth=t0ken",
            "https://acme.bitrix24.com",
            "batch",
        ),
        (
            "http://[::1]:81/x/rest/imbot.v2.Bot.list/?access_token=t0ken",
            "http://[::1]:81/x",
            "imbot.v2.Bot.list",
        ),
    ] {
        for verb in ["GET", "POST"] {
            let route = route(verb, url, JSON, None).unwrap_or_else(|| panic!("{url}"));
            assert_eq!(route.method(), method, "{url}");
            let recognised = route.read(b"").unwrap();
            assert_eq!(recognised.portal.id().to_string(), id, "{url}");
            assert_eq!(recognised.call.method(), method, "{url}");
        }
    }
}

#[test]
fn non_call_requests_are_ignored() {
    for url in [
        "https://acme.bitrix24.com/",
        "https://acme.bitrix24.com/rest/",
        "https://acme.bitrix24.com/imbot.v2.Bot.list",
        "https://acme.bitrix24.com/rest/1/s3cret/.json",
        "https://acme.bitrix24.com/rest/1/s3cret/imbot%2Fv2",
        "https://acme.bitrix24.com/rest/s3cret/imbot.v2.Bot.list",
        "https://acme.bitrix24.com/rest/x/s3cret/imbot.v2.Bot.list",
        "https://acme.bitrix24.com/rest/1/s3%20cret/imbot.v2.Bot.list",
        "https://acme.bitrix24.com/rest/1/s3cret/rest/1/s3cret/imbot.v2.Bot.list",
        "https://acme.bitrix24.com/rest/api/1/s3cret/imbot.v2.Bot.list",
        "https://acme.bitrix24.com/rest/api/imbot.v2.Bot.list?auth=t0ken",
        "https://acme.bitrix24.com/rest/1/s3cret/imbot.v2.Bot.list/more",
        "https://acme.bitrix24.com/oauth/token/?auth=t0ken",
        "ftp://acme.bitrix24.com/rest/1/s3cret/imbot.v2.Bot.list",
        "wss://acme.bitrix24.com/rest/1/s3cret/imbot.v2.Bot.list",
    ] {
        assert!(route("POST", url, JSON, None).is_none(), "{url}");
    }
    for verb in ["HEAD", "PUT", "DELETE", "OPTIONS"] {
        assert!(route(verb, &format!("{WEBHOOK}imbot.v2.Bot.list"), JSON, None).is_none());
    }
    // Without a token a portal refuses it.
    let url = "https://acme.bitrix24.com/rest/imbot.v2.Bot.list";
    for basic in [None, Some("Basic dTpw"), Some("Bearer "), Some("Bearer")] {
        assert!(route("POST", url, JSON, basic).unwrap().read(b"{}").is_none());
    }
}

#[test]
fn token_positions_match_the_portal() {
    let url = "https://acme.bitrix24.com/rest/imbot.v2.Bot.list";
    let token = |url: &str, content_type, authorization, body: &str| {
        let recognised = route("POST", url, content_type, authorization)?.read(body.as_bytes())?;
        assert!(recognised.call.params().is_empty(), "{recognised:?}");
        Some(recognised.portal)
    };
    let own = token(url, JSON, Some("bearer t0ken"), "").unwrap();
    let query = format!("{url}?auth=t0ken");
    for (url, content_type, authorization, body, is_own) in [
        (url, JSON, None, r#"{"auth":"t0ken"}"#, true),
        (
            url,
            JSON,
            None,
            r#"{"access_token":"t0ken","auth":"t0ken"}"#,
            true,
        ),
        (
            url,
            JSON,
            None,
            r#"{"access_token":"t0ken","auth":"other"}"#,
            false,
        ),
        (url, FORM, None, "access_token=t0ken", true),
        (query.as_str(), FORM, None, "", true),
        // The body wins, and the header before both.
        (query.as_str(), FORM, None, "auth=other", false),
        (query.as_str(), JSON, Some("Bearer other"), "", false),
        (
            query.as_str(),
            JSON,
            Some("Bearer t0ken"),
            r#"{"auth":"other"}"#,
            true,
        ),
    ] {
        let found = token(url, content_type, authorization, body).unwrap();
        assert_eq!(
            found.same_credential(&own),
            is_own,
            "{url} {authorization:?} {body}"
        );
    }
}

#[test]
fn no_secret_is_shown() {
    for recognised in [
        post(
            &format!("{WEBHOOK}imbot.v2.Bot.list"),
            JSON,
            r#"{"botToken":"s3cret"}"#,
        ),
        get("https://acme.bitrix24.com/rest/imbot.v2.Bot.list?auth=s3cret"),
    ] {
        let shown = format!("{recognised:?} {recognised:#?}");
        assert!(!shown.contains("s3cret"), "{shown}");
    }
    let url = "https://acme.bitrix24.com/rest/1/s3cret/imbot.v2.Bot.list?x=s3cret";
    let route = route("POST", url, "multipart/form-data; boundary=s3cret", None).unwrap();
    let error = route.readable().unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(
        shown.contains("multipart/form-data") && !shown.contains("s3cret"),
        "{shown}"
    );
}

#[test]
fn parameters_merge_like_php() {
    let url = format!("{WEBHOOK}imbot.v2.Chat.Message.send?botId=1&fields[message]=a&dialogId=chat1");
    let merged = json!({"botId": 7, "fields": {"system": true}, "dialogId": "chat1"});
    let call = post(&url, JSON, r#"{"botId":7,"fields":{"system":true}}"#).call;
    assert_eq!(Value::Object(call.params().clone()), merged);
    let call = post(&url, FORM, "botId=7&fields%5Bsystem%5D=Y").call;
    let merged = json!({"botId": "7", "fields": {"system": "Y"}, "dialogId": "chat1"});
    assert_eq!(Value::Object(call.params().clone()), merged);
    // A portal runs the call by the query alone.
    for body in ["{", "[1]", "7", "\u{feff}{\"botId\":7}"] {
        assert_eq!(post(&url, JSON, body).call.params()["botId"], "1", "{body}");
    }
    assert_eq!(get(&url).call.params()["fields"]["message"], "a");
}

#[test]
fn rewritten_call_keeps_its_format() {
    let older = Call::new("imbot.message.add")
        .with("MESSAGE", "a b&c")
        .with("SYSTEM", "Y");
    let url = format!("{WEBHOOK}imbot.v2.Chat.Message.send.json/?botId=7");
    assert_eq!(
        written(&post(&url, JSON, r#"{"dialogId":"chat1"}"#), &older),
        (
            format!("{WEBHOOK}imbot.message.add.json/"),
            Some(r#"{"MESSAGE":"a b&c","SYSTEM":"Y"}"#.to_owned())
        )
    );
    assert_eq!(
        written(&post(&url, FORM, "dialogId=chat1"), &older),
        (
            format!("{WEBHOOK}imbot.message.add.json/"),
            Some("MESSAGE=a+b%26c&SYSTEM=Y".to_owned())
        )
    );
    for recognised in [get(&url), post(&url, JSON, "")] {
        let query = format!("{WEBHOOK}imbot.message.add.json/?MESSAGE=a+b%26c&SYSTEM=Y");
        assert_eq!(written(&recognised, &older), (query, None));
    }
    let bare = Call::new("imbot.bot.list");
    assert_eq!(
        written(&get(&url), &bare),
        (format!("{WEBHOOK}imbot.bot.list.json/"), None)
    );
}

#[test]
fn credentials_keep_their_position() {
    let older = Call::new("imbot.message.add").with("MESSAGE", "a");
    let url = "https://box.example/crm/rest/imbot.v2.Chat.Message.send";
    let to = "https://box.example/crm/rest/imbot.message.add";
    let body = |text: &str| Some(text.to_owned());
    assert_eq!(
        written(
            &post(&format!("{url}?a=1&auth=t%30ken&b=2"), JSON, r#"{"c":3}"#),
            &older
        ),
        (format!("{to}?auth=t%30ken"), body(r#"{"MESSAGE":"a"}"#))
    );
    assert_eq!(
        written(
            &post(&format!("{url}?a=1"), JSON, r#"{"auth":"t0ken","c":3}"#),
            &older
        ),
        (to.to_owned(), body(r#"{"MESSAGE":"a","auth":"t0ken"}"#))
    );
    assert_eq!(
        written(&post(url, FORM, "access_token=t0ken&c=3"), &older),
        (to.to_owned(), body("MESSAGE=a&access_token=t0ken"))
    );
    assert_eq!(
        written(&get(&format!("{url}?a=1&auth=t0ken&b[]=2")), &older),
        (format!("{to}?auth=t0ken&MESSAGE=a"), None)
    );
}

#[test]
fn batch_commands_keep_order() {
    let body =
        r#"{"halt":1,"cmd":{"z":"imbot.v2.Bot.list","a":"im.user.get","m":"im.dialog.get?DIALOG_ID=1"}}"#;
    let batch = post(&format!("{WEBHOOK}batch"), JSON, body);
    assert_eq!(written(&batch, &batch.call).1.as_deref(), Some(body));
}

#[test]
fn unreadable_bodies_are_detected() {
    let url = Url::parse(&format!("{WEBHOOK}imbot.v2.Bot.list")).unwrap();
    let readable = |verb, content_type, content_encoding| {
        let head = Head {
            verb,
            url: &url,
            content_type: Some(content_type),
            content_encoding,
            authorization: None,
        };
        Route::of(&head).unwrap().readable().is_ok()
    };
    for content_type in [JSON, FORM, "text/plain", "APPLICATION/JSON"] {
        assert!(readable("POST", content_type, None), "{content_type}");
        assert!(readable("POST", content_type, Some("identity")), "{content_type}");
        assert!(!readable("POST", content_type, Some("gzip")), "{content_type}");
    }
    assert!(!readable("POST", "Multipart/Form-Data; boundary=x", None));
    // Nobody looks at it.
    assert!(readable("GET", "multipart/form-data", Some("gzip")));
}

#[test]
fn method_alone_settles_some_calls() {
    let registry = Registry::new();
    let gate = Gate::new(&registry);
    let settled = |rest, method: &str| {
        let portal_gate = gate.portal(&Portal::webhook(WEBHOOK).unwrap());
        portal_gate.handle.pin(Knowledge::pinned(rest));
        portal_gate.settles(method)
    };
    for (method, at_30, at_36) in [
        // Of some of these the reply is looked at; no parameter changes that.
        ("imbot.v2.Bot.list", false, true),
        ("imbot.v2.Chat.get", false, true),
        ("im.disk.file.commit", true, true),
        ("crm.deal.list", true, true),
        ("batch", false, false),
        ("BATCH", false, false),
    ] {
        assert_eq!(
            (settled(30, method), settled(36, method)),
            (at_30, at_36),
            "{method}"
        );
    }
    // Where nothing is known nothing is settled.
    let portal_gate = gate.portal(&Portal::webhook(WEBHOOK).unwrap());
    portal_gate.handle.unpin();
    assert!(!portal_gate.settles("imbot.v2.Bot.list"));
}
