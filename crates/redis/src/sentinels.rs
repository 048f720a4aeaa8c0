//! [`Sentinels`]: the servers that know which server is the master.

use redis::sentinel::{SentinelClientBuilder, SentinelServerType};
use redis::{Client, ConnectionAddr, ConnectionInfo, RedisResult, TlsMode};

/// The sentinels and the name of the master.
pub(crate) struct Sentinels {
    pub(crate) sentinels: Vec<ConnectionInfo>,
    /// The name is the host.
    pub(crate) master: ConnectionInfo,
    #[cfg(feature = "tls")]
    pub(crate) certificates: Option<redis::TlsCertificates>,
}

impl Sentinels {
    pub(crate) fn name(&self) -> &str {
        match self.master.addr() {
            ConnectionAddr::Tcp(name, _) | ConnectionAddr::TcpTls { host: name, .. } => name,
            _ => "",
        }
    }

    pub(crate) fn addresses(&self) -> Vec<String> {
        self.sentinels
            .iter()
            .map(|sentinel| sentinel.addr().to_string())
            .collect()
    }

    /// Asks the sentinels for the master. The connections to them are closed afterwards.
    pub(crate) async fn master(&self) -> RedisResult<Client> {
        self.builder()?.build()?.async_get_client().await
    }

    fn builder(&self) -> RedisResult<SentinelClientBuilder> {
        let addresses = self.sentinels.iter().map(|sentinel| sentinel.addr().clone());
        let mut builder = SentinelClientBuilder::new(addresses, self.name(), SentinelServerType::Master)?;
        if let Some(sentinel) = self.sentinels.first() {
            let login = sentinel.redis_settings();
            if let Some(username) = login.username() {
                builder = builder.set_client_to_sentinel_username(username);
            }
            if let Some(password) = login.password() {
                builder = builder.set_client_to_sentinel_password(password);
            }
        }
        let login = self.master.redis_settings();
        builder = builder.set_client_to_redis_db(login.db());
        if let Some(username) = login.username() {
            builder = builder.set_client_to_redis_username(username);
        }
        if let Some(password) = login.password() {
            builder = builder.set_client_to_redis_password(password);
        }
        if let ConnectionAddr::TcpTls { insecure, .. } = self.master.addr() {
            let mode = if *insecure {
                TlsMode::Insecure
            } else {
                TlsMode::Secure
            };
            builder = builder.set_client_to_redis_tls_mode(mode);
        }
        #[cfg(feature = "tls")]
        if let Some(certificates) = &self.certificates {
            builder = builder.set_client_to_redis_certificates(certificates.clone());
            if self
                .sentinels
                .iter()
                .all(|sentinel| matches!(sentinel.addr(), ConnectionAddr::TcpTls { .. }))
            {
                builder = builder.set_client_to_sentinel_certificates(certificates.clone());
            }
        }
        Ok(builder)
    }
}
