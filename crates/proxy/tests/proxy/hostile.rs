//! Clients and portals that take or send too much, or nothing.

use std::time::Duration;

use imbot_caps_emulator::{Build, Fault};
use imbot_caps_proxy::{PortalList, Proxy, StartError};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::support::{Stage, builder, limits, raw, read, rest, until};

#[tokio::test]
async fn server_without_list_does_not_start() {
    let started = Proxy::builder(PortalList::new()).start().await;
    assert!(matches!(started, Err(StartError::NoPortals)));
    let any = Proxy::builder(PortalList::new().any()).start().await.unwrap();
    assert!(any.address().ip().is_loopback());
}

#[tokio::test]
async fn unlisted_hosts_get_no_connection() {
    let stage = Stage::new(Build::rest(36)).await;
    let bait = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let evil = bait.local_addr().unwrap();
    let listed = super::support::address_of(&stage.portal);
    let host = stage.proxy.address();
    for target in [
        format!("/{evil}/rest/1/code/server.time"),
        format!("/{listed}@{evil}/rest/1/code/server.time"),
        format!("/http://{evil}/rest/1/code/server.time"),
        format!("//{evil}/rest/1/code/server.time"),
        format!("http://{evil}/rest/1/code/server.time"),
        format!("http://{evil}/{listed}/rest/1/code/server.time"),
        format!("/{listed}/../{evil}/rest/1/code/server.time"),
        format!("/{listed}%40{evil}/rest/1/code/server.time"),
        format!("/{listed}/rest/1/code/server.time#@{evil}"),
        evil.to_string(),
    ] {
        for (verb, own) in [
            ("GET", host.to_string()),
            ("POST", evil.to_string()),
            ("CONNECT", evil.to_string()),
        ] {
            let request = format!(
                "{verb} {target} HTTP/1.1\r\nHost: {own}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            let answer = raw(host, request).await;
            assert!(answer.starts_with("HTTP/1.1 4"), "{verb} {target}: {answer}");
        }
    }
    // A connection that was made waits in the queue of the listener.
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(bait.poll_accept(&mut context).is_pending());
}

#[tokio::test]
async fn stranger_host_name_is_misdirected() {
    let stage = Stage::new(Build::rest(36)).await;
    let path = stage.path("server.time");
    let request = format!("GET {path} HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n");
    let answer = raw(stage.proxy.address(), request).await;
    assert!(answer.starts_with("HTTP/1.1 421"), "{answer}");
    assert!(stage.portal.requests().is_empty());
}

#[tokio::test]
async fn slow_head_is_closed() {
    let short = limits(|limits| limits.head = Duration::from_millis(50));
    let stage = Stage::with(Build::rest(36), |builder| builder.limits(short)).await;
    let mut stream = TcpStream::connect(stage.proxy.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").await.unwrap();
    // Returns when the server closes.
    let answer = rest(stream).await;
    assert!(!answer.contains(" 200 "), "{answer}");
}

#[tokio::test]
async fn slow_body_is_a_typed_error() {
    let short = limits(|limits| limits.body_idle = Duration::from_millis(50));
    let stage = Stage::with(Build::rest(36), |builder| builder.limits(short)).await;
    // One is read before the call is sent, and one is sent in pieces.
    for (method, length) in [("imbot.v2.Bot.list", 100), ("disk.folder.uploadfile", 1_000_000)] {
        let mut stream = TcpStream::connect(stage.proxy.address()).await.unwrap();
        let path = stage.path(method);
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{{");
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{method}: {answer}");
        assert!(answer.contains("GATE_BODY_TIMEOUT"), "{method}: {answer}");
    }
    assert!(stage.portal.bots().is_empty());
}

#[tokio::test]
async fn long_bodies_are_refused() {
    let small = limits(|limits| limits.body = 1_000_000);
    let stage = Stage::with(Build::rest(36), |builder| builder.limits(small)).await;
    let path = stage.path("disk.folder.uploadfile");
    let told = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000001\r\n\r\n");
    let mut untold = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    untold.push_str(&format!("{:x}\r\n{}\r\n", 1_000_001, "x".repeat(1_000_001)));
    for request in [told, untold] {
        let answer = raw(stage.proxy.address(), request).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        assert!(answer.contains("GATE_BODY_TOO_LARGE"), "{answer}");
    }
}

#[tokio::test]
async fn long_heads_are_refused() {
    let stage = Stage::new(Build::rest(36)).await;
    let path = stage.path("server.time");
    let long = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n",
        "x".repeat(100_000)
    );
    let many = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\n{}\r\n",
        "a: b\r\n".repeat(20_000)
    );
    let address = format!(
        "GET {path}?{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "x".repeat(100_000)
    );
    for request in [long, many, address] {
        let answer = raw(stage.proxy.address(), request).await;
        // A reset can come before the answer is read.
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert!(stage.portal.requests().is_empty());
    read(stage.client.get(stage.url("server.time")).send().await.unwrap()).await;
}

#[tokio::test]
async fn connections_beyond_limit_get_an_error() {
    let few = limits(|limits| limits.connections = 2);
    let stage = Stage::with(Build::rest(36), |builder| builder.limits(few)).await;
    let path = stage.path("server.time");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let mut open = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(stage.proxy.address()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        until(&mut stream, "\"result\"").await;
        open.push(stream);
    }
    let answer = raw(stage.proxy.address(), &request).await;
    assert!(
        answer.starts_with("HTTP/1.1 503") && answer.contains("GATE_BUSY"),
        "{answer}"
    );
    // A connection that was kept open serves on.
    open[0].write_all(request.as_bytes()).await.unwrap();
    until(&mut open[0], "\"result\"").await;
}

/// A portal that sends ten billion bytes. It gets no further than a client that stops reading.
#[tokio::test]
async fn endless_reply_fills_no_memory() {
    const READ: usize = 8 * 1024 * 1024;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let portal = listener.local_addr().unwrap();
    let proxy = builder(portal).start().await.unwrap();
    let sending = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        until(&mut stream, "\r\n\r\n").await;
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n{\"result\":\"";
        stream.write_all(head.as_bytes()).await.unwrap();
        let chunk = vec![b'x'; 65_536];
        let mut sent = 0_usize;
        while stream.write_all(&chunk).await.is_ok() {
            sent += chunk.len();
        }
        sent
    });
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    let request = format!("GET /{portal}/rest/1/code/crm.deal.list HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut chunk = vec![0; 65_536];
    let mut received = 0;
    while received < READ {
        received += stream.read(&mut chunk).await.unwrap();
    }
    drop(stream);
    // Sockets and buffers hold some bytes of four connections' ends.
    let sent = sending.await.unwrap();
    assert!(sent < READ + 64 * 1024 * 1024, "{sent}");
}

/// The gate needs the reply, since it may be a batch's error. It reads 16 MiB at most.
#[tokio::test]
async fn large_reply_to_adapted_call_is_an_error() {
    let stage = Stage::new(Build::rest(30)).await;
    stage
        .portal
        .fault(Fault::big_body(20 * 1024 * 1024).on("imbot.bot.list"));
    let (status, answer) = stage
        .call("imbot.v2.Bot.list", json!({"botToken": "token-of-bot"}))
        .await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (400, Some("MALFORMED_REPLY")),
        "{answer}"
    );
}

#[tokio::test]
async fn stop_finishes_the_requests_it_has() {
    let stage = Stage::with(Build::rest(36), |builder| {
        builder.admin("127.0.0.1:0".parse().unwrap())
    })
    .await;
    let (fault, hold) = Fault::hold();
    stage.portal.fault(fault.on("im.message.add"));
    let request = stage.client.post(stage.url("im.message.add"));
    let request = request.header("content-type", "application/json");
    let sending = tokio::spawn(
        request
            .body(json!({"DIALOG_ID": "1", "MESSAGE": "Hi"}).to_string())
            .send(),
    );
    while stage.portal.count("im.message.add") == 0 {
        tokio::task::yield_now().await;
    }
    let (address, admin) = (stage.proxy.address(), stage.proxy.admin_address().unwrap());
    let stopping = tokio::spawn(stage.proxy.stop());
    // The listener is gone before the request has its answer.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let ready = stage
        .client
        .get(format!("http://{admin}/ready"))
        .send()
        .await
        .unwrap();
    assert_eq!(ready.status().as_u16(), 503);
    hold.release();
    let (status, answer) = read(sending.await.unwrap().unwrap()).await;
    assert_eq!(status, 200, "{answer}");
    stopping.await.unwrap();
    assert!(TcpStream::connect(admin).await.is_err());
    stage.portal.expect("im.message.add").times(1);
}
