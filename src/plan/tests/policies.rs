//! What a gate may do, and what it does while it knows nothing.

use serde_json::json;

use super::*;
use crate::table::Table;
use crate::{OnUnknown, Revision};

fn system() -> Call {
    call(
        "imbot.v2.Chat.Message.send",
        json!({"botId": 7, "dialogId": "1", "fields": {"message": "m", "system": true, "urlPreview": false}}),
    )
}

#[test]
fn a_mode_for_all() {
    let call = system();
    let plan_in = |mode, caps: &Caps| plan(&call, caps, &Policy::new(mode));
    assert!(plan_in(Mode::Adapt, &at_32()).adapted().is_some());
    let refused = plan_in(Mode::Reject, &at_32());
    let refused = refused.refused().unwrap();
    assert_eq!(refused.parameter(), Some("fields.system"));
    assert_eq!(
        refused.unsupported().unwrap().feature(),
        Some(Feature::SystemMessage)
    );
    let Plan::Pass { noted } = plan_in(Mode::Observe, &at_32()) else {
        panic!()
    };
    let noted: Vec<_> = noted
        .iter()
        .map(|change| (change.row().id(), change.at()))
        .collect();
    assert_eq!(
        noted,
        [
            ("message.system", "fields.system"),
            ("message.url_preview", "fields.urlPreview")
        ]
    );
    let Plan::Pass { noted } = plan_in(Mode::Off, &at_32()) else {
        panic!()
    };
    assert!(noted.is_empty());
    // The method itself.
    assert!(plan_in(Mode::Reject, &Caps::at(30)).refused().is_some());
    assert!(plan_in(Mode::Off, &Caps::at(30)).is_pass());
    let Plan::Pass { noted } = plan_in(Mode::Observe, &Caps::at(30)) else {
        panic!()
    };
    assert_eq!(
        noted[0].to_string(),
        "`imbot.v2.Chat.Message.send` is sent as `imbot.message.add` (imbot.v2.Chat.Message.send)"
    );
}

#[test]
fn a_mode_for_one_feature() {
    let policy = Policy::new(Mode::Off).feature(Feature::SystemMessage, Mode::Adapt);
    let plan_of = plan(&system(), &at_32(), &policy);
    assert_eq!(rows(&plan_of), ["message.system"]);
    let policy = Policy::default().feature(Feature::SystemMessage, Mode::Observe);
    let plan_of = plan(&system(), &at_32(), &policy);
    let adapted = plan_of.adapted().unwrap();
    assert_eq!(rows(&plan_of), ["message.url_preview"]);
    assert_eq!(adapted.unapplied()[0].row().id(), "message.system");
    // The last word on a row counts.
    let policy = policy.row("message.system", Mode::Reject);
    assert!(plan(&system(), &at_32(), &policy).refused().is_some());
    assert_eq!(policy.mode("message.system"), Mode::Reject);
    assert_eq!(policy.mode("another"), Mode::Adapt);
}

#[test]
fn rows_of_an_overlay() {
    let overlay = r#"
title = "acme"
version = "1.0.0"
requires = "^2"

[[feature]]
id = "acme.voice"
title = "voice"
kind = "new"
requires = { rest = 34 }
applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.voice"] }
fallback = { shim = "omit", note = "left out" }
source = "https://acme.example"
confidence = "documented"
"#;
    let table: &'static Table = Box::leak(Box::new(Table::builtin().with_overlay(overlay).unwrap()));
    let caps = Caps::at(33).with_table(table);
    let call = call("imbot.v2.Chat.Message.send", json!({"fields": {"voice": 1}}));
    let with = |mode| plan(&call, &caps, &Policy::default().row("acme.voice", mode));
    assert_eq!(sent(&call, &with(Mode::Adapt))[1], json!({"fields": {}}));
    let refused = with(Mode::Reject);
    assert_eq!(refused.refused().unwrap().row().id(), "acme.voice");
    assert!(with(Mode::Observe).is_pass());
    assert!(with(Mode::Off).is_pass());
    assert!(plan(&call, &Caps::at(34).with_table(table), &Policy::default()).is_pass());
}

