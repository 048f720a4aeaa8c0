//! Runs statements on a thread that may block.

use std::sync::{Arc, Mutex, PoisonError};

use imbot_caps::store::{StoreError, StoreErrorKind};
use rusqlite::{Connection, ErrorCode};

/// A connection that calls share, one at a time.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Connection>>);

impl Shared {
    pub(super) fn new(connection: Connection) -> Self {
        Self(Arc::new(Mutex::new(connection)))
    }

    /// Runs a call on a thread for blocking work. If the future is dropped, the call goes on to its end,
    /// so its effect is whole.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let own = Arc::clone(&self.0);
        let running = tokio::task::spawn_blocking(move || {
            call(&mut own.lock().unwrap_or_else(PoisonError::into_inner))
        });
        running.await.unwrap_or_else(|error| {
            let text = format!("the call did not end: {error}");
            Err(StoreError::new(StoreErrorKind::Unavailable, &text))
        })
    }
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
