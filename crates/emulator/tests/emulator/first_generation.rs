//! The older generation: chats, messages and commands of bots, and what people
//! do through `im.*`.

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, OauthToken, Webhook};
use serde_json::{Value as Json, json};

use crate::client::{Answer, call, post};
use crate::events::handler;

/// A picture of one pixel.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async fn bot(portal: &EmulatedPortal, handler: &str) -> Json {
    let register = json!({
        "CODE": "old", "CLIENT_ID": "c", "PROPERTIES": {"NAME": "Old"}, "EVENT_HANDLER": handler,
    });
    call(portal, "imbot.register", register).await.result()
}

#[tokio::test]
async fn chat_lifecycle() {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    let bot = bot(&portal, "http://127.0.0.1:9/").await;
    let own = |more: Json| {
        let mut params = json!({"CLIENT_ID": "c", "BOT_ID": bot});
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        params
    };
    let add = own(json!({"TITLE": "T", "USERS": [1, 2], "ENTITY_TYPE": "E", "ENTITY_ID": "7"}));
    let id = call(&portal, "imbot.chat.add", add).await.result();
    let found = own(json!({"ENTITY_TYPE": "E", "ENTITY_ID": "7"}));
    let found = call(&portal, "imbot.chat.get", found).await.result();
    assert_eq!(found, json!({"ID": id}));
    for (method, more) in [
        ("imbot.chat.updateTitle", json!({"TITLE": "New"})),
        ("imbot.chat.updateColor", json!({"COLOR": "MINT"})),
        ("imbot.chat.updateAvatar", json!({"AVATAR": PIXEL})),
        ("imbot.chat.user.add", json!({"USERS": [3]})),
        ("imbot.chat.user.delete", json!({"USER_ID": 2})),
        ("imbot.chat.setManager", json!({"USER_ID": 3, "IS_MANAGER": "Y"})),
        ("imbot.chat.setOwner", json!({"USER_ID": 1})),
    ] {
        let mut params = own(more);
        params["CHAT_ID"] = id.clone();
        assert_eq!(call(&portal, method, params).await.result(), true, "{method}");
    }
    let dialog = own(json!({"DIALOG_ID": format!("chat{id}"), "TEXT_FIELD_ENABLED": "N"}));
    for method in ["imbot.chat.sendTyping", "imbot.chat.updateTextFieldEnabled"] {
        assert_eq!(call(&portal, method, dialog.clone()).await.result(), true);
    }
    let shown = call(&portal, "imbot.dialog.get", dialog).await.result();
    assert_eq!(
        (&shown["name"], &shown["manager_list"]),
        (&json!("New"), &json!([3]))
    );
    let in_chat = own(json!({"CHAT_ID": id}));
    let members = call(&portal, "imbot.chat.user.list", in_chat.clone()).await;
    assert_eq!(members.result(), json!([1, bot, 3]));
    call(&portal, "imbot.chat.leave", in_chat.clone()).await.result();
    let denied = call(&portal, "imbot.chat.user.list", in_chat).await;
    assert_eq!(denied.code(), "ACCESS_ERROR");
    assert!(!portal.chats()[0].is_text_field_enabled);
}

/// A bot in a chat of its own, and calls in its name.
struct Old {
    portal: EmulatedPortal,
    bot: Json,
    chat: Json,
}

impl Old {
    async fn start() -> Self {
        Self::on(Build::rest(30)).await
    }

    async fn on(build: Build) -> Self {
        let portal = Emulator::start_single(build).await.unwrap();
        let bot = bot(&portal, "http://127.0.0.1:9/").await;
        let add = json!({"CLIENT_ID": "c", "BOT_ID": bot, "TITLE": "T", "USERS": [2]});
        let chat = call(&portal, "imbot.chat.add", add).await.result();
        Self { portal, bot, chat }
    }

    async fn call(&self, method: &str, more: Json) -> Answer {
        let mut params = json!({"CLIENT_ID": "c", "BOT_ID": self.bot});
        let own = params.as_object_mut().unwrap();
        own.extend(more.as_object().unwrap().clone());
        call(&self.portal, method, params).await
    }

