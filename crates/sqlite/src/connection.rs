//! Runs statements on threads that may block: reads one at a time, and writes that wait in one transaction.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use imbot_caps::store::{StoreError, StoreErrorKind};
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

/// The most calls that share a transaction. It takes some milliseconds then.
const MOST_CALLS: usize = 128;

fn lock<T>(own: &Mutex<T>) -> MutexGuard<'_, T> {
    own.lock().unwrap_or_else(PoisonError::into_inner)
}

fn interrupted(reason: impl std::fmt::Display) -> StoreError {
    StoreError::new(
        StoreErrorKind::Unavailable,
        &format!("the call did not end: {reason}"),
    )
}

/// A connection for reads, which calls share, one at a time.
#[derive(Clone)]
pub(super) struct Reads(Arc<Mutex<Connection>>);

impl Reads {
    pub(super) fn new(connection: Connection) -> Self {
        Self(Arc::new(Mutex::new(connection)))
    }

    /// Runs a call on a thread for blocking work.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let own = Arc::clone(&self.0);
        let running = tokio::task::spawn_blocking(move || call(&mut lock(&own)).map_err(failed));
        running.await.unwrap_or_else(|error| Err(interrupted(error)))
    }
}

/// A connection for writes. Calls that come while a transaction runs share the next one: SQLite has one writer for all
/// processes, and a process that waits for its turn again for each call would fall behind.
#[derive(Clone)]
pub(super) struct Writes(Arc<Writer>);

struct Writer {
    connection: Mutex<Connection>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    calls: Vec<Box<dyn Call>>,
    /// Whether a thread takes them.
    is_served: bool,
}

/// Whether a call still has its effect after its future was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhenDropped {
    /// If it has not begun, it is left out.
    LeaveOut,
    Run,
}

impl Writes {
    pub(super) fn new(connection: Connection) -> Self {
        Self(Arc::new(Writer {
            connection: Mutex::new(connection),
            waiting: Mutex::default(),
        }))
    }

    /// Runs a call in a transaction, on a thread for blocking work. Its effect is whole, or there is none. A call that
    /// shares a transaction with another one that fails is run again.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        when_dropped: WhenDropped,
        call: impl FnMut(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, answer) = oneshot::channel();
        let pending = Pending {
            call,
            when_dropped,
            result: None,
            sender,
        };
        let is_served = {
            let mut waiting = lock(&self.0.waiting);
            waiting.calls.push(Box::new(pending));
            std::mem::replace(&mut waiting.is_served, true)
        };
        if !is_served {
            let thread = Thread {
                writer: Arc::clone(&self.0),
                has_ended: false,
            };
            // The handle is not needed: the answer comes by the channel.
            drop(tokio::task::spawn_blocking(move || thread.serve()));
        }
        answer
            .await
            .unwrap_or_else(|_| Err(interrupted("its thread has ended, or the runtime is shut down")))
    }
}

/// The thread that takes the calls. If the runtime is shut down before it runs, or a call panics, the calls that wait
/// get an error, and the next call starts another thread.
struct Thread {
    writer: Arc<Writer>,
    has_ended: bool,
}

impl Thread {
    fn serve(mut self) {
        let writer = Arc::clone(&self.writer);
        let mut connection = lock(&writer.connection);
        while let Some(calls) = self.next() {
            transact(&mut connection, calls);
        }
    }

    /// The calls that wait. If there is none, the thread ends.
    fn next(&mut self) -> Option<Vec<Box<dyn Call>>> {
        let mut waiting = lock(&self.writer.waiting);
        let most = waiting.calls.len().min(MOST_CALLS);
        let calls: Vec<_> = waiting.calls.drain(..most).collect();
        if calls.is_empty() {
            waiting.is_served = false;
            self.has_ended = true;
            return None;
        }
        Some(calls)
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        if !self.has_ended {
            let mut waiting = lock(&self.writer.waiting);
            waiting.is_served = false;
            waiting.calls.clear();
        }
    }
}

/// A call that waits for its transaction.
trait Call: Send {
    /// Whether nobody needs its effect.
    fn is_dropped(&self) -> bool;

