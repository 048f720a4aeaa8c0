//! [`RedisStoreBuilder`]: where the servers are, and how the entries are kept.

use std::fmt;
use std::time::Duration;

use redis::{Client, ConnectionAddr, IntoConnectionInfo, RedisError};

use crate::servers::Servers;
use crate::store::RedisStore;

/// The longest prefix, in bytes.
const PREFIX_LIMIT: usize = 128;

/// The default expiry: 90 days after the last write.
const EXPIRY: Duration = Duration::from_secs(90 * 86_400);

/// Chooses the settings of a [`RedisStore`].
#[derive(Clone)]
#[must_use]
pub struct RedisStoreBuilder {
    url: String,
    prefix: String,
    expiry: Duration,
    #[cfg(feature = "tls")]
    root_certificates: Option<Vec<u8>>,
    #[cfg(feature = "sentinel")]
    sentinels: Vec<String>,
    #[cfg(feature = "cluster")]
    nodes: Option<Vec<String>>,
}

/// Why a store could not be opened. No text has a URL: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// A URL cannot be read, or the URLs do not fit together.
    #[error(
        "{reason}; write each URL as redis://user:password@host:port/database, or rediss:// for TLS with the \
         feature `tls`"
    )]
    Url {
        /// What is wrong.
        reason: String,
    },
    /// The prefix is empty, too long, or has control characters.
    #[error("the prefix must have 1 to {PREFIX_LIMIT} bytes and no control characters")]
    Prefix,
    /// Both sentinels and nodes of a cluster are named.
    #[error(
        "the servers are watched by Sentinel, or are a Cluster: name sentinels or cluster nodes, not both"
    )]
    SentinelAndCluster,
}

impl RedisStore {
    /// A store on one server, with the default settings. No I/O.
    ///
    /// The URL is `redis://user:password@host:port/database`, or `rediss://` for TLS. Every part but the host may
    /// be left out. `valkey://` and `valkeys://` mean the same, and `redis+unix:///path` is a socket.
    ///
    /// # Errors
    ///
    /// [`OpenError::Url`] if the URL cannot be read.
    pub fn open(url: &str) -> Result<Self, OpenError> {
        Self::builder(url).open()
    }

    /// A builder for a store with other settings.
    pub fn builder(url: &str) -> RedisStoreBuilder {
        RedisStoreBuilder {
            url: url.to_owned(),
            prefix: "imbot-caps:".to_owned(),
            expiry: EXPIRY,
            #[cfg(feature = "tls")]
            root_certificates: None,
            #[cfg(feature = "sentinel")]
            sentinels: Vec::new(),
            #[cfg(feature = "cluster")]
            nodes: None,
        }
    }
}

impl RedisStoreBuilder {
    /// The beginning of all keys and of the channel: 1 to 128 bytes. The default is `imbot-caps:`. Two stores with
    /// different prefixes share nothing.
    ///
    /// In a cluster, a prefix with a hash tag such as `{bots}:` puts all entries on one server.
    pub fn prefix(mut self, prefix: &str) -> Self {
        prefix.clone_into(&mut self.prefix);
        self
    }

    /// How long the server keeps an entry after its last write. The default is 90 days, at most ten years. When
    /// an entry has expired, its portal is asked again.
    pub fn expiry(mut self, expiry: Duration) -> Self {
        self.expiry = expiry;
        self
    }

    /// The root certificates to trust, in place of the system's: PEM. For servers with a private authority. They
    /// count for all servers with TLS.
    #[cfg(feature = "tls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tls")))]
    pub fn root_certificates(mut self, pem: &[u8]) -> Self {
        self.root_certificates = Some(pem.to_vec());
        self
    }

    /// The addresses of sentinels, as URLs with the login of the sentinels. All have the same login.
    ///
    /// The host of the builder's own URL is then the name of the master: `redis://user:password@mymaster`. Its port
    /// is not used. Each new connection asks a sentinel for the master.
    #[cfg(feature = "sentinel")]
    #[cfg_attr(docsrs, doc(cfg(feature = "sentinel")))]
    pub fn sentinels<U: AsRef<str>>(mut self, urls: impl IntoIterator<Item = U>) -> Self {
        self.sentinels = urls.into_iter().map(|url| url.as_ref().to_owned()).collect();
        self
    }

    /// The servers are a Redis Cluster, and these are some more of its nodes. The store finds all others through
    /// them, and through the builder's own URL. All have the same login. Listeners connect to a named node, so
    /// name several.
    #[cfg(feature = "cluster")]
    #[cfg_attr(docsrs, doc(cfg(feature = "cluster")))]
    pub fn cluster_nodes<U: AsRef<str>>(mut self, urls: impl IntoIterator<Item = U>) -> Self {
        self.nodes = Some(urls.into_iter().map(|url| url.as_ref().to_owned()).collect());
        self
    }

