//! Who a slot's portal is, and where: read by whoever looks it up, changed by whoever
//! has the directory's books. And the one word that leads to what few slots have.

use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use once_cell::race::OnceBox;
use tokio::sync::watch;

use super::slot::Slot;
use crate::portal::PortalId;

/// A `member_id`, as its 16 bytes.
type Member = [u8; 16];

/// What a portal is found by. Small, since there may be very many, and in this order, so
/// that what a look-up reads lies together.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Place {
    member: OnceLock<Member>,
    /// When it was last looked up, in seconds since the Unix epoch; or [`LATELY`].
    used: AtomicU32,
    /// The first one.
    address: Text,
    seldom: OnceBox<Seldom>,
}

/// What few slots have: made for the first of it.
#[derive(Debug, Default)]
pub(super) struct Seldom {
    moves: RwLock<Moves>,
    /// Made by the first who waits for a change.
    pub(super) changes: OnceLock<watch::Sender<()>>,
    /// The slot that answers for this one, since both turned out to be one portal.
    pub(super) successor: OnceLock<Arc<Slot>>,
}

/// Where a member has been, and may be going.
#[derive(Debug, Default)]
struct Moves {
    /// None where it is at its first address still.
    address: Option<PortalId>,
    /// Addresses that it had before, up to [`FORMER`]. None is forgotten: it would be
    /// taken for new, and the member would go round in circles.
    former: Vec<PortalId>,
    /// Those of them that came back while the member was elsewhere.
    contested: Vec<PortalId>,
    /// Where the member says that it is, before anybody has gone there.
    announced: Option<PortalId>,
}

/// It was looked up since somebody last wanted to know when.
const LATELY: u32 = u32::MAX;

/// How often a member is followed to another address.
pub(super) const FORMER: usize = 8;

impl Place {
    /// A portal at an address, that of a member or of nobody known.
    pub(super) fn new(member: Option<&PortalId>, address: &PortalId) -> Self {
        let place = Self {
            member: OnceLock::new(),
            used: AtomicU32::new(0),
            address: Text::new(address.as_origin().unwrap_or_default()),
            seldom: OnceBox::new(),
        };
        if let Some(member) = member {
            place.belongs_to(member);
        }
        place
    }

    /// The portal there is known to be this one from now on.
    pub(super) fn belongs_to(&self, member: &PortalId) {
        if let Some(member) = member.as_member() {
            // A portal that has an id keeps it.
            let _ = self.member.set(*member);
        }
    }

    pub(super) fn member(&self) -> Option<PortalId> {
        self.member.get().copied().map(PortalId::from_member)
    }

    pub(super) fn has_member(&self) -> bool {
        self.member.get().is_some()
    }

    pub(super) fn is_member(&self, member: &Member) -> bool {
        self.member.get() == Some(member)
    }

    pub(super) fn is_same_member(&self, other: &Place) -> bool {
        other.member.get().is_some_and(|member| self.is_member(member))
    }

    pub(super) fn address(&self) -> PortalId {
        let moved = self.moves(|moves| moves.address.clone()).flatten();
        moved.unwrap_or_else(|| PortalId::from_origin(&self.address.to_string()))
    }

    #[inline]
    pub(super) fn is_at(&self, address: &str) -> bool {
        match self.moved_to(|moved| moved.as_origin() == Some(address)) {
            Some(is_there) => is_there,
            None => self.address.is(address),
        }
    }

    /// What it is best known by.
    pub(super) fn id(&self) -> PortalId {
        self.member().unwrap_or_else(|| self.address())
    }

    /// A number drawn from that, the same in every process.
    pub(super) fn seed(&self) -> u64 {
        match self.member.get() {
            Some(member) => PortalId::seed_of(member),
            // One without an id has not moved.
            None => self.address.seed(),
        }
    }

    pub(super) fn touch(&self, now: SystemTime) {
        let seconds = seconds(now);
        // Read first: a shared line is written once a second at most.
        if self.used.load(Ordering::Relaxed) != seconds {
            self.used.store(seconds, Ordering::Relaxed);
        }
    }

