//! Reads the addresses of portals and brings them to one spelling. Errors guess what a wrong
//! address was meant to be.

use url::Url;

use super::error::{ExpectedAddress, PortalError, scheme};
use super::limits::{ADDRESS_LIMIT, HOST_LIMIT};
use super::path;

pub(crate) fn endpoint(address: &str, allow_http: bool, wanted: ExpectedAddress) -> Result<Url, PortalError> {
    of_path(base(address, allow_http, wanted)?, wanted)
}

/// The endpoint of an id's text. If the text lacks the usual path, as [`origin`] leaves it out, the path
/// is added. Plain http is allowed: no credential goes with an id.
pub(super) fn endpoint_of_id(text: &str) -> Result<Url, PortalError> {
    let mut url = base(text, true, ExpectedAddress::Id)?;
    // A slash right after the host means that there is no path. If the text has none, `Url` added it.
    let is_whole = match url.path() {
        "/" => text.trim_end().ends_with('/'),
        path => path.ends_with('/'),
    };
    if !is_whole {
        let path = url.path().trim_end_matches('/');
        let usual = match path.ends_with(USUAL_END) {
            true => "/",
            false => USUAL,
        };
        url.set_path(&format!("{path}{usual}"));
    }
    of_path(url, ExpectedAddress::Id)
}

fn of_path(url: Url, wanted: ExpectedAddress) -> Result<Url, PortalError> {
    let path = url.path().trim_end_matches('/').to_owned();
    if format!("{path}/").contains("/rest/api/") {
        return Err(PortalError::RestV3(wanted));
    }
    if may_hold_code(&path) {
        return Err(PortalError::WebhookAsEndpoint(wanted));
    }
    // On premise the option `rest_server_path` can rename the last segment. So any path is allowed, but
    // there must be one.
    if path.is_empty() {
        return Err(PortalError::NotAnEndpoint(wanted));
    }
    at_path(url, &format!("{path}/"), wanted)
}

pub(crate) fn at_path(mut url: Url, path: &str, wanted: ExpectedAddress) -> Result<Url, PortalError> {
    url.set_path(path);
    match url.as_str().len() {
        ..=ADDRESS_LIMIT => Ok(url),
        _ => Err(PortalError::TooLong(wanted)),
    }
}

/// Whether a path of an endpoint may hold a webhook's code. The code would become part of the portal's id,
/// and would be shown with it.
///
/// In an endpoint, only another `rest` may follow a `rest`, and only a `rest` may follow a number: the
/// number is a user, and the code comes next. The second rule is for servers with another name for
/// `rest`. On these, a code without its user looks like any other segment and is not found.
pub(crate) fn may_hold_code(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.clone().zip(segments.skip(1)).any(|(one, next)| {
        let is_user = one.bytes().all(|byte| byte.is_ascii_digit());
        (one == "rest" || is_user) && next != "rest"
    })
}

/// Parses a URL with a host.
///
/// # Errors
///
/// The reason that the text is not a URL. Does not repeat the text.
pub(crate) fn parsed(text: &str) -> Result<Url, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if member_id(text).is_some() {
        return Err("it is a member_id, and no address".to_owned());
    }
    // `Url` would read `acme.example:8443` as a scheme and a path.
    if !text.contains("://") {
        return Err("https:// is missing before the host".to_owned());
    }
    normalized(Url::parse(text).map_err(|error| error.to_string())?)
}

/// A parsed URL in its one spelling.
fn normalized(mut url: Url) -> Result<Url, String> {
    // `acme.bitrix24.com.` is the same host, and must not be another portal.
    if let Some(host) = url.host_str().and_then(|host| host.strip_suffix('.')) {
        let host = host.to_owned();
        url.set_host(Some(&host)).map_err(|error| error.to_string())?;
    }
    if let Some(host) = url.domain() {
        if host.len() > HOST_LIMIT {
            return Err(format!("its host has more than {HOST_LIMIT} letters"));
        }
        if host.split('.').any(str::is_empty) {
            return Err("its host has two dots in a row, or begins with one".to_owned());
        }
    }
    path::normalize(&mut url);
    Ok(url)
}

