//! How often portals are asked, and whether what bots are told is true: 20,000 portals
//! under bots that ask all the while, by a clock that is moved.
//!
//! Requests are answered from a table of what emulated portals of each build answer,
//! since weeks of a fleet are some hundred million questions. On a small fleet the
//! emulator itself answers beside it, and each portal must be asked as often by either.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, RwLock};
use std::time::{Duration, SystemTime};

use imbot_caps::clock::Clock;
use imbot_caps::transport::{ReqwestTransport, Response};
use imbot_caps::{Feature, Handle, Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use tokio::runtime::{Builder, Runtime};

mod wire;

use wire::{Shared, Tap, Time, Wire, place};

use super::harness::Effort;
use super::report::{Figure, Report, Target};
use super::sample::Numbers;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
const WEEK: Duration = Duration::from_secs(7 * 86_400);

/// Bots ask each portal so often on the days that count, and hourly before.
const STEP: Duration = Duration::from_secs(600);
/// After the week in which portals are met.
const SETTLING: u32 = 4;

/// What bots ask about: from the oldest to the newest, and what was removed.
const ASKED: [Feature; 6] = [
    Feature::ImbotV2ChatMessageSend,
    Feature::SystemMessage,
    Feature::ImbotV2RevisionGet,
    Feature::BotTokenRotation,
    Feature::ImMessageAdd,
    Feature::BotAppId,
];

pub fn run(effort: Effort, report: &mut Report) {
    let portals = if effort.quick { 2_000 } else { 20_000 };
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let builds = Builds::learn(&runtime);
    agree(&runtime, &builds, report);

    // All at once, on a registry that knows nothing.
    let mut cold = Fleet::new(&builds, portals, Duration::ZERO);
    let days: Vec<Day> = (0..14)
        .map(|day| {
            let step = if day == 0 { STEP } else { HOUR };
            runtime.block_on(cold.live(DAY, step, Upgrades::Some))
        })
        .collect();
    let each = |days: &[Day]| {
        let of_portals = |day: &Day| format!("{:.2}", day.requests as f64 / portals as f64);
        days.iter().map(of_portals).collect::<Vec<_>>().join(", ")
    };
    report.further(format!(
        "All {portals} portals met at once by a registry that knows nothing, the requests of each of the first 14 \
         days for each portal: {}.",
        each(&days),
    ));
    drop(cold);

    let mut fleet = Fleet::new(&builds, portals, WEEK);
    let meeting = runtime.block_on(fleet.live(WEEK, HOUR, Upgrades::Few));
    let settling = runtime.block_on(fleet.live(WEEK * SETTLING, HOUR, Upgrades::Few));
    let newest = fleet.newest();
    let day = runtime.block_on(fleet.live(DAY, STEP, Upgrades::Some));
    let following: Vec<Day> = (0..6)
        .map(|_| runtime.block_on(fleet.live(DAY, HOUR, Upgrades::Some)))
        .collect();
    let all = || days.iter().chain([&meeting, &settling, &day]).chain(&following);
    let wrong: usize = all().map(|day| day.wrong).sum();
    let questions: usize = all().map(|day| day.questions).sum();
    report.hold_two(
        format!("requests in 24 hours, of {portals} portals"),
        Figure::Number(day.requests as f64),
        Figure::Number(portals as f64),
        Target::Times(0.3),
    );
    report.hold_two(
        "wrong answers: untrue, or older than declared",
        Figure::Number(wrong as f64),
        Figure::Number(questions as f64),
        Target::Exactly(0.0),
    );
    report.further(format!(
        "Portals met one by one in a week, then {SETTLING} weeks of questions every hour, then 24 hours that count, \
         with questions every {} minutes. {newest} portals are at the newest revision, the others at {} older \
         builds, {} of them without `imbot.v2.Revision.get`, where an answer is two requests or more.\n\n\
         In the 24 hours: {} questions ({} each time: `ready_for` one of {} features and `supports` of all), {} \
         requests, {} of them for portals at the newest revision, {} for those upgraded that day ({} upgrades). \
         Untrue after an upgrade, within what is declared: {} answers, the oldest {:.1} hours after it. The six \
         days after it: {} times the portals.\n",
        STEP.as_secs() / 60,
        builds.older.len(),
        builds.without_revision_get(),
        day.questions,
        ASKED.len() + 1,
        ASKED.len(),
        day.requests,
        day.of_newest,
        day.of_upgraded,
        day.upgrades,
        day.outdated,
        day.oldest.as_secs_f64() / 3_600.0,
        each(&following),
    ));
}

/// The builds of the fleet, and what each answers to the questions of a probe.
struct Builds {
    newest: Arc<Answers>,
    /// From the oldest to the one before the newest.
    older: Vec<Arc<Answers>>,
}

struct Answers {
    build: Build,
    /// By method.
    replies: HashMap<String, Response>,
    supported: [bool; ASKED.len()],
}

impl Builds {
    /// Asks an emulated portal of each build, and keeps what it answers.
    fn learn(runtime: &Runtime) -> Self {
        let emulator = runtime.block_on(Emulator::start()).unwrap();
        let learn = |build: Build| {
            let emulated = emulator.portal(build.clone());
            let tap = Tap::default();
            let kept = Arc::clone(&tap.replies);
            let registry = Registry::builder(tap).build();
            let caps = runtime.block_on(registry.caps(&webhook(&emulated))).unwrap();
            assert_eq!(caps.features(), build.caps().features(), "a probe tells all");
            let replies = std::mem::take(&mut *kept.lock().unwrap());
            let supported = ASKED.map(|feature| build.caps().supports(feature));
            Arc::new(Answers {
                build,
                replies,
                supported,
            })
        };
        let newest = learn(Build::rest(36));
        let is_older = |build: &Build| build.caps().knowledge().rest() < Some(36);
        Self {
            newest,
            older: Build::shipped().filter(is_older).map(learn).collect(),
        }
    }

    fn without_revision_get(&self) -> usize {
        let is_without = |answers: &&Arc<Answers>| answers.replies.len() > 1;
        self.older.iter().filter(is_without).count()
    }
}

fn webhook(emulated: &EmulatedPortal) -> Portal {
    let builder = Portal::builder().allow_http();
    builder.webhook(emulated.webhook_url()).unwrap()
}

/// How many older portals are upgraded.
#[derive(Clone, Copy)]
enum Upgrades {
    /// One in a hundred a day, to an older build still: the fleet stays as it is.
    Few,
    /// One in twenty a day, every other one to the newest.
    Some,
}

/// Portals, bots that ask about them, and what is true.
struct Fleet<'b> {
    builds: &'b Builds,
    time: Time,
    wire: Arc<Wire>,
    registry: Registry,
    subjects: Vec<Subject>,
    numbers: Numbers,
}

