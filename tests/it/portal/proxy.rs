//! What a proxy that the environment names gets to see. The environment is that of a child:
//! the test starts itself anew.

use std::process::Command;
use std::sync::{Arc, Mutex};

use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Portal, Registry};
use imbot_caps_emulator::{Build, Emulator};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const TARGETS: &str = "IMBOT_CAPS_TEST_TARGETS";
const WITHOUT: &str = "IMBOT_CAPS_TEST_WITHOUT_PROXY";
const VARIABLES: [&str; 8] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];

/// A name with too long a label: whoever resolves it fails without a question to anybody.
fn elsewhere() -> String {
    format!("{}.example", "a".repeat(64))
}

/// A proxy that refuses all, and what each connection began with.
async fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = vec![0; 4_096];
            let read = stream.read(&mut bytes).await.unwrap_or(0);
            let text = String::from_utf8_lossy(&bytes[..read]).into_owned();
            kept.lock().unwrap().push(text);
            let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").await;
        }
    });
    (host, seen)
}

/// Calls each target once, and tells what came of it.
async fn call_all(targets: &str) {
    let mut builder = ReqwestTransport::builder();
    if std::env::var_os(WITHOUT).is_some() {
        builder = builder.without_proxy();
    }
    let registry = Registry::builder(builder.build()).build();
    for target in targets.split(' ') {
        let portal = Portal::builder().allow_http().webhook(target).unwrap();
        match registry.client(&portal).call("server.time", json!({})).await {
            Ok(_) => println!("target: answered"),
            Err(error) => println!("target: {error} {error:?} ran={}", error.may_have_run()),
        }
    }
}

/// What a child with these variables tells of each target.
async fn child(test: &str, variables: &[(&str, String)], targets: &[String]) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    for name in VARIABLES {
        command.env_remove(name);
    }
    command.args(["--exact", test, "--nocapture"]);
    command.env(TARGETS, targets.join(" "));
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    let lines = text
        .lines()
        .filter_map(|line| Some(line.split_once("target: ")?.1));
    let told: Vec<String> = lines.map(str::to_owned).collect();
    assert_eq!(told.len(), targets.len(), "{text}");
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn environment_proxy_serves_https_alone() {
    if let Ok(targets) = std::env::var(TARGETS) {
        return call_all(&targets).await;
    }
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let elsewhere = elsewhere();
    let targets = [
        emulated.webhook_url().to_owned(),
        emulated.webhook_url().replace("127.0.0.1", "localhost"),
        emulated.webhook_url().replacen("http://", "https://", 1),
        format!("http://{elsewhere}/rest/1/c0dec0de/"),
        format!("https://{elsewhere}/rest/1/c0dec0de/"),
    ];
    let tunnel = format!("CONNECT {elsewhere}:443 HTTP/1.1\r\n");
    let named = |name: &'static str, scheme: &str| (name, scheme.to_owned());
    let mut cases: Vec<(Vec<(&str, String)>, bool)> = vec![
        (vec![named("HTTP_PROXY", "http://")], false),
        (vec![named("http_proxy", "http://")], false),
        (vec![named("ALL_PROXY", "")], true),
        (vec![named("ALL_PROXY", "http://"), named(WITHOUT, "")], false),
        (
            vec![
                named("HTTPS_PROXY", "http://"),
                ("NO_PROXY", ".example".to_owned()),
            ],
            false,
        ),
        (
            vec![named("HTTPS_PROXY", "http://"), ("no_proxy", "*".to_owned())],
            false,
        ),
    ];
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        cases.push((vec![named(name, "http://us3r:pa55w0rd@")], true));
        cases.push((vec![named(name, "socks5://us3r:pa55w0rd@")], false));
    }
    cases.push((vec![named("ALL_PROXY", "socks4a://")], false));
    for (mut variables, is_asked) in cases {
        let (host, seen) = proxy().await;
        for (name, value) in &mut variables {
            if name.to_ascii_uppercase().ends_with("_PROXY")
                && !name.eq_ignore_ascii_case("NO_PROXY")
                && *name != WITHOUT
            {
                value.push_str(&host);
            }
        }
        let told = child(
            "portal::proxy::environment_proxy_serves_https_alone",
            &variables,
            &targets,
        )
        .await;
        let seen = seen.lock().unwrap();
        let case = format!("{variables:?}: {seen:?}, {told:?}");
        match seen.as_slice() {
            [] => assert!(!is_asked, "{case}"),
            [only] => {
                assert!(is_asked && only.starts_with(&tunnel), "{case}");
                assert!(!only.contains("c0dec0de") && !only.contains("rest"), "{case}");
            }
            _ => panic!("{case}"),
        }
        assert_eq!(
            emulated.take_requests().len(),
            2,
            "{case}: those over http came by themselves"
        );
        assert!(told[..2].iter().all(|told| told == "answered"), "{case}");
        for failed in &told[2..] {
            assert!(failed.ends_with("ran=false"), "{case}");
            assert!(!failed.contains("us3r") && !failed.contains("pa55w0rd"), "{case}");
            assert!(!failed.contains("c0dec0de"), "{case}");
        }
        let is_socks = variables.iter().any(|(_, value)| value.starts_with("socks"));
        assert_eq!(told[4].contains("with_client"), is_socks, "{case}");
        assert!(!is_asked || told[4].contains("without_proxy"), "{case}");
    }
}
