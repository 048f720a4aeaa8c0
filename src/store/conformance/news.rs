//! News of changes.

use std::collections::BTreeSet;

use super::entries;
use super::subject::{Broken, Outcome, PATIENCE, Subject, key};
use crate::store::entry::Change;
use crate::store::news::{News, NewsFeed};

/// Reads until all keys are covered.
async fn hears(feed: &mut dyn NewsFeed, keys: impl IntoIterator<Item = String>) -> Outcome {
    let mut missing: BTreeSet<String> = keys.into_iter().collect();
    while !missing.is_empty() {
        let news = tokio::time::timeout(PATIENCE, feed.next())
            .await
            .map_err(|_| Broken(format!("no news of {missing:?}")))??;
        match news {
            News::Changed(keys) => missing.retain(|key| !keys.contains(key)),
            News::Missed => missing.clear(),
        }
    }
    Ok(())
}

pub(super) async fn arrive(subject: &dyn Subject) -> Outcome {
    let (store, other) = (subject.open().await?, subject.open().await?);
    let (mut own, mut others) = (store.news().await?, other.news().await?);
    let first = entries::put(&*store, &key("news", 0), "first", None).await?;
    hears(&mut *others, [key("news", 0)]).await?;
    hears(&mut *own, [key("news", 0)]).await?;
    entries::put(&*store, &key("news", 0), "second", Some(first)).await?;
    hears(&mut *others, [key("news", 0)]).await?;
    let mut quiet = Change::new(key("news", 1), "quiet".to_owned(), None);
    quiet.announce = false;
    let loud = Change::new(key("news", 2), "loud".to_owned(), None);
    other.save(&[quiet, loud]).await?;
    hears(&mut *others, [key("news", 2)]).await?;
    // A feed that was opened later hears of later changes.
    let mut late = store.news().await?;
    entries::put(&*other, &key("news", 3), "late", None).await?;
    hears(&mut *late, [key("news", 3)]).await
}

pub(super) async fn flood(subject: &dyn Subject) -> Outcome {
    let (store, other) = (subject.open().await?, subject.open().await?);
    let mut feed = other.news().await?;
    let keys: Vec<String> = (0..3_000).map(|nth| key("flood", nth)).collect();
    for part in keys.chunks(250) {
        let changes: Vec<Change> = part
            .iter()
            .map(|key| Change::new(key.clone(), "flood".to_owned(), None))
            .collect();
        store.save(&changes).await?;
    }
    hears(&mut *feed, keys).await?;
    entries::put(&*store, &key("flood", 3_000), "after it", None).await?;
    hears(&mut *feed, [key("flood", 3_000)]).await
}
