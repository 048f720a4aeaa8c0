//! `serve`: the gate as a server beside a bot.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use imbot_caps::Registry;
use imbot_caps_proxy::{Bots, Limits, PortalList, Proxy, Rate};
use imbot_caps_sqlite::SqliteStore;
use serde::Serialize;

use crate::error::CliError;
use crate::output::{Format, Outcome, Output};

/// How often the metrics are summed up.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves bots in any language: each portal gets the calls that it takes.
///
/// The bot calls http://127.0.0.1:8024/{host}/rest/... in place of
/// https://{host}/rest/...
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where bots call the server. Whoever reaches it can call the listed portals.
    #[arg(long, default_value = "127.0.0.1:8024")]
    listen: SocketAddr,
    /// Where the server answers /ready, /live and /metrics.
    #[arg(long)]
    admin: Option<SocketAddr>,
    /// A portal that the server may call: acme.bitrix24.com, or box.example:8443. Can be repeated.
    #[arg(long, value_name = "HOST")]
    portal: Vec<String>,
    /// A domain whose portals the server may call: bitrix24.com. Can be repeated.
    #[arg(long)]
    domain: Vec<String>,
    /// The server may call every host with a public address: an open relay for everybody who reaches it.
    #[arg(long)]
    any: bool,
    /// With --any, also hosts at loopback, in private networks and at the addresses of a cloud's metadata.
    #[arg(long, requires = "any")]
    allow_private: bool,
    /// Allows this name in the header Host, besides IP addresses and localhost. Can be repeated.
    #[arg(long, value_name = "NAME")]
    allowed_host: Vec<String>,
    /// Portals at loopback are called by plain http: for tests with an emulated portal.
    #[arg(long)]
    insecure_http: bool,
    /// Holds calls back to so many a second for each portal. Without it, no call is held back.
    #[arg(long, value_name = "CALLS")]
    rate: Option<NonZeroU32>,
    /// So many calls at once after a pause.
    #[arg(long, value_name = "CALLS", default_value = "50", requires = "rate")]
    burst: NonZeroU32,
    /// A SQLite file in which what is known of portals outlives the server. Several servers can share it.
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// A TOML file of the bots whose events the server takes.
    #[arg(long, value_name = "FILE", requires = "journal")]
    bots: Option<PathBuf>,
    /// A file in which events are kept until their bots have them.
    #[arg(long, value_name = "FILE", requires = "bots")]
    journal: Option<PathBuf>,
    /// The authorisation server to which renewals at /oauth/token/ are sent. All workers share a renewal.
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://oauth.bitrix.info/oauth/token/"
    )]
    token_server: url::Url,
    /// The most connections.
    #[arg(long, value_name = "NUMBER", default_value = "1024")]
    connections: usize,
}

#[derive(Serialize)]
struct Started {
    address: SocketAddr,
    admin: Option<SocketAddr>,
}

impl Serve {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        tracing_subscriber::fmt()
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal())
            .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
            .init();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.serve(output))
    }

    async fn serve(self, output: &mut Output) -> Result<Outcome, CliError> {
        let failed = |error: &dyn std::fmt::Display| CliError::Serve(error.to_string());
        let mut list = PortalList::new();
        for host in &self.portal {
            list = list.portal(host).map_err(|error| failed(&error))?;
        }
        for domain in &self.domain {
            list = list.domain(domain).map_err(|error| failed(&error))?;
        }
        if self.any {
            list = list.any();
        }
        if self.allow_private {
            list = list.private_addresses();
        }
        let mut registry = Registry::builder(list.transport());
        if let Some(path) = &self.store {
            registry = registry.store(SqliteStore::open(path).map_err(|error| failed(&error))?);
        }
        let mut limits = Limits::default();
        limits.connections = self.connections;
        let mut builder = Proxy::builder(list)
            .listen(self.listen)
            .registry(registry.build())
            .token_server(self.token_server)
            .limits(limits);
        for host in self.allowed_host {
            builder = builder.allowed_host(host);
        }
        if let Some(admin) = self.admin {
            let recorder = metrics_exporter_prometheus::PrometheusBuilder::new();
            let metrics = recorder.install_recorder().map_err(|error| failed(&error))?;
            let own = metrics.clone();
            // Without it, the times of requests would fill the memory until somebody reads the metrics.
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(UPKEEP).await;
                    own.run_upkeep();
                }
            });
            builder = builder.admin(admin).metrics(move || metrics.render());
        }
        if self.insecure_http {
            builder = builder.insecure_http();
        }
        if let Some(per_second) = self.rate {
            let burst = self.burst;
            builder = builder.rate(Rate { per_second, burst });
        }
        if let (Some(bots), Some(journal)) = (self.bots, self.journal) {
            builder = builder.bots(Bots::from_file(bots).map_err(|error| failed(&error))?, journal);
        }
        let asked = stop_signal()?;
        let proxy = builder.start().await.map_err(|error| failed(&error))?;
        let started = Started {
            address: proxy.address(),
            admin: proxy.admin_address(),
        };
        if output.format == Format::Json {
            output.json("serve", &started)?;
        } else {
            writeln!(anstream::stdout(), "http://{}/", started.address)?;
        }
        asked.await;
        proxy.stop().await;
        Ok(Outcome::Fine)
    }
}

/// Ends when the process is asked to stop. Signals are heard from the call on.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends when the process is asked to stop.
#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler, the system ends the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
