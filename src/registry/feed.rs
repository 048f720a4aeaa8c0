//! [`Events`]: the queue of events for slow listeners. Its size is bounded, and sites share it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::Notify;

use super::event::Event;
use crate::fair_share::Account;

/// How many events may wait for slow listeners.
const EVENTS: usize = 1_024;

/// For how many sites a listener gets its own count of lost events.
const NAMED: usize = 16;

/// The sender of a registry's events. It keeps no events before the first listener.
#[derive(Debug, Default)]
pub(super) struct Feed(OnceLock<Arc<Queue>>);

impl Feed {
    pub(super) fn listen(&self) -> Events {
        let queue = Arc::clone(self.0.get_or_init(Arc::default));
        let listener = queue.lock().join();
        Events { queue, listener }
    }

    pub(super) fn push(&self, event: Event, account: impl FnOnce() -> Account) {
        let Some(queue) = self.0.get() else {
            return;
        };
        if queue.lock().push(event, account) {
            queue.changed.notify_waiters();
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        if let Some(queue) = self.0.get() {
            queue.lock().is_closed = true;
            queue.changed.notify_waiters();
        }
    }
}

/// The events of a [`Registry`](crate::Registry), from the time of the call of
/// [`Registry::events`](crate::Registry::events).
pub struct Events {
    queue: Arc<Queue>,
    listener: u64,
}

impl Events {
    /// The next event. `None` when the registry and all its handles are dropped. Cancel-safe: if the
    /// future is dropped, no event is lost.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            let changed = self.queue.changed.notified();
            let mut changed = pin!(changed);
            // Events that come from now on wake this listener.
            changed.as_mut().enable();
            let (event, is_closed) = self.queue.lock().take(self.listener);
            if event.is_some() || is_closed {
                return event;
            }
            changed.await;
        }
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.queue.lock().leave(self.listener);
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Notify,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The waiting events. An event is removed when all listeners have taken it, or to make room.
#[derive(Debug, Default)]
struct Waiting {
    is_closed: bool,
    /// The number of the next event, and of the next listener.
    next: u64,
    events: BTreeMap<u64, Entry>,
    listeners: BTreeMap<u64, Listener>,
    sites: Queues,
    /// The events of each site's portals: of those that have answered, and of those that never did.
    portals: HashMap<Arc<str>, Queues>,
    unanswered: HashMap<Arc<str>, Queues>,
}

#[derive(Debug)]
struct Entry {
    event: Event,
    site: Arc<str>,
    portal: Arc<str>,
    has_answered: bool,
    /// How many listeners have not taken the event.
    unread: usize,
}

#[derive(Debug, Default)]
struct Listener {
    /// The listener has taken all events below this number.
    next: u64,
    missed: BTreeMap<Option<Arc<str>>, u64>,
}

impl Waiting {
    fn join(&mut self) -> u64 {
        let number = self.next;
        self.next += 1;
        let next = self.next;
        let listener = Listener {
            next,
            ..Listener::default()
        };
        self.listeners.insert(number, listener);
        number
    }

    fn leave(&mut self, listener: u64) {
        let Some(Listener { next, .. }) = self.listeners.remove(&listener) else {
            return;
        };
        let untaken: Vec<u64> = self.events.range(next..).map(|(number, _)| *number).collect();
        for number in untaken {
            self.taken(number);
        }
    }

    /// Keeps an event for the listeners. Returns whether there are any.
    fn push(&mut self, event: Event, account: impl FnOnce() -> Account) -> bool {
        let unread = self.listeners.len();
        if unread == 0 {
            return false;
        }
        let account = account();
        let (site, portal): (Arc<str>, Arc<str>) = (account.site().into(), account.portal().into());
        let number = self.next;
        self.next += 1;
        self.sites.add(&site, number);
        let has_answered = account.has_answered();
        let portals = self.portals(has_answered).entry(Arc::clone(&site)).or_default();
        portals.add(&portal, number);
        let entry = Entry {
            event,
            site,
            portal,
            has_answered,
            unread,
        };
        self.events.insert(number, entry);
        if self.events.len() > EVENTS {
            self.make_room();
        }
        true
    }

