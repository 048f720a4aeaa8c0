//! The tables of the file, and how the file is made.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use imbot_caps::store::{StoreError, StoreErrorKind};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::connection::failed;

/// The version of the tables. A file with a newer one is not opened.
const TABLES: i64 = 1;

/// How long SQLite waits for another process that writes, and how often it tries meanwhile. Its own handler waits up to
/// 100 ms between two tries, so a process could miss its turn again and again.
const TRIES: i32 = 2_000;
const TRY: Duration = Duration::from_millis(1);

/// How long an opening is repeated while other processes open the same file. SQLite does not wait where
/// two connections change the mode of the journal: one of them fails at once.
const OPENING: Duration = Duration::from_secs(30);

/// The time between two openings.
const PAUSE: Duration = Duration::from_millis(5);

/// `last` is the number of the last version or token. `announced` is the version of the last change
/// that was announced.
const MAKE: &str = "
    CREATE TABLE entries (
        key TEXT PRIMARY KEY NOT NULL,
        body TEXT NOT NULL,
        version INTEGER NOT NULL,
        announced INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX entries_by_announced ON entries (announced);
    CREATE TABLE leases (
        key TEXT PRIMARY KEY NOT NULL,
        token INTEGER NOT NULL,
        taken_ms INTEGER NOT NULL,
        until_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE numbers (id INTEGER PRIMARY KEY CHECK (id = 0), last INTEGER NOT NULL);
";

/// Makes the file, if there is none, with the mode 0600. SQLite gives the files beside it the same
/// mode.
fn make_file(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        // SQLite opens it, and says what is wrong with it.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => {
            let text = format!("the file cannot be made: {error}");
            Err(StoreError::new(StoreErrorKind::Unavailable, &text))
        }
    }
}

/// Opens the file, and makes it if there is none.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    make_file(path)?;
    let began = Instant::now();
    let (connection, tables) = loop {
        match with_tables(path) {
            Err(error) if is_busy(&error) && began.elapsed() < OPENING => std::thread::sleep(PAUSE),
            opened => break opened.map_err(failed)?,
        }
    };
    if (0..=TABLES).contains(&tables) {
        return Ok(connection);
    }
    let text = format!("the file has tables of version {tables}, and this version reads up to {TABLES}");
    Err(StoreError::new(StoreErrorKind::Refused, &text))
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed)
    )
}

/// Another connection to a file that has its tables.
pub(super) fn connect(path: &Path) -> Result<Connection, StoreError> {
    connection(path).map_err(failed)
}

fn wait(tries: i32) -> bool {
    std::thread::sleep(TRY);
    tries < TRIES
}

fn connection(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_handler(Some(wait))?;
    Ok(connection)
}

fn version_of_tables(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// A connection, and the version of the tables in the file. A file without tables gets them.
fn with_tables(path: &Path) -> rusqlite::Result<(Connection, i64)> {
    let mut connection = connection(path)?;
    let found = version_of_tables(&connection)?;
    if found != 0 {
        // A file that takes no writes can still be read.
        let _ = connection.pragma_update(None, "synchronous", "NORMAL");
        return Ok((connection, found));
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let making = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have made them meanwhile.
    let mut found = version_of_tables(&making)?;
    if found == 0 {
        making.execute_batch(MAKE)?;
        // A file that was deleted and made again must not use a version twice.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let first = i64::try_from(since.as_micros()).unwrap_or_default();
        making.execute("INSERT INTO numbers (id, last) VALUES (0, ?1)", [first])?;
        making.pragma_update(None, "user_version", TABLES)?;
        found = TABLES;
    }
    making.commit()?;
    Ok((connection, found))
}
