//! [`Emulator`]: the server of all emulated portals.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::auth::AuthServer;
use crate::build::Build;
use crate::builder::EmulatorBuilder;
use crate::clock::Clock;
use crate::emulated_portal::EmulatedPortal;
use crate::portals::Portals;
use crate::server::{Channel, Hosts, Server};

/// A server with any number of portals, each under a path prefix of its own.
///
/// Stops when dropped, and with it all its portals and connections.
pub struct Emulator {
    pub(crate) server: Server<Portals>,
    auth: AuthServer,
    clock: Clock,
}

impl Emulator {
    /// Starts on a free port of 127.0.0.1.
    ///
    /// Runs on the Tokio runtime it is called in, which must have I/O and time
    /// enabled.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// For a port of the caller's choice.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    pub(crate) async fn start_over(channel: Channel, port: u16, hosts: Hosts) -> io::Result<Self> {
        let clock = Clock::start();
        Ok(Self {
            auth: AuthServer::start(clock.clone(), hosts.clone()).await?,
            server: Server::start(channel, port, hosts, |_| Portals::default()).await?,
            clock,
        })
    }

    /// One portal at the root of a port of its own, for clients that drop path
    /// prefixes. It stops when its last handle is dropped.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub async fn start_single(build: Build) -> io::Result<EmulatedPortal> {
        Self::builder().start_single(build).await
    }

    pub(crate) async fn start_single_over(
        channel: Channel,
        port: u16,
        hosts: Hosts,
        build: Build,
    ) -> io::Result<EmulatedPortal> {
        let clock = Clock::start();
        let auth = AuthServer::start(clock.clone(), hosts.clone()).await?;
        let server = Arc::new(Server::start(channel, port, hosts, |_| Portals::default()).await?);
        let portal = EmulatedPortal::put(&server, &auth, build, clock, |_| String::new());
        Ok(portal.keeping(server))
    }

    /// A new portal under a prefix such as `/portal-1`.
    ///
    /// Portals on premise can stand under a prefix, too. A portal costs a few
    /// hundred bytes and what it records; it lives as long as the emulator.
    #[must_use]
    pub fn portal(&self, build: Build) -> EmulatedPortal {
        EmulatedPortal::put(&self.server, &self.auth, build, self.clock.clone(), |number| {
            format!("/portal-{number}")
        })
    }

    /// The clock of all its portals.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// The authorisation server of all its portals, at an address of its own.
    #[must_use]
    pub fn auth_server(&self) -> AuthServer {
        self.auth.clone()
    }

    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("address", &self.address())
            .finish_non_exhaustive()
    }
}
