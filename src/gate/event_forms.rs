//! The forms in which bots get their events, as far as calls and read events have shown them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::fair_share::{Account, may_have_more};
use crate::portal::PortalId;

/// The most bots that a report lists: a portal can make up bots without end.
const MAX_BOTS: usize = 4_096;

/// A site gets at most a quarter of them, and a portal an eighth. The program's own machine gets half.
const SITE_PART: usize = 3;
const PORTAL_PART: usize = 7;
const LOCAL_PART: usize = 1;

/// After so many events of one form, and none of the other, a program may read that form only.
const ENOUGH: u64 = 16;

/// A bot that gets its events in the older form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BotWithOlderEvents {
    /// The address of its portal.
    pub portal: PortalId,
    /// Its id.
    pub bot_id: u64,
    /// Its events in the older form that were given to [`Gate::verify`](super::Gate::verify).
    pub events: u64,
}

/// The bots of the older form, and what calls and events have shown of both forms.
#[derive(Debug, Default)]
pub(super) struct EventForms(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    bots: BTreeMap<(PortalId, u64), Entry>,
    older: Side,
    newer: Side,
}

#[derive(Debug)]
struct Entry {
    account: Account,
    events: u64,
}

/// One form.
#[derive(Debug, Default)]
struct Side {
    /// The bot that a call has registered last for this form.
    bot: Option<(PortalId, u64)>,
    events: u64,
    is_told: bool,
}

/// A bot was registered for a form of which the program has read no event.
#[derive(Debug, PartialEq)]
pub(super) struct Unread {
    pub(super) portal: PortalId,
    pub(super) bot_id: u64,
    pub(super) is_older: bool,
}

impl EventForms {
    /// The bots that get the older form, by portal and id.
    pub(super) fn bots_with_older_events(&self) -> Vec<BotWithOlderEvents> {
        let inner = self.inner();
        let bots = inner
            .bots
            .iter()
            .map(|((portal, bot_id), entry)| BotWithOlderEvents {
                portal: portal.clone(),
                bot_id: *bot_id,
                events: entry.events,
            });
        bots.collect()
    }

    /// A call has registered a bot.
    pub(super) fn registered(
        &self,
        account: impl FnOnce() -> Account,
        portal: &PortalId,
        bot_id: u64,
        is_older: bool,
    ) -> Option<Unread> {
        let mut inner = self.inner();
        if is_older {
            inner.list(account, portal, bot_id, 0);
        }
        inner.side(is_older).bot = Some((portal.clone(), bot_id));
        inner.unread()
    }

    /// An event of a bot was read.
    pub(super) fn read(
        &self,
        account: impl FnOnce() -> Account,
        portal: &PortalId,
        bot_id: u64,
        is_older: bool,
    ) -> Option<Unread> {
        let mut inner = self.inner();
        if is_older {
            inner.list(account, portal, bot_id, 1);
        }
        let side = inner.side(is_older);
        side.events = side.events.saturating_add(1);
        inner.unread()
    }

    /// A bot is gone.
    pub(super) fn removed(&self, portal: &PortalId, bot_id: u64) {
        self.inner().bots.remove(&(portal.clone(), bot_id));
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn side(&mut self, is_older: bool) -> &mut Side {
        match is_older {
            true => &mut self.older,
            false => &mut self.newer,
        }
    }

    /// Adds events of a bot. A bot that is not listed yet is listed if its portal may have one more.
    fn list(&mut self, account: impl FnOnce() -> Account, portal: &PortalId, bot_id: u64, events: u64) {
        let key = (portal.clone(), bot_id);
        if let Some(entry) = self.bots.get_mut(&key) {
            entry.events = entry.events.saturating_add(events);
            return;
        }
        let account = account();
        let left = MAX_BOTS.saturating_sub(self.bots.len());
        let part = |part| if account.is_local() { LOCAL_PART } else { part };
        let count = |is_same: &dyn Fn(&Account) -> bool| {
            let entries = self.bots.values();
            entries.filter(|entry| is_same(&entry.account)).count()
        };
        let of_site = count(&|own| own.site() == account.site());
        let of_portal = count(&|own| own.portal() == account.portal());
        if may_have_more(of_site, left, part(SITE_PART)) && may_have_more(of_portal, left, part(PORTAL_PART))
        {
            self.bots.insert(key, Entry { account, events });
        }
    }

    /// Tells once for each form that a bot was registered for it and the program reads the other form alone.
    fn unread(&mut self) -> Option<Unread> {
        let (older, newer) = (self.older.events, self.newer.events);
        for (is_older, own, other) in [(true, older, newer), (false, newer, older)] {
            let side = self.side(is_older);
            if side.is_told || own > 0 || other < ENOUGH {
                continue;
            }
            if let Some((portal, bot_id)) = side.bot.clone() {
                side.is_told = true;
                return Some(Unread {
                    portal,
                    bot_id,
                    is_older,
                });
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portal(name: &'static str) -> (impl Fn() -> Account + Copy, PortalId) {
        let portal = PortalId::at_endpoint(&format!("https://{name}/rest/")).unwrap();
        (move || Account::new(name, name), portal)
    }

    #[test]
    fn unread_form_is_told_once() {
        for is_older in [true, false] {
            let forms = EventForms::default();
            let (account, id) = portal("acme.example");
            assert_eq!(forms.registered(account, &id, 7, is_older), None);
            let read = |is_older| forms.read(account, &id, 8, is_older);
            for _ in 1..ENOUGH {
                assert_eq!(read(!is_older), None);
            }
            let told = read(!is_older).unwrap();
            assert_eq!((told.bot_id, told.is_older), (7, is_older));
            assert_eq!(read(!is_older), None);
            assert_eq!(forms.registered(account, &id, 9, is_older), None);
        }
    }

    #[test]
    fn program_of_both_forms_is_not_warned() {
        let forms = EventForms::default();
        let (account, id) = portal("acme.example");
        forms.registered(account, &id, 7, true);
        forms.registered(account, &id, 8, false);
        for nth in 0..100 {
            assert_eq!(forms.read(account, &id, 8, nth % 4 == 0), None);
        }
        // Without a registration nothing is known of the other form.
        let forms = EventForms::default();
        for _ in 0..100 {
            assert_eq!(forms.read(account, &id, 8, true), None);
        }
    }

    #[test]
    fn no_portal_fills_the_list() {
        let forms = EventForms::default();
        let (account, hostile) = portal("hostile.example");
        for bot in 0..10_000 {
            forms.read(account, &hostile, bot, true);
        }
        assert!(forms.bots_with_older_events().len() <= MAX_BOTS / 8);
        let (account, good) = portal("good.example");
        forms.read(account, &good, 7, true);
        let bots = forms.bots_with_older_events();
        assert!(
            bots.iter()
                .any(|own| own.portal == good && own.bot_id == 7 && own.events == 1)
        );
        forms.removed(&good, 7);
        assert!(
            forms
                .bots_with_older_events()
                .iter()
                .all(|own| own.portal != good)
        );
    }
}
