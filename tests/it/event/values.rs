//! Each accessor of an event, of an installation and of tokens gives what the portal sent.

use imbot_caps::event::{
    ApplicationTokens, BotEvent, BotEventKind, EventError, EventForm, Installation, Posted, UserTokens,
};
use serde_json::json;

const TOKEN: &str = "51856fefc120afa4b628cc82d3935cce";

#[test]
fn older_event_gives_all_values() {
    let body = format!(
        "event=ONIMBOTMESSAGEADD&event_handler_id=93&ts=1764547200\
         &data[BOT][7][BOT_ID]=7&data[BOT][7][BOT_CODE]=echo\
         &data[PARAMS][DIALOG_ID]=chat5&data[PARAMS][TO_CHAT_ID]=5&data[PARAMS][MESSAGE_ID]=42\
         &data[PARAMS][AUTHOR_ID]=11&data[PARAMS][MESSAGE]=Hello\
         &auth[member_id]=m1&auth[client_endpoint]=https%3A%2F%2Facme.bitrix24.com%2Frest%2F\
         &auth[application_token]={TOKEN}"
    );
    let posted = Posted::from_form(body.as_bytes()).unwrap();
    assert_eq!(
        (posted.name(), posted.member_id()),
        ("ONIMBOTMESSAGEADD", Some("m1"))
    );
    let verified = posted.verify(&ApplicationTokens::new(TOKEN)).unwrap();
    let sender = verified.sender();
    assert_eq!(sender.member_id(), Some("m1"));
    assert_eq!(sender.client_endpoint(), Some("https://acme.bitrix24.com/rest/"));
    assert_eq!(verified.tokens(), None);
    let event = &verified.events()[0];
    assert_eq!(event.name(), "ONIMBOTV2MESSAGEADD");
    assert_eq!(event.older_name(), Some("ONIMBOTMESSAGEADD"));
    assert_eq!(event.kind(), BotEventKind::MessageAdd);
    assert_eq!(
        (event.handler_id(), event.sent_at()),
        (Some(93), Some(1_764_547_200))
    );
    assert_eq!((event.id(), event.date()), (None, None));
    assert_eq!((event.bot_id(), event.bot_code()), (Some(7), Some("echo")));
    assert_eq!((event.dialog_id(), event.chat_id()), (Some("chat5"), Some(5)));
    assert_eq!((event.message_id(), event.user_id()), (Some(42), Some(11)));
    assert_eq!(event.text(), Some("Hello"));
}

#[test]
fn polled_event_gives_all_values() {
    let event = BotEvent::from_polled(json!({
        "eventId": 5, "type": "ONIMBOTV2MESSAGEADD", "date": "2026-11-30T10:00:00+00:00",
        "data": {"bot": {"id": 7}, "message": {"id": 42, "authorId": 0, "text": ""}},
    }))
    .unwrap();
    assert_eq!((event.older_name(), event.form()), (None, EventForm::Polled));
    assert_eq!(
        (event.id(), event.date()),
        (Some(5), Some("2026-11-30T10:00:00+00:00"))
    );
    assert_eq!((event.handler_id(), event.sent_at()), (None, None));
    assert_eq!(
        (event.user_id(), event.dialog_id()),
        (None, None),
        "the system wrote it"
    );
    assert_eq!((event.bot_code(), event.chat_id()), (None, None));
}

#[test]
fn polled_id_must_be_number() {
    let event = |id: &str| {
        json!({
            "eventId": 5, "type": "ONIMBOTV2MESSAGEADD", "data": {"bot": {"id": 7}, "message": {"id": id}},
        })
    };
    assert_eq!(BotEvent::from_polled(event("42")).unwrap().message_id(), Some(42));
    let refused = BotEvent::from_polled(event("forty"));
    assert!(
        matches!(refused, Err(EventError::WrongType { .. })),
        "{refused:?}"
    );
    let unnamed = json!({"eventId": 5, "type": "ONIMBOTV2MESSAGEADD", "data": {"message": {"id": 42}}});
    let refused = BotEvent::from_polled(unnamed);
    assert!(matches!(refused, Err(EventError::Missing { .. })), "{refused:?}");
}

