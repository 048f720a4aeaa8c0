//! Calls of unchanged clients: each format, and what the portal gets.

use imbot_caps_emulator::{Build, Fault};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::support::{Stage, builder, read, rest, until};

const REGISTER: &str = "imbot.v2.Bot.register";

#[tokio::test]
async fn every_format_is_adapted() {
    let stage = Stage::new(Build::rest(30)).await;
    stage.portal.strict();
    let json = json!({"fields": {"code": "json", "eventMode": "webhook", "webhookUrl": "http://127.0.0.1:9/", "properties": {"name": "J"}}, "botToken": "token-of-bot"});
    let form = |code: &str| {
        format!(
            "fields[code]={code}&fields[eventMode]=webhook&fields[webhookUrl]=http://127.0.0.1:9/\
             &fields[properties][name]=F&botToken=token-of-bot"
        )
    };
    let client = &stage.client;
    let typed =
        |request: reqwest::RequestBuilder, mime: &str| request.header("content-type", mime.to_owned());
    for request in [
        typed(client.post(stage.url(REGISTER)), "application/json").body(json.to_string()),
        typed(
            client.post(stage.url(&format!("{REGISTER}.json"))),
            "application/x-www-form-urlencoded",
        )
        .body(form("form")),
        client.get(stage.url(&format!("{REGISTER}?{}", form("query")))),
    ] {
        let (status, answer) = read(request.send().await.unwrap()).await;
        assert_eq!(status, 200, "{answer}");
        assert!(answer["result"]["bot"]["id"].is_u64(), "{answer}");
    }
    stage.portal.expect("imbot.register").times(3);
    stage.portal.expect(REGISTER).never();
    let codes: Vec<_> = stage.portal.bots().into_iter().map(|bot| bot.code).collect();
    assert_eq!(codes, ["json", "form", "query"]);
    stage.portal.assert_no_violations();
}

#[tokio::test]
async fn batch_is_adapted() {
    let stage = Stage::new(Build::rest(30)).await;
    let register = format!(
        "{REGISTER}?fields[code]=b&fields[eventMode]=webhook&fields[webhookUrl]=http://127.0.0.1:9/\
         &fields[properties][name]=B&botToken=token-of-bot"
    );
    let cmd = json!({"cmd": {"bot": register, "time": "server.time"}, "halt": 0});
    let (status, answer) = stage.call("batch", cmd).await;
    assert_eq!(status, 200, "{answer}");
    assert!(
        answer["result"]["result"]["bot"]["bot"]["id"].is_u64(),
        "{answer}"
    );
    assert!(answer["result"]["result"]["time"].is_string(), "{answer}");
    stage.portal.expect("imbot.register").in_batches_too().times(1);
}

#[tokio::test]
async fn newest_portal_gets_the_same_bytes() {
    let stage = Stage::new(Build::rest(36)).await;
    let body = json!({"botToken": "token-of-bot", "fields": {"code": "a", "eventMode": "fetch", "properties": {"name": "A"}}});
    let (status, answer) = stage.call(REGISTER, body.clone()).await;
    assert_eq!(status, 200, "{answer}");
    let requests = stage.portal.requests();
    let own = requests.iter().find(|own| own.method == REGISTER).unwrap();
    assert_eq!(own.params, body);
    assert_eq!(
        own.header("content-length"),
        Some(body.to_string().len().to_string().as_str())
    );
}

#[tokio::test]
async fn access_tokens_reach_the_portal() {
    let stage = Stage::new(Build::rest(30)).await;
    let app = stage
        .portal
        .install(imbot_caps_emulator::App::new("app.a", "secret-of-app"));
    let url = format!(
        "http://{}{}",
        stage.proxy.address(),
        super::support::path_of(&stage.portal.rest_url())
    );
    let post = |body: serde_json::Value| {
        let request = stage.client.post(format!("{url}imbot.v2.Revision.get"));
        request
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
    };
    let (status, answer) = read(post(json!({"auth": app.access_token})).await.unwrap()).await;
    assert_eq!((status, &answer["result"]["rest"]), (200, &json!(30)), "{answer}");
    let (status, answer) = read(post(json!({"auth": "wrong-token"})).await.unwrap()).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (401, Some("invalid_token")),
        "{answer}"
    );
}

#[tokio::test]
async fn refusal_is_an_error_of_bitrix24() {
    let stage = Stage::new(Build::rest(34)).await;
    let rotate = json!({"botId": 7, "botToken": "token-of-bot", "fields": {"botToken": "another-token"}});
    let (status, answer) = stage.call("imbot.v2.Bot.update", rotate).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (400, Some("GATE_REFUSED")),
        "{answer}"
    );
    assert_eq!(answer["details"]["refused"]["method"], "imbot.v2.Bot.update");
    assert!(!answer.to_string().contains("another-token"), "{answer}");
    stage.portal.expect("imbot.v2.Bot.update").never();
}

