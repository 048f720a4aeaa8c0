//! The machine by hand and the registry: the same requests on the wire, the same knowledge, and the
//! same kind of failure. All builds, all faults, both kinds of credential.

use std::pin::Pin;

use imbot_caps::clock::Clock;
use imbot_caps::portal::{AccessToken, TokenError, TokenSource};
use imbot_caps::probe::ProbeErrorClass;
use imbot_caps::probe::{Error, Found, Probe, Step};
use imbot_caps::transport::{Request, Transport, TransportError};
use imbot_caps::{Knowledge, Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault, Imbot, OauthToken};
use serde_json::Value;
use url::Url;

use crate::registry::fault_matrix::faults;
use crate::support::http::{BATCH, OLD, REVISION};
use crate::support::simulated_clock::Pace;

const FIRST: &str = "t0ken-one";
const SECOND: &str = "t0ken-two";

/// Gives the second token for the first.
struct Tokens;

impl TokenSource for Tokens {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        let token = expired.map_or(FIRST, |_| SECOND);
        Box::pin(std::future::ready(Ok(AccessToken::new(token))))
    }
}

fn builds() -> Vec<Build> {
    let uneven = [
        Build::rest(32).imbot(Imbot::WithRevisionGet),
        Build::rest(33).imbot(Imbot::NotInstalled),
        Build::rest(33).imbot(Imbot::WithoutV2),
        Build::rest(33).imbot(Imbot::WithoutRevisionGet),
        Build::rest(33).on_premise(),
        Build::rest(41),
    ];
    Build::shipped().chain(uneven).collect()
}

/// What a caller can see of the end of a probe.
type Outcome = Result<Knowledge, (ProbeErrorClass, Option<std::time::Duration>)>;

/// The methods and parameters of the requests, in their order.
fn sent(emulated: &EmulatedPortal) -> Vec<(String, String, Value)> {
    let requests = emulated.take_requests().into_iter();
    requests
        .map(|request| (request.verb, request.method, request.params))
        .collect()
}

fn class(error: &TransportError) -> ProbeErrorClass {
    match error {
        TransportError::Timeout | TransportError::Connect(_) | TransportError::Broken(_) => {
            ProbeErrorClass::Transient
        }
        TransportError::TooLong { .. } | TransportError::TooMany { .. } | TransportError::NotHttp(_) => {
            ProbeErrorClass::Malformed
        }
        other => panic!("{other:?}"),
    }
}

/// A caller of the machine. It has an HTTP client and a clock, and nothing else of the crate's live part.
async fn by_hand(
    pace: &Pace,
    http: &dyn Transport,
    base: &str,
    token: Option<&str>,
) -> Result<Found<TransportError>, Error<TransportError>> {
    let mut probe = Probe::new(pace.now());
    if let Some(token) = token {
        probe = probe.with_token(token);
    }
    let mut url = Url::parse(base).unwrap();
    loop {
        match probe.step(pace.now()) {
            Step::Send(request) => {
                url = format!("{base}{}", request.method()).parse().unwrap();
                let sending = http.send(Request::new(url.clone(), request.body().into_bytes()));
                let sent = tokio::select! {
                    biased;
                    sent = sending => sent,
                    () = pace.sleep(request.time_left()) => Err(TransportError::Timeout),
                };
                match sent {
                    Ok(response) => request.reply(pace.now(), &response),
                    Err(error) => request.fail(pace.now(), class(&error), error),
                }
            }
            Step::Wait(pause) => {
                pace.sleep(pause.duration()).await;
                pause.resume();
            }
            Step::Renew(renewal) => renewal.done(SECOND),
            Step::Redirect(redirect) => {
                let to = redirect.location().and_then(|to| url.join(to).ok());
                let is_move = |to: &Url| to.path() == url.path() && to.origin() != url.origin();
                let to = to.filter(is_move).map(|to| to.origin().ascii_serialization());
                redirect.refuse(to);
            }
            Step::Done => return probe.finish(),
        }
    }
}

/// One portal, asked by the registry or by hand.
struct Asked {
    outcome: Outcome,
    requests: Vec<(String, String, Value)>,
}

struct Stage {
    emulator: Emulator,
    pace: Pace,
    registry: Registry,
    http: Box<dyn Transport>,
}

