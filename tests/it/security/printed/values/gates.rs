//! Of gates, their adapters and clients.

use super::*;

/// Bots' tokens and addresses in calls that pass, are changed, or are refused.
pub(super) fn of_plans(shown: &Shown) {
    let fields = json!({
        "code": SECRET, "properties": {"name": SECRET}, "eventMode": "webhook",
        "webhookUrl": format!("https://bot.example/{SECRET}?token={SECRET}"), "botToken": SECRET,
        "message": SECRET, "system": true, "color": SECRET, "backgroundId": SECRET, "unknown": SECRET,
    });
    let params = json!({"botId": 1, "botToken": SECRET, "dialogId": SECRET, "fields": fields});
    let command = format!("imbot.v2.Bot.update?botId=9&fields[webhookUrl]=https://bot.example/{SECRET}");
    let batch = call("batch", json!({"cmd": {"one": command}}));
    let off = Policy::new(imbot_caps::plan::Mode::Off);
    let planned = Planner::new(&Caps::at(30), &off).plan(batch).unwrap();
    let reply = Reply::Result(json!({"result": {"one": true}, "result_error": []}));
    let Step::Done(done) = planned.take(reply) else {
        panic!("a batch has one request")
    };
    shown.debug("plan::BotAddress", &done.bot_addresses()[0]);
    let policy = Policy::default();
    for rest in [30, 32, 33, 34, 36] {
        let caps = Caps::at(rest);
        let planner = Planner::new(&caps, &policy);
        shown.debug("plan::Planner", &planner);
        for method in [
            "imbot.v2.Bot.register",
            "imbot.v2.Bot.update",
            "imbot.v2.Bot.unregister",
            SEND,
            "imbot.v2.Chat.update",
            "imbot.v2.Command.register",
            "imbot.v2.Event.get",
        ] {
            match planner.plan(call(method, params.clone())) {
                Ok(planned) => {
                    shown.debug("plan::PlannedCall", &planned);
                    let changes = planned.changes().iter().chain(planned.unapplied());
                    changes.for_each(|change| shown.text("plan::Change", change));
                    for reply in [
                        json!({"result": {"bot": {"id": 1, "appId": SECRET}}}),
                        json!({"result": {"result": {SECRET: SECRET}, "result_error": []}}),
                        json!({"error": "ERROR_METHOD_NOT_FOUND", "error_description": "no method"}),
                    ] {
                        let reply = Reply::read(200, None, reply.to_string().as_bytes());
                        let planned = planner.plan(call(method, params.clone()));
                        let step = planned.map(|planned| planned.take(reply));
                        shown.debug("plan::Step", &step);
                        match step {
                            Ok(Step::MethodNotFound(absent)) => shown.debug("plan::MethodNotFound", &absent),
                            Ok(Step::Done(done)) => {
                                shown.debug("plan::Done", &done);
                                let bots = done.bot_addresses().iter();
                                bots.for_each(|bot| shown.debug("plan::BotAddress", bot));
                                let error = done.decode::<u64>(&[SECRET]).unwrap_err();
                                shown.error("plan::ReplyError", &error);
                            }
                            _ => {}
                        }
                    }
                }
                Err(refused) => {
                    shown.error("plan::Refused", &*refused);
                    let reason: &Reason = refused.reason();
                    shown.debug("plan::Reason", reason);
                    shown.error("plan::TypedError", &TypedError::Refused(refused));
                }
            }
        }
    }
}

