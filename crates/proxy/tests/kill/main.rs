//! A server that is killed under load, and started again. No acknowledged event is lost, an event that comes again
//! has the same id, and no call is sent twice.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use imbot_caps_proxy::{Bots, PortalList, Proxy};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

const WORKER: &str = "--worker";
const SECRET: &str = "0123456789abcdef";
const TOKEN: &str = "token-of-the-bot";
/// The server is killed after so many acknowledged events and answered calls.
const EVENTS: u64 = 200;
const CALLS: u64 = 100;
const POSTERS: usize = 8;
const CALLERS: usize = 4;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().position(|own| own == WORKER) {
        Some(place) => serve(&arguments[place + 1..]).await,
        // Cargo passes the arguments of a harness.
        None if arguments.iter().any(|own| own == "--list") => println!("kill: test"),
        None => run().await,
    }
}

/// The server: its address, its journal, the portal and the bot.
async fn serve(arguments: &[String]) {
    let [listen, journal, portal, bot] = arguments else {
        panic!("{arguments:?}");
    };
    let toml = format!(
        "[[bot]]\nname = 'a'\nportal = '{portal}'\nsecret = '{SECRET}'\nbot_token = '{TOKEN}'\ndeliver = 'http://{bot}/'\n"
    );
    let proxy = Proxy::builder(PortalList::new().portal(portal).unwrap())
        .insecure_http()
        .listen(listen.parse().unwrap())
        .bots(Bots::from_toml(&toml).unwrap(), journal)
        .start()
        .await
        .unwrap();
    println!("{}", proxy.address());
    std::future::pending::<()>().await;
}

async fn start(
    listen: SocketAddr,
    journal: &str,
    portal: SocketAddr,
    bot: SocketAddr,
) -> (Child, SocketAddr) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            WORKER,
            &listen.to_string(),
            journal,
            &portal.to_string(),
            &bot.to_string(),
        ])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines.next_line().await.unwrap().expect("the server starts");
    (child, address.parse().unwrap())
}

async fn run() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.db").to_str().unwrap().to_owned();
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let url = portal.url().strip_prefix("http://").unwrap();
    let at: SocketAddr = url.trim_end_matches('/').parse().unwrap();
    let (bot, mut got) = bot().await;
    let (mut child, address) = start("127.0.0.1:0".parse().unwrap(), &journal, at, bot).await;

    let load = Load::new(address, &portal);
    let mut tasks = JoinSet::new();
    for _ in 0..POSTERS {
        tasks.spawn(Arc::clone(&load).post_events());
    }
    for _ in 0..CALLERS {
        tasks.spawn(Arc::clone(&load).call());
    }
    while load.acknowledged.load(Ordering::SeqCst) < EVENTS || load.answered.load(Ordering::SeqCst) < CALLS {
        tokio::task::yield_now().await;
    }
    child.kill().await.unwrap();
    // Each task ends at its first failure.
    let (mut sure, mut unsure) = (BTreeSet::new(), BTreeSet::new());
    let mut called = BTreeSet::new();
    while let Some(ended) = tasks.join_next().await {
        let ended = ended.unwrap();
        sure.extend(ended.events);
        unsure.extend(ended.unsure_event);
        called.extend(ended.calls);
    }
    println!("killed after {} events and {} calls", sure.len(), called.len());

    let (mut child, again) = start(address, &journal, at, bot).await;
    assert_eq!(again, address);
    for number in &unsure {
        // The portal posts an event again that was not acknowledged.
        assert!(load.post(*number).await, "event {number}");
    }
    let mut ids: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    let mut times = 0;
    while !sure.union(&unsure).all(|number| ids.contains_key(number)) {
        let (number, id) = got.recv().await.unwrap();
        ids.entry(number).or_default().insert(id);
        times += 1;
    }
    child.kill().await.unwrap();
    assert!(
        ids.values().all(|ids| ids.len() == 1),
        "an event came with two ids: {ids:?}"
    );
    let different: BTreeSet<_> = ids.values().flatten().collect();
    assert_eq!(different.len(), ids.len(), "two events have one id");

    let mut at_portal: BTreeMap<String, usize> = BTreeMap::new();
    for request in portal.requests() {
        if let Some(text) = request.params["MESSAGE"].as_str() {
            *at_portal.entry(text.to_owned()).or_default() += 1;
        }
    }
    assert!(
        at_portal.values().all(|times| *times == 1),
        "a call was sent twice: {at_portal:?}"
    );
    assert!(
        called.iter().all(|text| at_portal.contains_key(text)),
        "an answered call was not sent"
    );
    println!(
        "kill: ok. {} acknowledged events and {} others came, {times} times in all; {} calls came once",
        sure.len(),
        unsure.len(),
        at_portal.len()
    );
}

