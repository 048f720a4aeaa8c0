//! Calls that a program plans and sends itself: the same requests as those of the client.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use imbot_caps::gate::{Client, Gate, GatedStep};
use imbot_caps::plan::{CredentialKind, Planner, Policy, Step};
use imbot_caps::table::Date;
use imbot_caps::wire::{Call, Reply};
use imbot_caps::{Caps, Handle};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use imbot_caps_xtask::matrix::{calls, columns};
use serde_json::{Value, json};

use crate::support::http::{untimed, webhook};

/// A client without a registry. It keeps what the replies have shown.
struct Hand {
    http: reqwest::Client,
    caps: Caps,
    bots: HashMap<u64, Box<str>>,
    contradicted: Vec<&'static str>,
}

struct Stage {
    emulator: Emulator,
    http: reqwest::Client,
}

impl Stage {
    async fn set() -> Self {
        Self {
            emulator: Emulator::start().await.unwrap(),
            http: reqwest::Client::new(),
        }
    }
}

/// The reply, or that the gate refused the call.
type Answer = Result<Reply, String>;

async fn post(http: &reqwest::Client, portal: &EmulatedPortal, call: &Call) -> Reply {
    let url = format!("{}{}", portal.webhook_url(), call.method());
    let request = http.post(url).header("content-type", "application/json");
    let body = Value::Object(call.params().clone()).to_string();
    let response = request.body(body).send().await.unwrap();
    let status = response.status().as_u16();
    Reply::read(status, None, &response.bytes().await.unwrap())
}

impl Hand {
    fn new(http: reqwest::Client, caps: Caps) -> Self {
        Self {
            http,
            caps,
            bots: HashMap::new(),
            contradicted: Vec::new(),
        }
    }

    async fn send(&mut self, portal: &EmulatedPortal, call: &Call) -> Answer {
        let policy = Policy::default();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let bots = self.bots.clone();
        let find = |bot| bots.get(&bot).cloned();
        let contradicted = self.contradicted.clone();
        let planner = Planner::new(&self.caps, &policy)
            .today(Date::of_unix(now.as_secs()))
            .contradicted(&contradicted)
            .bot_addresses(&find)
            .credential(CredentialKind::Webhook);
        let planned = planner.plan(call).map_err(|refused| refused.to_string())?;
        let mut step = Step::Send(planned);
        loop {
            step = match step {
                Step::Send(planned) => {
                    let reply = post(&self.http, portal, planned.call()).await;
                    planned.take(reply)
                }
                Step::MethodNotFound(absent) => {
                    self.contradicted.push(absent.requirement().id());
                    planner.replan(absent)
                }
                Step::Done(done) => {
                    for bot in done.bot_addresses() {
                        match bot.url() {
                            Some(url) => drop(self.bots.insert(bot.bot(), url.into())),
                            None => drop(self.bots.remove(&bot.bot())),
                        }
                    }
                    return Ok(done.into_reply());
                }
            };
        }
    }
}

async fn gated(
    gate: &Gate,
    handle: &Handle,
    http: &reqwest::Client,
    portal: &EmulatedPortal,
    call: &Call,
) -> Answer {
    let begun = gate.begin(handle, call.clone()).await;
    let mut gated = begun.map_err(|refused| refused.to_string())?;
    loop {
        let reply = post(http, portal, gated.call()).await;
        gated = match gated.take(reply).await {
            GatedStep::Send(next) => next,
            GatedStep::Done(done) => return Ok(done.into_reply()),
        };
    }
}

async fn by_client(client: &Client, call: &Call) -> Answer {
    use imbot_caps::gate::CallError;
    match client.send_call(call.clone()).await {
        Ok(result) => Ok(Reply::Result(result)),
        Err(CallError::Refused(refused)) => Err(refused.to_string()),
        Err(CallError::Api(error)) => Ok(Reply::Error(error)),
        Err(error) => panic!("{error:?}"),
    }
}

/// What can be compared: the numbers of things that a call has made differ by nothing.
fn told(answer: &Answer) -> String {
    match answer {
        Ok(Reply::Result(_)) => "result".to_owned(),
        Ok(Reply::Error(error)) => error.code.to_string(),
        Ok(other) => format!("{other:?}"),
        // A gate adds the age of the portal's answer.
        Err(refused) => refused
            .split(". The portal")
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}

fn requests(portal: &EmulatedPortal) -> Vec<(String, Value)> {
    let requests = portal.take_requests().into_iter();
    requests.map(|own| (own.method, own.params)).collect()
}

/// Sends every call in three ways, and compares the requests. Returns how many went out.
async fn compare(stage: &Stage, build: &Build, caps: &Caps, calls: &[Call]) -> usize {
    let Stage { emulator, http } = stage;
    let portals: Vec<EmulatedPortal> = (0..3).map(|_| emulator.portal(build.clone())).collect();
    let registry = untimed();
    let gate = Gate::new(&registry);
    let [client, begun] = [1, 2].map(|nth: usize| gate.client(&webhook(&portals[nth])));
    for client in [&client, &begun] {
        client.portal().pin(*caps.knowledge());
    }
    let mut hand = Hand::new(http.clone(), *caps);
    let mut sent = 0;
    for call in calls {
        let answers = [
            hand.send(&portals[0], call).await,
            by_client(&client, call).await,
            gated(&gate, begun.portal(), http, &portals[2], call).await,
        ];
        let [own, by_client, by_gate] = [0, 1, 2].map(|nth: usize| requests(&portals[nth]));
        let case = format!("{call:?} by {caps:?}: {answers:?}");
        assert_eq!(own, by_client, "{case}");
        assert_eq!(own, by_gate, "{case}");
        let told = answers.each_ref().map(told);
        assert!(told.iter().all(|own| *own == told[0]), "{case}");
        sent += own.len();
    }
    sent
}

/// A bot with an address, its command, and every documented call.
fn script() -> Vec<Call> {
    let fields = json!({
        "code": "clerk", "properties": {"name": "Clerk"}, "eventMode": "webhook",
        "webhookUrl": "https://bot.example/on?CLIENT_ID=t",
    });
    let register = Call::new("imbot.v2.Bot.register")
        .with("botToken", "t")
        .with("fields", fields);
    let command = Call::new("imbot.v2.Command.register")
        .with("botId", 1)
        .with("botToken", "t")
        .with("fields", json!({"command": "help", "title": {"en": "Help"}}));
    let documented = calls().into_values().map(|(call, _)| call);
    [register, command].into_iter().chain(documented).collect()
}

#[tokio::test]
async fn planned_calls_send_what_client_sends() {
    let stage = Stage::set().await;
    let script = script();
    let mut sent = 0;
    for column in columns() {
        sent += compare(&stage, &column.build, &column.caps, &script).await;
    }
    println!(
        "{} calls by {} builds: {sent} requests, three times",
        script.len(),
        columns().len()
    );
    assert!(sent > 300, "{sent}");
}

/// The knowledge is newer than the portal, so methods are absent.
#[tokio::test]
async fn absent_methods_are_planned_again_alike() {
    let stage = Stage::set().await;
    let script = script();
    for rest in [18, 30, 32] {
        let sent = compare(&stage, &Build::rest(rest), &Caps::at(36), &script).await;
        assert!(sent > script.len(), "{rest}: {sent}");
    }
}
