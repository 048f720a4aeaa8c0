//! What is known belongs to an address. It goes to another address by proof alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use imbot_caps::portal::RenewedTokens;
use imbot_caps::registry::{ClaimedBy, Event, Events};
use imbot_caps::transport::Redirects;
use imbot_caps::{Handle, Knowledge, Portal, PortalId, RefreshGrant, Registry, Snapshot};
use imbot_caps_emulator::{App, Build, EmulatedPortal, Emulator, Fault, OauthToken};
use serde_json::json;

use crate::support::http::{REVISION, Untimed, asked, sender_claim, webhook};

fn registry(emulator: &Emulator) -> Registry {
    emulator.clock().stop();
    Registry::builder(Untimed::default())
        .clock(emulator.clock())
        .build()
}

/// The member, as it answers at this address.
fn member(emulated: &EmulatedPortal, member_id: &str) -> Portal {
    Portal::builder()
        .allow_http()
        .member_id(member_id)
        .webhook(emulated.webhook_url())
        .unwrap()
}

fn rest(handle: &Handle) -> Option<u16> {
    handle.caps().knowledge().rest()
}

fn at_member(registry: &Registry, emulated: &EmulatedPortal) -> Option<u16> {
    let id: PortalId = emulated.member_id().parse().unwrap();
    registry.get(&id).and_then(|caps| caps.knowledge().rest())
}

/// What waits to be told of moves.
async fn moves(registry: &Registry, events: &mut Events) -> Vec<String> {
    static LAST: AtomicU32 = AtomicU32::new(0xe4d);
    // A claim of a portal that nobody else has is told after all others.
    let id = format!("{:032x}", LAST.fetch_add(1, Ordering::Relaxed));
    let address = format!("https://{id}.example");
    let at = format!("{address}/rest/");
    let portal = Portal::builder().member_id(&id);
    let _ = registry.handle(&portal.webhook(&format!("{at}1/s3cret/")).unwrap());
    let auth =
        json!({"member_id": id, "client_endpoint": "https://end.example/rest/", "application_token": "t"});
    registry.record_sender(&sender_claim(&json!({ "auth": auth }), "t").unwrap());
    let mut told = Vec::new();
    loop {
        match events.next().await.unwrap() {
            Event::MoveClaimed { portal, .. } if portal.to_string() == address => return told,
            Event::MoveClaimed { to, by, .. } => told.push(format!("claimed by {by:?}: {to}")),
            Event::Moved { to, .. } => told.push(format!("moved: {to}")),
            _ => {}
        }
    }
}

#[tokio::test]
async fn webhook_and_member_share_entry() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(33));
    let registry = registry(&emulator);
    let by_webhook = registry.handle(&webhook(&emulated));
    by_webhook.ready().await.unwrap();
    let by_member = registry.handle(&member(&emulated, emulated.member_id()));
    assert_eq!(by_member.ready().await.unwrap().knowledge().rest(), Some(33));
    assert_eq!(asked(&emulated), [REVISION]);
    emulated.set_build(Build::rest(36));
    by_member.refresh().await.unwrap();
    assert_eq!(by_webhook.caps().knowledge().rest(), Some(36));
    by_webhook.pin(Knowledge::pinned(30));
    assert_eq!(by_member.caps().knowledge().rest(), Some(30));
}

/// A hostile tenant and a good one, both known.
struct Tenants {
    emulator: Emulator,
    registry: Registry,
    bad: EmulatedPortal,
    good: EmulatedPortal,
}

impl Tenants {
    async fn known() -> Self {
        let emulator = Emulator::start().await.unwrap();
        let (bad, good) = (emulator.portal(Build::rest(18)), emulator.portal(Build::rest(36)));
        let registry = registry(&emulator);
        for emulated in [&bad, &good] {
            registry
                .caps(&member(emulated, emulated.member_id()))
                .await
                .unwrap();
            asked(emulated);
        }
        Self {
            emulator,
            registry,
            bad,
            good,
        }
    }

