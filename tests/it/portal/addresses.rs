//! What is no address says what to give instead.

use imbot_caps::portal::StaticToken;
use imbot_caps::transport::Redirects;
use imbot_caps::{Portal, PortalId, RefreshGrant};

use crate::support::http::Untimed;

const MEMBER: &str = "0123456789abcdef0123456789abcdef";

/// No constructor takes these.
const WRONG: [&str; 18] = [
    "",
    "  ",
    "acme",
    "acme.bitrix24.com",
    "acme.bitrix24.com:8443",
    "acme.bitrix24.com/rest/",
    "acme.bitrix24.com/rest/1/s3cret/",
    "//acme.bitrix24.com/rest/",
    "https://",
    "https:///rest/",
    "https://ac me.bitrix24.com/rest/",
    "https://u:s3cret@acme.bitrix24.com/rest/",
    "https://acme.bitrix24.com/rest/?auth=s3cret",
    "https://acme.bitrix24.com/rest/#s3cret",
    "https://acme.bitrix24.com/rest/api/",
    "https://acme.bitrix24.com/rest/s3cret",
    "https://acme.bitrix24.com/rest/1/s3cret/profile.json",
    "ftp://acme.bitrix24.com/rest/",
];

/// Each text names what is wanted, and nothing that is not; none repeats a secret.
fn check(found: Result<(), String>, given: &str, wanted: &[&str], unwanted: &[&str]) {
    let Err(text) = found else {
        panic!("{given:?} was taken");
    };
    assert!(!text.contains("s3cret"), "{text}");
    for wanted in wanted {
        assert!(text.contains(wanted), "{given:?}: {text}");
    }
    for unwanted in unwanted {
        assert!(!text.to_lowercase().contains(unwanted), "{given:?}: {text}");
    }
}

fn error_of<T, E: ToString>(found: Result<T, E>) -> Result<(), String> {
    found.map(drop).map_err(|error| error.to_string())
}

#[test]
fn error_asks_for_a_webhook() {
    let own = [
        MEMBER,
        "http://acme.bitrix24.com/rest/1/s3cret/",
        "https://acme.bitrix24.com",
        "https://acme.bitrix24.com/",
        "https://acme.bitrix24.com/rest/",
        "https://acme.bitrix24.com/rest/1/",
        "https://acme.bitrix24.com/1/s3cret/",
    ];
    for given in WRONG.iter().chain(&own) {
        let found = error_of(Portal::webhook(given));
        check(
            found,
            given,
            &["webhook", "https://{host}/rest/{user}/{code}/"],
            &["acme"],
        );
    }
}

#[test]
fn error_asks_for_an_endpoint() {
    let wanted = ["client_endpoint", "https://acme.bitrix24.com/rest/"];
    let own = [
        MEMBER,
        "http://acme.bitrix24.com/rest/",
        "https://acme.bitrix24.com",
        "https://acme.bitrix24.com/",
        "https://acme.bitrix24.com/rest/1/s3cret/",
    ];
    for given in WRONG.iter().chain(&own) {
        let found = error_of(Portal::oauth(given, StaticToken::new("token")));
        let is_webhook =
            given.starts_with("https://") && given.contains("/s3cret") || given.ends_with("/s3cret");
        match is_webhook {
            true => check(found, given, &wanted, &[]),
            false => check(found, given, &wanted, &["webhook"]),
        }
    }
}

#[test]
fn error_asks_for_an_id() {
    let own = [
        "0123",
        "acme.bitrix24.com/rest",
        "https://acme.bitrix24.com/rest/1/s3cret/",
    ];
    for given in WRONG.iter().chain(&own) {
        // An address with or without its path is an id.
        let found = error_of(given.parse::<PortalId>());
        check(
            found,
            given,
            &[
                "PortalId",
                "member_id of 32 hexadecimal digits",
                "https://acme.bitrix24.com",
            ],
            &["client_endpoint"],
        );
    }
    for given in [
        "",
        "acme",
        "acme.bitrix24.com",
        "https://acme.bitrix24.com/rest/",
        "0123",
    ] {
        let made = Portal::builder()
            .member_id(given)
            .webhook("https://acme.bitrix24.com/rest/1/s3cret/");
        check(
            error_of(made),
            given,
            &["member_id", "32 hexadecimal digits"],
            &["webhook"],
        );
    }
}

#[test]
fn error_asks_for_authorisation_server() {
    let own = [
        MEMBER,
        "http://oauth.bitrix.info/rest/",
        "https://oauth.bitrix.info",
        "https://oauth.bitrix.info/oauth/token/",
        "https://acme.bitrix24.com/rest/",
        "https://acme.bitrix24.com/rest/1/s3cret/",
    ];
    for given in WRONG.iter().chain(&own) {
        let app = RefreshGrant::builder(Untimed::default(), "app", "secret");
        let found = error_of(app.build(given, "refresh", async |_| Ok::<_, String>(())));
        check(
            found,
            given,
            &[
                "server_endpoint",
                "https://oauth.bitrix.info/rest/",
                "DOCUMENTED_SERVER",
            ],
            &["webhook", "acme"],
        );
    }
}

#[test]
fn error_asks_for_a_host() {
    for given in WRONG
        .iter()
        .filter(|given| given.contains('/') || given.trim().is_empty())
    {
        let found = error_of(Redirects::to_hosts([given]));
        check(found, given, &["portal.example:8443"], &["webhook"]);
    }
}
