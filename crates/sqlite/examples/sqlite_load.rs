//! Measures how long 100,000 records take to load, and how long the same bytes take by one `SELECT` alone.
//!
//! ```text
//! cargo run --release --package imbot-caps-sqlite --example sqlite_load [records]
//! ```
//!
//! The file is in the temporary folder of the system, and is removed at the end.

use std::error::Error;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use imbot_caps::store::{Change, Store};
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::{Portal, Registry};
use imbot_caps_sqlite::SqliteStore;

const RECORDS: usize = 100_000;
const ROUNDS: usize = 5;

/// Records at once: the registry loads and saves as many.
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

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let records = std::env::args()
        .nth(1)
        .map_or(Ok(RECORDS), |number| number.parse())?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("portals.sqlite");
    let store = SqliteStore::open(&path)?;
    let now_ms = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let keys: Vec<String> = (0..records).map(address).collect();
    let changes: Vec<Change> = (0..records)
        .map(|nth| Change::new(address(nth), record(nth, now_ms), None))
        .collect();
    let began = Instant::now();
    for part in changes.chunks(BATCH) {
        store.save(part).await?;
    }
    println!(
        "saved {records} records in {:.2?}, {BATCH} in a transaction",
        began.elapsed()
    );
    let (one, began) = (changes.len().min(1_000), Instant::now());
    for part in changes.chunks(1).take(one) {
        // A conflict: the same work without a new text.
        store.save(part).await?;
    }
    println!(
        "one save alone takes {:.2?}",
        began.elapsed() / u32::try_from(one)?
    );
    let began = Instant::now();
    for part in keys.chunks(1).take(one) {
        store.load(part).await?;
    }
    println!(
        "one load alone takes {:.2?}",
        began.elapsed() / u32::try_from(one)?
    );
    let connection = rusqlite::Connection::open(&path)?;
    let _: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    drop(connection);
    let bytes = std::fs::metadata(&path)?.len();
    println!(
        "a record: {} bytes of text, {} bytes of key, {:.0} bytes of the file",
        record(0, now_ms).len(),
        address(0).len(),
        bytes as f64 / records as f64
    );
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let mut loaded = 0;
        for part in keys.chunks(BATCH) {
            loaded += store.load(part).await?.iter().flatten().count();
        }
        let own = began.elapsed();
        let began = Instant::now();
        // Closed before the next round: pages that it keeps would slow the store down.
        let connection = rusqlite::Connection::open(&path)?;
        let mut select = connection.prepare("SELECT key, version, body FROM entries")?;
        let (mut rows, mut floor) = (select.query([])?, 0);
        while let Some(row) = rows.next()? {
            let (_, _, body): (String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            floor += usize::from(!body.is_empty());
        }
        let by_select = began.elapsed();
        assert_eq!((loaded, floor), (records, records));
        println!(
            "loaded in {own:.2?}; SELECT of the same bytes in {by_select:.2?}; ratio {:.2}",
            own.as_secs_f64() / by_select.as_secs_f64()
        );
    }
    // What a process does at its start: it loads, reads and merges the records.
    let registry = Registry::builder(Nowhere)
        .capacity(2 * records)
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
    println!("a registry has them in {:.2?}", began.elapsed());
    assert_eq!((report.fresh, report.asked, report.failed.len()), (records, 0, 0));
    Ok(())
}
