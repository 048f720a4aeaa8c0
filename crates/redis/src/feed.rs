//! [`Feed`]: the keys that other processes have changed.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use imbot_caps::store::{KEY_LIMIT, News, NewsFeed, StoreError, StoreFuture};
use redis::Msg;
use redis::aio::{PubSubSink, PubSubStream};
use tokio::task::unconstrained;
use tokio::time::{Instant, timeout, timeout_at};

use crate::error::store_error;
use crate::servers::{CONNECTING, Servers};

/// A silent connection is tested after this long.
const SILENCE: Duration = Duration::from_secs(5);

/// How many keys one piece of news has.
const KEYS: usize = 1_024;

/// How many waiting messages are read at once. If there are more than [`KEYS`], the news is that some were missed.
const FLOOD: usize = 16_384;

/// Listens to one channel. If the connection ends, it connects anew, and reports that news were missed.
pub(crate) struct Feed {
    servers: Arc<Servers>,
    channel: String,
    listening: Option<Listening>,
}

struct Listening {
    sink: PubSubSink,
    stream: PubSubStream,
    /// When to test the connection.
    test: Instant,
}

impl Feed {
    pub(crate) async fn open(servers: Arc<Servers>, channel: String) -> Result<Self, StoreError> {
        let listening = Listening::open(&servers, &channel).await?;
        Ok(Self {
            servers,
            channel,
            listening: Some(listening),
        })
    }
}

impl NewsFeed for Feed {
    fn next(&mut self) -> StoreFuture<'_, News> {
        Box::pin(async {
            let Some(listening) = &mut self.listening else {
                self.listening = Some(Listening::open(&self.servers, &self.channel).await?);
                return Ok(News::Missed);
            };
            if let Some(news) = listening.next().await {
                return Ok(news);
            }
            self.listening = None;
            self.listening = Some(Listening::open(&self.servers, &self.channel).await?);
            Ok(News::Missed)
        })
    }
}

impl Listening {
    async fn open(servers: &Servers, channel: &str) -> Result<Self, StoreError> {
        let (sink, stream) = servers
            .listen(channel)
            .await
            .map_err(|error| store_error(&error))?;
        let test = soon();
        Ok(Self { sink, stream, test })
    }

    /// `None` if the connection has ended.
    async fn next(&mut self) -> Option<News> {
        loop {
            match timeout_at(self.test, self.stream.next()).await {
                Ok(Some(first)) => {
                    self.test = soon();
                    if let Some(news) = self.drain(&first) {
                        return Some(news);
                    }
                }
                Ok(None) => return None,
                Err(_) => {
                    let answer = timeout(CONNECTING, self.sink.ping::<()>()).await;
                    if !matches!(answer, Ok(Ok(()))) {
                        return None;
                    }
                    self.test = soon();
                }
            }
        }
    }

    /// This message and those that wait behind it. `None` if no message is a key.
    fn drain(&mut self, first: &Msg) -> Option<News> {
        let mut keys: Vec<String> = key(first).into_iter().collect();
        let mut is_flood = false;
        for _ in 0..FLOOD {
            // Without this the runtime hides messages that are there, after the first hundred.
            let Some(Some(message)) = unconstrained(self.stream.next()).now_or_never() else {
                break;
            };
            match keys.len() < KEYS {
                true => keys.extend(key(&message)),
                false => is_flood = true,
            }
        }
        match (is_flood, keys.is_empty()) {
            (true, _) => Some(News::Missed),
            (false, false) => Some(News::Changed(keys)),
            (false, true) => None,
        }
    }
}

fn soon() -> Instant {
    Instant::now() + SILENCE
}

/// The key in a message. A message that cannot be a key is somebody else's.
fn key(message: &Msg) -> Option<String> {
    let bytes = message.get_payload_bytes();
    let bytes = Some(bytes).filter(|bytes| !bytes.is_empty() && bytes.len() <= KEY_LIMIT)?;
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}
