//! The refresh-token grant, over the wire to an authorisation server.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use imbot_caps::portal::{AccessToken, GrantError, RenewedTokens, TokenError, TokenSource};
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::{Portal, RefreshGrant, Registry};
use imbot_caps_emulator::{App, Build, EmulatedPortal, Emulator, Fault, Installation};
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};

use crate::support::http::{LONG, Untimed};

mod answers;
mod kinds;
mod processes;

/// A portal that installed an application, whose first access token has expired.
struct Stage {
    emulated: EmulatedPortal,
    installed: Installation,
    transport: Arc<Untimed>,
    stored: Arc<Mutex<Vec<Stored>>>,
}

/// What a store was called with, and what had been sent by then.
#[derive(Clone, Debug, PartialEq)]
struct Stored {
    access_token: String,
    refresh_token: String,
    refreshes: usize,
    calls_with_it: usize,
}

impl Stage {
    async fn new() -> Self {
        let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
        emulated.clock().stop();
        let installed = emulated.install(App::new("local.app", "the secret & all"));
        emulated.expire_token(&installed.access_token);
        Self {
            emulated,
            installed,
            transport: Arc::new(Untimed::default()),
            stored: Arc::default(),
        }
    }

    fn note(&self) -> impl Fn(RenewedTokens) -> Stored + Send + Sync + 'static {
        let emulated = self.emulated.clone();
        move |renewed| {
            let token = renewed.access_token().expose();
            let calls = emulated.requests();
            Stored {
                access_token: token.to_owned(),
                refresh_token: renewed.refresh_token().to_owned(),
                refreshes: emulated.auth_server().requests().len(),
                calls_with_it: calls.iter().filter(|call| call.params["auth"] == token).count(),
            }
        }
    }

    /// With a store that notes what it is called with, and fails so often.
    fn grant_over(&self, transport: impl Transport, times: usize) -> RefreshGrant {
        let (note, stored) = (self.note(), Arc::clone(&self.stored));
        let store = move |renewed: RenewedTokens| {
            let stored = {
                let mut stored = stored.lock().unwrap();
                stored.push(note(renewed));
                stored.len()
            };
            std::future::ready(match stored {
                nth if nth <= times => Err("the disk is full"),
                _ => Ok(()),
            })
        };
        RefreshGrant::builder(transport, "local.app", "the secret & all")
            .access_token(&self.installed.access_token)
            .allow_http()
            .clock(self.emulated.clock())
            .build(
                &self.installed.server_endpoint,
                &self.installed.refresh_token,
                store,
            )
            .unwrap()
    }

    fn grant(&self) -> RefreshGrant {
        self.grant_over(Arc::clone(&self.transport), 0)
    }

    fn portal(&self, grant: &RefreshGrant) -> Portal {
        Portal::builder()
            .allow_http()
            .oauth(&self.installed.client_endpoint, grant.clone())
            .unwrap()
    }

    fn registry(&self) -> Registry {
        Registry::builder(Arc::clone(&self.transport))
            .deadline(LONG)
            .build()
    }

    fn first(&self) -> AccessToken {
        AccessToken::new(&self.installed.access_token)
    }

    /// The refresh tokens that were traded in.
    fn traded(&self) -> Vec<String> {
        let requests = self.emulated.auth_server().requests();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        requests
            .iter()
            .map(|request| text(&request.params["refresh_token"]))
            .collect()
    }

    fn stored(&self) -> Vec<Stored> {
        self.stored.lock().unwrap().clone()
    }
}

async fn token(grant: &RefreshGrant, expired: &AccessToken) -> Result<AccessToken, TokenError> {
    grant.token(Some(expired)).await
}

