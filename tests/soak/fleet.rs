//! The fleet and its day: upgrades, restores, renames and outages, and bots that ask all
//! the while. No answer may be older than declared.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use imbot_caps::freshness::Lifetimes;
use imbot_caps::registry::Event;
use imbot_caps::transport::{Request, ReqwestTransport, Response, Transport, TransportError};
use imbot_caps::{Caps, Feature, Portal, Registry, Support};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault};
use tokio::task::JoinSet;
use url::Url;

use crate::hostile::{Hostile, Server};
use crate::support::simulated_clock::{Pace, now};

const PORTALS: usize = 2_000;
const TICK: Duration = Duration::from_secs(300);
const TICKS: u32 = 288;
const HOUR: Duration = Duration::from_secs(3_600);

/// Declared for this fleet. A restored portal is noticed within `SETTLED`.
const SETTLED: Duration = Duration::from_secs(6 * 3_600);
const OPEN: Duration = HOUR;
const REVALIDATE: Duration = Duration::from_secs(1_800);
const IF_ERROR: Duration = Duration::from_secs(7 * 86_400);
/// So few that hostile portals could take all.
const PROBES: usize = 16;
/// Some hostile portals never answer: the clock soon moves on.
const PATIENCE: u32 = 1_200;
/// The longest pause after failures, by default.
const PAUSE: Duration = Duration::from_secs(900);

/// Features with an edge each, from the oldest to the newest.
const ASKED: [Feature; 6] = [
    Feature::ImbotV2ChatMessageSend,
    Feature::SystemMessage,
    Feature::ImbotV2RevisionGet,
    Feature::BotTokenRotation,
    Feature::ImMessageAdd,
    Feature::BotAppId,
];

/// Numbers that look random, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }
}

/// One portal as it is and was.
struct Subject {
    emulated: EmulatedPortal,
    portal: Portal,
    /// What it ran, from when on.
    history: Vec<(SystemTime, Build)>,
    /// When it was last out of reach, and whether it is now.
    out_until: Option<SystemTime>,
    is_out: bool,
    requests: usize,
}

impl Subject {
    /// Whether the answer was true at some time in the window before now.
    fn was_true(&self, feature: Feature, supported: bool, now: SystemTime, window: Duration) -> bool {
        let from = now.checked_sub(window).unwrap_or(UNIX_EPOCH);
        let ends = self
            .history
            .iter()
            .skip(1)
            .map(|(since, _)| *since)
            .chain([now + TICK]);
        self.history
            .iter()
            .zip(ends)
            .any(|((_, build), until)| until > from && build.caps().supports(feature) == supported)
    }

    /// How old an answer may be.
    fn window(&self, lifetime: Duration, now: SystemTime) -> Duration {
        let window = lifetime + REVALIDATE;
        let since_outage = self
            .out_until
            .map(|until| now.duration_since(until).unwrap_or_default());
        match since_outage {
            _ if self.is_out => window + IF_ERROR,
            Some(ago) if ago < window + PAUSE => window + IF_ERROR,
            _ => window,
        }
    }

    fn runs(&mut self, build: Build, now: SystemTime) {
        self.emulated.set_build(build.clone());
        self.history.push((now, build));
    }
}

fn builds() -> Vec<Build> {
    Build::shipped().chain([Build::rest(41)]).collect()
}

/// What came of a day, for the portals of the fleet alone.
#[derive(Default)]
pub struct Day {
    asked: usize,
    pub answered: usize,
    refused: usize,
    /// What was untrue, older than declared, or refused though the portal was there.
    pub wrong: Vec<String>,
    pub requests: usize,
    most: usize,
    /// How long all who asked have waited, by the stopped clock.
    pub waited: Duration,
    pub told: BTreeMap<&'static str, usize>,
    /// How many requests the hostile portals have had.
    pub of_hostile: usize,
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Day {
            asked,
            answered,
            refused,
            wrong,
            requests,
            most,
            waited,
            told,
            of_hostile,
        } = self;
        write!(
            f,
            "24 hours, {PORTALS} portals: {asked} asked, {answered} answered, {refused} refused while out of reach, \
             {} wrong; {requests} requests, {:.1} for each portal, at most {most}; {:.1} s waited; {told:?}; \
             {of_hostile} requests to hostile portals",
            wrong.len(),
            *requests as f64 / PORTALS as f64,
            waited.as_secs_f64(),
        )
    }
}

/// One who asks about a feature of a portal: what came, and how long it took.
type Asked = (usize, Feature, Result<Caps, String>, Duration);