#[test]
fn shim_without_effect_passes() {
    // Rows without a kind of value are about every value.
    let overlay = r#"
title = "acme"
version = "1.0.0"
requires = "^2"

[[feature]]
id = "acme.flag"
title = "flag"
kind = "new"
requires = { rest = 34 }
applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.flag"] }
fallback = { shim = "yes-no", note = "Y" }
source = "https://acme.example"
confidence = "documented"

[[feature]]
id = "acme.broken"
title = "broken"
kind = "new"
requires = { rest = 34 }
applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.broken"] }
fallback = { shim = "v1-call", v1 = "imbot.message.add", note = "no shim for a parameter" }
source = "https://acme.example"
confidence = "documented"
"#;
    let table: &'static Table = Box::leak(Box::new(Table::builtin().with_overlay(overlay).unwrap()));
    let caps = Caps::at(33).with_table(table);
    let with = |fields: Value| call("imbot.v2.Chat.Message.send", json!({"fields": fields}));
    assert_eq!(
        adapted(&with(json!({"flag": true})), &caps)[1],
        json!({"fields": {"flag": "Y"}})
    );
    for there in ["Y", "N"] {
        assert!(plan(&with(json!({"flag": there})), &caps, &Policy::default()).is_pass());
    }
    assert_eq!(
        refused(&with(json!({"flag": []})), &caps).parameter(),
        Some("fields.flag")
    );
    assert_eq!(
        refused(&with(json!({"broken": 1})), &caps).row().id(),
        "acme.broken"
    );
}

#[test]
fn reply_shims_cause_no_rejection() {
    let list = call("imbot.v2.Bot.list", json!({"botToken": "t"}));
    let plan_of = plan(&list, &Caps::at(33), &Policy::new(Mode::Reject));
    assert!(plan_of.adapted().unwrap().changes_reply());
    let Plan::Pass { noted } = plan(&list, &Caps::at(33), &Policy::new(Mode::Observe)) else {
        panic!()
    };
    assert_eq!(noted.len(), 2);
    // Where the secret is gone, there is nothing to note.
    let Plan::Pass { noted } = plan(&list, &Caps::at(36), &Policy::new(Mode::Observe)) else {
        panic!()
    };
    assert!(noted.is_empty());
    // What would follow the call is refused only where something would.
    let update = |fields| call("imbot.v2.Bot.update", json!({"botId": 7, "fields": fields}));
    let policy = Policy::new(Mode::Reject);
    assert!(
        plan(&update(json!({"isHidden": true})), &Caps::at(34), &policy)
            .refused()
            .is_none()
    );
    let moved = update(json!({"webhookUrl": "https://bot.example"}));
    let refused = plan(&moved, &Caps::at(34), &policy);
    assert_eq!(
        refused.refused().unwrap().row().id(),
        "events.subscription_cleanup"
    );
}

#[test]
fn unknown_portal_follows_each_row() {
    let unknown = Caps::unknown();
    let policy = Policy::default();
    // Adapt: the form that is right on every build.
    assert_eq!(
        rows(&plan(&system(), &unknown, &policy)),
        ["message.system", "message.url_preview"]
    );
    // Refuse: what would do harm.
    let rotate = call("imbot.v2.Bot.update", json!({"fields": {"botToken": "next"}}));
    let refused = plan(&rotate, &unknown, &policy);
    let refused = refused.refused().unwrap();
    assert!(matches!(refused.reason(), Reason::Unsupported(_)));
    assert_eq!(refused.row().id(), "bot.token_rotation");
    // Send: at worst it is refused there.
    for passes in [
        call("imbot.v2.File.upload", json!({"fields": {}})),
        call("imbot.v2.Command.update", json!({"fields": {"command": "x"}})),
        call("im.recent.get", json!({"ONLY_OPENLINES": "Y"})),
    ] {
        assert!(plan(&passes, &unknown, &policy).is_pass(), "{passes:?}");
    }
    // Older portals take a long token.
    let fields = json!({"botToken": "x".repeat(41), "code": "ann", "properties": {"name": "Ann"}});
    let register = call("imbot.v2.Bot.register", json!({"fields": fields}));
    assert!(plan(&register, &unknown, &policy).refused().is_none());
    // A trap is avoided, since its absence does no harm.
    let get = call("imbot.v2.Bot.get", json!({"botId": 7}));
    let plan_of = plan(&get, &unknown, &policy);
    let adapted = plan_of.adapted().unwrap();
    let read = result(adapted.read(reply(json!({"bot": {"id": 7, "appId": "s"}}))));
    assert_eq!(read, json!({"bot": {"id": 7}}));
}

