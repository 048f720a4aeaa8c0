//! A portal that answers by a script, without a server, and a clock that skips pauses.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use serde_json::{Map, Value, json};
use tokio::sync::Notify;

use super::*;
use crate::portal::{AccessToken, TokenError, TokenSource};
use crate::transport::{Request, Response, TransportError};

/// The methods that a probe asks, in the order in which it may.
pub(super) const METHODS: [&str; 5] = [REVISION_GET, BATCH, IM_REVISION_GET, BOT_LIST, SERVER_TIME];

/// What a method always answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// As it should.
    Good,
    Absent,
    /// For want of a scope.
    Refused,
    /// By a code that nobody knows.
    Unknown,
    /// A page with status 404; in a batch, a result of another sort.
    Garbage,
    /// A failure of the server; in a batch, its code.
    Broken,
    /// Nothing before the deadline; in a batch, no answer to the command.
    Hang,
}

/// A clock on which pauses pass at once, and the deadline when the portal hangs.
pub(super) struct Skipping {
    now: Mutex<SystemTime>,
    moved: Notify,
}

impl Default for Skipping {
    fn default() -> Self {
        Self {
            now: Mutex::new(UNIX_EPOCH),
            moved: Notify::new(),
        }
    }
}

impl Skipping {
    pub(super) fn advance(&self, by: Duration) {
        *self.now.lock().unwrap() += by;
        self.moved.notify_waiters();
    }
}

impl Clock for Skipping {
    fn now(&self) -> SystemTime {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        if duration < DEADLINE {
            self.advance(duration);
        }
        let end = match duration < DEADLINE {
            true => self.now(),
            false => self.now() + duration,
        };
        Box::pin(async move {
            loop {
                let moved = self.moved.notified();
                if self.now() >= end {
                    return;
                }
                moved.await;
            }
        })
    }
}

/// A request as it came, and what it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) host: String,
    pub(super) method: &'static str,
    pub(super) token: String,
    pub(super) answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// What the method answers.
    Own,
    /// A page of a server that fails in passing.
    Stumble,
    /// The token has expired.
    Expired,
    /// The portal has moved.
    Moved,
}

/// A portal of this script.
#[derive(Clone, Debug)]
pub(super) struct Script {
    pub(super) rest: u16,
    pub(super) fates: HashMap<&'static str, Fate>,
    /// How often a method fails in passing before it answers.
    pub(super) stumbles: HashMap<&'static str, u32>,
    /// From the first question of this method on, the first token has expired.
    pub(super) expires_at: Option<&'static str>,
    /// The same for the portal's address.
    pub(super) moves_at: Option<&'static str>,
}

impl Script {
    pub(super) fn fate(&self, method: &str) -> Fate {
        self.fates.get(method).copied().unwrap_or(Fate::Good)
    }

    /// The result of a method, or the code of its error.
    fn answer(&self, method: &str) -> Result<Value, &'static str> {
        match (self.fate(method), method) {
            (Fate::Good, BOT_LIST) => Ok(json!({"bots": []})),
            (Fate::Good, SERVER_TIME) => Ok(json!("2026-04-02T00:00:00+00:00")),
            (Fate::Good, _) => Ok(json!({"rest": self.rest, "web": 130})),
            (Fate::Absent, _) => Err("ERROR_METHOD_NOT_FOUND"),
            (Fate::Refused, _) => Err("insufficient_scope"),
            (Fate::Unknown, _) => Err("SOMETHING_NEW"),
            (Fate::Garbage | Fate::Hang, _) => Ok(json!([true])),
            (Fate::Broken, _) => Err("INTERNAL_SERVER_ERROR"),
        }
    }

    fn batch(&self, commands: &Map<String, Value>) -> Value {
        let (mut results, mut errors) = (Map::new(), Map::new());
        for (key, method) in commands {
            let method = method.as_str().unwrap();
            match self.answer(method) {
                _ if self.fate(method) == Fate::Hang => None,
                Ok(result) => results.insert(key.clone(), result),
                Err(code) => errors.insert(key.clone(), json!({"error": code, "error_description": ""})),
            };
        }
        json!({"result": results, "result_error": errors})
    }
}

/// The script's portal as a transport.
pub(super) struct Scripted {
    script: Script,
    clock: Arc<Skipping>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    stumbled: HashMap<&'static str, u32>,
    expired: bool,
    moved: bool,
    log: Vec<Sent>,
}

impl Scripted {
    pub(super) fn new(script: &Script, clock: &Arc<Skipping>) -> Self {
        Self {
            script: script.clone(),
            clock: Arc::clone(clock),
            seen: Mutex::default(),
        }
    }