/// Lives through a day.
pub async fn live(with_hostile: bool) -> Day {
    let (here, there) = (Emulator::start().await.unwrap(), Emulator::start().await.unwrap());
    let (clock, other_clock) = (here.clock(), there.clock());
    other_clock.stop();
    let pace = Pace::new(clock.clone()).patience(PATIENCE);
    let server = with_hostile.then(|| Server::start(vec![format!("http://{}", here.address())]));
    let transport = ReqwestTransport::with_client(client(server.as_ref()));
    // The emulator answers each request. So the fleet's waits depend on no machine.
    let registry = Registry::builder(pace.over(Named(transport), is_of_fleet))
        .clock(pace.clone())
        .concurrent_probes(PROBES)
        .lifetimes(
            Lifetimes::new()
                .supported(SETTLED)
                .unsupported(OPEN)
                .unknown(OPEN)
                .stale_while_revalidate(REVALIDATE)
                .stale_if_error(IF_ERROR),
        )
        .build();
    let mut events = registry.events();
    let (mut random, builds) = (Random(20_260_402), builds());
    let start = clock.now();
    let mut day = Day::default();

    let mut subjects: Vec<Subject> = (0..PORTALS)
        .map(|nth| {
            let build = builds[random.below(builds.len())].clone();
            let emulated = here.portal(build.clone());
            // Half of them are known by their member_id, and may be renamed.
            let member = (nth % 2 == 0).then(|| emulated.member_id().to_owned());
            Subject {
                portal: address(nth, &emulated, member.as_deref()),
                emulated,
                history: vec![(start, build)],
                out_until: None,
                is_out: false,
                requests: 0,
            }
        })
        .collect();
    let members: Vec<String> = subjects
        .iter()
        .map(|subject| subject.emulated.member_id().to_owned())
        .collect();
    let mut hostile = server.map(|server| Hostile::begin(&registry, server));

    for tick in 1..=TICKS {
        clock.set(start + TICK * tick);
        other_clock.set(clock.now());
        let now = clock.now();
        happen(&mut subjects, &mut random, &builds, now);
        if tick % 12 == 0 {
            let nth = random.below(PORTALS / 2) * 2;
            let subject = &mut subjects[nth];
            let build = subject.history.last().unwrap().1.clone();
            let renamed = there.portal(build);
            // The old address leads to the new one, which its owner has stored.
            subject.emulated.clear_faults();
            subject.emulated.fault(Fault::moved(renamed.url()));
            subject.requests += subject.emulated.take_requests().len();
            let member = subject.emulated.member_id().to_owned();
            subject.portal = address(nth, &renamed, Some(&member));
            subject.emulated = renamed;
            subject.is_out = false;
            subject.out_until = Some(now);
        }

        let harms = tick % 2 == 0;
        let harm = hostile
            .as_mut()
            .filter(|_| harms)
            .map(|hostile| hostile.act(&registry, &members));
        let mut asking = JoinSet::new();
        for _ in 0..160 {
            let nth = random.below(PORTALS);
            let feature = ASKED[random.below(ASKED.len())];
            let (registry, portal, clock) = (registry.clone(), subjects[nth].portal.clone(), clock.clone());
            asking.spawn(async move {
                let began = clock.now();
                let caps = registry.handle(&portal).ready_for(feature).await;
                let waited = clock.now().duration_since(began).unwrap_or_default();
                (nth, feature, caps.map_err(|error| error.to_string()), waited)
            });
        }
        while let Some(answer) = pace.run(asking.join_next()).await {
            day.judge(&subjects, answer.unwrap(), clock.now());
        }
        if let Some(harm) = harm {
            pace.clone().patience(PATIENCE / 60).run(harm.join_all()).await;
        }
        while let Some(event) = self::now(events.next()) {
            day.hear(&event.unwrap());
        }
    }

    for subject in &mut subjects {
        subject.requests += subject.emulated.take_requests().len();
    }
    day.requests = subjects.iter().map(|subject| subject.requests).sum();
    day.most = subjects.iter().map(|subject| subject.requests).max().unwrap();
    day.of_hostile = hostile.map_or(0, |hostile| hostile.requests());
    for kind in ["upgraded", "downgraded", "claimed", "gone"] {
        assert!(day.told.contains_key(kind), "{kind}");
    }
    // Once for each lifetime of what is open, two questions each, and the failures.
    assert!(day.requests < PORTALS * 40, "{}", day.requests);
    assert!(day.most < 200, "{}", day.most);
    day
}