    async fn command(&self, name: &str, more: Json) -> Json {
        let mut params = json!({
            "COMMAND": name, "EVENT_COMMAND_ADD": "http://127.0.0.1:9/commands",
            "LANG": [{"LANGUAGE_ID": "en", "TITLE": "First"}],
        });
        let own = params.as_object_mut().unwrap();
        own.extend(more.as_object().unwrap().clone());
        self.call("imbot.command.register", params).await.result()
    }
}

#[tokio::test]
async fn only_letter_n_disables_text_field() {
    let old = Old::on(Build::rest(33)).await;
    let method = "imbot.chat.updateTextFieldEnabled";
    for (value, is_enabled) in [
        (json!("N"), false),
        // Not the letter: on, whatever was meant.
        (json!(false), true),
        (json!("n"), true),
        (json!(0), true),
        (json!("Y"), true),
    ] {
        for chat in [
            json!({"CHAT_ID": old.chat}),
            json!({"DIALOG_ID": format!("chat{}", old.chat)}),
        ] {
            let mut params = chat;
            params["TEXT_FIELD_ENABLED"] = value.clone();
            assert_eq!(old.call(method, params).await.result(), true);
            assert_eq!(old.portal.chats()[0].is_text_field_enabled, is_enabled, "{value}");
        }
    }
    for (params, code) in [
        (json!({"CHAT_ID": old.chat}), "TEXT_FIELD_ENABLED_EMPTY"),
        // The name that the newer method has.
        (
            json!({"CHAT_ID": old.chat, "ENABLED": "N"}),
            "TEXT_FIELD_ENABLED_EMPTY",
        ),
        (json!({"TEXT_FIELD_ENABLED": "N"}), "CHAT_ID_EMPTY"),
        (
            json!({"DIALOG_ID": 1, "TEXT_FIELD_ENABLED": "N"}),
            "DIALOG_ID_EMPTY",
        ),
        (json!({"CHAT_ID": 999, "TEXT_FIELD_ENABLED": "N"}), "ACCESS_ERROR"),
    ] {
        assert_eq!(old.call(method, params.clone()).await.code(), code, "{params}");
    }
}

#[tokio::test]
async fn chats_accept_number_or_dialog() {
    let old = Old::start().await;
    for (method, more) in [
        ("imbot.chat.updateTitle", json!({"TITLE": " New "})),
        ("imbot.chat.updateColor", json!({"COLOR": "MINT"})),
        ("imbot.chat.updateAvatar", json!({"AVATAR": PIXEL})),
        ("imbot.chat.user.add", json!({"USERS": [3]})),
        ("imbot.chat.user.delete", json!({"USER_ID": 3})),
        ("imbot.chat.setManager", json!({"USER_ID": 2})),
        ("imbot.chat.setOwner", json!({"USER_ID": 2})),
        ("imbot.chat.leave", json!({})),
    ] {
        let mut params = more;
        params["DIALOG_ID"] = "2".into();
        let code = old.call(method, params.clone()).await.code();
        assert_eq!(code, "DIALOG_ID_EMPTY", "{method}");
        params["DIALOG_ID"] = format!("chat{}", old.chat).into();
        assert_eq!(old.call(method, params).await.result(), true, "{method}");
    }
    let chat = old.portal.chats().remove(0);
    assert_eq!(
        (chat.title.as_str(), chat.owner_id, chat.managers),
        ("New", 2, vec![2])
    );
    assert!(!chat.members.contains(&old.bot.as_u64().unwrap()));
}

