//! A [`Store`](imbot_caps::store::Store) in one SQLite file, for the processes of one machine.
//!
//! ```no_run
//! use imbot_caps::{Portal, Registry};
//! use imbot_caps_sqlite::SqliteStore;
//!
//! # async fn run(transport: impl imbot_caps::transport::Transport) -> Result<(), Box<dyn std::error::Error>> {
//! let store = SqliteStore::open("/var/lib/bot/portals.sqlite")?;
//! let registry = Registry::builder(transport).store(store).build();
//!
//! let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/")?;
//! // From the file, if another process has asked the portal. The portal is asked by one process.
//! let caps = registry.caps(&portal).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Several processes may open one file. It is in WAL mode, so readers do not wait for a writer. The file
//! must be on a local disk: SQLite's locks do not work on network file systems.
//!
//! The file holds addresses of portals and what is known of them, and no secret. On Unix a new file has
//! the mode 0600 from the start. An existing file keeps its mode. To begin anew, stop the processes and
//! delete the file, and the files beside it that end in `-wal` and `-shm`.

#![forbid(unsafe_code)]

mod connection;
mod feed;
mod schema;
mod store;

pub use store::SqliteStore;

/// The README's example, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
