//! [`RedisStore`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use imbot_caps::store::{
    BODY_LIMIT, Change, Entry, KEY_LIMIT, Lease, NewsFeed, SaveOutcome, Store, StoreError, StoreErrorKind,
    StoreFuture, Version,
};
use redis::{ErrorKind, Pipeline, ServerErrorKind, Value};

use crate::connections::Connections;
use crate::entry::{LAST_BYTE, decode, digits};
use crate::error::{damaged, store_error};
use crate::feed::Feed;
use crate::script::{Run, Script};
use crate::servers::{Reply, Servers};

/// How many keys are read at once: at most two MiB of entries.
const LOADED: usize = 512;

/// How many entries are written at once.
const SAVED: usize = 128;

/// The longest expiry and the longest lease: ten years. A server refuses times of centuries.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 86_400);

/// A store on Redis or Valkey. See the [page of the crate](crate).
///
/// Clones share the connections. Open one for each program, with [`RedisStore::open`] or
/// [`RedisStore::builder`].
#[derive(Clone)]
pub struct RedisStore(Arc<Inner>);

struct Inner {
    servers: Arc<Servers>,
    connections: Connections,
    prefix: String,
    expiry: Duration,
    save: Script,
    lease: Script,
    release: Script,
}

impl RedisStore {
    pub(crate) fn new(servers: Servers, prefix: String, expiry: Duration) -> Self {
        let servers = Arc::new(servers);
        Self(Arc::new(Inner {
            connections: Connections::new(Arc::clone(&servers)),
            servers,
            prefix,
            expiry,
            save: Script::save(),
            lease: Script::lease(),
            release: Script::release(),
        }))
    }
}

/// Shows addresses and the prefix, and no login.
impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("servers", &self.0.servers.addresses())
            .field("prefix", &self.0.prefix)
            .field("expiry", &self.0.expiry)
            .finish_non_exhaustive()
    }
}

impl Inner {
    fn entry(&self, key: &str) -> String {
        format!("{}entry:{key}", self.prefix)
    }

    fn lease(&self, key: &str) -> String {
        format!("{}lease:{key}", self.prefix)
    }

    fn channel(&self) -> String {
        format!("{}news", self.prefix)
    }

    /// Sends commands, and returns one reply for each.
    async fn send(&self, mut commands: Pipeline) -> Result<Vec<Reply>, StoreError> {
        let replies = self.connections.run(commands.ignore_errors()).await?;
        match replies.len() == commands.len() {
            true => Ok(replies),
            false => Err(damaged("the server sent another number of replies")),
        }
    }

    /// Runs a script for each of these keys. One value for each, in their order.
    async fn run(&self, script: &Script, runs: &[Run]) -> Result<Vec<Value>, StoreError> {
        let mut replies = self
            .send(runs.iter().map(|run| script.by_hash(run)).collect_pipeline())
            .await?;
        let is_missing = |reply: &Reply| {
            let no_script = ErrorKind::Server(ServerErrorKind::NoScript);
            reply.as_ref().is_err_and(|error| error.kind() == no_script)
        };
        // The server has not seen the script since its start.
        let missing: Vec<_> = runs
            .iter()
            .zip(&mut replies)
            .filter(|(_, reply)| is_missing(reply))
            .collect();
        if !missing.is_empty() {
            let commands = missing
                .iter()
                .map(|(run, _)| script.by_code(run))
                .collect_pipeline();
            let again = self.send(commands).await?;
            for ((_, reply), again) in missing.into_iter().zip(again) {
                *reply = again;
            }
        }
        let values = replies
            .into_iter()
            .map(|reply| reply.map_err(|error| store_error(&error)));
        values.collect()
    }

    /// Runs a script for one key.
    async fn run_one(&self, script: &Script, run: Run) -> Result<Value, StoreError> {
        let value = self.run(script, &[run]).await?.pop();
        value.ok_or_else(|| damaged("the server sent no reply"))
    }

    fn save(&self, change: &Change, version: Version) -> Run {
        let (channel, message) = match change.announce {
            true => (self.channel(), change.key.clone()),
            false => (String::new(), String::new()),
        };
        Run {
            key: self.entry(&change.key),
            arguments: vec![
                change.based_on.map(digits).unwrap_or_default(),
                digits(version),
                change.body.clone(),
                milliseconds(self.expiry).to_string(),
                LAST_BYTE.to_string(),
                channel,
                message,
            ],
        }
    }
}

