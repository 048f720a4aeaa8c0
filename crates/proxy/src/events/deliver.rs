//! Hands events on to the bots' own addresses.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderName;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use url::Url;

use super::form;
use super::journal::{Journal, JournalError, Waiting};
use super::settings::{Bots, Wants};
use crate::builder::Limits;

/// The header with the id of an event. An event that comes again has the same id.
const EVENT_ID: HeaderName = HeaderName::from_static("imbot-caps-event-id");

/// A bot that answers an event so often with an error gets the next one.
const ATTEMPTS: u32 = 10;

/// How often events that are too old are deleted.
const SWEEP: Duration = Duration::from_secs(600);

/// Tells the tasks that there are new events.
#[derive(Clone, Default)]
pub(crate) struct Bells(Arc<HashMap<String, Notify>>);

impl Bells {
    pub(crate) fn new(bots: &Bots) -> Self {
        let bells = bots.0.iter().map(|bot| (bot.name.clone(), Notify::new()));
        Self(Arc::new(bells.collect()))
    }

    pub(crate) fn ring(&self, bot: &str) {
        if let Some(bell) = self.0.get(bot) {
            bell.notify_one();
        }
    }

    async fn wait(&self, bot: &str) {
        match self.0.get(bot) {
            Some(bell) => bell.notified().await,
            None => std::future::pending().await,
        }
    }
}

/// Hands events on until `stop` changes: for each bot one after the other, in their order.
pub(crate) async fn run(
    bots: Bots,
    journal: Journal,
    bells: Bells,
    client: reqwest::Client,
    limits: Limits,
    stop: watch::Receiver<bool>,
) {
    let mut tasks = JoinSet::new();
    tasks.spawn(until_stopped(stop.clone(), sweep(journal.clone())));
    for bot in &bots.0 {
        let Wants::Deliver { address, json } = &bot.wants else {
            continue;
        };
        let line = Line {
            bot: bot.name.clone(),
            address: address.clone(),
            json: *json,
            journal: journal.clone(),
            bells: bells.clone(),
            client: client.clone(),
            limits: limits.clone(),
        };
        tasks.spawn(line.run(stop.clone()));
    }
    while tasks.join_next().await.is_some() {}
}

async fn until_stopped(mut stop: watch::Receiver<bool>, work: impl Future<Output = ()>) {
    tokio::select! {
        _ = stop.changed() => {}
        () = work => {}
    }
}

async fn sweep(journal: Journal) {
    loop {
        match journal.expire().await {
            Ok(0) => {}
            Ok(events) => {
                metrics::counter!("imbot_caps.proxy.events", "outcome" => "expired")
                    .increment(u64::try_from(events).unwrap_or_default());
                tracing::error!(
                    imbot_caps.events = events,
                    "events were deleted: no bot took them in 24 hours"
                );
            }
            Err(error) => tracing::error!(error.message = %error, "the journal of events failed"),
        }
        tokio::time::sleep(SWEEP).await;
    }
}

/// The events of one bot.
struct Line {
    bot: String,
    address: Url,
    json: bool,
    journal: Journal,
    bells: Bells,
    client: reqwest::Client,
    limits: Limits,
}

impl Line {
    /// Ends between two events: a bot that has an event is waited for.
    async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut pause = self.limits.retry_first;
        while !*stop.borrow() {
            match self.next().await {
                Ok(Next::Empty) => {
                    tokio::select! {
                        _ = stop.changed() => return,
                        () = self.bells.wait(&self.bot) => {}
                    }
                    continue;
                }
                Ok(Next::Done) => {
                    pause = self.limits.retry_first;
                    continue;
                }
                Ok(Next::Failed) => {}
                Err(error) => tracing::error!(error.message = %error, "the journal of events failed"),
            }
            tokio::select! {
                _ = stop.changed() => return,
                () = tokio::time::sleep(pause) => {}
            }
            pause = pause.saturating_mul(2).min(self.limits.retry_longest);
        }
    }

    async fn next(&self) -> Result<Next, JournalError> {
        let Some(event) = self.journal.next(&self.bot).await? else {
            return Ok(Next::Empty);
        };
        let mut is_last = false;
        let (is_taken, why) = match self.post(&event).await {
            Ok(status) if status.is_success() => (true, String::new()),
            Ok(status) => {
                self.journal.failed(event.id).await?;
                is_last = event.attempts.saturating_add(1) >= ATTEMPTS;
                (false, format!("the bot answered {status}"))
            }
            // A bot without an answer may come back.
            Err(error) => (false, error.without_url().to_string()),
        };
        let outcome = if is_taken { "delivered" } else { "failed" };
        metrics::counter!("imbot_caps.proxy.events", "outcome" => outcome).increment(1);
        if is_taken {
            self.journal.done(event.id).await?;
            return Ok(Next::Done);
        }
        if is_last {
            self.journal.set_aside(event.id).await?;
            tracing::error!(
                imbot_caps.bot = self.bot,
                imbot_caps.event = event.id,
                error.message = why,
                "an event was set aside: the bot answered it with errors alone"
            );
            return Ok(Next::Done);
        }
        tracing::warn!(
            imbot_caps.bot = self.bot,
            imbot_caps.event = event.id,
            error.message = why,
            "an event was not handed on, and is tried again"
        );
        Ok(Next::Failed)
    }

    async fn post(&self, event: &Waiting) -> Result<http::StatusCode, reqwest::Error> {
        let (mime, body) = match self.json {
            true => ("application/json", event.body.clone()),
            false => {
                let members: Map<String, Value> = serde_json::from_str(&event.body).unwrap_or_default();
                ("application/x-www-form-urlencoded", form::write(&members))
            }
        };
        let request = self.client.post(self.address.clone());
        let request = request.header(CONTENT_TYPE, mime).header(EVENT_ID, event.id);
        let answer = request.timeout(self.limits.bot).body(body).send().await?;
        Ok(answer.status())
    }
}

enum Next {
    /// There is no event.
    Empty,
    /// The event is out of the way.
    Done,
    /// The event is tried again.
    Failed,
}
