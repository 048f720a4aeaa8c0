//! One portal's place: what is published of it, what is remembered, and the probe
//! in flight.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use crossbeam_utils::atomic::AtomicCell;
use tokio::runtime;
use tokio::sync::watch;

use super::Settings;
use super::flight::Flights;
use super::state::State;
use crate::caps::Caps;
use crate::feature::Gate;
use crate::knowledge::Knowledge;
use crate::portal::{Portal, PortalId};
use crate::probe::ProbeError;

mod ask;

pub(super) use ask::Served;

// Caps are published as one word, without a lock.
const _: () = assert!(AtomicCell::<Caps>::is_lock_free());

#[derive(Debug)]
pub(super) struct Slot {
    /// Distinguishes the portal's pauses and lifetimes from those of others.
    seed: u64,
    /// What readers see. Written under the lock of `flights`, or by the successor.
    published: AtomicCell<Caps>,
    flights: Flights<State, About, Outcome>,
    /// Made by the first who waits for a change: few do.
    changes: OnceLock<watch::Sender<()>>,
    /// The slot that answers for this one, since both turned out to be one portal.
    successor: OnceLock<Arc<Slot>>,
    /// When it was last looked up, in seconds since the Unix epoch.
    used: AtomicU64,
}

/// What a flight is known by.
#[derive(Clone, Debug)]
struct About {
    runtime: runtime::Id,
    began: SystemTime,
}

type Outcome = Result<(), Arc<Failed>>;

/// Why a flight brought nothing.
#[derive(Clone, Debug)]
struct Failed {
    /// The failures of credentials, each by one portal that has it.
    own: Vec<(Portal, ProbeError)>,
    /// The failure of the portal, whoever asks.
    shared: Option<ProbeError>,
}

impl Failed {
    /// What it is to this caller; none where nobody asked with the same credential,
    /// and another may have another answer.
    fn of(&self, portal: &Portal) -> Option<&ProbeError> {
        let own = self.own.iter().find(|(failed, _)| failed.same_credential(portal));
        own.map(|(_, error)| error).or(self.shared.as_ref())
    }
}

/// What is asked of a portal.
#[derive(Clone, Copy, Debug)]
pub(super) enum Question {
    /// All that the table asks about.
    All,
    /// One thing.
    One(Gate),
    /// Whatever is known: memory will not do.
    Again,
}

impl Slot {
    /// A portal of which nothing is known, to be read as these caps are.
    pub(super) fn new(id: &PortalId, unknown: Caps) -> Self {
        Self {
            seed: id.seed(),
            published: AtomicCell::new(unknown),
            flights: Flights::new(State::default()),
            changes: OnceLock::new(),
            successor: OnceLock::new(),
            used: AtomicU64::new(0),
        }
    }

    /// What is known, as readers see it: one atomic load.
    #[inline]
    pub(super) fn caps(&self) -> Caps {
        self.published.load()
    }

    /// Signals each change from now on.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        // Under the lock of those who publish, the successor's if there is one: a
        // change is either signalled to this receiver, or was published before.
        self.with(|_| self.changes.get_or_init(|| watch::channel(()).0).subscribe())
    }

    pub(super) fn touch(&self, now: SystemTime) {
        let seconds = seconds(now);
        // Read first: a shared line is written once a second at most.
        if self.used.load(Ordering::Relaxed) != seconds {
            self.used.store(seconds, Ordering::Relaxed);
        }
    }

    /// As if it had last been looked up then, unless it was since: in seconds since
    /// the Unix epoch.
    pub(super) fn used_before(&self, seconds: u64) {
        self.used.fetch_max(seconds, Ordering::Relaxed);
    }

    pub(super) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Whether the directory alone has it, and would lose nothing that was said by
    /// the user.
    pub(super) fn is_unheld(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) == 1 && !self.flights.with(|state| state.is_pinned())
    }

    /// Looks at what is remembered, and changes it; readers see the result.
    pub(super) fn with<R>(&self, look: impl FnOnce(&mut State) -> R) -> R {
        let (mut look, mut slot) = (look, self);
        loop {
            let seen = slot.flights.with(|state| match slot.successor.get() {
                // It was joined to another, and has given its state away.
                Some(successor) => Err((successor, look)),
                None => {
                    let seen = look(state);
                    slot.publish(state);
                    Ok(seen)
                }
            });
            match seen {
                Ok(seen) => return seen,
                Err((successor, unused)) => (slot, look) = (successor, unused),
            }
        }
    }

    /// Counts a reply that contradicts what is known: see [`State::contradict`].
    pub(super) fn contradict(&self, id: &'static str, now: SystemTime, settings: &Settings) -> (u32, bool) {
        self.with(|state| state.contradict(id, now, settings, self.seed))
    }

    /// Lets another slot of the same portal answer for this one, and take over
    /// what it remembers. Handles of both go on.
    pub(super) fn join(self: &Arc<Self>, successor: &Arc<Slot>) {
        if Arc::ptr_eq(self, successor) {
            return;
        }
        let state = self.flights.with(|state| {
            self.successor.set(Arc::clone(successor)).ok()?;
            Some(std::mem::take(state))
        });
        if let Some(mut state) = state {
            state.mirrors.push(Arc::downgrade(self));
            successor.with(|own| own.absorb(state));
        }
    }

    /// Publishes what readers are to see. Called under the lock.
    fn publish(&self, state: &mut State) {
        let view = state.view();
        self.show(&view);
        state.mirrors.retain(|mirror| match mirror.upgrade() {
            Some(mirror) => {
                mirror.show(&view);
                true
            }
            None => false,
        });
    }

    fn show(&self, view: &Knowledge) {
        let published = self.published.load();
        if !published.knows(view) {
            self.published.store(published.knowing(view));
            if let Some(changes) = self.changes.get() {
                changes.send_replace(());
            }
        }
    }
}

pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