    /// The store. No I/O: it connects when it is first used, and again whenever a connection breaks.
    ///
    /// For TLS, crate `rustls` needs a provider of cryptography for the process. If the program has installed none,
    /// this installs `aws_lc_rs`.
    ///
    /// # Errors
    ///
    /// [`OpenError`] if the settings cannot be right.
    pub fn open(self) -> Result<RedisStore, OpenError> {
        let is_short = (1..=PREFIX_LIMIT).contains(&self.prefix.len());
        if !is_short || self.prefix.chars().any(char::is_control) {
            return Err(OpenError::Prefix);
        }
        let servers = self.servers()?;
        Ok(RedisStore::new(servers, self.prefix, self.expiry))
    }

    fn servers(&self) -> Result<Servers, OpenError> {
        let client = self.client(&self.url, "the URL")?;
        #[cfg(all(feature = "sentinel", feature = "cluster"))]
        if !self.sentinels.is_empty() && self.nodes.is_some() {
            return Err(OpenError::SentinelAndCluster);
        }
        #[cfg(feature = "sentinel")]
        if !self.sentinels.is_empty() {
            return self.watched(&client);
        }
        #[cfg(feature = "cluster")]
        if let Some(nodes) = &self.nodes {
            return self.cluster(client, nodes);
        }
        Ok(Servers::One(Box::new(client)))
    }

    #[cfg(feature = "sentinel")]
    fn watched(&self, master: &Client) -> Result<Servers, OpenError> {
        let sentinels = self.sentinels.iter().map(|url| {
            let client = self.client(url, "the URL of a sentinel")?;
            Ok(client.get_connection_info().clone())
        });
        let sentinels: Vec<redis::ConnectionInfo> = sentinels.collect::<Result<_, _>>()?;
        let login = |sentinel: &redis::ConnectionInfo| {
            let login = sentinel.redis_settings();
            (
                login.username().map(str::to_owned),
                login.password().map(str::to_owned),
            )
        };
        let first = sentinels.first().map(login);
        if sentinels.iter().any(|sentinel| Some(login(sentinel)) != first) {
            let reason = "the URLs of the sentinels have different logins".to_owned();
            return Err(OpenError::Url { reason });
        }
        let sentinels = crate::sentinels::Sentinels {
            sentinels,
            master: master.get_connection_info().clone(),
            #[cfg(feature = "tls")]
            certificates: self.certificates(),
        };
        if sentinels.name().is_empty() {
            let reason = "the URL has no host, which is the name of the master".to_owned();
            return Err(OpenError::Url { reason });
        }
        Ok(Servers::Sentinel(Box::new(sentinels)))
    }

    #[cfg(feature = "cluster")]
    fn cluster(&self, first: Client, more: &[String]) -> Result<Servers, OpenError> {
        let mut named = vec![first];
        for url in more {
            named.push(self.client(url, "the URL of a node")?);
        }
        let addresses = named.iter().map(|client| client.get_connection_info().clone());
        let cluster = redis::cluster::ClusterClient::builder(addresses)
            .retries(3)
            .connection_timeout(crate::servers::CONNECTING)
            .response_timeout(crate::servers::ANSWERING);
        #[cfg(feature = "tls")]
        let cluster = match self.certificates() {
            Some(certificates) => cluster.certs(certificates),
            None => cluster,
        };
        let client = cluster
            .build()
            .map_err(|error| unread("the URLs of the nodes", &error))?;
        Ok(Servers::Cluster(Box::new(client), named))
    }

    #[cfg(feature = "tls")]
    fn certificates(&self) -> Option<redis::TlsCertificates> {
        let root_cert = self.root_certificates.clone()?;
        Some(redis::TlsCertificates {
            client_tls: None,
            root_cert: Some(root_cert),
        })
    }

    fn client(&self, url: &str, which: &str) -> Result<Client, OpenError> {
        let address = url
            .into_connection_info()
            .map_err(|error| unread(which, &error))?;
        if let ConnectionAddr::TcpTls { .. } = address.addr() {
            #[cfg(feature = "tls")]
            {
                install_cryptography();
                if let Some(certificates) = self.certificates() {
                    let client = Client::build_with_tls(address, certificates);
                    return client.map_err(|error| unread("the root certificates", &error));
                }
            }
        }
        Client::open(address).map_err(|error| unread(which, &error))
    }
}

/// Without this the client panics if the program has two providers, and has installed none.
#[cfg(feature = "tls")]
fn install_cryptography() {
    use rustls::crypto::{CryptoProvider, aws_lc_rs};
    if CryptoProvider::get_default().is_none() {
        // It fails if another thread was first. Then there is one, too.
        let _ = aws_lc_rs::default_provider().install_default();
    }
}

/// The client's details are left out: they may repeat a part of the URL.
fn unread(which: &str, error: &RedisError) -> OpenError {
    let text = match error.detail() {
        None => error.to_string(),
        Some(_) => error.category().to_owned(),
    };
    OpenError::Url {
        reason: format!("{which} cannot be used: {text}"),
    }
}

/// Shows no URL: it may hold a password.
impl fmt::Debug for RedisStoreBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStoreBuilder")
            .field("prefix", &self.prefix)
            .field("expiry", &self.expiry)
            .finish_non_exhaustive()
    }
}
