//! `--any`: which hosts a server without a list reaches.

use imbot_caps_proxy::{PortalList, Proxy};
use tokio::net::TcpListener;

use super::support::{client, read};

/// Calls this host, and returns the code of the error.
async fn call(proxy: &Proxy, host: &str, method: &str) -> (u16, String) {
    let url = format!("http://{}/{host}/rest/1/code-of-hook/{method}", proxy.address());
    let (status, answer) = read(client().post(url).body("{}").send().await.unwrap()).await;
    assert!(!answer.to_string().contains("code-of-hook"), "{answer}");
    (status, answer["error"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn any_reaches_no_private_address() {
    let bait = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = bait.local_addr().unwrap().port();
    let any = Proxy::builder(PortalList::new().any()).start().await.unwrap();
    let by_http = Proxy::builder(PortalList::new().any()).insecure_http();
    let by_http = by_http.start().await.unwrap();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "localhost",
        "a.localhost",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
    ] {
        for proxy in [&any, &by_http] {
            // The gate asks the portal before the second one.
            for method in ["server.time", "imbot.v2.Bot.list"] {
                let answer = call(proxy, &format!("{host}:{port}"), method).await;
                assert_eq!(
                    answer,
                    (403, "GATE_PORTAL_NOT_LISTED".to_owned()),
                    "{host} {method}"
                );
            }
        }
    }
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(bait.poll_accept(&mut context).is_pending());
}

#[tokio::test]
async fn private_addresses_are_reached_if_told() {
    let free = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let any = || PortalList::new().any();
    for list in [
        any().private_addresses(),
        any().portal(&free.to_string()).unwrap(),
    ] {
        let proxy = Proxy::builder(list).insecure_http().start().await.unwrap();
        let answer = call(&proxy, &free.to_string(), "server.time").await;
        // Nobody listens there, but it was tried.
        assert_eq!(answer, (502, "GATE_PORTAL_UNREACHABLE".to_owned()));
    }
}
