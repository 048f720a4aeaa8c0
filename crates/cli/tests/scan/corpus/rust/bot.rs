//! Sends imbot.v2.Chat.Message.send. //~ trap
use serde_json::json;

/// The method imbot.message.add. //~ trap
const SEND: &str = "imbot.v2.Chat.Message.send"; //~ use imbot.v2.Chat.Message.send
const EVENTS: [&str; 2] = ["ONIMBOTV2MESSAGEADD", "ONIMBOTV2COMMANDADD"]; //~ use ONIMBOTV2MESSAGEADD; use ONIMBOTV2COMMANDADD

async fn register(client: &Client, url: &str) -> Result<i64, Error> {
    let reply = client
        .call("imbot.v2.Bot.register", json!({ //~ use imbot.v2.Bot.register
            "fields": {"code": "acme", "properties": {"name": "Acme"}, "webhookUrl": url, "eventMode": "webhook"}
        }))
        .await?;
    client.call("imbot.v2.Command.register", json!({"fields": {"title": {"en": "Help"}}})).await?; //~ use imbot.v2.Command.register; missing-parameter imbot.v2.Command.register fields.command
    Ok(reply["bot"]["id"].as_i64().unwrap_or(0))
}

async fn wrong(client: &Client, dialog: &str) -> Result<(), Error> {
    client.call("imbot.v2.Chat.Message.send", json!({"DIALOG_ID": dialog, "MESSAGE": "x"})).await?; //~ use imbot.v2.Chat.Message.send; unknown-parameter imbot.v2.Chat.Message.send DIALOG_ID MESSAGE; missing-parameter imbot.v2.Chat.Message.send dialogId
    client.call("imbot.v2.Chat.Message.remove", json!({"messageId": 5})).await?; //~ use imbot.v2.Chat.Message.remove; unknown-method imbot.v2.Chat.Message.remove
    client.call("imbot.v2.Event.fetch", json!({})).await?; //~ use imbot.v2.Event.fetch; unknown-method imbot.v2.Event.fetch
    let params = json!({"dialogId": dialog, "fields": {"message": "x", "silent": true}});
    client.call("imbot.v2.Chat.Message.send", params).await?; //~ use imbot.v2.Chat.Message.send; unknown-parameter imbot.v2.Chat.Message.send fields.silent
    Ok(())
}

async fn guarded(client: &Client, revision: u16) -> Result<(), Error> {
    if revision >= 33 {
        client.call("imbot.v2.Chat.leave", json!({"dialogId": "chat1"})).await?; //~ use imbot.v2.Chat.leave guarded
    } else {
        client.call("imbot.chat.leave", json!({"CHAT_ID": 1})).await?; //~ use imbot.chat.leave
    }
    if revision > 24 {
        client.call("imbot.v2.Chat.get", json!({"dialogId": "chat1"})).await?; //~ use imbot.v2.Chat.get; weak-guard imbot.v2.Chat.get
    }
    Ok(())
}

fn is_message<'e>(event: &'e str) -> bool {
    match event {
        "ONIMBOTMESSAGEADD" => true, //~ use ONIMBOTMESSAGEADD
        "ONIMBOTDELETE" => { //~ use ONIMBOTDELETE
            println!("ONIMBOTDELETE"); //~ trap
            false
        }
        _ => panic!("ONIMBOTJOINCHAT"), //~ trap
    }
}

async fn addresses(http: &Http, base: &str, action: &str) {
    http.post(format!("{base}/imbot.message.add.json")).await; //~ use imbot.message.add
    http.post(format!("{}/imbot.message.like?MESSAGE_ID=5", base)).await; //~ use imbot.message.like
    http.post(r#"https://acme.bitrix24.com/rest/1/codecodecode/imbot.bot.list"#).await; //~ use imbot.bot.list
    http.post(format!("{base}/imbot.v2.{action}")).await; //~ computed
    http.post(format!("imbot.{}", action)).await; //~ computed
    if let Err(error) = http.call("imbot.v2.Chat.Message.send", json!({"dialogId": "chat1", "fields": {"message": "x"}})).await { //~ use imbot.v2.Chat.Message.send
        tracing::warn!("imbot.v2.Chat.Message.send failed: {error}"); //~ trap
        http.call("imbot.message.add", json!({"DIALOG_ID": "chat1", "MESSAGE": "x"})).await; //~ use imbot.message.add; any-error-fallback imbot.message.add
    }
    let commands = [
        ("one", "imbot.v2.Bot.list?limit=5"), //~ use imbot.v2.Bot.list
        ("two", "imbot.chat.user.list?CHAT_ID=5"), //~ use imbot.chat.user.list
    ];
    if action == "imbot.message.add" { //~ trap
        tracing::info!(target: "imbot.bot", "ready"); //~ trap
    }
    let table = HashMap::from([("add", "imbot.chat.add"), ("title", "imbot.chat.updateTitle")]); //~ use imbot.chat.add; use imbot.chat.updateTitle
    let letter = '"'; let text = "imbot"; //~ trap
}
