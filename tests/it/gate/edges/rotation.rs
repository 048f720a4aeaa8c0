//! Nobody is locked out by a rotation that the portal ignores, however it is spelled.

use super::*;

#[tokio::test]
async fn method_case_cannot_bypass_refusal() {
    for method in [
        "imbot.v2.Bot.Update",
        "imbot.V2.Bot.update",
        "imbot.v2.Bot.UPDATE",
    ] {
        let (portal, client, id) = stage(Build::rest(34)).await;
        let answer = client.call(method, rotation(id)).await;
        assert!(
            answer.as_ref().is_err_and(|error| error.refused().is_some()),
            "{method}: {answer:?}"
        );
        assert_eq!(came(&portal), [""; 0]);
    }
}

#[tokio::test]
async fn batch_method_case_cannot_bypass_refusal() {
    let (portal, client, id) = stage(Build::rest(34)).await;
    let rotate = Call::with_params("imbot.v2.Bot.Update", rotation(id).as_object().unwrap().clone());
    let answer = client.batch([("rotate", rotate)]).await;
    assert!(answer.is_err(), "{answer:?}");
    assert_eq!(came(&portal), [""; 0]);
}

#[tokio::test]
async fn encoded_path_cannot_bypass_refusal() {
    let (portal, client, id) = stage(Build::rest(34)).await;
    let url = format!("{}imbot%2Ev2.Bot.updat%65", portal.webhook_url());
    let sent = through(client.gate(), &url, "application/json", rotation(id).to_string()).await;
    assert!(!sent, "portals decode paths");
    assert_eq!(came(&portal), [""; 0]);
}

#[tokio::test]
async fn userinfo_cannot_bypass_refusal() {
    let (portal, client, id) = stage(Build::rest(34)).await;
    let url = format!("{}{UPDATE}", portal.webhook_url()).replacen("http://", "http://me:pw@", 1);
    let sent = through(client.gate(), &url, "application/json", rotation(id).to_string()).await;
    assert!(!sent);
    assert_eq!(came(&portal), [""; 0]);
}

#[tokio::test]
async fn unusual_json_cannot_bypass_refusal() {
    let (portal, client, id) = stage(Build::rest(34)).await;
    // PHP reads 512 levels, and numbers of any size.
    for more in [format!("{}{}", "[".repeat(200), "]".repeat(200)), "1e999".into()] {
        let body =
            format!(r#"{{"botId":{id},"botToken":"{TOKEN}","fields":{{"botToken":"new","x":{more}}}}}"#);
        let url = format!("{}{UPDATE}", portal.webhook_url());
        let sent = through(client.gate(), &url, "application/json", body).await;
        assert!(!sent, "{}", &more[..5]);
        assert_eq!(came(&portal), [""; 0]);
    }
}

#[tokio::test]
async fn xml_reply_cannot_bypass_refusal() {
    let (portal, client, id) = stage(Build::rest(34)).await;
    let url = format!("{}{UPDATE}.xml", portal.webhook_url());
    let sent = through(client.gate(), &url, "application/json", rotation(id).to_string()).await;
    assert!(!sent);
    assert_eq!(came(&portal), [""; 0]);
}

#[test]
fn any_new_token_is_refused() {
    for token in [json!("new"), json!(7)] {
        let call = Call::new(UPDATE).with("fields", json!({"botToken": token}));
        let planned = plan(&call, &Caps::at(34), &Policy::default());
        assert!(planned.is_err(), "{call:?}: {planned:?}");
    }
}

#[tokio::test]
async fn rotation_on_restored_portal_fails() {
    let (portal, client, id) = stage(Build::rest(36)).await;
    portal.set_build(Build::rest(34));
    let answer = client.call(UPDATE, rotation(id)).await;
    assert!(
        answer.is_err(),
        "the token is stored by the client, and the portal keeps the old one"
    );
}

#[tokio::test]
async fn rotation_with_older_imbot_fails() {
    let (portal, client, id) = stage(Build::rest(36).imbot(Imbot::WithoutRevisionGet)).await;
    let answer = client.call(UPDATE, rotation(id)).await;
    assert!(
        answer.is_err(),
        "imbot without Revision.get is of 32 and ignores the new token"
    );
    assert_eq!(portal.count(UPDATE), 0);
}

#[tokio::test]
async fn batch_spelling_cannot_bypass_refusal() {
    let query = format!("botToken={TOKEN}&fields[botToken]=new");
    for (name, command) in [
        ("cmd", format!("{UPDATE}?botId=ID&{query}")),
        ("CMD", format!("{UPDATE}?botId=ID&{query}")),
        ("cmd", format!("rest:{UPDATE}?botId=ID&{query}")),
        ("cmd", format!(" {UPDATE}?botId=ID&{query}")),
        ("cmd", format!("/{UPDATE}?botId=ID&{query}")),
        ("cmd", format!("{UPDATE}.json?botId=ID&{query}")),
        ("both", format!("{UPDATE}?botId=ID&{query}")),
    ] {
        let (portal, client, id) = stage(Build::rest(34)).await;
        let command = command.replace("ID", &id.to_string());
        let call = match name {
            "both" => Call::new("batch")
                .with("cmd", json!({"time": "server.time"}))
                .with("CMD", json!({"rotate": command})),
            name => Call::new("batch").with(name, json!({"rotate": command})),
        };
        let answer = client.send_call(call).await;
        let done = answer
            .as_ref()
            .is_ok_and(|result| result["result"].get("rotate").is_some());
        assert!(!done, "{name} {command}: the portal says that it is done");
        drop(portal);
    }
}

#[tokio::test]
async fn rotation_without_confirmation_is_refused() {
    let (portal, client, id) = stage(Build::rest(36)).await;
    portal.set_build(Build::rest(34));
    for method in ["imbot.v2.Revision.get", "im.revision.get"] {
        portal.fault(Fault::html(502).on(method));
    }
    let answer = client.call(UPDATE, rotation(id)).await;
    assert!(answer.is_err(), "what is known is old, and could not be renewed");
}