#[test]
fn only_assumed_revision_counts_as_known() {
    let rotate = call("imbot.v2.Bot.update", json!({"fields": {"botToken": "next"}}));
    let policy = Policy::default();
    let floor = |rest: u16| Caps::unknown().on_unknown(OnUnknown::AssumeAtLeast(Revision::from(rest)));
    // To try it is no way to find out; to know that every portal has it is another thing.
    assert!(
        plan(&rotate, &Caps::unknown().on_unknown(OnUnknown::Allow), &policy)
            .refused()
            .is_some()
    );
    assert!(plan(&rotate, &floor(35), &policy).refused().is_none());
    assert!(plan(&rotate, &floor(34), &policy).refused().is_some());
    assert!(plan(&system(), &floor(33), &policy).is_pass());
    assert!(plan(&system(), &floor(32), &policy).adapted().is_some());
    // What is known stands.
    let caps = Caps::at(34).on_unknown(OnUnknown::Allow);
    assert!(plan(&rotate, &caps, &policy).refused().is_some());
}

#[test]
fn contradicted_feature_counts_as_missing() {
    let (caps, policy) = (Caps::at(36), Policy::default());
    let planner = Planner::new(&caps, &policy);
    // Of a method, the older one serves.
    let ids = ["imbot.v2.Chat.Message.send"];
    let plan_of = planner.contradicted(&ids).decide(&system());
    assert_eq!(sent(&system(), &plan_of)[0], "imbot.message.add");
    // Without one it is refused, and in words of its own.
    let upload = Call::new("imbot.v2.File.upload");
    let ids = ["imbot.v2.File.upload"];
    let refused = planner.contradicted(&ids).decide(&upload);
    let refused = refused.refused().unwrap();
    assert!(matches!(refused.reason(), Reason::Contradicted));
    assert!(refused.unsupported().is_none());
    assert!(
        refused.to_string().contains("one of its modules is older"),
        "{refused}"
    );
    // What has no older form is refused for that.
    let reply = call(
        "imbot.v2.Chat.Message.send",
        json!({"botId": 7, "dialogId": "1", "fields": {"message": "m", "replyId": 1}}),
    );
    let ids = ["imbot.v2.Chat.Message.send"];
    let refused = planner.contradicted(&ids).decide(&reply);
    assert_eq!(refused.refused().unwrap().parameter(), Some("fields.replyId"));
    // Of a parameter, its shim; of what is sound without, nothing.
    let ids = ["message.system", "command.update.title_merge"];
    assert_eq!(
        rows(&planner.contradicted(&ids).decide(&system())),
        ["message.system"]
    );
    let update = call(
        "imbot.v2.Command.update",
        json!({"fields": {"title": {"en": "x"}}}),
    );
    assert!(planner.contradicted(&ids).decide(&update).is_pass());
}

#[test]
fn calls_without_rows_pass() {
    let policy = Policy::new(Mode::Reject);
    for method in [
        "crm.deal.get",
        "CRM.Item.List",
        "imbot.v2.Bot.list.x",
        "",
        "batch",
        "imbot.v2",
        "💥",
    ] {
        let call = call(method, json!({"fields": {"system": true, "botToken": "x"}}));
        assert!(plan(&call, &Caps::at(18), &policy).is_pass(), "{method}");
        assert!(Planner::new(&Caps::at(18), &policy).rows_of(&call).is_empty());
    }
    assert_eq!(
        Planner::new(&Caps::at(36), &policy).rows_of(&system())[..2],
        ["imbot.v2.Chat.Message.send", "message.system"]
    );
}
