//! No credential is printed: not by `Debug` or `Display`, not by an error, not in
//! a log at the finest level.

use std::fmt::Debug;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use imbot_caps::portal::{AccessToken, RenewedTokens, StaticToken, TokenSource};
use imbot_caps::transport::{Redirects, Request, Response, Transport, TransportError};
use imbot_caps::wire::{Call, Reply};
use imbot_caps::{Portal, PortalError, PortalId, RefreshGrant, Registry};
use imbot_caps_emulator::{Build, Emulator, Fault, OauthToken, Webhook};
use std::pin::Pin;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::http::{Untimed, sender_claim, untimed};

mod redirects;

const CODE: &str = "c0dethatmustnotbeseen";
const TOKEN: &str = "t0kenthatmustnotbeseen";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Log;

    fn make_writer(&'w self) -> Log {
        self.clone()
    }
}

#[track_caller]
fn clean(text: &str) {
    assert!(
        !text.contains(CODE) && !text.contains(TOKEN),
        "a secret in: {text}"
    );
    assert!(!text.contains("thatm"), "a part of a secret in: {text}");
}

#[track_caller]
fn prints_clean(value: &(impl Debug + ?Sized)) {
    clean(&format!("{value:?}"));
    clean(&format!("{value:#?}"));
}

fn error_prints_clean(error: &(dyn std::error::Error + 'static)) {
    let mut next = Some(error);
    while let Some(error) = next {
        prints_clean(error);
        clean(&error.to_string());
        next = error.source();
    }
}

/// Prints each request that goes through, as a careless transport would.
struct Careless(Untimed, Log);

impl Transport for Careless {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let form = String::from_utf8_lossy(request.body()).into_owned();
        let address = format!("{}?{form}", request.url());
        let line = format!("{request:?}\n");
        self.1.0.lock().unwrap().extend_from_slice(line.as_bytes());
        Box::pin(async move {
            let response = self.0.send(request).await;
            if let Ok(response) = &response {
                let line = format!("{response:?}\n");
                self.1.0.lock().unwrap().extend_from_slice(line.as_bytes());
            }
            // As `reqwest::Error` prints itself unless told otherwise.
            response.map_err(|error| match error {
                TransportError::Connect(text) => {
                    TransportError::Connect(format!("{text} for url ({address})"))
                }
                TransportError::Broken(text) => TransportError::Broken(format!("{text} for url ({address})")),
                other => other,
            })
        })
    }
}

/// A bot's token among the parameters, in calls that pass, are adapted, refused by the
/// gate, and refused by a portal that repeats it.
async fn the_gate_prints_none(emulator: &Emulator) {
    for build in [
        Build::rest(36),
        Build::rest(33),
        Build::rest32_with_imbot_v2(),
        Build::rest(30),
    ] {
        let emulated = emulator.portal(build);
        let portal = Portal::builder()
            .allow_http()
            .webhook(&emulated.add_webhook(Webhook::new(7, CODE)))
            .unwrap();
        let client = untimed().client(&portal);
        prints_clean(&client);
        // No probe comes in between: it sends no token, and knows of none that is repeated.
        let known = client.portal().ready().await.unwrap();
        client.portal().pin(*known.knowledge());
        let fields = serde_json::json!({
            "code": TOKEN, "properties": {"name": TOKEN}, "eventMode": "webhook",
            "webhookUrl": format!("https://bot.example/{TOKEN}"), "botToken": TOKEN, "type": TOKEN,
            "message": TOKEN, "system": true, "color": TOKEN, "backgroundId": TOKEN, "unknown": TOKEN,
        });
        let params = serde_json::json!({"botId": 1, "botToken": TOKEN, "dialogId": TOKEN, "fields": fields});
        let repeats = serde_json::json!({
            "error": "WRONG", "error_description": format!("{}{TOKEN}", "x".repeat(190)),
        });
        for method in [
            "imbot.v2.Bot.register",
            "imbot.v2.Bot.update",
            "imbot.v2.Chat.Message.send",
            "imbot.v2.Chat.update",
            "imbot.v2.Command.register",
            "imbot.v2.Event.get",
        ] {
            let call = Call::with_params(method, params.as_object().unwrap().clone());
            let plan = client.plan(&call);
            prints_clean(&plan);
            if let Ok(planned) = &plan {
                planned
                    .changes()
                    .iter()
                    .for_each(|change| clean(&change.to_string()));
            }
            emulated.fault(Fault::json(400, &repeats));
            let command = format!("{method}?botId=1&botToken={TOKEN}&fields[botToken]={TOKEN}");
            let list = Call::new("batch").with("cmd", vec![command]);
            let errors = [
                client.batch([("one", call.clone())]).await.err(),
                client.send_call(list).await.err(),
                client.send_call(call).await.err(),
            ];
            errors
                .iter()
                .flatten()
                .for_each(|error| error_prints_clean(error));
            emulated.clear_faults();
        }
        clean(&client.gate().report().to_string());
        prints_clean(&client.gate().report());
    }
}

