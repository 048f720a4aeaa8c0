//! Makes snapshots of a registry, and restores them.

use std::cmp::Reverse;

use super::record::SnapshotRecord;
use super::snapshot::Snapshot;
use crate::freshness::Observation;
use crate::portal_id::PortalId;
use crate::registry::portal_key::seconds;
use crate::registry::registry::Registry;
use crate::registry::slot::Slot;

/// The result of a [`restore`](Registry::restore). Each record counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestoreReport {
    /// Records that changed what is known.
    pub taken: usize,
    /// Records that were not newer than what was known.
    pub older: usize,
    /// Records that were not read: see [`Snapshot::skipped`](crate::Snapshot::skipped).
    pub skipped: usize,
}

impl Registry {
    /// All present knowledge, ordered by portal.
    ///
    /// A portal that never answered is not part of it, even with
    /// [`Handle::assume`](crate::Handle::assume).
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let slots = self.shared.directory.all();
        let mut records: Vec<SnapshotRecord> = slots.iter().filter_map(|slot| self.record_of(slot)).collect();
        records
            .sort_unstable_by(|one, other| (&one.portal, &one.address).cmp(&(&other.portal, &other.address)));
        Snapshot::from_iter(records)
    }

    /// The record of one portal, as a [snapshot](Self::snapshot) has it. So a program can write what
    /// changed, for example when an [event](Self::events) names the portal, and leave the rest alone.
    /// [`restore`](Self::restore) takes a snapshot of such records (`Snapshot::from_iter`).
    ///
    /// The id finds a portal as in [`get`](Self::get). `None` if the registry has no such portal, or if
    /// the portal never answered. No I/O. It takes the lock of the portal, and does not count as use.
    ///
    /// ```no_run
    /// # use imbot_caps::{PortalId, Registry};
    /// # async fn example(registry: Registry, write: impl Fn(&PortalId, String)) -> serde_json::Result<()> {
    /// use imbot_caps::registry::Event;
    ///
    /// let mut events = registry.events();
    /// while let Some(event) = events.next().await {
    ///     if let Event::Learned { portal, .. } | Event::Upgraded { portal, .. } = event
    ///         && let Some(record) = registry.record(&portal)
    ///     {
    ///         write(&portal, serde_json::to_string(&record)?);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn record(&self, id: &PortalId) -> Option<SnapshotRecord> {
        let slot = self.shared.directory.at(id)?;
        self.record_of(&slot)
    }

    fn record_of(&self, slot: &Slot) -> Option<SnapshotRecord> {
        let (portal, address) = (slot.id(), slot.key().address());
        let ((known, learned, outdated), confirmed) =
            slot.with(|state| Some((state.record()?, state.is_confirmed())))?;
        let contested = !confirmed && self.shared.directory.is_contested(&portal);
        Some(SnapshotRecord {
            portal,
            address,
            known,
            learned: learned.at,
            same_since: learned.same_since,
            outdated,
            confirmed,
            contested,
        })
    }

    /// Merges the knowledge of a snapshot. No I/O. Records within their lifetimes are then answered
    /// from memory. The portals of older ones are asked when an answer is needed.
    ///
    /// Knowledge that was learned later is kept. A time in the future comes from a clock that ran
    /// ahead: it counts as now, and the portal is asked again when an answer is next needed. Pins
    /// stay. Above the [capacity](crate::registry::RegistryBuilder::capacity), the oldest records are
    /// evicted.
    pub fn restore(&self, snapshot: &Snapshot) -> RestoreReport {
        let now = self.shared.clock.now();
        let mut restored = RestoreReport {
            skipped: snapshot.skipped.len(),
            ..RestoreReport::default()
        };
        let mut records: Vec<&SnapshotRecord> = snapshot.records.iter().collect();
        // If two records name one member, the later record gets it.
        records.sort_by_key(|record| Reverse(record.learned));
        for record in records {
            let directory = &self.shared.directory;
            let slot = directory.recall(&record.portal, &record.address, record.confirmed, now);
            if record.contested && !record.confirmed {
                directory.recall_contest(&record.portal, &record.address);
            }
            let SnapshotRecord { known, outdated, .. } = record;
            let learned = Observation {
                at: record.learned,
                same_since: record.same_since,
            };
            slot.key().used_before(seconds(learned.at.min(now)));
            match slot.with(|state| state.restore(known, learned, *outdated, now)) {
                true => restored.taken = restored.taken.saturating_add(1),
                false => restored.older = restored.older.saturating_add(1),
            }
        }
        self.shared.metrics.remembered(self.shared.directory.len());
        let RestoreReport {
            taken,
            older,
            skipped,
        } = restored;
        tracing::info!(
            bitrix24.restored.taken = taken,
            bitrix24.restored.older = older,
            bitrix24.restored.skipped = skipped,
            "restored what was known"
        );
        restored
    }
}
