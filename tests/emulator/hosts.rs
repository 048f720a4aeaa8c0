//! Which names the emulator answers under.

use imbot_caps::emulator::{Build, Emulator};

use crate::client::{connect, get, send};

#[tokio::test]
async fn only_its_own_names_are_answered() {
    let builder = Emulator::builder().host("Portal.Example");
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
    assert_eq!(portal.count("server.time"), 8);
}

#[tokio::test]
async fn a_request_without_host_is_refused() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let url = format!("{}server.time", portal.webhook_url());
    assert_eq!(get(&url).await.status, 200);
    let path = &url[portal.url().len() - 1..];
    // In the second, the address of the request line is another's.
    for request in [
        format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n"),
        format!("GET http://evil.example{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    ] {
        let mut stream = connect(&url).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 421"), "{answer}");
    }
}
