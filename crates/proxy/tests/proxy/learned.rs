//! What the server learns of portals from their events.

use imbot_caps::PortalId;
use imbot_caps::registry::Event;
use imbot_caps_emulator::Build;
use serde_json::json;

use super::events::{Fixture, SECRET, TOKEN, posted};

const MEMBER: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn newer_event_shows_an_upgrade() {
    let fixture = Fixture::new(Build::rest(30), "keep = true").await;
    let stage = &fixture.stage;
    let list = json!({"botToken": TOKEN});
    assert_eq!(stage.call("imbot.v2.Bot.list", list.clone()).await.0, 200);
    stage.portal.set_build(Build::rest(36));
    assert_eq!(stage.call("imbot.v2.Bot.list", list.clone()).await.0, 200);
    stage.portal.expect("imbot.bot.list").times(2);
    assert_eq!(fixture.post(SECRET, posted(TOKEN, 1)).await.0, 200);
    stage.portal.take_requests();
    // The known answer is served once more while the portal is asked.
    while stage.portal.count("imbot.v2.Bot.list") == 0 {
        assert_eq!(stage.call("imbot.v2.Bot.list", list.clone()).await.0, 200);
    }
    // Further events cause no further questions.
    stage.portal.take_requests();
    assert_eq!(fixture.post(SECRET, posted(TOKEN, 2)).await.0, 200);
    assert_eq!(stage.call("imbot.v2.Bot.list", list).await.0, 200);
    assert_eq!(stage.portal.requests().len(), 1);
}

#[tokio::test]
async fn event_of_a_moved_portal_is_told() {
    let fixture = Fixture::new(Build::rest(36), "keep = true").await;
    let registry = fixture.stage.proxy.gate().registry().clone();
    let mut events = registry.events();
    let endpoint = fixture.stage.portal.rest_url();
    let event = |at: &str| {
        format!(
            "{}&auth[member_id]={MEMBER}&auth[client_endpoint]={at}",
            posted(TOKEN, 1)
        )
    };
    assert_eq!(fixture.post(SECRET, event(&endpoint)).await.0, 200);
    let member: PortalId = MEMBER.parse().unwrap();
    assert!(
        registry.get(&member).is_some(),
        "the portal is known by its member_id"
    );
    let moved = "https://renamed.example/rest/";
    // Nobody can say so without the token.
    let forged = event(moved).replace(TOKEN, "wrong");
    assert_eq!(fixture.post(SECRET, forged).await.0, 403);
    assert_eq!(fixture.post(SECRET, event(moved)).await.0, 200);
    loop {
        match events.next().await {
            Some(Event::MoveClaimed { to, .. }) => {
                assert_eq!(to.to_string(), moved);
                return;
            }
            Some(_) => {}
            None => panic!("the registry is gone"),
        }
    }
}

#[tokio::test]
async fn gate_counts_the_forms_of_events() {
    let fixture = Fixture::new(Build::rest(30), "keep = true").await;
    let bot = fixture.register(json!({"eventMode": "fetch"})).await;
    fixture.say(bot, "One").await;
    fixture.stage.portal.delivered().await;
    let older = fixture.stage.proxy.gate().report().bots_with_older_events;
    assert_eq!(older.len(), 1, "{older:?}");
    assert!(older[0].bot_id == bot && older[0].events > 0, "{older:?}");
}

/// Nobody polls for the events of the application, so they take no room.
#[tokio::test]
async fn events_without_bot_are_not_kept() {
    let few = super::support::limits(|limits| limits.events = 1);
    let fixture = Fixture::with(Build::rest(30), "keep = true", few).await;
    for number in 0..3 {
        let body = format!("event=ONAPPUPDATE&data[VERSION]={number}&auth[application_token]={TOKEN}&ts=1");
        assert_eq!(fixture.post(SECRET, body).await.0, 200);
    }
    assert_eq!(fixture.post(SECRET, posted(TOKEN, 1)).await.0, 200);
}