    fn portals(&mut self, have_answered: bool) -> &mut HashMap<Arc<str>, Queues> {
        match have_answered {
            true => &mut self.portals,
            false => &mut self.unanswered,
        }
    }

    /// Drops the oldest event of the busiest portal of the busiest site. Portals that never answered
    /// come first.
    fn make_room(&mut self) {
        let Some((site, _)) = self.sites.longest() else {
            return;
        };
        let portals = self.unanswered.get(site).or_else(|| self.portals.get(site));
        let Some((_, number)) = portals.and_then(Queues::longest) else {
            return;
        };
        if let Some(entry) = self.remove(number) {
            for listener in self.listeners.values_mut().filter(|own| own.next <= number) {
                listener.miss(&entry.site);
            }
        }
    }

    fn take(&mut self, listener: u64) -> (Option<Event>, bool) {
        let Some(own) = self.listeners.get_mut(&listener) else {
            return (None, true);
        };
        if let Some((site, count)) = own.missed.pop_last() {
            let site = site.as_deref().map(str::to_owned);
            return (Some(Event::Lagged { count, site }), false);
        }
        let Some((number, entry)) = self.events.range(own.next..).next() else {
            return (None, self.is_closed);
        };
        let (number, event) = (*number, entry.event.clone());
        own.next = number + 1;
        self.taken(number);
        (Some(event), false)
    }

    fn taken(&mut self, number: u64) {
        let Some(entry) = self.events.get_mut(&number) else {
            return;
        };
        entry.unread = entry.unread.saturating_sub(1);
        if entry.unread == 0 {
            self.remove(number);
        }
    }

    fn remove(&mut self, number: u64) -> Option<Entry> {
        let entry = self.events.remove(&number)?;
        self.sites.remove(&entry.site, number);
        let sites = self.portals(entry.has_answered);
        if let Some(portals) = sites.get_mut(&entry.site) {
            portals.remove(&entry.portal, number);
            if portals.is_empty() {
                sites.remove(&entry.site);
            }
        }
        Some(entry)
    }
}

impl Listener {
    fn miss(&mut self, site: &Arc<str>) {
        let site = Some(Arc::clone(site));
        let is_named = self.missed.contains_key(&site) || self.missed.len() < NAMED;
        *self.missed.entry(site.filter(|_| is_named)).or_default() += 1;
    }
}

/// The numbers of each owner's events, ranked. The first in rank is the owner with the most events,
/// and of equals the owner with the oldest event.
#[derive(Debug, Default)]
struct Queues {
    numbers: HashMap<Arc<str>, BTreeSet<u64>>,
    ranks: BTreeSet<(usize, Reverse<u64>, Arc<str>)>,
}

impl Queues {
    fn add(&mut self, owner: &Arc<str>, number: u64) {
        self.change(owner, |numbers| numbers.insert(number));
    }

    fn remove(&mut self, owner: &Arc<str>, number: u64) {
        self.change(owner, |numbers| numbers.remove(&number));
    }

    fn change(&mut self, owner: &Arc<str>, change: impl FnOnce(&mut BTreeSet<u64>) -> bool) {
        let numbers = self.numbers.entry(Arc::clone(owner)).or_default();
        let rank = |numbers: &BTreeSet<u64>| {
            let oldest = numbers.first().copied()?;
            Some((numbers.len(), Reverse(oldest), Arc::clone(owner)))
        };
        if let Some(rank) = rank(numbers) {
            self.ranks.remove(&rank);
        }
        change(numbers);
        match rank(numbers) {
            Some(rank) => drop(self.ranks.insert(rank)),
            None => drop(self.numbers.remove(owner)),
        }
    }

    fn longest(&self) -> Option<(&Arc<str>, u64)> {
        let (_, Reverse(oldest), owner) = self.ranks.last()?;
        Some((owner, *oldest))
    }

    fn is_empty(&self) -> bool {
        self.ranks.is_empty()
    }
}

#[cfg(test)]
mod tests;
