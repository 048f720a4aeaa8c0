//! Every fault of a store, on every kind of portal, at every age of what is known: the registry
//! answers as it would without a store, and no call waits longer than the store's time limit.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use imbot_caps::clock::Clock;
use imbot_caps::freshness::Lifetimes;
use imbot_caps::registry::{Event, Events};
use imbot_caps::store::{
    BODY_LIMIT, Change, Entry, Lease, MemoryStore, News, NewsFeed, SaveOutcome, Store, StoreError,
    StoreErrorKind, StoreFuture, Version,
};
use imbot_caps::{Caps, Feature, Handle, Support};
use imbot_caps_emulator::{Build, EmulatedPortal};
use tokio::sync::watch;

use super::setup::{Fleet, HOUR, probes};
use crate::support::simulated_clock::{Pace, now};

/// The text of the panics and errors of a store.
const WANTED: &str = "as the test wants it";

/// What a store does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Each method returns this error.
    Down(StoreErrorKind),
    /// No method returns.
    Hangs,
    /// Each method takes this many milliseconds.
    Slow(u64),
    /// Only writes fail, or only reads.
    ReadOnly,
    WriteOnly,
    /// Each method panics when it is called, or when its future is polled.
    PanicsAtOnce,
    PanicsLater,
    /// The entries are lost before each call.
    Forgets,
    /// Each entry has this text.
    Text(&'static str),
    /// Each entry is that of another portal.
    OfAnother,
    /// Each save is a conflict with a text of nobody.
    AlwaysConflict,
    /// Each save claims to be done, and is not.
    Pretends,
    /// The lists of results are too short, or too long.
    TooFew,
    TooMany,
    /// Nobody gets a lease, or everybody.
    NoLease,
    EveryLease,
    /// The feed ends at once, or misses something all the time.
    FeedEnds,
    FeedMisses,
}

pub const FAULTS: [Fault; 27] = [
    Fault::None,
    Fault::Down(StoreErrorKind::Unavailable),
    Fault::Down(StoreErrorKind::Refused),
    Fault::Down(StoreErrorKind::Damaged),
    Fault::Down(StoreErrorKind::TimedOut),
    Fault::Hangs,
    Fault::Slow(10),
    Fault::Slow(60),
    Fault::Slow(99),
    Fault::Slow(5_000),
    Fault::ReadOnly,
    Fault::WriteOnly,
    Fault::PanicsAtOnce,
    Fault::PanicsLater,
    Fault::Forgets,
    Fault::Text(""),
    Fault::Text("{\"format\":1}"),
    Fault::Text("{\"format\":2,\"of\":\"a later version\"}"),
    Fault::OfAnother,
    Fault::AlwaysConflict,
    Fault::Pretends,
    Fault::TooFew,
    Fault::TooMany,
    Fault::NoLease,
    Fault::EveryLease,
    Fault::FeedEnds,
    Fault::FeedMisses,
];

/// A store whose fault can be set.
#[derive(Clone)]
pub struct Faulty {
    pub store: MemoryStore,
    pub pace: Pace,
    pub fault: Arc<watch::Sender<Fault>>,
    /// The text of another portal's entry.
    pub other: Arc<str>,
}

impl Faulty {
    pub fn new(fleet: &Fleet, other: &str) -> Self {
        Self {
            store: fleet.store.clone(),
            pace: fleet.pace.clone(),
            fault: Arc::new(watch::Sender::new(Fault::None)),
            other: other.into(),
        }
    }

    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    fn fault(&self) -> Fault {
        *self.fault.borrow()
    }

