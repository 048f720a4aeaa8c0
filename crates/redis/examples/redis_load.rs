//! Measures how long 100,000 entries take to load, and how long the same bytes take by `MGET` alone.
//!
//! ```text
//! cargo run --release --package imbot-caps-redis --example redis_load [redis://host:port]
//! ```
//!
//! Without an address it starts `redis-server` on loopback. It leaves no entries behind.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::pin::Pin;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use imbot_caps::store::{Change, Store};
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::{Portal, Registry};
use imbot_caps_redis::RedisStore;

const ENTRIES: usize = 100_000;

/// Records at once: the registry loads as many.
const BATCH: usize = 256;

/// No portal is asked here: the records are fresh.
struct Nowhere;

impl Transport for Nowhere {
    fn send(
        &self,
        _: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(async { Err(TransportError::Timeout) })
    }
}

fn address(nth: usize) -> String {
    format!("https://portal-{nth:06}.bitrix24.example")
}

/// The record of a portal as the registry writes it.
fn record(nth: usize, now_ms: u128) -> String {
    let address = address(nth);
    format!(
        r#"{{"format":1,"record":{{"portal":"{address}","address":"{address}","learned_unix_ms":{now_ms},"known":{{"rest":{{"least":36,"least_from":"imbot.v2.Revision.get","most":36,"most_from":"imbot.v2.Revision.get"}},"imbot_v2":{{"least":"with_revision_get","least_from":"imbot.v2.Revision.get","most":"with_revision_get","most_from":"imbot.v2.Revision.get"}},"web":19,"mobile":21,"desktop":5}}}}}}"#
    )
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It ends with this program in any case.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start() -> Result<(Server, String), Box<dyn Error>> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut process = Command::new("redis-server")
        .args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ])
        .stdout(Stdio::piped())
        .spawn()?;
    let log = process.stdout.take();
    let server = Server(process);
    for line in BufReader::new(log.ok_or("no log")?).lines() {
        if line?.contains("Ready to accept connections") {
            return Ok((server, format!("redis://127.0.0.1:{port}")));
        }
    }
    Err("redis-server did not start".into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (_server, url) = match std::env::args().nth(1) {
        Some(url) => (None, url),
        None => {
            let (server, url) = start()?;
            (Some(server), url)
        }
    };
    let prefix = format!("imbot-caps-load-{}:", std::process::id());
    let store = RedisStore::builder(&url).prefix(&prefix).open()?;
    let now_ms = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let keys: Vec<String> = (0..ENTRIES).map(address).collect();
    let changes: Vec<Change> = (0..ENTRIES)
        .map(|nth| Change::new(address(nth), record(nth, now_ms), None))
        .collect();
    let mut connection = redis::Client::open(url)?
        .get_multiplexed_async_connection()
        .await?;
    let before = used_memory(&mut connection).await?;
    let began = Instant::now();
    store.save(&changes).await?;
    println!("saved {ENTRIES} entries in {:.2?}", began.elapsed());
    let (one, began) = (1_000, Instant::now());
    for part in changes.chunks(1).take(one) {
        // A conflict: the same work without a new text.
        store.save(part).await?;
    }
    println!("one save alone takes {:.2?}", began.elapsed() / 1_000);
    let began = Instant::now();
    for part in keys.chunks(1).take(one) {
        store.load(part).await?;
    }
    println!("one load alone takes {:.2?}", began.elapsed() / 1_000);
    let memory = used_memory(&mut connection).await?.saturating_sub(before);
    println!(
        "an entry: {} bytes on the wire, {} bytes of the server's memory",
        record(0, now_ms).len() + 17,
        memory / ENTRIES
    );
    let places: Vec<String> = keys.iter().map(|key| format!("{prefix}entry:{key}")).collect();
    for _ in 0..5 {
        let began = Instant::now();
        let loaded = store.load(&keys).await?;
        let own = began.elapsed();
        let began = Instant::now();
        let mut floor = 0;
        for piece in places.chunks(512) {
            let values: Vec<Option<Vec<u8>>> =
                redis::cmd("MGET").arg(piece).query_async(&mut connection).await?;
            floor += values.iter().flatten().count();
        }
        let by_mget = began.elapsed();
        assert_eq!((loaded.iter().flatten().count(), floor), (ENTRIES, ENTRIES));
        println!(
            "loaded in {own:.2?}; MGET of the same bytes in {by_mget:.2?}; ratio {:.2}",
            own.as_secs_f64() / by_mget.as_secs_f64()
        );
    }
    // What a process does at its start: it loads, reads and merges the records.
    let registry = Registry::builder(Nowhere)
        .capacity(2 * ENTRIES)
        .store(store)
        // A part that came too late would not be loaded.
        .store_timeout(Duration::from_secs(60))
        .build();
    let webhooks = keys.iter().map(|key| format!("{key}/rest/1/s3cret00/"));
    let portals: Vec<Portal> = webhooks
        .map(|url| Portal::webhook(&url))
        .collect::<Result<_, _>>()?;
    let began = Instant::now();
    let report = registry.warm_up(portals).run().await;
    println!(
        "a registry has them in {:.2?}, {BATCH} at a time",
        began.elapsed()
    );
    assert_eq!((report.fresh, report.asked, report.failed.len()), (ENTRIES, 0, 0));
    for piece in places.chunks(512) {
        redis::cmd("UNLINK")
            .arg(piece)
            .exec_async(&mut connection)
            .await?;
    }
    Ok(())
}

async fn used_memory(connection: &mut redis::aio::MultiplexedConnection) -> Result<usize, Box<dyn Error>> {
    let info: String = redis::cmd("INFO").arg("memory").query_async(connection).await?;
    let line = info.lines().find_map(|line| line.strip_prefix("used_memory:"));
    Ok(line.ok_or("no used_memory in INFO")?.trim().parse()?)
}
