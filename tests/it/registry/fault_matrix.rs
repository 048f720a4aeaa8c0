//! Every fault, on every kind of portal, at every age of what is known: no wrong
//! answer, no panic, no secret, and few requests.

use std::time::Duration;

use imbot_caps::freshness::Lifetimes;
use imbot_caps::registry::ProbeErrorKind;
use imbot_caps::{Caps, Feature, Handle, Portal, ProbeError, Registry, Support};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault};

use crate::support::simulated_clock::Pace;

/// How old what is known is, when the fault sets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Age {
    /// Nothing is known.
    Cold,
    Fresh,
    /// Served, and asked again behind.
    Stale,
    /// Asked first; served if that fails.
    Expired,
    /// Not served if asking fails.
    Ancient,
}

const AGES: [Age; 5] = [Age::Cold, Age::Fresh, Age::Stale, Age::Expired, Age::Ancient];
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
/// The longest lifetime by default: of what no upgrade changes.
const SETTLED: Duration = Duration::from_secs(7 * 86_400);
/// Declared, so that it is longer than the tenth by which lifetimes are shortened: at
/// each age it is known in which window an answer is.
const REVALIDATE: Duration = DAY;

impl Age {
    /// How long ago the portal was asked. What an upgrade may change is good for an
    /// hour, of a portal that was asked once; the rest for a week. Both are served for
    /// a day more, and while asking fails for a week.
    fn passed(self, settled: bool) -> Duration {
        let lifetime = if settled { SETTLED } else { HOUR };
        match self {
            Age::Cold | Age::Fresh => Duration::ZERO,
            Age::Stale => lifetime + HOUR / 2,
            Age::Expired => lifetime + REVALIDATE + HOUR,
            Age::Ancient => lifetime + 8 * DAY,
        }
    }
}

/// What a fault does to a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// The probe learns all the same.
    None,
    /// It fails, however often it asks.
    Fatal,
    /// It fails at first, or not: the answer is right or missing.
    Maybe,
}

/// Codes that prove nothing of a portal, and those that would if they were true.
const CODES: [&str; 20] = [
    "QUERY_LIMIT_EXCEEDED",
    "OPERATION_TIME_LIMIT",
    "CONNECTION_ERROR",
    "INTERNAL_SERVER_ERROR",
    "ERROR_UNEXPECTED_ANSWER",
    "ERROR_CORE",
    "OVERLOAD_LIMIT",
    "PORTAL_DELETED",
    "expired_token",
    "NO_AUTH_FOUND",
    "INVALID_CREDENTIALS",
    "ACCESS_DENIED",
    "user_access_error",
    "APPLICATION_NOT_FOUND",
    "PAYMENT_REQUIRED",
    "INVALID_REQUEST",
    // Of all methods alike: a wrong address.
    "ERROR_METHOD_NOT_FOUND",
    "22002",
    "SOMETHING_NEW",
    "",
];

pub fn faults() -> Vec<(String, Fault, Harm)> {
    let mut faults: Vec<_> = CODES
        .iter()
        .map(|code| (format!("code {code:?}"), Fault::error(*code), Harm::Fatal))
        .collect();
    faults.extend(
        [
            ("HTML 502", Fault::html(502), Harm::Fatal),
            ("HTML 404", Fault::html(404), Harm::Fatal),
            ("HTML 200", Fault::html(200), Harm::Fatal),
            (
                "a proxy's page",
                Fault::body(403, "text/html", "<html><title>Blocked</title>"),
                Harm::Fatal,
            ),
            (
                "text",
                Fault::body(200, "text/plain", "Fatal error: out of memory"),
                Harm::Fatal,
            ),
            ("an empty body", Fault::empty_body(), Harm::Fatal),
            ("a body beyond the limit", Fault::big_body(70_000), Harm::Fatal),
            (
                "an error of a wrong type",
                Fault::json(400, &serde_json::json!({"error": [1]})),
                Harm::Fatal,
            ),
            (
                "a result of a wrong type",
                Fault::result(serde_json::json!("36")),
                Harm::Fatal,
            ),
            (
                "no number",
                Fault::result(serde_json::json!({"web": 130})),
                Harm::Fatal,
            ),
            (
                "null",
                Fault::result(serde_json::json!({"rest": null})),
                Harm::Fatal,
            ),
            ("zero", Fault::result(serde_json::json!({"rest": 0})), Harm::Fatal),
            (
                "a negative number",
                Fault::result(serde_json::json!({"rest": -36})),
                Harm::Fatal,
            ),
            (
                "a number beyond all",
                Fault::result(serde_json::json!({"rest": 1_000_000})),
                Harm::Fatal,
            ),
            (
                "a redirect elsewhere",
                Fault::moved("https://new.example/"),
                Harm::Fatal,
            ),
            (
                "a redirect to itself",
                Fault::redirect("/bitrix/coupon_activation.php"),
                Harm::Fatal,
            ),
            ("a hang-up", Fault::hang_up(), Harm::Fatal),
            ("a reset", Fault::reset(), Harm::Fatal),
            ("a lost answer", Fault::lose_answer(), Harm::Fatal),
            ("half a body", Fault::half_body(), Harm::Fatal),
            ("silence", Fault::latency(3 * DAY), Harm::Fatal),
            ("a drip", Fault::drip(1, HOUR), Harm::Fatal),
            ("a byte order mark", Fault::byte_order_mark(), Harm::None),
            (
                "a slow answer",
                Fault::latency(Duration::from_millis(300)),
                Harm::None,
            ),
            ("one lost answer", Fault::lose_answer().once(), Harm::Maybe),
            (
                "one rate limit",
                Fault::error("QUERY_LIMIT_EXCEEDED").once(),
                Harm::Maybe,
            ),
            (
                "every other answer lost",
                Fault::lose_answer().with_probability(0.5, 7),
                Harm::Maybe,
            ),
            (
                "every other page wrong",
                Fault::html(502).with_probability(0.5, 11),
                Harm::Maybe,
            ),
        ]
        .map(|(name, fault, harm)| (name.to_owned(), fault, harm)),
    );
    faults
}

