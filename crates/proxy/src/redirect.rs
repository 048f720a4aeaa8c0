//! Where a portal's redirect leads a client of the server.

use http::header::{HeaderValue, LOCATION};
use http::{HeaderMap, StatusCode};
use url::{Position, Url};

use crate::code;
use crate::failure::Failure;
use crate::portals::PortalList;

/// Changes the header `Location` of a redirect, so that the client stays behind the gate.
///
/// A redirect to a listed portal leads to the server again. A move to another host is an error: the client would
/// send its credential there, past the gate. Any other redirect stays, such as one to the page of a login.
pub(crate) fn follow(
    status: StatusCode,
    headers: &mut HeaderMap,
    asked: &Url,
    portals: &PortalList,
) -> Result<(), Failure> {
    if !status.is_redirection() {
        return Ok(());
    }
    let Some(location) = headers.get(LOCATION).and_then(|location| location.to_str().ok()) else {
        return Ok(());
    };
    let Ok(url) = asked.join(location) else {
        return Ok(());
    };
    let is_call = url.path().contains("/rest/");
    let is_listed = portals.includes(&url) || url.origin() == asked.origin();
    if is_call && is_listed {
        let host = &url[Position::BeforeHost..Position::AfterPort];
        let path = &url[Position::BeforePath..Position::AfterQuery];
        if let Ok(own) = HeaderValue::from_str(&format!("/{host}{path}")) {
            headers.insert(LOCATION, own);
        }
        return Ok(());
    }
    let parts = |url: &Url| -> Vec<String> {
        let parts = url.path().split('/').filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    if is_call && parts(&url) == parts(asked) {
        let host = url.host_str().unwrap_or_default();
        let text = format!(
            "the portal answered that it has moved to {host}, which is not in the list of this server. If that is \
             right, start the server with --portal {host}, and change the portal's host in the bot"
        );
        return Err(Failure::new(StatusCode::BAD_GATEWAY, code::MOVED, text));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_behind_the_gate() {
        let list = PortalList::new().domain("bitrix24.com").unwrap();
        let asked = Url::parse("https://old.bitrix24.com/rest/1/code/scope").unwrap();
        for (location, expected) in [
            (
                "https://new.bitrix24.com/rest/1/code/scope?a=b",
                Some("/new.bitrix24.com/rest/1/code/scope?a=b"),
            ),
            ("/rest/1/code/scope", Some("/old.bitrix24.com/rest/1/code/scope")),
            ("https://files.example/a.txt", Some("https://files.example/a.txt")),
            ("https://evil.example/rest/1/code/scope", None),
            ("https://evil.example//rest//1/code/scope", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(LOCATION, location.parse().unwrap());
            let followed = follow(StatusCode::FOUND, &mut headers, &asked, &list);
            let own = followed
                .is_ok()
                .then(|| headers[LOCATION].to_str().unwrap().to_owned());
            assert_eq!(own.as_deref(), expected, "{location}");
        }
    }
}
