//! Threads that do everything at once: nobody stands still, no portal is two, and none
//! answers for another.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};
use std::sync::mpsc;
use std::time::Duration;

use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Handle, Knowledge, Portal, PortalId, Registry, Snapshot};

use crate::support::http::claim_of_form;

fn member(number: u32) -> String {
    format!("{number:032x}")
}

fn by_member(number: u32, place: u32) -> Portal {
    Portal::builder()
        .member_id(member(number))
        .webhook(&format!("https://p{number}-{place}.example/rest/1/s3cret/"))
        .unwrap()
}

fn by_address(number: u32, place: u32) -> Portal {
    Portal::webhook(&format!("https://p{number}-{place}.example/rest/1/s3cret/")).unwrap()
}

fn seeded(numbers: impl Iterator<Item = u32>) -> Snapshot {
    let records: Vec<_> = numbers
        .map(|number| {
            format!(
                r#"{{"portal":"{}","address":"https://p{number}-0.example","learned_unix_ms":1700000000000,
                "known":{{"rest":{{"least":33,"least_from":"im.revision.get","most":33,"most_from":"im.revision.get"}}}}}}"#,
                member(number)
            )
        })
        .collect();
    let text = format!(r#"{{"format":1,"records":[{}]}}"#, records.join(","));
    let snapshot = Snapshot::from_json(text).unwrap();
    assert_eq!(snapshot.skipped(), []);
    snapshot
}

/// Fails if it is not done in half an hour.
fn watched(work: impl FnOnce() + Send + 'static) {
    let (done, is_done) = mpsc::channel();
    let worker = std::thread::spawn(move || {
        work();
        let _ = done.send(());
    });
    match is_done.recv_timeout(Duration::from_secs(1_800)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("it stands still"),
        _ => worker.join().unwrap(),
    }
}

#[test]
fn moved_record_is_never_fresh() {
    watched(|| {
        let torn = AtomicUsize::new(0);
        let is_over = AtomicBool::new(false);
        let mut rounds = 0;
        while rounds < 10 && torn.load(SeqCst) == 0 {
            rounds += 1;
            is_over.store(false, SeqCst);
            let registry = Registry::builder(ReqwestTransport::new()).build();
            registry.restore(&seeded(0..300));
            std::thread::scope(|scope| {
                let (registry, torn, is_over) = (&registry, &torn, &is_over);
                scope.spawn(move || {
                    for place in 1..=8 {
                        for number in 0..300 {
                            let _ = registry.handle(&by_member(number, place));
                        }
                    }
                    is_over.store(true, SeqCst);
                });
                scope.spawn(move || {
                    while !is_over.load(SeqCst) {
                        for record in registry.snapshot().records() {
                            let moved = !record.address().to_string().contains("-0.example");
                            if moved && !record.is_marked_stale() {
                                torn.fetch_add(1, SeqCst);
                            }
                        }
                    }
                });
            });
        }
        assert_eq!(torn.load(SeqCst), 0, "after {rounds} rounds");
    });
}

struct End<'a>(&'a AtomicUsize, &'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        if self.0.fetch_sub(1, SeqCst) == 1 || std::thread::panicking() {
            self.1.store(true, SeqCst);
        }
    }
}

/// What the handle says, by both ways.
fn agree(registry: &Registry, handle: &Handle, known: Knowledge) {
    handle.pin(known);
    let again = registry.handle(handle.portal());
    assert_eq!(*again.caps().knowledge(), known, "a second slot");
    let got = registry.get(handle.portal().id()).map(|caps| *caps.knowledge());
    assert_eq!(got, Some(known), "get of another, or of none");
    handle.unpin();
}

