//! A day in the life of 2,000 portals: upgrades, restores, renames and outages, and
//! bots that ask all the while. No answer may be older than declared.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use imbot_caps::emulator::{Build, EmulatedPortal, Emulator, Fault};
use imbot_caps::{Event, Feature, Lifetimes, Portal, Registry, Support};
use tokio::task::JoinSet;

use crate::pace::{Pace, now};

const PORTALS: usize = 2_000;
const TICK: Duration = Duration::from_secs(300);
const TICKS: u32 = 288;
const HOUR: Duration = Duration::from_secs(3_600);

/// Declared for this fleet. A restored portal is noticed within `SETTLED`.
const SETTLED: Duration = Duration::from_secs(6 * 3_600);
const OPEN: Duration = HOUR;
const REVALIDATE: Duration = Duration::from_secs(1_800);
const IF_ERROR: Duration = Duration::from_secs(7 * 86_400);
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

#[tokio::test]
async fn a_day_of_a_fleet() {
    let (here, there) = (Emulator::start().await.unwrap(), Emulator::start().await.unwrap());
    let (clock, other_clock) = (here.clock(), there.clock());
    other_clock.stop();
    let pace = Pace::new(clock.clone());
    let registry = Registry::builder(pace.transport())
        .clock(pace.clone())
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

    let address = |emulated: &EmulatedPortal, member: Option<&str>| {
        let builder = Portal::builder().allow_http();
        let builder = match member {
            Some(member) => builder.member_id(member),
            None => builder,
        };
        builder.webhook(emulated.webhook_url()).unwrap()
    };
    let mut subjects: Vec<Subject> = (0..PORTALS)
        .map(|nth| {
            let build = builds[random.below(builds.len())].clone();
            let emulated = here.portal(build.clone());
            // Half of them are known by their member_id, and may be renamed.
            let member = (nth % 2 == 0).then(|| emulated.member_id().to_owned());
            Subject {
                portal: address(&emulated, member.as_deref()),
                emulated,
                history: vec![(start, build)],
                out_until: None,
                is_out: false,
                requests: 0,
            }
        })
        .collect();

    let (mut asked, mut answered, mut refused) = (0usize, 0usize, 0usize);
    let mut told: HashMap<&str, usize> = HashMap::new();
    for tick in 1..=TICKS {
        clock.set(start + TICK * tick);
        other_clock.set(clock.now());
        let now = clock.now();

        // What happens to portals.
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
        for subject in &mut subjects {
            if subject.is_out && random.below(8) == 0 {
                subject.emulated.clear_faults();
                subject.is_out = false;
                subject.out_until = Some(now);
            }
        }
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
            subject.portal = address(&renamed, Some(&member));
            subject.emulated = renamed;
            subject.is_out = false;
            subject.out_until = Some(now);
        }

        // What bots ask.
        let mut asking = JoinSet::new();
        for _ in 0..160 {
            let nth = random.below(PORTALS);
            let feature = ASKED[random.below(ASKED.len())];
            let (registry, portal) = (registry.clone(), subjects[nth].portal.clone());
            asking.spawn(async move {
                let caps = registry.portal(&portal).ready_for(feature).await;
                (nth, feature, caps)
            });
        }
        while let Some(answer) = pace.run(asking.join_next()).await {
            let (nth, feature, caps) = answer.unwrap();
            let (subject, now) = (&subjects[nth], clock.now());
            asked += 1;
            let Ok(caps) = caps else {
                assert!(
                    subject.is_out,
                    "only who is out of reach is refused: {:?}",
                    caps.unwrap_err()
                );
                refused += 1;
                continue;
            };
            answered += 1;
            let supported = match caps.check(feature) {
                Support::Supported => true,
                Support::Unsupported(_) => false,
                other => panic!("every build tells enough: {other:?}"),
            };
            // What an upgrade may change is asked for more often.
            let until = caps.table().row(feature).requirement().first_without().is_some();
            let lifetime = if supported != until { SETTLED } else { OPEN };
            assert!(
                subject.was_true(feature, supported, now, subject.window(lifetime, now)),
                "{feature} = {supported} on {:?} at {:?}: {:?}",
                subject.emulated,
                now.duration_since(start),
                subject.history,
            );
        }
        while let Some(event) = self::now(events.next()) {
            let kind = match event.unwrap() {
                Event::Learned { .. } => "learned",
                Event::Refreshed { .. } => "refreshed",
                Event::Upgraded { .. } => "upgraded",
                Event::Downgraded { .. } => "downgraded",
                Event::Moved { .. } => "moved",
                Event::MoveClaimed { .. } => "claimed",
                Event::Gone { .. } => "gone",
                Event::Failed { .. } => "failed",
                other => panic!("{other:?}"),
            };
            *told.entry(kind).or_default() += 1;
        }
    }

    for subject in &mut subjects {
        subject.requests += subject.emulated.take_requests().len();
    }
    let requests: usize = subjects.iter().map(|subject| subject.requests).sum();
    let most = subjects.iter().map(|subject| subject.requests).max().unwrap();
    println!(
        "24 hours, {PORTALS} portals: {asked} asked, {answered} answered, {refused} refused while out of reach, \
         none wrong; {requests} requests, {:.1} for each portal, at most {most}; {told:?}",
        requests as f64 / PORTALS as f64,
    );
    assert!(told["upgraded"] > 0 && told["downgraded"] > 0 && told["claimed"] > 0 && told["gone"] > 0);
    // Once for each lifetime of what is open, two questions each, and the failures.
    assert!(requests < PORTALS * 40, "{requests}");
    assert!(most < 200, "{most}");
}
