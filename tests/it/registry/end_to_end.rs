//! One bot program, written once against the newest imbot.v2, lives its whole life
//! on every build that was ever shipped, through every adapter of the gate.

use std::future::Future;

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault, OauthToken};

use crate::support::http::untimed;
#[cfg(feature = "reqwest-middleware")]
use imbot_caps::gate::GateMiddleware;
use imbot_caps::gate::{Client, Gate};
#[cfg(feature = "tower")]
use imbot_caps::gate::{GateLayer, HttpGateLayer};
use imbot_caps::portal::StaticToken;
#[cfg(feature = "tower")]
use imbot_caps::wire::Call;
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
use imbot_caps::wire::Reply;
use imbot_caps::{Feature, Portal};
use serde_json::{Value, json};
#[cfg(feature = "tower")]
use tower::{Layer, ServiceExt};

#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
use crate::support::http::webhook;

/// What the program calls methods by. The program does not know the revision.
pub trait Calls {
    fn call(&self, method: &str, params: Value) -> impl Future<Output = Result<Value, String>>;
}

impl Calls for Client {
    async fn call(&self, method: &str, params: Value) -> Result<Value, String> {
        Client::call(self, method, params)
            .await
            .map_err(|error| error.to_string())
    }
}

mod delivery;

const TOKEN: &str = "t0ken-of-the-bot";
const HANDLER: &str = "https://bot.example/events?CLIENT_ID=t0ken-of-the-bot";
const USER: u64 = 1;

/// A bot with its calls.
struct Bot<'c, C> {
    client: &'c C,
    id: u64,
}

impl<C: Calls> Bot<'_, C> {
    /// Calls `imbot.v2.` and this.
    async fn try_call(&self, method: &str, mut params: Value) -> Result<Value, String> {
        params["botId"] = self.id.into();
        params["botToken"] = TOKEN.into();
        self.client.call(&format!("imbot.v2.{method}"), params).await
    }

    /// The same where it must succeed.
    async fn call(&self, method: &str, params: Value) -> Value {
        let result = self.try_call(method, params).await;
        result.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The same for what answers that it is done.
    async fn done(&self, method: &str, params: Value) {
        assert_eq!(
            self.call(method, params).await,
            json!({"result": true}),
            "{method}"
        );
    }
}