impl Store for RedisStore {
    fn load<'a>(&'a self, keys: &'a [String]) -> StoreFuture<'a, Vec<Option<Entry>>> {
        Box::pin(async move {
            keys.iter().try_for_each(|key| check("key", key, KEY_LIMIT))?;
            let mut entries = Vec::with_capacity(keys.len());
            for piece in keys.chunks(LOADED) {
                let commands = piece.iter().map(|key| {
                    let mut command = redis::cmd("GETRANGE");
                    command.arg(self.0.entry(key)).arg(0).arg(LAST_BYTE);
                    command
                });
                for reply in self.0.send(commands.collect_pipeline()).await? {
                    entries.push(loaded(reply)?);
                }
            }
            Ok(entries)
        })
    }

    fn save<'a>(&'a self, changes: &'a [Change]) -> StoreFuture<'a, Vec<SaveOutcome>> {
        Box::pin(async move {
            for change in changes {
                check("key", &change.key, KEY_LIMIT)?;
                check("text", &change.body, BODY_LIMIT)?;
            }
            let mut saved = Vec::with_capacity(changes.len());
            for piece in changes.chunks(SAVED) {
                let versions: Vec<Version> = piece.iter().map(|_| version()).collect::<Result<_, _>>()?;
                let runs: Vec<Run> = piece
                    .iter()
                    .zip(&versions)
                    .map(|(change, version)| self.0.save(change, *version))
                    .collect();
                let values = self.0.run(&self.0.save, &runs).await?;
                for (value, version) in values.into_iter().zip(versions) {
                    saved.push(match value {
                        Value::Int(1) => SaveOutcome::Done(version),
                        Value::Int(0) => SaveOutcome::Conflict(None),
                        Value::BulkString(current) => SaveOutcome::Conflict(decode(&current)),
                        _ => return Err(damaged("the server answered a write with something else")),
                    });
                }
            }
            Ok(saved)
        })
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, Option<Lease>> {
        Box::pin(async move {
            check("key", key, KEY_LIMIT)?;
            let token = format!("{:016x}{:016x}", random()?, random()?);
            let duration = milliseconds(duration).to_string();
            let run = Run {
                key: self.0.lease(key),
                arguments: vec![token.clone(), duration],
            };
            let is_granted = self.0.run_one(&self.0.lease, run).await? == Value::Int(1);
            Ok(is_granted.then(|| Lease::new(key.to_owned(), token)))
        })
    }

    fn release(&self, lease: Lease) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let run = Run {
                key: self.0.lease(lease.key()),
                arguments: vec![lease.token().to_owned()],
            };
            self.0.run_one(&self.0.release, run).await.map(drop)
        })
    }

    fn news(&self) -> StoreFuture<'_, Box<dyn NewsFeed>> {
        Box::pin(async {
            let feed = Feed::open(Arc::clone(&self.0.servers), self.0.channel()).await?;
            Ok(Box::new(feed) as Box<dyn NewsFeed>)
        })
    }
}

/// The entry in a reply. A key of another type has an entry that nobody can read.
fn loaded(reply: Reply) -> Result<Option<Entry>, StoreError> {
    match reply {
        Ok(Value::BulkString(value)) => Ok(decode(&value)),
        Ok(Value::Nil) => Ok(None),
        Ok(_) => Err(damaged("the server answered a read with something else")),
        Err(error) => match store_error(&error) {
            damaged if damaged.kind() == StoreErrorKind::Damaged => Ok(decode(b"?")),
            error => Err(error),
        },
    }
}

fn check(what: &str, text: &str, limit: usize) -> Result<(), StoreError> {
    match text.len() <= limit {
        true => Ok(()),
        false => {
            let text = format!("a {what} has {} bytes, and may have {limit}", text.len());
            Err(StoreError::new(StoreErrorKind::TooLong, &text))
        }
    }
}

/// A version that no other writer has drawn: one of 2^64. Zero is for damaged entries.
fn version() -> Result<Version, StoreError> {
    Ok(Version::new(random()?.max(1)))
}

fn random() -> Result<u64, StoreError> {
    getrandom::u64().map_err(|error| {
        let text = format!("the system has no random numbers: {error}");
        StoreError::new(StoreErrorKind::Unavailable, &text)
    })
}

/// A time to live as a server takes it: at least one millisecond, at most ten years.
fn milliseconds(time: Duration) -> u128 {
    time.min(LONGEST).as_millis().max(1)
}

trait CollectPipeline {
    fn collect_pipeline(self) -> Pipeline;
}

impl<I: Iterator<Item = redis::Cmd>> CollectPipeline for I {
    fn collect_pipeline(self) -> Pipeline {
        let mut commands = Pipeline::with_capacity(self.size_hint().0);
        for command in self {
            commands.add_command(command);
        }
        commands
    }
}