fn installation(more: &str) -> Installation {
    let body = format!(
        "event=ONAPPINSTALL&data[LANGUAGE_ID]=en&auth[access_token]=access&auth[member_id]=M1\
         &auth[client_endpoint]=https%3A%2F%2Facme.bitrix24.com%2Frest%2F{more}"
    );
    Installation::from_event(&Posted::from_form(body.as_bytes()).unwrap()).unwrap()
}

#[test]
fn installation_event_gives_all_values() {
    let own = installation(&format!(
        "&auth[server_endpoint]=https%3A%2F%2Foauth.bitrix24.tech%2Frest%2F&auth[status]=L\
         &auth[application_token]={TOKEN}&auth[refresh_token]=refresh&auth[expires_in]=3600\
         &auth[expires]=1764550800&auth[scope]=im%2Cimbot&auth[user_id]=12"
    ));
    assert_eq!(own.client_endpoint(), "https://acme.bitrix24.com/rest/");
    assert_eq!(own.server_endpoint(), Some("https://oauth.bitrix24.tech/rest/"));
    assert_eq!((own.member_id(), own.application_status()), ("M1", Some("L")));
    assert_eq!((own.language(), own.session()), (Some("en"), None));
    assert_eq!(own.application_token("m1"), Some(TOKEN));
    assert_eq!(own.application_token("m2"), None);
    let tokens = own.tokens();
    assert_eq!(
        (tokens.access_token(), tokens.refresh_token()),
        ("access", Some("refresh"))
    );
    assert_eq!(
        (tokens.expires_in(), tokens.expires_at(), tokens.user_id()),
        (Some(3_600), Some(1_764_550_800), Some(12))
    );
    assert!(tokens.scopes().eq(["im", "imbot"]));

    let bare = installation("");
    assert_eq!((bare.server_endpoint(), bare.application_status()), (None, None));
    assert_eq!(bare.application_token("M1"), None);
    assert_eq!(
        (bare.tokens().expires_in(), bare.tokens().expires_at()),
        (None, None)
    );
    assert_eq!(bare.tokens().scopes().count(), 0);
}

#[test]
fn installation_page_gives_all_values() {
    let query = "DOMAIN=acme.bitrix24.com&PROTOCOL=1&LANG=de&APP_SID=sid1";
    let body = b"AUTH_ID=access&REFRESH_ID=refresh&AUTH_EXPIRES=3600&member_id=m1&status=F";
    let own = Installation::from_form(query, body).unwrap();
    assert_eq!(own.client_endpoint(), "https://acme.bitrix24.com/rest/");
    assert_eq!((own.member_id(), own.application_status()), ("m1", Some("F")));
    assert_eq!((own.language(), own.session()), (Some("de"), Some("sid1")));
    assert_eq!((own.application_token("m1"), own.server_endpoint()), (None, None));
    assert_eq!(own.tokens().refresh_token(), Some("refresh"));
    assert_eq!(own.tokens().expires_in(), Some(3_600));
}

#[test]
fn tokens_differ_by_each_value() {
    let tokens = |more: &str| -> UserTokens { installation(more).tokens().clone() };
    let plain = tokens("");
    assert_eq!(plain, tokens(""));
    for one in [
        "&auth[refresh_token]=refresh",
        "&auth[expires_in]=3600",
        "&auth[expires]=1764550800",
        "&auth[scope]=im",
        "&auth[user_id]=1",
    ] {
        assert_eq!(tokens(one), tokens(one), "{one}");
        assert_ne!(plain, tokens(one), "{one}");
    }
    assert_ne!(
        tokens("&auth[refresh_token]=one"),
        tokens("&auth[refresh_token]=two")
    );
}
