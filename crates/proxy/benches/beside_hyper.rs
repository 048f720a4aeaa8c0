//! The gate beside a plain reverse proxy on hyper, in one run: each a process of its own, one after the other.
//!
//! `cargo bench --package imbot-caps-proxy`. For the idle connections, allow 20,000 open files: `ulimit -n 20000`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a bench"
)]

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use imbot_caps_proxy::{Limits, PortalList, Proxy};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// The allocator of the command `imbot-caps serve`, for both sides.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 3;
const RATE: u64 = 1_000;
const FIXED: Duration = Duration::from_secs(10);
const FULL: Duration = Duration::from_secs(5);
const CONNECTIONS: usize = 64;
const IDLE: usize = 10_000;
const MESSAGE: usize = 1_024;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    match arguments.iter().position(|own| own == "--worker") {
        Some(place) => runtime.block_on(worker(
            &arguments[place + 1],
            arguments[place + 2].parse().unwrap(),
        )),
        None if arguments.iter().any(|own| own == "--list" || own == "--test") => {}
        None => runtime.block_on(run()),
    }
}

async fn worker(kind: &str, portal: SocketAddr) {
    let address = match kind {
        "gate" => {
            let mut limits = Limits::default();
            limits.connections = 2 * IDLE;
            limits.head = Duration::from_secs(600);
            let list = PortalList::new().portal(&portal.to_string()).unwrap();
            let proxy = Proxy::builder(list).insecure_http().limits(limits);
            let proxy = proxy.start().await.unwrap();
            let address = proxy.address();
            std::mem::forget(proxy);
            address
        }
        _ => plain(portal).await,
    };
    println!("{address}");
    std::future::pending::<()>().await;
}

/// A reverse proxy that passes everything on.
async fn plain(portal: SocketAddr) -> SocketAddr {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client: Client<HttpConnector, Incoming> = Client::builder(TokioExecutor::new()).build(connector);
    serve(move |mut request: Request<Incoming>| {
        let client = client.clone();
        // The path begins with the host, as for the gate.
        let path = request.uri().path_and_query().unwrap().as_str();
        let rest = path[1..].find('/').map_or(path, |at| &path[at + 1..]);
        *request.uri_mut() = format!("http://{portal}{rest}").parse().unwrap();
        async move {
            client
                .request(request)
                .await
                .map(|answer| answer.map(BodyExt::boxed))
        }
    })
    .await
}

/// A portal with REST 36, whose answers have a KiB.
async fn portal() -> SocketAddr {
    let long = format!("{{\"result\":{{\"id\":1,\"text\":\"{}\"}}}}", "x".repeat(MESSAGE));
    serve(move |request: Request<Incoming>| {
        let is_question = request.uri().path().ends_with("imbot.v2.Revision.get");
        let answer = match is_question {
            true => r#"{"result":{"rest":36,"web":130,"mobile":26,"desktop":6}}"#.to_owned(),
            false => long.clone(),
        };
        async move {
            request.into_body().collect().await?;
            let body = Full::new(Bytes::from(answer)).map_err(|never| match never {});
            Ok::<_, hyper::Error>(Response::new(body.boxed()))
        }
    })
    .await
}

async fn serve<S, F, B, E>(answer: S) -> SocketAddr
where
    S: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Response<B>, E>> + Send + 'static,
    B: hyper::body::Body<Data = Bytes> + Send + 'static,
    B::Error: std::error::Error + Send + Sync,
    E: std::error::Error + Send + Sync + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let connection =
                http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer.clone()));
            tokio::spawn(connection);
        }
    });
    address
}

struct Child {
    process: std::process::Child,
    address: SocketAddr,
    path: String,
}

impl Child {
    fn start(kind: &str, portal: SocketAddr) -> Self {
        use std::io::BufRead;
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--worker", kind, &portal.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = process.stdout.take().unwrap();
        std::io::BufReader::new(stdout).read_line(&mut line).unwrap();
        Self {
            process,
            address: line.trim().parse().unwrap(),
            path: format!("/{portal}/rest/1/code/imbot.v2.Chat.Message.send"),
        }
    }

    /// The memory of the process in KiB.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

async fn connect(address: SocketAddr) -> SendRequest<Full<Bytes>> {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

async fn call(sender: &mut SendRequest<Full<Bytes>>, path: &str, body: &Bytes) {
    let request = Request::post(path)
        .header("host", "localhost")
        .header("content-type", "application/json")
        .body(Full::new(body.clone()))
        .unwrap();
    sender.ready().await.unwrap();
    let answer = sender.send_request(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.into_body().collect().await.unwrap();
}

fn message() -> Bytes {
    let text = "x".repeat(MESSAGE);
    format!(r#"{{"botId":7,"botToken":"token","dialogId":"chat1","fields":{{"message":"{text}"}}}}"#).into()
}

/// The times of all calls at a fixed rate, sorted.
async fn fixed(child: &Child) -> Vec<Duration> {
    let next = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let all = RATE * FIXED.as_secs();
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (next, path, address) = (Arc::clone(&next), child.path.clone(), child.address);
        tasks.spawn(async move {
            let (mut sender, body) = (connect(address).await, message());
            let mut times = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= all {
                    return times;
                }
                let due = begun + Duration::from_micros(number * 1_000_000 / RATE);
                tokio::time::sleep_until(due.into()).await;
                let sent = Instant::now();
                call(&mut sender, &path, &body).await;
                times.push(sent.elapsed());
            }
        });
    }
    let mut times: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    times.sort_unstable();
    times
}

/// The calls a second with every connection busy.
async fn full(child: &Child) -> f64 {
    let end = Instant::now() + FULL;
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (path, address) = (child.path.clone(), child.address);
        tasks.spawn(async move {
            let (mut sender, body) = (connect(address).await, message());
            let mut calls = 0_u32;
            while Instant::now() < end {
                call(&mut sender, &path, &body).await;
                calls += 1;
            }
            f64::from(calls)
        });
    }
    tasks.join_all().await.into_iter().sum::<f64>() / FULL.as_secs_f64()
}

async fn idle(child: &Child) -> (u64, u64) {
    let before = child.memory();
    let mut open = Vec::with_capacity(IDLE);
    let body = message();
    for _ in 0..IDLE {
        let mut sender = connect(child.address).await;
        call(&mut sender, &child.path, &body).await;
        open.push(sender);
    }
    (before, child.memory())
}

async fn run() {
    let portal = portal().await;
    let children = [
        ("plain", Child::start("plain", portal)),
        ("gate", Child::start("gate", portal)),
    ];
    let at = |times: &[Duration], part: usize| times[(times.len() - 1) * part / 1_000].as_secs_f64() * 1e3;
    for (_, child) in &children {
        call(&mut connect(child.address).await, &child.path, &message()).await;
    }
    for round in 1..=ROUNDS {
        for (name, child) in &children {
            let times = fixed(child).await;
            let [p50, p99, p999] = [500, 990, 999].map(|part| at(&times, part));
            println!(
                "round {round}, {name}: {RATE} calls/s: p50 {p50:.3} ms, p99 {p99:.3} ms, p99.9 {p999:.3} ms"
            );
        }
    }
    for round in 1..=ROUNDS {
        for (name, child) in &children {
            let calls = full(child).await;
            println!("round {round}, {name}: {CONNECTIONS} connections: {calls:.0} calls/s");
        }
    }
    for (name, child) in &children {
        let (before, after) = idle(child).await;
        println!("{name}: {before} KiB before and {after} KiB with {IDLE} idle connections");
    }
}