    fn failing<T>(&self, is_write: bool) -> Option<StoreFuture<'_, T>>
    where
        T: Send + 'static,
    {
        let error = |kind| StoreError::new(kind, WANTED);
        let failed = |kind| -> Option<StoreFuture<'_, T>> { Some(Box::pin(async move { Err(error(kind)) })) };
        match self.fault() {
            Fault::Down(kind) => failed(kind),
            Fault::ReadOnly if is_write => failed(StoreErrorKind::Refused),
            Fault::WriteOnly if !is_write => failed(StoreErrorKind::Unavailable),
            Fault::Hangs => Some(Box::pin(std::future::pending())),
            Fault::PanicsAtOnce => panic!("{WANTED}"),
            Fault::PanicsLater => Some(Box::pin(async { panic!("{WANTED}") })),
            Fault::Forgets => {
                self.store.clear();
                None
            }
            _ => None,
        }
    }

    async fn pause(&self) {
        if let Fault::Slow(millis) = self.fault() {
            self.pace.sleep(Duration::from_millis(millis)).await;
        }
    }

    /// The list with one result less or more.
    fn cut<T: Clone>(&self, mut results: Vec<T>) -> Vec<T> {
        match self.fault() {
            Fault::TooFew => drop(results.pop()),
            Fault::TooMany => results.extend(results.first().cloned()),
            _ => {}
        }
        results
    }
}

impl Store for Faulty {
    fn load<'a>(&'a self, keys: &'a [String]) -> StoreFuture<'a, Vec<Option<Entry>>> {
        if let Some(failing) = self.failing(false) {
            return failing;
        }
        Box::pin(async move {
            self.pause().await;
            let mut entries = self.store.load(keys).await?;
            let text = match self.fault() {
                Fault::Text(text) => Some(text),
                Fault::OfAnother => Some(&*self.other),
                _ => None,
            };
            if let Some(text) = text {
                let entry = |_: &mut _| Entry::new(text.to_owned(), Version::new(1));
                entries = entries.iter_mut().map(entry).map(Some).collect();
            }
            Ok(self.cut(entries))
        })
    }

    fn save<'a>(&'a self, changes: &'a [Change]) -> StoreFuture<'a, Vec<SaveOutcome>> {
        assert!(changes.iter().all(|change| change.body.len() <= BODY_LIMIT));
        if let Some(failing) = self.failing(true) {
            return failing;
        }
        Box::pin(async move {
            self.pause().await;
            let saved = match self.fault() {
                Fault::AlwaysConflict => {
                    let entry = Entry::new("nobody's".to_owned(), Version::new(2));
                    changes
                        .iter()
                        .map(|_| SaveOutcome::Conflict(Some(entry.clone())))
                        .collect()
                }
                Fault::Pretends => changes
                    .iter()
                    .map(|_| SaveOutcome::Done(Version::new(3)))
                    .collect(),
                _ => self.store.save(changes).await?,
            };
            Ok(self.cut(saved))
        })
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, Option<Lease>> {
        if let Some(failing) = self.failing(true) {
            return failing;
        }
        Box::pin(async move {
            self.pause().await;
            match self.fault() {
                Fault::NoLease => Ok(None),
                Fault::EveryLease => Ok(Some(Lease::new(key.to_owned(), "1".to_owned()))),
                _ => self.store.lease(key, duration).await,
            }
        })
    }

    fn release(&self, lease: Lease) -> StoreFuture<'_, ()> {
        if let Some(failing) = self.failing(true) {
            return failing;
        }
        Box::pin(async move {
            self.pause().await;
            self.store.release(lease).await
        })
    }

    fn news(&self) -> StoreFuture<'_, Box<dyn NewsFeed>> {
        if let Some(failing) = self.failing(false) {
            return failing;
        }
        let fault = self.fault.subscribe();
        Box::pin(async move {
            self.pause().await;
            let feed: Box<dyn NewsFeed> = Box::new(Feed {
                feed: self.store.news().await?,
                fault,
            });
            Ok(feed)
        })
    }
}

/// A feed that ends or misses when the fault is set.
struct Feed {
    feed: Box<dyn NewsFeed>,
    fault: watch::Receiver<Fault>,
}