#[tokio::test]
async fn chat_permissions_are_checked() {
    let old = Old::start().await;
    let stranger = json!({"CHAT_ID": old.chat, "USER_ID": 9});
    for (method, code) in [
        ("imbot.chat.setOwner", "WRONG_REQUEST"),
        ("imbot.chat.setManager", "WRONG_REQUEST"),
        ("imbot.chat.user.delete", "WRONG_REQUEST"),
    ] {
        let answer = old.call(method, stranger.clone()).await;
        assert_eq!(answer.code(), code, "{method}");
    }
    let member = json!({"CHAT_ID": old.chat, "USER_ID": 2});
    let answer = old.call("imbot.chat.setOwner", member.clone()).await;
    assert_eq!(answer.result(), true);
    // It is the bot's chat no more.
    for method in ["imbot.chat.setOwner", "imbot.chat.setManager"] {
        let answer = old.call(method, member.clone()).await;
        assert_eq!(answer.code(), "WRONG_REQUEST", "{method}");
    }
    assert_eq!(old.portal.chats()[0].managers, Vec::<u64>::new());
}

#[tokio::test]
async fn application_bots_share_one_address() {
    let old = Old::start().await;
    let register = |client: &str, code: &str, port: u16| {
        let params = json!({
            "CLIENT_ID": client, "CODE": code, "PROPERTIES": {"NAME": "N"},
            "EVENT_HANDLER": format!("http://127.0.0.1:{port}/"),
        });
        let portal = &old.portal;
        async move { call(portal, "imbot.register", params).await.result() }
    };
    let urls = || {
        let mut urls = old.portal.subscriptions();
        urls.sort_unstable();
        urls.dedup();
        urls
    };
    let [first, second] = [
        "http://127.0.0.1:9/?CLIENT_ID=c",
        "http://127.0.0.1:10/?CLIENT_ID=c",
    ];
    assert_eq!(urls(), [first]);
    assert_ne!(register("c", "other", 10).await, old.bot);
    assert_eq!(urls(), [second]);
    // A bot that is there already stays as it is; its address moves.
    assert_eq!(register("c", "old", 9).await, old.bot);
    assert_eq!(urls(), [first]);
    assert_eq!(old.portal.bots().len(), 2);
    // Of another owner.
    register("d", "third", 11).await;
    assert_eq!(urls(), ["http://127.0.0.1:11/?CLIENT_ID=d", first]);
}

#[tokio::test]
async fn colour_must_be_capital_and_new() {
    let old = Old::start().await;
    for (color, code) in [
        ("mint", Some("WRONG_COLOR")),
        ("lightBlue", Some("WRONG_COLOR")),
        ("LIGHT_BLUE", None),
        ("LIGHT_BLUE", Some("WRONG_REQUEST")),
    ] {
        let params = json!({"CHAT_ID": old.chat, "COLOR": color});
        let answer = old.call("imbot.chat.updateColor", params).await;
        match code {
            Some(code) => assert_eq!(answer.code(), code, "{color}"),
            None => assert_eq!(answer.result(), true, "{color}"),
        }
    }
}

#[tokio::test]
async fn dialog_get_uses_callers_access() {
    let old = Old::start().await;
    let dialog = json!({"DIALOG_ID": format!("chat{}", old.chat)});
    // The bot is in the chat, and the person whose credential it is not.
    let answer = old.call("imbot.dialog.get", dialog.clone()).await;
    assert_eq!(answer.code(), "ACCESS_ERROR");
    let add = json!({"CHAT_ID": old.chat, "USERS": [1]});
    old.call("imbot.chat.user.add", add).await.result();
    let shown = old.call("imbot.dialog.get", dialog.clone()).await.result();
    assert_eq!(
        (&shown["id"], &shown["dialog_id"]),
        (&old.chat, &dialog["DIALOG_ID"])
    );
    assert_eq!((&shown["name"], &shown["owner"]), (&json!("T"), &old.bot));
    for (name, value) in [
        ("type", json!("chat")),
        ("message_type", json!("C")),
        ("role", json!("member")),
        ("last_message_id", json!(0)),
        ("user_counter", json!(3)),
        ("disk_folder_id", json!(0)),
        ("extranet", json!(false)),
    ] {
        assert_eq!(shown[name], value, "{name}");
    }
}

