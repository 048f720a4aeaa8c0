//! Ids of portals: each parses back to itself, one portal has one spelling, and none is
//! long.

use std::cell::Cell;
use std::error::Error;

use imbot_caps::portal::StaticToken;
use imbot_caps::registry::{Event, SenderClaim, SenderClaimOutcome};
use imbot_caps::{Portal, PortalError, PortalId, Snapshot};
use proptest::prelude::*;
use serde_json::json;

use crate::support::http::{claim_of_form, sender_claim, untimed};

const MEMBER: &str = "0123456789abcdef0123456789abcdef";
/// The application token that is stored.
const STORED: &str = "t0ken";

/// More than any id has, with room for what holds it.
const BOUND: usize = 1_024;

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(2_000)
    }
}

/// A portal, as its parts are shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Place {
    scheme: &'static str,
    host: &'static str,
    port: Option<u16>,
    prefix: Vec<&'static str>,
}

/// How else a host is spelled.
fn hosts(host: &str) -> &'static [&'static str] {
    match host {
        "acme.example.com" => &[
            "acme.example.com.",
            "ACME.Example.COM",
            "%61cme.example%2Ecom",
            "acme。example.com",
        ],
        "xn--80awhdgm.xn--p1ai" => &[
            "портал.рф",
            "ПОРТАЛ.РФ.",
            "XN--80AWHDGM.xn--p1ai",
            "%D0%BF%D0%BE%D1%80%D1%82%D0%B0%D0%BB.рф",
        ],
        "[::1]" => &["[0:0:0:0:0:0:0:1]", "[::0001]", "[::0.0.0.1]"],
        "127.0.0.1" => &["127.1", "0x7f.1", "2130706433", "127.0.0.1.", "0177.0.0.01"],
        _ => &["rest.", "REST"],
    }
}

fn place() -> impl Strategy<Value = Place> {
    let hosts = prop::sample::select(vec![
        "acme.example.com",
        "xn--80awhdgm.xn--p1ai",
        "[::1]",
        "127.0.0.1",
        "rest",
    ]);
    let segments = prop::sample::select(vec![
        "crm",
        "CRM",
        "api-old",
        "портал",
        "a b",
        "50%",
        "x%2e",
        "rest",
        "a+b",
        "[x]",
    ]);
    let port = prop::sample::select(vec![None, Some(80), Some(443), Some(8443)]);
    let scheme = prop::sample::select(vec!["http", "https"]);
    (scheme, hosts, port, prop::collection::vec(segments, 0..4)).prop_map(|(scheme, host, port, prefix)| {
        // A number or `rest` before other parts is how a webhook goes on.
        let prefix = match prefix.iter().position(|segment| *segment == "rest") {
            Some(at) => [&prefix[..at], &["rest"][..]].concat(),
            None => prefix,
        };
        let default = if scheme == "https" { 443 } else { 80 };
        Place {
            scheme,
            host,
            port: port.filter(|port| *port != default),
            prefix,
        }
    })
}

/// Choices, one after the other.
struct Choices(Vec<u8>, usize);

impl Choices {
    fn one_of<'t>(&mut self, of: &[&'t str]) -> &'t str {
        self.1 += 1;
        of[usize::from(self.0[self.1 % self.0.len()]) % of.len()]
    }
}

impl Place {
    /// One of the spellings of the endpoint, up to its last slash.
    fn spelled(&self, choices: &mut Choices) -> String {
        let default = if self.scheme == "https" { ":443" } else { ":80" };
        let port = match self.port {
            Some(port) => choices.one_of(&["", "0"]).to_owned() + &port.to_string(),
            None => choices.one_of(&["", default]).trim_start_matches(':').to_owned(),
        };
        let host = choices
            .one_of(&[&[self.host], hosts(self.host)].concat())
            .to_owned();
        let scheme = match choices.one_of(&["as it is", "LOUD"]) {
            "LOUD" => self.scheme.to_uppercase(),
            _ => self.scheme.to_owned(),
        };
        let mut text = format!("{scheme}://{host}");
        if !port.is_empty() {
            text += &format!(":{port}");
        }
        let mut first = true;
        for segment in self.prefix.iter().chain(&["rest"]) {
            text += match first {
                true => choices.one_of(&["/", "//", "/./", "/x/../", "/%2e/", "/../", "\\"]),
                false => choices.one_of(&[
                    "/",
                    "///",
                    "/./",
                    "/x/../",
                    "%2F",
                    "%2f/",
                    "/y%2F../",
                    "/.%2E/./x/../",
                ]),
            };
            if text.ends_with("/.%2E/./x/../") {
                // It has undone what was before.
                text.truncate(text.len() - "/.%2E/./x/../".len());
                text.push('/');
            }
            first = false;
            for byte in segment.bytes() {
                let is_plain = byte.is_ascii_alphanumeric() || b"-+[]".contains(&byte);
                match choices.one_of(&["plain", "plain", "%x", "%X"]) {
                    "plain" if is_plain => text.push(char::from(byte)),
                    "%x" => text += &format!("%{byte:02x}"),
                    _ => text += &format!("%{byte:02X}"),
                }
            }
        }
        text
    }
}