#[tokio::test]
async fn thousand_expired_tokens_refresh_once() {
    let stage = Stage::new().await;
    let portal = stage.portal(&stage.grant());
    let (hold, held) = Fault::hold();
    stage.emulated.auth_server().fault(hold);
    // A registry probes a portal once, so many probes take many registries.
    let registries: Vec<_> = (0..100).map(|_| stage.registry()).collect();
    let probes: Vec<_> = (0..1000)
        .map(|nth| {
            let handle = registries[nth % 100].handle(&portal);
            tokio::spawn(async move { handle.ready().await.map(|caps| caps.knowledge().rest()) })
        })
        .collect();
    held.arrived(1).await;
    held.release();
    for probe in probes {
        assert_eq!(probe.await.unwrap().unwrap(), Some(36));
    }
    assert_eq!(stage.traded(), [&*stage.installed.refresh_token]);
    let stored = stage.stored();
    assert_eq!(stored.len(), 1);
    let calls = stage.emulated.take_requests();
    let with = |token: &str| calls.iter().filter(|call| call.params["auth"] == token).count();
    assert_eq!(with(&stored[0].access_token), 100);
    assert_eq!(with(&stage.installed.access_token) + 100, calls.len());
}

#[tokio::test]
async fn grant_clones_share_one_refresh() {
    let stage = Stage::new().await;
    let grant = stage.grant();
    let (hold, held) = Fault::hold();
    stage.emulated.auth_server().fault(hold);
    let own: Vec<_> = (0..1000)
        .map(|_| {
            let (grant, first) = (grant.clone(), stage.first());
            tokio::spawn(async move { token(&grant, &first).await })
        })
        .collect();
    let handles = [1, 2].map(|_| stage.registry().handle(&stage.portal(&grant)));
    let probes = handles.map(|handle| tokio::spawn(async move { handle.ready().await }));
    held.arrived(1).await;
    held.release();
    for probe in probes {
        assert_eq!(probe.await.unwrap().unwrap().knowledge().rest(), Some(36));
    }
    for own in own {
        assert_eq!(
            own.await.unwrap().unwrap().expose(),
            stage.stored()[0].access_token
        );
    }
    assert_eq!(stage.traded().len(), 1);
}

#[tokio::test]
async fn pair_is_stored_before_use() {
    let stage = Stage::new().await;
    let grant = stage.grant();
    let handle = stage.registry().handle(&stage.portal(&grant));
    assert_eq!(handle.ready().await.unwrap().knowledge().rest(), Some(36));
    let second = stage.stored()[0].clone();
    assert_eq!((second.refreshes, second.calls_with_it), (1, 0));
    let calls = stage.emulated.take_requests();
    assert_eq!(calls.last().unwrap().params["auth"], second.access_token);
    assert_eq!(
        calls.last().unwrap().header("content-type"),
        Some("application/json")
    );

    stage.emulated.clock().advance(Duration::from_secs(3600));
    handle.refresh().await.unwrap();
    let third = stage.stored()[1].clone();
    assert_eq!((third.refreshes, third.calls_with_it), (2, 0));
    assert_eq!(
        stage.traded(),
        [stage.installed.refresh_token.clone(), second.refresh_token]
    );
    let requests = stage.emulated.auth_server().take_requests();
    let form = &requests[0];
    assert_eq!(
        form.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        (form.verb.as_str(), form.path.as_str()),
        ("POST", "/oauth/token/")
    );
    assert_eq!(
        form.params,
        json!({
            "grant_type": "refresh_token",
            "client_id": "local.app",
            "client_secret": "the secret & all",
            "refresh_token": stage.installed.refresh_token,
        })
    );
}

#[tokio::test]
async fn grant_refreshes_only_when_asked() {
    let stage = Stage::new().await;
    let grant = RefreshGrant::builder(Arc::clone(&stage.transport), "local.app", "the secret & all")
        .allow_http()
        .build(
            &stage.installed.server_endpoint,
            &stage.installed.refresh_token,
            async |_| Ok::<_, String>(()),
        )
        .unwrap();
    assert!(stage.traded().is_empty());
    let first = grant.token(None).await.unwrap();
    stage.emulated.clock().advance(Duration::from_secs(86_400));
    assert_eq!(grant.token(None).await.unwrap().expose(), first.expose());
    assert_eq!(stage.traded().len(), 1);
}