#[tokio::test]
async fn nothing_prints_a_secret() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(log.clone())
        .with_ansi(false)
        .init();

    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest32_with_imbot_v2());
    let webhook = emulated.add_webhook(Webhook::new(7, CODE));
    emulated.add_token(OauthToken::new(TOKEN, "app.1"));
    let gone = Emulator::start_single(Build::rest(36)).await.unwrap();
    let unreachable = gone.add_webhook(Webhook::new(7, CODE));
    drop(gone);

    let build = |url: &str| Portal::builder().allow_http().webhook(url).unwrap();
    let oauth = Portal::builder()
        .allow_http()
        .oauth(&emulated.rest_url(), StaticToken::new(TOKEN))
        .unwrap();
    // Each with the secret that a portal could repeat.
    let portals = [
        (build(&webhook), CODE),
        (build(&unreachable), CODE),
        (oauth, TOKEN),
    ];
    prints_clean(&Portal::builder().member_id("0123456789abcdef0123456789abcdef"));
    prints_clean(&AccessToken::new(TOKEN));
    prints_clean(&StaticToken::new(TOKEN));
    prints_clean(&Call::new("x").with("auth", TOKEN));
    prints_clean(&Reply::read(
        200,
        None,
        format!(r#"{{"result":"{TOKEN}"}}"#).as_bytes(),
    ));
    prints_clean(&Reply::read(302, Some(&webhook), b""));
    prints_clean(&Reply::read(
        404,
        None,
        format!("<title>{webhook}</title>{webhook}").as_bytes(),
    ));
    prints_clean(&Reply::read(
        404,
        None,
        format!("<title>{CODE}</title>").as_bytes(),
    ));

    the_gate_prints_none(&emulator).await;

    let moved = webhook.replace("127.0.0.1", "127.0.0.2");
    let faults = |secret: &str| {
        [
            None,
            Some(Fault::redirect(&moved)),
            Some(Fault::redirect(&webhook)),
            Some(Fault::html(502)),
            Some(Fault::body(
                404,
                "text/html",
                format!("<html><title>{secret}</title>{webhook} {secret}"),
            )),
            Some(Fault::body(200, "text/plain", format!("{webhook} {secret}"))),
            Some(Fault::result(serde_json::json!({"rest": webhook, "web": secret}))),
            Some(Fault::result(serde_json::json!(secret))),
            Some(Fault::json(
                200,
                &serde_json::json!({"error": secret, "error_description": ""}),
            )),
            Some(Fault::json(
                401,
                &serde_json::json!({"error": "NO_AUTH_FOUND", "error_description": format!("wrong: /rest/7/{secret}/")}),
            )),
            Some(Fault::json(
                400,
                // Cut at 200 characters, in the middle of the secret.
                &serde_json::json!({"error": "X", "error_description": format!("{}{secret}", "x".repeat(190))}),
            )),
            Some(Fault::moved(&format!("https://{secret}.example/"))),
            Some(Fault::error("expired_token").status(401)),
            Some(Fault::hang_up()),
            Some(Fault::half_body()),
            Some(Fault::big_body(100_000)),
        ]
    };
    emulated.clock().stop();
    let mut failures = 0;
    for (portal, secret) in &portals {
        prints_clean(portal);
        prints_clean(portal.id());
        clean(&portal.id().to_string());
        clean(portal.endpoint());
        for fault in faults(secret) {
            emulated.clear_faults();
            if let Some(fault) = fault {
                emulated.fault(fault);
            }
            // Too short for any pause: what fails is not asked again. Time stands still.
            let registry = Registry::builder(Careless(Untimed::default(), log.clone()))
                .clock(emulated.clock())
                .deadline(Duration::from_millis(240))
                .build();
            let handle = registry.handle(portal);
            match handle.ready().await {
                Ok(caps) => prints_clean(&caps),
                Err(error) => {
                    failures += 1;
                    error_prints_clean(&error);
                    prints_clean(error.kind());
                }
            }
            prints_clean(&handle);
            prints_clean(&registry);
        }
    }
    assert!(failures > 30, "{failures}");

    let error = Portal::oauth(
        &format!("https://acme.example/rest/1/{CODE}/"),
        StaticToken::new(TOKEN),
    )
    .unwrap_err();
    error_prints_clean(&error);
    for wrong in [
        format!("http://acme.example/rest/1/{CODE}/"),
        format!("https://acme.example/rest/{CODE}/"),
        format!("https://acme.example/rest/1/{CODE}/x"),
        format!("https://acme.example/rest/1/{CODE}/?auth={TOKEN}"),
        format!("https://user:{TOKEN}@acme.example/rest/1/{CODE}/"),
        format!("rest/1/{CODE}/"),
        format!("https://[{CODE}]/rest/1/"),
        format!("https://acme.example:{TOKEN}/rest/1/"),
    ] {
        let error: PortalError = Portal::webhook(&wrong).unwrap_err();
        error_prints_clean(&error);
    }

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    clean(&log);
    assert!(log.contains("imbot.v2.Revision.get"), "the log was kept");
    assert!(log.contains("WARN") && log.contains("DEBUG"), "at every level");
}