/// The ids that all constructors make of an endpoint, one for each that takes it.
fn ids(endpoint: &str) -> Vec<Result<PortalId, PortalError>> {
    let token = || StaticToken::new("token");
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("auth[application_token]", STORED)
        .append_pair("auth[member_id]", MEMBER)
        .append_pair("auth[client_endpoint]", endpoint)
        .finish();
    let json =
        json!({"auth": {"application_token": STORED, "member_id": MEMBER, "client_endpoint": endpoint}});
    let claimed = |claim: Result<SenderClaim, Box<dyn Error + Send + Sync>>| match claim {
        Ok(claim) => claim.address().cloned(),
        Err(_) => None,
    };
    let portals = [
        Portal::builder()
            .allow_http()
            .webhook(&format!("{endpoint}/1/c0de")),
        Portal::builder()
            .allow_http()
            .webhook(&format!("{endpoint}//1/%63ode///")),
        Portal::builder().allow_http().oauth(endpoint, token()),
        Portal::builder()
            .allow_http()
            .oauth(&format!(" {endpoint}// "), token()),
        Portal::builder()
            .allow_http()
            .member_id(MEMBER)
            .oauth(endpoint, token()),
    ];
    let portals = portals.map(|portal| portal.map(|portal| portal.id().clone()));
    let notices = [
        claimed(sender_claim(&json, STORED)),
        claimed(claim_of_form(&form, STORED)),
    ];
    let texts = [
        endpoint.to_owned(),
        format!("{endpoint}/"),
        format!(" {endpoint} "),
    ];
    let texts = texts.map(|text| text.parse());
    portals
        .into_iter()
        .chain(texts)
        .chain(notices.into_iter().flatten().map(Ok))
        .collect()
}

/// An id is read as it is written, in each form that it has as text, and is not long.
fn check(id: &PortalId) -> Result<(), TestCaseError> {
    let text = id.to_string();
    prop_assert!(text.len() <= BOUND, "{}", text.len());
    let parsed = text.parse::<PortalId>();
    prop_assert_eq!(parsed.as_ref(), Ok(id), "{}", text);
    prop_assert_eq!(parsed.unwrap().to_string(), text);
    let written = serde_json::to_string(id).unwrap();
    let read: PortalId = serde_json::from_str(&written).unwrap();
    prop_assert_eq!(&read, id);
    prop_assert_eq!(serde_json::to_string(&read).unwrap(), written);
    Ok(())
}

