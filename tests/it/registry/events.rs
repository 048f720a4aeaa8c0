//! What a registry tells the operator.

use std::sync::Mutex;
use std::sync::mpsc;

use imbot_caps::registry::{Event, Events};
use imbot_caps::transport::Redirects;
use imbot_caps::wire::Reply;
use imbot_caps::{Feature, Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault, Imbot, Webhook};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::probe::log::{Fields, of_this_thread};
use crate::support::fixture::{MINUTE, Stage, closed, overloaded};
use crate::support::http::{Untimed, untimed, webhook};

const CODE: &str = "c0dethatmustnotbeseen";
const MEMBER: &str = "0123456789abcdef0123456789abcdef";

/// The portal by a credential that must not be seen, and by its `member_id`.
fn member(emulated: &EmulatedPortal) -> Portal {
    let url = emulated.add_webhook(Webhook::new(7, CODE));
    let builder = Portal::builder().allow_http().member_id(MEMBER);
    builder.webhook(&url).unwrap()
}

/// The next event's name.
async fn next(events: &mut Events) -> String {
    let event = events.next().await.unwrap();
    for text in [format!("{event:?}"), format!("{event:#?}")] {
        assert!(!text.contains(CODE), "a secret in: {text}");
    }
    if let Event::Failed { error, .. } | Event::Blocked { error, .. } = &event {
        assert!(!error.to_string().contains(CODE), "a secret in: {error}");
    }
    let text = format!("{event:?}");
    text.split(' ').next().unwrap().to_owned()
}

#[tokio::test]
async fn events_are_ordered_and_redacted() {
    let stage = Stage::set().await;
    let emulated = stage.emulator.portal(Build::rest(34));
    let handle = stage.registry.handle(&member(&emulated));
    let mut events = stage.registry.events();
    handle.ready().await.unwrap();
    assert_eq!(next(&mut events).await, "Learned");
    handle.refresh().await.unwrap();
    assert_eq!(next(&mut events).await, "Refreshed");
    for (build, event) in [
        (Build::rest(36), "Upgraded"),
        (Build::rest(35), "Downgraded"),
        (Build::rest32_without_imbot_v2(), "Downgraded"),
        // The revision is the same, and the API has come.
        (Build::rest32_with_imbot_v2(), "Upgraded"),
        (Build::rest(36).imbot(Imbot::WithoutV2), "Downgraded"),
        (Build::rest(36), "Upgraded"),
    ] {
        emulated.set_build(build);
        handle.refresh().await.unwrap();
        assert_eq!(next(&mut events).await, event, "{handle:?}");
    }
    for (fault, event) in [
        (overloaded(), "Failed"),
        (Fault::error("INVALID_CREDENTIALS").status(403), "Failed"),
        (Fault::error(CODE).status(403), "Failed"),
        (closed(), "Blocked"),
        (Fault::moved("https://new.example/"), "MoveClaimed"),
        // A host that is made of the secret is no address.
        (Fault::moved(&format!("https://{CODE}.example/")), "Blocked"),
        (Fault::redirect("https://new.example/rest/"), "Blocked"),
        (
            Fault::redirect("http://localhost/bitrix/coupon_activation.php"),
            "Blocked",
        ),
        (Fault::moved("https://new.example/").status(303), "Failed"),
        (Fault::redirect("/bitrix/coupon_activation.php"), "Blocked"),
    ] {
        emulated.fault(fault);
        handle.refresh().await.unwrap_err();
        assert_eq!(next(&mut events).await, event);
        emulated.clear_faults();
    }
    let reply = Reply::read(404, None, br#"{"error":"ERROR_METHOD_NOT_FOUND"}"#);
    handle.report_not_found(Feature::SystemMessage, &reply).await;
    assert_eq!(next(&mut events).await, "Refreshed");
    assert_eq!(next(&mut events).await, "Contradicted");

    // The same member at another address.
    let copy = stage.emulator.portal(Build::rest(36));
    drop(stage.registry.handle(&member(&copy)));
    assert_eq!(next(&mut events).await, "MoveClaimed");
    drop((stage, handle));
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn upgrade_event_matches_the_portal() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(34)).await;
    let mut events = stage.registry.events();
    emulated.set_build(Build::rest(35));
    handle.refresh().await.unwrap();
    let Some(Event::Upgraded {
        portal,
        before,
        after,
    }) = events.next().await
    else {
        panic!("it was upgraded");
    };
    assert_eq!((before.rest(), after.rest()), (Some(34), Some(35)));
    assert_eq!(portal, *handle.portal().id());
    assert_eq!(after, *handle.caps().knowledge());
}

#[tokio::test]
async fn slow_listener_learns_missed_count() {
    let stage = Stage::set().await;
    let mut events = stage.registry.events();
    let mut quick = stage.registry.events();
    for nth in 0..1_030 {
        // Each is given an address and then another, and asked at neither.
        for host in ["old", "new"] {
            let builder = Portal::builder().member_id(format!("{nth:032x}"));
            let address = format!("https://{host}{nth}.example/rest/1/s3cret/");
            drop(stage.registry.handle(&builder.webhook(&address).unwrap()));
        }
        let event = quick.next().await;
        assert!(
            matches!(event, Some(Event::MoveClaimed { .. })),
            "{nth}: {event:?}"
        );
    }
    drop(stage);
    // Each portal is a site of its own, and the oldest of them have lost what they told.
    let (mut lost, mut left) = (Vec::new(), 0);
    while let Some(event) = events.next().await {
        match event {
            Event::Lagged { count: 1, site } if left == 0 => lost.extend(site),
            Event::MoveClaimed { .. } => left += 1,
            other => panic!("{other:?}"),
        }
    }
    lost.sort_unstable();
    let sites: Vec<_> = (0..6).map(|nth| format!("new{nth}.example")).collect();
    assert_eq!((lost, left), (sites, 1_024));
}

