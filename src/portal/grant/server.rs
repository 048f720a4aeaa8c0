//! The address of an authorisation server.

use url::Url;

use crate::portal_id::{parsed, scheme};

/// The reason that an address is not a `server_endpoint`. No kind repeats the address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GrantError {
    /// It is not a URL.
    #[error("the server_endpoint is no URL ({0}); {GIVE}")]
    NotAUrl(String),
    /// It has another scheme than https.
    #[error(
        "the server_endpoint begins with `{0}:`, and the client secret goes over https only (`RefreshGrantBuilder::allow_http` is for closed networks); {GIVE}"
    )]
    Scheme(String),
    /// It does not end in `/rest/`, or has more than host and path.
    #[error("the server_endpoint is not https://{{host}}/rest/; {GIVE}")]
    NotAnEndpoint,
    /// It is the address of a portal. The client secret would go to the portal.
    #[error(
        "the server_endpoint is the address of a portal, which must not be sent the client secret (the `client_endpoint` goes to `Portal::oauth`); {GIVE}"
    )]
    AuthServerIsPortal,
}

const GIVE: &str = "give the `server_endpoint` as the portal sent it, such as https://oauth.bitrix.info/rest/ (`RefreshGrant::DOCUMENTED_SERVER`)";

/// The address at which tokens are renewed: `oauth/token/` in place of the server's `rest/`.
pub(super) fn token_url(server_endpoint: &str, allow_http: bool) -> Result<Url, GrantError> {
    let mut url = parsed(server_endpoint).map_err(GrantError::NotAUrl)?;
    match url.scheme() {
        "https" => {}
        "http" if allow_http => {}
        other => return Err(GrantError::Scheme(scheme(other))),
    }
    if url.host_str().is_some_and(is_cloud_portal) {
        return Err(GrantError::AuthServerIsPortal);
    }
    let is_bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let path = url.path().trim_end_matches('/').strip_suffix("/rest");
    let path = path
        .filter(|_| is_bare)
        .map(|prefix| format!("{prefix}/oauth/token/"))
        .ok_or(GrantError::NotAnEndpoint)?;
    url.set_path(&path);
    Ok(url)
}

/// Whether a host is a portal of the cloud: `{name}.bitrix24.{country}`. The authorisation servers are
/// called `oauth` there. A portal with its own domain is detected when a portal is made with the grant.
fn is_cloud_portal(host: &str) -> bool {
    let mut labels = host.split('.');
    labels.next() != Some("oauth") && host.split('.').any(|label| label == "bitrix24")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::RefreshGrant;

    #[test]
    fn token_url_derives_from_server_endpoint() {
        use GrantError as E;
        for (endpoint, expected) in [
            (
                RefreshGrant::DOCUMENTED_SERVER,
                Ok("https://oauth.bitrix.info/oauth/token/"),
            ),
            (
                " https://oauth.bitrix24.tech/rest ",
                Ok("https://oauth.bitrix24.tech/oauth/token/"),
            ),
            (
                "https://box.example:8443/auth/rest/",
                Ok("https://box.example:8443/auth/oauth/token/"),
            ),
            ("http://oauth.bitrix.info/rest/", Err(E::Scheme("http".into()))),
            (
                "oauth.bitrix.info",
                Err(E::NotAUrl("https:// is missing before the host".into())),
            ),
            ("https://oauth.bitrix.info/oauth/token/", Err(E::NotAnEndpoint)),
            ("https://oauth.bitrix.info/interest/", Err(E::NotAnEndpoint)),
            ("https://acme.bitrix24.com/rest/", Err(E::AuthServerIsPortal)),
            ("https://ACME.bitrix24.com.br/rest/", Err(E::AuthServerIsPortal)),
            (
                "https://acme.bitrix24.ru:443/rest/1/s3cret/",
                Err(E::AuthServerIsPortal),
            ),
            ("https://u:s3cret@oauth.bitrix.info/rest/", Err(E::NotAnEndpoint)),
            (
                "https://oauth.bitrix.info/rest/?client_secret=s3cret",
                Err(E::NotAnEndpoint),
            ),
        ] {
            let found = token_url(endpoint, false);
            assert_eq!(
                found.as_ref().map(Url::as_str).map_err(Clone::clone),
                expected,
                "{endpoint}"
            );
        }
        assert!(token_url("http://127.0.0.1:1/rest/", true).is_ok());
    }
}