#[test]
fn one_portal_has_one_spelling() {
    proptest!(config(), |(place in place(), choices in prop::collection::vec(any::<u8>(), 1..200))| {
        let plain = ids(&place.spelled(&mut Choices(vec![0], 0)))[2].clone().unwrap();
        let spelled = place.spelled(&mut Choices(choices, 0));
        let ids = ids(&spelled);
        prop_assert_eq!(ids.len(), 10, "a claim was not taken: {}", &spelled);
        for (nth, id) in ids.into_iter().enumerate() {
            let id = id.map_err(|error| TestCaseError::fail(format!("{spelled}, {nth}: {error}")))?;
            match nth {
                4 => prop_assert_eq!(id.to_string(), MEMBER),
                _ => prop_assert_eq!(&id, &plain, "{}, {}", nth, &spelled),
            }
            check(&id)?;
        }
        // A record of a snapshot says the same, and so does a registry.
        let record = json!({
            "portal": spelled, "address": plain, "learned_unix_ms": 1_775_088_000_000_u64,
            "known": {"rest": {"least": 33, "least_from": "im.revision.get", "most": 33, "most_from": "im.revision.get"}},
        });
        let snapshot = Snapshot::from_json(json!({"format": 1, "records": [record]}).to_string()).unwrap();
        prop_assert_eq!(snapshot.skipped(), []);
        let registry = untimed();
        prop_assert_eq!(registry.restore(&snapshot).taken, 1);
        let portal = Portal::builder().allow_http().webhook(&format!("{spelled}/1/c0de")).unwrap();
        prop_assert_eq!(registry.handle(&portal).caps().knowledge().rest_at_least(), 33);
        prop_assert_eq!(registry.get(&plain).map(|caps| caps.knowledge().rest_at_least()), Some(33));
        let again = registry.snapshot();
        prop_assert_eq!(again.records()[0].portal(), &plain);
    });
}

#[test]
fn portal_ids_are_unique() {
    proptest!(config(), |(one in place(), other in place())| {
        let [a, b] = [&one, &other].map(|place| ids(&place.spelled(&mut Choices(vec![0], 0)))[2].clone().unwrap());
        prop_assert_eq!(a == b, one == other, "{} and {}", a, b);
    });
}

#[test]
fn ids_round_trip_through_text() {
    let part = "[a-zA-Z0-9.%_~!$&'()*+,;=:@é /\\\\|^`{}\\[\\]\u{1}\t\u{80}-]{0,20}";
    let address = (
        "(https?|HTTPS)",
        "([a-zA-Z0-9.%-]{1,20}|é[a-zß。.]{0,8}|[0-9a-fx.]{1,10}|\\[[0-9a-f:.]{1,12}\\])",
        "(:[0-9]{0,5})?",
        part,
        "(/|//|%2f)?(rest|%72est|REST|api)?(/|//|%2F)?",
    );
    let address =
        address.prop_map(|(scheme, host, port, path, end)| format!("{scheme}://{host}{port}/{path}{end}"));
    let any_text =
        prop_oneof![8 => address, 1 => "\\PC{0,40}", 1 => "[0-9a-fA-F]{31,33}", 1 => "https://.{0,40}"];
    let taken = Cell::new(0);
    proptest!(config(), |(text in any_text)| {
        for id in ids(&text).into_iter().flatten() {
            taken.set(taken.get() + 1);
            check(&id)?;
        }
    });
    assert!(taken.get() > 2_000, "{taken:?}");
}

#[test]
fn escapes_and_dots_are_normalised() {
    for (one, other) in [
        ("https://box.example/50%/rest/", "https://box.example/50%25/rest/"),
        (
            "https://box.example/%%37%32/rest/",
            "https://box.example/%2572/rest/",
        ),
        ("https://box.example/a|b/rest/", "https://box.example/a%7cb/rest/"),
        (
            "https://box.example/(crm)/rest/",
            "https://box.example/%28crm%29/rest/",
        ),
    ] {
        let [one, other] = [one, other].map(|text| text.parse::<PortalId>().unwrap());
        assert_eq!(one, other);
    }
    // Bytes that are no text are not the same text.
    let [one, other] = ["%FE", "%FF"].map(|byte| format!("https://box.example/{byte}/rest/"));
    assert_ne!(one.parse::<PortalId>(), other.parse::<PortalId>());
    for host in ["acme..bitrix24.com", ".acme.example", "acme.example..", "."] {
        let error = format!("https://{host}/rest/").parse::<PortalId>().unwrap_err();
        assert!(matches!(error, PortalError::NotAUrl(..)), "{host}: {error}");
    }
}