#[tokio::test]
async fn repeated_command_keeps_first_registration() {
    let old = Old::start().await;
    let first = old.command("help", json!({})).await;
    let again = json!({"COMMON": "Y", "LANG": [{"LANGUAGE_ID": "en", "TITLE": "Second"}]});
    assert_eq!(old.command("/help", again).await, first);
    assert_ne!(old.command("other", json!({})).await, first);
    let commands = old.portal.commands();
    assert_eq!(commands.len(), 2);
    assert!(!commands[0].is_common);
    assert_eq!(commands[0].texts[0].1, "First");
}

#[tokio::test]
async fn commands_update_partially_by_id() {
    let old = Old::start().await;
    let id = old.command("help", json!({})).await;
    let update = async |fields: Json| {
        let params = json!({"COMMAND_ID": id, "FIELDS": fields});
        old.call("imbot.command.update", params).await
    };
    for nothing in [
        json!({}),
        json!({"COMMON": "Y"}),
        json!({"COMMAND": "other"}),
        json!({"HIDDEN": "", "LANG": []}),
    ] {
        assert_eq!(update(nothing.clone()).await.code(), "WRONG_REQUEST", "{nothing}");
    }
    let more = json!({"COMMON": "Y", "COMMAND": "other", "HIDDEN": "Y"});
    assert_eq!(update(more).await.result(), true);
    let command = old.portal.commands().remove(0);
    assert_eq!(
        (command.name.as_str(), command.is_common, command.is_hidden),
        ("help", false, true)
    );
    for method in ["imbot.command.update", "imbot.command.unregister"] {
        let by_name = json!({"COMMAND": "help", "FIELDS": {"HIDDEN": "N"}});
        assert_eq!(
            old.call(method, by_name).await.code(),
            "COMMAND_ID_ERROR",
            "{method}"
        );
    }
    assert_eq!(old.portal.commands().len(), 1);
}

#[tokio::test]
async fn webhook_handler_addresses_carry_client_id() {
    let old = Old::start().await;
    old.command("help", json!({"EVENT_COMMAND_ADD": "http://127.0.0.1:9/?x=1"}))
        .await;
    let mut urls = old.portal.subscriptions();
    urls.dedup();
    assert_eq!(
        urls,
        [
            "http://127.0.0.1:9/?CLIENT_ID=c",
            "http://127.0.0.1:9/?x=1&CLIENT_ID=c"
        ]
    );
    let fields = json!({"EVENT_HANDLER": "http://127.0.0.1:9/new"});
    old.call("imbot.update", json!({"FIELDS": fields})).await.result();
    // What does not name an address leaves it.
    let fields = json!({"PROPERTIES": {"NAME": "N"}});
    old.call("imbot.update", json!({"FIELDS": fields})).await.result();
    let bot = old.portal.bots().remove(0);
    assert_eq!(
        bot.webhook_url.as_deref(),
        Some("http://127.0.0.1:9/new?CLIENT_ID=c")
    );

    // An application is known without.
    old.portal.add_token(OauthToken::new("good", "local.app"));
    let register = json!({
        "auth": "good", "CLIENT_ID": "c", "CODE": "app", "PROPERTIES": {"NAME": "App"},
        "EVENT_HANDLER": "http://127.0.0.1:9/app",
    });
    post(&format!("{}imbot.register", old.portal.rest_url()), &register)
        .await
        .result();
    let bot = old.portal.bots().remove(1);
    assert_eq!(bot.webhook_url.as_deref(), Some("http://127.0.0.1:9/app"));
}

#[tokio::test]
async fn bot_needs_one_name() {
    let old = Old::start().await;
    for (properties, code) in [
        (json!({"NAME": "", "LAST_NAME": ""}), Some("NAME_ERROR")),
        (json!({"NAME": "", "LAST_NAME": "L"}), None),
        (json!({"LAST_NAME": ""}), None),
    ] {
        let params = json!({"FIELDS": {"PROPERTIES": properties}});
        let answer = old.call("imbot.update", params).await;
        match code {
            Some(code) => assert_eq!(answer.code(), code, "{properties}"),
            None => assert_eq!(answer.result(), true, "{properties}"),
        }
    }
}

