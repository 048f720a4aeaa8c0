//! No secret decides whether a portal has moved, or whether that is followed.

use super::*;

/// Redirects each request from `from` to `to`, and answers there.
#[derive(Clone)]
struct Renamed {
    from: &'static str,
    to: &'static str,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Renamed {
    fn new(from: &'static str, to: &'static str) -> Self {
        let asked = Arc::default();
        Self { from, to, asked }
    }

    fn registry(&self, redirects: Redirects) -> Registry {
        Registry::builder(self.clone())
            .redirects(redirects)
            .clock(RuntimeClock::new())
            .deadline(Duration::from_millis(200))
            .build()
    }
}

impl Transport for Renamed {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let (host, path) = (request.url().host_str().unwrap(), request.url().path());
        self.asked.lock().unwrap().push(format!("{host}{path}"));
        let answer = match (host == self.from, path.ends_with("imbot.v2.Revision.get")) {
            (true, _) => Response::new(302, Some(format!("https://{}{path}", self.to)), Vec::new()),
            (false, true) => Response::new(200, None, br#"{"result":{"rest":36,"im":1}}"#.to_vec()),
            (false, false) => Response::new(200, None, br#"{"result":{"id":5}}"#.to_vec()),
        };
        Box::pin(std::future::ready(Ok(answer)))
    }
}

const RENAMES: [(&str, &str); 4] = [
    ("old.localhost", "new.localhost"),
    ("old.bitrix24.com", "new.bitrix24.com"),
    ("portal-old.example", "portal-new.example"),
    ("old.acme.org", "new.acme.org"),
];

#[tokio::test(start_paused = true)]
async fn tokens_never_affect_redirects() {
    for (from, to) in RENAMES {
        let outcome = async |redirects: Redirects, token: &str| {
            let renamed = Renamed::new(from, to);
            let webhook = Portal::webhook(&format!("https://{from}/rest/1/c0dec0dec0de/")).unwrap();
            let client = renamed.registry(redirects.clone()).client(&webhook);
            let params =
                json!({"botId": 7, "botToken": token, "dialogId": "chat5", "fields": {"message": "x"}});
            let called = client.call(SEND, params).await;
            let called = called.map_err(|error| match error {
                CallError::Moved { to } => to,
                other => panic!("{other:?}"),
            });
            let oauth = Portal::oauth(&format!("https://{from}/rest/"), StaticToken::new(token)).unwrap();
            let probed = renamed.registry(redirects).caps(&oauth).await;
            let probed = probed.map(|caps| caps.knowledge().to_string());
            let probed = probed.map_err(|error| error.kind().to_string());
            let asked = std::mem::take(&mut *renamed.asked.lock().unwrap());
            format!("{called:?} {probed:?} {asked:?}")
        };
        let listed = || Redirects::to_hosts([to]).unwrap();
        // Each follows some of these renames.
        let in_cloud = Redirects::any_cloud_portal;
        let same_site = Redirects::same_site;
        let followed = outcome(listed(), NOWHERE).await;
        assert!(followed.starts_with("Ok"), "{followed}");
        let within_cloud = outcome(in_cloud(), NOWHERE).await;
        let in_site = outcome(same_site(), NOWHERE).await;
        for token in parts(to).into_iter().chain(parts(from)) {
            assert_eq!(outcome(listed(), &token).await, followed, "{token}");
            // What the new host alone has is not shown.
            let is_shown = token.len() < 8 || !to.contains(&token) || from.contains(&token);
            if is_shown {
                assert_eq!(outcome(in_cloud(), &token).await, within_cloud, "{token}");
                assert_eq!(outcome(same_site(), &token).await, in_site, "{token}");
            }
        }
        // What both hosts have tells nothing.
        for token in ["localhost", "bitrix24", "bitrix24.com", "example."] {
            assert_eq!(
                outcome(Redirects::deny(), token).await,
                outcome(Redirects::deny(), NOWHERE).await,
                "{token}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn host_containing_secret_is_hidden() {
    for (code, host) in [
        ("s3cretCode", "s3cretcode.example"),
        ("s3cretCode", "x.s3cretcode.example"),
        ("s3cretCode", "xs3cretcode.example"),
    ] {
        let renamed = Renamed::new("acme.example", host);
        let portal = Portal::webhook(&format!("https://acme.example/rest/1/{code}/")).unwrap();
        let registry = renamed.registry(Redirects::deny());
        let error = registry.caps(&portal).await.unwrap_err();
        assert!(
            matches!(error.kind(), ProbeErrorKind::Moved { to: None }),
            "{error}"
        );
        let called = registry.client(&portal).call("profile", json!({})).await;
        assert!(matches!(called, Err(CallError::Moved { to: None })), "{called:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn port_zero_is_no_move() {
    let renamed = Renamed::new("acme.example", "new.example:0");
    let portal = Portal::webhook("https://acme.example/rest/1/c0dec0de/").unwrap();
    let error = renamed
        .registry(Redirects::deny())
        .caps(&portal)
        .await
        .unwrap_err();
    assert!(
        matches!(error.kind(), ProbeErrorKind::Moved { to: None }),
        "{error}"
    );
}
