//! The listener: a task that loads the records that other processes have changed.
//!
//! A registry with a store has one. It runs on the runtime of the first probe. If that runtime is
//! shut down, the next probe starts it on its own runtime. It ends with the registry and its handles:
//! it holds a weak reference, and is aborted when they are dropped.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::runtime;
use tokio::task::JoinSet;

use super::health::{FIRST, LONGEST};
use super::visit::preload;
use crate::clock::within;
use crate::portal_id::PortalId;
use crate::registry::shared::Shared;
use crate::registry::slot::Slot;
use crate::store::{News, Store, StoreError, StoreErrorKind};

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
        let slots = match &news {
            News::Changed(keys) => keys.iter().filter_map(|key| held(&own, key)).collect(),
            News::Missed => own.directory.all(),
        };
        if !preload(&slots, &own).await {
            return Ended::Unread;
        }
        drop((own, slots));
        if news == News::Missed {
            // A store that always misses something must not keep the registry busy.
            clock.sleep(FIRST).await;
        }
        news = match feed.next().await {
            Ok(news) => news,
            Err(error) => return failed(error, true),
        };
    }
}

/// The slot with this key, if the registry has one.
fn held(shared: &Shared, key: &str) -> Option<Arc<Slot>> {
    let address: PortalId = key.parse().ok()?;
    shared.directory.at(&address).filter(|_| !address.is_member())
}
