//! All portals of a process: what is known of each, how old it may be, and one
//! probe in flight for each.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::caller::Terms;
use crate::caps::Caps;
use crate::clock::{Clock, within};
use crate::freshness::Lifetimes;
use crate::permits::{Permit, Permits};
use crate::portal::{Portal, PortalId};
use crate::probe::ProbeError;
use crate::revision::Revision;
use crate::site::Sites;
use crate::transport::{Redirects, Room, Rooms, Transport};
use crate::wire::budget::Budget;

mod builder;
mod directory;
mod event;
mod failures;
mod feed;
mod flight;
mod handle;
mod kept;
#[cfg_attr(not(feature = "metrics"), path = "registry/metrics/off.rs")]
mod metrics;
mod notice;
mod place;
mod shards;
mod slot;
mod snapshot;
mod state;
mod warm_up;
/// What `flight` is built from: the model of it puts other ones here.
mod sync {
    pub(super) use std::sync::{Arc, Mutex, MutexGuard};
}

pub use builder::RegistryBuilder;
pub use event::{ClaimedBy, Event};
pub use feed::Events;
pub use handle::{Contradicted, Handle};
pub use notice::{Notice, NoticeError, Noticed};
pub use snapshot::{Restored, Skip, Skipped, Snapshot, SnapshotError, SnapshotRecord};
pub use warm_up::{WarmUp, WarmUpProgress, WarmedUp};

use directory::Directory;
use feed::Feed;

/// The portals of a process: each is asked when somebody needs an answer that is
/// past due, by one probe at a time.
///
/// Cheap to clone; clones share everything. Making one does no I/O and cannot
/// fail. Asking needs a tokio runtime with time and I/O enabled, since probes are
/// tasks with a deadline.
///
/// ```no_run
/// use imbot_caps::{Feature, Portal, Registry};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let registry = Registry::new();
/// let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/")?;
/// let caps = registry.caps(&portal).await?; // the first time: a request
///
/// if caps.supports(Feature::SystemMessage) {
///     // …
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Registry {
    shared: Arc<Shared>,
}

struct Shared {
    directory: Directory,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    /// Lets probes through.
    probes: Permits,
    /// What large replies share.
    rooms: Arc<Rooms>,
    events: Feed,
    settings: Settings,
    #[cfg(feature = "metrics")]
    portal_label: bool,
}

/// How long an adapter waits for the room to read a reply. Then the reply goes on as it came.
const ROOM_PATIENCE: Duration = Duration::from_secs(10);

impl Shared {
    /// Waits to be let through; not longer than a probe may take.
    async fn permit(&self, site: &str, has_answered: bool) -> Option<Permit> {
        let permit = self.probes.acquire(site, has_answered);
        within(&*self.clock, self.settings.deadline, permit).await
    }

    /// Takes in what the authorisation server has said of a portal, if that is new.
    fn hear(&self, portal: &Portal, now: SystemTime) {
        if let Some(confirmed) = portal.unheard()
            && let Some(event) = self.directory.confirm(&confirmed.member, &confirmed.address, now)
        {
            self.tell(&confirmed.address, event);
        }
    }

    /// Tells what happened to the portal at an address.
    fn tell(&self, address: &PortalId, event: Event) {
        event.trace();
        // What a program claims of an address may be a stranger's word.
        let by = ClaimedBy::Program;
        let is_claimed = matches!(&event, Event::MoveClaimed { by: own, .. } if *own == by);
        self.send(address, event, !is_claimed);
    }

    fn send(&self, address: &PortalId, event: Event, has_answered: bool) {
        let sites = Sites::by(self.settings.reading.table());
        self.events
            .push(event, || sites.account(address).answered(has_answered));
    }
}

#[derive(Clone, Debug)]
struct Settings {
    /// Caps of an unknown portal: each portal's differ in what is known alone.
    reading: Caps,
    /// Of no portal more than this is taken for true; part of `reading`.
    cap: Option<Revision>,
    deadline: Duration,
    redirects: Redirects,
    lifetimes: Lifetimes,
    /// The highest REST revision that makes a difference by the table.
    newest: Revision,
}

impl Registry {
    /// A registry with the default transport and the built-in table.
    #[cfg(feature = "reqwest")]
    #[must_use]
    pub fn new() -> Self {
        Self::builder(crate::transport::ReqwestTransport::new()).build()
    }

    /// A registry over a transport, with settings to choose.
    pub fn builder(transport: impl Transport) -> RegistryBuilder {
        RegistryBuilder::new(transport)
    }

    /// Caps of a portal of which nothing is known, as this registry reads them.
    pub(crate) fn reading(&self) -> Caps {
        self.shared.settings.reading
    }

