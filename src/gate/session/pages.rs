//! Smaller pages of events, after a page that was too large or came too late.

use super::CallSession;
use crate::table::path::{member, scalar};
use crate::wire::Call;

/// The methods that return a queue of events page by page, and delete events below `offset`.
const EVENT_PAGES: [&str; 2] = ["imbot.v2.Event.get", "im.v2.Event.get"];

/// Their parameter for the most events of a page, its default, and its maximum (source: the
/// documentation's page of the method).
const LIMIT: &str = "limit";
const PAGE: u64 = 100;
const LARGEST_PAGE: u64 = 1_000;

impl CallSession {
    /// The same call for half as many events, if its reply was too large to be read. `None` if
    /// it is no such call, or was for one event.
    ///
    /// It has the same `offset`. A portal deletes only events below the offset, so nothing is
    /// lost. The program continues from the `nextOffset` of the smaller page. Without this, a
    /// bot would get the same large page for ever.
    pub(crate) fn smaller_page(&mut self) -> Option<Call> {
        self.part_of_page(2, "the reply was too large; asked for fewer events")
    }

    /// The same call for a tenth of the events, if its reply came too late. This happens once: a
    /// portal that does not answer must not keep the program waiting.
    pub(crate) fn page_in_time(&mut self) -> Option<Call> {
        if std::mem::replace(&mut self.is_late, true) {
            return None;
        }
        self.part_of_page(10, "the reply came too late; asked for fewer events")
    }

    fn part_of_page(&mut self, part: u64, why: &str) -> Option<Call> {
        if !self.is_of_call() || !EVENT_PAGES.contains(&self.sent().method()) {
            return None;
        }
        let mut call = match self.page.take() {
            Some(page) => page,
            None => self.sent().clone(),
        };
        let told = member(call.params(), LIMIT);
        let limit = told.and_then(|(_, limit)| scalar(limit)?.trim().parse().ok());
        let limit = limit.map_or(PAGE, |limit: u64| limit.clamp(1, LARGEST_PAGE));
        let name = told.map_or(LIMIT, |(name, _)| name).to_owned();
        if limit == 1 {
            return None;
        }
        let limit = (limit / part).max(1);
        call.params_mut().insert(name, limit.into());
        tracing::debug!(
            bitrix24.portal = %self.portal_gate.handle.portal().address(),
            rpc.method = call.method(),
            bitrix24.limit = limit,
            "{why}"
        );
        self.page = Some(call.clone());
        Some(call)
    }
}