/// The program. `portal` is for what people do there, and for a look at the outcome.
pub async fn live(client: &impl Calls, portal: &EmulatedPortal) {
    let registered = client
        .call(
            "imbot.v2.Bot.register",
            json!({"botToken": TOKEN, "fields": {
                "code": "ann", "type": "bot", "eventMode": "webhook", "webhookUrl": HANDLER,
                "properties": {"name": "Ann", "color": "lightBlue"},
            }}),
        )
        .await
        .unwrap();
    assert_eq!(registered["bot"]["code"], "ann");
    assert_eq!(registered["bot"].get("appId"), None, "it holds the secret");
    let id = registered["bot"]["id"].as_u64().unwrap();
    let bot = Bot { client, id };

    // A chat, a greeting with a keyboard.
    let opened = bot
        .call(
            "Chat.add",
            json!({"fields": {"title": "Team", "userIds": [USER], "color": "mint"}}),
        )
        .await;
    let dialog = opened["chat"]["dialogId"].as_str().unwrap().to_owned();
    let greeting = bot
        .call(
            "Chat.Message.send",
            json!({"dialogId": dialog, "fields": {
                "message": "Hello", "system": true, "urlPreview": false,
                "keyboard": {"BUTTONS": [{"TEXT": "Help", "LINK": "https://bot.example/help"}]},
            }}),
        )
        .await;
    let greeting = greeting["id"].as_u64().unwrap();
    let kept = |id: u64| portal.messages().into_iter().find(|message| message.id == id);
    let message = kept(greeting).unwrap();
    assert!(message.is_system && !message.url_preview, "{message:?}");
    bot.done(
        "Chat.Message.update",
        json!({"messageId": greeting, "fields": {"message": "Hello, all"}}),
    )
    .await;
    assert_eq!(kept(greeting).unwrap().text, "Hello, all");

    // A command, given and answered.
    let command = bot
        .call(
            "Command.register",
            json!({"fields": {
                "command": "help", "common": false, "hidden": false, "extranetSupport": true,
                "title": {"en": "Help", "de": "Hilfe"}, "params": {"en": "[topic]", "de": "[Thema]"},
            }}),
        )
        .await;
    assert_eq!(command["command"]["command"], "/help");
    let command_id = command["command"]["id"].as_u64().unwrap();
    assert!(!portal.commands()[0].is_common && portal.commands()[0].is_for_extranet);
    let given = portal.say(USER, &dialog, "/help").await.unwrap();
    let answer = json!({
        "commandId": command_id, "messageId": given, "dialogId": dialog, "fields": {"message": "Here"},
    });
    bot.call("Command.answer", answer).await;
    assert!(portal.messages().iter().any(|message| message.text == "Here"));

    // Reactions.
    let said = portal.say(USER, &dialog, "Well done").await.unwrap();
    let reaction = json!({"messageId": said, "reaction": "like"});
    bot.done("Chat.Message.Reaction.add", reaction.clone()).await;
    bot.done("Chat.Message.Reaction.delete", reaction).await;

    // The chat and its people.
    bot.done("Chat.User.add", json!({"dialogId": dialog, "userIds": [2, 3]}))
        .await;
    bot.done("Chat.Manager.add", json!({"dialogId": dialog, "userIds": [2, 3]}))
        .await;
    bot.done("Chat.Manager.delete", json!({"dialogId": dialog, "userIds": [3]}))
        .await;
    bot.done("Chat.User.delete", json!({"dialogId": dialog, "userId": 3}))
        .await;
    let people = bot.call("Chat.User.list", json!({"dialogId": dialog})).await;
    let mut people: Vec<_> = people
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["id"].as_u64().unwrap())
        .collect();
    people.sort_unstable();
    let mut expected = vec![USER, 2, id];
    expected.sort_unstable();
    assert_eq!(people, expected);
    bot.done(
        "Chat.update",
        json!({"dialogId": dialog, "fields": {"title": "The team", "color": "darkBlue"}}),
    )
    .await;
    bot.done(
        "Chat.InputAction.notify",
        json!({"dialogId": dialog, "statusMessageCode": "IMBOT_AGENT_ACTION_THINKING", "duration": 5}),
    )
    .await;
    let closed = bot
        .try_call(
            "Chat.TextField.enabled",
            json!({"dialogId": dialog, "enabled": false}),
        )
        .await;
    let chats = portal.chats();
    let chat = chats.iter().find(|chat| chat.title == "The team").unwrap();
    assert_eq!((chat.color.as_str(), &chat.managers[..]), ("#3e99ce", &[2][..]));
    // The one thing that portals without imbot.v2 cannot do for sure: there it is said why.
    let has_imbot_v2 = portal.build().caps().supports(Feature::ImbotV2BotList);
    match closed {
        Ok(result) => assert_eq!(result, json!({"result": true})),
        Err(why) => {
            assert!(!has_imbot_v2, "{why}");
            let expected = "`imbot.chat.updateTextFieldEnabled` (Opens or closes the input field of a chat, for a bot \
                            of the first generation) needs REST revision 33 or newer; this portal has REST revision";
            assert!(why.contains(expected), "{why}");
        }
    }
    assert_eq!(chat.is_text_field_enabled, !has_imbot_v2);

    // The end. The newest portals delete no system message, as the greeting is one.
    let send = json!({"dialogId": dialog, "fields": {"message": "Bye"}});
    let bye = bot.call("Chat.Message.send", send).await["id"].as_u64().unwrap();
    bot.done("Chat.Message.delete", json!({"messageId": bye, "complete": true}))
        .await;
    assert!(kept(bye).is_none());
    bot.done("Command.unregister", json!({"commandId": command_id}))
        .await;
    assert!(portal.commands().is_empty());
    bot.done("Chat.setOwner", json!({"dialogId": dialog, "userId": 2}))
        .await;
    bot.done("Chat.leave", json!({"dialogId": dialog})).await;
    bot.done("Bot.unregister", json!({})).await;
    assert!(portal.bots().is_empty());
}

/// Every build, on a portal of its own in strict mode.
pub async fn on_every_build(mut run: impl AsyncFnMut(EmulatedPortal)) {
    let emulator = Emulator::start().await.unwrap();
    for build in Build::shipped() {
        let portal = emulator.portal(build);
        portal.strict();
        println!("{}", portal.build().caps().knowledge());
        run(portal.clone()).await;
        portal.assert_no_violations();
    }
}

#[tokio::test]
async fn client_works_on_every_build() {
    on_every_build(async |portal| {
        let at = Portal::builder()
            .allow_http()
            .webhook(portal.webhook_url())
            .unwrap();
        let gate = Gate::new(&untimed());
        live(&gate.client(&at), &portal).await;
    })
    .await;
}

#[tokio::test]
async fn gated_calls_pass_strict_mode() {
    let refusals = [
        None,
        Some(Fault::html(404)),
        Some(Fault::error("ERROR_BATCH_METHOD_NOT_ALLOWED")),
    ];
    for fault in refusals {
        let is_refused = fault.is_some();
        let mut asked_singly = 0;
        on_every_build(async |portal| {
            if let Some(fault) = fault.clone() {
                portal.fault(fault.on("batch"));
            }
            portal.add_token(OauthToken::new("t0ken", "local.app"));
            let webhook = Portal::builder().allow_http().webhook(portal.webhook_url());
            let token = StaticToken::new("t0ken");
            let application = Portal::builder().allow_http().oauth(&portal.rest_url(), token);
            for at in [webhook.unwrap(), application.unwrap()] {
                let client = untimed().client(&at);
                let fields = json!({"code": "ann", "properties": {"name": "Ann"}});
                let fields = json!({"botToken": TOKEN, "fields": fields});
                drop(Client::call(&client, "imbot.v2.Bot.register", fields).await);
                let message = json!({
                    "botId": 7, "botToken": TOKEN, "dialogId": "1",
                    "fields": {"message": "Hello", "system": true},
                });
                drop(Client::call(&client, "imbot.v2.Chat.Message.send", message).await);
            }
            asked_singly += portal.count("imbot.v2.Bot.list");
        })
        .await;
        assert_eq!(asked_singly > 0, is_refused);
    }
}