#[test]
fn ids_and_endpoints_reject_codes() {
    for path in [
        format!("1/{CODE}/"),
        format!("1/{CODE}/profile.json"),
        format!("1/{CODE}/imbot.v2.Revision.get"),
        format!("1/{CODE}//"),
        format!("api/1/{CODE}/"),
        format!("{CODE}/"),
    ] {
        let address = format!("https://acme.bitrix24.com/rest/{path}");
        error_prints_clean(&Portal::oauth(&address, StaticToken::new(TOKEN)).unwrap_err());
        for text in [&*address, address.trim_end_matches('/')] {
            error_prints_clean(&text.parse::<PortalId>().unwrap_err());
        }
        let auth = serde_json::json!({"member_id": "0123456789abcdef0123456789abcdef", "client_endpoint": address, "application_token": "t"});
        error_prints_clean(&*sender_claim(&serde_json::json!({ "auth": auth }), "t").unwrap_err());
        error_prints_clean(&Redirects::to_hosts([address]).unwrap_err());
    }
    let twice = format!("https://acme.bitrix24.com/rest/1/{CODE}/rest/1/{CODE}/");
    error_prints_clean(&Portal::webhook(&twice).unwrap_err());
}

#[tokio::test]
async fn a_grant_prints_no_secret() {
    // Of the kind that a form writes in another way.
    const SECRET: &str = "s3cret&thatmustnotbeseen";
    const REFRESH: &str = "r3fresh thatmustnotbeseen";
    let log = Log::default();
    // Of this thread, which is all of this test's runtime.
    let own = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    let _guard = crate::probe::log::of_this_thread(own);
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    emulated.add_token(OauthToken::new(TOKEN, "local.app").expired());
    let auth = emulated.auth_server();
    let pair = serde_json::json!({
        "access_token": "n3w-thatmustnotbeseen",
        "refresh_token": "n3xt-thatmustnotbeseen",
        "server_endpoint": "https://elsewhere.example/rest/",
    });
    emulated.add_token(OauthToken::new("n3w-thatmustnotbeseen", "local.app"));
    let echo = format!("{SECRET} {REFRESH} s3cret%26thatmustnotbeseen r3fresh+thatmustnotbeseen");
    let padded = format!("{}{echo}", "x".repeat(190));
    let error = |code: &str, text: &str| serde_json::json!({"error": code, "error_description": text});
    let mut failures = 0;
    for fault in [
        Fault::json(200, &pair),
        Fault::json(400, &error("invalid_grant", &echo)),
        Fault::json(400, &error("invalid_client", &padded)),
        Fault::json(400, &error(&echo, "")),
        Fault::json(500, &error("X", &padded)),
        Fault::body(502, "text/html", format!("<title>{SECRET}</title>{echo}")),
        Fault::body(200, "text/plain", echo.clone()),
        Fault::body(200, "application/json", pair.to_string()[..50].to_owned()),
        Fault::redirect(&format!("https://elsewhere.example/?{echo}")),
        Fault::half_body(),
        Fault::hang_up(),
    ] {
        for store_works in [true, false] {
            auth.clear_faults();
            auth.fault(fault.clone());
            let app = RefreshGrant::builder(Careless(Untimed::default(), log.clone()), "local.app", SECRET)
                .access_token(TOKEN)
                .allow_http();
            prints_clean(&app);
            let store = move |renewed: RenewedTokens| {
                prints_clean(&renewed);
                std::future::ready(match store_works {
                    true => Ok(()),
                    false => Err(format!(
                        "no row for {} {}",
                        renewed.access_token().expose(),
                        renewed.refresh_token()
                    )),
                })
            };
            let grant = app.build(&auth.server_endpoint(), REFRESH, store).unwrap();
            let portal = Portal::builder()
                .allow_http()
                .oauth(&emulated.rest_url(), grant.clone())
                .unwrap();
            let learned = untimed().caps(&portal).await;
            if let Err(error) = grant.token(Some(&AccessToken::new(TOKEN))).await {
                failures += 1;
                error_prints_clean(&error);
                error_prints_clean(&learned.unwrap_err());
            }
            prints_clean(&grant);
            prints_clean(&portal);
        }
    }
    assert_eq!(failures, 21, "all but the pair that could be stored");
    let error = RefreshGrant::builder(Untimed::default(), "local.app", SECRET)
        .build(
            &format!("https://x:{SECRET}@elsewhere.example/rest/"),
            REFRESH,
            async |_| Ok::<_, String>(()),
        )
        .unwrap_err();
    error_prints_clean(&error);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    clean(&log);
    assert!(
        log.contains("names another authorisation server"),
        "the log was kept"
    );
    assert!(log.contains("could not be stored"), "with what went wrong");
}