/// Three questions where a portal is asked once more, four where it refuses `batch`.
const REQUESTS: usize = 4;

/// No answer but the true one, or none.
#[track_caller]
fn truthful(caps: &Caps, truth: &Caps, case: &str) {
    for feature in Feature::all() {
        match caps.check(feature) {
            Support::Unknown(_) => {}
            answer => assert_eq!(
                answer.is_supported(),
                truth.supports(feature),
                "{case}: {feature} by {caps:?}"
            ),
        }
    }
}

#[track_caller]
fn harmless(error: &ProbeError, secret: &str, case: &str) {
    assert!(
        !matches!(
            error.kind(),
            ProbeErrorKind::Panicked | ProbeErrorKind::Interrupted
        ),
        "{case}: {error}"
    );
    let text = format!("{error} {error:?}");
    assert!(!text.contains(secret), "{case}: {text}");
}

#[tokio::test]
async fn every_fault_at_every_age() {
    let builds = [
        Build::rest(30),
        Build::rest32_with_imbot_v2(),
        Build::rest(33).on_premise(),
        Build::rest(36),
    ];
    let (mut cases, mut most) = (0, 0);
    for build in &builds {
        for age in AGES {
            // A registry and a clock for each: ages and pauses do not mix.
            let emulator = Emulator::start().await.unwrap();
            let pace = Pace::new(emulator.clock());
            let registry = Registry::builder(pace.transport())
                .clock(pace.clone())
                .lifetimes(Lifetimes::new().stale_while_revalidate(REVALIDATE))
                .build();
            let mut events = registry.events();
            for (name, fault, harm) in faults() {
                let case = format!("{name} on {}, {age:?}", build.caps().knowledge());
                let emulated = emulator.portal(build.clone());
                let requests = one_case(&pace, &registry, &emulated, fault, harm, age, &case).await;
                (cases, most) = (cases + 1, most.max(requests));
                while let Some(event) = crate::support::simulated_clock::now(events.next()).flatten() {
                    let text = format!("{event:?}");
                    assert!(!text.contains(secret(&emulated)), "{case}: {text}");
                }
            }
        }
    }
    println!(
        "{cases} cases: {} faults x {} builds x {} ages; at most {most} requests for an answer or an error",
        faults().len(),
        builds.len(),
        AGES.len(),
    );
    assert_eq!(cases, faults().len() * builds.len() * AGES.len());
}

fn secret(emulated: &EmulatedPortal) -> &str {
    emulated
        .webhook_url()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap()
}

async fn one_case(
    pace: &Pace,
    registry: &Registry,
    emulated: &EmulatedPortal,
    fault: Fault,
    harm: Harm,
    age: Age,
    case: &str,
) -> usize {
    let truth = emulated.build().caps();
    let portal = Portal::builder()
        .allow_http()
        .webhook(emulated.webhook_url())
        .unwrap();
    let handle = registry.handle(&portal);
    if age != Age::Cold {
        pace.run(handle.ready())
            .await
            .unwrap_or_else(|error| panic!("{case}: {error}"));
        let settled = truth.knowledge().rest() >= Some(36);
        emulated.clock().advance(age.passed(settled));
        emulated.take_requests();
    }

    emulated.fault(fault);
    let first = ask(pace, &handle, &truth, emulated, case).await;
    pace.settle().await;
    let requests = emulated.take_requests().len();
    match (age, harm) {
        (Age::Fresh, _) => {
            assert!(first.is_ok(), "{case}");
            assert_eq!(requests, 0, "{case}");
        }
        (Age::Stale | Age::Expired, _) => assert!(first.is_ok(), "{case}: {:?}", first.err()),
        (Age::Cold | Age::Ancient, Harm::Fatal) => assert!(first.is_err(), "{case}"),
        (_, Harm::None) => assert!(first.is_ok(), "{case}: {:?}", first.err()),
        (_, Harm::Maybe) => {}
    }
    if age != Age::Fresh {
        assert!((1..=REQUESTS).contains(&requests), "{case}: {requests} requests");
    }

    // At once again: a failure is remembered, and so is an answer.
    let second = ask(pace, &handle, &truth, emulated, case).await;
    pace.settle().await;
    assert_eq!(first.is_ok(), second.is_ok(), "{case}");
    assert_eq!(emulated.take_requests().len(), 0, "{case}: asked again at once");

    // When it is over, and the longest pause as well.
    emulated.clear_faults();
    emulated.clock().advance(SETTLED + REVALIDATE + HOUR);
    let caps = ask(pace, &handle, &truth, emulated, case)
        .await
        .unwrap_or_else(|error| panic!("{case}: it is over: {error}"));
    assert_eq!(caps.features(), truth.features(), "{case}");
    pace.settle().await;
    requests
}

/// Asks in every way, and looks at what comes.
async fn ask(
    pace: &Pace,
    handle: &Handle,
    truth: &Caps,
    emulated: &EmulatedPortal,
    case: &str,
) -> Result<Caps, ProbeError> {
    let known = handle.caps();
    truthful(&known, truth, case);
    let answer = pace.run(handle.ready()).await;
    match &answer {
        Ok(caps) => truthful(caps, truth, case),
        Err(error) => harmless(error, secret(emulated), case),
    }
    truthful(&handle.caps(), truth, case);
    answer
}