/// Checks the rules that all kinds of addresses share.
pub(crate) fn base(address: &str, allow_http: bool, wanted: ExpectedAddress) -> Result<Url, PortalError> {
    // Checked first, so that a text of megabytes is not parsed.
    if address.trim().len() > ADDRESS_LIMIT {
        return Err(PortalError::TooLong(wanted));
    }
    checked(parsed(address), allow_http, wanted)
}

/// The same of an address that is parsed already.
pub(crate) fn base_of(url: Url, allow_http: bool, wanted: ExpectedAddress) -> Result<Url, PortalError> {
    if url.as_str().len() > ADDRESS_LIMIT {
        return Err(PortalError::TooLong(wanted));
    }
    checked(normalized(url), allow_http, wanted)
}

fn checked(
    parsed: Result<Url, String>,
    allow_http: bool,
    wanted: ExpectedAddress,
) -> Result<Url, PortalError> {
    let url = parsed.map_err(|why| PortalError::NotAUrl(why, wanted))?;
    match url.scheme() {
        "https" => {}
        "http" if allow_http => {}
        other => return Err(PortalError::Scheme(scheme(other), wanted)),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(PortalError::UserInfo(wanted));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(PortalError::QueryOrFragment(wanted));
    }
    Ok(url)
}

/// The default path of an endpoint.
const USUAL: &str = "/rest/";
/// The same as the end of a path that lacks its last slash.
const USUAL_END: &str = "/rest";

/// The scheme, host, port and prefix of an endpoint. They identify a portal without a known `member_id`. A
/// final `/rest/` is left out, unless the segment before it is also `rest`.
pub(super) fn origin(endpoint: &Url) -> String {
    let text = endpoint.as_str();
    let goes_unsaid = |path: &str| {
        path.strip_suffix(USUAL)
            .is_some_and(|prefix| !prefix.ends_with(USUAL_END))
    };
    match text.strip_suffix(USUAL) {
        Some(origin) if goes_unsaid(endpoint.path()) => origin.to_owned(),
        _ => text.to_owned(),
    }
}

/// The origin of an endpoint that already has its one spelling and the usual path. Endpoints in events and
/// configurations usually do. This avoids parsing, which costs more than a look-up.
pub(super) fn plain_origin(text: &str) -> Option<&str> {
    const HTTPS: &str = "https://";
    let origin = text.strip_suffix(USUAL).unwrap_or(text);
    let host = origin.strip_prefix(HTTPS)?;
    if host.len() > HOST_LIMIT {
        return None;
    }
    let is_plain = |label: &str| {
        let all_plain = label
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        // An encoded label may be encoded wrongly.
        all_plain && !label.is_empty() && !label.starts_with("xn--")
    };
    // If the last label is a number, the host is an IP address, which has other spellings.
    let is_name = host
        .rsplit('.')
        .next()
        .is_some_and(|last| last.starts_with(|first: char| first.is_ascii_lowercase()));
    (is_name && host.split('.').all(is_plain)).then_some(origin)
}

