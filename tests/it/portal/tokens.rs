//! Access tokens: replaced once when they have expired, and no more.

use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use imbot_caps::portal::{AccessToken, PortalBuilder, StaticToken, TokenError, TokenSource};
use imbot_caps::registry::ProbeErrorKind;
use imbot_caps::{Handle, Portal, ProbeError, RefreshGrant, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault, OauthToken};
use tokio::task::JoinHandle;

use crate::support::http::{BATCH, REVISION, Untimed, asked, untimed, webhook};

mod grant;

/// Gives these tokens in turn, and notes what it was told had expired.
struct Tokens {
    left: Mutex<Vec<&'static str>>,
    expired: Mutex<Vec<String>>,
}

impl Tokens {
    fn new(tokens: &[&'static str]) -> Self {
        Self {
            left: Mutex::new(tokens.iter().rev().copied().collect()),
            expired: Mutex::default(),
        }
    }
}

impl TokenSource for Tokens {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        if let Some(expired) = expired {
            self.expired.lock().unwrap().push(expired.expose().to_owned());
        }
        let next = self.left.lock().unwrap().pop();
        Box::pin(std::future::ready(
            next.map(AccessToken::new)
                .ok_or_else(|| TokenError::new("none is left")),
        ))
    }
}

#[tokio::test]
async fn expired_token_is_replaced_once() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest32_with_imbot_v2());
    emulated.add_token(OauthToken::new("first", "app.1").expired());
    emulated.add_token(OauthToken::new("second", "app.1"));
    let tokens = Arc::new(Tokens::new(&["first", "second"]));
    let portal = Portal::builder()
        .allow_http()
        .oauth(&emulated.rest_url(), tokens.clone())
        .unwrap();
    // Below imbot.v2.Revision.get the method is not found whatever the token: the
    // next question is the first to meet the expiry.
    let caps = untimed().caps(&portal).await.unwrap();
    assert_eq!(
        (caps.knowledge().rest(), caps.knowledge().imbot_v2()),
        (Some(32), Some(true))
    );
    let sent: Vec<_> = emulated
        .take_requests()
        .into_iter()
        .map(|request| {
            (
                request.method,
                request.params["auth"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let sent: Vec<_> = sent
        .iter()
        .map(|(method, token)| (method.as_str(), token.as_str()))
        .collect();
    assert_eq!(sent, [(REVISION, "first"), (BATCH, "first"), (BATCH, "second"),]);
    assert_eq!(*tokens.expired.lock().unwrap(), ["first"]);
}

#[tokio::test]
async fn repeated_expiry_is_credential_error() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    emulated.add_token(OauthToken::new("first", "app.1").expired());
    emulated.add_token(OauthToken::new("second", "app.1").expired());
    let tokens = Arc::new(Tokens::new(&["first", "second", "third"]));
    let portal = Portal::builder()
        .allow_http()
        .oauth(&emulated.rest_url(), tokens.clone())
        .unwrap();
    let error = untimed().caps(&portal).await.unwrap_err();
    assert!(error.is_credential(), "{error}");
    assert_eq!(asked(&emulated), [REVISION, REVISION]);
    assert_eq!(tokens.left.lock().unwrap().len(), 1);

    let only = Portal::builder()
        .allow_http()
        .oauth(&emulated.rest_url(), StaticToken::new("first"))
        .unwrap();
    let error = untimed().caps(&only).await.unwrap_err();
    assert!(
        error.is_credential() && error.to_string().contains("source that refreshes"),
        "{error}"
    );
}

/// Looks at what the registry knows before it gives a token.
struct Looking(Arc<OnceLock<Handle>>);

impl TokenSource for Looking {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        let known = self.0.get().unwrap().caps().knowledge().rest();
        assert_eq!(known, None, "the probe waits for this token");
        let token = expired.map_or("first", |_| "second");
        Box::pin(std::future::ready(Ok(AccessToken::new(token))))
    }
}

#[tokio::test]
async fn token_source_may_read_caps() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    emulated.add_token(OauthToken::new("first", "app.1").expired());
    emulated.add_token(OauthToken::new("second", "app.1"));
    let handle = Arc::new(OnceLock::new());
    let portal = Portal::builder()
        .allow_http()
        .oauth(&emulated.rest_url(), Looking(Arc::clone(&handle)))
        .unwrap();
    let own = handle.get_or_init(|| untimed().handle(&portal));
    assert_eq!(own.ready().await.unwrap().knowledge().rest(), Some(36));
    assert_eq!(asked(&emulated), [REVISION, REVISION]);
}

