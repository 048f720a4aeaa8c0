//! Counts the portals of a registry, and sets the gauges.

use super::portal_counts::PortalCounts;
use super::registry::Registry;

impl Registry {
    /// Counts the portals. No I/O. It takes the lock of each portal for a moment, so call it when an
    /// operator looks, and not for each call.
    #[must_use]
    pub fn portal_counts(&self) -> PortalCounts {
        let (now, settings) = (self.shared.clock.now(), &self.shared.settings);
        let mut counts = PortalCounts::default();
        for slot in self.shared.directory.all() {
            let seed = slot.seed();
            let (rest, is_failing, is_stale) = slot.with(|state| {
                let rest = state.answered_rest();
                (rest, state.is_failing(), state.is_stale(now, settings, seed))
            });
            counts.portals = counts.portals.saturating_add(1);
            let place = match rest {
                Some(rest) => counts.revisions.entry(rest).or_default(),
                None => &mut counts.unknown,
            };
            *place = place.saturating_add(1);
            counts.failing = counts.failing.saturating_add(usize::from(is_failing));
            counts.stale = counts.stale.saturating_add(usize::from(is_stale));
        }
        counts
    }

    /// Sets the gauges of [portals](Self::portal_counts): all, by revision, failing, stale. Call it
    /// before the program's exporter is read, for example in the handler of `/metrics`. The registry
    /// sets none of them by itself but `imbot_caps.portals`, so they cost nothing in between.
    #[cfg(feature = "metrics")]
    #[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
    pub fn set_gauges(&self) {
        let shared = &self.shared;
        let mut shown = shared
            .gauges
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        shared
            .metrics
            .counted(&self.portal_counts(), shared.settings.newest, &mut shown);
    }
}