struct Subject {
    portal: Portal,
    place: String,
    /// Once it was met.
    handle: Option<Handle>,
    meets_at: SystemTime,
    answers: Arc<Answers>,
    upgraded: Option<SystemTime>,
    /// By the requests that were seen: the last one, and since when the answer to
    /// them has been the same.
    asked: usize,
    learned: SystemTime,
    same_since: SystemTime,
    told: Arc<Answers>,
    emulated: Option<EmulatedPortal>,
}

/// What came of some time.
#[derive(Default)]
struct Day {
    requests: usize,
    of_newest: usize,
    of_upgraded: usize,
    questions: usize,
    upgrades: usize,
    /// Answers that an upgrade has made untrue, within what is declared.
    outdated: usize,
    /// The longest that such an answer was given after the upgrade.
    oldest: Duration,
    wrong: usize,
}

impl<'b> Fleet<'b> {
    /// Of addresses that are nobody's, met one by one in this time.
    fn new(builds: &'b Builds, portals: usize, meeting: Duration) -> Self {
        let portal = |nth: usize| {
            let url = format!("https://company-{nth}.bitrix24.example/rest/1/k2h7d0qpw3xz8s5v/");
            (Portal::webhook(&url).unwrap(), place(&format!("{url}x")), None)
        };
        Self::of(builds, (0..portals).map(portal), meeting, None)
    }

    fn of(
        builds: &'b Builds,
        portals: impl ExactSizeIterator<Item = (Portal, String, Option<EmulatedPortal>)>,
        meeting: Duration,
        emulator: Option<ReqwestTransport>,
    ) -> Self {
        let (time, count, mut numbers) = (Time::default(), portals.len(), Numbers::new(7));
        let start = time.now();
        let subjects: Vec<Subject> = portals
            .enumerate()
            .map(|(nth, (portal, place, emulated))| {
                // One in twenty is older, of all builds in turn.
                let answers = match nth % 20 {
                    0 => &builds.older[nth / 20 % builds.older.len()],
                    _ => &builds.newest,
                };
                let wait = numbers.below(meeting.as_secs().max(1) as usize);
                Subject {
                    portal,
                    place,
                    handle: None,
                    meets_at: start + Duration::from_secs(wait as u64),
                    answers: Arc::clone(answers),
                    upgraded: None,
                    asked: 0,
                    learned: start,
                    same_since: start,
                    told: Arc::clone(answers),
                    emulated,
                }
            })
            .collect();
        let table = |subject: &Subject| (subject.place.clone(), (Arc::clone(&subject.answers), 0));
        let wire = Arc::new(Wire {
            portals: RwLock::new(subjects.iter().map(table).collect()),
            emulator,
            ..Wire::default()
        });
        let registry = Registry::builder(Shared(Arc::clone(&wire)))
            .clock(time.clone())
            .concurrent_probes(count)
            .build();
        Self {
            builds,
            time,
            wire,
            registry,
            subjects,
            numbers,
        }
    }

