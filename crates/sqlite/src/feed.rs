//! The feed of changes: it looks for them five times a second.

use std::sync::Arc;
use std::time::Duration;

use imbot_caps::clock::Clock;
use imbot_caps::store::{News, NewsFeed, StoreError, StoreFuture};
use rusqlite::Connection;

use super::connection::Reads;

/// The time between two looks. A look that finds nothing reads one page.
const INTERVAL: Duration = Duration::from_millis(200);

/// How many keys come at a time.
const KEYS: i64 = 1_000;

pub(super) struct Feed {
    connection: Reads,
    clock: Arc<dyn Clock>,
    /// The last change that the listener has heard of.
    heard: i64,
}

impl Feed {
    /// A feed of the changes from now on.
    pub(super) async fn open(connection: Reads, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let heard = connection
            .run(|connection| {
                let last = "SELECT last FROM numbers";
                connection.query_row(last, [], |row| row.get(0))
            })
            .await?;
        Ok(Self {
            connection,
            clock,
            heard,
        })
    }
}

/// The keys that were changed after this change, and the last change of them.
fn changed(connection: &Connection, heard: i64) -> rusqlite::Result<(Vec<String>, i64)> {
    let mut statement = connection.prepare_cached(
        "SELECT key, announced FROM entries WHERE announced > ?1 ORDER BY announced LIMIT ?2",
    )?;
    let (mut keys, mut last) = (Vec::new(), heard);
    let mut rows = statement.query([heard, KEYS])?;
    while let Some(row) = rows.next()? {
        keys.push(row.get(0)?);
        last = row.get(1)?;
    }
    Ok((keys, last))
}

impl NewsFeed for Feed {
    fn next(&mut self) -> StoreFuture<'_, News> {
        Box::pin(async {
            loop {
                let heard = self.heard;
                let look = move |connection: &mut Connection| changed(connection, heard);
                let (keys, last) = self.connection.run(look).await?;
                if !keys.is_empty() {
                    self.heard = last;
                    return Ok(News::Changed(keys));
                }
                self.clock.sleep(INTERVAL).await;
            }
        })
    }
}
