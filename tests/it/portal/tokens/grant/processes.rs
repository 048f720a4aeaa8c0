//! Several processes that renew the same tokens.

use imbot_caps::PortalError;
use imbot_caps::portal::{StoredTokens, TokenErrorKind};

use super::*;
use crate::support::http::Untimed;

/// What all processes store to.
#[derive(Clone, Default)]
struct Database(Arc<Mutex<Row>>);

#[derive(Default)]
struct Row {
    pair: Option<(String, String)>,
    readings: usize,
}

impl Database {
    fn holding(access_token: &str, refresh_token: &str) -> Self {
        let database = Self::default();
        database.write(access_token, refresh_token);
        database
    }

    fn write(&self, access_token: &str, refresh_token: &str) {
        self.0.lock().unwrap().pair = Some((access_token.to_owned(), refresh_token.to_owned()));
    }

    fn read(&self) -> Option<StoredTokens> {
        let mut row = self.0.lock().unwrap();
        row.readings += 1;
        let (access_token, refresh_token) = row.pair.clone()?;
        Some(StoredTokens::new(access_token, refresh_token))
    }

    fn access_token(&self) -> String {
        self.0.lock().unwrap().pair.clone().unwrap().0
    }

    fn readings(&self) -> usize {
        self.0.lock().unwrap().readings
    }
}

/// A process that began with the pair of the installation.
fn process(stage: &Stage, database: &Database) -> RefreshGrant {
    let read = database.clone();
    process_reading(stage, database, move || {
        std::future::ready(Ok::<_, String>(read.read()))
    })
}

fn process_reading<S>(
    stage: &Stage,
    database: &Database,
    load: impl Fn() -> S + Send + Sync + 'static,
) -> RefreshGrant
where
    S: Future<Output = Result<Option<StoredTokens>, String>> + Send + 'static,
{
    let write = database.clone();
    RefreshGrant::builder(Arc::clone(&stage.transport), "local.app", "the secret & all")
        .access_token(&stage.installed.access_token)
        .allow_http()
        .clock(stage.emulated.clock())
        .stored_tokens(load)
        .build(
            &stage.installed.server_endpoint,
            &stage.installed.refresh_token,
            move |renewed: RenewedTokens| {
                write.write(renewed.access_token().expose(), renewed.refresh_token());
                std::future::ready(Ok::<_, String>(()))
            },
        )
        .unwrap()
}

/// A stage where the refresh token of the installation is refused.
async fn refused() -> Stage {
    let stage = Stage::new().await;
    // The server still knows the application by another installation.
    stage.emulated.install(App::new("local.app", "the secret & all"));
    let auth = stage.emulated.auth_server();
    auth.revoke(&stage.installed.refresh_token);
    stage
}

#[tokio::test]
async fn other_process_pair_is_used() {
    let stage = Stage::new().await;
    let database = Database::default();
    let processes = [1, 2, 3].map(|_| process(&stage, &database));
    let old = stage.installed.refresh_token.clone();
    let renewed = token(&processes[0], &stage.first()).await.unwrap();
    for other in &processes[1..] {
        let portal = stage.portal(other);
        let caps = stage.registry().caps(&portal).await.unwrap();
        assert_eq!(caps.knowledge().rest(), Some(36));
        let calls = stage.emulated.take_requests();
        assert_eq!(calls.last().unwrap().params["auth"], renewed.expose());
    }
    assert_eq!(stage.traded(), [old.clone(), old.clone(), old]);
    assert_eq!(database.readings(), 2);

    // The next time another one is first.
    stage.emulated.auth_server().take_requests();
    stage.emulated.clock().advance(Duration::from_secs(3_600));
    for one in [2, 0, 1] {
        let caps = stage.registry().caps(&stage.portal(&processes[one])).await;
        assert_eq!(caps.unwrap().knowledge().rest(), Some(36));
    }
    assert_eq!(stage.traded().len(), 3, "one refresh, and two that were refused");
    assert_ne!(database.access_token(), renewed.expose());
}