    fn newest(&self) -> usize {
        let is_newest = |subject: &&Subject| Arc::ptr_eq(&subject.answers, &self.builds.newest);
        self.subjects.iter().filter(is_newest).count()
    }

    /// Lives for some time, in steps.
    async fn live(&mut self, time: Duration, step: Duration, upgrades: Upgrades) -> Day {
        let mut day = Day::default();
        let steps = (time.as_secs() / step.as_secs()) as usize;
        let sent = self.wire.sent.load(Ordering::Relaxed);
        let mut due = self.upgrades(time, upgrades);
        let all = due.len();
        for nth in 0..steps {
            self.time.advance(step);
            // Spread over the time, the same in every run.
            for (subject, answers) in due.split_off(all - (nth + 1) * all / steps) {
                day.upgrades += 1;
                self.upgrade(subject, answers);
            }
            self.ask(&mut day).await;
        }
        day.requests = self.wire.sent.load(Ordering::Relaxed) - sent;
        day
    }

    /// Who is upgraded in this time, and to what.
    fn upgrades(&mut self, time: Duration, upgrades: Upgrades) -> Vec<(usize, Arc<Answers>)> {
        let older: Vec<usize> = (0..self.subjects.len())
            .filter(|nth| !Arc::ptr_eq(&self.subjects[*nth].answers, &self.builds.newest))
            .collect();
        let days = time.as_secs_f64() / DAY.as_secs_f64();
        let part = match upgrades {
            Upgrades::Few => 0.01,
            Upgrades::Some => 0.05,
        };
        let count = (older.len() as f64 * part * days).ceil() as usize;
        let mut chosen = Vec::new();
        for _ in 0..count {
            let nth = older[self.numbers.below(older.len())];
            let known = &self.builds.older;
            let at = known
                .iter()
                .position(|own| Arc::ptr_eq(own, &self.subjects[nth].answers));
            let next = at.and_then(|at| known.get(at + 1));
            let to = match (upgrades, next) {
                (Upgrades::Few, None) => continue,
                (_, Some(next)) if chosen.len() % 2 == 0 || matches!(upgrades, Upgrades::Few) => next,
                _ => &self.builds.newest,
            };
            if chosen.iter().all(|(other, _)| *other != nth) {
                chosen.push((nth, Arc::clone(to)));
            }
        }
        chosen
    }

    fn upgrade(&mut self, nth: usize, answers: Arc<Answers>) {
        let subject = &mut self.subjects[nth];
        if let Some(emulated) = &subject.emulated {
            emulated.set_build(answers.build.clone());
        }
        let mut portals = self.wire.portals.write().unwrap();
        portals.get_mut(&subject.place).unwrap().0 = Arc::clone(&answers);
        subject.answers = answers;
        subject.upgraded = Some(self.time.now());
    }

