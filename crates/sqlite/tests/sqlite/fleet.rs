//! Registries over one file ask each portal once, and write no secret.

use std::fs;

use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Webhook};
use imbot_caps_sqlite::SqliteStore;

const SENTINEL: &str = "s3cretthatmustnotbeseen";

fn portal(emulated: &EmulatedPortal) -> Portal {
    let url = emulated.add_webhook(Webhook::new(7, SENTINEL).scopes(["imbot", "im"]));
    Portal::builder().allow_http().webhook(&url).unwrap()
}

#[tokio::test]
async fn restart_asks_nobody_and_file_has_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portals.sqlite");
    let emulator = Emulator::start().await.unwrap();
    let portals: Vec<EmulatedPortal> = (0..10).map(|_| emulator.portal(Build::rest(36))).collect();
    for restart in 0..3 {
        // A loaded machine may need long.
        let patience = std::time::Duration::from_secs(60);
        let registry = Registry::builder(ReqwestTransport::new())
            .deadline(patience)
            .store(SqliteStore::open(&path).unwrap())
            .store_timeout(patience)
            .build();
        for emulated in &portals {
            let caps = registry.caps(&portal(emulated)).await.unwrap();
            assert_eq!(caps.knowledge().rest(), Some(36));
        }
        // The last answer is saved after it was returned. Its entry comes with the others.
        let store = SqliteStore::open(&path).unwrap();
        let keys: Vec<String> = portals
            .iter()
            .map(|emulated| portal(emulated).id().to_string())
            .collect();
        let is_saved = || async {
            let entries = imbot_caps::store::Store::load(&store, &keys).await.unwrap();
            entries.iter().all(Option::is_some)
        };
        while !is_saved().await {
            tokio::task::yield_now().await;
        }
        let requests: usize = portals
            .iter()
            .map(|emulated| emulated.take_requests().len())
            .sum();
        assert_eq!(requests, if restart == 0 { 10 } else { 0 }, "restart {restart}");
    }
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap().path();
        let bytes = String::from_utf8_lossy(&fs::read(&file).unwrap()).to_lowercase();
        assert!(!bytes.contains(SENTINEL), "{file:?}");
    }
}
