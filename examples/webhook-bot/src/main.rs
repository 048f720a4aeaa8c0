//! One bot behind one handler, on five emulated portals of REST 30 to 36. They post events to it over HTTP.
//!
//! `cargo run -p webhook-bot` needs nothing else. It prints the transcript of the bot, which is the same on
//! each portal, and what went over the wire.

#![allow(
    missing_docs,
    clippy::indexing_slicing,
    reason = "a program; of JSON, what is missing is null"
)]

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use imbot_caps::event::{ApplicationTokens, BODY_LIMIT, EventError, Posted};
use imbot_caps::gate::Gate;
use imbot_caps::{Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::RwLock;

mod bot;

use bot::{Bot, Result};

/// The bots of this program, by portal, with the tokens by which each knows its portal.
type Bots = Arc<RwLock<HashMap<String, (Arc<Bot>, ApplicationTokens)>>>;

/// The handler of all events of all portals.
async fn receive(State(bots): State<Bots>, Path(portal): Path<String>, body: Bytes) -> StatusCode {
    let Some((bot, tokens)) = bots.read().await.get(&portal).cloned() else {
        return StatusCode::NOT_FOUND;
    };
    let verified = match Posted::from_form(&body).and_then(|posted| posted.verify(&tokens)) {
        Ok(verified) => verified,
        Err(EventError::Unverified) => return StatusCode::FORBIDDEN,
        Err(error) => {
            eprintln!("{portal}: {error}");
            return StatusCode::BAD_REQUEST;
        }
    };
    for event in verified.events() {
        if let Err(error) = bot.hear(event).await {
            eprintln!("{portal}: {error}");
        }
    }
    StatusCode::OK
}

/// What happened on a portal.
struct Life {
    transcript: Vec<String>,
    posted: Vec<String>,
    called: Vec<String>,
}

/// Lets a bot live on a portal.
async fn live(bots: &Bots, gate: &Gate, server: &str, portal: &EmulatedPortal) -> Result<Life> {
    const PERSON: u64 = 1;
    // A program makes a random token for each portal, and stores it.
    let (name, token) = (portal.member_id(), format!("bot-{}", portal.member_id()));
    let client = gate.client(&Portal::builder().allow_http().webhook(portal.webhook_url())?);
    let tokens = ApplicationTokens::of_bot(&token);
    let bot = Arc::new(Bot::register(client.clone(), token, &format!("{server}/bots/{name}")).await?);
    bots.write()
        .await
        .insert(name.to_owned(), (Arc::clone(&bot), tokens));

    // A person opens a chat with the bot, and writes to it.
    let chat = json!({"TITLE": "Team", "USERS": [PERSON, bot.id]});
    let dialog = format!("chat{}", client.call("im.chat.add", chat).await?);
    portal.delivered().await;
    let to_bot = |text: &str| format!("[USER={}]Echo bot[/USER], {text}", bot.id);
    let hello = portal.say(PERSON, &dialog, &to_bot("hello")).await;
    portal.say(PERSON, &dialog, "/echo one two").await;
    portal
        .edit(hello.ok_or("no message")?, &to_bot("good morning"))
        .await;
    portal.say(PERSON, &dialog, &to_bot("thank you")).await;
    bot.unregister().await?;
    portal.delivered().await;

    let transcript = bot.transcript.lock().await.clone();
    let posted = portal.sent_events();
    let called = portal
        .requests()
        .into_iter()
        .map(|request| request.method)
        .collect();
    Ok(Life {
        transcript,
        posted,
        called,
    })
}

/// The life of the bot on each portal.
async fn lives() -> Result<Vec<(&'static str, Life)>> {
    let bots = Bots::default();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = format!("http://{}", listener.local_addr()?);
    let app = Router::new()
        .route("/bots/{portal}", post(receive))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Arc::clone(&bots));
    tokio::spawn(axum::serve(listener, app).into_future());

    let emulator = Emulator::start().await?;
    // Below revision 35, a webhook's bot hears nothing without this option.
    let gate = Gate::builder(&Registry::new()).bot_token_in_event_url().build();
    let mut lives = Vec::new();
    for (name, build) in [
        ("REST 30, before imbot.v2", Build::rest(30).on_premise()),
        ("REST 32 with imbot.v2", Build::rest32_with_imbot_v2()),
        ("REST 33, on premise", Build::rest(33).on_premise()),
        ("REST 35", Build::rest(35)),
        ("REST 36", Build::rest(36)),
    ] {
        lives.push((name, live(&bots, &gate, &server, &emulator.portal(build)).await?));
    }
    Ok(lives)
}

#[tokio::main]
async fn main() -> Result<()> {
    let lives = lives().await?;
    for (name, life) in &lives {
        println!(
            "{name}\n  it posted: {}\n  it was sent: {}\n",
            life.posted.join(", "),
            life.called.join(", ")
        );
    }
    let (_, first) = lives.first().ok_or("there is no portal")?;
    let is_same = lives.iter().all(|(_, life)| life.transcript == first.transcript);
    println!(
        "The transcript is the same on each portal: {is_same}\n{}",
        first.transcript.join("\n")
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn transcript_is_equal_on_all_portals() {
        let lives = lives().await.unwrap();
        for (name, life) in &lives {
            assert_eq!(
                life.transcript,
                [
                    "JoinChat",
                    "  answers: Good morning! Try /echo.",
                    "MessageAdd hello",
                    "  answers: You said: hello",
                    "CommandAdd /echo one two",
                    "  answers: one two",
                    "MessageUpdate good morning",
                    "  edits its answer: You meant: good morning",
                    "MessageAdd thank you",
                    "  likes it",
                    "BotDelete",
                ],
                "{name}"
            );
        }
        // The wire is another on the oldest and on the newest.
        let (oldest, newest) = (&lives[0].1, &lives[4].1);
        assert!(oldest.posted.contains(&"ONIMBOTMESSAGEADD".to_owned()));
        assert!(newest.posted.contains(&"ONIMBOTV2MESSAGEADD".to_owned()));
        assert!(oldest.called.contains(&"imbot.message.add".to_owned()));
        assert!(newest.called.contains(&"imbot.v2.Chat.Message.send".to_owned()));
    }
}