pub(super) fn member_id(text: &str) -> Option<[u8; 16]> {
    let text = text.trim();
    if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn endpoints() {
        for (address, expected) in [
            (
                "https://acme.bitrix24.com/rest/",
                Ok("https://acme.bitrix24.com/rest/"),
            ),
            (
                "https://acme.bitrix24.com/rest",
                Ok("https://acme.bitrix24.com/rest/"),
            ),
            (
                "https://box.example/crm/api-old/",
                Ok("https://box.example/crm/api-old/"),
            ),
            (
                "https://box.example/24/rest/rest/",
                Ok("https://box.example/24/rest/rest/"),
            ),
            (
                "https://acme.bitrix24.com/",
                Err(PortalError::NotAnEndpoint(ExpectedAddress::Endpoint)),
            ),
            (
                "https://acme.bitrix24.com/rest/api/",
                Err(PortalError::RestV3(ExpectedAddress::Endpoint)),
            ),
        ] {
            let found = endpoint(address, false, ExpectedAddress::Endpoint);
            assert_eq!(
                found.as_ref().map(Url::as_str).map_err(Clone::clone),
                expected,
                "{address}"
            );
        }
    }

    #[test]
    fn an_endpoint_holds_no_code() {
        for (path, expected) in [
            (
                "rest/1/s3cret/",
                PortalError::WebhookAsEndpoint(ExpectedAddress::Endpoint),
            ),
            (
                "rest/1/s3cret/profile.json",
                PortalError::WebhookAsEndpoint(ExpectedAddress::Endpoint),
            ),
            (
                "rest/1/s3cret//",
                PortalError::WebhookAsEndpoint(ExpectedAddress::Endpoint),
            ),
            (
                "rest//1//s3cret/",
                PortalError::WebhookAsEndpoint(ExpectedAddress::Endpoint),
            ),
            (
                "rest/s3cret/",
                PortalError::WebhookAsEndpoint(ExpectedAddress::Endpoint),
            ),
            (
                "rest/s3cret/rest/",
                PortalError::WebhookAsEndpoint(ExpectedAddress::Endpoint),
            ),
            (
                "rest/1/s3%20cret/",
                PortalError::WebhookAsEndpoint(ExpectedAddress::Endpoint),
            ),
            (
                "rest%2F1%2Fs3cret/",
                PortalError::WebhookAsEndpoint(ExpectedAddress::Endpoint),
            ),
            (
                "REST/s3cret/",
                PortalError::WebhookAsEndpoint(ExpectedAddress::Endpoint),
            ),
            (
                "crm/api-old/1/s3cret/",
                PortalError::WebhookAsEndpoint(ExpectedAddress::Endpoint),
            ),
            (
                "rest/api/1/s3cret/",
                PortalError::RestV3(ExpectedAddress::Endpoint),
            ),
        ] {
            let address = format!("https://acme.bitrix24.com/{path}");
            assert_eq!(
                endpoint(&address, false, ExpectedAddress::Endpoint),
                Err(expected),
                "{address}"
            );
        }
    }

    #[test]
    fn plain_addresses_match_url_parser() {
        let odd = "https://([a-z0-9-]{0,3}|xn--[a-z]{1,3}|0x[0-9a-f]|[A-Z]|é|%41){1}(\\.([a-z0-9-]{0,4}|[0-9]|xn--a)){0,3}(:443|:8443|)(/rest/|/rest|/|/x/|)";
        let texts = prop_oneof![odd, "https://[a-z0-9-]{1,12}(\\.[a-z0-9]{1,8}){1,2}(/rest/)?"];
        let config = ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::with_cases(4_000)
        };
        proptest!(config, |(text in texts)| {
            let whole = match text.ends_with('/') {
                true => text.clone(),
                false => format!("{text}/rest/"),
            };
            if let Some(plain) = plain_origin(&text) {
                let taken_apart = endpoint(&whole, true, ExpectedAddress::Id).map(|url| origin(&url));
                prop_assert_eq!(taken_apart.as_deref(), Ok(plain), "{}", text);
            }
        });
        for plain in [
            "https://acme.bitrix24.com",
            "https://acme.bitrix24.com/rest/",
            "https://box.local",
        ] {
            assert!(plain_origin(plain).is_some(), "{plain}");
        }
        for other in [
            "https://127.0.0.1",
            "https://acme.1",
            "https://",
            "http://acme.example",
            "https://a..b",
            "https://A.b",
        ] {
            assert!(plain_origin(other).is_none(), "{other}");
        }
    }

    #[test]
    fn member_ids() {
        let id = "0123456789abcdefFEDCBA9876543210";
        assert_eq!(
            member_id(id),
            Some(0x0123_4567_89ab_cdef_fedc_ba98_7654_3210_u128.to_be_bytes())
        );
        for wrong in [
            "",
            "0123",
            "+123456789abcdef0123456789abcdef",
            &"g".repeat(32),
            &"0".repeat(33),
        ] {
            assert_eq!(member_id(wrong), None, "{wrong}");
        }
    }
}
