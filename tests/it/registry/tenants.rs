//! Tenants that do not trust each other: whatever a hostile one does, a good one has the
//! answers, sends the requests, hears the events and waits the times that it would without.
//!
//! The good tenant's hours run twice, alone and beside a hostile tenant, on a paused clock.
//! Then the transcripts are compared. A hostile behaviour is one row of `HOSTILE`.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use imbot_caps::clock::Clock;
use imbot_caps::registry::{Event, Events, SenderClaim};
use imbot_caps::transport::{Redirects, Request, Response, Transport, TransportError};
use imbot_caps::wire::Reply;
use imbot_caps::{Counter, Feature, Handle, Portal, Registry, Requirement, Support};
use serde_json::json;
use tokio::time::Instant;

use crate::support::http::sender_claim;

const HOURS: u16 = 3;
const HOUR: Duration = Duration::from_secs(3_600);
/// How long an answer of a good portal takes.
const LATENCY: Duration = Duration::from_millis(100);

/// One portal of the cloud, one on premise, and two of one owner. None of them answers to
/// the hostile tenant.
const GOOD: [&str; 4] = [
    "good.bitrix24.com",
    "box.good.org",
    "one.owner.co.uk",
    "two.owner.co.uk",
];

/// What a hostile tenant does in each hour.
struct Hostile {
    name: &'static str,
    /// The domain below which it has its names.
    domain: &'static str,
    /// How many portals it has.
    portals: u32,
    /// How often each of them is asked, and whether the one who asks waits for the answer.
    asks: u32,
    waits: bool,
    /// What they answer to the nth request.
    answer: fn(u32) -> Answer,
    /// How many times each of them says that it has moved, each time to another address.
    claims: u32,
    /// How many wrong credentials it is asked with.
    credentials: u32,
    /// How many replies contradict what it says.
    contradictions: u32,
    /// Whether the program keeps the handles of its portals.
    keeps: bool,
}

enum Answer {
    /// Revisions: REST and web.
    Revisions(u16, u16),
    /// A body of an error.
    Error(String),
    /// A redirect to the same path at this host.
    Moved(String),
    Never,
}

/// The web counter of good portals: nobody in this process has reported it before.
static WEB: AtomicU16 = AtomicU16::new(9_001);

fn same(_: u32) -> Answer {
    Answer::Revisions(36, 1)
}

fn another_web(nth: u32) -> Answer {
    let (rest, web) = (40 + nth / 9_000, 1 + nth % 9_000);
    Answer::Revisions(rest.try_into().unwrap(), web.try_into().unwrap())
}

fn up_and_down(nth: u32) -> Answer {
    Answer::Revisions(if nth.is_multiple_of(2) { 33 } else { 36 }, 1)
}

fn error(nth: u32) -> Answer {
    Answer::Error(format!("EVIL_{nth}_{}", "x".repeat(3_000)))
}

fn moved(nth: u32) -> Answer {
    Answer::Moved(format!("{nth}.elsewhere.example"))
}

fn never(_: u32) -> Answer {
    Answer::Never
}

const NOTHING: Hostile = Hostile {
    name: "nothing",
    domain: "evil.com",
    portals: 1,
    asks: 0,
    waits: true,
    answer: same,
    claims: 0,
    credentials: 0,
    contradictions: 0,
    keeps: false,
};

const HOSTILE: &[Hostile] = &[
    Hostile {
        name: "one portal reports another number each time",
        asks: 5_500,
        answer: another_web,
        ..NOTHING
    },
    Hostile {
        name: "a domain of many names reports random numbers",
        domain: "names.evil.co.uk",
        portals: 300,
        asks: 1,
        answer: another_web,
        ..NOTHING
    },
    Hostile {
        name: "names of one domain never answer",
        portals: 300,
        asks: 1,
        waits: false,
        answer: never,
        ..NOTHING
    },
    Hostile {
        name: "ports of one host never answer",
        domain: "10.6.6.6",
        portals: 300,
        asks: 1,
        waits: false,
        answer: never,
        ..NOTHING
    },
    Hostile {
        name: "addresses of one network never answer",
        domain: "[2001:db8:6:6::]",
        portals: 300,
        asks: 1,
        waits: false,
        answer: never,
        ..NOTHING
    },
    Hostile {
        name: "one portal changes all the time",
        asks: 1_100,
        answer: up_and_down,
        ..NOTHING
    },
    Hostile {
        name: "many names change all the time",
        portals: 275,
        asks: 4,
        answer: up_and_down,
        ..NOTHING
    },
    Hostile {
        name: "one portal redirects elsewhere each time",
        asks: 1_100,
        answer: moved,
        ..NOTHING
    },
    Hostile {
        name: "many names claim many addresses",
        portals: 150,
        claims: 10,
        ..NOTHING
    },
    Hostile {
        name: "long errors, and others each time",
        portals: 2,
        asks: 50,
        answer: error,
        ..NOTHING
    },
    Hostile {
        name: "many credentials fail",
        portals: 2,
        credentials: 80,
        answer: error,
        ..NOTHING
    },
    Hostile {
        name: "replies contradict what is known",
        portals: 5,
        asks: 1,
        contradictions: 40,
        ..NOTHING
    },
    Hostile {
        name: "more names than there is room for",
        portals: 1_500,
        ..NOTHING
    },
    Hostile {
        name: "more names than there is room for, all kept",
        portals: 1_500,
        keeps: true,
        ..NOTHING
    },
    Hostile {
        name: "more names than there is room for, all asked",
        portals: 1_200,
        asks: 1,
        ..NOTHING
    },
];

