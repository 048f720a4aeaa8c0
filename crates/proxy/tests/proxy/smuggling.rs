//! Requests that two readers could read as two. The portal gets one of them at most, whole.

use imbot_caps_emulator::Build;

use super::support::{Stage, raw};

/// A second request inside the body of the first.
const SMUGGLED: &str = "im.message.add";

#[tokio::test]
async fn ambiguous_requests_smuggle_nothing() {
    let stage = Stage::new(Build::rest(36)).await;
    let path = stage.path("server.time");
    let inner = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", stage.path(SMUGGLED));
    let host = "Host: localhost\r\nConnection: close\r\n";
    let length = inner.len();
    let chunked = "Transfer-Encoding: chunked\r\n";
    for (name, is_served, request) in [
        // RFC 9112 lets a server take the chunks. hyper drops the length, so the portal never sees both.
        (
            "CL after TE",
            true,
            format!(
                "POST {path} HTTP/1.1\r\n{host}{chunked}Content-Length: {length}\r\n\r\n0\r\n\r\n{inner}"
            ),
        ),
        (
            "TE after CL",
            true,
            format!(
                "POST {path} HTTP/1.1\r\n{host}Content-Length: {length}\r\n{chunked}\r\n0\r\n\r\n{inner}"
            ),
        ),
        (
            "two lengths",
            false,
            format!(
                "POST {path} HTTP/1.1\r\n{host}Content-Length: 0\r\nContent-Length: {length}\r\n\r\n{inner}"
            ),
        ),
        (
            "a list of lengths",
            false,
            format!("POST {path} HTTP/1.1\r\n{host}Content-Length: 0, {length}\r\n\r\n{inner}"),
        ),
        (
            "a length with a sign",
            false,
            format!("POST {path} HTTP/1.1\r\n{host}Content-Length: +{length}\r\n\r\n{inner}"),
        ),
        (
            "another encoding last",
            false,
            format!(
                "POST {path} HTTP/1.1\r\n{host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{inner}"
            ),
        ),
        (
            "a misspelt encoding",
            false,
            format!("POST {path} HTTP/1.1\r\n{host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{inner}"),
        ),
        (
            "a space before the colon",
            false,
            format!("POST {path} HTTP/1.1\r\n{host}Content-Length : {length}\r\n\r\n{inner}"),
        ),
        (
            "a folded header",
            false,
            format!(
                "POST {path} HTTP/1.1\r\n{host}X-A: b\r\n Content-Length: 5\r\nContent-Length: 0\r\n\r\n"
            ),
        ),
        (
            "two hosts",
            false,
            format!("GET {path} HTTP/1.1\r\n{host}Host: evil.example\r\n\r\n"),
        ),
        (
            "two types of content",
            false,
            format!(
                "POST {path} HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Type: text/plain\r\n\
                 Content-Length: 2\r\n\r\n{{}}"
            ),
        ),
        (
            "two authorizations",
            false,
            format!(
                "GET {path} HTTP/1.1\r\n{host}Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"
            ),
        ),
        (
            "no host",
            false,
            format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n"),
        ),
        (
            "a GET with a body",
            false,
            format!("GET {path} HTTP/1.1\r\n{host}Content-Length: {length}\r\n\r\n{inner}"),
        ),
        (
            "absolute form",
            false,
            format!("GET http://localhost{path} HTTP/1.1\r\n{host}\r\n"),
        ),
        (
            "a chunk of a wrong length",
            false,
            format!("POST {path} HTTP/1.1\r\n{host}{chunked}\r\n1z\r\nx\r\n0\r\n\r\n{inner}"),
        ),
        (
            "an encoded line end in the path",
            false,
            format!("GET {path}%0d%0aX:%20y%00 HTTP/1.1\r\n{host}\r\n"),
        ),
    ] {
        stage.portal.take_requests();
        let answer = raw(stage.proxy.address(), request).await;
        let got: Vec<_> = stage
            .portal
            .requests()
            .into_iter()
            .map(|got| got.method)
            .collect();
        assert!(!got.iter().any(|method| method == SMUGGLED), "{name}: {got:?}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{name}: {answer}");
        assert_eq!(answer.starts_with("HTTP/1.1 200"), is_served, "{name}: {answer}");
        assert!(is_served || got.is_empty(), "{name}: {got:?}");
    }
}