    /// Each bot asks once.
    async fn ask(&mut self, day: &mut Day) {
        let now = self.time.now();
        for nth in 0..self.subjects.len() {
            let subject = &mut self.subjects[nth];
            if subject.meets_at > now {
                continue;
            }
            let handle = subject
                .handle
                .get_or_insert_with(|| self.registry.handle(&subject.portal));
            let turn = self.numbers.below(ASKED.len());
            let caps = handle.ready_for(ASKED[turn]).await.unwrap();
            let answered = ASKED.map(|feature| handle.supports(feature));
            day.questions += ASKED.len() + 1;
            let waited = caps.supports(ASKED[turn]);
            if answered == subject.answers.supported && waited == subject.answers.supported[turn] {
                continue;
            }
            let mut told = ASKED.into_iter().zip(answered).chain([(ASKED[turn], waited)]);
            match told.any(|(feature, is_there)| subject.is_unfounded(feature, is_there)) {
                true => day.wrong += 1,
                false => subject.judge(now, day),
            }
        }
        self.settle().await;
        let portals = self.wire.portals.read().unwrap();
        for subject in &mut self.subjects {
            let asked = portals[&subject.place].1;
            let times = asked - subject.asked;
            if times > 0 {
                let is_newest = Arc::ptr_eq(&subject.answers, &self.builds.newest);
                day.of_newest += if is_newest { times } else { 0 };
                day.of_upgraded += if subject.upgraded.is_some_and(|at| at + DAY > now) {
                    times
                } else {
                    0
                };
                let is_first = subject.asked == 0;
                if is_first || !Arc::ptr_eq(&subject.told, &subject.answers) {
                    subject.same_since = now;
                }
                subject.told = Arc::clone(&subject.answers);
                (subject.asked, subject.learned) = (asked, now);
            }
        }
    }

    /// Until nothing is under way.
    async fn settle(&self) {
        let mut quiet = 0;
        while quiet < 16 {
            let before = self.wire.sent.load(Ordering::Relaxed);
            tokio::task::yield_now().await;
            let is_quiet = self.wire.under_way.load(Ordering::Relaxed) == 0
                && self.wire.sent.load(Ordering::Relaxed) == before;
            quiet = if is_quiet { quiet + 1 } else { 0 };
        }
    }
}

impl Subject {
    /// A "yes" that was never true: no portal loses what has no end.
    fn is_unfounded(&self, feature: Feature, is_there: bool) -> bool {
        let has_end = feature.requirement().first_without().is_some();
        is_there && !has_end && !self.answers.build.caps().supports(feature)
    }

    /// Judges an answer that is not true: it was until the upgrade, the portal was not
    /// asked since, and it is no older than declared.
    fn judge(&self, now: SystemTime, day: &mut Day) {
        let age = now.duration_since(self.learned).unwrap();
        let steady = self.learned.duration_since(self.same_since).unwrap();
        // A tenth of the time that it was the same, between an hour and a day; and an
        // hour in which it is served while it is asked again.
        let declared = (steady / 10).clamp(HOUR, DAY) + HOUR;
        let is_known = self.upgraded.is_some_and(|at| at > self.learned);
        if !is_known || age > declared {
            day.wrong += 1;
            return;
        }
        day.outdated += 1;
        let since = self.upgraded.and_then(|at| now.duration_since(at).ok());
        day.oldest = day.oldest.max(since.unwrap_or_default());
    }
}

/// On a small fleet: the emulator and the table are asked by the same questions, portal
/// by portal.
fn agree(runtime: &Runtime, builds: &Builds, report: &mut Report) {
    const PORTALS: usize = 500;
    let emulator = runtime.block_on(Emulator::start()).unwrap();
    let emulated: Vec<EmulatedPortal> = (0..PORTALS)
        .map(|nth| {
            let answers = match nth % 20 {
                0 => &builds.older[nth / 20 % builds.older.len()],
                _ => &builds.newest,
            };
            emulator.portal(answers.build.clone())
        })
        .collect();
    let mut counts = Vec::new();
    let mut requests = 0;
    for by_emulator in [false, true] {
        let portals = emulated.iter().map(|emulated| {
            let place = place(&format!("{}x", emulated.webhook_url()));
            (webhook(emulated), place, by_emulator.then(|| emulated.clone()))
        });
        let transport = by_emulator.then(ReqwestTransport::new);
        let mut fleet = Fleet::of(builds, portals, DAY, transport);
        requests = 0;
        for _ in 0..3 {
            let day = runtime.block_on(fleet.live(3 * DAY, 30 * MINUTE, Upgrades::Some));
            assert_eq!(day.wrong, 0, "wrong answers");
            requests += day.requests;
        }
        let portals = fleet.wire.portals.read().unwrap();
        counts.push(
            fleet
                .subjects
                .iter()
                .map(|subject| portals[&subject.place].1)
                .collect::<Vec<_>>(),
        );
        if by_emulator {
            for (emulated, asked) in emulated.iter().zip(&counts[1]) {
                assert_eq!(
                    emulated.take_requests().len(),
                    *asked,
                    "what reached the emulator"
                );
            }
        }
    }
    assert_eq!(counts[0], counts[1], "each portal is asked as often by either");
    report.further(format!(
        "{PORTALS} emulated portals in 9 days: {requests} requests reached the emulator, portal by portal as many as \
         the table was asked.\n",
    ));
}
