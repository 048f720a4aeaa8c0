//! Events on their way to bots that have an address.
//!
//! Sent as a form with PHP's keys, one connection each, to loopback alone: an
//! emulated portal never calls anybody outside the machine.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value as Json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::state::Delivery;

/// How long a bot may take to begin its answer.
const DEADLINE: Duration = Duration::from_secs(60);

/// The events of one portal on their way, sent one after the other in the order
/// they happened. Clones are handles to the same queue.
#[derive(Clone, Default)]
pub(super) struct Queue(Arc<Waiting>);

#[derive(Default)]
struct Waiting {
    deliveries: Mutex<VecDeque<Delivery>>,
    sending: tokio::sync::Mutex<()>,
    /// The names of the events that were sent.
    sent: Mutex<Vec<String>>,
}

impl Queue {
    pub(super) fn push(&self, deliveries: Vec<Delivery>) {
        self.deliveries().extend(deliveries);
    }

    /// Returns when what had been pushed before was sent, by whomever.
    pub(super) async fn drain(&self) {
        let _sending = self.0.sending.lock().await;
        loop {
            let next = self.deliveries().pop_front();
            let Some(delivery) = next else {
                return;
            };
            let name = delivery.body.get("event").and_then(Json::as_str);
            lock(&self.0.sent).extend(name.map(str::to_owned));
            // A bot that never answers does not hold up the others for ever.
            let _ = tokio::time::timeout(DEADLINE, send(&delivery)).await;
        }
    }

    /// The names of the events that were sent, in order.
    pub(super) fn sent(&self) -> Vec<String> {
        lock(&self.0.sent).clone()
    }

    fn deliveries(&self) -> MutexGuard<'_, VecDeque<Delivery>> {
        lock(&self.0.deliveries)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends one event and waits for an answer, which nobody looks at; what cannot
/// be sent is dropped, as portals do once they have given up.
async fn send(delivery: &Delivery) {
    let Some((address, path)) = target(&delivery.url) else {
        return;
    };
    let Ok(mut stream) = TcpStream::connect(address).await else {
        return;
    };
    let body = form(&delivery.body);
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    if stream.write_all(request.as_bytes()).await.is_ok() {
        // Until the bot has begun to answer, or given up; not until it closes the
        // connection, which some servers are slow to do.
        let _ = stream.read(&mut [0; 1024]).await;
    }
}

/// Where a plain loopback URL leads; `None` for any other.
fn target(url: &str) -> Option<(SocketAddr, &str)> {
    let rest = url.strip_prefix("http://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let authority = authority.replacen("localhost", "127.0.0.1", 1);
    let address: SocketAddr = match authority.parse::<IpAddr>() {
        Ok(host) => (host, 80).into(),
        Err(_) => authority.parse().ok()?,
    };
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic());
    (address.ip().is_loopback() && is_plain && !path.starts_with('?'))
        .then_some((address, if path.is_empty() { "/" } else { path }))
}

/// The value as `http_build_query` writes it: all scalars as text, `1` and `0`
/// for yes and no; what is null is left out.
fn form(value: &Json) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    if let Json::Object(members) = value {
        for (key, value) in members {
            put(&mut form, key.clone(), value);
        }
    }
    form.finish()
}

fn put(form: &mut form_urlencoded::Serializer<'_, String>, key: String, value: &Json) {
    match value {
        Json::Null => {}
        Json::Bool(yes) => {
            form.append_pair(&key, if *yes { "1" } else { "0" });
        }
        Json::Number(number) => {
            form.append_pair(&key, &number.to_string());
        }
        Json::String(text) => {
            form.append_pair(&key, text);
        }
        Json::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                put(form, format!("{key}[{at}]"), item);
            }
        }
        Json::Object(members) => {
            for (own, value) in members {
                put(form, format!("{key}[{own}]"), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nobody_outside_is_called() {
        let is_called = |url| target(url).is_some();
        assert!(is_called("http://127.0.0.1:8080/bot?x=1") && is_called("http://localhost:1"));
        for url in [
            "https://127.0.0.1/",
            "http://192.0.2.1/",
            "http://bot.example/",
            "http://127.0.0.1:8080/a b",
            "http://127.0.0.1:8080/\r\nX: y",
            "",
        ] {
            assert!(!is_called(url), "{url}");
        }
    }

    #[test]
    fn keys_are_those_of_php() {
        let body = json!({"data": {"bot": {"id": 7}, "list": [true, null]}, "event": "E"});
        assert_eq!(
            form(&body),
            "data%5Bbot%5D%5Bid%5D=7&data%5Blist%5D%5B0%5D=1&event=E"
        );
    }
}
