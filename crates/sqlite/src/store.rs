//! [`SqliteStore`]: the store in a file.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use imbot_caps::clock::{Clock, SystemClock};
use imbot_caps::store::{
    Change, Entry, Lease, NewsFeed, SaveOutcome, Store, StoreError, StoreErrorKind, StoreFuture, Version,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::connection::{Reads, WhenDropped, Writes};
use super::feed::Feed;
use super::schema;

/// A store in one SQLite file, which the processes of one machine share. Clones share the connections.
///
/// Its calls run on threads for blocking work ([`spawn_blocking`](tokio::task::spawn_blocking)). It has
/// one connection for reads and one for writes. Writes that wait share a
/// transaction. A registry that listens looks for changes five times a
/// second.
#[derive(Clone)]
pub struct SqliteStore {
    path: Arc<PathBuf>,
    clock: Arc<dyn Clock>,
    reads: Reads,
    writes: Writes,
}

impl SqliteStore {
    /// Opens the file, and makes it if there is none. On Unix a new file has the mode 0600.
    ///
    /// It blocks the thread for some milliseconds, so call it before the program serves requests. Where
    /// other processes open a new file at the same time, it waits for them, for 30 seconds at most.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the file cannot be made or opened, if it is no SQLite file, or if a newer
    /// version of this crate has made it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_with_clock(path, SystemClock)
    }

    /// The same with a clock by which leases expire, and by which the feed waits: for tests.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_with_clock(path: impl AsRef<Path>, clock: impl Clock) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let writes = schema::open(path)?;
        Ok(Self {
            path: Arc::new(path.to_owned()),
            clock: Arc::new(clock),
            reads: Reads::new(schema::connect(path)?),
            writes: Writes::new(writes),
        })
    }
}

/// One lease in so many looks at all leases, and deletes those that have expired.
const SWEEP: i64 = 1_024;

/// Milliseconds since 1970.
fn now_ms(clock: &dyn Clock) -> i64 {
    let since = clock.now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The next version or token.
fn next_number(transaction: &Transaction<'_>) -> rusqlite::Result<i64> {
    let mut next = transaction.prepare_cached("UPDATE numbers SET last = last + 1 RETURNING last")?;
    next.query_row([], |row| row.get(0))
}

fn version(number: i64) -> Version {
    Version::new(number.cast_unsigned())
}

fn entry(connection: &Connection, key: &str) -> rusqlite::Result<Option<Entry>> {
    let mut select = connection.prepare_cached("SELECT body, version FROM entries WHERE key = ?1")?;
    let read = |row: &rusqlite::Row<'_>| Ok(Entry::new(row.get(0)?, version(row.get(1)?)));
    select.query_row([key], read).optional()
}

fn save(transaction: &Transaction<'_>, change: &Change) -> rusqlite::Result<SaveOutcome> {
    let current = entry(transaction, &change.key)?;
    if current.as_ref().map(|entry| entry.version) != change.based_on {
        return Ok(SaveOutcome::Conflict(current));
    }
    let number = next_number(transaction)?;
    let announced = if change.announce { number } else { 0 };
    transaction
        .prepare_cached(
            "INSERT INTO entries (key, body, version, announced) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (key) DO UPDATE SET body = excluded.body, version = excluded.version,
             announced = max(announced, excluded.announced)",
        )?
        .execute(params![change.key, change.body, number, announced])?;
    Ok(SaveOutcome::Done(version(number)))
}

/// Whether a holder has the lease. If the clock was set back by more than a second, the holder's time is over.
fn is_leased(connection: &Connection, key: &str, now: i64) -> rusqlite::Result<bool> {
    let mut select = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM leases WHERE key = ?1 AND until_ms > ?2 AND taken_ms <= ?2 + 1000)",
    )?;
    select.query_row(params![key, now], |row| row.get(0))
}

/// Grants a lease, unless another holder has it.
fn lease(transaction: &Transaction<'_>, key: &str, now: i64, until: i64) -> rusqlite::Result<Option<i64>> {
    if is_leased(transaction, key, now)? {
        return Ok(None);
    }
    let token = next_number(transaction)?;
    transaction
        .prepare_cached("REPLACE INTO leases (key, token, taken_ms, until_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![key, token, now, until])?;
    if token % SWEEP == 0 {
        // Holders that have ended without a release leave rows behind.
        transaction
            .prepare_cached("DELETE FROM leases WHERE until_ms <= ?1 OR taken_ms > ?1 + 1000")?
            .execute([now])?;
    }
    Ok(Some(token))
}

impl Store for SqliteStore {
    fn load<'a>(&'a self, keys: &'a [String]) -> StoreFuture<'a, Vec<Option<Entry>>> {
        let keys = keys.to_vec();
        Box::pin(self.reads.run(move |connection| {
            // One transaction takes the lock once.
            let reading = connection.transaction()?;
            keys.iter().map(|key| entry(&reading, key)).collect()
        }))
    }

    fn save<'a>(&'a self, changes: &'a [Change]) -> StoreFuture<'a, Vec<SaveOutcome>> {
        let changes = changes.to_vec();
        Box::pin(self.writes.run(WhenDropped::LeaveOut, move |transaction| {
            changes.iter().map(|change| save(transaction, change)).collect()
        }))
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, Option<Lease>> {
        let (key, clock) = (key.to_owned(), Arc::clone(&self.clock));
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Box::pin(async move {
            // Most processes find another holder. Then they need no turn to write.
            let (own, now) = (key.clone(), now_ms(&*clock));
            if self
                .reads
                .run(move |reading| is_leased(reading, &own, now))
                .await?
            {
                return Ok(None);
            }
            let granted = self.writes.run(WhenDropped::LeaveOut, move |transaction| {
                // Within the transaction the clock is read in the order of the leases.
                let now = now_ms(&*clock);
                let token = lease(transaction, &key, now, now.saturating_add(millis))?;
                Ok(token.map(|token| Lease::new(key.clone(), token.to_string())))
            });
            granted.await
        })
    }

    fn release(&self, lease: Lease) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            // The tokens of this store are numbers. No other one is in the table.
            let Ok(token) = lease.token().parse::<i64>() else {
                return Ok(());
            };
            let ended = self.writes.run(WhenDropped::Run, move |transaction| {
                transaction.execute(
                    "DELETE FROM leases WHERE key = ?1 AND token = ?2",
                    params![lease.key(), token],
                )
            });
            ended.await.map(drop)
        })
    }

    fn news(&self) -> StoreFuture<'_, Box<dyn NewsFeed>> {
        Box::pin(async {
            // A connection of its own, so that a look waits for no other call.
            let path = Arc::clone(&self.path);
            let opening = tokio::task::spawn_blocking(move || schema::connect(&path));
            let connection = opening.await.unwrap_or_else(|error| {
                let text = format!("the connection was not opened: {error}");
                Err(StoreError::new(StoreErrorKind::Unavailable, &text))
            })?;
            let feed = Feed::open(Reads::new(connection), Arc::clone(&self.clock)).await?;
            Ok(Box::new(feed) as Box<dyn NewsFeed>)
        })
    }
}
