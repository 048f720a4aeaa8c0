//! Replies that contradict what the portal claims.

use std::time::SystemTime;

use super::{AbsenceReports, State};
use crate::freshness::Failure;
use crate::registry::settings::Settings;

impl State {
    /// Counts a reply that contradicts what is known. Returns how many there were, and whether to
    /// ask the portal about it.
    pub(crate) fn report_not_found(
        &mut self,
        id: &'static str,
        now: SystemTime,
        settings: &Settings,
        seed: u64,
    ) -> (u32, bool) {
        let before = self.contradicted.get(id).copied();
        let ask = before.is_none_or(|before| {
            !now.duration_since(before.asked.at)
                .is_ok_and(|ago| ago < before.asked.pause(&settings.lifetimes, seed))
        });
        let times = before.map_or(0, |before| before.times).saturating_add(1);
        let asked = match before {
            Some(before) if !ask => before.asked,
            _ => Failure::lasting(before.as_ref().map(|before| &before.asked), now),
        };
        let last = now;
        self.contradicted
            .insert(id, AbsenceReports { times, last, asked });
        (times, ask)
    }

    /// The ids that replies have contradicted lately, while the portal claims them.
    pub(crate) fn contradicted(&self, now: SystemTime, settings: &Settings) -> Vec<&'static str> {
        let holds = |entry: &AbsenceReports| {
            let ago = now.duration_since(entry.last);
            ago.is_ok_and(|ago| settings.lifetimes.holds_contradicted(ago))
        };
        let entries = self.contradicted.iter().filter(|(_, entry)| holds(entry));
        entries.map(|(id, _)| *id).collect()
    }
}