#[test]
fn long_addresses_are_refused() {
    let label = "a".repeat(63);
    let host = [label.as_str(); 4].join(".");
    let idn = ["日本語é"; 43].join(".");
    for endpoint in [
        format!("https://{host}/rest/"),
        format!("https://{idn}.example/rest/"),
        format!("https://acme.example/{}/rest/", "a".repeat(600)),
        // It is short, and its one spelling is not.
        format!("https://acme.example/{}/rest/", "é".repeat(100)),
        format!("https://acme.example{}/rest/", "/.".repeat(1_000_000)),
    ] {
        for found in ids(&endpoint) {
            let error = found.unwrap_err();
            let text = error.to_string();
            assert!(
                matches!(error, PortalError::TooLong(_) | PortalError::NotAUrl(..)),
                "{text}"
            );
            assert!(text.len() < 400 && text.contains("give"), "{text}");
        }
        let json =
            json!({"auth": {"application_token": STORED, "member_id": MEMBER, "client_endpoint": endpoint}});
        let error = sender_claim(&json, STORED).unwrap_err();
        assert!(error.to_string().len() < 400, "{error}");
    }
    let error = "0".repeat(1_000_000).parse::<PortalId>().unwrap_err();
    assert_eq!(error, PortalError::NotAnId);
    // The longest host is one.
    let longest = format!(
        "https://{}.{}/rest/",
        [label.as_str(); 3].join("."),
        "b".repeat(61)
    );
    let id: PortalId = longest.parse().unwrap();
    check(&id).unwrap();
}

#[test]
fn notice_data_is_bounded() {
    let registry = untimed();
    let portal = Portal::builder()
        .member_id(MEMBER)
        .webhook("https://acme.example/rest/1/c0de/")
        .unwrap();
    let _handle = registry.handle(&portal);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let taken = Cell::new(0);
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) }, |(
        host in "[a-zé]{1,60}(\\.[a-z]{1,60}){0,5}",
        path in "(/[a-z%é ]{0,20}){0,16}",
        length in 0..2_000_usize,
        extra in "[a-z0-9]{0,40}",
    )| {
        let mut events = registry.events();
        let pad = "p".repeat(length * usize::from(length % 3 == 0));
        let json = json!({
            "event": extra.repeat(1_000),
            "auth": {
                "application_token": STORED,
                "member_id": MEMBER,
                "client_endpoint": format!("https://{host}{path}{pad}/rest/"),
                "domain": pad.repeat(1_000),
                "server_endpoint": pad,
            },
        });
        let Ok(own) = sender_claim(&json, STORED) else {
            return Ok(());
        };
        taken.set(taken.get() + 1);
        let shown = format!("{own:?}");
        prop_assert!(shown.len() <= BOUND, "{}", shown);
        let claimed = registry.record_sender(&own);
        if let SenderClaimOutcome::MoveClaimed { to, .. } = &claimed {
            check(to)?;
        }
        let shown = format!("{claimed:?}");
        prop_assert!(shown.len() <= BOUND, "{}", shown);
        let told = runtime.block_on(async {
            tokio::select! {
                biased;
                event = events.next() => event,
                () = std::future::ready(()) => None,
            }
        });
        if let Some(Event::MoveClaimed { to, .. }) = told {
            prop_assert!(to.len() <= BOUND, "{}", to.len());
        }
    });
    assert!(taken.get() > 20, "{taken:?}");
    assert!(
        sender_claim(
            &json!({"auth": {"application_token": STORED, "member_id": "f".repeat(1_000_000)}}),
            STORED
        )
        .is_err()
    );
}

#[test]
fn cloud_portal_has_one_address() {
    for address in [
        "https://acme.bitrix24.com:8443/rest/",
        "https://acme.bitrix24.com/crm/rest/",
        "https://acme.bitrix24.com/rest/rest/",
        "https://a.acme.bitrix24.com/rest/",
        "https://a.acme.bitrix24.com.br/rest/",
    ] {
        let webhook = Portal::webhook(&format!("{address}1/s3cretcode/"));
        assert!(
            matches!(webhook, Err(PortalError::NotACloudAddress(_))),
            "{address}: {webhook:?}"
        );
        let application = Portal::oauth(address, StaticToken::new("t0ken"));
        assert!(
            matches!(application, Err(PortalError::NotACloudAddress(_))),
            "{address}"
        );
    }
    for address in [
        "https://acme.bitrix24.com/rest/1/s3cretcode/",
        "https://acme.bitrix24.com.:443//rest/1/s3cretcode/",
        "https://box.example:8443/crm/rest/1/s3cretcode/",
    ] {
        assert!(Portal::webhook(address).is_ok(), "{address}");
    }
}
