//! Redirects of a portal that has another address.

use super::*;

/// Two portals at two ports that know the same webhook and the same token: the old
/// address leads to the new one.
async fn renamed() -> (EmulatedPortal, EmulatedPortal) {
    let old = Emulator::start_single(Build::rest(36)).await.unwrap();
    let new = Emulator::start_single(Build::rest(36)).await.unwrap();
    for emulated in [&old, &new] {
        emulated.add_token(OauthToken::new("first", "app.1"));
    }
    old.fault(Fault::moved(new.url()));
    (old, new)
}

fn authority(emulated: &EmulatedPortal) -> &str {
    emulated.url().trim_start_matches("http://").trim_end_matches('/')
}

#[tokio::test]
async fn unallowed_redirect_is_reported_without_secrets() {
    let (old, new) = renamed().await;
    let portal = webhook(old.webhook_url());
    let code = old.webhook_url().rsplit('/').nth(1).unwrap();
    for (to, expected) in [
        (
            format!("{}rest/1/{code}/{REGISTER}?auth={code}", new.url()),
            Some(new.url()),
        ),
        (format!("https://{code}.example/rest/1/{code}/{REGISTER}"), None),
        (format!("{}rest/1/{code}/", new.url()), None),
        (format!("/rest/1/{code}/"), None),
    ] {
        old.clear_faults();
        old.fault(Fault::redirect(&to));
        let stage = Stage::default();
        let mut caller = stage.caller(&portal);
        let Reply::Redirect { location } = call(&mut caller).await else {
            panic!("{to}");
        };
        assert_eq!(location.map(|origin| origin + "/").as_deref(), expected);
        assert_eq!((old.take_requests().len(), caller.moved_to()), (1, None));
    }
    assert!(new.requests().is_empty());
}

#[tokio::test]
async fn allowed_redirect_is_followed_once() {
    let (old, new) = renamed().await;
    let stage = Stage {
        redirects: Redirects::to_hosts([authority(&new), authority(&old)]).unwrap(),
        ..Stage::default()
    };
    let portal = oauth(&old, TwoTokens);
    let mut caller = stage.caller(&portal);
    let reply = call(&mut caller).await;
    assert!(matches!(reply, Reply::Result(_)), "{reply:?}");
    assert_eq!(caller.moved_to(), Some(new.rest_url()));
    assert_eq!((old.bots().len(), new.bots().len()), (0, 1));
    assert_eq!(
        (sent(&old), sent(&new)),
        (vec!["first".to_owned()], vec!["first".to_owned()])
    );

    // A second redirect is an answer, though it leads to where it may be followed.
    new.fault(Fault::moved(old.url()));
    let Reply::Redirect { location } = call(&mut caller).await else {
        panic!("it was followed");
    };
    assert_eq!(location.map(|origin| origin + "/").as_deref(), Some(old.url()));
    assert_eq!((sent(&old).len(), sent(&new).len()), (0, 1));
}

#[tokio::test]
async fn redirect_and_token_refresh_combine() {
    let (old, new) = renamed().await;
    new.expire_token("first");
    new.add_token(OauthToken::new("second", "app.1"));
    let stage = Stage {
        redirects: Redirects::to_hosts([authority(&new)]).unwrap(),
        ..Stage::default()
    };
    let portal = oauth(&old, TwoTokens);
    let reply = call(&mut stage.caller(&portal)).await;
    assert!(matches!(reply, Reply::Result(_)), "{reply:?}");
    assert_eq!(
        (sent(&old).len(), sent(&new)),
        (1, vec!["first".to_owned(), "second".to_owned()])
    );
}
