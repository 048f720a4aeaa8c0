//! Addresses of portals, webhooks, and redirects.

use std::future::{pending, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use imbot_caps::clock::Clock;
use imbot_caps::portal::StaticToken;
use imbot_caps::transport::{Redirects, Request, Response, Transport, TransportError};
use imbot_caps::wire::Call;
use imbot_caps::{Portal, PortalId, Registry};
use url::{Host, Url};

use super::{SECRET, assert_shown, target};

const WORDS: &[&str] = &[
    "https://",
    "http://",
    "/rest/",
    "/rest/1/",
    "/",
    "//",
    "\\",
    "..",
    "%2e",
    "%2F",
    "@",
    ":",
    "?",
    "#",
    ":443",
    ":0",
    "acme.bitrix24.com",
    "bitrix24.com",
    "acme.example",
    "127.0.0.1",
    "[::1]",
    "0x7f.1",
    "xn--80awhdgm.xn--p1ai",
    "\u{442}\u{435}\u{441}\u{442}",
    ".",
    " ",
    "\t",
    "\n",
    "im.revision.get",
    "imbot.v2.Revision.get",
    ".json",
    SECRET,
    "%733cretThatNobodySees",
];

/// An id is read as it is written.
fn id_is_its_text(id: &PortalId) {
    let text = id.to_string();
    assert!(text.len() <= 520, "{text}");
    assert_eq!(text.parse::<PortalId>().as_ref(), Ok(id));
}

target!(addresses, WORDS, 3_000, |input| {
    let text = String::from_utf8_lossy(input);
    let builder = || Portal::builder().allow_http();
    let lower = text.to_lowercase();
    // Then it is the code of a webhook, and no part of the address.
    let is_at_end = lower.matches("3cretthat").count() == 1
        && lower
            .trim()
            .trim_end_matches('/')
            .ends_with(&SECRET.to_lowercase());
    for (portal, has_code) in [
        (Portal::webhook(&text), true),
        (builder().webhook(&text), true),
        (Portal::oauth(&text, StaticToken::new(SECRET)), false),
        (builder().oauth(&text, StaticToken::new(SECRET)), false),
    ] {
        match portal {
            Ok(portal) => {
                id_is_its_text(portal.id());
                let url = Url::parse(portal.endpoint()).unwrap();
                assert!(url.username().is_empty() && url.password().is_none(), "{url}");
                assert!(url.query().is_none() && url.fragment().is_none(), "{url}");
                // A call's name does not lead out of the address.
                let called = Url::parse(&Call::new("../..//@x?y#z").url(portal.endpoint())).unwrap();
                assert_eq!(called.origin(), url.origin());
                assert!(called.path().starts_with(url.path()), "{called}");
                // The parser may find the text in a path where it was written in another way.
                let is_shown = portal.endpoint().to_lowercase().contains("3cretthat");
                if is_at_end && has_code || !is_shown && !lower.contains("3cretthat") {
                    assert_shown(
                        &format!("{portal:?} {} {}", portal.id(), portal.endpoint()),
                        4_096,
                    );
                }
            }
            Err(error) => assert_shown(&format!("{error} {error:?}"), 1_024),
        }
    }
    if let Ok(id) = text.parse::<PortalId>() {
        id_is_its_text(&id);
    }
    // A host without an address around it may be repeated.
    if let Err(error) = Redirects::to_hosts([&*text]) {
        assert!(error.to_string().len() <= 4 * 1_024, "{error}");
        if text.contains('/') {
            assert_shown(&error.to_string(), 1_024);
        }
    }
});

struct Standing;

impl Clock for Standing {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_775_088_000)
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(pending())
    }
}

/// Sends each request elsewhere, and keeps the addresses.
#[derive(Clone)]
struct Away {
    location: String,
    asked: Arc<Mutex<Vec<Url>>>,
}

impl Transport for Away {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let url = request.url().clone();
        let method = url.path().rsplit('/').next().unwrap_or_default();
        let location = self.location.replace("{method}", method);
        self.asked.lock().unwrap().push(url);
        Box::pin(ready(Ok(Response::new(302, Some(location), Vec::new()))))
    }
}

const FIRST: &str = "acme.bitrix24.com";

/// All requests of a probe whose portal sends it away, and the text of its error.
fn probed(location: &str, redirects: Redirects, host: &str) -> (Vec<Url>, String) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let away = Away {
        location: location.to_owned(),
        asked: Arc::clone(&asked),
    };
    let portal = Portal::webhook(&format!("https://{host}/rest/1/{SECRET}/")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let outcome = runtime.block_on(async {
        let registry = Registry::builder(away)
            .clock(Standing)
            .redirects(redirects)
            .build();
        registry.caps(&portal).await
    });
    let error = outcome.expect_err("no reply is an answer");
    let asked = asked.lock().unwrap().clone();
    (asked, format!("{error} {error:?}"))
}

fn is_below(url: &Url, suffixes: &[&str]) -> bool {
    let host = url.host_str().unwrap_or_default();
    suffixes.iter().any(|suffix| {
        host.strip_suffix(suffix)
            .is_some_and(|own| own.len() > 1 && own.ends_with('.'))
    })
}

target!(redirects, WORDS, 300, |input| {
    let location = String::from_utf8_lossy(input);
    let zones = [
        "bitrix24.com",
        "bitrix24.de",
        "bitrix24.ru",
        "bitrix24.eu",
        "bitrix24.es",
        "bitrix24.fr",
    ];
    let listed = Redirects::to_hosts(["new.example", "box.example:8443"]).unwrap();
    type Allowed<'a> = &'a dyn Fn(&Url) -> bool;
    let table = imbot_caps::Table::builtin();
    let is_cloud = |url: &Url| {
        is_below(url, &zones)
            || table
                .cloud_domains()
                .any(|own| is_below(url, &own.names().collect::<Vec<_>>()))
    };
    let policies: [(Redirects, &str, Allowed<'_>); 4] = [
        (Redirects::deny(), FIRST, &|_| false),
        (Redirects::same_site(), "a.acme.co.uk", &|url| {
            url.host_str() == Some("acme.co.uk") || is_below(url, &["acme.co.uk"])
        }),
        (Redirects::any_cloud_portal(), FIRST, &is_cloud),
        (listed, FIRST, &|url| {
            let at = (url.host_str(), url.port());
            at == (Some("new.example"), None) || at == (Some("box.example"), Some(8_443))
        }),
    ];
    for (redirects, host, is_allowed) in policies {
        let (asked, error) = probed(&location, redirects, host);
        assert!(!asked.is_empty() && asked.len() <= 5, "{asked:?}");
        assert_shown(&error, 4_096);
        for url in &asked {
            assert!(
                url.host_str() == Some(host) || is_allowed(url),
                "{url} is not allowed"
            );
            assert!(
                url.scheme() == "https" && url.username().is_empty() && url.password().is_none(),
                "{url}"
            );
            assert!(
                matches!(url.host(), Some(Host::Domain(name)) if !name.contains(&SECRET.to_lowercase())),
                "{url}"
            );
            assert!(url.path().starts_with(&format!("/rest/1/{SECRET}/")), "{url}");
        }
    }
});