    /// How to call a portal, as probes do.
    pub(crate) fn terms(&self) -> Terms<'_> {
        Terms {
            transport: &*self.shared.transport,
            clock: &*self.shared.clock,
            redirects: &self.shared.settings.redirects,
            budget: Budget::SMALL,
            rooms: Some(&self.shared.rooms),
            timeout: None,
        }
    }

    /// The room for one reply of a portal that an adapter reads.
    pub(crate) fn room(&self, portal: &Portal, budget: Budget) -> Room {
        self.shared.rooms.room(portal.address(), budget)
    }

    /// Waits for the room; whether it came in time.
    pub(crate) async fn admits(&self, room: &Room) -> bool {
        within(&*self.shared.clock, ROOM_PATIENCE, room.reserve())
            .await
            .is_some()
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.shared.clock.now()
    }

    /// A portal's handle, made at the first call. No I/O. Keep it where calls are
    /// made: it answers without a look-up.
    ///
    /// What is known belongs to the portal's address: all handles of one address share it,
    /// whatever their credential and `member_id`. A `member_id` moves no knowledge from
    /// another address, since anybody may have named it. What is known goes to a new address
    /// in two cases, which [`Event::Moved`] reports:
    ///
    /// - The authorisation server names the `member_id` and its new address, in its reply to
    ///   a [`RefreshGrant`](crate::RefreshGrant).
    /// - The old address redirects there, [`redirects`](RegistryBuilder::redirects) allow
    ///   that, and the portal answers.
    ///
    /// Takes the shared lock of one of 64 parts of the registry for a moment. A new portal
    /// or address is entered one at a time, by exclusive locks; beyond the
    /// [capacity](RegistryBuilder::capacity), one in so many new ones looks at all
    /// portals, to forget some.
    #[must_use]
    pub fn portal(&self, portal: &Portal) -> Handle {
        let now = self.shared.clock.now();
        let directory = &self.shared.directory;
        let found = directory.find(portal.id(), portal.address());
        let slot = found.unwrap_or_else(|| {
            let (slot, event) = directory.enter(portal.id(), portal.address(), now);
            metrics::remembered(directory.len());
            if let Some(event) = event {
                self.shared.tell(portal.address(), event);
            }
            slot
        });
        slot.place().touch(now);
        Handle {
            slot,
            portal: portal.clone(),
            shared: Arc::clone(&self.shared),
        }
    }

    /// What is known of the portal with this id, as [`Handle::caps`] has it: unknown
    /// before its first answer. `None` where it was neither [looked up](Self::portal)
    /// nor [restored](Self::restore) before, or was forgotten.
    ///
    /// For whoever has no handle at hand, such as a server of events of very many
    /// portals. It asks no portal, renews nothing and enters nothing: that is what
    /// [`caps`](Self::caps) and [`portal`](Self::portal) do. It counts as use, so a
    /// portal that is looked up by it alone is not [forgotten](RegistryBuilder::idle)
    /// as idle.
    ///
    /// Hashes the id and takes the shared lock of one of 64 parts of the registry;
    /// waits only while that part is being changed. Reads no clock and allocates
    /// nothing. A `member_id` costs less than an address, which is longer.
    ///
    /// A `member_id` leads to the address that the authorisation server has named with it,
    /// else to the one that a [`Portal`] was made with. If portals were made with one
    /// `member_id` at several addresses, and the server has named none, the result is `None` from
    /// then on: a copy of a portal has the same `member_id`, and anybody can pretend to have it.
    ///
    /// Caps are `Copy`: take them once for each event. Reading an id from text has its
    /// cost, too: keep it where you can.
    ///
    /// ```no_run
    /// # use imbot_caps::{Feature, PortalId, Registry};
    /// # fn handle(registry: &Registry, member_id: &str) -> Result<(), imbot_caps::PortalError> {
    /// let id: PortalId = member_id.parse()?;
    /// if registry.get(&id).is_some_and(|caps| caps.supports(Feature::SystemMessage)) {
    ///     // …
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[must_use]
    pub fn get(&self, id: &PortalId) -> Option<Caps> {
        self.shared.directory.look(id, |slot| {
            slot.place().touch_lately();
            slot.caps()
        })
    }

    /// What a portal can do: from memory while that is good, else asked once,
    /// however many callers wait. See [`Lifetimes`] for how long it is good.
    ///
    /// Cancel-safe: the probe goes on for others, and for the next call.
    ///
    /// # Errors
    ///
    /// [`ProbeError`] when it is not known, or was known too long ago, and could
    /// not be learned. A failure is remembered for a short while, and told to
    /// those who ask meanwhile: see [`Lifetimes::after_passing_failures`].
    pub async fn caps(&self, portal: &Portal) -> Result<Caps, ProbeError> {
        self.portal(portal).ready().await
    }

    /// What happens to all portals from now on, to each who listens. Listening asks no
    /// portal.
    ///
    /// 1,024 events wait for slow listeners. If there are more, an event is lost: the oldest
    /// one of the busiest portal of the busiest site. So a portal that makes many events
    /// loses its own. [`Event::Missed`] reports lost events.
    #[must_use]
    pub fn events(&self) -> Events {
        self.shared.events.listen()
    }
}

#[cfg(feature = "reqwest")]
impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("portals", &self.shared.directory.len())
            .field("settings", &self.shared.settings)
            .finish_non_exhaustive()
    }
}