#[tokio::test]
async fn shared_source_is_one_credential() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    // No refresh would mend it, so the authorisation server is not asked.
    emulated.fault(Fault::error("NO_AUTH_FOUND"));
    let grant = |server: &str| {
        RefreshGrant::builder(Untimed::default(), "local.app", "secret")
            .access_token("nobody's")
            .build(server, "refresh", async |_| Ok::<_, String>(()))
            .unwrap()
    };
    let shared = Arc::new(StaticToken::new("nobody's"));
    let any: Arc<dyn TokenSource> = shared.clone();
    let one = grant(RefreshGrant::DOCUMENTED_SERVER);
    let (shared, one) = (&shared, &one);
    // How often a portal is asked that refuses each source that is not known yet.
    let asked_with = async |make: &dyn Fn(PortalBuilder) -> Portal| {
        let registry = untimed();
        for _ in 0..5 {
            let portal = make(Portal::builder().allow_http());
            assert!(registry.caps(&portal).await.unwrap_err().is_credential());
        }
        asked(&emulated).len()
    };
    let url = emulated.rest_url();
    let url = &*url;
    assert_eq!(
        asked_with(&|portal| portal.oauth(url, shared.clone()).unwrap()).await,
        1
    );
    assert_eq!(
        asked_with(&|portal| portal.oauth(url, any.clone()).unwrap()).await,
        1
    );
    assert_eq!(
        asked_with(&|portal| portal.oauth(url, one.clone()).unwrap()).await,
        1
    );
    let in_arc = |portal: PortalBuilder| portal.oauth(url, Arc::new(one.clone())).unwrap();
    assert_eq!(asked_with(&in_arc).await, 1);
    let another = |portal: PortalBuilder| portal.oauth(url, StaticToken::new("nobody's")).unwrap();
    assert!(
        asked_with(&another).await > 1,
        "of each other source nothing is known"
    );
}

/// How long a probe may take beside a source that hangs.
const DEADLINE: Duration = Duration::from_secs(10);

/// Never answers.
struct Hangs;

impl TokenSource for Hangs {
    fn token<'a>(
        &'a self,
        _: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        Box::pin(std::future::pending())
    }
}

/// A portal, another look at it by a source that hangs, and a registry of both.
async fn beside_a_source_that_hangs() -> (EmulatedPortal, Portal, Registry) {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    let hangs = Portal::builder()
        .allow_http()
        .oauth(&emulated.rest_url(), Hangs)
        .unwrap();
    let clock = emulated.clock();
    clock.stop();
    let registry = Registry::builder(Untimed::default())
        .clock(clock)
        .deadline(DEADLINE)
        .build();
    (emulated, hangs, registry)
}

/// Lets the others run until somebody waits for a token by the emulator's clock.
async fn hanging(registry: &Registry, hangs: &Portal) -> JoinHandle<Result<(), ProbeError>> {
    let handle = registry.handle(hangs);
    let waits = tokio::spawn(async move { handle.ready().await.map(|_| ()) });
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    waits
}

#[tokio::test]
async fn hanging_source_fails_only_itself() {
    let (emulated, hangs, registry) = beside_a_source_that_hangs().await;
    let waits = hanging(&registry, &hangs).await;
    emulated.clock().advance(DEADLINE);
    let error = waits.await.unwrap().unwrap_err();
    assert!(error.is_credential() && error.is_transient(), "{error}");
    assert!(matches!(error.kind(), ProbeErrorKind::Token(_)), "{error:?}");
    assert!(asked(&emulated).is_empty());
    let told = registry.caps(&webhook(&emulated)).await.unwrap();
    assert_eq!(told.knowledge().rest(), Some(36));
}

#[tokio::test]
async fn hanging_source_blocks_no_other() {
    let (emulated, hangs, registry) = beside_a_source_that_hangs().await;
    let first = hanging(&registry, &hangs).await;
    let second = hanging(&registry, &webhook(&emulated)).await;
    emulated.clock().advance(DEADLINE);
    // It goes on with the other, and what that learns is for both.
    for waits in [first, second] {
        waits.await.unwrap().unwrap();
    }
    assert_eq!(asked(&emulated), [REVISION]);
}
