//! Smaller pages of events, after a page that was too large or came too late.

use super::PlannedCall;
use crate::table::path::{member, scalar};

/// The methods that return a queue of events page by page, and delete events below `offset`.
const EVENT_PAGES: [&str; 2] = ["imbot.v2.Event.get", "im.v2.Event.get"];

/// Their parameter for the most events of a page, its default, and its maximum (source: the
/// documentation's page of the method).
const LIMIT: &str = "limit";
const PAGE: u64 = 100;
const LARGEST_PAGE: u64 = 1_000;

/// Which part of a page is asked for after one that was too large, and after one that was too
/// late.
const PART_OF_LARGE: u64 = 2;
const PART_OF_LATE: u64 = 10;

impl PlannedCall<'_> {
    /// The reply to [`call`](Self::call) was too large to be read. If it is a page of events, the
    /// call now asks for half as many. Returns their number; `None` if the call is no such call,
    /// or was for one event.
    ///
    /// It has the same `offset`. A portal deletes only events below the offset, so nothing is
    /// lost. The program continues from the `nextOffset` of the smaller page. Without this, a
    /// bot would get the same large page for ever.
    pub fn shrink_page(&mut self) -> Option<u64> {
        self.part_of_page(PART_OF_LARGE)
    }

    /// The reply to [`call`](Self::call) came too late. If it is a page of events, the call now
    /// asks for a tenth of them, as in [`shrink_page`](Self::shrink_page). This happens
    /// once: a portal that does not answer must not keep the program waiting.
    pub fn shrink_page_after_timeout(&mut self) -> Option<u64> {
        if self.course.as_ref().is_some_and(|course| course.is_late) {
            return None;
        }
        let limit = self.part_of_page(PART_OF_LATE)?;
        self.course_mut().is_late = true;
        Some(limit)
    }

    fn part_of_page(&mut self, part: u64) -> Option<u64> {
        if !self.is_of_call() || !EVENT_PAGES.contains(&self.call().method()) {
            return None;
        }
        let told = member(self.call().params(), LIMIT);
        let limit = told.and_then(|(_, limit)| scalar(limit)?.trim().parse().ok());
        let limit = limit.map_or(PAGE, |limit: u64| limit.clamp(1, LARGEST_PAGE));
        let name = told.map_or(LIMIT, |(name, _)| name).to_owned();
        if limit == 1 {
            return None;
        }
        let limit = (limit / part).max(1);
        let mut page = self.call().clone();
        page.params_mut().insert(name, limit.into());
        self.course_mut().request = Some(page);
        Some(limit)
    }
}
