//! Permits: to probe at the same time, or to keep a piece of memory. Sites share them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::fair_share::may_have_more;

/// A site may have one more permit while more than three times as many as it has are free. So
/// one site alone has a quarter of them at most, and two have a fifth each. A site that has
/// none gets the first that is free.
const PART: usize = 3;

/// A fixed number of permits. Within a site, portals that have answered come before those that
/// never did, since anybody can make those up; then first come is first served. Among sites that
/// wait, the site with the fewest permits is served first; of equal ones, the site that was
/// served least recently. Whoever wants several gets them together.
///
/// Memory is bounded by the permits that are held and the callers that wait.
#[derive(Clone, Debug)]
pub(crate) struct Permits(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    free: usize,
    sites: HashMap<Arc<str>, Site>,
    /// The sites with waiting callers, in their order: by permits held, then by turn.
    waiting: BTreeSet<(usize, u64, Arc<str>)>,
    /// The next number of a turn or a place in a queue.
    next: u64,
}

#[derive(Debug, Default)]
struct Site {
    held: usize,
    turn: u64,
    queue: BTreeMap<Turn, Waiting>,
}

/// A caller that waits, and how many permits it wants.
#[derive(Debug)]
struct Waiting {
    wants: usize,
    sender: oneshot::Sender<Permit>,
}

/// One permit or several. Given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    permits: Permits,
    site: Arc<str>,
    count: usize,
}

/// A place in a site's queue: first whether the portal has never answered.
type Turn = (bool, u64);

type Grant = (oneshot::Sender<Permit>, Permit);

