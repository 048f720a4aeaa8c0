async fn register(client: &Client, base: &str, handler: &str) -> Result<Response> {
    let url = format!("{base}/imbot.register"); //~ use imbot.register; missing-parameter imbot.register EVENT_WELCOME_MESSAGE EVENT_BOT_DELETE PROPERTIES
    client.post(&url).json(&json!({ "CODE": "x", "EVENT_MESSAGE_ADD": handler })).send().await
}

async fn hidden(client: &Client, base: &str, body: String) -> Result<Response> {
    let url = format!("{base}/im.message.add"); //~ use im.message.add
    client.post(&url).header("X-A", "b").body(body).send().await //~ trap
}

async fn chosen(is_read: bool, dialog: &str) -> Result<Value> {
    let mut method = "im.dialog.read"; //~ use im.dialog.read
    if !is_read {
        method = "im.dialog.unread"; //~ use im.dialog.unread
    }
    call(method, json!({ "DIALOG_ID": dialog, "WHY": "x" })).await //~ trap
}
