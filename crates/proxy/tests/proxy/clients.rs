//! What clients of HTTP/1.1 may do on one connection, and what a server beside may do.

use std::time::Duration;

use imbot_caps_emulator::{Build, Emulator};
use imbot_caps_proxy::{Bots, JournalError, StartError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::events::{Fixture, SECRET, TOKEN, posted};
use super::support::{Stage, address_of, builder, limits, raw, rest, until};

/// After an error, the rest of the request must not be read as the next request.
#[tokio::test]
async fn error_leaves_connection_in_order() {
    let stage = Stage::new(Build::rest(36)).await;
    let inner = format!(
        "GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        stage.path("im.message.add")
    );
    for path in [
        "/unlisted.example/rest/1/code/server.time".to_owned(),
        "/".to_owned(),
        "/events/no-such-secret-of-a-bot".to_owned(),
        stage.path("..%2fserver.time"),
    ] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{inner}",
            inner.len()
        );
        let next = format!(
            "GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            stage.path("server.time")
        );
        stage.portal.take_requests();
        let answer = raw(stage.proxy.address(), format!("{request}{next}")).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
        let answers = answer.matches("HTTP/1.1 ").count();
        let got = stage.portal.requests();
        assert!(
            got.iter().all(|own| own.method == "server.time"),
            "{path}: {got:?}"
        );
        assert_eq!(answers, 1 + got.len(), "{path}: {answer}");
    }
}

#[tokio::test]
async fn other_verbs_reach_no_portal() {
    let stage = Stage::new(Build::rest(36)).await;
    let path = stage.path("server.time");
    for verb in [
        "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get", "X",
    ] {
        let request = format!("{verb} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let answer = raw(stage.proxy.address(), request).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{verb}: {answer}");
        // The answer to HEAD has no body.
        let has_text = answer.contains("GATE_BAD_REQUEST");
        assert_eq!(has_text, verb != "HEAD", "{verb}: {answer}");
    }
    assert!(stage.portal.requests().is_empty());
}

#[tokio::test]
async fn body_is_asked_for_if_it_is_wanted() {
    let stage = Stage::new(Build::rest(36)).await;
    let head = |path: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: 2\r\n\r\n"
        )
    };
    let mut stream = TcpStream::connect(stage.proxy.address()).await.unwrap();
    stream
        .write_all(head(&stage.path("server.time")).as_bytes())
        .await
        .unwrap();
    until(&mut stream, "100 Continue\r\n\r\n").await;
    stream.write_all(b"{}").await.unwrap();
    assert!(rest(stream).await.starts_with("HTTP/1.1 200"));
    let own = stage.portal.requests();
    assert!(own.iter().all(|own| own.header("expect").is_none()), "{own:?}");
    // Nobody asks for the body of a request that is refused.
    let answer = raw(
        stage.proxy.address(),
        head("/unlisted.example/rest/1/c/server.time"),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}

#[tokio::test]
async fn trailers_do_not_become_headers() {
    let stage = Stage::new(Build::rest(36)).await;
    for method in ["server.time", "imbot.v2.Bot.list"] {
        let request = format!(
            "POST {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\
             Content-Type: application/json\r\nTrailer: X-Late, Authorization\r\n\r\n2\r\n{{}}\r\n0\r\nX-Late: 1\r\n\
             Authorization: Bearer late\r\n\r\n",
            stage.path(method)
        );
        let answer = raw(stage.proxy.address(), request).await;
        assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    }
    let own = stage.portal.requests();
    let late = |name: &str| own.iter().any(|own| own.header(name).is_some());
    assert!(
        !own.is_empty() && !late("x-late") && !late("authorization") && !late("trailer"),
        "{own:?}"
    );
}

#[tokio::test]
async fn odd_hosts_and_secrets_are_refused() {
    let stage = Stage::new(Build::rest(36)).await;
    let long = "s".repeat(60_000);
    for path in [
        "/b\u{fc}ro.example/rest/1/c/server.time".to_owned(),
        "/b%c3%bcro.example/rest/1/c/server.time".to_owned(),
        "/127.0.0.1:0/rest/1/c/server.time".to_owned(),
        "/127.0.0.1:65536/rest/1/c/server.time".to_owned(),
        "/127.0.0.1:80:80/rest/1/c/server.time".to_owned(),
        "/[::1/rest/1/c/server.time".to_owned(),
        "/.../rest/1/c/server.time".to_owned(),
        format!("/{}.example/rest/1/c/server.time", "a".repeat(5_000)),
        format!("/events/{long}"),
        format!("/{}/rest/1/{long}/../../../upload/x", address_of(&stage.portal)),
        format!("/{}/%2e%2e%2frest/1/c/server.time", address_of(&stage.portal)),
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let answer = raw(stage.proxy.address(), request).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{path:.80}: {answer:.200}");
        // An error does not repeat a long text.
        assert!(answer.len() < 6_000, "{}", answer.len());
    }
    assert!(stage.portal.requests().is_empty());
}

