//! Portals that harm whoever asks them, and a server for them: raw sockets on threads of
//! their own, so that what they allocate is not counted.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use imbot_caps::event::{ApplicationTokens, EventError, Posted};
use imbot_caps::gate::Client;
use imbot_caps::registry::SenderClaim;
use imbot_caps::{Portal, PortalId, Registry};
use serde_json::json;
use tokio::task::JoinSet;

/// How many of them there are. Half of them share one site.
pub const PORTALS: usize = 20;
const TOKEN: &str = "51856fefc120afa4b628cc82d3935cce";
/// How long a call of theirs may take, in real time: the clock that stands is not asked.
const TIMEOUT: Duration = Duration::from_millis(100);
const MIB: usize = 1_024 * 1_024;

/// All of them, and what they have learned of the others.
pub struct Hostile {
    server: Server,
    portals: Vec<Portal>,
    clients: Vec<Client>,
    turn: usize,
}

impl Hostile {
    pub fn begin(registry: &Registry, server: Server) -> Self {
        let address = |nth: usize, member: &str| {
            let builder = Portal::builder().allow_http().member_id(member);
            let url = format!("http://{}:{}/rest/1/evil{nth}/", host(nth), server.address.port());
            builder.webhook(&url).unwrap()
        };
        let portals: Vec<Portal> = (0..PORTALS).map(|nth| address(nth, &member(nth))).collect();
        let clients = portals
            .iter()
            .map(|portal| registry.client(portal).timeout(TIMEOUT).max_reply_bytes(MIB))
            .collect();
        Self {
            server,
            portals,
            clients,
            turn: 0,
        }
    }

    /// Whether it is one of theirs.
    pub fn has(id: &PortalId) -> bool {
        let text = id.to_string();
        text.contains("evil") || (0..PORTALS).any(|nth| text == member(nth))
    }

    /// Whether a host is one of theirs.
    pub fn is_host(host: &str) -> bool {
        (0..PORTALS).any(|nth| self::host(nth) == host)
    }

    pub fn requests(&self) -> usize {
        self.server.requests.load(Ordering::Relaxed)
    }

    /// What they do in one moment, beside what they answer: they claim to be others, send
    /// events without end, and are asked and called all the time.
    pub fn act(&mut self, registry: &Registry, others: &[String]) -> JoinSet<()> {
        self.turn += 1;
        let mut tasks = JoinSet::new();
        for (nth, portal) in self.portals.iter().enumerate() {
            for claim in 0..20 {
                let other = &others[(self.turn * 31 + nth * 7 + claim) % others.len()];
                let url = format!(
                    "http://{}:{}/rest/1/evil{nth}/",
                    host(nth),
                    self.server.address.port()
                );
                let claimed = Portal::builder().allow_http().member_id(other).webhook(&url);
                let _ = registry.handle(&claimed.unwrap()).caps();
                let endpoint = format!("https://n{claim}-{}.example/rest/", self.turn);
                let event = |member: &str| {
                    let auth = json!({
                        "member_id": member,
                        "client_endpoint": endpoint,
                        "application_token": TOKEN,
                    });
                    Posted::from_value(json!({"event": "ONAPPUPDATE", "auth": auth})).unwrap()
                };
                let own = event(&member(nth))
                    .verify(&ApplicationTokens::new(TOKEN))
                    .unwrap();
                registry.record_sender(&SenderClaim::of(own.sender()).unwrap());
                // The program has another token for the other portal.
                let forged = event(other).verify(&ApplicationTokens::new("the other's"));
                assert_eq!(forged, Err(EventError::Unverified));
            }
            let handle = registry.handle(portal);
            tasks.spawn(async move {
                let _ = handle.refresh().await;
            });
            let client = self.clients[nth].clone();
            if self.turn % 4 == nth % 4 {
                tasks.spawn(async move {
                    let fields =
                        json!({"message": "x", "system": true, "keyboard": {"BUTTONS": [{"TEXT": "y"}]}});
                    let params = json!({"botId": 7, "dialogId": "chat5", "fields": fields});
                    let _ = client.call("imbot.v2.Chat.Message.send", params).await;
                    let _ = client.call("user.current", json!({})).await;
                });
            }
        }
        tasks
    }
}

fn member(nth: usize) -> String {
    format!("{nth:032x}")
}

/// Ten names of one site, and ten sites.
fn host(nth: usize) -> String {
    match nth < PORTALS / 2 {
        true => format!("n{nth}.evil.example"),
        false => format!("evil{nth}.example"),
    }
}