    fn run(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()>;

    /// Gives the answer of the last run, or this error.
    fn end(self: Box<Self>, error: Option<StoreError>);
}

struct Pending<T, F> {
    call: F,
    when_dropped: WhenDropped,
    result: Option<T>,
    sender: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F> Call for Pending<T, F>
where
    F: FnMut(&Transaction<'_>) -> rusqlite::Result<T> + Send,
{
    fn is_dropped(&self) -> bool {
        self.when_dropped == WhenDropped::LeaveOut && self.sender.is_closed()
    }

    fn run(&mut self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        self.result = Some((self.call)(transaction)?);
        Ok(())
    }

    fn end(self: Box<Self>, error: Option<StoreError>) {
        let result = match (error, self.result) {
            (None, Some(result)) => Ok(result),
            (error, _) => Err(error.unwrap_or_else(|| interrupted("it did not run"))),
        };
        // It fails if the future was dropped.
        let _ = self.sender.send(result);
    }
}

/// Runs calls in one transaction. A call that fails is left out, and the others run again.
fn transact(connection: &mut Connection, mut calls: Vec<Box<dyn Call>>) {
    loop {
        calls.retain(|call| !call.is_dropped());
        if calls.is_empty() {
            return;
        }
        match run_all(connection, &mut calls) {
            Ok(()) => return calls.into_iter().for_each(|call| call.end(None)),
            Err((Some(place), error)) if place < calls.len() => calls.remove(place).end(Some(failed(error))),
            Err((_, error)) => {
                let error = failed(error);
                return calls.into_iter().for_each(|call| call.end(Some(error.clone())));
            }
        }
    }
}

/// The error has the place of the call that failed, unless the transaction itself did.
fn run_all(
    connection: &mut Connection,
    calls: &mut [Box<dyn Call>],
) -> Result<(), (Option<usize>, rusqlite::Error)> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| (None, error))?;
    for (place, call) in calls.iter_mut().enumerate() {
        call.run(&transaction).map_err(|error| (Some(place), error))?;
    }
    transaction.commit().map_err(|error| (None, error))
}

/// The error of a statement.
#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
pub(super) fn failed(error: rusqlite::Error) -> StoreError {
    let kind = match error.sqlite_error_code() {
        Some(
            ErrorCode::ReadOnly
            | ErrorCode::DiskFull
            | ErrorCode::PermissionDenied
            | ErrorCode::AuthorizationForStatementDenied,
        ) => StoreErrorKind::Refused,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TypeMismatch) => {
            StoreErrorKind::Damaged
        }
        Some(ErrorCode::TooBig) => StoreErrorKind::TooLong,
        Some(_) => StoreErrorKind::Unavailable,
        // The statements are those of this crate, so the file has other tables or values.
        None => StoreErrorKind::Damaged,
    };
    StoreError::new(kind, &error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writes() -> Writes {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE numbers (number INTEGER)")
            .unwrap();
        Writes::new(connection)
    }

    async fn insert(writes: &Writes, number: i64) -> Result<(), StoreError> {
        let insert = move |transaction: &Transaction<'_>| {
            transaction.execute("INSERT INTO numbers VALUES (?1)", [number])?;
            match number {
                2 => Err(rusqlite::Error::InvalidQuery),
                _ => Ok(()),
            }
        };
        writes.run(WhenDropped::Run, insert).await
    }

    fn numbers(writes: &Writes) -> Vec<i64> {
        let connection = lock(&writes.0.connection);
        let mut all = connection
            .prepare("SELECT number FROM numbers ORDER BY number")
            .unwrap();
        let rows = all.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    #[tokio::test]
    async fn failing_call_leaves_others_whole() {
        let writes = writes();
        // The calls wait for the connection, so they share a transaction.
        let held = lock(&writes.0.connection);
        let (one, two, three, ()) = tokio::join!(
            insert(&writes, 1),
            insert(&writes, 2),
            insert(&writes, 3),
            async move { drop(held) }
        );
        assert!(one.is_ok() && two.is_err() && three.is_ok());
        assert_eq!(numbers(&writes), [1, 3]);
    }

    #[test]
    fn calls_after_runtime_shutdown_succeed() {
        let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
        let writes = writes();
        let ended = runtime();
        let handle = ended.handle().clone();
        ended.shutdown_background();
        // The thread of this call never runs.
        let error = handle.block_on(insert(&writes, 1)).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Unavailable);
        assert!(runtime().block_on(insert(&writes, 3)).is_ok());
        assert_eq!(numbers(&writes), [3]);
    }
}