    fn claim(&self, member_id: &str, endpoint: &str) {
        let auth =
            json!({"member_id": member_id, "client_endpoint": endpoint, "application_token": "their own"});
        let own = sender_claim(&json!({ "auth": auth }), "their own").unwrap();
        self.registry.record_sender(&own);
    }
}

/// Whatever a tenant claims, the other one is known as before, and asked no more often.
#[tokio::test]
async fn claims_change_nothing_for_others() {
    type Claim = fn(&Tenants);
    let claims: [(&str, Claim); 5] = [
        ("its member at the other's address", |tenants| {
            let _ = tenants
                .registry
                .handle(&member(&tenants.good, tenants.bad.member_id()));
        }),
        ("the other's member at its address", |tenants| {
            let _ = tenants
                .registry
                .handle(&member(&tenants.bad, tenants.good.member_id()));
        }),
        ("both ways round", |tenants| {
            let _ = tenants
                .registry
                .handle(&member(&tenants.good, tenants.bad.member_id()));
            let _ = tenants
                .registry
                .handle(&member(&tenants.bad, tenants.good.member_id()));
        }),
        ("an event that names the other's address", |tenants| {
            tenants.claim(tenants.bad.member_id(), &tenants.good.rest_url());
        }),
        ("a redirect to the other", |tenants| {
            tenants.bad.fault(Fault::moved(tenants.good.url()));
        }),
    ];
    for (what, claim) in claims {
        let tenants = Tenants::known().await;
        let (registry, bad, good) = (&tenants.registry, &tenants.bad, &tenants.good);
        let handles = [
            registry.handle(&webhook(good)),
            registry.handle(&member(good, good.member_id())),
        ];
        let other = registry.handle(&member(bad, bad.member_id()));
        claim(&tenants);
        drop(other.refresh().await);
        for handle in handles.iter().chain([
            &registry.handle(&webhook(good)),
            &registry.handle(&member(good, bad.member_id())),
        ]) {
            assert_eq!(rest(handle), Some(36), "{what}");
            handle.ready().await.unwrap();
        }
        assert_eq!(asked(good), [""; 0], "{what}");
        assert!(matches!(at_member(registry, good), Some(36) | None), "{what}");
        // What it learns of itself is its own.
        bad.clear_faults();
        bad.set_build(Build::rest(19));
        let _ = other.refresh().await;
        assert_eq!(rest(&other), Some(19), "{what}");
        assert_eq!(rest(&handles[0]), Some(36), "{what}");
        handles[1].refresh().await.unwrap();
        assert_eq!(asked(good), [REVISION], "{what}");
        drop(tenants.emulator);
    }
}

#[tokio::test]
async fn claims_are_reported_as_claims() {
    let tenants = Tenants::known().await;
    let (registry, bad, good) = (&tenants.registry, &tenants.bad, &tenants.good);
    let mut events = registry.events();
    let to = good.rest_url();
    for _ in 0..3 {
        tenants.claim(bad.member_id(), &to);
    }
    assert_eq!(
        moves(registry, &mut events).await,
        [format!("claimed by Event: {to}")]
    );
    for _ in 0..3 {
        let _ = registry.handle(&member(good, bad.member_id()));
    }
    let claimed = format!("claimed by {:?}: {to}", ClaimedBy::Program);
    assert_eq!(moves(registry, &mut events).await, [claimed]);
    let copy = tenants.emulator.portal(Build::rest(20));
    for _ in 0..3 {
        let _ = registry.handle(&member(&copy, bad.member_id()));
    }
    let claimed = format!("claimed by {:?}: {}", ClaimedBy::Program, copy.rest_url());
    assert_eq!(moves(registry, &mut events).await, [claimed]);
}

