//! The listener: a task that loads the records that other processes have changed, and saves again what a store that
//! was away does not have.
//!
//! A registry with a store has one. It runs on the runtime of the first probe. If that runtime is
//! shut down, the next probe starts it on its own runtime. It ends with the registry and its handles:
//! it holds a weak reference, and is aborted when they are dropped.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::task::Poll;
use std::time::Duration;

use tokio::runtime;
use tokio::task::JoinSet;

use super::health::{FIRST, LONGEST};
use super::visit::{exchange, preload};
use crate::clock::{Clock, within};
use crate::portal_id::PortalId;
use crate::registry::shared::Shared;
use crate::registry::slot::Slot;
use crate::store::{News, Store, StoreError, StoreErrorKind, StoreFuture};

/// Starts the listener, unless it runs or there is no store.
pub(crate) fn listen(shared: &Arc<Shared>, runtime: &runtime::Handle) {
    if let Some(client) = &shared.store {
        client.start_listener(runtime, || Box::pin(run(Arc::downgrade(shared))));
    }
}

/// Listens, and begins again after each failure.
async fn run(shared: Weak<Shared>) {
    let mut pause = FIRST;
    loop {
        let Some(own) = shared.upgrade() else { return };
        let Some(client) = &own.store else { return };
        let (store, clock) = (client.store(), Arc::clone(&own.clock));
        drop(own);
        // A task within the task catches a panic of the store.
        let mut session = JoinSet::new();
        session.spawn(hear(store, Weak::clone(&shared)));
        let ended = session.join_next().await;
        let Some(own) = shared.upgrade() else { return };
        let Some(client) = &own.store else { return };
        match ended {
            Some(Ok(Ended::Failed { error, has_listened })) => {
                if has_listened {
                    pause = FIRST;
                }
                own.news_failed(client, Some(error));
            }
            Some(Ok(Ended::Unread)) => pause = FIRST,
            Some(Err(error)) if error.is_panic() => own.news_failed(client, None),
            // The runtime is shut down.
            Some(Err(_)) | None => return,
        }
        drop(own);
        clock.sleep(pause).await;
        pause = pause.saturating_mul(2).min(LONGEST);
    }
}

/// Why a session has ended.
enum Ended {
    Failed {
        error: StoreError,
        has_listened: bool,
    },
    /// The records could not be loaded. The next session loads them all.
    Unread,
}

/// How long the store may take to open a feed.
const OPENING: Duration = Duration::from_secs(10);

async fn hear(store: Arc<dyn Store>, shared: Weak<Shared>) -> Ended {
    let failed = |error, has_listened| Ended::Failed { error, has_listened };
    let gone = || StoreError::new(StoreErrorKind::Unavailable, "the registry is gone");
    let clock = match shared.upgrade() {
        Some(own) => Arc::clone(&own.clock),
        None => return failed(gone(), false),
    };
    let mut feed = match within(&*clock, OPENING, store.news()).await {
        Some(Ok(feed)) => feed,
        Some(Err(error)) => return failed(error, false),
        None => {
            let text = format!("no answer to `news` within {OPENING:?}");
            return failed(StoreError::new(StoreErrorKind::Unavailable, &text), false);
        }
    };
    if let Some(own) = shared.upgrade()
        && let Some(client) = &own.store
    {
        own.news_opened(client);
    }
    // Changes before the feed was opened were not heard.
    let mut news = News::Missed;
    loop {
        let Some(own) = shared.upgrade() else {
            return failed(gone(), true);
        };
        let is_read = match &news {
            News::Changed(keys) => {
                let slots: Vec<_> = keys.iter().filter_map(|key| held(&own, key)).collect();
                preload(&slots, &own).await
            }
            News::Missed => {
                // All of them are exchanged.
                own.store.iter().for_each(|client| drop(client.take_unsaved()));
                exchange(&own.directory.all(), &own).await
            }
        };
        if !is_read {
            return Ended::Unread;
        }
        drop(own);
        if news == News::Missed {
            // A store that always misses something must not keep the registry busy.
            clock.sleep(FIRST).await;
        }
        let (mut next, mut pause) = (feed.next(), FIRST);
        news = loop {
            match next_or_pause(&mut next, &shared, &*clock, pause).await {
                Some(Ok(news)) => break news,
                Some(Err(error)) => return failed(error, true),
                None => {}
            }
            let Some(own) = shared.upgrade() else {
                return failed(gone(), true);
            };
            pause = match save_unsaved(&own).await {
                true => FIRST,
                false => pause.saturating_mul(2).min(LONGEST),
            };
        };
    }
}

/// Waits for news. `None` if a portal is unsaved, and the pause is over.
async fn next_or_pause(
    next: &mut StoreFuture<'_, News>,
    shared: &Weak<Shared>,
    clock: &dyn Clock,
    pause: Duration,
) -> Option<Result<News, StoreError>> {
    let has_unsaved = shared.upgrade()?.store.as_ref()?.has_unsaved();
    let mut is_time = pin!(async {
        has_unsaved.notified().await;
        clock.sleep(pause).await;
    });
    poll_fn(|context| match next.as_mut().poll(context) {
        Poll::Ready(news) => Poll::Ready(Some(news)),
        Poll::Pending => is_time.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// Saves the answers that the store did not take. Returns whether it has taken them now.
async fn save_unsaved(shared: &Shared) -> bool {
    let Some(client) = &shared.store else {
        return true;
    };
    let unsaved = client.take_unsaved();
    let slots: Vec<_> = unsaved
        .iter()
        .filter_map(|address| shared.directory.at(address))
        .collect();
    let is_saved = exchange(&slots, shared).await;
    if !is_saved {
        unsaved
            .into_iter()
            .for_each(|address| client.add_unsaved(address));
    }
    is_saved
}

/// The slot with this key, if the registry has one.
fn held(shared: &Shared, key: &str) -> Option<Arc<Slot>> {
    let address: PortalId = key.parse().ok()?;
    shared.directory.at(&address).filter(|_| !address.is_member())
}
