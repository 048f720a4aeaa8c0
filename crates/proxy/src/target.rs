//! Where a request goes: `/{host}/rest/...` as the address of a portal's method.

use http::{StatusCode, Uri};
use url::Url;

use crate::code;
use crate::failure::Failure;
use crate::portals::{PortalList, by_scheme, url_at};

/// Escapes that a web server may decode before it reads the path: then the path would be another one.
const ESCAPES: [&str; 4] = ["%2f", "%5c", "%00", "%25"];

/// The address of a call, if its portal is listed.
pub(crate) fn target(uri: &Uri, portals: &PortalList, insecure_http: bool) -> Result<Url, Failure> {
    let wrong = |text: &str| Failure::new(StatusCode::NOT_FOUND, code::BAD_REQUEST, text);
    let path = uri.path().strip_prefix('/').unwrap_or_default();
    let (host, path) = path
        .split_once('/')
        .ok_or_else(|| wrong("not sent. Call a portal as /{host}/rest/{user}/{code}/{method}"))?;
    // A client may have joined two slashes.
    let path = path.trim_start_matches('/');
    let url = url_at(host, path, uri.query()).ok_or_else(|| {
        wrong(
            "not sent. The path begins with no host: call a portal as /{host}/rest/..., such as \
               /acme.bitrix24.com/rest/...",
        )
    })?;
    if !portals.includes(&url) {
        let host = url.host_str().unwrap_or_default();
        let text = format!(
            "not sent. The portal {host} is not in the list of this server: start it with --portal or --domain. With \
             --any, a host without a public address needs one of them, too"
        );
        return Err(Failure::new(StatusCode::FORBIDDEN, code::NOT_LISTED, text));
    }
    let lower = path.to_ascii_lowercase();
    if ESCAPES.iter().any(|escape| lower.contains(escape)) || path.contains('\\') {
        return Err(wrong(
            "not sent. The path has an escaped slash, backslash, percent sign or NUL",
        ));
    }
    let url = by_scheme(url, insecure_http);
    let is_call = url.path_segments().is_some_and(|segments| {
        let mut after = segments.skip_while(|segment| *segment != "rest").skip(1);
        after.any(|segment| !segment.is_empty())
    });
    match is_call {
        true => Ok(url),
        false => Err(wrong(
            "not sent. Only calls of REST are sent on: the path needs /rest/ and a method",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> Result<String, &'static str> {
        let list = PortalList::new().portal("127.0.0.1:8080").unwrap();
        let list = list.domain("bitrix24.com").unwrap();
        let uri: Uri = path.parse().unwrap();
        target(&uri, &list, true)
            .map(String::from)
            .map_err(|failure| failure.code)
    }

    #[test]
    fn listed_portals_are_reached() {
        for (path, expected) in [
            (
                "/acme.bitrix24.com/rest/1/code/im.revision.get.json?a=b%20c",
                "https://acme.bitrix24.com/rest/1/code/im.revision.get.json?a=b%20c",
            ),
            (
                "/acme.bitrix24.com//rest/1/code/scope",
                "https://acme.bitrix24.com/rest/1/code/scope",
            ),
            (
                "/ACME.bitrix24.com:443/rest/scope?auth=t",
                "https://acme.bitrix24.com/rest/scope?auth=t",
            ),
            (
                "/127.0.0.1:8080/portal-1/rest/1/code/batch",
                "http://127.0.0.1:8080/portal-1/rest/1/code/batch",
            ),
            (
                "/acme.bitrix24.com/rest/1/code/download/?token=x",
                "https://acme.bitrix24.com/rest/1/code/download/?token=x",
            ),
        ] {
            assert_eq!(read(path).as_deref(), Ok(expected), "{path}");
        }
    }

    #[test]
    fn other_paths_are_refused() {
        for (path, expected) in [
            ("/", code::BAD_REQUEST),
            ("/acme.bitrix24.com", code::BAD_REQUEST),
            ("/acme.bitrix24.com/", code::BAD_REQUEST),
            ("/acme.bitrix24.com/rest/", code::BAD_REQUEST),
            ("/acme.bitrix24.com/bitrix/admin/", code::BAD_REQUEST),
            ("/acme.bitrix24.com/rest/../bitrix/x", code::BAD_REQUEST),
            ("/acme.bitrix24.com/rest/%2e%2e/bitrix/x", code::BAD_REQUEST),
            ("/acme.bitrix24.com/rest/..%2fbitrix/x", code::BAD_REQUEST),
            ("/acme.bitrix24.com/rest/%252e%252e/x", code::BAD_REQUEST),
            ("//acme.bitrix24.com/rest/1/c/m", code::BAD_REQUEST),
            ("/http://evil.example/rest/1/c/m", code::BAD_REQUEST),
            ("/evil.example/rest/1/c/m", code::NOT_LISTED),
            ("/acme.bitrix24.com@evil.example/rest/1/c/m", code::BAD_REQUEST),
            ("/acme.bitrix24.com%2eevil.example/rest/1/c/m", code::BAD_REQUEST),
            ("/acme.bitrix24.com.evil.example/rest/1/c/m", code::NOT_LISTED),
            ("/127.0.0.1/rest/1/c/m", code::NOT_LISTED),
            ("/0x7f.1:8081/rest/1/c/m", code::NOT_LISTED),
        ] {
            assert_eq!(read(path), Err(expected), "{path}");
        }
    }
}
