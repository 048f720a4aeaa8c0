//! Planning a call, beside a look-up of its method and beside reading its text.

use std::collections::HashMap;
use std::hint::black_box;

use imbot_caps::plan::{Policy, plan};
use imbot_caps::wire::Call;
use imbot_caps::{Caps, Table};
use serde_json::{Value, json};

use super::harness::{Effort, Rows};
use super::message::message;
use super::report::{Report, Target};

pub fn run(effort: Effort, report: &mut Report) {
    let call = message();
    let text = Value::Object(call.params().clone()).to_string();
    let stranger = Call::new("crm.lead.add").with("fields", json!({"TITLE": "x"}));
    let plain = Call::new("imbot.v2.Chat.Message.send")
        .with("botId", 7)
        .with("dialogId", "chat5")
        .with("fields", json!({"message": "Hello"}));
    let batch = Call::new("batch").with("halt", 0).with(
        "cmd",
        json!({
            "one": "imbot.v2.Chat.Message.send?botId=7&dialogId=chat5&fields[message]=Hello",
            "two": "imbot.v2.Chat.Message.send?botId=7&dialogId=chat6&fields[message]=Hello&fields[system]=1",
            "three": "crm.lead.add?fields[TITLE]=x",
        }),
    );
    let mut methods: HashMap<&str, usize> = HashMap::new();
    for (number, row) in Table::builtin().rows().enumerate() {
        for method in row.applies().methods().filter(|method| !method.ends_with('*')) {
            methods.insert(method, number);
        }
    }
    let policy = Policy::default();
    let (newest, first) = (Caps::at(36), Caps::at(32).with_imbot_v2());
    let (before, unknown) = (Caps::at(30), Caps::unknown());
    let look_up = |call: &Call| methods.get(black_box(call).method()).copied().unwrap_or_default();
    let planned = |call: &Call, caps: &Caps| {
        let planned = plan(black_box(call), caps, &policy).unwrap();
        black_box(planned.call().params().len())
    };
    let parsed = || serde_json::from_str::<Value>(black_box(&text)).unwrap();

    let mut rows = Rows::default();
    let absent = rows.add("floor: look-up of a method that is not there", 1, || {
        look_up(&stranger)
    });
    let present = rows.add("floor: look-up of a method that is there", 1, || look_up(&call));
    let parse = rows.add("floor: serde_json parses the message", 1, || {
        usize::from(parsed().is_object())
    });
    let no_rule = rows.add("a call that no row is about", 1, || planned(&stranger, &newest));
    let passes = rows.add("the message at 36, as it is", 1, || planned(&call, &newest));
    let adapted = rows.add("the message at 32, adapted", 1, || planned(&call, &first));
    rows.add("a message of text alone at 36, as it is", 1, || {
        planned(&plain, &newest)
    });
    rows.add("a message of text alone at 32, as it is", 1, || {
        planned(&plain, &first)
    });
    rows.add("the message at 30, as the older method", 1, || {
        planned(&call, &before)
    });
    rows.add("the message where nothing is known", 1, || {
        planned(&call, &unknown)
    });
    rows.add("a batch of 3 at 36", 1, || planned(&batch, &newest));
    rows.add("a batch of 3 at 32", 1, || planned(&batch, &first));
    rows.add("serde_json parses the message and writes it", 1, || {
        parsed().to_string().len()
    });
    rows.add("the message at 32, adapted and written", 1, || {
        let planned = plan(black_box(&call), &first, &policy).unwrap();
        serde_json::to_string(planned.call().params()).unwrap().len()
    });
    let measured = rows.measure(effort);

    let name = "plan of a call that no row is about";
    report.hold(name, &measured, no_rule, absent, Target::Times(3.0));
    let name = "plan of a call that needs nothing";
    report.hold(name, &measured, passes, present, Target::Times(3.0));
    let name = format!("plan and adapt a message of {} bytes", text.len());
    report.hold(name, &measured, adapted, parse, Target::Times(1.0));
    report.further_rows("plan, one call", &measured, present);
}
