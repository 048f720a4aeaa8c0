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
";

/// A journal that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The file cannot be made.
    #[error("the journal cannot be made: {0}")]
    File(#[from] std::io::Error),
    /// SQLite says why. If the file is locked, another server uses it.
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
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let making = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
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

    /// Writes the events of a post, all or none. They are on disk when it returns.
    pub(crate) async fn append(
        &self,
        bot: &str,
        digest: Option<Vec<u8>>,
        events: Vec<NewEvent>,
        most: u64,
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
            let mut count = transaction.prepare_cached("SELECT count(*) FROM events WHERE bot = ?1")?;
            let count: u64 = count.query_row([&bot], |row| row.get(0))?;
            let new = u64::try_from(events.len()).unwrap_or(u64::MAX);
            if count.saturating_add(new) > most {
                // The digest is not kept: the transaction is given up.
                return Ok(Appended::Full);
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

    /// A page for a bot that polls, as `imbot.v2.Event.get` answers, and the date. Deletes the events below the offset.
    pub(crate) async fn page(
        &self,
        bot: &str,
        bot_id: u64,
        offset: Option<u64>,
        limit: u16,
    ) -> Result<(Value, String), JournalError> {
        let bot = bot.to_owned();
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let (bot_id, from) = (number(bot_id), number(offset.unwrap_or(0)));
        self.write(move |transaction| {
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
            let date = "SELECT strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')";
            let date = transaction.query_row(date, [], |row| row.get(0))?;
            let page = json!({"events": events, "nextOffset": next, "hasMore": has_more});
            Ok((page, date))
        })
        .await
    }

    /// Whether the portal pushes the events of this bot, since it was registered so by the server.
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
        self.write(move |transaction| {
            transaction.execute("INSERT OR IGNORE INTO pushed (bot) VALUES (?1)", [bot])?;
            Ok(())
        })
        .await
    }

    /// Deletes what is too old, and returns how many events that were.
    pub(crate) async fn expire(&self) -> Result<usize, JournalError> {
        let before = now_ms().saturating_sub(i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX));
        self.write(move |transaction| {
            transaction.execute("DELETE FROM posts WHERE at_ms < ?1", [before])?;
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
impl Kept for (Value, String) {}
impl Kept for Appended {
    fn is_kept(&self) -> bool {
        *self != Self::Full
    }
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
mod tests {
    use super::*;

    fn event(bot_id: u64) -> NewEvent {
        NewEvent {
            bot_id: Some(bot_id),
            name: "ONIMBOTV2MESSAGEADD".to_owned(),
            body: json!({"event": "E", "data": {"bot": {"id": bot_id}}}).to_string(),
        }
    }

    #[tokio::test]
    async fn post_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("j.db")).unwrap();
        let digest = || Some(vec![1, 2, 3]);
        let append = |events| journal.append("a", digest(), events, 2);
        assert_eq!(
            append(vec![event(1), event(2), event(3)]).await.unwrap(),
            Appended::Full
        );
        assert_eq!(append(vec![event(1), event(2)]).await.unwrap(), Appended::Written);
        assert_eq!(append(vec![event(1), event(2)]).await.unwrap(), Appended::Known);
        let next = journal.next("a").await.unwrap().unwrap();
        journal.done(next.id).await.unwrap();
        assert_eq!(journal.next("a").await.unwrap().unwrap().id, next.id + 1);
        assert!(journal.next("b").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn page_confirms_events_below_offset() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("j.db")).unwrap();
        for bot_id in [7, 8, 7, 7] {
            journal.append("a", None, vec![event(bot_id)], 10).await.unwrap();
        }
        let ids = |page: &Value| -> Vec<u64> {
            let events = page["events"].as_array().unwrap().iter();
            events.map(|event| event["eventId"].as_u64().unwrap()).collect()
        };
        let page = async |bot_id, offset| journal.page("a", bot_id, offset, 2).await.unwrap().0;
        let first = page(7, None).await;
        assert_eq!(
            (ids(&first), &first["nextOffset"], &first["hasMore"]),
            (vec![1, 3], &json!(4), &json!(true))
        );
        assert_eq!(ids(&page(7, None).await), [1, 3]);
        assert_eq!(ids(&page(7, Some(4)).await), [4]);
        assert_eq!(ids(&page(7, None).await), [4]);
        assert_eq!(ids(&page(8, None).await), [2]);
    }

    #[tokio::test]
    async fn file_is_for_one_server_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j.db");
        let first = Journal::open(&path).unwrap();
        assert!(matches!(Journal::open(&path), Err(JournalError::Sqlite(_))));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        drop(first);
        assert!(Journal::open(&path).is_ok());
    }
}