#[tokio::test]
async fn late_stored_pair_is_found() {
    let stage = refused().await;
    let database = Database::default();
    let grant = process(&stage, &database);
    let error = token(&grant, &stage.first()).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    database.write("renewed elsewhere", "next");
    stage.emulated.clock().advance(Duration::from_secs(5));
    let found = token(&grant, &stage.first()).await.unwrap();
    assert_eq!((found.expose(), stage.traded().len()), ("renewed elsewhere", 1));
}

#[tokio::test]
async fn unchanged_store_ends_in_refusal() {
    let stage = refused().await;
    let same = Database::holding(&stage.installed.access_token, &stage.installed.refresh_token);
    for database in [same, Database::default(), Database::holding("another", "")] {
        stage.emulated.auth_server().take_requests();
        let grant = process(&stage, &database);
        for passed in [0, 5, 10] {
            stage.emulated.clock().advance(Duration::from_secs(passed));
            let error = token(&grant, &stage.first()).await.unwrap_err();
            assert!(error.is_transient(), "{error}");
        }
        for passed in [20, 86_400, 86_400] {
            stage.emulated.clock().advance(Duration::from_secs(passed));
            let error = token(&grant, &stage.first()).await.unwrap_err();
            assert_eq!(error.kind(), TokenErrorKind::Credential, "{error}");
            assert!(error.to_string().contains("invalid_grant"), "{error}");
        }
        assert_eq!((stage.traded().len(), database.readings()), (1, 4));
    }
}

#[tokio::test]
async fn expired_stored_token_is_refreshed() {
    let stage = Stage::new().await;
    let other = process(&stage, &Database::default());
    token(&other, &stage.first()).await.unwrap();
    let database = Database::default();
    let grant = process(&stage, &database);
    // The other process has stored its refresh token, and this one's access token.
    let next = format!("refresh2of{}", stage.emulated.member_id());
    database.write(&stage.installed.access_token, &next);
    token(&grant, &stage.first()).await.unwrap();
    let old = &*stage.installed.refresh_token;
    assert_eq!(stage.traded(), [old, old, &next]);
    assert_eq!(database.readings(), 1);
}

#[tokio::test]
async fn refused_stored_pairs_never_loop() {
    for (access_token, requests_at_first) in [("", 2), ("older", 1)] {
        let stage = refused().await;
        let database = Database::holding(access_token, "older too");
        let grant = process(&stage, &database);
        let mut expired = stage.first();
        if let Ok(older) = token(&grant, &expired).await {
            assert_eq!(older.expose(), "older");
            expired = older;
        }
        assert_eq!(stage.traded().len(), requests_at_first);
        let mut last = None;
        for _ in 0..20 {
            stage.emulated.clock().advance(Duration::from_secs(3_600));
            last = token(&grant, &expired).await.err();
        }
        assert_eq!(last.unwrap().kind(), TokenErrorKind::Credential);
        assert_eq!(stage.traded(), [&*stage.installed.refresh_token, "older too"]);
        assert!(database.readings() <= 6, "{}", database.readings());
    }
}

#[tokio::test]
async fn failing_store_is_reread() {
    let stage = refused().await;
    let database = Database::holding("renewed elsewhere", "next");
    let calls = AtomicUsize::new(0);
    let (read, secret) = (database.clone(), stage.installed.refresh_token.clone());
    let grant = process_reading(&stage, &database, move || {
        std::future::ready(match calls.fetch_add(1, Ordering::Relaxed) {
            0..8 => Err(format!("the disk is gone with {secret}")),
            _ => Ok(read.read()),
        })
    });
    for _ in 0..8 {
        let error = token(&grant, &stage.first()).await.unwrap_err();
        let text = error.to_string();
        assert!(
            error.is_transient() && text.contains("the disk is gone"),
            "{text}"
        );
        assert!(!text.contains(&stage.installed.refresh_token), "{text}");
        stage.emulated.clock().advance(Duration::from_secs(600));
    }
    let found = token(&grant, &stage.first()).await.unwrap();
    assert_eq!((found.expose(), stage.traded().len()), ("renewed elsewhere", 1));
}

