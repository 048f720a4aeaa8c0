//! [`Servers`]: how a connection is made to one server, to a master behind Sentinel, and to a cluster.

use std::io;
use std::time::Duration;

use redis::aio::{MultiplexedConnection, PubSubSink, PubSubStream};
use redis::{AsyncConnectionConfig, Client, Pipeline, RedisResult, Value};
#[cfg(feature = "cluster")]
use redis::{cluster::ClusterClient, cluster_async::ClusterConnection};

#[cfg(feature = "sentinel")]
use crate::sentinels::Sentinels;

/// How long an attempt to connect may take.
pub(crate) const CONNECTING: Duration = Duration::from_secs(5);

/// How long a server of a cluster may take to answer. The caller of the store gives up much earlier.
#[cfg(feature = "cluster")]
pub(crate) const ANSWERING: Duration = Duration::from_secs(10);

/// The servers that keep the entries.
pub(crate) enum Servers {
    One(Box<Client>),
    #[cfg(feature = "sentinel")]
    Sentinel(Box<Sentinels>),
    /// A cluster, and the servers of it that the program has named.
    #[cfg(feature = "cluster")]
    Cluster(Box<ClusterClient>, Vec<Client>),
}

/// A connection. Clones share it.
#[derive(Clone)]
pub(crate) enum Link {
    One(MultiplexedConnection),
    #[cfg(feature = "cluster")]
    Cluster(ClusterConnection),
}

/// A connection that listens to a channel.
pub(crate) type Listening = (PubSubSink, PubSubStream);

/// The answer to one command. An error is the server's, and concerns this command alone.
pub(crate) type Reply = RedisResult<Value>;

impl Servers {
    /// Connects, within [`CONNECTING`].
    pub(crate) async fn connect(&self) -> RedisResult<Link> {
        within(async {
            match self {
                Servers::One(client) => open(client).await,
                #[cfg(feature = "sentinel")]
                Servers::Sentinel(sentinels) => open(&sentinels.master().await?).await,
                #[cfg(feature = "cluster")]
                Servers::Cluster(client, _) => Ok(Link::Cluster(client.get_async_connection().await?)),
            }
        })
        .await
    }

    /// Listens to a channel. It is confirmed that the server will send the messages.
    ///
    /// In a cluster each server gets the messages of all, so any server will do.
    pub(crate) async fn listen(&self, channel: &str) -> RedisResult<Listening> {
        match self {
            Servers::One(client) => listen(client, channel).await,
            #[cfg(feature = "sentinel")]
            Servers::Sentinel(sentinels) => {
                let master = within(sentinels.master()).await?;
                listen(&master, channel).await
            }
            #[cfg(feature = "cluster")]
            Servers::Cluster(_, named) => {
                let mut last = redis::RedisError::from(io::Error::from(io::ErrorKind::NotConnected));
                for client in named {
                    match listen(client, channel).await {
                        Ok(listening) => return Ok(listening),
                        Err(error) => last = error,
                    }
                }
                Err(last)
            }
        }
    }

    /// The addresses, without logins.
    pub(crate) fn addresses(&self) -> Vec<String> {
        let address = |client: &Client| client.get_connection_info().addr().to_string();
        match self {
            Servers::One(client) => vec![address(client)],
            #[cfg(feature = "sentinel")]
            Servers::Sentinel(sentinels) => sentinels.addresses(),
            #[cfg(feature = "cluster")]
            Servers::Cluster(_, named) => named.iter().map(address).collect(),
        }
    }
}

async fn within<T>(attempt: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    match tokio::time::timeout(CONNECTING, attempt).await {
        Ok(ended) => ended,
        Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
    }
}

async fn open(client: &Client) -> RedisResult<Link> {
    // `within` has the limit of the attempt. The registry has that of a call.
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(None)
        .set_response_timeout(None);
    let connection = client
        .get_multiplexed_async_connection_with_config(&config)
        .await?;
    Ok(Link::One(connection))
}

async fn listen(client: &Client, channel: &str) -> RedisResult<Listening> {
    within(async {
        let mut listening = client.get_async_pubsub().await?;
        listening.subscribe(channel).await?;
        Ok(listening.split())
    })
    .await
}

impl Link {
    /// Sends the commands in one go. One reply for each, in their order.
    ///
    /// # Errors
    ///
    /// The connection's. Some of the commands may have run.
    pub(crate) async fn run(&self, commands: &Pipeline) -> RedisResult<Vec<Reply>> {
        match self {
            Link::One(connection) => commands.query_async(&mut connection.clone()).await,
            #[cfg(feature = "cluster")]
            Link::Cluster(connection) => {
                // The keys are on several servers, and a pipeline goes to one.
                let replies = commands.cmd_iter().map(|command| {
                    let mut connection = connection.clone();
                    async move { command.query_async(&mut connection).await }
                });
                let replies: Vec<Reply> = futures_util::future::join_all(replies).await;
                let of_connection = |reply: &Reply| {
                    let error = reply.as_ref().err()?;
                    let is_servers = error.clone().into_server_errors().is_some();
                    (!is_servers).then(|| error.clone())
                };
                match replies.iter().find_map(of_connection) {
                    Some(error) => Err(error),
                    None => Ok(replies),
                }
            }
        }
    }
}
