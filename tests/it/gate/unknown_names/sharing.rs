//! Sites and portals share the notes of unknown names, and the lines of the log.

use imbot_caps::gate::{Gate, HttpGateLayer};
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Portal, Registry};
use tower::{Layer, ServiceExt, service_fn};
use tracing_subscriber::layer::SubscriberExt;

use super::told;
use crate::probe::log::{Fields, of_this_thread};

/// Follows links to registered portals.
struct Links {
    registry: Registry,
    gate: Gate,
    log: Fields,
}

impl Links {
    fn new() -> Self {
        let registry = Registry::builder(ReqwestTransport::new()).build();
        Self {
            gate: Gate::new(&registry),
            registry,
            log: Fields::default(),
        }
    }

    async fn follow(&self, host: &str, method: &str) {
        let endpoint = format!("https://{host}/rest/1/s3cretcode/");
        let _handle = self.registry.handle(&Portal::webhook(&endpoint).unwrap());
        let inner = service_fn(|_: http::Request<Vec<u8>>| async {
            Ok::<_, std::convert::Infallible>(http::Response::new(Vec::new()))
        });
        let request = http::Request::get(format!("{endpoint}{method}")).body(Vec::new());
        let service = HttpGateLayer::new(&self.gate).layer(inner);
        service.oneshot(request.unwrap()).await.unwrap();
    }

    /// Whether a name is in the report, and whether it was logged.
    fn has(&self, name: &str) -> (bool, bool) {
        let is_told = told(&self.gate).iter().any(|note| note.contains(name));
        (is_told, self.log.mention(name))
    }
}

#[tokio::test]
async fn names_of_others_hide_no_own() {
    // Many links to one portal, to many portals of one site, and to ten sites.
    let one = |_| "evil.com".to_owned();
    let portals = |nth| format!("p{nth}.evil.com");
    let sites = |nth| format!("evil{}.com", nth % 10);
    // With the program's own portal, as many sites as there are notes.
    let more_sites = |nth| format!("evil{}.com", nth % 63);
    for hosts in [&one as &dyn Fn(usize) -> String, &portals, &sites, &more_sites] {
        let links = Links::new();
        let _guard = of_this_thread(tracing_subscriber::registry().with(links.log.clone()));
        links.follow("own.com", "imbot.v2.Early.typo").await;
        for nth in 0..600 {
            links.follow(&hosts(nth), &format!("imbot.v2.Evil.x{nth}x")).await;
        }
        assert_eq!(links.has("imbot.v2.Early.typo"), (true, true), "{}", hosts(1));
        links.follow("own.com", "imbot.v2.Chat.Message.sned").await;
        assert_eq!(
            links.has("imbot.v2.Chat.Message.sned"),
            (true, true),
            "{}",
            hosts(1)
        );
        let notes = told(&links.gate);
        let note = "the method `imbot.v2.Chat.Message.sned` is not known: did you mean `imbot.v2.Chat.Message.send`?";
        assert_eq!(notes.last().unwrap(), note);
        assert_eq!(notes.len(), 64);
        // The log is bounded.
        assert!(links.log.count("rpc.method") <= 256);
    }
}

/// The parameters of a method are checked in its first calls at each site. Names of one site share
/// them, and so do the sites after the first 1,024.
#[tokio::test]
async fn checks_of_others_hide_no_parameter() {
    const MISSPELT: &str = "im.counters.get?JSNO=Y";
    let portals = |nth| format!("p{nth}.evil.com");
    let sites = |nth| format!("evil{}.com", nth % 50);
    let most_sites = |nth| format!("evil{}.com", nth % 1_023);
    let all_sites = |nth| format!("evil{}.com", nth % 1_040);
    for (hosts, calls, is_told) in [
        (&portals as &dyn Fn(usize) -> String, 600, true),
        (&sites, 1_000, true),
        (&most_sites, 1_023, true),
        (&all_sites, 1_040, false),
    ] {
        let links = Links::new();
        for nth in 0..calls {
            links.follow(&hosts(nth), "im.counters.get?JSON=Y").await;
        }
        links.follow("own.com", MISSPELT).await;
        assert_eq!(links.has("JSNO").0, is_told, "{}", hosts(1));
    }
}

#[tokio::test]
async fn late_names_of_busy_portal_are_told() {
    let links = Links::new();
    let _guard = of_this_thread(tracing_subscriber::registry().with(links.log.clone()));
    for nth in 0..600 {
        links.follow("own.com", &format!("imbot.v2.Evil.x{nth}x")).await;
    }
    links.follow("own.com", "imbot.v2.Late.typo").await;
    // Its share of the log is used up.
    assert_eq!(links.has("imbot.v2.Late.typo"), (true, false));
    assert_eq!(links.has("imbot.v2.Evil.x0x"), (false, true));
    // A name in the report is not noted again.
    for _ in 0..3 {
        links.follow("own.com", "imbot.v2.Late.typo").await;
    }
    let late = told(&links.gate)
        .iter()
        .filter(|note| note.contains("Late"))
        .count();
    assert_eq!(late, 1);
}