impl Permits {
    pub(crate) fn new(permits: usize) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            free: permits,
            sites: HashMap::new(),
            waiting: BTreeSet::new(),
            next: 0,
        })))
    }

    /// Waits for a permit. Cancel-safe: a dropped future gives up its place, or its permit.
    pub(crate) async fn acquire(&self, site: &str, has_answered: bool) -> Permit {
        self.acquire_many(site, has_answered, 1).await
    }

    /// The same for so many permits at once. More than there are never come.
    pub(crate) async fn acquire_many(&self, site: &str, has_answered: bool, wants: usize) -> Permit {
        let site: Arc<str> = site.into();
        loop {
            let (sender, receiver) = oneshot::channel();
            let caller = Waiting { wants, sender };
            let Some(place) = self.lock().join(&site, has_answered, caller) else {
                return self.permit(site, wants);
            };
            let _leaves = Place {
                permits: self,
                site: &site,
                place,
            };
            if let Ok(permit) = receiver.await {
                return permit;
            }
            // The sender is kept until it is used, so this is not reached.
        }
    }

    fn permit(&self, site: Arc<str>, count: usize) -> Permit {
        let permits = self.clone();
        Permit { permits, site, count }
    }

    /// Gives permits to whoever may have one. Called by whoever has changed something.
    fn grant(&self, mut inner: MutexGuard<'_, Inner>) {
        let mut grants: Vec<Grant> = Vec::new();
        while let Some((Waiting { wants, sender }, site)) = inner.next_to_have() {
            grants.push((sender, self.permit(site, wants)));
        }
        drop(inner);
        for (sender, permit) in grants {
            // A caller that has left meanwhile does not take the permit: it is given back.
            let _ = sender.send(permit);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Takes permits; or a place in the site's queue, which is told.
    fn join(&mut self, name: &Arc<str>, has_answered: bool, caller: Waiting) -> Option<Turn> {
        let free = self.free;
        let fewest = self.waiting.first().map(|(held, ..)| *held);
        let site = self.sites.entry(Arc::clone(name)).or_default();
        // A site that waits for several permits is not passed by one that has as many as it has.
        let is_next = fewest.is_none_or(|fewest| site.held < fewest);
        if site.queue.is_empty() && is_next && site.may_take(caller.wants, free) {
            site.held += caller.wants;
            self.free -= caller.wants;
            return None;
        }
        let place = self.next;
        self.next += 1;
        if site.queue.is_empty() {
            site.turn = place;
            self.waiting.insert((site.held, site.turn, Arc::clone(name)));
        }
        let place = (!has_answered, place);
        site.queue.insert(place, caller);
        Some(place)
    }

    /// Takes the next permits for whoever waits, where they are to be had.
    fn next_to_have(&mut self) -> Option<(Waiting, Arc<str>)> {
        let (_, _, name) = self.waiting.first()?;
        let name = Arc::clone(name);
        let site = self.sites.get(&name)?;
        let (_, first) = site.queue.first_key_value()?;
        if !site.may_take(first.wants, self.free) {
            return None;
        }
        let turn = self.next;
        self.next += 1;
        let caller = self.change(&name, |site| {
            let (_, caller) = site.queue.pop_first()?;
            site.held += caller.wants;
            site.turn = turn;
            Some(caller)
        })??;
        self.free -= caller.wants;
        Some((caller, name))
    }

    /// Changes a site, and keeps it in its place among those that wait.
    fn change<R>(&mut self, name: &Arc<str>, change: impl FnOnce(&mut Site) -> R) -> Option<R> {
        let site = self.sites.get_mut(name)?;
        self.waiting.remove(&(site.held, site.turn, Arc::clone(name)));
        let changed = change(site);
        if !site.queue.is_empty() {
            self.waiting.insert((site.held, site.turn, Arc::clone(name)));
        } else if site.held == 0 {
            self.sites.remove(name);
        }
        Some(changed)
    }
}

impl Site {
    fn may_take(&self, wants: usize, free: usize) -> bool {
        wants <= free && may_have_more(self.held, free, PART)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut inner = self.permits.lock();
        inner.free += self.count;
        let count = self.count;
        inner.change(&self.site, |site| site.held = site.held.saturating_sub(count));
        self.permits.grant(inner);
    }
}

/// A place in a site's queue, left when it is dropped.
struct Place<'p> {
    permits: &'p Permits,
    site: &'p Arc<str>,
    place: Turn,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut inner = self.permits.lock();
        let left = inner.change(self.site, |site| site.queue.remove(&self.place));
        // Whoever wants fewer may have them now.
        self.permits.grant(inner);
        // Dropping the waker may run code that asks for a permit. So it is dropped without the lock.
        drop(left);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use proptest::prelude::*;

    use super::*;

    type Polled<'p> = Pin<Box<dyn Future<Output = Permit> + 'p>>;

    fn polled(waiting: &mut Polled<'_>) -> Option<Permit> {
        match waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(permit) => Some(permit),
            Poll::Pending => None,
        }
    }

    /// Takes all permits that this site may have, and the future that waits for one more.
    fn fill<'p>(permits: &'p Permits, site: &'static str, tries: usize) -> (Vec<Permit>, Vec<Polled<'p>>) {
        let (mut held, mut waiting) = (Vec::new(), Vec::new());
        for _ in 0..tries {
            let mut own: Polled<'p> = Box::pin(permits.acquire(site, false));
            match polled(&mut own) {
                Some(permit) => held.push(permit),
                None => waiting.push(own),
            }
        }
        (held, waiting)
    }

    fn is_empty(permits: &Permits) -> bool {
        let inner = permits.lock();
        inner.sites.is_empty() && inner.waiting.is_empty()
    }

    #[test]
    fn one_site_has_a_quarter() {
        let permits = Permits::new(128);
        let (held, waiting) = fill(&permits, "evil.example", 600);
        assert_eq!((held.len(), waiting.len()), (32, 568));
        let (good, none) = fill(&permits, "good.example", 1);
        assert_eq!((good.len(), none.len()), (1, 0));
        drop((held, waiting, good, none));
        assert!(is_empty(&permits));
        assert_eq!(permits.lock().free, 128);
    }

    #[test]
    fn permits_are_fifo_within_site() {
        let permits = Permits::new(4);
        let (mut held, mut waiting) = fill(&permits, "a.example", 4);
        assert_eq!(held.len(), 1);
        // Whoever leaves makes nobody wait.
        drop(waiting.remove(1));
        for _ in 0..2 {
            drop(held.pop());
            assert!(waiting.iter_mut().skip(1).all(|later| polled(later).is_none()));
            held.extend(polled(&mut waiting[0]));
            assert_eq!(held.len(), 1);
            drop(waiting.remove(0));
        }
        drop((held, waiting));
        assert!(is_empty(&permits));
    }

    #[test]
    fn answered_portals_get_permits_first() {
        let permits = Permits::new(1);
        let (held, mut unknown) = fill(&permits, "a.example", 100);
        let mut known: Polled<'_> = Box::pin(permits.acquire("a.example", true));
        assert!(polled(&mut known).is_none());
        drop(held);
        assert!(unknown.iter_mut().all(|own| polled(own).is_none()));
        let permit = polled(&mut known).unwrap();
        drop((permit, known));
        assert!(polled(&mut unknown[0]).is_some());
        drop(unknown);
        assert!(is_empty(&permits));
    }

    #[test]
    fn sites_take_turns() {
        let permits = Permits::new(1);
        let (held, mut evil) = fill(&permits, "evil.example", 100);
        let (_, mut good) = fill(&permits, "good.example", 2);
        let (_, mut fine) = fill(&permits, "fine.example", 1);
        let mut order = Vec::new();
        let mut current = held;
        for _ in 0..6 {
            current.clear();
            for (name, waiting) in [("evil", &mut evil), ("good", &mut good), ("fine", &mut fine)] {
                if let Some(permit) = waiting.first_mut().and_then(polled) {
                    drop(waiting.remove(0));
                    order.push(name);
                    current.push(permit);
                }
            }
            assert_eq!(current.len(), 1);
        }
        assert_eq!(order, ["evil", "good", "fine", "evil", "good", "evil"]);
    }

    #[test]
    fn several_permits_come_together() {
        let permits = Permits::new(8);
        let (mut held, mut waiting) = (Vec::new(), Vec::new());
        for site in ["evil.example", "evil.example", "good.example", "fine.example"] {
            let mut own: Polled<'_> = Box::pin(permits.acquire_many(site, true, 3));
            match polled(&mut own) {
                Some(permit) => held.push(permit),
                None => waiting.push((site, own)),
            }
        }
        // The second of one site waits, and so does what does not fit.
        let sites: Vec<_> = waiting.iter().map(|(site, _)| *site).collect();
        assert_eq!(sites, ["evil.example", "fine.example"]);
        // One permit is free, and yet nobody passes whoever waits for three.
        let mut late: Polled<'_> = Box::pin(permits.acquire("late.example", true));
        assert!(polled(&mut late).is_none());
        // Whoever leaves makes way.
        drop(waiting.pop());
        let late = polled(&mut late);
        assert!(late.is_some());
        held.clear();
        drop(late);
        assert!(polled(&mut waiting[0].1).is_some());
        waiting.clear();
        assert!(is_empty(&permits));
        assert_eq!(permits.lock().free, 8);
    }

    #[test]
    fn abandoned_permit_is_passed_on() {
        let permits = Permits::new(1);
        let (held, mut waiting) = fill(&permits, "a.example", 4);
        drop(held);
        // It was granted to the first, who leaves without having looked.
        drop(waiting.remove(0));
        let permit = polled(&mut waiting[0]).unwrap();
        assert!(polled(&mut waiting[1]).is_none());
        drop((permit, waiting));
        assert!(is_empty(&permits));
    }

    proptest! {
        #[test]
        fn permit_count_stays_constant(
            total in 1..20_usize,
            steps in proptest::collection::vec((0..3_u8, 0..5_usize, any::<usize>()), 0..200),
        ) {
            let sites = ["a", "b", "c", "d", "e"];
            let permits = Permits::new(total);
            let mut held: Vec<Permit> = Vec::new();
            let mut waiting: Vec<Polled<'_>> = Vec::new();
            for (step, site, which) in steps {
                match step {
                    0 => waiting.push(Box::pin(permits.acquire(sites[site], which % 2 == 0))),
                    1 if !held.is_empty() => drop(held.remove(which % held.len())),
                    2 if !waiting.is_empty() => drop(waiting.remove(which % waiting.len())),
                    _ => {}
                }
                let mut left = Vec::new();
                for mut own in std::mem::take(&mut waiting) {
                    match polled(&mut own) {
                        Some(permit) => held.push(permit),
                        None => left.push(own),
                    }
                }
                waiting = left;
                prop_assert_eq!(permits.lock().free + held.len(), total);
                for site in sites {
                    let own = held.iter().filter(|permit| &*permit.site == site).count();
                    prop_assert!(own <= total.div_ceil(4), "{} of {}", own, total);
                }
                // Nobody waits who has none while one is free.
                let inner = permits.lock();
                let first = inner.waiting.first().map(|(held, _, _)| *held);
                prop_assert!(!first.is_some_and(|held| may_have_more(held, inner.free, PART)));
                prop_assert!(inner.sites.len() <= held.len() + waiting.len());
            }
            drop((held, waiting));
            prop_assert!(is_empty(&permits));
        }
    }
}