/// What a client of HTTP makes of a response.
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
async fn result_of(response: reqwest::Response) -> Result<Value, String> {
    let status = response.status().as_u16();
    match Reply::read(status, None, &response.bytes().await.unwrap()) {
        Reply::Result(result) => Ok(result),
        other => Err(format!("{other:?}")),
    }
}

#[cfg(feature = "reqwest-middleware")]
pub struct OverMiddleware {
    pub client: reqwest_middleware::ClientWithMiddleware,
    pub base: String,
}

#[cfg(feature = "reqwest-middleware")]
impl Calls for OverMiddleware {
    async fn call(&self, method: &str, params: Value) -> Result<Value, String> {
        let request = self
            .client
            .post(format!("{}{method}", self.base))
            .header("content-type", "application/json")
            .body(params.to_string());
        match request.send().await {
            Ok(response) => result_of(response).await,
            Err(error) => Err(GateMiddleware::refusal(&error).unwrap().to_string()),
        }
    }
}

#[cfg(feature = "reqwest-middleware")]
#[tokio::test]
async fn middleware_works_on_every_build() {
    let gate = Gate::new(&untimed());
    on_every_build(async |portal| {
        drop(gate.registry().handle(&webhook(&portal)));
        let client = OverMiddleware {
            client: reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
                .with(GateMiddleware::new(&gate))
                .build(),
            base: portal.webhook_url().to_owned(),
        };
        live(&client, &portal).await;
    })
    .await;
}

/// A client of HTTP behind a gate, as a tower service.
#[cfg(feature = "tower")]
pub struct OverTower<S> {
    pub service: S,
    pub base: String,
}

#[cfg(feature = "tower")]
impl<S> Calls for OverTower<S>
where
    S: tower::Service<reqwest::Request, Response = reqwest::Response> + Clone,
    S::Error: std::fmt::Display,
{
    async fn call(&self, method: &str, params: Value) -> Result<Value, String> {
        let request = reqwest::Client::new()
            .post(format!("{}{method}", self.base))
            .header("content-type", "application/json")
            .body(params.to_string());
        match self.service.clone().oneshot(request.build().unwrap()).await {
            Ok(response) => result_of(response).await,
            Err(error) => Err(error.to_string()),
        }
    }
}

/// A library's own service of calls behind a gate.
#[cfg(feature = "tower")]
pub struct OverCalls<S>(pub S);

#[cfg(feature = "tower")]
impl<S> Calls for OverCalls<S>
where
    S: tower::Service<Call, Response = Reply> + Clone,
    S::Error: std::fmt::Display,
{
    async fn call(&self, method: &str, params: Value) -> Result<Value, String> {
        let call = Call::with_params(method, params.as_object().unwrap().clone());
        match self.0.clone().oneshot(call).await {
            Ok(Reply::Result(result)) => Ok(result),
            Ok(other) => Err(format!("{other:?}")),
            Err(error) => Err(error.to_string()),
        }
    }
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn http_layer_works_on_every_build() {
    let gate = Gate::new(&untimed());
    on_every_build(async |portal| {
        drop(gate.registry().handle(&webhook(&portal)));
        let client = OverTower {
            service: HttpGateLayer::new(&gate).layer(reqwest::Client::new()),
            base: portal.webhook_url().to_owned(),
        };
        live(&client, &portal).await;
    })
    .await;
}

/// Sends calls to this address.
#[cfg(feature = "tower")]
pub fn sender(
    base: String,
) -> impl tower::Service<
    Call,
    Response = Reply,
    Error = reqwest::Error,
    Future = impl Future<Output = Result<Reply, reqwest::Error>> + Send + use<>,
> + Clone
+ Send
+ 'static {
    tower::service_fn(move |call: Call| {
        let request = reqwest::Client::new()
            .post(format!("{base}{}", call.method()))
            .header("content-type", "application/json")
            .body(Value::Object(call.params().clone()).to_string());
        async move {
            let response = request.send().await?;
            let status = response.status().as_u16();
            Ok::<_, reqwest::Error>(Reply::read(status, None, &response.bytes().await?))
        }
    })
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn call_layer_works_on_every_build() {
    let gate = Gate::new(&untimed());
    on_every_build(async |portal| {
        let sender = sender(portal.webhook_url().to_owned());
        let at = Portal::builder()
            .allow_http()
            .webhook(portal.webhook_url())
            .unwrap();
        live(&OverCalls(GateLayer::new(&gate, &at).layer(sender)), &portal).await;
    })
    .await;
}