    /// The same by who does not know the time.
    #[inline]
    pub(super) fn touch_lately(&self) {
        if self.used.load(Ordering::Relaxed) != LATELY {
            self.used.store(LATELY, Ordering::Relaxed);
        }
    }

    /// As if it had last been looked up then, unless it was since: in seconds since
    /// the Unix epoch.
    pub(super) fn used_before(&self, seconds: u32) {
        self.used.fetch_max(seconds, Ordering::Relaxed);
    }

    /// When it was last looked up, in seconds since the Unix epoch. What was lately is
    /// now for who asks first.
    pub(super) fn used(&self, now: u32) -> u32 {
        let lately = self
            .used
            .compare_exchange(LATELY, now, Ordering::Relaxed, Ordering::Relaxed);
        match lately {
            Ok(_) => now,
            Err(used) => used,
        }
    }

    /// Whether a member that has moved so often stays where it is. Beyond that its
    /// other addresses are those of copies, as far as anybody can tell.
    pub(super) fn is_settled(&self) -> bool {
        self.moves(|moves| moves.former.len() >= FORMER).unwrap_or(false)
    }

    pub(super) fn was_at(&self, address: &PortalId) -> bool {
        self.moves(|moves| moves.former.contains(address))
            .unwrap_or(false)
    }

    /// Whether the address, not the member's own, is known to be kept apart.
    pub(super) fn keeps_apart(&self, address: &PortalId) -> bool {
        self.moves(|moves| match moves.former.contains(address) {
            true => moves.contested.contains(address),
            false => moves.former.len() >= FORMER,
        })
        .unwrap_or(false)
    }

    /// A former address is in use again; whether that is news.
    pub(super) fn contest(&self, address: &PortalId) -> bool {
        self.change(|moves| {
            let is_new = !moves.contested.contains(address);
            if is_new {
                moves.contested.push(address.clone());
            }
            is_new
        })
    }

    /// The member says that it is there; whether that is news.
    pub(super) fn announce(&self, address: &PortalId) -> bool {
        self.change(|moves| moves.announced.replace(address.clone()).as_ref() != Some(address))
    }

    /// The member is there; whether it had not said so before.
    pub(super) fn move_to(&self, address: &PortalId) -> bool {
        let before = self.address();
        self.change(|moves| {
            moves.former.push(before);
            moves.address = Some(address.clone());
            moves.announced.take().as_ref() != Some(address)
        })
    }

    /// Whether it is nowhere that it was before, and remembers no more than it should.
    #[cfg(test)]
    pub(super) fn is_sound(&self) -> bool {
        let address = self.address();
        self.moves(|moves| {
            let was_there = |contested| moves.former.contains(contested);
            !moves.former.contains(&address)
                && moves.former.len() <= FORMER
                && moves.contested.iter().all(was_there)
        })
        .unwrap_or(true)
    }

    #[inline]
    pub(super) fn seldom(&self) -> Option<&Seldom> {
        self.seldom.get()
    }

    pub(super) fn seldom_or_made(&self) -> &Seldom {
        self.seldom.get_or_init(Box::default)
    }

    fn moved_to<R>(&self, look: impl FnOnce(&PortalId) -> R) -> Option<R> {
        self.moves(|moves| moves.address.as_ref().map(look)).flatten()
    }

    #[inline]
    fn moves<R>(&self, look: impl FnOnce(&Moves) -> R) -> Option<R> {
        let moves = &self.seldom()?.moves;
        Some(look(&moves.read().unwrap_or_else(PoisonError::into_inner)))
    }