/// The portal sends half of a reply, and the server is stopped. The client gets the other half.
#[tokio::test]
async fn stop_finishes_a_stream() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let portal = listener.local_addr().unwrap();
    let proxy = builder(portal).start().await.unwrap();
    let address = proxy.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /{portal}/rest/1/code/crm.deal.list HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let (mut at_portal, _) = listener.accept().await.unwrap();
    until(&mut at_portal, "\r\n\r\n").await;
    at_portal
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst")
        .await
        .unwrap();
    until(&mut stream, "first").await;
    let stopping = tokio::spawn(proxy.stop());
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    at_portal.write_all(b"other").await.unwrap();
    let mut left = [0; 5];
    stream.read_exact(&mut left).await.unwrap();
    assert_eq!(&left, b"other");
    stopping.await.unwrap();
}

/// The bot's address is dead, and then it lives. Nothing is lost meanwhile, and nothing is set aside.
#[tokio::test]
async fn dead_bot_gets_its_events_later() {
    let free = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let short = limits(|limits| {
        limits.retry_first = Duration::from_millis(1);
        limits.retry_longest = Duration::from_millis(1);
        limits.events = 2;
    });
    let fixture = Fixture::with(Build::rest(36), &format!("deliver = 'http://{free}/'"), short).await;
    for (message, expected) in [(1, 200), (2, 200), (3, 503)] {
        assert_eq!(fixture.post(SECRET, posted(TOKEN, message)).await.0, expected);
    }
    let listener = TcpListener::bind(free).await.unwrap();
    for message in [1, 2] {
        let (mut stream, _) = listener.accept().await.unwrap();
        let got = until(&mut stream, "&ts=1").await;
        assert!(got.contains(&format!("message%5D%5Bid%5D={message}")), "{got}");
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

#[tokio::test]
async fn second_server_on_a_journal_does_not_start() {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = address_of(&portal);
    let toml = format!(
        "[[bot]]\nname = 'a'\nportal = '{at}'\nsecret = '{SECRET}'\nbot_token = '{TOKEN}'\nkeep = true\n"
    );
    let start = || {
        let bots = Bots::from_toml(&toml).unwrap();
        builder(at).bots(bots, folder.path().join("journal.db")).start()
    };
    let first = start().await.unwrap();
    let second = start().await.unwrap_err();
    assert!(
        matches!(second, StartError::Journal(JournalError::Locked)),
        "{second}"
    );
    first.stop().await;
    start().await.unwrap();
}

/// Slow bodies hold all the places for long bodies. Others are told so.
#[tokio::test]
async fn slow_streams_keep_nobody_waiting_without_end() {
    let short = limits(|limits| {
        limits.streamed_bodies = 1;
        limits.body_idle = Duration::from_millis(300);
    });
    let stage = Stage::with(Build::rest(36), |builder| builder.limits(short)).await;
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n",
        stage.path("disk.folder.uploadfile")
    );
    let mut first = TcpStream::connect(stage.proxy.address()).await.unwrap();
    first.write_all(head.as_bytes()).await.unwrap();
    let dripping = tokio::spawn(async move {
        // The server ends it when it has waited enough.
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        while first.write_all(b"1\r\nx\r\n").await.is_ok() {
            pause.tick().await;
        }
    });
    while stage.portal.requests().is_empty() && !dripping.is_finished() {
        let answer = raw(stage.proxy.address(), &head).await;
        if answer.contains("GATE_BUSY") {
            dripping.abort();
            return;
        }
    }
    panic!("the second body had a place");
}

/// A hostile portal knows the address, and not the token.
#[tokio::test]
async fn flood_without_token_writes_nothing() {
    let few = limits(|limits| limits.events = 3);
    let fixture = Fixture::with(Build::rest(36), "keep = true", few).await;
    for message in 0..20 {
        assert_eq!(fixture.post(SECRET, posted("wrong", message)).await.0, 403);
    }
    for message in [100, 101, 102] {
        assert_eq!(fixture.post(SECRET, posted(TOKEN, message)).await.0, 200);
    }
}
