//! [`Connections`]: one connection for each runtime, which is made when it is needed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt, Shared};
use imbot_caps::store::{StoreError, StoreErrorKind};
use redis::Pipeline;
use tokio::runtime;
use tokio::time::Instant;

use crate::error::{is_read_only, store_error};
use crate::servers::{Link, Reply, Servers};

/// How many runtimes have a connection. A further one replaces the one that was unused for longest.
const RUNTIMES: usize = 64;

/// A call that its caller has dropped casts doubt on the connection. If no call was answered for this long after
/// it began, a new connection is made: the old one may lead to a machine that is gone.
const DOUBT: Duration = Duration::from_secs(1);

/// Connections to the servers. A connection is driven by the runtime that has made it, and does not answer while
/// that runtime is stopped.
pub(crate) struct Connections {
    servers: Arc<Servers>,
    /// In the order of their last use.
    made: Mutex<Vec<Arc<Made>>>,
}

/// A connection, or the attempt to make it.
struct Made {
    runtime: runtime::Id,
    link: Shared<BoxFuture<'static, Result<Link, StoreError>>>,
    /// The beginning of the first call that was dropped and after which nothing was answered.
    unanswered: Mutex<Option<Instant>>,
}

impl Connections {
    pub(crate) fn new(servers: Arc<Servers>) -> Self {
        Self {
            servers,
            made: Mutex::default(),
        }
    }

    /// Sends the commands, and returns one reply for each. If an older connection has broken, or its server has
    /// become a replica, the commands are sent once more on a new one. So commands must bear a repeat.
    pub(crate) async fn run(&self, commands: &Pipeline) -> Result<Vec<Reply>, StoreError> {
        loop {
            let (made, is_new) = self.made()?;
            let ended = made.run(commands).await;
            let is_broken = match &ended {
                Ok(replies) => replies
                    .iter()
                    .any(|reply| reply.as_ref().is_err_and(is_read_only)),
                Err(_) => true,
            };
            if is_broken {
                self.discard(&made);
            }
            if !is_broken || is_new {
                return ended;
            }
        }
    }

    /// The connection of the current runtime, and whether it is new.
    fn made(&self) -> Result<(Arc<Made>, bool), StoreError> {
        let runtime = runtime::Handle::try_current()
            .map_err(|_| StoreError::new(StoreErrorKind::Unavailable, "the caller has no tokio runtime"))?;
        let mut list = self.lock();
        if let Some(place) = list.iter().position(|made| made.runtime == runtime.id()) {
            let made = list.remove(place);
            if !made.is_doubtful() {
                list.push(Arc::clone(&made));
                return Ok((made, false));
            }
        }
        if list.len() >= RUNTIMES {
            list.remove(0);
        }
        let made = Arc::new(Made {
            runtime: runtime.id(),
            link: connect(Arc::clone(&self.servers), &runtime),
            unanswered: Mutex::default(),
        });
        list.push(Arc::clone(&made));
        Ok((made, true))
    }

    fn discard(&self, broken: &Arc<Made>) {
        self.lock().retain(|made| !Arc::ptr_eq(made, broken));
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Made>>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Connects in a task, so that the attempt outlives a caller that gives up.
fn connect(
    servers: Arc<Servers>,
    runtime: &runtime::Handle,
) -> Shared<BoxFuture<'static, Result<Link, StoreError>>> {
    let task = runtime.spawn(async move { servers.connect().await });
    async move {
        match task.await {
            Ok(ended) => ended.map_err(|error| store_error(&error)),
            Err(error) if error.is_panic() => Err(StoreError::new(
                StoreErrorKind::Panicked,
                "the attempt to connect panicked",
            )),
            Err(_) => Err(StoreError::new(
                StoreErrorKind::Unavailable,
                "the runtime was shut down",
            )),
        }
    }
    .boxed()
    .shared()
}

impl Made {
    async fn run(&self, commands: &Pipeline) -> Result<Vec<Reply>, StoreError> {
        let link = self.link.clone().await?;
        let call = Call {
            made: self,
            began: Instant::now(),
        };
        let ended = link.run(commands).await;
        call.answered();
        ended.map_err(|error| store_error(&error))
    }

    fn is_doubtful(&self) -> bool {
        self.unanswered().is_some_and(|began| began.elapsed() > DOUBT)
    }

    fn unanswered(&self) -> MutexGuard<'_, Option<Instant>> {
        self.unanswered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that waits for its answer.
struct Call<'a> {
    made: &'a Made,
    began: Instant,
}

impl Call<'_> {
    fn answered(self) {
        *self.made.unanswered() = None;
        std::mem::forget(self);
    }
}

/// The caller gives up.
impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.made.unanswered().get_or_insert(self.began);
    }
}
