//! Readiness and metrics.

use imbot_caps_emulator::Build;

use super::support::Stage;

#[tokio::test]
async fn admin_answers_on_own_socket_alone() {
    let stage = Stage::with(Build::rest(36), |builder| {
        builder
            .admin("127.0.0.1:0".parse().unwrap())
            .metrics(|| "requests_total 1\n".to_owned())
    })
    .await;
    let admin = stage.proxy.admin_address().unwrap();
    let get = |url: String| stage.client.get(url).send();
    for (path, status, body) in [
        ("ready", 200, "ready\n"),
        ("live", 200, "live\n"),
        ("metrics", 200, "requests_total 1\n"),
        ("plan", 404, "there is /ready, /live and /metrics\n"),
    ] {
        let answer = get(format!("http://{admin}/{path}")).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        assert_eq!(answer.text().await.unwrap(), body, "{path}");
        let public = get(format!("http://{}/{path}", stage.proxy.address()))
            .await
            .unwrap();
        assert!(public.status().is_client_error(), "{path}");
    }
}

#[tokio::test]
async fn dead_portal_changes_no_readiness() {
    let stage = Stage::with(Build::rest(36), |builder| {
        builder.admin("127.0.0.1:0".parse().unwrap())
    })
    .await;
    stage.portal.fault(imbot_caps_emulator::Fault::reset());
    let (status, _) = stage.call("server.time", serde_json::json!({})).await;
    assert_eq!(status, 502);
    let admin = stage.proxy.admin_address().unwrap();
    let ready = stage
        .client
        .get(format!("http://{admin}/ready"))
        .send()
        .await
        .unwrap();
    assert_eq!(ready.status().as_u16(), 200);
}
