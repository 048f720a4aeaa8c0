//! Renewals of tokens that workers share.

use imbot_caps_emulator::{App, Build, Emulator, Fault};
use serde_json::Value;
use tokio::task::JoinSet;

use super::support::{Stage, address_of, builder, client, read};

async fn stage() -> Stage {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let server = portal.auth_server().token_url().parse().unwrap();
    let proxy = builder(address_of(&portal))
        .token_server(server)
        .start()
        .await
        .unwrap();
    Stage {
        portal,
        proxy,
        client: client(),
    }
}

async fn renew(client: reqwest::Client, proxy: std::net::SocketAddr, refresh_token: String) -> (u16, Value) {
    let query = format!(
        "grant_type=refresh_token&client_id=app.a&client_secret=secret&refresh_token={refresh_token}"
    );
    let url = format!("http://{proxy}/oauth/token/?{query}");
    read(client.get(url).send().await.unwrap()).await
}

#[tokio::test]
async fn workers_share_one_renewal() {
    let stage = stage().await;
    let app = stage.portal.install(App::new("app.a", "secret"));
    let mut workers = JoinSet::new();
    for _ in 0..10 {
        workers.spawn(renew(
            stage.client.clone(),
            stage.proxy.address(),
            app.refresh_token.clone(),
        ));
    }
    let answers = workers.join_all().await;
    let first = answers[0].clone();
    assert!(first.1["access_token"].is_string(), "{first:?}");
    assert!(answers.iter().all(|answer| *answer == first), "{answers:?}");
    // A worker that comes later still has the old token.
    assert_eq!(
        renew(
            stage.client.clone(),
            stage.proxy.address(),
            app.refresh_token.clone()
        )
        .await,
        first
    );
    assert_eq!(stage.portal.auth_server().requests().len(), 1);
    let next = first.1["refresh_token"].as_str().unwrap().to_owned();
    let (status, second) = renew(stage.client.clone(), stage.proxy.address(), next).await;
    assert_eq!(status, 200, "{second}");
    assert_ne!(second["refresh_token"], first.1["refresh_token"]);
}

#[tokio::test]
async fn failed_renewal_is_asked_again() {
    let stage = stage().await;
    let app = stage.portal.install(App::new("app.a", "secret"));
    stage.portal.auth_server().fault(Fault::html(502).once());
    let own = || {
        renew(
            stage.client.clone(),
            stage.proxy.address(),
            app.refresh_token.clone(),
        )
    };
    let url = format!("http://{}/oauth/token/", stage.proxy.address());
    let form = format!(
        "grant_type=refresh_token&client_id=app.a&client_secret=secret&refresh_token={}",
        app.refresh_token
    );
    let request = stage
        .client
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(request.body(form).send().await.unwrap().status().as_u16(), 502);
    let (status, answer) = own().await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer["access_token"].is_string(), "{answer}");
}

#[tokio::test]
async fn other_secret_gets_no_shared_answer() {
    let stage = stage().await;
    let app = stage.portal.install(App::new("app.a", "secret"));
    renew(
        stage.client.clone(),
        stage.proxy.address(),
        app.refresh_token.clone(),
    )
    .await;
    let query = format!(
        "grant_type=refresh_token&client_id=app.a&client_secret=wrong&refresh_token={}",
        app.refresh_token
    );
    let url = format!("http://{}/oauth/token/?{query}", stage.proxy.address());
    let (_, answer) = read(stage.client.get(url).send().await.unwrap()).await;
    assert!(
        answer["error"].is_string() && answer["access_token"].is_null(),
        "{answer}"
    );
}