#[tokio::test]
async fn ten_member_copies_stay_separate() {
    let emulator = Emulator::start().await.unwrap();
    let registry = registry(&emulator);
    let copies: Vec<_> = (27..37)
        .map(|rest| (rest, emulator.portal(Build::rest(rest))))
        .collect();
    let member_id = copies[0].1.member_id();
    for _ in 0..5 {
        for (rest, copy) in &copies {
            let caps = registry.caps(&member(copy, member_id)).await.unwrap();
            assert_eq!(caps.knowledge().rest(), Some(*rest));
        }
    }
    assert_eq!(
        at_member(&registry, &copies[0].1),
        None,
        "nobody knows which it is"
    );
    for (rest, copy) in &copies {
        let requests = asked(copy);
        let probes = requests.iter().filter(|method| *method == REVISION).count();
        assert_eq!(probes, 1, "{rest}: {requests:?}");
    }
}

/// A portal that is renamed, and its application with a grant of the authorisation server.
struct Renamed {
    emulator: Emulator,
    old: EmulatedPortal,
    new: EmulatedPortal,
    grant: RefreshGrant,
}

impl Renamed {
    async fn before() -> Self {
        let emulator = Emulator::start().await.unwrap();
        emulator.clock().stop();
        let (old, new) = (emulator.portal(Build::rest(33)), emulator.portal(Build::rest(36)));
        let installed = old.install(App::new("local.app", "the secret"));
        let transport = Arc::new(Untimed::default());
        let grant = RefreshGrant::builder(transport, "local.app", "the secret")
            .access_token(&installed.access_token)
            .allow_http()
            .clock(emulator.clock())
            .build(
                &installed.server_endpoint,
                &installed.refresh_token,
                |_: RenewedTokens| std::future::ready(Ok::<(), &str>(())),
            )
            .unwrap();
        old.expire_token(&installed.access_token);
        Self {
            emulator,
            old,
            new,
            grant,
        }
    }

    fn portal(&self, emulated: &EmulatedPortal) -> Portal {
        Portal::builder()
            .allow_http()
            .member_id(self.old.member_id())
            .oauth(&emulated.rest_url(), self.grant.clone())
            .unwrap()
    }

    /// From now on the authorisation server names this address.
    fn names(&self, emulated: &EmulatedPortal, token: &str) {
        for portal in [&self.old, &self.new] {
            portal.add_token(OauthToken::new(token, "local.app").scopes(["im", "imbot"]));
        }
        self.old.auth_server().clear_faults();
        self.old.auth_server().fault(Fault::json(
            200,
            &json!({
                "access_token": token,
                "refresh_token": format!("refresh of {token}"),
                "client_endpoint": emulated.rest_url(),
                "member_id": self.old.member_id(),
            }),
        ));
    }

    /// The portal has refused this token, and the grant is asked for another.
    async fn renew(&self, registry: &Registry, at: &EmulatedPortal, expired: &str) {
        at.expire_token(expired);
        let _ = registry.handle(&self.portal(at)).refresh().await;
    }
}

#[tokio::test]
async fn token_server_moves_member_knowledge() {
    let stage = Renamed::before().await;
    let registry = registry(&stage.emulator);
    let mut events = registry.events();
    stage.names(&stage.old, "first token");
    let old = registry.handle(&stage.portal(&stage.old));
    old.ready().await.unwrap();
    assert_eq!(moves(&registry, &mut events).await, [""; 0]);
    assert_eq!(at_member(&registry, &stage.old), Some(33));

    // The old address answers no more.
    stage.names(&stage.new, "second token");
    stage.renew(&registry, &stage.old, "first token").await;
    let told = moves(&registry, &mut events).await;
    assert_eq!(told, [format!("moved: {}", stage.new.rest_url())]);
    assert_eq!(asked(&stage.new), [""; 0]);
    let new = registry.handle(&stage.portal(&stage.new));
    assert_eq!(rest(&new), Some(33), "until it has answered");
    assert_eq!(
        new.ready().await.unwrap().knowledge().rest(),
        Some(33),
        "served on"
    );
    new.refresh().await.unwrap();
    assert_eq!(rest(&new), Some(36));
    assert_eq!(asked(&stage.new), [REVISION]);
    assert_eq!(at_member(&registry, &stage.old), Some(36));
    assert_eq!(rest(&old), Some(33), "the old address has what it said itself");
}

