//! No login is printed, and bad settings are told.

use imbot_caps_redis::{OpenError, RedisStore};

const SECRET: &str = "a-secret-password";

#[test]
fn nothing_prints_a_password() {
    let builder = RedisStore::builder(&format!("redis://user:{SECRET}@cache.example:7000/1"));
    let store = builder.clone().open().unwrap();
    let printed = format!("{builder:?} {store:?}");
    assert!(
        !printed.contains(SECRET) && printed.contains("cache.example:7000"),
        "{printed}"
    );
}

#[test]
fn bad_urls_are_errors_without_password() {
    for url in [
        format!("http://user:{SECRET}@cache.example"),
        format!("user:{SECRET}@cache.example"),
        format!("redis://user:{SECRET}@cache.example/{SECRET}"),
        format!("redis://user:{SECRET}@cache.example:99999"),
        format!("redis://user:{SECRET}@"),
        format!("redis://user:{SECRET}%ff%fe@cache.example"),
        format!("rediss://user:{SECRET}@cache.example/#{SECRET}"),
        format!("redis://cache.example/?protocol={SECRET}"),
        String::new(),
    ] {
        let error = RedisStore::open(&url).unwrap_err();
        let printed = format!("{error} {error:?}");
        assert!(matches!(error, OpenError::Url { .. }), "{url}: {printed}");
        assert!(!printed.contains(SECRET), "{printed}");
    }
}

#[test]
fn bad_prefixes_are_errors() {
    for prefix in ["", "a\nb", &"p".repeat(129)] {
        let opened = RedisStore::builder("redis://cache.example").prefix(prefix).open();
        assert_eq!(opened.err(), Some(OpenError::Prefix), "{prefix:?}");
    }
}

#[cfg(all(feature = "sentinel", feature = "cluster"))]
#[test]
fn servers_are_of_one_kind() {
    let login = |secret: &str| format!("redis://user:{secret}@s.example");
    let builder = || RedisStore::builder(&login(SECRET));
    let both = builder()
        .sentinels([login(SECRET)])
        .cluster_nodes([login(SECRET)])
        .open();
    assert_eq!(both.err(), Some(OpenError::SentinelAndCluster));
    let other = format!("{SECRET}-2");
    let errors = [
        builder()
            .sentinels([login(SECRET), login(&other)])
            .open()
            .unwrap_err(),
        builder().cluster_nodes([login(&other)]).open().unwrap_err(),
        builder()
            .sentinels([format!("http://{SECRET}")])
            .open()
            .unwrap_err(),
    ];
    for error in errors {
        let printed = format!("{error} {error:?}");
        assert!(
            matches!(error, OpenError::Url { .. }) && !printed.contains(SECRET),
            "{printed}"
        );
    }
    for store in [
        builder().sentinels([login(SECRET)]).open(),
        builder().cluster_nodes([login(SECRET)]).open(),
    ] {
        let printed = format!("{:?}", store.unwrap());
        assert!(
            !printed.contains(SECRET) && printed.contains("s.example"),
            "{printed}"
        );
    }
}
