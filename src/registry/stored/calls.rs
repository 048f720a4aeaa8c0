//! The calls of a store, with their events, log lines and metrics.

use std::time::Duration;

use super::client::{Budget, Called, LEASE, StoreClient, panicked};
use super::health::Operation;
use super::record::{StoredRecord, Unread};
use crate::fair_share::Account;
use crate::portal_id::PortalId;
use crate::registry::event::Event;
use crate::registry::shared::Shared;
use crate::store::{Change, Entry, Lease, SaveOutcome, StoreError, StoreErrorKind};

/// The owner of events about the store, beside the sites of portals.
const STORE: &str = "store";

impl Shared {
    /// Runs a call, and reports what came of it. `None` if there is no answer.
    async fn call<T: Send + 'static>(
        &self,
        client: &StoreClient,
        operation: Operation,
        budget: &mut Budget,
        call: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Option<T> {
        let began = self.clock.now();
        let called = client.run(&*self.clock, operation, budget, call).await;
        let took = self.clock.now().duration_since(began).unwrap_or_default();
        match called {
            Called::Skipped => None,
            Called::Answered(answer, is_back) => {
                self.metrics.stored(operation.as_str(), "ok", took);
                if is_back {
                    self.tell_of_store(Event::StoreRecovered);
                }
                Some(answer)
            }
            Called::Failed(error, is_first) => {
                self.metrics
                    .stored(operation.as_str(), error.kind().as_str(), took);
                if is_first {
                    self.tell_of_store(Event::StoreFailed { error });
                }
                None
            }
        }
    }

    fn tell_of_store(&self, event: Event) {
        event.trace();
        self.events.push(event, || Account::new(STORE, STORE));
    }

    /// Records a failure of the listener.
    pub(super) fn news_failed(&self, client: &StoreClient, error: Option<StoreError>) {
        let error = error.unwrap_or_else(panicked);
        let kind = error.kind().as_str();
        let called: Called<()> = client.failed(Operation::News, error, self.clock.now());
        self.metrics
            .stored(Operation::News.as_str(), kind, Duration::ZERO);
        if let Called::Failed(error, true) = called {
            self.tell_of_store(Event::StoreFailed { error });
        }
    }

    /// Records that the listener listens.
    pub(super) fn news_opened(&self, client: &StoreClient) {
        if client.health().succeeded(Operation::News) {
            self.tell_of_store(Event::StoreRecovered);
        }
    }

    /// Reads the entries of these addresses.
    pub(super) async fn load(
        &self,
        client: &StoreClient,
        keys: Vec<String>,
        budget: &mut Budget,
    ) -> Option<Vec<Option<Entry>>> {
        let (store, count) = (client.store(), keys.len());
        let call = async move {
            let entries = store.load(&keys).await?;
            counted(entries, count)
        };
        self.call(client, Operation::Load, budget, call).await
    }

    /// Reads the text of an entry. An unreadable one is counted.
    pub(super) fn read(&self, address: &PortalId, body: &str) -> Result<StoredRecord, Unread> {
        StoredRecord::read(address, body).inspect_err(|unread| self.metrics.unread(unread.as_str()))
    }

    pub(super) async fn save(
        &self,
        client: &StoreClient,
        changes: Vec<Change>,
        budget: &mut Budget,
    ) -> Option<Vec<SaveOutcome>> {
        let store = client.store();
        let call = async move {
            let saved = store.save(&changes).await?;
            counted(saved, changes.len())
        };
        self.call(client, Operation::Save, budget, call).await
    }

    /// Takes the lease of an address. The inner `None` means that another process has it.
    pub(super) async fn lease(
        &self,
        client: &StoreClient,
        key: String,
        budget: &mut Budget,
    ) -> Option<Option<Lease>> {
        let (store, time) = (client.store(), LEASE.min(self.settings.deadline));
        let call = async move { store.lease(&key, time).await };
        self.call(client, Operation::Lease, budget, call).await
    }

    pub(super) async fn release(&self, client: &StoreClient, lease: Lease) {
        let store = client.store();
        let call = async move { store.release(lease).await };
        self.call(client, Operation::Release, &mut client.budget(), call)
            .await;
    }
}

/// The results, if there are as many as there should be.
fn counted<T>(results: Vec<T>, count: usize) -> Result<Vec<T>, StoreError> {
    match results.len() == count {
        true => Ok(results),
        false => {
            let text = format!("{} results in place of {count}", results.len());
            Err(StoreError::new(StoreErrorKind::Damaged, &text))
        }
    }
}
