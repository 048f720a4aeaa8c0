//! What allocates nothing: asking caps, taking them from a handle, and planning a call
//! that the portal takes as it is.

#![allow(clippy::unwrap_used, reason = "tests")]

mod peaks;
#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
mod workers;

use allocation_counter::measure;
use imbot_caps::plan::{Planner, Policy, plan};
use imbot_caps::table::RevisionBasis;
use imbot_caps::wire::Call;
use imbot_caps::{Caps, Feature, OnUnknown, Table};
use serde_json::json;

/// Allocations of one run, after another that makes what is made once.
fn allocated(mut run: impl FnMut()) -> u64 {
    run();
    measure(run).count_total
}

fn some_caps() -> [Caps; 6] {
    [
        Caps::at(18),
        Caps::at(32).with_imbot_v2(),
        Caps::at(36),
        Caps::at(34).with_revision_basis(RevisionBasis::Observed),
        Caps::unknown(),
        Caps::unknown().on_unknown(OnUnknown::AssumeAtLeast(33)),
    ]
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocated(|| drop(Box::new(1))), 1);
}

#[test]
fn lookup_never_allocates() {
    let table = Table::builtin();
    let own = table
        .requirement("message.system", RevisionBasis::Documented)
        .unwrap();
    for caps in some_caps() {
        let mut yes = 0;
        let count = allocated(|| {
            yes = Feature::all().filter(|feature| caps.supports(*feature)).count();
            yes += usize::from(caps.supports(own)) + caps.features().len();
        });
        assert_eq!(count, 0, "{caps:?}: {yes}");
    }
}

#[test]
fn unshown_refusal_does_not_allocate() {
    let caps = Caps::at(34);
    let count = allocated(|| {
        assert!(caps.check(Feature::BotTokenRotation).is_unsupported());
        assert!(caps.require(Feature::BotTokenRotation).is_err());
    });
    assert_eq!(count, 0);
}

#[cfg(feature = "reqwest")]
#[test]
fn handle_caps_do_not_allocate() {
    use std::hint::black_box;

    use imbot_caps::{Knowledge, Portal, Registry};

    let portal = Portal::webhook("https://box.example/rest/1/s3cret/").unwrap();
    let handle = Registry::new().handle(&portal);
    for known in [Knowledge::unknown(), Knowledge::pinned(32), Knowledge::pinned(36)] {
        handle.pin(known);
        let count = allocated(|| {
            assert_eq!(handle.caps().knowledge(), &known);
            Feature::all().for_each(|feature| {
                black_box(handle.caps().supports(feature));
            });
        });
        assert_eq!(count, 0, "{known}");
    }
    handle.pin(Knowledge::pinned(36));
    assert_eq!(
        allocated(|| assert!(handle.supports(Feature::BotTokenRotation))),
        0
    );
}

#[cfg(feature = "reqwest")]
#[test]
fn registry_get_does_not_allocate() {
    use imbot_caps::{Knowledge, Portal, PortalId, Registry};

    let registry = Registry::new();
    let member = Portal::builder().member_id("0123456789abcdef0123456789abcdef");
    let portal = member.webhook("https://box.example/rest/1/s3cret/").unwrap();
    registry.handle(&portal).pin(Knowledge::pinned(36));
    let address: PortalId = "https://box.example".parse().unwrap();
    let unknown: PortalId = "https://other.example".parse().unwrap();
    let count = allocated(|| {
        for id in [portal.id(), &address] {
            let caps = registry.get(id);
            assert!(caps.is_some_and(|caps| caps.supports(Feature::BotTokenRotation)));
        }
        assert!(registry.get(&unknown).is_none());
    });
    assert_eq!(count, 0);
}

#[test]
fn planning_passing_call_does_not_allocate() {
    let caps = Caps::at(36);
    let policy = Policy::default();
    let planner = Planner::new(&caps, &policy);
    let fields = json!({
        "message": "x".repeat(1_000), "system": true, "urlPreview": false,
        "keyboard": {"BUTTONS": [{"TEXT": "Help", "ACTION": "PUT", "ACTION_VALUE": "/help"}]},
        "properties": {"name": "Ann", "color": "lightBlue"}, "color": "mint", "botToken": "new",
        "title": {"EN": "Help"}, "command": "help",
    });
    let methods = Table::builtin()
        .rows()
        .map(|row| row.id())
        .filter(|id| id.starts_with("imbot.v2.") || id.starts_with("im."));
    for method in methods.chain(["imbot.message.add", "profile", "crm.lead.add"]) {
        let call = Call::new(method)
            .with("botId", 7)
            .with("botToken", "t")
            .with("dialogId", "chat5")
            .with("enabled", true)
            .with("complete", true)
            .with("withUserEvents", false)
            .with("fields", fields.clone());
        let count = allocated(|| {
            assert!(
                plan(&call, &caps, &policy).is_ok_and(|own| own.is_pass()),
                "{method}"
            )
        });
        assert_eq!(count, 0, "{method}");
        assert_eq!(
            allocated(|| assert!(planner.plan(&call).is_ok_and(|own| own.is_pass()))),
            0,
            "{method}"
        );
    }
}

/// Text is read where a row is about something in it, and the portal lacks that.
#[test]
fn passing_call_parses_no_text() {
    let policy = Policy::default();
    let keyboard = json!([{"TEXT": "Help", "ACTION": "PUT", "ACTION_VALUE": "/help"}]).to_string();
    for rest in [28, 30, 33, 36] {
        let caps = Caps::at(rest);
        for method in [
            "imbot.message.add",
            "im.message.update",
            "imbot.v2.Chat.Message.update",
        ] {
            let fields = json!({"message": "Hello", "keyboard": keyboard, "attach": "[{"});
            let call = Call::new(method)
                .with("KEYBOARD", keyboard.as_str())
                .with("MENU", "[{")
                .with("fields", fields);
            let is_newer = method.contains(".v2.");
            if is_newer && rest < 36 {
                continue;
            }
            let count = allocated(|| {
                assert!(
                    plan(&call, &caps, &policy).is_ok_and(|own| own.is_pass()),
                    "{method}"
                )
            });
            assert_eq!(count, 0, "{method} at {rest}");
        }
    }
}

#[test]
fn planning_passing_batch_does_not_allocate() {
    let caps = Caps::at(36);
    let policy = Policy::default();
    let send = "imbot.v2.Chat.Message.send?botId=7&dialogId=chat5&fields[message]=Hello&fields[system]=1";
    for commands in [
        json!({"sent": send, "profile": "profile", "lead": "crm.lead.add?fields[TITLE]=x"}),
        json!([send, "imbot.v2.Chat.Message.get?messageId=$result[0][id]"]),
        json!("no commands"),
    ] {
        let call = Call::new("batch").with("halt", 1).with("cmd", commands);
        let count = allocated(|| assert!(plan(&call, &caps, &policy).is_ok_and(|own| own.is_pass())));
        assert_eq!(count, 0, "{:?}", call.params());
    }
}
