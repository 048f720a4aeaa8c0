//! Numbers of any size, in each place that takes one, get an answer.

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Webhook};
use serde_json::{Value as Json, json};

use crate::client::call;
use imbot_caps_xtask::facts::{self, Fact};

/// As JSON has them: beyond every type, with and without sign and fraction, and as text.
const NUMBERS: [&str; 16] = [
    "0",
    "-1",
    "1",
    "2147483648",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "0.5",
    "1e308",
    "-1e308",
    r#""99999999999999999999999999999999999999999999""#,
    r#""-9223372036854775809""#,
    r#""1e400""#,
    r#""NaN""#,
    "[18446744073709551615]",
];

const PLACE: &str = "@@";

/// A portal with a bot of each generation and a chat with a message.
struct Stage {
    portal: EmulatedPortal,
    webhook: String,
    bot: Json,
    old_bot: Json,
    chat: u64,
    message: u64,
}

impl Stage {
    async fn new(emulator: &Emulator, build: Build) -> Self {
        let portal = emulator.portal(build);
        let scopes = ["imbot", "im", "user", "imopenlines", "department"];
        let webhook = portal.add_webhook(Webhook::new(1, "all").scopes(scopes));
        let old = json!({
            "CODE": "old", "CLIENT_ID": "t", "EVENT_HANDLER": "http://127.0.0.1:9/", "PROPERTIES": {"NAME": "Old"},
        });
        let old_bot = call(&portal, "imbot.register", old).await.result();
        let fields = json!({"code": "ann", "properties": {"name": "Ann"}});
        let registered = json!({"botToken": "t", "fields": fields});
        let registered = call(&portal, "imbot.v2.Bot.register", registered).await.json();
        let bot = registered
            .pointer("/result/bot/id")
            .cloned()
            .unwrap_or_else(|| old_bot.clone());
        let params = json!({"BOT_ID": old_bot, "CLIENT_ID": "t", "USERS": [1], "TITLE": "T"});
        let chat = call(&portal, "imbot.chat.add", params)
            .await
            .result()
            .as_u64()
            .unwrap();
        let message = portal.say(1, &format!("chat{chat}"), "hello").await.unwrap();
        Self {
            portal,
            webhook,
            bot,
            old_bot,
            chat,
            message,
        }
    }

    /// What the documentation says stands there. The ids are those of the stage where the
    /// number is to come after them.
    fn value(&self, fact: &Fact, with_ids: bool) -> Json {
        let name = fact.path.rsplit('.').next().unwrap_or_default();
        let known = match name.replace('_', "").to_lowercase().as_str() {
            "bottoken" | "clientid" => return "t".into(),
            "dialogid" => Some(format!("chat{}", self.chat).into()),
            "chatid" => Some(self.chat.into()),
            "messageid" => Some(self.message.into()),
            "botid" if name == "botId" => Some(self.bot.clone()),
            "botid" => Some(self.old_bot.clone()),
            _ => None,
        };
        let is_number = ["integer", "double", "number"]
            .iter()
            .any(|own| fact.types.contains(own));
        match known {
            Some(known) if with_ids => known,
            Some(_) => PLACE.into(),
            None if is_number => PLACE.into(),
            None => facts::value(&fact.types),
        }
    }
}

#[tokio::test]
async fn extreme_numbers_cause_no_failure() {
    let emulator = Emulator::start().await.unwrap();
    let client = reqwest::Client::new();
    let mut methods = facts::documented().unwrap();
    // What ends bots and chats comes last.
    methods.sort_by_key(|(name, _)| {
        let name = name.to_lowercase();
        ["unregister", "delete", "leave", "kick", "remove"]
            .iter()
            .any(|end| name.contains(end))
    });
    let mut answered = 0;
    for build in [Build::rest(36), Build::rest(30)] {
        let stage = Stage::new(&emulator, build).await;
        for (method, facts) in &methods {
            for with_ids in [true, false] {
                let params =
                    facts::params_with(&facts::leaves(&facts.params), |fact| stage.value(fact, with_ids));
                let params = Json::Object(params).to_string();
                if !params.contains(PLACE) && with_ids {
                    continue;
                }
                for number in NUMBERS {
                    let body = params.replace(&format!("{PLACE:?}"), number);
                    let start = number.trim_matches('"');
                    let url = format!(
                        "{}{method}?start={start}&OFFSET={start}&LIMIT={start}",
                        stage.webhook
                    );
                    let request = client
                        .post(url)
                        .header("Content-Type", "application/json")
                        .body(body.clone());
                    let answer = request.send().await;
                    let answer = answer.unwrap_or_else(|error| panic!("{method} {body}: {error}"));
                    assert!(
                        answer.status().as_u16() < 500,
                        "{method} {body}: {}",
                        answer.status()
                    );
                    answer.bytes().await.unwrap();
                    answered += 1;
                }
            }
        }
        // It goes on after them.
        assert_eq!(call(&stage.portal, "server.time", json!({})).await.status, 200);
    }
    assert!(answered > 2_000, "{answered}");
}

#[tokio::test]
async fn extreme_ids_cause_no_failure() {
    let emulator = Emulator::start().await.unwrap();
    let stage = Stage::new(&emulator, Build::rest(36)).await;
    for number in NUMBERS {
        let number = number.trim_matches(['"', '[', ']']);
        for dialog in [
            number.to_owned(),
            format!("chat{number}"),
            format!("sg{number}"),
            format!("{number}|{number}"),
        ] {
            for (method, params) in [
                (
                    "imbot.v2.Chat.get",
                    json!({"botId": stage.bot, "botToken": "t", "dialogId": dialog}),
                ),
                (
                    "imbot.v2.Chat.Message.send",
                    json!({"botId": stage.bot, "botToken": "t", "dialogId": dialog, "fields": {"message": format!("[USER={number}]a[/USER]")}}),
                ),
                (
                    "imbot.message.add",
                    json!({"BOT_ID": stage.old_bot, "CLIENT_ID": "t", "DIALOG_ID": dialog, "MESSAGE": "a"}),
                ),
                (
                    "im.dialog.messages.get",
                    json!({"DIALOG_ID": dialog, "LAST_ID": number, "FIRST_ID": number, "LIMIT": number}),
                ),
            ] {
                let status = call(&stage.portal, method, params).await.status;
                assert!(status < 500, "{method} {dialog}: {status}");
            }
        }
    }
}

#[tokio::test]
async fn batches_survive_extreme_numbers() {
    let emulator = Emulator::start().await.unwrap();
    let stage = Stage::new(&emulator, Build::rest(36)).await;
    for number in NUMBERS {
        let number = number.trim_matches(['"', '[', ']']);
        let cmd = json!({
            "a": "server.time",
            "b": format!("im.dialog.messages.get?DIALOG_ID=chat{}&LIMIT={number}&LAST_ID={number}", stage.chat),
            "c": format!("im.user.get?ID=$result[b][{number}]&x[{number}]=1&x[]=2"),
            number: format!("user.get?start={number}&ID={number}"),
        });
        for halt in [json!(number), json!(0)] {
            let answer = call(&stage.portal, "batch", json!({"cmd": cmd, "halt": halt})).await;
            assert_eq!(answer.status, 200, "{number}");
        }
    }
}
