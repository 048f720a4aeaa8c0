//! The plainest HTTP client: one request a connection, nothing hidden.

use std::io;

use imbot_caps_emulator::EmulatedPortal;
use serde_json::Value as Json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub fn announced(&self) -> usize {
        self.header("content-length").unwrap().parse().unwrap()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub fn result(&self) -> Json {
        let mut json = self.json();
        assert_eq!(self.status, 200, "{json}");
        json["result"].take()
    }

    /// Status, code and text of an error.
    pub fn error(&self) -> (u16, String, String) {
        let json = self.json();
        let text = |key: &str| json[key].as_str().unwrap_or_else(|| panic!("{json}")).to_owned();
        assert_eq!(json.get("time"), None, "{json}");
        (self.status, text("error"), text("error_description"))
    }

    pub fn code(&self) -> String {
        self.error().1
    }
}

pub async fn connect(url: &str) -> io::Result<TcpStream> {
    let authority = url.strip_prefix("http://").unwrap().split('/').next();
    TcpStream::connect(authority.unwrap()).await
}

/// `None` when the connection closed without an answer.
pub async fn send(verb: &str, url: &str, headers: &str, body: &[u8]) -> Option<Answer> {
    let path = url.strip_prefix("http://").unwrap();
    let (host, path) = path.split_at(path.find('/').unwrap());
    // One of the headers may name another host.
    let host = match headers.contains("Host: ") {
        true => String::new(),
        false => format!("Host: {host}\r\n"),
    };
    let length = body.len();
    let mut request = format!(
        "{verb} {path} HTTP/1.1\r\n{host}Connection: close\r\n\
         Content-Length: {length}\r\n{headers}\r\n"
    )
    .into_bytes();
    request.extend_from_slice(body);
    let mut stream = connect(url).await.unwrap();
    stream.write_all(&request).await.unwrap();
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    let end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(received[..end].to_vec()).unwrap();
    Some(Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head,
        body: received[end + 4..].to_vec(),
    })
}

pub async fn post(url: &str, body: &Json) -> Answer {
    let body = body.to_string();
    send("POST", url, "Content-Type: application/json\r\n", body.as_bytes())
        .await
        .unwrap()
}

pub async fn get(url: &str) -> Answer {
    send("GET", url, "", b"").await.unwrap()
}

/// Calls a method by the portal's first webhook.
pub async fn call(portal: &EmulatedPortal, method: &str, params: Json) -> Answer {
    post(&format!("{}{method}", portal.webhook_url()), &params).await
}

/// A bot of a webhook, and the calls that are made in its name.
pub struct BotClient {
    pub portal: EmulatedPortal,
    pub id: u64,
}

impl BotClient {
    /// Registers a bot with these fields besides code and name.
    pub async fn register(portal: &EmulatedPortal, code: &str, more: Json) -> Self {
        let mut fields = serde_json::json!({"code": code, "properties": {"name": "Ann"}});
        let fields_of_bot = fields.as_object_mut().unwrap();
        fields_of_bot.extend(more.as_object().unwrap().clone());
        let params = serde_json::json!({"botToken": "t", "fields": fields});
        let card = call(portal, "imbot.v2.Bot.register", params).await.result();
        Self {
            portal: portal.clone(),
            id: card["bot"]["id"].as_u64().unwrap(),
        }
    }

    /// Calls `imbot.v2.` and this, with botId and botToken added.
    pub async fn call(&self, method: &str, params: Json) -> Answer {
        let mut own = serde_json::json!({"botId": self.id, "botToken": "t"});
        own.as_object_mut()
            .unwrap()
            .extend(params.as_object().unwrap().clone());
        call(&self.portal, &format!("imbot.v2.{method}"), own).await
    }
}
