//! Reads incoming webhooks.

use secrecy::SecretString;
use url::Url;

use crate::portal_id::{ExpectedAddress, PortalError, at_path, base, base_of, may_hold_code};

pub(super) struct Webhook {
    pub(super) endpoint: Url,
    pub(super) user: String,
    pub(super) code: SecretString,
}

/// Reads a webhook from a text.
pub(super) fn webhook(address: &str, allow_http: bool) -> Result<Webhook, PortalError> {
    of_base(base(address, allow_http, ExpectedAddress::Webhook)?)
}

/// Reads a webhook from an address that is parsed already.
pub(super) fn webhook_at(address: Url, allow_http: bool) -> Result<Webhook, PortalError> {
    of_base(base_of(address, allow_http, ExpectedAddress::Webhook)?)
}

fn of_base(url: Url) -> Result<Webhook, PortalError> {
    let path = url.path().trim_end_matches('/').to_owned();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let is_user = |segment: &str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    // Real codes have about 16 of these characters. The portal decides the exact length.
    let is_code = |segment: &str| {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !segment.is_empty() && segment.bytes().all(word)
    };
    // The last `rest` counts: a prefix may have that name, too.
    let rest = segments.iter().rposition(|segment| *segment == "rest");
    let after = rest
        .and_then(|at| segments.get(at.saturating_add(1)..))
        .unwrap_or_default();
    let (user, code) = match *after {
        ["api", ..] => return Err(PortalError::RestV3(ExpectedAddress::Webhook)),
        [user, code] if is_user(user) && is_code(code) => (user.to_owned(), code.to_owned()),
        [user, code, _, ..] if is_user(user) && is_code(code) => {
            return Err(PortalError::MethodIncluded);
        }
        [user] if is_user(user) => return Err(PortalError::CodeMissing),
        [code] | [code, _] if is_code(code) && !is_user(code) => {
            return Err(PortalError::UserIdMissing);
        }
        _ => return Err(PortalError::NotAWebhook),
    };
    let prefix = segments
        .get(..=rest.unwrap_or_default())
        .unwrap_or_default()
        .join("/");
    // For example, the webhook was pasted twice.
    if may_hold_code(&prefix) {
        return Err(PortalError::MethodIncluded);
    }
    Ok(Webhook {
        endpoint: at_path(url, &format!("/{prefix}/"), ExpectedAddress::Webhook)?,
        user,
        code: code.into(),
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::portal_id::PortalId;

    #[test]
    fn webhooks() {
        for (address, endpoint, origin) in [
            (
                "https://acme.bitrix24.com/rest/1/s3cret/",
                "https://acme.bitrix24.com/rest/",
                "https://acme.bitrix24.com",
            ),
            (
                "  https://ACME.Bitrix24.com.:443/rest/1/s3cret  ",
                "https://acme.bitrix24.com/rest/",
                "https://acme.bitrix24.com",
            ),
            (
                "https://box.example:8443/crm/rest/1/s3cret/",
                "https://box.example:8443/crm/rest/",
                "https://box.example:8443/crm",
            ),
            (
                "https://box.example/rest/rest/1/s3cret/",
                "https://box.example/rest/rest/",
                "https://box.example/rest/rest/",
            ),
            (
                "https://портал.рф/rest/1/s3cret/",
                "https://xn--80awhdgm.xn--p1ai/rest/",
                "https://xn--80awhdgm.xn--p1ai",
            ),
            (
                "https://[::1]:8443/rest/1/s3cret/",
                "https://[::1]:8443/rest/",
                "https://[::1]:8443",
            ),
            (
                "https://81.163.21.198/rest/1/s3cret/",
                "https://81.163.21.198/rest/",
                "https://81.163.21.198",
            ),
        ] {
            let found = webhook(address, false).unwrap_or_else(|error| panic!("{address}: {error}"));
            assert_eq!(found.endpoint.as_str(), endpoint);
            assert_eq!(PortalId::at(&found.endpoint).to_string(), origin);
            assert_eq!((found.user.as_str(), found.code.expose_secret()), ("1", "s3cret"));
        }
    }

    #[test]
    fn webhook_errors_explain_without_secrets() {
        use PortalError as E;
        for (address, expected) in [
            (
                "acme.bitrix24.com/rest/1/s3cret/",
                E::NotAUrl(
                    "https:// is missing before the host".into(),
                    ExpectedAddress::Webhook,
                ),
            ),
            (
                "http://acme.bitrix24.com/rest/1/s3cret/",
                E::Scheme("http".into(), ExpectedAddress::Webhook),
            ),
            (
                "ftp://acme.bitrix24.com/rest/1/s3cret/",
                E::Scheme("ftp".into(), ExpectedAddress::Webhook),
            ),
            (
                "https://u:s3cret@acme.bitrix24.com/rest/1/s3cret/",
                E::UserInfo(ExpectedAddress::Webhook),
            ),
            (
                "https://acme.bitrix24.com/rest/1/s3cret/?auth=s3cret",
                E::QueryOrFragment(ExpectedAddress::Webhook),
            ),
            (
                "https://acme.bitrix24.com/rest/1/s3cret/#",
                E::QueryOrFragment(ExpectedAddress::Webhook),
            ),
            ("https://acme.bitrix24.com/rest/s3cret/", E::UserIdMissing),
            (
                "https://acme.bitrix24.com/rest/s3cret/imbot.v2.Revision.get",
                E::UserIdMissing,
            ),
            ("https://acme.bitrix24.com/rest/1/", E::CodeMissing),
            (
                "https://acme.bitrix24.com/rest/1/s3cret/profile.json",
                E::MethodIncluded,
            ),
            (
                "https://acme.bitrix24.com/rest/api/1/s3cret/",
                E::RestV3(ExpectedAddress::Webhook),
            ),
            (
                "https://acme.bitrix24.com/rest/1/s3cret/rest/1/s3cret/",
                E::MethodIncluded,
            ),
            (
                "https://acme.bitrix24.com/REST/s3cret/rest/1/s3cret/",
                E::MethodIncluded,
            ),
            (
                "https://box.example/api/1/s3cret/rest/1/s3cret/",
                E::MethodIncluded,
            ),
            ("https://acme.bitrix24.com/rest/1/s3%20cret/", E::NotAWebhook),
            ("https://acme.bitrix24.com/REST/1/s3cret/", E::NotAWebhook),
            ("https://acme.bitrix24.com/rest//s3cret/", E::UserIdMissing),
            ("https://acme.bitrix24.com/rest/", E::NotAWebhook),
            ("https://acme.bitrix24.com/", E::NotAWebhook),
            ("", E::NotAUrl("it is empty".into(), ExpectedAddress::Webhook)),
        ] {
            let found = webhook(address, false)
                .err()
                .unwrap_or_else(|| panic!("{address} was taken"));
            assert_eq!(found, expected, "{address}");
            let text = format!("{found} {found:?}");
            assert!(!text.contains("s3cret") && !text.contains("acme"), "{text}");
        }
        assert!(webhook("http://127.0.0.1:8080/rest/1/s3cret/", true).is_ok());
    }
}
