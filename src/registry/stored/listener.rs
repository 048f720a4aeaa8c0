//! The listener: a task that loads the records that other processes have changed, and saves again what a store that
//! was away does not have.
//!
//! A registry with a store has one. It runs on the runtime of the first probe. If that runtime is
//! shut down, the next probe starts it on its own runtime. It ends with the registry and its handles:
//! it holds a weak reference, and is aborted when they are dropped.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::Poll;
use std::time::Duration;

use tokio::runtime;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::health::{FIRST, LONGEST};
use super::leased_probe::{Cause, exchange, preload};
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
        // The next session exchanges all of them.
        drop(client.take_unsaved());
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
    let Some(unsaved) = shared
        .upgrade()
        .and_then(|own| Some(own.store.as_ref()?.has_unsaved()))
    else {
        return failed(gone(), false);
    };
    let mut pause = FIRST;
    let mut retry = time_to_save(Arc::clone(&unsaved), Arc::clone(&clock), pause);
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
                exchange(&own.directory.all(), &own, Cause::Missed).await
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
        let mut next = feed.next();
        news = loop {
            match first(&mut next, &mut retry).await {
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
            retry = time_to_save(Arc::clone(&unsaved), Arc::clone(&clock), pause);
        };
    }
}

/// Ends when a portal is unsaved, and the pause is over.
fn time_to_save(
    unsaved: Arc<Notify>,
    clock: Arc<dyn Clock>,
    pause: Duration,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        unsaved.notified().await;
        clock.sleep(pause).await;
    })
}

/// The next news. `None` if the time to save comes before. It goes on while news come.
async fn first(
    next: &mut StoreFuture<'_, News>,
    retry: &mut Pin<Box<dyn Future<Output = ()> + Send>>,
) -> Option<Result<News, StoreError>> {
    poll_fn(|context| match retry.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => next.as_mut().poll(context).map(Some),
    })
    .await
}

/// Saves the answers that the store did not take. Returns whether it has taken all of them now.
async fn save_unsaved(shared: &Shared) -> bool {
    let Some(client) = &shared.store else {
        return true;
    };
    // Portals that the registry has evicted are forgotten.
    let slots: Vec<_> = client
        .take_unsaved()
        .iter()
        .filter_map(|address| shared.directory.at(address))
        .collect();
    if !exchange(&slots, shared, Cause::Unsaved).await {
        let addresses = slots.iter().map(|slot| slot.key().address());
        addresses.for_each(|address| client.add_unsaved(address));
    }
    !client.has_any_unsaved()
}

/// The slot with this key, if the registry has one.
fn held(shared: &Shared, key: &str) -> Option<Arc<Slot>> {
    let address: PortalId = key.parse().ok()?;
    shared.directory.at(&address).filter(|_| !address.is_member())
}