#[test]
fn concurrent_use_loses_no_portal() {
    watched(|| {
        let registry = Registry::builder(ReqwestTransport::new())
            .capacity(64)
            .evict_first_after(Duration::ZERO)
            .build();
        let is_over = AtomicBool::new(false);
        let workers = AtomicUsize::new(4);
        std::thread::scope(|scope| {
            let (registry, is_over, workers) = (&registry, &is_over, &workers);
            for worker in 0..4_u32 {
                scope.spawn(move || {
                    let _end = End(workers, is_over);
                    let mut held: Vec<(Handle, u16)> = Vec::new();
                    for round in 0..1_000_u32 {
                        let number = worker * 1_000_000 + round % 97;
                        let rest = u16::try_from(number % 97 + worker * 100).unwrap();
                        let known = Knowledge::pinned(rest);
                        let webhook = registry.handle(&by_address(number, 0));
                        agree(registry, &webhook, known);
                        let own = registry.handle(&by_member(number, 0));
                        agree(registry, &own, known);
                        webhook.pin(Knowledge::pinned(rest));
                        let there = registry.get(own.portal().id()).unwrap();
                        assert_eq!(*there.knowledge(), *webhook.caps().knowledge());
                        webhook.unpin();
                        if round % 5 == 0 {
                            held.push((own, rest));
                        }
                        for (handle, rest) in held.iter().rev().take(3) {
                            agree(registry, handle, Knowledge::pinned(*rest));
                        }
                        if held.len() > 20 {
                            held.clear();
                        }
                    }
                });
            }
            scope.spawn(move || {
                let mut number = 100_000_000;
                while !is_over.load(SeqCst) {
                    number += 1;
                    let _ = registry.handle(&by_address(number, 0));
                    let _ = registry.handle(&by_member(number, 0));
                    let _ = registry.handle(&by_member(number / 10, number % 10));
                    let form = format!(
                        "auth[application_token]=t&auth[member_id]={}&auth[client_endpoint]=https://p{}-{}.example/rest/",
                        member(number / 10),
                        number / 10,
                        number % 7
                    );
                    registry.record_sender(&claim_of_form(&form, "t").unwrap());
                }
            });
            scope.spawn(move || {
                while !is_over.load(SeqCst) {
                    let snapshot = registry.snapshot();
                    registry.restore(&snapshot);
                    registry.restore(&seeded(20_000_000..20_000_100));
                    let _ = format!("{registry:?}");
                }
            });
        });
    });
}

#[test]
fn get_never_mixes_up_portals() {
    let long = "a".repeat(30);
    let hosts = [
        "a.example".to_owned(),
        "a.example.com".into(),
        "a.exampl".into(),
        "a.example:8443".into(),
        "a.example/p".into(),
        "a.example/p/q".into(),
        "a.example:81".into(),
        format!("{}.com", "a".repeat(25)),
        format!("{}.com", "a".repeat(26)),
        format!("{}.com", "a".repeat(27)),
        format!("{long}.com"),
        format!("{long}.com:1"),
        format!("{long}{long}.com"),
        format!("{}.co", "a".repeat(70)),
        format!("{}.x", vec!["b".repeat(60); 6].join(".")),
        "0123456789abcdef0123456789abcdef".into(),
        "[::1]".into(),
        "[::1]:1".into(),
        "127.0.0.1".into(),
        "xn--e1afmkfd.example".into(),
        "ab--cd.example".into(),
        "-a.example".into(),
        "a_b.example".into(),
    ];
    let registry = Registry::builder(ReqwestTransport::new()).build();
    let mut handles = Vec::new();
    for (nth, host) in hosts.iter().enumerate() {
        for scheme in ["https", "http"] {
            let address = format!("{scheme}://{host}/rest/1/s3cret/");
            let Ok(portal) = Portal::builder().allow_http().webhook(&address) else {
                continue;
            };
            let handle = registry.handle(&portal);
            let number = u16::try_from(100 + nth * 2 + usize::from(scheme == "http")).unwrap();
            handle.pin(Knowledge::pinned(number));
            handles.push((handle, number));
        }
    }
    assert!(handles.len() > hosts.len(), "{} portals", handles.len());
    for (handle, number) in &handles {
        assert_eq!(
            handle.caps().knowledge().rest(),
            Some(*number),
            "{:?}",
            handle.portal()
        );
        let got = registry.get(handle.portal().id()).unwrap();
        assert_eq!(got.knowledge().rest(), Some(*number));
        if let Ok(id) = handle.portal().id().to_string().parse::<PortalId>() {
            assert_eq!(id, *handle.portal().id());
            assert_eq!(registry.get(&id).unwrap().knowledge().rest(), Some(*number));
        }
    }
    let none: PortalId = "ffffffffffffffffffffffffffffffff".parse().unwrap();
    assert!(registry.get(&none).is_none());
    let none: PortalId = "https://b.example".parse().unwrap();
    assert!(registry.get(&none).is_none());
}