#[tokio::test]
async fn refused_refresh_is_not_retried() {
    let stage = Stage::new().await;
    // The server still knows the application by another installation.
    stage.emulated.install(App::new("local.app", "the secret & all"));
    stage
        .emulated
        .auth_server()
        .revoke(&stage.installed.refresh_token);
    let grant = stage.grant();
    let portal = stage.portal(&grant);
    let (hold, held) = Fault::hold();
    stage.emulated.auth_server().fault(hold);
    let probes: Vec<_> = (0..100)
        .map(|_| {
            let handle = stage.registry().handle(&portal);
            tokio::spawn(async move { handle.ready().await })
        })
        .collect();
    held.arrived(1).await;
    held.release();
    for probe in probes {
        let error = probe.await.unwrap().unwrap_err();
        assert!(error.is_credential() && !error.is_transient(), "{error}");
        assert!(error.to_string().contains("invalid_grant"), "{error}");
    }
    stage.emulated.clock().advance(Duration::from_secs(86_400));
    assert!(stage.registry().caps(&portal).await.unwrap_err().is_credential());
    assert!(token(&grant, &stage.first()).await.is_err());
    assert!(
        token(&grant, &AccessToken::new("another")).await.is_ok(),
        "the grant still has the first"
    );
    assert_eq!(stage.traded().len(), 1);
}

#[tokio::test]
async fn first_refused_refresh_is_final() {
    let stage = Stage::new().await;
    stage.emulated.auth_server().fault(Fault::error("invalid_grant"));
    let app = RefreshGrant::builder(Arc::clone(&stage.transport), "local.app", "the secret & all");
    let grant = app
        .allow_http()
        .build(&stage.installed.server_endpoint, "revoked", async |_| {
            Ok::<_, String>(())
        })
        .unwrap();
    let refused = grant.token(None).await.unwrap_err();
    assert!(!refused.is_transient(), "{refused}");
    assert_eq!(grant.token(None).await.unwrap_err(), refused);
    assert_eq!(stage.traded(), ["revoked"]);
}

#[tokio::test]
async fn transient_failure_retries_after_pause() {
    let stage = Stage::new().await;
    let (auth, clock) = (stage.emulated.auth_server(), stage.emulated.clock());
    auth.fault(Fault::html(502).times(2));
    let (grant, first) = (stage.grant(), stage.first());
    for (pause, requests) in [(5, 1), (10, 2)] {
        for _ in 0..3 {
            let error = token(&grant, &first).await.unwrap_err();
            assert!(
                error.is_transient() && error.to_string().contains("502"),
                "{error}"
            );
        }
        clock.advance(Duration::from_secs(pause) - Duration::from_millis(1));
        assert!(token(&grant, &first).await.is_err());
        assert_eq!(stage.traded().len(), requests);
        clock.advance(Duration::from_millis(1));
    }
    let second = token(&grant, &first).await.unwrap();
    assert_eq!(second.expose(), stage.stored()[0].access_token);
    assert_eq!(stage.traded().len(), 3);
}

#[tokio::test]
async fn abandoned_refresh_is_still_stored() {
    let stage = Stage::new().await;
    let grant = stage.grant();
    let (hold, held) = Fault::hold();
    stage.emulated.auth_server().fault(hold);
    let began = tokio::spawn({
        let (grant, first) = (grant.clone(), stage.first());
        async move { token(&grant, &first).await }
    });
    held.arrived(1).await;
    began.abort();
    assert!(began.await.unwrap_err().is_cancelled());
    held.release();
    let second = token(&grant, &stage.first()).await.unwrap();
    assert_eq!(second.expose(), stage.stored()[0].access_token);
    assert_eq!((stage.traded().len(), stage.stored().len()), (1, 1));
}

/// Counts the answers that came through.
struct Answered(Arc<Untimed>, Arc<watch::Sender<usize>>);

impl Transport for Answered {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(async move {
            let response = self.0.send(request).await;
            self.1.send_modify(|count| *count += 1);
            response
        })
    }
}

