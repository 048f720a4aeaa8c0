//! Which names the emulator answers under.

use imbot_caps_emulator::{Build, Emulator};

use crate::client::{connect, get, send};

#[tokio::test]
async fn foreign_host_names_are_refused() {
    let builder = Emulator::builder().allowed_host("Portal.Example");
    let portal = builder.start_single(Build::rest(36)).await.unwrap();
    let url = format!("{}server.time", portal.webhook_url());
    let port = url.split(['/', ':']).nth(4).unwrap().to_owned();
    let token_url = portal.auth_server().token_url();
    let token_port = token_url.split(['/', ':']).nth(4).unwrap().to_owned();
    for (host, is_own) in [
        ("127.0.0.1:{port}", true),
        ("localhost:{port}", true),
        ("LOCALHOST:{port}", true),
        ("bot.localhost:{port}", true),
        ("[::1]:{port}", true),
        ("localhost", true),
        ("portal.example", true),
        ("portal.example:443", true),
        ("PORTAL.example", true),
        // A dot at the end is the same name, and an empty port is none.
        ("portal.example.", true),
        ("localhost.:{port}", true),
        ("localhost:", true),
        ("localhost..:{port}", false),
        ("sub.portal.example", false),
        ("portal.example.evil.example", false),
        ("localhost:0", false),
        ("localhost:99999", false),
        ("localhost:{port}9", false),
        ("localhost:{port}:{port}", false),
        ("user@localhost:{port}", false),
        ("localhost@evil.example:{port}", false),
        ("http://localhost:{port}", false),
        ("localhost/evil", false),
        ("localhost, evil.example", false),
        ("127.1:{port}", false),
        ("2130706433:{port}", false),
        ("0.0.0.0:{port}", false),
        ("[::]:{port}", false),
        ("::1", false),
        ("evil.example:{port}", false),
        ("evil.example", false),
        ("127.0.0.1:1", false),
        ("127.0.0.1.evil.example:{port}", false),
        ("localhost.evil.example:{port}", false),
        ("10.0.0.1:{port}", false),
        ("", false),
        ("a b", false),
    ] {
        for (url, port, status) in [(&url, &port, 200), (&token_url, &token_port, 400)] {
            let host = host.replace("{port}", port);
            let answer = send("GET", url, &format!("Host: {host}\r\n"), b"").await.unwrap();
            let expected = if is_own { status } else { 421 };
            assert_eq!(answer.status, expected, "{host:?} at {url}");
        }
    }
    // Nothing of what was refused came to the portal.
    assert_eq!(portal.count("server.time"), 12);
}

/// What answers to the bytes of a request, as text.
async fn raw(url: &str, request: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = connect(url).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A reset is no answer.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn every_host_in_request_counts() {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let url = format!("{}server.time", portal.webhook_url());
    let own = url.split('/').nth(2).unwrap();
    let path = &url[portal.url().len() - 1..];
    let get = |target: &str, version: &str, headers: &str| {
        format!("GET {target} HTTP/{version}\r\n{headers}Connection: close\r\n\r\n")
    };
    let (mine, evil) = (format!("Host: {own}\r\n"), "Host: evil.example\r\n".to_owned());
    let through_proxy = |host: &str| format!("http://{host}{path}");
    for (request, is_answered) in [
        (get(path, "1.1", &mine), true),
        (get(path, "1.0", &mine), true),
        (get(path, "1.0", ""), false),
        (get(path, "1.1", ""), false),
        (get(&through_proxy(own), "1.1", &mine), true),
        (get(&through_proxy("localhost"), "1.1", &mine), true),
        (get(&through_proxy(own), "1.1", &evil), false),
        (get(&through_proxy(own), "1.0", ""), false),
        (get(&through_proxy("evil.example"), "1.1", &mine), false),
        (get(&through_proxy(&format!("user@{own}")), "1.1", &mine), false),
        (get(path, "1.1", &(mine.clone() + &evil)), false),
        (get(path, "1.1", &(evil.clone() + &mine)), false),
        (
            get(
                path,
                "1.1",
                &(mine.clone() + "X-Forwarded-Host: evil.example\r\n"),
            ),
            true,
        ),
        (
            get(
                path,
                "1.1",
                &(evil.clone() + &format!("X-Forwarded-Host: {own}\r\n")),
            ),
            false,
        ),
        (
            get(path, "1.1", &(evil + &format!("Forwarded: host={own}\r\n"))),
            false,
        ),
        // HTTP/2 has another name for it, and is not spoken.
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), false),
    ] {
        let answer = raw(&url, &request).await;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert_eq!(status == "200", is_answered, "{request} {answer}");
    }
    assert_eq!(portal.count("server.time"), 5);
}

#[tokio::test]
async fn request_without_host_is_refused() {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let url = format!("{}server.time", portal.webhook_url());
    assert_eq!(get(&url).await.status, 200);
    let path = &url[portal.url().len() - 1..];
    // In the second, the address of the request line is another's.
    for request in [
        format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n"),
        format!("GET http://evil.example{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    ] {
        let answer = raw(&url, &request).await;
        assert!(answer.starts_with("HTTP/1.1 421"), "{answer}");
    }
}
