//! The journal: which events were acknowledged, in one SQLite file.
//!
//! SQLite, because an event has a life: it is written, found again by its digest, paged by offset, retried and
//! deleted. A file of lines would need an index, a compaction and a repair after a crash of its own. Each write is
//! synced before it returns (`synchronous = FULL`), so an acknowledged event survives a crash of the machine.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use serde_json::{Value, json};

/// The version of the tables. A file with a newer one is not opened.
const TABLES: i64 = 1;

/// Portals delete the events of a queue after so long. The journal does, too.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Ids are never used twice: `AUTOINCREMENT`.
const MAKE: &str = "
    CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        bot TEXT NOT NULL,
        bot_id INTEGER,
        name TEXT NOT NULL,
        body TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        set_aside INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX events_by_bot ON events (bot, set_aside, id);
    CREATE TABLE posts (
        bot TEXT NOT NULL,
        digest BLOB NOT NULL,
        at_ms INTEGER NOT NULL,
        PRIMARY KEY (bot, digest)
    ) WITHOUT ROWID;
    CREATE TABLE pushed (bot TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID;
    CREATE TABLE sizes (
        bot TEXT PRIMARY KEY NOT NULL,
        events INTEGER NOT NULL,
        bytes INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TRIGGER event_added AFTER INSERT ON events BEGIN
        INSERT INTO sizes (bot, events, bytes) VALUES (new.bot, 1, length(CAST(new.body AS BLOB)))
        ON CONFLICT (bot) DO UPDATE SET events = events + 1, bytes = bytes + length(CAST(new.body AS BLOB));
    END;
    CREATE TRIGGER event_deleted AFTER DELETE ON events BEGIN
        UPDATE sizes SET events = events - 1, bytes = bytes - length(CAST(old.body AS BLOB)) WHERE bot = old.bot;
    END;
";

/// The digests of so many posts are known for each bot, the newest ones.
const POSTS: u32 = 100_000;

/// A journal that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The file cannot be made.
    #[error("the journal cannot be made: {0}")]
    File(#[from] std::io::Error),
    /// Another server has it.
    #[error("another server uses the journal: give each server a journal of its own")]
    Locked,
    /// SQLite says why.
    #[error("the journal failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file is of a later version.
    #[error("the journal has tables of version {0}, and this version reads up to {TABLES}")]
    Newer(i64),
    /// The thread of the journal ended.
    #[error("the journal did not end its work")]
    Ended,
}

/// An event to write.
pub(crate) struct NewEvent {
    pub(crate) bot_id: Option<u64>,
    pub(crate) name: String,
    /// The event as JSON: `event`, `data`, `auth`.
    pub(crate) body: String,
}

/// An event to hand on.
pub(crate) struct Waiting {
    pub(crate) id: i64,
    pub(crate) body: String,
    /// How often the bot answered with an error.
    pub(crate) attempts: u32,
}

/// The most that is kept for a bot.
#[derive(Clone, Copy)]
pub(crate) struct Most {
    pub(crate) events: u64,
    pub(crate) bytes: u64,
}

/// What became of a post.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Appended {
    Written,
    /// It was written before.
    Known,
    /// The bot has as many events as are kept.
    Full,
}

/// Clones share the file.
#[derive(Clone)]
pub(crate) struct Journal(Arc<Mutex<Connection>>);

impl Journal {
    /// Opens the file, and makes it with the mode 0600 if there is none. Another server cannot open it meanwhile.
    pub(crate) fn open(path: &Path) -> Result<Self, JournalError> {
        make_file(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection
            .pragma_update(None, "journal_mode", "WAL")
            .map_err(locked)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let making = connection
            .transaction_with_behavior(TransactionBehavior::Exclusive)
            .map_err(locked)?;
        let found: i64 = making.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match found {
            0 => {
                making.execute_batch(MAKE)?;
                making.pragma_update(None, "user_version", TABLES)?;
            }
            TABLES => {}
            newer => return Err(JournalError::Newer(newer)),
        }
        making.commit()?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Writes the events of a post, all or none. They are on disk when it returns. If the events are kept for a bot
    /// that polls, it is known from now on that the portal pushes them.
    pub(crate) async fn append(
        &self,
        bot: &str,
        digest: Option<Vec<u8>>,
        events: Vec<NewEvent>,
        most: Most,
        is_kept: bool,
    ) -> Result<Appended, JournalError> {
        let bot = bot.to_owned();
        self.write(move |transaction| {
            let now = now_ms();
            if let Some(digest) = digest {
                let mut known = transaction
                    .prepare_cached("INSERT OR IGNORE INTO posts (bot, digest, at_ms) VALUES (?1, ?2, ?3)")?;
                if known.execute(params![bot, digest, now])? == 0 {
                    return Ok(Appended::Known);
                }
            }
            let mut sizes = transaction.prepare_cached("SELECT events, bytes FROM sizes WHERE bot = ?1")?;
            let sizes = sizes.query_row([&bot], |row| Ok((row.get(0)?, row.get(1)?)));
            let (count, bytes): (u64, u64) = sizes.optional()?.unwrap_or_default();
            let number = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
            let length = |event: &NewEvent| number(event.body.len());
            let bytes = events.iter().map(length).fold(bytes, u64::saturating_add);
            if count.saturating_add(number(events.len())) > most.events || bytes > most.bytes {
                // The digest is not kept: the transaction is given up.
                return Ok(Appended::Full);
            }
            if is_kept && !events.is_empty() {
                push(transaction, &bot)?;
            }
            let mut insert = transaction.prepare_cached(
                "INSERT INTO events (bot, bot_id, name, body, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for event in &events {
                let bot_id = event.bot_id.and_then(|id| i64::try_from(id).ok());
                insert.execute(params![bot, bot_id, event.name, event.body, now])?;
            }
            Ok(Appended::Written)
        })
        .await
    }

    /// The oldest event that was not handed on.
    pub(crate) async fn next(&self, bot: &str) -> Result<Option<Waiting>, JournalError> {
        let bot = bot.to_owned();
        self.run(move |connection| {
            let mut select = connection.prepare_cached(
                "SELECT id, body, attempts FROM events WHERE bot = ?1 AND set_aside = 0 ORDER BY id LIMIT 1",
            )?;
            let found = select.query_row([bot], |row| {
                Ok(Waiting {
                    id: row.get(0)?,
                    body: row.get(1)?,
                    attempts: row.get(2)?,
                })
            });
            Ok(found.optional()?)
        })
        .await
    }

    /// The event was handed on.
    pub(crate) async fn done(&self, id: i64) -> Result<(), JournalError> {
        self.change(id, "DELETE FROM events WHERE id = ?1").await
    }

    /// The bot answered with an error.
    pub(crate) async fn failed(&self, id: i64) -> Result<(), JournalError> {
        self.change(id, "UPDATE events SET attempts = attempts + 1 WHERE id = ?1")
            .await
    }

    /// The bot answered with an error too often. The event stays in the file until it is too old.
    pub(crate) async fn set_aside(&self, id: i64) -> Result<(), JournalError> {
        self.change(id, "UPDATE events SET set_aside = 1 WHERE id = ?1")
            .await
    }

    /// A page for a bot that polls, as `imbot.v2.Event.get` answers. Deletes the events below the offset.
    pub(crate) async fn page(
        &self,
        bot: &str,
        bot_id: u64,
        offset: Option<u64>,
        limit: u16,
    ) -> Result<Value, JournalError> {
        let bot = bot.to_owned();
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let (bot_id, from) = (number(bot_id), number(offset.unwrap_or(0)));
        self.write(move |transaction| {
            // From now on the bot has offsets of the journal.
            push(transaction, &bot)?;
            transaction
                .prepare_cached("DELETE FROM events WHERE bot = ?1 AND bot_id = ?2 AND id < ?3")?
                .execute(params![bot, bot_id, from])?;
            let mut select = transaction.prepare_cached(
                "SELECT id, name, strftime('%Y-%m-%dT%H:%M:%S+00:00', at_ms / 1000, 'unixepoch'), body \
                 FROM events WHERE bot = ?1 AND bot_id = ?2 ORDER BY id LIMIT ?3",
            )?;
            let rows = select.query_map(params![bot, bot_id, limit], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, String>(3)?,
                ))
            })?;
            let mut events = Vec::new();
            let mut next = from;
            for row in rows {
                let (id, name, date, body) = row?;
                let data = serde_json::from_str::<Value>(&body).ok();
                let data = data.and_then(|mut body| body.get_mut("data").map(Value::take));
                events.push(json!({"eventId": id, "type": name, "date": date, "data": data}));
                next = id.saturating_add(1);
            }
            let has_more = events.len() >= usize::from(limit);
            Ok(json!({"events": events, "nextOffset": next, "hasMore": has_more}))
        })
        .await
    }

    /// Whether the portal pushes the events of this bot.
    pub(crate) async fn is_pushed(&self, bot: &str) -> Result<bool, JournalError> {
        let bot = bot.to_owned();
        self.run(move |connection| {
            let mut select = connection.prepare_cached("SELECT 1 FROM pushed WHERE bot = ?1")?;
            Ok(select.exists([bot])?)
        })
        .await
    }

    pub(crate) async fn set_pushed(&self, bot: &str) -> Result<(), JournalError> {
        let bot = bot.to_owned();
        self.write(move |transaction| push(transaction, &bot)).await
    }

    /// Deletes what is too old, and returns how many events that were.
    pub(crate) async fn expire(&self) -> Result<usize, JournalError> {
        let before = now_ms().saturating_sub(i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX));
        self.write(move |transaction| {
            transaction.execute("DELETE FROM posts WHERE at_ms < ?1", [before])?;
            // A portal that posts fast must not fill the disk.
            transaction.execute(
                "DELETE FROM posts WHERE (bot, digest) IN (SELECT bot, digest FROM (SELECT bot, digest, \
                 row_number() OVER (PARTITION BY bot ORDER BY at_ms DESC) AS place FROM posts) WHERE place > ?1)",
                [POSTS],
            )?;
            Ok(transaction.execute("DELETE FROM events WHERE at_ms < ?1", [before])?)
        })
        .await
    }

    async fn change(&self, id: i64, statement: &'static str) -> Result<(), JournalError> {
        self.write(move |transaction| {
            transaction.prepare_cached(statement)?.execute([id])?;
            Ok(())
        })
        .await
    }

    /// Runs a transaction. It is given up if its answer is [`Appended::Full`] or an error.
    async fn write<T: Kept + Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.run(move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            match done.is_kept() {
                true => transaction.commit()?,
                false => transaction.rollback()?,
            }
            Ok(done)
        })
        .await
    }

    /// Runs work on a thread that may block. If the future is dropped, the work goes on to its end.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let own = Arc::clone(&self.0);
        let running = tokio::task::spawn_blocking(move || {
            work(&mut own.lock().unwrap_or_else(PoisonError::into_inner))
        });
        running.await.map_err(|_| JournalError::Ended)?
    }
}

/// Whether a transaction with this answer is kept.
trait Kept {
    fn is_kept(&self) -> bool {
        true
    }
}

impl Kept for () {}
impl Kept for usize {}
impl Kept for Value {}
impl Kept for Appended {
    fn is_kept(&self) -> bool {
        *self != Self::Full
    }
}

fn locked(error: rusqlite::Error) -> JournalError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => JournalError::Locked,
        _ => JournalError::Sqlite(error),
    }
}

fn push(transaction: &Transaction<'_>, bot: &str) -> Result<(), JournalError> {
    let mut insert = transaction.prepare_cached("INSERT OR IGNORE INTO pushed (bot) VALUES (?1)")?;
    insert.execute([bot])?;
    Ok(())
}

/// SQLite gives the files beside it the same mode.
fn make_file(path: &Path) -> Result<(), std::io::Error> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