impl NewsFeed for Feed {
    fn next(&mut self) -> StoreFuture<'_, News> {
        Box::pin(async {
            loop {
                let fault = *self.fault.borrow_and_update();
                match fault {
                    Fault::FeedEnds | Fault::Down(_) => {
                        return Err(StoreError::new(StoreErrorKind::Unavailable, "the feed ends"));
                    }
                    Fault::FeedMisses => return Ok(News::Missed),
                    Fault::Hangs => std::future::pending().await,
                    _ => {}
                }
                let mut next: Pin<Box<_>> = self.feed.next();
                tokio::select! {
                    news = &mut next => return news,
                    _ = self.fault.changed() => {}
                }
            }
        })
    }
}

/// How old what is known is, when the fault begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Age {
    Cold,
    Fresh,
    Stale,
    Expired,
    Ancient,
}

const AGES: [Age; 5] = [Age::Cold, Age::Fresh, Age::Stale, Age::Expired, Age::Ancient];
const DAY: Duration = Duration::from_secs(86_400);
const TIMEOUT: Duration = Duration::from_millis(100);

impl Age {
    fn passed(self) -> Duration {
        match self {
            Age::Cold => Duration::ZERO,
            Age::Fresh => HOUR / 2,
            Age::Stale => HOUR + HOUR / 2,
            Age::Expired => HOUR + 2 * DAY,
            Age::Ancient => HOUR + 9 * DAY,
        }
    }
}

/// No answer but the true one, or none.
#[track_caller]
fn truthful(caps: &Caps, truths: &[Caps], case: &str) {
    for feature in Feature::all() {
        match caps.check(feature) {
            Support::Unknown(_) => {}
            answer => assert!(
                truths
                    .iter()
                    .any(|truth| answer.is_supported() == truth.supports(feature)),
                "{case}: {feature} by {caps:?}"
            ),
        }
    }
}

/// What a caller got, how long it waited, and how often the portal was asked.
async fn ask(pace: &Pace, handle: &Handle, emulated: &EmulatedPortal) -> (Caps, Duration, usize) {
    let began = pace.now();
    let caps = pace.run(handle.ready()).await.expect("the portal answers");
    let waited = pace.now().duration_since(began).unwrap();
    idle(pace).await;
    (caps, waited, probes(emulated))
}

/// Lets all tasks run. The background is done when a timer of the listener is all that is left.
pub async fn idle(pace: &Pace) {
    for _ in 0..200 {
        pace.run(tokio::task::yield_now()).await;
    }
}

fn lifetimes() -> Lifetimes {
    Lifetimes::new()
        .supported(HOUR)
        .unsupported(HOUR)
        .unknown(HOUR)
        .stale_while_revalidate(DAY)
}

fn log(events: &mut Events) -> (usize, usize) {
    let (mut failed, mut recovered) = (0, 0);
    while let Some(event) = now(events.next()).flatten() {
        match event {
            Event::StoreFailed { error } => {
                failed += 1;
                assert!(!error.to_string().is_empty());
            }
            Event::StoreRecovered => recovered += 1,
            _ => {}
        }
    }
    (failed, recovered)
}

#[tokio::test]
async fn every_store_fault_at_every_age() {
    // The panics of the store are wanted, and are many.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload_as_str() != Some(WANTED) {
            hook(panic);
        }
    }));
    let builds = [
        Build::rest(30),
        Build::rest32_with_imbot_v2(),
        Build::rest(33).on_premise(),
        Build::rest(36),
    ];
    let mut cases = 0;
    for build in &builds {
        for age in AGES {
            let mut fleet = Fleet::start().await;
            for fault in FAULTS {
                fleet.again();
                let case = format!("{fault:?} on {}, {age:?}", build.caps().knowledge());
                one_case(&fleet, build.clone(), age, fault, case).await;
                cases += 1;
            }
        }
    }
    println!(
        "{cases} cases: {} faults x {} builds x {} ages",
        FAULTS.len(),
        builds.len(),
        AGES.len()
    );
    assert_eq!(cases, FAULTS.len() * builds.len() * AGES.len());
}

