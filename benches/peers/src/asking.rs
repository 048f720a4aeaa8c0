//! Asking the portal before every send, as the documented sample does, beside knowing.
//! The portal is an emulator on loopback: a real one is farther away.

use std::hint::black_box;
use std::time::Instant;

use imbot_caps_emulator::{Build, Emulator};
use imbot_caps::{Feature, Portal, Registry};
use serde_json::Value;

use crate::harness::{Effort, Rows};

pub fn run(effort: Effort) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let (_emulator, url, handle) = runtime.block_on(async {
        let emulator = Emulator::start().await.unwrap();
        let emulated = emulator.portal(Build::rest(34));
        let url = emulated.webhook_url().to_owned();
        let portal = Portal::builder().allow_http().webhook(&url).unwrap();
        let handle = Registry::new().handle(&portal);
        handle.ready().await.unwrap();
        (emulator, format!("{url}imbot.v2.Revision.get"), handle)
    });
    let client = reqwest::Client::new();
    let ask = async || {
        let reply = client.post(&url).send().await.unwrap().bytes().await.unwrap();
        let reply: Value = serde_json::from_slice(&reply).unwrap();
        reply["result"]["rest"].as_u64().unwrap() >= 33
    };

    let mut rows = Rows::default();
    let known = rows.sampled("handle.ready().await, then supports", |round| {
        runtime.block_on(async {
            let (begin, mut passes) = (Instant::now(), 0);
            while begin.elapsed() < round {
                for _ in 0..64 {
                    black_box(handle.ready().await.unwrap().supports(Feature::SystemMessage));
                }
                passes += 64;
            }
            begin.elapsed().as_nanos() as f64 / f64::from(passes)
        })
    });
    let asked = rows.sampled("asking before every send", |round| {
        runtime.block_on(async {
            let (begin, mut passes) = (Instant::now(), 0);
            while begin.elapsed() < round {
                black_box(ask().await);
                passes += 1;
            }
            begin.elapsed().as_nanos() as f64 / f64::from(passes)
        })
    });
    let measured = rows.measure(effort.rounds_of(8, 41));
    println!("\n## Before each send, on loopback\n");
    println!("| {:<52} |       us |    x ours |", "one caller");
    println!("|{:-<54}|---------:|----------:|", "");
    for row in [known, asked] {
        println!(
            "| {:<52} | {:>8.3} | {:>9.1} |",
            measured.name(row),
            measured.median(row) / 1e3,
            measured.ratio(row, known).median
        );
    }
    println!(
        "\n- asking: one connection that is kept, no TLS, no distance, and none of the 2 requests a second that a portal takes."
    );
}
