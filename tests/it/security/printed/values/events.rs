//! Events with a secret in each place.

use imbot_caps::event::{ApplicationTokens, BotEvent, Installation, Posted};
use serde_json::json;

use super::{SECRET, Shown};

pub fn show(shown: &Shown) {
    let tokens = ApplicationTokens::new(SECRET)
        .or(SECRET)
        .or_any_of(ApplicationTokens::of_bot(SECRET));
    shown.debug("event::ApplicationTokens", &tokens);
    let older = format!(
        "event=ONIMCOMMANDADD&data[COMMAND][5][BOT_ID]=7&data[COMMAND][5][COMMAND_ID]=5&data[COMMAND][5][COMMAND]=help\
         &data[COMMAND][5][COMMAND_PARAMS]={SECRET}&data[COMMAND][5][AUTH][access_token]={SECRET}\
         &data[PARAMS][MESSAGE]={SECRET}&auth[application_token]={SECRET}&auth[access_token]={SECRET}&auth[refresh_token]={SECRET}\
         &auth[scope]={SECRET}"
    );
    let posted = Posted::from_form(older.as_bytes()).unwrap();
    shown.debug("event::Posted", &posted);
    let forged = posted
        .clone()
        .verify(&ApplicationTokens::new("another"))
        .unwrap_err();
    shown.error("event::EventError", &forged);
    let verified = posted.verify(&tokens).unwrap();
    shown.debug("event::Verified", &verified);
    shown.debug("event::Sender", verified.sender());
    shown.debug("event::UserTokens", verified.tokens().unwrap());
    let event = &verified.events()[0];
    shown.debug("event::BotEvent", event);
    shown.debug("event::Command", &event.command().unwrap());
    for wrong in [
        format!("event={SECRET}=&event=x"),
        format!("event=E&data={SECRET}"),
        format!("event=E&data[a]=%{SECRET}"),
    ] {
        shown.error(
            "event::EventError",
            &Posted::from_form(wrong.as_bytes()).unwrap_err(),
        );
    }
    shown.error(
        "event::EventError",
        &Posted::from_json(SECRET.as_bytes()).unwrap_err(),
    );
    let form = format!("AUTH_ID={SECRET}&REFRESH_ID={SECRET}&APPLICATION_TOKEN={SECRET}&member_id={SECRET}");
    let installed = Installation::from_form(&format!("DOMAIN={SECRET}.example"), form.as_bytes()).unwrap();
    shown.debug("event::Installation", &installed);
    let polled = json!({
        "eventId": 1, "type": "ONIMBOTV2REACTIONCHANGE",
        "data": {"bot": {"id": 7, "auth": SECRET}, "reaction": "like", "action": "add", "message": {"text": SECRET}},
    });
    let event = BotEvent::from_polled(polled).unwrap();
    shown.debug("event::BotEvent", &event);
    shown.debug("event::Reaction", &event.reaction().unwrap());
    shown.error("event::AnswerError", &event.answer(json!([SECRET])).unwrap_err());
    shown.error("event::AnswerError", &event.answer(SECRET).unwrap_err());
}