    /// All that was sent.
    pub(super) fn log(&self) -> Vec<Sent> {
        self.seen.lock().unwrap().log.clone()
    }

    fn take(&self, request: &Request) -> (Answer, &'static str, Value) {
        let Script {
            expires_at, moves_at, ..
        } = self.script;
        let (url, body) = (request.url(), serde_json::from_slice(request.body()));
        let method = METHODS.into_iter().find(|method| url.path().ends_with(method));
        let (method, body): (_, Value) = (method.unwrap(), body.unwrap());
        let (host, token) = (url.host_str().unwrap(), body["auth"].as_str().unwrap());
        let mut seen = self.seen.lock().unwrap();
        seen.expired |= expires_at == Some(method);
        seen.moved |= moves_at == Some(method);
        let stumbles = self.script.stumbles.get(method).copied().unwrap_or_default();
        let answer = if seen.moved && host == OLD_HOST {
            Answer::Moved
        } else if seen.expired && token == FIRST_TOKEN {
            Answer::Expired
        } else if seen.stumbled.get(method).copied().unwrap_or_default() < stumbles {
            *seen.stumbled.entry(method).or_default() += 1;
            Answer::Stumble
        } else {
            Answer::Own
        };
        let (host, token) = (host.to_owned(), token.to_owned());
        seen.log.push(Sent {
            host,
            method,
            token,
            answer,
        });
        (answer, method, body)
    }
}

pub(super) const OLD_HOST: &str = "old.localhost";
pub(super) const NEW_HOST: &str = "new.localhost";
pub(super) const FIRST_TOKEN: &str = "t0ken-one";
pub(super) const SECOND_TOKEN: &str = "t0ken-two";

impl Transport for Scripted {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let (answer, method, body) = self.take(&request);
        let json = |status, body: Value| Response::new(status, None, body.to_string().into_bytes());
        let page = |status| Response::new(status, None, b"<html>".to_vec());
        let fate = self.script.fate(method);
        let response = match (answer, fate) {
            (Answer::Moved, _) => {
                let to = request.url().as_str().replace(OLD_HOST, NEW_HOST);
                Response::new(307, Some(to), Vec::new())
            }
            (Answer::Expired, _) => json(401, json!({"error": "expired_token", "error_description": ""})),
            (Answer::Stumble, _) | (Answer::Own, Fate::Broken) => page(502),
            (Answer::Own, Fate::Garbage) => page(404),
            (Answer::Own, Fate::Hang) => {
                return Box::pin(async {
                    self.clock.advance(DEADLINE);
                    std::future::pending().await
                });
            }
            (Answer::Own, Fate::Good) if method == BATCH => json(
                200,
                json!({"result": self.script.batch(body["cmd"].as_object().unwrap())}),
            ),
            (Answer::Own, _) => match self.script.answer(method) {
                Ok(result) => json(200, json!({"result": result})),
                Err(code) => json(400, json!({"error": code, "error_description": ""})),
            },
        };
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// Gives two tokens, one after the other, and counts what it is asked.
#[derive(Default)]
pub(super) struct Tokens(pub(super) Mutex<Vec<Option<String>>>);

impl TokenSource for Tokens {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        let expired = expired.map(|token| token.expose().to_owned());
        let token = match &expired {
            None => FIRST_TOKEN,
            Some(_) => SECOND_TOKEN,
        };
        self.0.lock().unwrap().push(expired);
        Box::pin(std::future::ready(Ok(AccessToken::new(token))))
    }
}

/// The script's portal, by an application. There is one for each revision, since a portal
/// that is seen in very many states is seen less exactly.
pub(super) fn portal(script: &Script, tokens: &Arc<Tokens>) -> Portal {
    let endpoint = format!("https://{OLD_HOST}/{}/rest/", script.rest);
    Portal::oauth(&endpoint, Arc::clone(tokens)).unwrap()
}

/// Where the portal may be followed to.
pub(super) fn redirects() -> Redirects {
    Redirects::to_hosts([NEW_HOST]).unwrap()
}

/// Probes the script's portal.
pub(super) async fn probed(script: &Script) -> (Result<Found, ProbeError>, Vec<Sent>, Arc<Tokens>) {
    let (clock, tokens) = (Arc::new(Skipping::default()), Arc::new(Tokens::default()));
    let transport = Scripted::new(script, &clock);
    let conduct = ProbeOptions {
        transport: &transport,
        clock: &*clock,
        deadline: DEADLINE,
        redirects: &redirects(),
        jitter: 0,
    };
    let found = probe(&conduct, &portal(script, &tokens)).await;
    (found, transport.log(), tokens)
}
