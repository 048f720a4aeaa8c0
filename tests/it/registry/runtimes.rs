//! Several runtimes in one program ask one registry.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use imbot_caps::gate::Client;
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use crate::support::http::{REVISION, asked, webhook};

/// A runtime that runs only while somebody waits on it.
fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A server on threads of its own, and portals of one host.
fn portals<const N: usize>(build: Build) -> (Runtime, Emulator, [EmulatedPortal; N]) {
    let server = Runtime::new().unwrap();
    let emulator = server.block_on(Emulator::start()).unwrap();
    let emulated = std::array::from_fn(|_| emulator.portal(build.clone()));
    (server, emulator, emulated)
}

/// Asks, and leaves the connection in the pool.
fn learns(runtime: &Runtime, registry: &Registry, portal: &Portal) {
    runtime.block_on(async {
        let caps = registry.caps(portal).await.unwrap();
        assert_eq!(caps.knowledge().rest(), Some(36));
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn idle_runtime_blocks_no_other() {
    let (_server, _emulator, emulated) = portals::<2>(Build::rest(36));
    let registry = Registry::new();
    let (first, second) = (runtime(), runtime());
    learns(&first, &registry, &webhook(&emulated[0]));
    // `first` lives on, and nobody runs it.
    learns(&second, &registry, &webhook(&emulated[1]));
    assert_eq!(asked(&emulated[1]), [REVISION]);
    drop(first);
}

#[test]
fn dropped_runtime_blocks_no_other() {
    let (_server, _emulator, emulated) = portals::<2>(Build::rest(36));
    let registry = Registry::new();
    learns(&runtime(), &registry, &webhook(&emulated[0]));
    learns(&runtime(), &registry, &webhook(&emulated[1]));
    assert_eq!(asked(&emulated[1]), [REVISION]);
}

/// Calls a method that needs no probe, and leaves the connection in the pool.
fn calls(runtime: &Runtime, client: &Client) {
    runtime.block_on(async {
        client.call("server.time", json!({})).await.unwrap();
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn client_calls_from_each_runtime() {
    let (_server, _emulator, emulated) = portals::<2>(Build::rest(36));
    let registry = Registry::new();
    let client = registry.client(&webhook(&emulated[0]));
    let other = registry.client(&webhook(&emulated[1]));
    let (first, second) = (runtime(), runtime());
    learns(&first, &registry, &webhook(&emulated[0]));
    calls(&first, &client);
    // `first` lives on, and nobody runs it.
    for client in [&client, &other] {
        calls(&second, client);
    }
    calls(&runtime(), &client);
    // A dropped one holds up none either.
    calls(&runtime(), &client);
    calls(&first, &client);
    let count = |emulated: &EmulatedPortal| emulated.count("server.time");
    assert_eq!((count(&emulated[0]), count(&emulated[1])), (5, 1));
}

/// More than there are clients kept for.
#[test]
fn many_runtimes_are_supported() {
    let (_server, _emulator, emulated) = portals::<66>(Build::rest(36));
    let registry = Registry::new();
    let runtimes: Vec<_> = emulated.iter().map(|_| runtime()).collect();
    for (runtime, emulated) in runtimes.iter().zip(&emulated) {
        learns(runtime, &registry, &webhook(emulated));
        assert_eq!(asked(emulated), [REVISION]);
    }
    // The first one's client is no longer there.
    let again = runtimes[0].block_on(registry.handle(&webhook(&emulated[1])).refresh());
    assert!(again.is_ok());
    assert_eq!(asked(&emulated[1]), [REVISION]);
}

#[test]
fn slow_probe_is_not_restarted() {
    let (_server, emulator, [emulated]) = portals(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    let clock = emulator.clock();
    clock.stop();
    let registry = Registry::builder(ReqwestTransport::new())
        .clock(clock.clone())
        .build();
    let portal = webhook(&emulated);
    // Runs what is spawned in its order.
    let running = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let first = running.spawn({
        let (registry, portal) = (registry.clone(), portal.clone());
        async move { registry.caps(&portal).await.is_ok() }
    });
    runtime().block_on(async {
        held.arrived(1).await;
        let mut caps = pin!(registry.caps(&portal));
        for _ in 0..8 {
            assert!(is_pending(caps.as_mut()).await);
            running.spawn(async {}).await.unwrap();
            assert!(is_pending(caps.as_mut()).await);
            clock.advance(Duration::from_secs(1));
        }
        held.release();
        assert_eq!(caps.await.unwrap().knowledge().rest(), Some(36));
        assert!(first.await.unwrap());
    });
    assert_eq!(asked(&emulated), [REVISION]);
}

async fn is_pending(mut future: Pin<&mut impl Future>) -> bool {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending())).await
}