impl Hostile {
    fn has(&self, host: &str) -> bool {
        host.ends_with(self.domain) || host.starts_with(self.domain.trim_end_matches([':', ']']))
    }

    fn portal(&self, nth: u32, credential: u32) -> Portal {
        let host = match self.domain {
            network if network.starts_with('[') => format!("[2001:db8:6:6::{:x}]", nth + 1),
            address if address.starts_with("10.") => format!("{address}:{}", 10_000 + nth),
            domain => format!("n{nth}.{domain}"),
        };
        Portal::builder()
            .member_id(format!("{:032x}", nth + 1))
            .webhook(&format!("https://{host}/rest/{}/c0dec0de/", credential + 1))
            .unwrap()
    }

    async fn hour(&self, registry: &Registry, hour: u16, kept: &mut Vec<Handle>) {
        for nth in 0..self.portals {
            let handle = registry.handle(&self.portal(nth, 0));
            for _ in 0..self.asks {
                match self.waits {
                    true => drop(handle.refresh().await),
                    false => {
                        let handle = handle.clone();
                        drop(tokio::spawn(async move { handle.refresh().await }));
                    }
                }
            }
            for credential in 0..self.credentials {
                let other = registry.handle(&self.portal(nth, credential));
                drop(other.refresh().await);
            }
            for claim in 0..self.claims {
                registry.record_sender(&self.claim(nth, u32::from(hour) * self.claims + claim));
            }
            for _ in 0..self.contradictions {
                let absent = br#"{"error":"ERROR_METHOD_NOT_FOUND"}"#;
                let reply = Reply::read(404, None, absent);
                handle.report_not_found(Feature::BotTokenRotation, &reply).await;
            }
            kept.extend(self.keeps.then_some(handle));
        }
        // Those that nobody waits for begin.
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }

    fn claim(&self, nth: u32, claim: u32) -> SenderClaim {
        let payload = json!({"auth": {
            "member_id": format!("{:032x}", nth + 1),
            "client_endpoint": format!("https://{nth}-{claim}.elsewhere.example/rest/"),
            "application_token": "t",
        }});
        sender_claim(&payload, "t").unwrap()
    }
}

/// Time that moves when all wait for it.
struct Paused(SystemTime, Instant);

