//! [`PortalKey`]: the keys of a slot in the directory.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use hashbrown::DefaultHashBuilder;

use crate::portal_id::PortalId;

/// The 16 bytes of a `member_id`.
pub(super) type Member = [u8; 16];

/// The keys of a slot: the address, which never changes, and the first member that was claimed
/// there. It is small, since there may be very many slots. In this order, so that the fields that
/// a look-up reads lie together.
#[derive(Debug)]
#[repr(C)]
pub(super) struct PortalKey {
    /// The member that was claimed first.
    member: OnceLock<Member>,
    /// The time of the last look-up, in seconds since the Unix epoch; or [`JUST_USED`].
    used: AtomicU32,
    address: Text,
}

/// The hash of the directory. Strangers choose `member_id`s and names, so the hash begins with a key
/// of the system's random numbers. std's hash has such a key, too, and takes longer.
#[derive(Debug)]
pub(super) struct KeyedHash {
    hash: DefaultHashBuilder,
    key: u64,
}

impl KeyedHash {
    pub(super) fn new() -> Self {
        Self {
            hash: DefaultHashBuilder::default(),
            key: RandomState::new().hash_one(0_u8),
        }
    }
}

impl BuildHasher for KeyedHash {
    type Hasher = <DefaultHashBuilder as BuildHasher>::Hasher;

    #[inline]
    fn build_hasher(&self) -> Self::Hasher {
        let mut state = self.hash.build_hasher();
        state.write_u64(self.key);
        state
    }
}

/// A look-up that read no clock. The next reader of the time takes it for now.
const JUST_USED: u32 = u32::MAX;

impl PortalKey {
    /// The key of a portal at an address.
    pub(super) fn new(address: &PortalId) -> Self {
        Self {
            member: OnceLock::new(),
            used: AtomicU32::new(0),
            address: Text::new(address.as_origin().unwrap_or_default()),
        }
    }

    /// The member that was claimed first.
    #[inline]
    pub(super) fn first_member(&self) -> Option<&Member> {
        self.member.get()
    }

    /// Sets the first member. Returns whether there was none.
    pub(super) fn set_first_member(&self, member: &Member) -> bool {
        self.member.set(*member).is_ok()
    }

    /// The first member, which is set to this one if there is none.
    pub(super) fn first_member_or(&self, member: &Member) -> &Member {
        self.member.get_or_init(|| *member)
    }

    pub(super) fn address(&self) -> PortalId {
        PortalId::from_origin(&self.address.to_string())
    }

    #[inline]
    pub(super) fn is_at(&self, address: &str) -> bool {
        self.address.is(address)
    }

    /// A number made of the address. It is the same in every process.
    pub(super) fn seed(&self) -> u64 {
        self.address.seed()
    }

    /// Records a look-up at this time.
    pub(super) fn touch(&self, now: SystemTime) {
        let seconds = seconds(now);
        // Read first: a shared cache line is written once a second at most.
        if self.used.load(Ordering::Relaxed) != seconds {
            self.used.store(seconds, Ordering::Relaxed);
        }
    }

    /// Records a look-up without reading a clock.
    #[inline]
    pub(super) fn touch_now(&self) {
        if self.used.load(Ordering::Relaxed) != JUST_USED {
            self.used.store(JUST_USED, Ordering::Relaxed);
        }
    }

    /// Records a look-up in the past, unless there was a later one. In seconds since the Unix
    /// epoch.
    pub(super) fn used_before(&self, seconds: u32) {
        self.used.fetch_max(seconds, Ordering::Relaxed);
    }

    /// The time of the last look-up, in seconds since the Unix epoch. A look-up that read no clock
    /// is set to `now`.
    pub(super) fn used(&self, now: u32) -> u32 {
        let just_used = self
            .used
            .compare_exchange(JUST_USED, now, Ordering::Relaxed, Ordering::Relaxed);
        match just_used {
            Ok(_) => now,
            Err(used) => used,
        }
    }

    pub(super) fn hash_of_address(&self, hasher: &impl BuildHasher) -> u64 {
        self.address.hash(hasher)
    }
}

/// Seconds since the Unix epoch. Times after the year 2106 count as the last one.
pub(super) fn seconds(time: SystemTime) -> u32 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u32::try_from(since.as_secs())
        .unwrap_or(JUST_USED - 1)
        .min(JUST_USED - 1)
}

#[inline]
pub(super) fn hash_of_member(member: &Member, hasher: &impl BuildHasher) -> u64 {
    hasher.hash_one(u128::from_ne_bytes(*member))
}

#[inline]
pub(super) fn hash_of_address(address: &str, hasher: &impl BuildHasher) -> u64 {
    let mut state = hasher.build_hasher();
    // Most addresses begin alike.
    state.write(address.strip_prefix(HTTPS).unwrap_or(address).as_bytes());
    state.finish()
}

const HTTPS: &str = "https://";
const SHORT: usize = 30;

/// The text of an address. A short one is stored in place, so that a look-up reads no other
/// memory.
#[derive(Debug)]
enum Text {
    /// The text after `https://`.
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
                // The bytes were copied from a text.
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
        let hasher = KeyedHash::new();
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