#[tokio::test]
async fn late_refusal_keeps_newer_pair() {
    let stage = Stage::new().await;
    let answered = Arc::new(watch::Sender::new(0));
    let transport = Answered(Arc::clone(&stage.transport), Arc::clone(&answered));
    let (grant, first) = (stage.grant_over(transport, 0), stage.first());
    let (hold, held) = Fault::hold();
    stage.emulated.auth_server().fault(hold.once());
    let waits = tokio::spawn({
        let (grant, first) = (grant.clone(), first.clone());
        async move { token(&grant, &first).await }
    });
    held.arrived(1).await;
    // It takes too long and is asked anew, with the same refresh token.
    stage.emulated.clock().advance(Duration::from_secs(60));
    let second = token(&grant, &first).await.unwrap();
    assert_eq!(waits.await.unwrap().unwrap().expose(), second.expose());
    held.release();
    let mut answered = answered.subscribe();
    answered.wait_for(|count| *count == 2).await.unwrap();
    assert!(token(&grant, &second).await.is_ok());
    let stored = stage.stored();
    let old = &*stage.installed.refresh_token;
    assert_eq!(stage.traded(), [old, old, &stored[0].refresh_token]);
}

#[tokio::test]
async fn unstored_pair_is_stored_first() {
    let stage = Stage::new().await;
    let grant = stage.grant_over(Arc::clone(&stage.transport), 2);
    let (portal, first) = (stage.portal(&grant), stage.first());
    let error = stage.registry().caps(&portal).await.unwrap_err();
    assert!(error.is_transient() && error.is_credential(), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("the disk is full") && text.contains("repair the store"),
        "{text}"
    );
    stage.emulated.clock().advance(Duration::from_secs(5));
    assert!(token(&grant, &first).await.is_err());
    stage.emulated.clock().advance(Duration::from_secs(10));
    let second = token(&grant, &first).await.unwrap();
    let stored = stage.stored();
    let once = Stored {
        refreshes: 1,
        calls_with_it: 0,
        ..stored[0].clone()
    };
    assert_eq!(
        stored,
        [once.clone(), once.clone(), once],
        "one pair, not used before"
    );
    assert_eq!(second.expose(), stored[0].access_token);
    assert_eq!(stage.traded(), [&*stage.installed.refresh_token]);

    // The next refresh trades in what was stored.
    assert!(token(&grant, &second).await.is_ok());
    assert_eq!(stage.traded()[1], stored[0].refresh_token);
}

/// Tells that the future it was given to has ended, or was dropped.
struct Ends(Arc<Notify>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[tokio::test]
async fn hanging_store_restores_no_old_token() {
    let stage = Stage::new().await;
    let [hangs, goes_on, ended] = [(); 3].map(|()| Arc::new(Notify::new()));
    let in_store = Arc::new(Mutex::new(String::new()));
    let calls = AtomicUsize::new(0);
    let store = {
        let (hangs, goes_on, ended) = (hangs.clone(), goes_on.clone(), ended.clone());
        let in_store = in_store.clone();
        move |renewed: RenewedTokens| {
            let first = (calls.fetch_add(1, Ordering::Relaxed) == 0).then(|| Ends(ended.clone()));
            let (hangs, goes_on, in_store) = (hangs.clone(), goes_on.clone(), in_store.clone());
            async move {
                if first.is_some() {
                    hangs.notify_one();
                    goes_on.notified().await;
                }
                *in_store.lock().unwrap() = renewed.refresh_token().to_owned();
                Ok::<_, String>(())
            }
        }
    };
    let clock = stage.emulated.clock();
    let grant = RefreshGrant::builder(Arc::clone(&stage.transport), "local.app", "the secret & all")
        .allow_http()
        .clock(clock.clone())
        .build(
            &stage.installed.server_endpoint,
            &stage.installed.refresh_token,
            store,
        )
        .unwrap();
    let waits = tokio::spawn({
        let grant = grant.clone();
        async move { grant.token(None).await }
    });
    hangs.notified().await;
    // It takes too long, and the pair is stored anew.
    clock.advance(Duration::from_secs(60));
    let second = waits.await.unwrap().unwrap();
    let third = token(&grant, &second).await.unwrap();
    let last = in_store.lock().unwrap().clone();
    goes_on.notify_one();
    ended.notified().await;
    assert_eq!(*in_store.lock().unwrap(), last, "nor to the store");
    assert_eq!(grant.token(None).await.unwrap().expose(), third.expose());
    token(&grant, &third).await.unwrap();
    assert_eq!(stage.traded().len(), 3);
    assert_eq!(stage.traded()[2], last);
}