impl Clock for Paused {
    fn now(&self) -> SystemTime {
        self.0 + self.1.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// All portals there are.
struct Network {
    hostile: &'static Hostile,
    began: Instant,
    asked: AtomicU32,
    /// What the good portals report now.
    good: Arc<Mutex<(u16, u16)>>,
    /// When which good portal was asked for what.
    requests: Arc<Mutex<Vec<String>>>,
}

fn revisions(rest: u16, web: u16) -> Response {
    let result = json!({"rest": rest, "web": web, "mobile": 1, "desktop": 1});
    Response::new(200, None, json!({ "result": result }).to_string().into_bytes())
}

impl Transport for Network {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let url = request.url().clone();
        let host = url.host_str().unwrap().to_owned();
        Box::pin(async move {
            if self.hostile.has(&host) {
                return match (self.hostile.answer)(self.asked.fetch_add(1, Ordering::Relaxed)) {
                    Answer::Revisions(rest, web) => Ok(revisions(rest, web)),
                    Answer::Error(code) => {
                        let body = json!({"error": code, "error_description": code});
                        Ok(Response::new(403, None, body.to_string().into_bytes()))
                    }
                    Answer::Moved(to) => {
                        let location = format!("https://{to}{}", url.path());
                        Ok(Response::new(302, Some(location), Vec::new()))
                    }
                    Answer::Never => std::future::pending().await,
                };
            }
            assert!(GOOD.contains(&&*host), "{host} is asked");
            let (at, method) = (self.began.elapsed().as_millis(), url.path().rsplit('/').next());
            let line = format!("{at} ms: {host} {}", method.unwrap_or_default());
            self.requests.lock().unwrap().push(line);
            tokio::time::sleep(LATENCY).await;
            let (rest, web) = *self.good.lock().unwrap();
            Ok(revisions(rest, web))
        })
    }
}

/// What the good tenant sees in a day.
#[derive(Default)]
struct Transcript {
    answers: Vec<String>,
    events: Vec<String>,
    requests: Vec<String>,
}

/// A requirement between two edges of the table: it can be decided where the number is
/// known exactly.
const OWN: Requirement = Requirement::rest("good.own", 39);

async fn good_hour(
    registry: &Registry,
    began: Instant,
    (rest, web): (u16, u16),
    transcript: &mut Transcript,
) {
    for host in GOOD {
        let portal = Portal::webhook(&format!("https://{host}/rest/1/s3cretcode/")).unwrap();
        let asked = Instant::now();
        let caps = registry.caps(&portal).await;
        let handle: Handle = registry.handle(&portal);
        let again = handle.refresh().await.map(|caps| caps.knowledge().rest());
        let own = matches!(handle.check(OWN), Support::Supported);
        let known = *handle.caps().knowledge();
        let is_exact = (known.rest(), known.get(Counter::Web)) == (Some(rest), Some(web));
        transcript.answers.push(format!(
            "{} ms, {host} in {} ms: {:?} {again:?}, own: {own}, exact: {is_exact}",
            began.elapsed().as_millis(),
            asked.elapsed().as_millis(),
            caps.map(|caps| caps.knowledge().rest()),
        ));
    }
}

/// What has been told of the good tenant so far, or may have been lost.
async fn heard(events: &mut Events) -> Vec<String> {
    let is_good = |id: &dyn std::fmt::Display| GOOD.iter().any(|host| id.to_string().contains(host));
    let mut heard = Vec::new();
    loop {
        let polled = {
            let mut next = pin!(events.next());
            poll_fn(|context| Poll::Ready(next.as_mut().poll(context))).await
        };
        match polled {
            Poll::Ready(Some(Event::Lagged { site, count })) => {
                let site = site.unwrap_or_default();
                if site.is_empty() || site == "owner.co.uk" || is_good(&site) {
                    heard.push(format!("missed {count} of {site:?}"));
                }
            }
            Poll::Ready(Some(event)) => {
                let (kind, portal) = match &event {
                    Event::Learned { portal, .. } => ("learned", portal),
                    Event::Refreshed { portal, .. } => ("refreshed", portal),
                    Event::Upgraded { portal, .. } => ("upgraded", portal),
                    Event::Downgraded { portal, .. } => ("downgraded", portal),
                    Event::Moved { portal, .. } => ("moved", portal),
                    Event::MoveClaimed { portal, .. } => ("claimed", portal),
                    Event::Failed { portal, .. } => ("failed", portal),
                    Event::Blocked { portal, .. } => ("gone", portal),
                    Event::Contradicted { portal, .. } => ("contradicted", portal),
                    other => panic!("{other:?}"),
                };
                if is_good(portal) {
                    heard.push(format!("{kind} {portal}"));
                }
            }
            Poll::Ready(None) | Poll::Pending => return heard,
        }
    }
}

/// The good tenant's day, beside this one's.
async fn day(hostile: &'static Hostile) -> Transcript {
    let began = Instant::now();
    let good = Arc::new(Mutex::new((40, WEB.fetch_add(1, Ordering::Relaxed))));
    let requests = Arc::default();
    let network = Network {
        hostile,
        began,
        asked: AtomicU32::default(),
        good: Arc::clone(&good),
        requests: Arc::clone(&requests),
    };
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_780_000_000);
    let registry = Registry::builder(network)
        .clock(Paused(start, began))
        .redirects(Redirects::same_site())
        .capacity(1_000)
        .build();
    let mut events = registry.events();
    let (mut transcript, mut kept) = (Transcript::default(), Vec::new());
    for hour in 0..HOURS {
        let before = *good.lock().unwrap();
        good_hour(&registry, began, before, &mut transcript).await;
        hostile.hour(&registry, hour, &mut kept).await;
        // The good portals are updated.
        let updated = (41 + hour, WEB.fetch_add(1, Ordering::Relaxed));
        *good.lock().unwrap() = updated;
        good_hour(&registry, began, updated, &mut transcript).await;
        // Their listener is slow: it comes once an hour.
        transcript.events.extend(heard(&mut events).await);
        let next = HOUR * u32::from(hour + 1);
        tokio::time::sleep_until(began + next).await;
    }
    transcript.requests = std::mem::take(&mut *requests.lock().unwrap());
    transcript
}

#[tokio::test(start_paused = true)]
async fn hostile_tenant_affects_no_other() {
    let alone = day(&NOTHING).await;
    assert!(
        alone
            .answers
            .iter()
            .all(|answer| answer.ends_with("own: true, exact: true"))
    );
    assert_eq!(alone.answers.len(), 2 * GOOD.len() * usize::from(HOURS));
    assert!(alone.events.len() >= alone.answers.len() && alone.requests.len() >= alone.answers.len());
    for hostile in HOSTILE {
        let beside = day(hostile).await;
        let name = hostile.name;
        assert_eq!(beside.answers, alone.answers, "answers and waits: {name}");
        assert_eq!(beside.requests, alone.requests, "requests: {name}");
        assert_eq!(beside.events, alone.events, "events: {name}");
    }
}
