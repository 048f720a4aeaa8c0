//! An emulator at a port of the caller's choice, and a test on every build.

use std::io;

use super::server::{Channel, Hosts};
use super::{Build, EmulatedPortal, Emulator};

/// Starts an [`Emulator`] where the caller wants it.
///
/// ```no_run
/// use imbot_caps_emulator::{Build, Emulator};
///
/// # async fn run() -> std::io::Result<()> {
/// let portal = Emulator::builder().port(8080).start_single(Build::rest(35)).await?;
/// println!("{}", portal.webhook_url());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct EmulatorBuilder {
    port: u16,
    hosts: Hosts,
}

impl EmulatorBuilder {
    /// This port of 127.0.0.1; any that is free unless told otherwise.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Answers under this name, too, on any port: `portal.example`, say, which a
    /// client's own resolver leads here. Names of the loopback interface need no
    /// leave.
    pub fn allowed_host(mut self, name: impl Into<String>) -> Self {
        self.hosts.add(name.into());
        self
    }

    /// As [`Emulator::start`].
    ///
    /// # Errors
    ///
    /// When the port cannot be had.
    pub async fn start(self) -> io::Result<Emulator> {
        Emulator::start_over(Channel::Plain, self.port, self.hosts).await
    }

    /// As [`Emulator::start_single`].
    ///
    /// # Errors
    ///
    /// When the port cannot be had.
    pub async fn start_single(self, build: Build) -> io::Result<EmulatedPortal> {
        Emulator::start_single_over(Channel::Plain, self.port, self.hosts, build).await
    }
}

impl Emulator {
    /// Runs a test against a new portal of every build that was ever shipped, one
    /// after the other, the oldest first: see [`Build::shipped`].
    ///
    /// ```no_run
    /// use imbot_caps_emulator::Emulator;
    ///
    /// # async fn run() -> std::io::Result<()> {
    /// let emulator = Emulator::start().await?;
    /// emulator
    ///     .on_every_build(|emulated| async move {
    ///         emulated.strict();
    ///         // … my bot runs against emulated.webhook_url() …
    ///         emulated.assert_no_violations();
    ///     })
    ///     .await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn on_every_build<F: Future<Output = ()>>(&self, mut test: impl FnMut(EmulatedPortal) -> F) {
        for build in Build::shipped() {
            test(self.portal(build)).await;
        }
    }
}
