//! What tests say of the calls that came in, and what they print when it is not so.

use std::panic::{AssertUnwindSafe, catch_unwind};

use imbot_caps::Feature;
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use serde_json::{Value as Json, json};

use crate::client::call;

const SEND: &str = "imbot.v2.Chat.Message.send";

async fn single(build: Build) -> EmulatedPortal {
    let portal = Emulator::start_single(build).await.unwrap();
    portal.strict();
    portal
}

/// The message that this panics with.
fn complaint(check: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(check)).unwrap_err();
    *panic.downcast::<String>().unwrap()
}

async fn noted(build: Build, method: &str, params: Json) -> Vec<Feature> {
    let portal = single(build).await;
    call(&portal, method, params).await;
    portal
        .violations()
        .iter()
        .filter_map(|violation| violation.feature)
        .collect()
}

#[tokio::test]
async fn failed_expectation_prints_calls() {
    let portal = single(Build::rest(33)).await;
    assert_eq!(
        complaint(|| portal.expect("scope").at_least(1)),
        "expected 1 or more of scope, and there are 0; what came: nothing"
    );
    call(&portal, "server.time", json!({"a": {"b": 1}})).await;
    portal.expect("server.time").times(1);
    portal.expect("server.time").with("/a/b", 1).at_least(1);
    portal.expect("server.time").with("/a/b", "1").never();
    let text = complaint(|| portal.expect("server.time").with("/a/b", 2).times(3));
    assert!(
        text.starts_with(
            "expected 3 of server.time with /a/b = 2, and there are 0; what came:\n  #1 POST /rest/1/"
        ),
        "{text}"
    );
    assert!(text.ends_with(r#"/server.time {"a":{"b":1}}"#), "{text}");
    complaint(|| portal.expect("server.time").never());
}

#[tokio::test]
async fn ungated_call_is_reported() {
    let portal = single(Build::rest32_with_imbot_v2()).await;
    let fields = json!({"message": "m", "system": true});
    call(&portal, SEND, json!({"botId": 1, "fields": fields})).await;
    let text = complaint(|| portal.assert_no_violations());
    assert!(
        text.starts_with("calls rely on what the build lacks, or on what no portal knows:\n"),
        "{text}"
    );
    let relies = "imbot.v2.Chat.Message.send with fields.system relies on message.system, \
                  which needs REST revision 33 or newer and the imbot.v2 API: #1 POST ";
    assert!(text.contains(relies), "{text}");
    portal.set_build(Build::rest(33));
    portal.strict();
    call(&portal, SEND, json!({"botId": 1, "fields": {"system": true}})).await;
    portal.assert_no_violations();
}

#[tokio::test]
async fn violations_depend_on_parameter_value() {
    let old = Build::rest32_with_imbot_v2;
    for (value, count) in [(json!("Y"), 0), (json!(1), 0), (json!(false), 1)] {
        let params = json!({"fields": {"system": value}});
        assert_eq!(noted(old(), SEND, params).await.len(), count, "{value}");
    }
    let update = |fields: Json| noted(Build::rest(34), "imbot.v2.Bot.update", json!({"fields": fields}));
    assert_eq!(
        update(json!({"botToken": "t"})).await,
        [Feature::BotTokenRotation]
    );
    assert_eq!(update(json!({"backgroundId": "mint"})).await, []);
}

#[tokio::test]
async fn newer_values_violate_older_builds() {
    let old = Build::rest32_with_imbot_v2;
    let color = |name: &str| json!({"fields": {"color": name}});
    let of_bot = |name: &str| json!({"fields": {"properties": {"color": name}}});
    let background = |name: &str| json!({"fields": {"backgroundId": name}});
    let titles = |language: &str| json!({"commandId": 1, "fields": {"title": {language: "T"}}});
    let both = |language: &str| {
        let texts = json!({"command": "c", "title": {language: "T"}});
        json!({"command": "c", "title": {language: "T"}, "fields": texts})
    };
    let (chat, update) = ("imbot.v2.Chat.add", "imbot.v2.Chat.update");
    let (register, bot) = ("imbot.v2.Bot.register", "imbot.v2.Bot.update");
    let (command, change) = ("imbot.v2.Command.register", "imbot.v2.Command.update");
    for (method, params, build, expected) in [
        (chat, color("lightBlue"), old(), Some(Feature::ColorCamelCase)),
        (update, color("light_blue"), old(), Some(Feature::ColorCamelCase)),
        (register, of_bot("mint"), old(), Some(Feature::ColorCamelCase)),
        (bot, of_bot("LIGHT_BLUE"), old(), None),
        (chat, color("MINT"), old(), None),
        (chat, color(""), old(), None),
        (chat, color("lightBlue"), Build::rest(33), None),
        (chat, color("nonsense"), old(), Some(Feature::ColorInvalidIgnored)),
        (chat, color("nonsense"), Build::rest(33), None),
        (
            bot,
            background("nonsense"),
            Build::rest(33),
            Some(Feature::BackgroundIdNormalized),
        ),
        (bot, background("nonsense"), Build::rest(34), None),
        (register, background("azure"), old(), None),
        (change, titles("EN"), old(), Some(Feature::CommandLanguageCase)),
        (command, both("De"), old(), Some(Feature::CommandLanguageCase)),
        (change, titles("en"), old(), None),
        (command, both("de"), old(), None),
        (change, titles("EN"), Build::rest(33), None),
    ] {
        let noted = noted(build.clone(), method, params.clone()).await;
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(noted, expected, "{method} {params} on {build:?}");
    }
}

#[tokio::test]
async fn harmless_calls_are_no_violation() {
    let old = Build::rest32_with_imbot_v2;
    let long = "x".repeat(41);
    for (method, params, build) in [
        // A limit that is not there yet, an error that is not told yet, and languages
        // that are all replaced: these calls do as they did.
        (
            "imbot.v2.Bot.register",
            json!({"fields": {"botToken": long}}),
            Build::rest(35),
        ),
        (
            "imbot.v2.Chat.Manager.add",
            json!({"dialogId": "chat5", "userIds": []}),
            old(),
        ),
        (
            "imbot.v2.Command.update",
            json!({"commandId": 1, "fields": {"title": {"en": "T"}}}),
            old(),
        ),
    ] {
        assert_eq!(
            noted(build, method, params.clone()).await,
            [],
            "{method} {params}"
        );
    }
    // But a title that is taken away stays there on older builds.
    let gone = json!({"commandId": 1, "fields": {"title": {"de": null}}});
    assert_eq!(
        noted(old(), "imbot.v2.Command.update", gone).await,
        [Feature::CommandTitleNullDeletes]
    );
}

#[tokio::test]
async fn new_form_alone_is_a_violation() {
    let method = "imbot.v2.Command.register";
    let old = Build::rest32_with_imbot_v2;
    let both = json!({"command": "c", "fields": {"command": "c"}});
    assert_eq!(noted(old(), method, both).await, []);
    let new = json!({"fields": {"command": "c"}});
    assert_eq!(
        noted(old(), method, new.clone()).await,
        [Feature::CommandRegisterFields]
    );
    assert_eq!(noted(Build::rest(33), method, new).await, []);
}

#[tokio::test]
async fn missing_batch_methods_are_violations() {
    let portal = single(Build::rest(30)).await;
    call(&portal, "imbot.v2.Revision.get", json!({})).await;
    call(&portal, "imbot.bot.list", json!({})).await;
    portal.assert_no_violations();
    call(
        &portal,
        "batch",
        json!({"cmd": {"a": "imbot.v2.Bot.list?limit=1"}}),
    )
    .await;
    let [violation] = &portal.violations()[..] else {
        panic!("{:?}", portal.violations());
    };
    assert_eq!(violation.method, "imbot.v2.Bot.list");
    assert_eq!(
        (violation.parameter.as_deref(), violation.request.order),
        (None, 3)
    );
    portal.strict();
    portal.tolerate(violation.feature.unwrap());
    call(&portal, "imbot.v2.Bot.list", json!({})).await;
    portal.assert_no_violations();
}

#[tokio::test]
async fn batch_commands_are_counted_on_request() {
    let portal = single(Build::rest(33)).await;
    let send = |text: &str| format!("{SEND}?fields[message]={text}&botId=7#x");
    for cmd in [
        json!({"a": send("m"), "b": send("n"), "c": "scope"}),
        json!([send("m"), 5, "batch"]),
    ] {
        call(&portal, "batch", json!({"cmd": cmd})).await;
    }
    call(&portal, SEND, json!({"botId": 7, "fields": {"message": "m"}})).await;
    assert_eq!(portal.count(SEND), 1);
    portal.expect(SEND).times(1);
    let all = || portal.expect(SEND).in_batches_too();
    all().times(4);
    all().with("/fields/message", "m").times(3);
    // In a batch all is text.
    all().with("/botId", "7").times(3);
    portal.expect("scope").never();
    portal.expect("scope").in_batches_too().times(1);
    let text = complaint(|| all().never());
    assert!(
        text.contains("Message.send, in batches too, and there are 4"),
        "{text}"
    );
    // What is no batch has no commands.
    call(&portal, "server.time", json!({"cmd": {"a": "scope"}})).await;
    portal.expect("scope").in_batches_too().times(1);
}