struct Load {
    address: SocketAddr,
    /// The path of a method behind the server.
    path: String,
    client: reqwest::Client,
    number: AtomicU64,
    acknowledged: AtomicU64,
    answered: AtomicU64,
}

#[derive(Default)]
struct Ended {
    events: Vec<u64>,
    unsure_event: Option<u64>,
    calls: Vec<String>,
}

impl Load {
    fn new(address: SocketAddr, portal: &EmulatedPortal) -> Arc<Self> {
        Arc::new(Self {
            address,
            path: portal.webhook_url().replacen("http:/", "", 1),
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            number: AtomicU64::new(1),
            acknowledged: AtomicU64::new(0),
            answered: AtomicU64::new(0),
        })
    }

    async fn post(&self, number: u64) -> bool {
        let body = format!(
            "event=ONIMBOTV2MESSAGEADD&data[bot][id]=7&data[message][id]={number}&data[message][text]=Hi\
             &auth[application_token]={TOKEN}&ts=1"
        );
        let request = self
            .client
            .post(format!("http://{}/events/{SECRET}", self.address));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(body).send().await;
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    async fn post_events(self: Arc<Self>) -> Ended {
        let mut ended = Ended::default();
        loop {
            let number = self.number.fetch_add(1, Ordering::SeqCst);
            if !self.post(number).await {
                ended.unsure_event = Some(number);
                return ended;
            }
            ended.events.push(number);
            self.acknowledged.fetch_add(1, Ordering::SeqCst);
        }
    }

    async fn call(self: Arc<Self>) -> Ended {
        let mut ended = Ended::default();
        loop {
            let text = format!("call {}", self.number.fetch_add(1, Ordering::SeqCst));
            let request = self
                .client
                .post(format!("http://{}{}im.message.add", self.address, self.path));
            let request = request.header("content-type", "application/json");
            let body = json!({"DIALOG_ID": "1", "MESSAGE": text}).to_string();
            let answer = request.body(body).send().await;
            if !answer.is_ok_and(|answer| answer.status() == 200) {
                return ended;
            }
            ended.calls.push(text);
            self.answered.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// A bot that tells the number and the id of each event.
async fn bot() -> (SocketAddr, mpsc::UnboundedReceiver<(u64, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (send, events) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // A request that breaks off is none: the server was killed.
            if let Some(event) = event_of(stream).await
                && send.send(event).is_err()
            {
                return;
            }
        }
    });
    (address, events)
}

async fn event_of(mut stream: TcpStream) -> Option<(u64, String)> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let header = |name: &str| {
                head.lines()
                    .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            };
            if body.len() >= header("content-length")?.parse().ok()? {
                let number = body
                    .split("message%5D%5Bid%5D=")
                    .nth(1)?
                    .split('&')
                    .next()?
                    .parse()
                    .ok()?;
                let id = header("imbot-caps-event-id")?.to_owned();
                let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                // The server may be dead by now. Then the event comes again.
                let _ = stream.write_all(answer.as_bytes()).await;
                return Some((number, id));
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(length) => read.extend_from_slice(&chunk[..length]),
        }
    }
}