pub(super) async fn of_clients(shown: &Shown) {
    let refer = || ResultReference::to("one").at("id").with_prefix(SECRET);
    shown.debug("gate::ResultReference", &refer());
    let command: BatchCommand = call(SEND, json!({"botToken": SECRET})).with_reference("dialogId", refer());
    shown.debug("gate::BatchCommand", &command);
    shown.debug("gate::Batch", &Batch::new().call("two", command.clone()));
    let echo = Echo(shown.clone(), |path| {
        match path.ends_with("imbot.v2.Revision.get") {
            true => Some((200, json!({"result": {"rest": 36}}))),
            false if path.ends_with("/batch") => Some((
                200,
                json!({"result": {"result": [], "result_error": {"one": repeats()}}}),
            )),
            false => Some((400, repeats())),
        }
    });
    let registry = Registry::builder(echo).clock(Standing).build();
    let client: Client = registry.client(&hooked());
    shown.debug("gate::Client", &client);
    registry.handle(&hooked()).pin(imbot_caps::Knowledge::pinned(30));
    let params = json!({"botId": 1, "botToken": SECRET, "fields": {"message": SECRET}});
    let error = client.call("imbot.v2.Event.get", params).await.unwrap_err();
    let refused = error.refused().unwrap();
    shown.error("gate::RefusedError", refused);
    shown.view("gate::RefusedError", refused);
    registry.handle(&hooked()).unpin();
    let send = || {
        call(
            SEND,
            json!({"botToken": SECRET, "dialogId": "chat1", "fields": {"message": SECRET}}),
        )
    };
    let error = client.send_call(send()).await.unwrap_err();
    shown.debug("wire::ErrorCode", &error.api_error().unwrap().code);
    shown.text("wire::ErrorCode", &error.api_error().unwrap().code);
    shown.error("wire::ApiError", error.api_error().unwrap());
    shown.error("gate::CallError", &error);
    let mut polling = client.events(7).bot_token(SECRET);
    shown.debug("gate::EventPolling", &polling);
    let error = polling
        .page(async |_| Ok::<(), std::fmt::Error>(()))
        .await
        .unwrap_err();
    shown.error("gate::PollError", &error);
    let error = imbot_caps::event::BotEvent::from_polled(json!(SECRET)).unwrap_err();
    let item = json!({"data": SECRET});
    shown.error(
        "gate::UnreadableEvent",
        &imbot_caps::gate::UnreadableEvent { error, item },
    );
    let replies = client.batch([("one", send())]).await.unwrap();
    shown.debug("wire::BatchReplies", &replies);
    shown.debug("wire::Reply", replies.get("one").unwrap());
    let error = client.batch(Batch::new().call("two", command)).await.unwrap_err();
    if let imbot_caps::gate::CallError::Reference { why: reference, .. } = &error {
        shown.error("gate::ReferenceError", reference);
    }
    shown.error("gate::CallError", &error);

    // Names that no portal knows, with secrets for values.
    let misspelt = call("imbot.v2.Chat.Message.sned", json!({"botToken": SECRET}));
    client.send_call(misspelt).await.unwrap_err();
    let fields = json!({"mesage": SECRET, "message": SECRET});
    let unknown = call(
        SEND,
        json!({"botToken": SECRET, "dialogId": "chat1", "fields": fields}),
    );
    client.send_call(unknown).await.unwrap_err();
    let older = format!(
        "event=ONIMBOTMESSAGEADD&data[BOT][7][BOT_ID]=7&data[PARAMS][MESSAGE]={SECRET}&auth[application_token]={SECRET}"
    );
    let posted = imbot_caps::event::Posted::from_form(older.as_bytes()).unwrap();
    let tokens = imbot_caps::event::ApplicationTokens::new(SECRET);
    client.verify(posted, &tokens).unwrap();
    let error = client.send_call(send()).await.unwrap_err();
    for error in [
        client.use_newer_events(7, SECRET).await.unwrap_err(),
        imbot_caps::gate::NewerEventsError::Update(error),
    ] {
        shown.error("gate::NewerEventsError", &error);
    }
    let report = client.gate().report();
    assert!(report.unknown_names.len() >= 2, "{report:?}");
    shown.debug("gate::BotWithOlderEvents", &report.bots_with_older_events[0]);
    shown.text("gate::Report", &report);
    shown.view("gate::Report", &report);
    for name in &report.unknown_names {
        shown.text("vocabulary::UnknownName", name);
        if let imbot_caps::plan::UnknownName::Parameters { parameters, .. } = name {
            parameters
                .iter()
                .for_each(|parameter| shown.text("vocabulary::UnknownParameter", parameter));
        }
    }
}

pub(super) async fn of_adapters(shown: &Shown) {
    let registry = Registry::builder(Echo(shown.clone(), |_| None))
        .clock(Standing)
        .build();
    let builder = Gate::builder(&registry);
    shown.debug("gate::GateBuilder", &builder);
    let gate = builder.build();
    shown.debug("gate::Gate", &gate);
    shown.debug("gate::GateMiddleware", &GateMiddleware::new(&gate));
    let layer = GateLayer::new(&gate, &hooked());
    shown.debug("gate::GateLayer", &layer);
    let inner = tower::service_fn(|_: Call| async { Err::<Reply, _>(TransportError::Timeout) });
    let mut service = layer.layer(inner);
    shown.debug(
        "gate::GateFuture",
        &service.call(Call::new("profile").with("auth", SECRET)),
    );
    let params = format!("auth={SECRET}&botToken={SECRET}");
    for address in [
        "https://acme.bitrix24.com/rest/",
        &format!("https://acme.bitrix24.com/rest/1/{SECRET}/"),
    ] {
        let url = format!("{address}{SEND}?{params}").parse().unwrap();
        let request = reqwest::Request::new(reqwest::Method::GET, url);
        shown.debug("gate::HttpCall", &HttpCall::read(&request).unwrap());
    }
    let layer = HttpGateLayer::new(&gate);
    shown.debug("gate::HttpGateLayer", &layer);
    // The services print the service behind them, which is the program's own.
    shown.debug("gate::HttpGateService", &layer.layer(reqwest::Client::new()));
    shown.debug("gate::GateService", &GateLayer::new(&gate, &hooked()).layer(1));
    shown.text("gate::GateError", &GateError::Inner(TransportError::Timeout));
    let handle = registry.handle(&hooked());
    handle.pin(*Caps::at(30).knowledge());
    let fields = json!({"message": SECRET});
    let call = call(
        SEND,
        json!({"botId": 1, "botToken": SECRET, "dialogId": "chat1", "fields": fields}),
    );
    let gated = gate.begin(&handle, call).await.unwrap();
    shown.debug("gate::GatedCall", &gated);
    shown.debug("gate::GatedStep", &gated.take(Reply::Result(json!(SECRET))).await);
    let unexpected = decode::<u64>(json!({"id": SECRET, "names": [SECRET]})).unwrap_err();
    shown.error("wire::UnexpectedResult", &unexpected);
}
