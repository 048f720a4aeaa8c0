//! What the server logs.

use std::io::Write;
use std::sync::{Arc, Mutex};

use imbot_caps_emulator::{Build, Fault};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use super::support::Stage;

/// The whole log of the thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The test runs on one thread, so the log of its thread is the whole log.
#[tokio::test]
async fn log_and_errors_hold_no_secret() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let stage = Stage::new(Build::rest(30)).await;
    let code = stage
        .portal
        .webhook_url()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let secrets = [
        code.as_str(),
        "sentinel-bot-token",
        "sentinel-access-token",
        "sentinel-message",
    ];
    let mut answers = String::new();
    let send = json!({"botId": 7, "botToken": "sentinel-bot-token", "dialogId": "chat1",
        "fields": {"message": "sentinel-message"}});
    for fault in [
        None,
        Some(Fault::html(502)),
        Some(Fault::reset()),
        Some(Fault::half_body()),
    ] {
        stage.portal.clear_faults();
        if let Some(fault) = fault {
            stage.portal.fault(fault);
        }
        for method in [
            "imbot.v2.Chat.Message.send",
            "imbot.v2.Chat.Message.sned",
            "server.time",
            "batch",
        ] {
            let request = stage
                .client
                .post(stage.url(method))
                .header("content-type", "application/json");
            // A connection that breaks off is an answer, too.
            if let Ok(answer) = request.body(send.to_string()).send().await {
                answers.push_str(&answer.text().await.unwrap_or_default());
            }
            let request = stage.client.get(format!(
                "http://{}{}{method}?auth=sentinel-access-token",
                stage.proxy.address(),
                super::support::path_of(&stage.portal.rest_url()),
            ));
            if let Ok(answer) = request.send().await {
                answers.push_str(&answer.text().await.unwrap_or_default());
            }
        }
    }
    // The test's own client logs what it sends.
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let own: Vec<_> = log.lines().filter(|line| line.contains("imbot_caps")).collect();
    assert!(own.len() > 10, "{own:?}");
    for secret in secrets {
        assert!(
            !own.iter().any(|line| line.contains(secret)),
            "{secret}: {own:#?}"
        );
        assert!(!answers.contains(secret), "{secret}: {answers}");
    }
}
