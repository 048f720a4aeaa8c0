//! What rows work on: features and portals in orders without a pattern, the same in
//! every run.

use std::fmt;
use std::pin::Pin;
use std::time::SystemTime;

use imbot_caps::registry::SnapshotRecord;
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::{Feature, Knowledge, Portal, PortalId, Registry, Revisions, Snapshot};
use serde_json::json;

/// Numbers without a pattern: xorshift.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Self(0x9e37_79b9_7f4a_7c15 ^ seed)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// So many of these features, over and over. More than a branch predictor can learn by
/// heart, and few enough for the first cache.
pub fn shuffled(features: impl Iterator<Item = Feature>) -> Vec<Feature> {
    let (features, mut numbers) = (features.collect::<Vec<_>>(), Numbers::new(1));
    (0..8192)
        .map(|_| features[numbers.below(features.len())])
        .collect()
}

/// First revisions by a feature's number, with room for every byte: no bounds to check.
pub fn first_revisions() -> [u16; 256] {
    let mut revisions = [0; 256];
    for feature in Feature::all() {
        revisions[feature as usize] = feature.requirement().since().unwrap_or_default();
    }
    revisions
}

/// What portals are known by, in a plain form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Domain,
    Member,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Key::Domain => "domain",
            Key::Member => "member_id",
        })
    }
}

/// Portal number so: where it is, and its `member_id`.
pub struct Company {
    pub origin: String,
    pub member: String,
}

pub fn company(number: usize) -> Company {
    const NAMES: [&str; 8] = [
        "company",
        "alfa-trade",
        "studio",
        "north-wind-logistics",
        "b24",
        "city-clinic",
        "it",
        "dom-i-sad",
    ];
    const ZONES: [&str; 8] = ["ru", "com", "de", "kz", "by", "com.br", "eu", "pl"];
    let mut numbers = Numbers::new(number as u64 + 2);
    let (high, low) = (numbers.next(), numbers.next());
    let (name, zone) = (NAMES[numbers.below(8)], ZONES[numbers.below(8)]);
    Company {
        origin: format!("https://{name}-{number}.bitrix24.{zone}"),
        member: format!("{high:016x}{low:016x}"),
    }
}

impl Company {
    pub fn id(&self, key: Key) -> PortalId {
        match key {
            Key::Domain => self.origin.parse().unwrap(),
            Key::Member => self.member.parse().unwrap(),
        }
    }

    pub fn portal(&self, key: Key) -> Portal {
        let builder = match key {
            Key::Domain => Portal::builder(),
            Key::Member => Portal::builder().member_id(&*self.member),
        };
        builder
            .webhook(&format!("{}/rest/1/k2h7d0qpw3xz8s5v/", self.origin))
            .unwrap()
    }

    /// What a registry is given of it that has known it before.
    fn record(&self, key: Key, known: &Knowledge) -> SnapshotRecord {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
        let portal = match key {
            Key::Domain => &self.origin,
            Key::Member => &self.member,
        };
        serde_json::from_value(json!({
            "portal": portal, "address": &self.origin, "learned_unix_ms": now as u64, "known": known,
        }))
        .unwrap()
    }
}

/// What is known of so many portals; every fourth is older.
pub fn snapshot(portals: usize, key: Key) -> Snapshot {
    let answer = |rest| Knowledge::from_imbot_revision_get(&Revisions::rest_only(rest));
    let known = [34, 36, 36, 36].map(answer);
    (0..portals)
        .map(|number| company(number).record(key, &known[number % 4]))
        .collect()
}

/// The transport where no portal is asked.
pub struct Silent;

impl Transport for Silent {
    fn send(
        &self,
        _: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

/// A registry that has room for so many.
pub fn registry(portals: usize) -> Registry {
    Registry::builder(Silent).capacity(portals + 1).build()
}
