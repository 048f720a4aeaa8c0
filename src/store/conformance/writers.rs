//! Writers at one time.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::entries;
use super::subject::{Broken, Outcome, Subject, key, must};
use crate::store::entry::{Change, Entry, SaveOutcome};
use crate::store::store::Store;

/// How many writers there are, and how often each one adds one.
const WRITERS: usize = 8;
const TIMES: usize = 16;

/// Adds one to a number, as often as it takes.
async fn add_one(store: &dyn Store, key: &str) -> Outcome {
    let mut entry = entries::get(store, key).await?;
    loop {
        let number = |entry: &Entry| entry.body.parse::<usize>().ok();
        let before = match &entry {
            None => 0,
            Some(entry) => {
                number(entry).ok_or_else(|| Broken(format!("{:?} was never written", entry.body)))?
            }
        };
        let based_on = entry.as_ref().map(|entry| entry.version);
        let change = Change::new(key.to_owned(), before.saturating_add(1).to_string(), based_on);
        match store.save(&[change]).await?.pop() {
            Some(SaveOutcome::Done(_)) => return Ok(()),
            Some(SaveOutcome::Conflict(current)) => entry = current,
            None => return Err(Broken("no result".to_owned())),
        }
    }
}

pub(super) async fn lose_nothing(subject: &dyn Subject) -> Outcome {
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let store: Arc<dyn Store> = subject.open().await?;
        writers.spawn(async move {
            for _ in 0..TIMES {
                add_one(&*store, &key("writers", 0)).await?;
            }
            Ok::<(), Broken>(())
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended.map_err(|error| Broken(format!("a writer did not end: {error}")))??;
    }
    let store = subject.open().await?;
    let total = entries::get(&*store, &key("writers", 0))
        .await?
        .map(|entry| entry.body);
    let expected = WRITERS.saturating_mul(TIMES).to_string();
    must(
        total.as_deref() == Some(&*expected),
        format!("{total:?} in place of {expected}"),
    )
}
