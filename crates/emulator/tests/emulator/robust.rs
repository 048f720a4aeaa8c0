//! Nothing that is sent takes the portal down.

use imbot_caps::Feature;
use imbot_caps_emulator::{Build, Emulator};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::{call, connect, send};

/// Numbers that look random and are the same in every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn pick<'a>(&mut self, parts: &[&'a str]) -> &'a str {
        parts[self.next() as usize % parts.len()]
    }

    fn text(&mut self, parts: &[&str], most: u64) -> String {
        (0..self.next() % most).map(|_| self.pick(parts)).collect()
    }
}

#[tokio::test]
async fn malformed_requests_cause_no_failure() {
    let emulator = Emulator::start().await.unwrap();
    let portal = emulator.portal(Build::rest(36));
    let webhook = portal.webhook_url().to_owned();
    let path = [
        "/", "rest", "1", ".", "imbot", "v2", "Bot", "%ff", "%", "?", "&", "=", "[", "a",
    ];
    let body = [
        "{", "}", "[", "]", ":", ",", "\"", "cmd", "9e999", "null", "\u{FEFF}", "=", "&",
    ];
    let types = [
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        ";",
    ];
    let methods = [
        "batch",
        "imbot.v2.Bot.register",
        "imbot.register",
        "imbot.v2.Bot.list",
    ];
    let mut noise = Noise(0x5EED);
    for _ in 0..500 {
        let base = match noise.next() % 3 {
            0 => portal.url().to_owned(),
            1 => webhook.clone(),
            _ => format!("{webhook}{}?", noise.pick(&methods)),
        };
        let url = base + &noise.text(&path, 12);
        let headers = format!("Content-Type: {}\r\n", noise.pick(&types));
        let verb = noise.pick(&["GET", "POST", "PUT", "HEAD", "ODD"]);
        let answer = send(verb, &url, &headers, noise.text(&body, 30).as_bytes()).await;
        let status = answer.unwrap_or_else(|| panic!("no answer: {verb} {url}")).status;
        assert!(status < 500, "{status}: {verb} {url}");
    }
    assert_eq!(
        call(&portal, "imbot.v2.Revision.get", json!({})).await.status,
        200
    );
}

#[tokio::test]
async fn non_http_bytes_are_harmless() {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000));
    for request in [
        &b"\xff\xfe\x00\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET rest HTTP/1.1\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET //rest/x HTTP/1.1\r\nX: \xff\r\nConnection: close\r\n\r\n",
        b"POST /rest/x HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        long.as_bytes(),
    ] {
        let mut stream = connect(portal.url()).await.unwrap();
        // A connection that is reset is an answer, too.
        let _ = stream.write_all(request).await;
        let _ = stream.shutdown().await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
    assert_eq!(call(&portal, "server.time", json!({})).await.status, 200);
}

#[tokio::test]
async fn deep_and_wide_parameters() {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    let url = format!("{}imbot.v2.Bot.register", portal.webhook_url());
    let deep_json = "[".repeat(100_000);
    let deep_form = format!("a{}=1", "[b]".repeat(100_000));
    let wide: String = (0..100_000).map(|n| format!("k{n}=v&")).collect();
    for body in [&deep_json, &deep_form, &wide] {
        for content_type in ["application/json", "text/plain"] {
            let headers = format!("Content-Type: {content_type}\r\n");
            let answer = send("POST", &url, &headers, body.as_bytes()).await.unwrap();
            assert_eq!(answer.code(), "CLIENT_ID_NOT_SPECIFIED");
        }
    }
}

#[tokio::test]
async fn every_method_takes_any_parameters() {
    let odd = [
        json!(null),
        json!(""),
        json!("x"),
        json!(-1),
        json!(u64::MAX),
        json!(9e99),
        json!([]),
        json!([[], {"a": null}]),
        json!({"title": 7, "command": [], "userIds": "x", "content": "\u{0}", "LANG": [1]}),
        json!("chat99999999999999999999"),
    ];
    let names = [
        "dialogId",
        "fields",
        "messageId",
        "commandId",
        "userIds",
        "limit",
        "offset",
        "range",
        "order",
        "reaction",
        "enabled",
        "fileId",
        "CHAT_ID",
        "DIALOG_ID",
        "USERS",
        "BOT_ID",
        "MESSAGE_ID",
        "LANG",
    ];
    let emulator = Emulator::start().await.unwrap();
    for build in [Build::rest(18), Build::rest32_with_imbot_v2(), Build::rest(36)] {
        let portal = emulator.portal(build);
        let bot = json!({"botToken": "t", "fields": {"code": "a", "type": "personal", "properties": {"name": "A"}}});
        let card = call(&portal, "imbot.v2.Bot.register", bot).await.json();
        let id = &card["result"]["bot"]["id"];
        let mut noise = Noise(0xF00D);
        let methods: Vec<_> = Feature::all()
            .map(Feature::as_str)
            .filter(|id| id.starts_with("im") && !id.ends_with(".unregister"))
            .chain(["imbot.message.update", "imbot.command.register", "imbot.chat.add"])
            .collect();
        for method in methods {
            for _ in 0..4 {
                let mut params = json!({"botToken": "t", "botId": id, "CLIENT_ID": "t"});
                for name in names {
                    if !noise.next().is_multiple_of(3) {
                        params[name] = odd[noise.next() as usize % odd.len()].clone();
                    }
                }
                let status = call(&portal, method, params.clone()).await.status;
                assert!(status < 500, "{status}: {method} {params}");
            }
        }
        assert_eq!(call(&portal, "server.time", json!({})).await.status, 200);
    }
}

/// A portal nests a batch in a batch under another spelling; without end, that
/// would be the end of the process.
#[tokio::test]
async fn nested_batch_is_always_refused() {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    for name in ["batch", "BATCH", "Batch"] {
        let nested = format!("{name}?cmd[]=").repeat(2000) + "scope";
        let answer = call(&portal, "batch", json!({ "cmd": { "deep": nested } })).await;
        let error = &answer.json()["result"]["result_error"]["deep"]["error"];
        assert_eq!(error, "ERROR_BATCH_METHOD_NOT_ALLOWED", "{name}");
    }
}

/// The clock stands still but for waits, so the ten seconds that a bot has pass
/// at once.
#[tokio::test(start_paused = true)]
async fn silent_bot_handler_times_out() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let silent = tokio::spawn(async move {
        let mut held = Vec::new();
        loop {
            held.push(listener.accept().await.unwrap());
        }
    });
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let fields = json!({
        "code": "deaf", "properties": {"name": "Deaf"},
        "eventMode": "webhook", "webhookUrl": format!("http://{address}/"),
    });
    let bot = call(
        &portal,
        "imbot.v2.Bot.register",
        json!({"botToken": "t", "fields": fields}),
    )
    .await;
    let id = bot.json()["result"]["bot"]["id"].to_string();
    assert!(portal.say(1, &id, "hello").await.is_some());
    assert!(portal.say(1, &id, "are you there?").await.is_some());
    silent.abort();
}
