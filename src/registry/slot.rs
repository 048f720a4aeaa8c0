//! One portal: what is published of it, what is remembered, and the probe
//! in flight.

use std::sync::Arc;
use std::time::SystemTime;

use crossbeam_utils::atomic::AtomicCell;
use tokio::runtime;
use tokio::sync::watch;

use super::Settings;
use super::flight::Flights;
use super::kept::Kept;
use super::place::Place;
use super::state::State;
use crate::caps::Caps;
use crate::feature::RevisionRange;
use crate::portal::Portal;
use crate::probe::ProbeError;
use crate::share::Account;
use crate::site::Sites;

mod ask;

pub(super) use ask::Served;

// Caps are published as one word, without a lock.
const _: () = assert!(AtomicCell::<Caps>::is_lock_free());

/// Small, since there may be very many: what few have is made when it is needed. In this
/// order, so that what a look-up reads lies together.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Slot {
    /// What readers see. Written under the lock of `flights`.
    published: AtomicCell<Caps>,
    /// Where the portal is, and who.
    place: Place,
    flights: Flights<Kept, About, Outcome>,
}

/// What a flight is known by.
#[derive(Clone, Debug)]
struct About {
    runtime: runtime::Handle,
    began: SystemTime,
}

/// When the portal was asked for what was learned, or why nothing was.
type Outcome = Result<SystemTime, Arc<Failed>>;

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
    One(RevisionRange),
    /// Whatever is known: memory will not do.
    Again,
    /// Before a call is refused: memory will do while it is young.
    Refusal {
        /// Young answers will not do either. Still asked once in a while alone.
        insist: bool,
    },
    /// Before a call is sent that does harm where it is ignored: memory will not do. A
    /// portal that has just failed is not asked.
    Harm,
}

impl Slot {
    /// A portal of which nothing is known, to be read as these caps are.
    pub(super) fn new(place: Place, unknown: Caps) -> Self {
        Self {
            published: AtomicCell::new(unknown),
            place,
            flights: Flights::new(Kept::default()),
        }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Whose share of what all portals have together this portal has a part in.
    pub(super) fn account(&self) -> Account {
        Sites::by(self.caps().table()).account(&self.place.address())
    }

    /// Distinguishes the portal's pauses and lifetimes from those of others.
    fn seed(&self) -> u64 {
        self.place.seed()
    }

    /// What is known, as readers see it: one atomic load.
    #[inline]
    pub(super) fn caps(&self) -> Caps {
        self.published.load()
    }

    /// Signals each change from now on.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        // Under the lock of those who publish: a change is either signalled to this
        // receiver, or was published before.
        self.with(|_| {
            let changes = &self.place.seldom_or_made().changes;
            changes.get_or_init(|| watch::channel(()).0).subscribe()
        })
    }

    /// Whether there is more to remember than what is known.
    pub(super) fn is_lively(&self) -> bool {
        self.flights.with(|kept| matches!(kept, Kept::Lively(_)))
    }

    /// Whether the portal has ever answered: anybody can make up one that never did.
    pub(super) fn has_answered(&self) -> bool {
        self.with(|state| state.record().is_some())
    }

    /// Whether the user has decided what is known of it.
    pub(super) fn is_pinned(&self) -> bool {
        self.with(|state| state.is_pinned())
    }

    /// Looks at what is remembered, and changes it; readers see the result.
    pub(super) fn with<R>(&self, look: impl FnOnce(&mut State) -> R) -> R {
        self.flights.with(|kept| {
            kept.with(&|| self.account(), |state| {
                let seen = look(state);
                self.publish(state);
                seen
            })
        })
    }

    /// Counts a reply that contradicts what is known: see [`State::contradict`].
    pub(super) fn report_absent(
        &self,
        id: &'static str,
        now: SystemTime,
        settings: &Settings,
    ) -> (u32, bool) {
        self.with(|state| state.report_absent(id, now, settings, self.seed()))
    }

    /// Publishes what readers are to see. Called under the lock.
    fn publish(&self, state: &State) {
        let view = state.view();
        let published = self.published.load();
        if published.knows(&view) {
            return;
        }
        let caps = published.knowing(&view, &|| self.account());
        // What is seen less exactly may be seen as before.
        if !caps.is(&published) {
            self.published.store(caps);
            if let Some(changes) = self.place.seldom().and_then(|own| own.changes.get()) {
                changes.send_replace(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_small() {
        assert!(size_of::<Slot>() <= 112, "{}", size_of::<Slot>());
    }
}
