//! What it costs to plan a call, beside a look-up of its method and beside reading its
//! text.
//!
//! `cargo bench --bench plan`. The call is a message of about 1 KB. Figures are medians
//! over rounds; the rounds of all rows alternate.

#![allow(clippy::unwrap_used, reason = "a bench stops at the first surprise")]

use std::collections::HashMap;
use std::hint::black_box;

use imbot_caps::gate::{Policy, plan};
use imbot_caps::wire::Call;
use imbot_caps::{Caps, Table};
use serde_json::{Value, json};

#[path = "common/rows.rs"]
mod rows;

use rows::{Row, measure};

fn main() {
    let call = Call::new("imbot.v2.Chat.Message.send")
        .with("botId", 7)
        .with("botToken", "t0ken")
        .with("dialogId", "chat5")
        .with(
            "fields",
            json!({
                "message": "x".repeat(700), "system": true, "urlPreview": false,
                "keyboard": {"BUTTONS": [
                    {"TEXT": "Yes", "LINK": "https://bot.example/yes"},
                    {"TEXT": "No", "LINK": "https://bot.example/no"},
                ]},
            }),
        );
    let text = Value::Object(call.params().clone()).to_string();
    let stranger = Call::new("crm.lead.add").with("fields", json!({"TITLE": "x"}));
    let rows: Vec<&str> = Table::builtin().rows().map(|row| row.id()).collect();
    let methods: HashMap<&str, usize> = rows.iter().copied().zip(0..).collect();
    let policy = Policy::default();
    let (newest, first) = (Caps::at(36), Caps::at(32).with_imbot_v2(true));
    let (before, unknown) = (Caps::at(30), Caps::unknown());
    let planned = |call: &Call, caps: &Caps| usize::from(plan(black_box(call), caps, &policy).is_pass());

    let mut rows = [
        Row::new("look-up of the method in a HashMap", 1, || {
            methods.get(black_box(call.method())).copied().unwrap_or_default()
        }),
        Row::new("plan: no row is about it", 1, || planned(&stranger, &newest)),
        Row::new("plan: passes at 36", 1, || planned(&call, &newest)),
        Row::new("plan: adapted at 32", 1, || planned(&call, &first)),
        Row::new("plan: as the older method at 30", 1, || planned(&call, &before)),
        Row::new("plan: nothing is known", 1, || planned(&call, &unknown)),
        Row::new("serde_json parses its text", 1, || {
            usize::from(serde_json::from_str::<Value>(black_box(&text)).is_ok())
        }),
    ];
    measure(&mut rows);

    let (look_up, parse) = (
        rows.first().map_or(1.0, Row::median),
        rows.last().map_or(1.0, Row::median),
    );
    println!(
        "{:<40} {:>10} {:>10} {:>9}",
        format!("one call of {} bytes, 1 thread", text.len()),
        "median ns",
        "x look-up",
        "x parse"
    );
    for row in &rows {
        let median = row.median();
        println!(
            "{:<40} {:>10.1} {:>10.2} {:>9.2}",
            row.name,
            median,
            median / look_up,
            median / parse
        );
    }
}