impl Stage {
    async fn set() -> Self {
        let emulator = Emulator::start().await.unwrap();
        let pace = Pace::new(emulator.clock()).patience(200);
        let registry = Registry::builder(pace.transport()).clock(pace.clone()).build();
        let http = Box::new(pace.transport());
        Self {
            emulator,
            pace,
            registry,
            http,
        }
    }

    fn portal(&self, build: &Build, faults: &[Fault]) -> EmulatedPortal {
        let emulated = self.emulator.portal(build.clone());
        for token in [FIRST, SECOND] {
            emulated.add_token(OauthToken::new(token, "app.1"));
        }
        for fault in faults {
            emulated.fault(fault.clone());
        }
        emulated
    }

    async fn by_registry(&self, build: &Build, faults: &[Fault], by_token: bool) -> Asked {
        let emulated = self.portal(build, faults);
        let portal = Portal::builder().allow_http();
        let portal = match by_token {
            true => portal.oauth(&emulated.rest_url(), Tokens).unwrap(),
            false => portal.webhook(emulated.webhook_url()).unwrap(),
        };
        let handle = self.registry.handle(&portal);
        let ready = self.pace.run(handle.ready()).await;
        self.pace.settle().await;
        Asked {
            outcome: ready
                .map(|caps| *caps.knowledge())
                .map_err(|error| (error.class(), error.retry_after())),
            requests: sent(&emulated),
        }
    }

    async fn by_hand(&self, build: &Build, faults: &[Fault], by_token: bool) -> Asked {
        let emulated = self.portal(build, faults);
        let (base, token) = match by_token {
            true => (emulated.rest_url(), Some(FIRST)),
            false => (emulated.webhook_url().to_owned(), None),
        };
        let asking = by_hand(&self.pace, &*self.http, &base, token);
        let found = self.pace.run(asking).await;
        self.pace.settle().await;
        Asked {
            outcome: found
                .map(|found| found.knowledge)
                .map_err(|error| (error.class(), error.retry_after())),
            requests: sent(&emulated),
        }
    }
}

#[tokio::test]
async fn registry_and_hand_ask_the_same() {
    let (builds, faults) = (builds(), faults());
    let (mut cases, mut requests, mut learned, mut most) = (0, 0, 0, 0);
    for (nth, build) in builds.iter().enumerate() {
        let stage = Stage::set().await;
        let mut sets = vec![("no fault".to_owned(), vec![])];
        for (place, (name, fault, _)) in faults.iter().enumerate() {
            sets.push((name.clone(), vec![fault.clone()]));
            // The later questions differ by build and fault, so that all of them meet all faults.
            let method = [BATCH, OLD, REVISION, "imbot.v2.Bot.list"][(place + nth) % 4];
            let on_one = fault.clone().on(method);
            sets.push(match (place + nth / 4) % 3 {
                0 => (format!("{name} on {method}"), vec![on_one]),
                1 => (format!("{name} inside"), vec![fault.clone().inside_batch()]),
                _ => {
                    let no_batch = Fault::error("ERROR_BATCH_METHOD_NOT_ALLOWED").on(BATCH);
                    (format!("{name} on {method}, no batch"), vec![no_batch, on_one])
                }
            });
        }
        for (place, (name, faults)) in sets.iter().enumerate() {
            let by_token = (place + nth) % 2 == 1;
            let case = format!("{name} on {build:?}, by token: {by_token}");
            let live = stage.by_registry(build, faults, by_token).await;
            let hand = stage.by_hand(build, faults, by_token).await;
            assert_eq!(live.requests, hand.requests, "{case}");
            assert_eq!(live.outcome, hand.outcome, "{case}");
            cases += 1;
            requests += hand.requests.len();
            most = most.max(hand.requests.len());
            learned += usize::from(hand.outcome.is_ok());
        }
    }
    println!(
        "{cases} cases: {} builds x {} faults; {requests} requests, at most {most}; {learned} learned",
        builds.len(),
        faults.len(),
    );
    assert_eq!(cases, builds.len() * (1 + 2 * faults.len()));
    assert!(
        learned > cases / 4 && learned < cases && most == 5,
        "{learned} {most}"
    );
}