/// Answers each request with the next way to do harm.
pub struct Server {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Server {
    /// `victims` are the addresses that they pretend to have moved to.
    pub fn start(victims: Vec<String>) -> Self {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let requests: Arc<AtomicUsize> = Arc::default();
        let counted = Arc::clone(&requests);
        let victims: Arc<[String]> = victims.into();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                let (counted, victims) = (Arc::clone(&counted), Arc::clone(&victims));
                thread::spawn(move || {
                    let nth = counted.fetch_add(1, Ordering::Relaxed);
                    // Whoever asked may have gone.
                    let _ = answer(stream, nth, &victims);
                });
            }
        });
        Self { address, requests }
    }

    /// The names that a client has to resolve, and what to.
    pub fn names(&self) -> impl Iterator<Item = (String, SocketAddr)> + use<> {
        let address = self.address;
        (0..PORTALS).map(move |nth| (host(nth), address))
    }
}

/// Reads a request, and answers in the way that this number stands for. Each connection
/// has one request.
fn answer(mut stream: TcpStream, nth: usize, victims: &[String]) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut path, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        if path.is_empty() {
            path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    std::io::copy(&mut reader.by_ref().take(length), &mut std::io::sink())?;
    let mut head =
        |status: &str, more: &str| write!(stream, "HTTP/1.1 {status}\r\nConnection: close\r\n{more}\r\n");
    let revision = |rest: usize| {
        format!(
            "{{\"result\":{{\"rest\":{rest},\"web\":{},\"mobile\":{nth},\"desktop\":1}}}}",
            nth + 1
        )
    };
    match nth % 20 {
        // It is another portal each time.
        0..=4 => {
            head("200 OK", "Content-Type: application/json\r\n")?;
            stream.write_all(revision([18, 36, 34][nth % 3]).as_bytes())
        }
        5..=7 => wait_until_left(&mut stream),
        8 => {
            head("200 OK", "Content-Type: application/json\r\n")?;
            stream.write_all(b"{\"result\":{\"rest\":")?;
            wait_until_left(&mut stream)
        }
        9 => {
            head("200 OK", "Content-Type: application/json\r\n")?;
            stream.write_all(b"{\"result\":[{\"\":0}")?;
            endless(&mut stream, b",{\"\":0}")
        }
        10 => {
            head("200 OK", "Content-Type: application/json\r\n")?;
            stream.write_all(b"{\"result\":[0")?;
            (0..MIB).try_for_each(|_| stream.write_all(b",{\"\":0}"))?;
            stream.write_all(b"]}")
        }
        11 => {
            head("200 OK", "Content-Type: application/json\r\n")?;
            endless(&mut stream, &[b'['; 4_096])
        }
        12 | 13 => {
            let to = &victims[nth % victims.len()];
            let status = ["301 Moved Permanently", "303 See Other", "307 Temporary Redirect"][nth % 3];
            head(status, &format!("Location: {to}{path}\r\nContent-Length: 0\r\n"))
        }
        14 => head(
            "503 Service Unavailable",
            "Retry-After: 18446744073709551615\r\nContent-Length: 0\r\n",
        ),
        15 => {
            head("400 Bad Request", "Content-Type: application/json\r\n")?;
            let code = "a".repeat(255);
            let text = "a".repeat(MIB);
            write!(
                stream,
                "{{\"error\":\"{code}\",\"error_description\":\"{text}\"}}"
            )
        }
        16 => {
            head("401 Unauthorized", "Content-Type: application/json\r\n")?;
            let reset = "9".repeat(400);
            write!(
                stream,
                "{{\"error\":\"C{nth}\",\"error_description\":\"\",\"time\":{{\"operating_reset_at\":{reset}}},\"retryAfter\":{reset}}}"
            )
        }
        17 => head(
            "200 OK",
            &format!(
                "Location: https://{}.example/\r\nContent-Length: 1000\r\n",
                "x".repeat(6_000)
            ),
        ),
        18 => {
            head("200 OK", "Content-Type: text/html\r\n")?;
            endless(&mut stream, &[b'<'; 4_096])
        }
        _ => Ok(()),
    }
}

/// Sends nothing until the other side has gone.
fn wait_until_left(stream: &mut TcpStream) -> std::io::Result<()> {
    std::io::copy(stream, &mut std::io::sink()).map(drop)
}

/// Sends this until the other side has gone.
fn endless(stream: &mut TcpStream, part: &[u8]) -> std::io::Result<()> {
    let part = part.repeat(4_096 / part.len().clamp(1, 4_096));
    loop {
        stream.write_all(&part)?;
    }
}