#[tokio::test]
async fn hanging_store_is_reread() {
    let stage = refused().await;
    let database = Database::holding("renewed elsewhere", "next");
    let [hangs, ended] = [(); 2].map(|()| Arc::new(Notify::new()));
    let calls = AtomicUsize::new(0);
    let (read, hanging, ends) = (database.clone(), hangs.clone(), ended.clone());
    let grant = process_reading(&stage, &database, move || {
        let first = (calls.fetch_add(1, Ordering::Relaxed) == 0).then(|| Ends(ends.clone()));
        let (read, hanging) = (read.clone(), hanging.clone());
        async move {
            if first.is_some() {
                hanging.notify_one();
                std::future::pending::<()>().await;
            }
            Ok(read.read())
        }
    });
    let waits = tokio::spawn({
        let (grant, first) = (grant.clone(), stage.first());
        async move { token(&grant, &first).await }
    });
    hangs.notified().await;
    stage.emulated.clock().advance(Duration::from_secs(60));
    assert_eq!(waits.await.unwrap().unwrap().expose(), "renewed elsewhere");
    ended.notified().await;
    assert_eq!(stage.traded().len(), 1);
}

#[tokio::test]
async fn wrong_configuration_reads_no_store() {
    let stage = Stage::new().await;
    stage
        .emulated
        .auth_server()
        .fault(Fault::error("wrong_client").status(200));
    let database = Database::holding("renewed elsewhere", "next");
    let error = token(&process(&stage, &database), &stage.first())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::Configuration, "{error}");
    assert_eq!(database.readings(), 0);
}

#[tokio::test]
async fn secret_goes_to_no_portal() {
    let app = RefreshGrant::builder(Arc::new(Untimed::default()), "local.app", "secret");
    let build = |server: &str| {
        app.clone()
            .build(server, "refresh", async |_| Ok::<_, String>(()))
    };
    for server in [
        "https://acme.bitrix24.com/rest/",
        "https://ACME.Bitrix24.ru:443/rest",
        "https://acme.bitrix24.com.br/rest/",
        "https://acme.bitrix24.de/rest/1/s3cret/",
        "https://bitrix24.com/rest/",
    ] {
        let error = build(server).unwrap_err();
        assert_eq!(error, GrantError::AuthServerIsPortal, "{server}");
        assert!(
            error.to_string().contains("https://oauth.bitrix.info/rest/"),
            "{error}"
        );
    }
    for server in [
        RefreshGrant::DOCUMENTED_SERVER,
        "https://oauth.bitrix24.tech/rest/",
        "https://oauth.bitrix24.info/rest/",
    ] {
        let grant = build(server).unwrap();
        Portal::oauth("https://box.example/rest/", grant).unwrap();
    }
    // A portal with a domain of its own is known when the grant is given to it.
    for (server, endpoint) in [
        ("https://box.example/rest/", "https://box.example/rest/"),
        ("https://box.example./rest/", "https://box.example/rest/"),
        ("https://box.example:443/auth/rest/", "https://BOX.example/rest"),
        (
            "https://box.example:8443/rest/",
            "https://box.example:8443/crm/rest/",
        ),
    ] {
        let grant = build(server).unwrap();
        for error in [
            Portal::oauth(endpoint, grant.clone()).unwrap_err(),
            Portal::oauth(endpoint, Arc::new(grant)).unwrap_err(),
        ] {
            assert_eq!(error, PortalError::AuthServerIsPortal);
            assert!(error.to_string().contains("server_endpoint"), "{error}");
        }
    }
}