#[tokio::test]
async fn messages_and_commands() {
    let portal = Emulator::start_single(Build::rest(30)).await.unwrap();
    let (url, mut received) = handler().await;
    let bot = bot(&portal, &url).await;
    let lang = json!([{"LANGUAGE_ID": "en", "TITLE": "Help", "PARAMS": "what"}]);
    let register = json!({
        "CLIENT_ID": "c", "BOT_ID": bot, "COMMAND": "help", "LANG": lang, "EVENT_COMMAND_ADD": url,
    });
    let command = call(&portal, "imbot.command.register", register).await.result();

    // A person writes through REST.
    let say = json!({"DIALOG_ID": bot, "MESSAGE": "/help me"});
    let given = call(&portal, "im.message.add", say).await.result();
    let body = received.recv().await.unwrap();
    for part in [
        "event=ONIMCOMMANDADD".to_owned(),
        format!("data[COMMAND][{command}][COMMAND_PARAMS]=me"),
        format!("data[COMMAND][{command}][MESSAGE_ID]={given}"),
    ] {
        assert!(body.contains(&part), "{part}: {body}");
    }
    let answer = json!({
        "CLIENT_ID": "c", "COMMAND_ID": command, "MESSAGE_ID": given, "MESSAGE": "So", "SYSTEM": "Y",
        "URL_PREVIEW": "N",
    });
    let answer = call(&portal, "imbot.command.answer", answer).await.result();
    let sent = portal.messages().pop().unwrap();
    assert!(sent.is_system && !sent.url_preview, "{sent:?}");
    let own = |more: Json| {
        let mut params = json!({"CLIENT_ID": "c", "BOT_ID": bot, "MESSAGE_ID": answer});
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        params
    };
    for (method, more) in [
        ("imbot.message.update", json!({"MESSAGE": "Thus"})),
        ("imbot.message.like", json!({"ACTION": "plus"})),
        ("imbot.message.delete", json!({"COMPLETE": "Y"})),
    ] {
        assert_eq!(call(&portal, method, own(more)).await.result(), true, "{method}");
    }
    assert_eq!(portal.messages().len(), 1);
    for (method, more) in [
        (
            "imbot.command.update",
            json!({"COMMAND_ID": command, "FIELDS": {"HIDDEN": "Y"}}),
        ),
        ("imbot.command.unregister", json!({"COMMAND_ID": command})),
    ] {
        assert_eq!(call(&portal, method, own(more)).await.result(), true, "{method}");
    }
    let gone = json!({"CLIENT_ID": "c", "COMMAND_ID": command});
    let gone = call(&portal, "imbot.command.unregister", gone).await;
    assert_eq!(gone.code(), "COMMAND_ID_ERROR");
}

#[tokio::test]
async fn methods_list_excludes_controllers() {
    let portal = Emulator::start_single(Build::rest(33).on_premise())
        .await
        .unwrap();
    let names = call(&portal, "methods", json!({})).await.result();
    let names: Vec<_> = names
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    assert!(names.contains(&"imbot.chat.setowner") && names.contains(&"im.dialog.read.all"));
    assert!(
        !names
            .iter()
            .any(|name| name.contains("v2") || name.contains("revision"))
    );

    let narrow = portal.add_webhook(Webhook::new(7, "narrow").scopes(["im"]));
    for (name, existing, available) in [
        ("imbot.v2.Revision.get", true, false),
        ("imbot.v2.Revision.nonsense", true, false),
        ("imbot.v2.revision.get", false, false),
        ("im.message.add", true, true),
        ("server.time", true, true),
        ("no.such", false, false),
    ] {
        let answer = post(&format!("{narrow}method.get"), &json!({"name": name})).await;
        let expected = json!({"isExisting": existing, "isAvailable": available});
        assert_eq!(answer.result(), expected, "{name}");
    }
    let app = call(&portal, "app.info", json!({})).await.result();
    assert_eq!(app["LICENSE"], "en_selfhosted");
    let profile = post(&format!("{narrow}profile"), &json!({})).await.result();
    assert_eq!((&profile["ID"], &profile["ADMIN"]), (&json!("7"), &json!(false)));
}