/// Each portal of the fleet has a name of its own, so that it is a site by itself, as in the cloud. The
/// emulator answers under its address alone.
struct Named<T>(T);

impl<T: Transport> Transport for Named<T> {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        if !is_of_fleet(request.url()) {
            return self.0.send(request);
        }
        let (mut url, body) = request.into_parts();
        url.set_host(Some("127.0.0.1")).unwrap();
        self.0.send(Request::new(url, body))
    }
}

fn is_of_fleet(url: &Url) -> bool {
    !url.host_str().is_some_and(Hostile::is_host)
}

/// What the transport's client is: it knows where the names of hostile portals lead.
fn client(server: Option<&Server>) -> reqwest::Client {
    let mut client = reqwest::Client::builder()
        .no_proxy()
        .referer(false)
        .redirect(reqwest::redirect::Policy::none());
    for (name, address) in server.into_iter().flat_map(Server::names) {
        client = client.resolve(&name, address);
    }
    client.build().unwrap()
}

fn address(nth: usize, emulated: &EmulatedPortal, member: Option<&str>) -> Portal {
    let mut url: Url = emulated.webhook_url().parse().unwrap();
    url.set_host(Some(&format!("portal{nth}.example"))).unwrap();
    let builder = Portal::builder().allow_http();
    let builder = match member {
        Some(member) => builder.member_id(member),
        None => builder,
    };
    builder.webhook(url.as_str()).unwrap()
}

/// What happens to portals in one moment.
fn happen(subjects: &mut [Subject], random: &mut Random, builds: &[Build], now: SystemTime) {
    for _ in 0..4 {
        let build = builds[random.below(builds.len())].clone();
        let nth = random.below(PORTALS);
        subjects[nth].runs(build, now);
    }
    for _ in 0..3 {
        let nth = random.below(PORTALS);
        let fault = match random.below(5) {
            0 => Fault::html(502),
            1 => Fault::hang_up(),
            2 => Fault::error("PORTAL_DELETED"),
            3 => Fault::error("QUERY_LIMIT_EXCEEDED"),
            _ => Fault::half_body(),
        };
        subjects[nth].emulated.fault(fault);
        subjects[nth].is_out = true;
    }
    for subject in subjects {
        if subject.is_out && random.below(8) == 0 {
            subject.emulated.clear_faults();
            subject.is_out = false;
            subject.out_until = Some(now);
        }
    }
}

impl Day {
    fn judge(&mut self, subjects: &[Subject], (nth, feature, caps, waited): Asked, now: SystemTime) {
        let subject = &subjects[nth];
        self.asked += 1;
        self.waited += waited;
        let caps = match caps {
            Ok(caps) => caps,
            Err(_) if subject.is_out => {
                self.refused += 1;
                return;
            }
            Err(error) => return self.wrong.push(format!("refused though there: {error}")),
        };
        self.answered += 1;
        let supported = match caps.check(feature) {
            Support::Supported => true,
            Support::Unsupported(_) => false,
            other => {
                return self
                    .wrong
                    .push(format!("{feature} on {:?}: {other:?}", subject.emulated));
            }
        };
        // What an upgrade may change is asked for more often.
        let until = caps.table().row(feature).requirement().first_without().is_some();
        let lifetime = if supported != until { SETTLED } else { OPEN };
        if !subject.was_true(feature, supported, now, subject.window(lifetime, now)) {
            let (emulated, history) = (&subject.emulated, &subject.history);
            self.wrong.push(format!(
                "{feature} = {supported} on {emulated:?} at {now:?}: {history:?}"
            ));
        }
    }

    fn hear(&mut self, event: &Event) {
        let (kind, portal) = match event {
            Event::Learned { portal, .. } => ("learned", portal),
            Event::Refreshed { portal, .. } => ("refreshed", portal),
            Event::Upgraded { portal, .. } => ("upgraded", portal),
            Event::Downgraded { portal, .. } => ("downgraded", portal),
            Event::Moved { portal, .. } => ("moved", portal),
            Event::MoveClaimed { portal, to, .. } if !to.contains("evil") => ("claimed", portal),
            Event::MoveClaimed { .. } => return,
            Event::Blocked { portal, .. } => ("gone", portal),
            Event::Failed { portal, .. } => ("failed", portal),
            Event::Lagged { site: Some(site), .. } if site.contains("evil") => return,
            other => return self.wrong.push(format!("{other:?}")),
        };
        if !Hostile::has(portal) {
            *self.told.entry(kind).or_default() += 1;
        }
    }
}
