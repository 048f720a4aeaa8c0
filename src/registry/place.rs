//! The address of a slot's portal, and the members that are claimed there. Look-ups read it; the
//! holder of the directory's books changes it.

use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use once_cell::race::OnceBox;
use tokio::sync::watch;

use crate::portal_id::PortalId;

/// A `member_id`, as its 16 bytes.
pub(super) type Member = [u8; 16];

/// What a portal is found by: its address, which never changes, and the member that is
/// said to be there. Small, since there may be very many, and in this order, so
/// that what a look-up reads lies together.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Place {
    /// The first that was named.
    member: OnceLock<Member>,
    /// When it was last looked up, in seconds since the Unix epoch; or [`LATELY`].
    used: AtomicU32,
    address: Text,
    seldom: OnceBox<Seldom>,
}

/// What few slots have: made for the first of it.
#[derive(Debug, Default)]
pub(super) struct Seldom {
    /// Made by the first who waits for a change.
    pub(super) changes: OnceLock<watch::Sender<()>>,
    claims: RwLock<Claims>,
}

/// The other members that are claimed at this address, and the other addresses that are
/// claimed for this portal.
#[derive(Debug, Default)]
struct Claims {
    /// The member that the authorisation server has named, if another was claimed first.
    confirmed: Option<Member>,
    /// Members that were named after the first.
    members: Vec<Member>,
    /// The last addresses for which `MoveClaimed` was told.
    addresses: Vec<PortalId>,
}

/// How many claims of each kind are kept. No member beyond that is, and of addresses the last
/// ones are.
const CLAIMS: usize = 8;

/// What a member's claim to be at an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// It was made before, or is beyond what is kept.
    Old,
    First,
    /// Others were made there before.
    Later,
}

/// It was looked up since somebody last wanted to know when.
const LATELY: u32 = u32::MAX;

impl Place {
    /// A portal at an address.
    pub(super) fn new(address: &PortalId) -> Self {
        Self {
            member: OnceLock::new(),
            used: AtomicU32::new(0),
            address: Text::new(address.as_origin().unwrap_or_default()),
            seldom: OnceBox::new(),
        }
    }

    /// Takes in that a member is said to be here.
    pub(super) fn claim_member(&self, member: &Member) -> Claim {
        if self.has_claim(member) {
            return Claim::Old;
        }
        if self.member.set(*member).is_ok() {
            return Claim::First;
        }
        self.change(|claims| claims.members.push(*member));
        Claim::Later
    }

    /// Takes in that a member is here by the authorisation server.
    pub(super) fn confirm_member(&self, member: &Member) {
        let first = self.member.get_or_init(|| *member);
        let other = (first != member).then_some(*member);
        if other.is_some() || self.claims(|claims| claims.confirmed.is_some()) == Some(true) {
            self.change(|claims| claims.confirmed = other);
        }
    }

    /// Whether the member was named here, or so many that no more are kept.
    #[inline]
    pub(super) fn has_claim(&self, member: &Member) -> bool {
        let is_kept = |claims: &Claims| {
            let is_full = claims.members.len() >= CLAIMS;
            is_full || claims.confirmed.as_ref() == Some(member) || claims.members.contains(member)
        };
        self.member.get() == Some(member) || self.claims(is_kept) == Some(true)
    }

    /// The members that were claimed here after the first.
    pub(super) fn later_members(&self) -> Vec<Member> {
        self.claims(|claims| claims.members.clone()).unwrap_or_default()
    }

    /// Takes in that the portal is said to be elsewhere: whether that is new, and whether it is
    /// one of the first that are.
    pub(super) fn claim_address(&self, address: &PortalId) -> (bool, bool) {
        self.change(|Claims { addresses, .. }| {
            let (is_new, is_full) = (!addresses.contains(address), addresses.len() >= CLAIMS);
            if is_new {
                if is_full {
                    addresses.remove(0);
                }
                addresses.push(address.clone());
            }
            (is_new, is_new && !is_full)
        })
    }

    fn as_member(&self) -> Option<Member> {
        let confirmed = self.claims(|claims| claims.confirmed).flatten();
        confirmed.or_else(|| self.member.get().copied())
    }

    pub(super) fn member(&self) -> Option<PortalId> {
        self.as_member().map(PortalId::from_member)
    }

    #[inline]
    pub(super) fn is_member(&self, member: &Member) -> bool {
        match self.seldom.get() {
            None => self.member.get() == Some(member),
            Some(_) => self.is_known_as(member),
        }
    }

    #[cold]
    fn is_known_as(&self, member: &Member) -> bool {
        self.as_member().as_ref() == Some(member)
    }

    pub(super) fn is_same_member(&self, other: &Place) -> bool {
        other.as_member().is_some_and(|member| self.is_member(&member))
    }

    pub(super) fn address(&self) -> PortalId {
        PortalId::from_origin(&self.address.to_string())
    }

    #[inline]
    pub(super) fn is_at(&self, address: &str) -> bool {
        self.address.is(address)
    }

    /// What it is best known by.
    pub(super) fn id(&self) -> PortalId {
        self.member().unwrap_or_else(|| self.address())
    }

    /// A number drawn from the address, the same in every process.
    pub(super) fn seed(&self) -> u64 {
        self.address.seed()
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

    #[inline]
    pub(super) fn seldom(&self) -> Option<&Seldom> {
        self.seldom.get()
    }

    pub(super) fn seldom_or_made(&self) -> &Seldom {
        self.seldom.get_or_init(Box::default)
    }

    #[inline]
    fn claims<R>(&self, look: impl FnOnce(&Claims) -> R) -> Option<R> {
        let claims = &self.seldom()?.claims;
        Some(look(&claims.read().unwrap_or_else(PoisonError::into_inner)))
    }

    fn change<R>(&self, change: impl FnOnce(&mut Claims) -> R) -> R {
        let claims = &self.seldom_or_made().claims;
        change(&mut claims.write().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn hash_of_member(&self, hasher: &impl BuildHasher) -> u64 {
        // One that has none is not found by it.
        self.as_member()
            .map_or(0, |member| hash_of_member(&member, hasher))
    }

    pub(super) fn hash_of_address(&self, hasher: &impl BuildHasher) -> u64 {
        self.address.hash(hasher)
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
    fn short_text_wastes_no_space() {
        assert_eq!(size_of::<Text>(), SHORT + 2);
    }

    #[test]
    fn address_text_round_trips() {
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
