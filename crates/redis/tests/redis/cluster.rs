//! A cluster of three servers.

use imbot_caps::store::conformance::check;
use imbot_caps_redis::RedisStore;

use crate::conformance::Fleet;
use crate::server::{Server, free_port};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cluster_passes_conformance() {
    let mut servers = Vec::new();
    for _ in 0..3 {
        let bus = format!("cluster-port {}", free_port());
        let Some(server) = Server::start(&["cluster-enabled yes", &bus]).await else {
            return;
        };
        servers.push((server, bus));
    }
    for (nth, (server, _)) in servers.iter().enumerate() {
        let (first, last) = ([0, 5_461, 10_923][nth], [5_460, 10_922, 16_383][nth]);
        server
            .send(&["CLUSTER", "ADDSLOTSRANGE", &first.to_string(), &last.to_string()])
            .await;
        server
            .send(&["CLUSTER", "SET-CONFIG-EPOCH", &(nth + 1).to_string()])
            .await;
    }
    for (server, bus) in &servers[1..] {
        let bus = bus.strip_prefix("cluster-port ").unwrap();
        let meet = ["CLUSTER", "MEET", "127.0.0.1", &server.port.to_string(), bus];
        servers[0].0.send(&meet).await;
    }
    for (server, _) in &mut servers {
        assert!(
            server.logs("Cluster state changed: ok").await,
            "the cluster does not work"
        );
    }
    let urls: Vec<String> = servers.iter().map(|(server, _)| server.url()).collect();
    let fleet = Fleet {
        ports: servers.iter().map(|(server, _)| server.port).collect(),
        open: Box::new(move || {
            RedisStore::builder(&urls[0])
                .cluster_nodes(&urls[1..])
                .open()
                .unwrap()
        }),
    };
    let report = check(&fleet).await;
    assert!(report.is_passed(), "{report}");
    for (server, _) in &servers {
        let entries: u64 = redis::from_redis_value(server.send(&["DBSIZE"]).await).unwrap();
        assert!(entries > 0, "a server without entries");
    }
}