#[tokio::test]
async fn stream_ends_after_last_probe() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold);
    let mut events = stage.registry.events();
    let waiting = tokio::spawn(async move { handle.ready().await });
    held.arrived(1).await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    drop(stage.registry);
    held.release();
    assert!(matches!(events.next().await, Some(Event::Learned { .. })));
    assert!(events.next().await.is_none(), "and nothing keeps the registry");
}

#[tokio::test]
async fn late_listener_receives_later_events() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(34)).await;
    emulated.set_build(Build::rest(36));
    let mut events = stage.registry.events();
    stage.clock.advance(59 * MINUTE);
    handle.refresh().await.unwrap();
    assert!(matches!(events.next().await, Some(Event::Upgraded { .. })));
    drop(events);
    handle.refresh().await.unwrap();
    let mut events = stage.registry.events();
    emulated.set_build(Build::rest(34));
    handle.refresh().await.unwrap();
    assert!(matches!(events.next().await, Some(Event::Downgraded { .. })));
}

/// A log that is slow to take the first line about what was learned.
struct Slow(Mutex<Option<mpsc::Receiver<()>>>);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Slow {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        let is_event = event.metadata().target() == "imbot_caps::registry::event";
        let go = is_event.then(|| self.0.lock().unwrap().take()).flatten();
        if let Some(go) = go {
            // An error means that the test has failed.
            let _ = go.recv();
        }
    }
}

#[test]
fn slow_log_keeps_event_order() {
    let server = tokio::runtime::Runtime::new().unwrap();
    let emulator = server.block_on(Emulator::start()).unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let (go, wait) = mpsc::channel();
    let log = tracing_subscriber::registry().with(Slow(Mutex::new(Some(wait))));
    let log = tracing::Dispatch::new(log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .on_thread_start(move || std::mem::forget(tracing::dispatcher::set_default(&log)))
        .build()
        .unwrap();
    // Dropped before the runtime, whose end waits for the log.
    let go = go;
    let registry = untimed();
    let mut events = registry.events();
    runtime.block_on(async {
        let handle = registry.handle(&webhook(&emulated));
        handle.ready().await.unwrap();
        // The first probe's task stands in the log still.
        emulated.set_build(Build::rest(36));
        handle.refresh().await.unwrap();
        assert!(matches!(events.next().await, Some(Event::Learned { .. })));
        assert!(matches!(events.next().await, Some(Event::Upgraded { .. })));
        go.send(()).unwrap();
    });
}

/// A hostile tenant claims the member of another one, and its own portal answers badly.
#[tokio::test]
async fn events_never_name_claimed_member() {
    let (old, new) = (
        Emulator::start_single(Build::rest(33)).await.unwrap(),
        Emulator::start_single(Build::rest(36)).await.unwrap(),
    );
    let clock = old.clock();
    clock.stop();
    let host = new.url().trim_start_matches("http://").trim_end_matches('/');
    let registry = Registry::builder(Untimed::default())
        .clock(clock)
        .redirects(Redirects::to_hosts([host]).unwrap())
        .build();
    let (own, log) = (old.webhook_url(), Fields::default());
    let good = Portal::builder()
        .member_id(MEMBER)
        .webhook("https://good.example/rest/1/s3cret/");
    let _ = registry.handle(&good.unwrap());
    let _guard = of_this_thread(tracing_subscriber::registry().with(log.clone()));
    let mut events = registry.events();
    let evil = Portal::builder()
        .allow_http()
        .member_id(MEMBER)
        .webhook(own)
        .unwrap();
    let handle = registry.handle(&evil);
    handle.ready().await.unwrap();
    old.fault(Fault::moved(new.url()));
    handle.refresh().await.unwrap();
    for fault in [
        Fault::moved("https://else.example"),
        Fault::error("INVALID_CREDENTIALS").status(403),
        closed(),
    ] {
        old.clear_faults();
        old.fault(fault);
        let error = handle.refresh().await.unwrap_err();
        assert!(!error.to_string().contains(MEMBER), "{error}");
    }
    drop((registry, handle));
    let (mut told, address) = (Vec::new(), webhook(&old).id().to_string());
    while let Some(event) = events.next().await {
        let text = format!("{event:?}");
        assert!(!text.contains(MEMBER), "{text}");
        assert!(text.contains(&address), "{text}");
        told.push(text.split(' ').next().unwrap().to_owned());
        if let Event::Moved { portal, to } = event {
            assert_eq!((portal.to_string(), to), (address.clone(), new.rest_url()));
        }
    }
    assert_eq!(
        told,
        [
            "MoveClaimed",
            "Learned",
            "Moved",
            "Upgraded",
            "MoveClaimed",
            "Failed",
            "Blocked"
        ]
    );
    assert!(log.mention(&address) && !log.mention(MEMBER));
}