    fn change<R>(&self, change: impl FnOnce(&mut Moves) -> R) -> R {
        let moves = &self.seldom_or_made().moves;
        change(&mut moves.write().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn hash_of_member(&self, hasher: &impl BuildHasher) -> u64 {
        // One that has none is not found by it.
        self.member
            .get()
            .map_or(0, |member| hash_of_member(member, hasher))
    }

    pub(super) fn hash_of_address(&self, hasher: &impl BuildHasher) -> u64 {
        let moved = self.moved_to(|moved| hash_of_address(moved.as_origin().unwrap_or_default(), hasher));
        moved.unwrap_or_else(|| self.address.hash(hasher))
    }
}

/// Since the Unix epoch, until 2106.
pub(super) fn seconds(time: SystemTime) -> u32 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u32::try_from(since.as_secs())
        .unwrap_or(LATELY - 1)
        .min(LATELY - 1)
}

#[inline]
pub(super) fn hash_of_member(member: &Member, hasher: &impl BuildHasher) -> u64 {
    hasher.hash_one(u128::from_ne_bytes(*member))
}

#[inline]
pub(super) fn hash_of_address(address: &str, hasher: &impl BuildHasher) -> u64 {
    let mut state = hasher.build_hasher();
    // Most begin alike.
    state.write(address.strip_prefix(HTTPS).unwrap_or(address).as_bytes());
    state.finish()
}

const HTTPS: &str = "https://";
const SHORT: usize = 30;

/// An address, in place where it is as short as most are: then it lies beside what is
/// looked up by it.
#[derive(Debug)]
enum Text {
    /// What follows `https://`.
    Short {
        length: u8,
        bytes: [u8; SHORT],
    },
    Long(Box<str>),
}

impl Text {
    fn new(address: &str) -> Self {
        let short = address.strip_prefix(HTTPS).and_then(|rest| {
            let mut bytes = [0; SHORT];
            bytes.get_mut(..rest.len())?.copy_from_slice(rest.as_bytes());
            let length = u8::try_from(rest.len()).ok()?;
            Some(Text::Short { length, bytes })
        });
        short.unwrap_or_else(|| Text::Long(address.into()))
    }

    fn short(length: u8, bytes: &[u8; SHORT]) -> &[u8] {
        bytes.get(..usize::from(length)).unwrap_or_default()
    }

    #[inline]
    fn is(&self, address: &str) -> bool {
        match self {
            Text::Short { length, bytes } => {
                address.strip_prefix(HTTPS).map(str::as_bytes) == Some(Self::short(*length, bytes))
            }
            Text::Long(own) => **own == *address,
        }
    }

    fn seed(&self) -> u64 {
        match self {
            Text::Short { length, bytes } => {
                PortalId::seed_of(HTTPS.as_bytes().iter().chain(Self::short(*length, bytes)))
            }
            Text::Long(own) => PortalId::seed_of(own.as_bytes()),
        }
    }

    fn hash(&self, hasher: &impl BuildHasher) -> u64 {
        match self {
            Text::Short { length, bytes } => {
                let mut state = hasher.build_hasher();
                state.write(Self::short(*length, bytes));
                state.finish()
            }
            Text::Long(own) => hash_of_address(own, hasher),
        }
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Text::Short { length, bytes } => {
                // It was text.
                let rest = std::str::from_utf8(Self::short(*length, bytes)).unwrap_or_default();
                write!(f, "{HTTPS}{rest}")
            }
            Text::Long(own) => f.write_str(own),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_address_takes_no_more_room_than_a_long_one() {
        assert_eq!(size_of::<Text>(), SHORT + 2);
    }

    #[test]
    fn addresses_are_kept_as_they_are() {
        let hasher = foldhash::fast::RandomState::default();
        let at_the_edge = format!("https://{}", "a".repeat(SHORT));
        let beyond_it = format!("{at_the_edge}a");
        for address in [
            "https://acme.bitrix24.com",
            "http://127.0.0.1:8080",
            "https://box.example:8443/path/rest/",
            "https://",
            "",
            &at_the_edge,
            &beyond_it,
        ] {
            let text = Text::new(address);
            assert_eq!(text.to_string(), address);
            assert!(text.is(address));
            assert!(!text.is(&format!("{address}x")) && !text.is("https://other.example"));
            assert_eq!(text.seed(), PortalId::from_origin(address).seed());
            assert_eq!(text.hash(&hasher), hash_of_address(address, &hasher), "{address}");
        }
        assert!(matches!(Text::new(&at_the_edge), Text::Short { .. }));
        assert!(matches!(Text::new(&beyond_it), Text::Long(_)));
        // The same without its scheme is another.
        assert!(!Text::new("http://acme.example").is("https://acme.example"));
        assert!(!Text::new("https://acme.example").is("acme.example"));
    }
}