#[tokio::test]
async fn knowledge_of_unproven_member_stays() {
    let stage = Renamed::before().await;
    let registry = registry(&stage.emulator);
    // Whose portal this is the authorisation server has not said.
    let webhook = member(&stage.old, stage.old.member_id());
    registry.caps(&webhook).await.unwrap();
    stage.names(&stage.new, "first token");
    let mut events = registry.events();
    registry
        .handle(&stage.portal(&stage.old))
        .refresh()
        .await
        .unwrap();
    assert_eq!(moves(&registry, &mut events).await, [""; 0]);
    let new = registry.handle(&stage.portal(&stage.new));
    assert_eq!(new.caps().knowledge(), &Knowledge::unknown());
}

#[tokio::test]
async fn restart_keeps_proven_members() {
    let stage = Renamed::before().await;
    let first = registry(&stage.emulator);
    stage.names(&stage.old, "first token");
    first.caps(&stage.portal(&stage.old)).await.unwrap();
    let written = serde_json::to_string(&first.snapshot()).unwrap();
    drop(first);

    let second = registry(&stage.emulator);
    second.restore(&Snapshot::from_json(written).unwrap());
    assert_eq!(at_member(&second, &stage.old), Some(33));
    asked(&stage.old);
    let old = second.handle(&stage.portal(&stage.old));
    assert_eq!(old.ready().await.unwrap().knowledge().rest(), Some(33));
    assert_eq!(asked(&stage.old), [""; 0]);
    stage.names(&stage.new, "second token");
    stage.renew(&second, &stage.old, "first token").await;
    assert_eq!(rest(&second.handle(&stage.portal(&stage.new))), Some(33));
}

#[tokio::test]
async fn followed_redirect_teaches_both_addresses() {
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
    let handle = registry.handle(&member(&old, old.member_id()));
    handle.ready().await.unwrap();
    old.fault(Fault::moved(new.url()));
    let mut events = registry.events();
    handle.refresh().await.unwrap();
    let told = moves(&registry, &mut events).await;
    assert_eq!(told, [format!("moved: {}", new.rest_url())]);
    assert_eq!(asked(&new), [REVISION]);
    let there = registry.handle(&member(&new, old.member_id()));
    for handle in [&handle, &there] {
        assert_eq!(handle.ready().await.unwrap().knowledge().rest(), Some(36));
    }
    assert_eq!(at_member(&registry, &old), Some(36));
    assert_eq!(asked(&new), [""; 0], "it has answered");
    // Another portal takes the old address over.
    old.clear_faults();
    old.set_build(Build::rest(20));
    handle.refresh().await.unwrap();
    assert_eq!((rest(&handle), rest(&there)), (Some(20), Some(36)));
}

#[tokio::test]
async fn eviction_spares_handles_and_pins() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let registry = Registry::builder(Untimed::default())
        .clock(emulator.clock())
        .capacity(16)
        .build();
    let (held, pinned) = (emulator.portal(Build::rest(33)), emulator.portal(Build::rest(33)));
    let handle = registry.handle(&webhook(&held));
    handle.ready().await.unwrap();
    registry.handle(&webhook(&pinned)).pin(Knowledge::pinned(30));
    for number in 0..1_000 {
        emulator.clock().advance(Duration::from_secs(1));
        let portal = Portal::webhook(&format!("https://portal-{number}.example/rest/1/s3cret/")).unwrap();
        let _ = registry.handle(&portal);
    }
    assert!(
        format!("{registry:?}").contains("portals: 1"),
        "at most 19: {registry:?}"
    );
    held.set_build(Build::rest(36));
    registry.handle(&webhook(&held)).refresh().await.unwrap();
    assert_eq!(handle.caps().knowledge().rest(), Some(36), "one slot for both");
    let caps = registry.caps(&webhook(&pinned)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(30));
    assert_eq!(asked(&pinned), [""; 0]);
}