#[tokio::test]
async fn respelled_token_is_redacted() {
    const TOKEN: &str = "s3cret/part+two=of\"three";
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    emulated.add_token(OauthToken::new(TOKEN, "local.app"));
    let auth = emulated.auth_server();
    let mut told = Vec::new();
    for spelled in [
        "s3cret%2Fpart%2Btwo%3Dof%22three",
        "s3cret%2fpart%2btwo%3dof%22three",
        r#"s3cret\/part+two=of\"three"#,
        r"s3cret\u002fpart+two=of\u0022three",
        r#"S3CRET\/PART+TWO=OF\"THREE"#,
    ] {
        // The longer one is cut in the middle of the token.
        for pad in ["auth=", &"x".repeat(190)] {
            let body = format!(r#"{{"error":"WHAT","error_description":"{pad}{spelled} is wrong"}}"#);
            emulated.clear_faults();
            emulated.fault(Fault::body(400, "application/json", body.clone()));
            let portal = Portal::builder()
                .allow_http()
                .oauth(&emulated.rest_url(), StaticToken::new(TOKEN))
                .unwrap();
            let error = untimed().caps(&portal).await.unwrap_err();
            told.push(format!("{error} {error:?}"));

            auth.clear_faults();
            auth.fault(Fault::body(400, "application/json", body));
            let grant = RefreshGrant::builder(Untimed::default(), "local.app", TOKEN)
                .allow_http()
                .build(&auth.server_endpoint(), "refresh", async |_| Ok::<_, String>(()))
                .unwrap();
            let error = grant.token(None).await.unwrap_err();
            told.push(format!("{error} {error:?}"));
        }
    }
    assert!(told.iter().all(|text| text.contains("WHAT")), "{told:#?}");
    let tells = |text: &&String| text.to_lowercase().contains("s3cret");
    assert_eq!(told.iter().find(tells), None);
}