async fn one_case(fleet: &Fleet, build: Build, age: Age, fault: Fault, case: String) {
    let (stranger, another) = fleet.portal(Build::rest(30));
    fleet.pace.run(fleet.registry().caps(&another)).await.unwrap();
    fleet.settle().await;
    let of_another = fleet.entry(&another).await.unwrap().body;
    drop(stranger);
    let store = Faulty::new(fleet, &of_another);
    let (emulated, portal) = fleet.portal(build.clone());
    let registry = fleet
        .builder()
        .lifetimes(lifetimes())
        .store(store.clone())
        .build();
    let alone = fleet.builder().lifetimes(lifetimes()).build();
    let mut events = registry.events();
    let (handle, by_itself) = (registry.handle(&portal), alone.handle(&portal));
    if age != Age::Cold {
        for handle in [&handle, &by_itself] {
            fleet.pace.run(handle.ready()).await.unwrap();
        }
        fleet.settle().await;
        fleet.emulator.clock().advance(age.passed());
        // Half of the portals are upgraded meanwhile.
        emulated.set_build(if build.caps().knowledge().rest() == Some(30) {
            Build::rest(36)
        } else {
            build.clone()
        });
    }
    probes(&emulated);
    let truths = match age {
        Age::Cold | Age::Ancient | Age::Expired => vec![emulated.build().caps()],
        // What was learned before is still served.
        Age::Fresh | Age::Stale => vec![emulated.build().caps(), build.caps()],
    };

    store.set(fault);
    let (expected, waited_alone, asked_alone) = ask(&fleet.pace, &by_itself, &emulated).await;
    let (caps, waited, asked) = ask(&fleet.pace, &handle, &emulated).await;
    truthful(&caps, &truths, &case);
    assert_eq!(caps.features(), expected.features(), "{case}");
    let limit = match fault {
        // Another process seems to ask the portal, for as long as a lease lasts.
        Fault::NoLease => Duration::from_secs(5),
        _ => TIMEOUT,
    };
    assert!(
        waited <= waited_alone + limit,
        "{case}: {waited:?}, and {waited_alone:?} without a store"
    );
    // A slow store delays a refresh in the background, and prevents none.
    assert!(
        asked <= asked_alone,
        "{case}: {asked} requests, and {asked_alone} without a store"
    );
    if !matches!(age, Age::Fresh | Age::Stale) {
        assert_eq!(asked, asked_alone, "{case}");
    }

    // The time limit is spent once a pause: a second portal is asked at once.
    let (second, unknown) = fleet.portal(build.clone());
    let (caps, waited, asked) = ask(&fleet.pace, &registry.handle(&unknown), &second).await;
    truthful(&caps, &[build.caps()], &case);
    assert_eq!(asked, 1, "{case}");
    match fault {
        Fault::Hangs | Fault::Slow(5_000) if age != Age::Fresh && age != Age::Stale => {
            assert_eq!(waited, Duration::ZERO, "{case}");
        }
        _ => assert!(waited <= limit, "{case}: {waited:?}"),
    }
    let (failed, recovered) = log(&mut events);
    assert!(
        failed <= recovered + 1,
        "{case}: told {failed} times, recovered {recovered} times"
    );

    // When the fault is over, the store is used again.
    store.set(Fault::None);
    fleet.emulator.clock().advance(10 * DAY);
    // Calls that were under way have taken ten days now, and count as too slow.
    idle(&fleet.pace).await;
    fleet.emulator.clock().advance(Duration::from_secs(10));
    let (caps, ..) = ask(&fleet.pace, &handle, &emulated).await;
    assert_eq!(caps.features(), emulated.build().caps().features(), "{case}");
    fleet.settle().await;
    probes(&emulated);
    let restarted = fleet.registry().handle(&portal);
    let (caps, _, asked) = ask(&fleet.pace, &restarted, &emulated).await;
    assert_eq!(caps.features(), emulated.build().caps().features(), "{case}");
    assert_eq!(asked, 0, "{case}: the record was saved");
}