#[tokio::test]
async fn errors_of_the_portal_stay() {
    let stage = Stage::new(Build::rest(36)).await;
    stage
        .portal
        .fault(Fault::error("QUERY_LIMIT_EXCEEDED").on("im.dialog.read").once());
    let (status, answer) = stage.call("im.dialog.read", json!({"DIALOG_ID": "chat1"})).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (503, Some("QUERY_LIMIT_EXCEEDED"))
    );
    stage.portal.expect("im.dialog.read").times(1);
}

#[tokio::test]
async fn lost_answer_is_not_repeated() {
    let stage = Stage::new(Build::rest(36)).await;
    stage.portal.fault(Fault::lose_answer().on("im.message.add"));
    let send = json!({"DIALOG_ID": "1", "MESSAGE": "Hello"});
    let (status, answer) = stage.call("im.message.add", send).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (502, Some("GATE_PORTAL_NO_ANSWER")),
        "{answer}"
    );
    assert!(
        answer["error_description"]
            .as_str()
            .unwrap()
            .contains("may have run")
    );
    stage.portal.expect("im.message.add").times(1);
}

#[tokio::test]
async fn unreachable_portal_is_a_typed_error() {
    // Its port was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let proxy = builder(free).start().await.unwrap();
    let url = format!(
        "http://{}/{free}/rest/1/code-of-hook/server.time",
        proxy.address()
    );
    let (status, answer) = read(super::support::client().get(url).send().await.unwrap()).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (502, Some("GATE_PORTAL_UNREACHABLE")),
        "{answer}"
    );
    assert!(!answer.to_string().contains("code-of-hook"), "{answer}");
}

#[tokio::test]
async fn connection_serves_many_calls() {
    let stage = Stage::new(Build::rest(36)).await;
    let mut stream = TcpStream::connect(stage.proxy.address()).await.unwrap();
    for last in [false, false, true] {
        let connection = if last { "close" } else { "keep-alive" };
        let path = stage.path("server.time");
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        if !last {
            until(&mut stream, "\"result\"").await;
        }
    }
    assert!(rest(stream).await.contains("\"result\""));
    stage.portal.expect("server.time").times(3);
}

#[tokio::test]
async fn connection_headers_stop_at_the_server() {
    let stage = Stage::new(Build::rest(36)).await;
    let request = stage.client.get(stage.url("server.time"));
    let request = request
        .header("connection", "keep-alive, x-private")
        .header("x-private", "1")
        .header("te", "trailers")
        .header("proxy-authorization", "Basic abc")
        .header("accept-encoding", "gzip")
        .header("x-kept", "2");
    read(request.send().await.unwrap()).await;
    let requests = stage.portal.requests();
    let own = requests.iter().find(|own| own.method == "server.time").unwrap();
    for name in [
        "x-private",
        "te",
        "proxy-authorization",
        "accept-encoding",
        "connection",
    ] {
        assert_eq!(own.header(name), None, "{name}");
    }
    assert_eq!(own.header("x-kept"), Some("2"));
    assert_eq!(
        own.header("host"),
        Some(super::support::address_of(&stage.portal).to_string().as_str())
    );
}

/// The client sends the rest of the file only after the portal has its first bytes.
#[tokio::test]
async fn file_is_sent_as_it_comes() {
    const LENGTH: usize = 32 * 1024 * 1024;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let portal = listener.local_addr().unwrap();
    let proxy = builder(portal).start().await.unwrap();
    let (began, begun) = tokio::sync::oneshot::channel();
    let receiving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        until(&mut stream, "FIRST").await;
        began.send(()).unwrap();
        let mut received = 0;
        let mut chunk = vec![0; 65_536];
        while received < LENGTH {
            received += stream.read(&mut chunk).await.unwrap();
        }
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"result\":true}";
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    let head = format!(
        "POST /{portal}/rest/1/code/disk.folder.uploadfile HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\nFIRST",
        LENGTH + 5
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    begun.await.unwrap();
    stream.write_all(&vec![b'x'; LENGTH]).await.unwrap();
    let answer = rest(stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    receiving.await.unwrap();
}

#[tokio::test]
async fn rate_holds_back_calls_of_one_portal() {
    let rate = imbot_caps_proxy::Rate {
        per_second: 1.try_into().unwrap(),
        burst: 1.try_into().unwrap(),
    };
    let stage = Stage::with(Build::rest(36), |builder| builder.rate(rate)).await;
    let begun = std::time::Instant::now();
    for _ in 0..2 {
        read(stage.client.get(stage.url("server.time")).send().await.unwrap()).await;
    }
    // A lower bound holds on any machine: the second call waits for the first one's second.
    assert!(begun.elapsed().as_millis() >= 900, "{:?}", begun.elapsed());
    stage.portal.expect("server.time").times(2);
}
