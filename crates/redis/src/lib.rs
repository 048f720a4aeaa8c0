//! `imbot-caps-redis` is a [`Store`](imbot_caps::store::Store) of crate [`imbot_caps`] on Redis or Valkey. The bots
//! of several machines share what they know of portals through it.
//!
//! ```no_run
//! use imbot_caps::Registry;
//! use imbot_caps::transport::ReqwestTransport;
//! use imbot_caps_redis::RedisStore;
//!
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let store = RedisStore::builder("rediss://bots:password@cache.example/0")
//!     .prefix("my-bots:")
//!     .open()?;
//! let registry = Registry::builder(ReqwestTransport::new()).store(store).build();
//! # Ok(())
//! # }
//! ```
//!
//! # Servers
//!
//! Redis 6 or later, or any Valkey.
//!
//! - One server: the URL has its address.
//! - Redis Sentinel, with the feature `sentinel`: the host of the URL is the name of the master.
//!
//!   ```no_run
//!   # #[cfg(feature = "sentinel")] {
//!   # use imbot_caps_redis::RedisStore;
//!   let store = RedisStore::builder("redis://bots:password@mymaster")
//!       .sentinels(["redis://s1.example:26379", "redis://s2.example:26379"])
//!       .open();
//!   # }
//!   ```
//! - Redis Cluster, with the feature `cluster`: the URLs have some of its nodes.
//!
//!   ```no_run
//!   # #[cfg(feature = "cluster")] {
//!   # use imbot_caps_redis::RedisStore;
//!   let store = RedisStore::builder("redis://bots:password@n1.example")
//!       .cluster_nodes(["redis://bots:password@n2.example"])
//!       .open();
//!   # }
//!   ```
//!
//! The feature `tls` is on by default: URLs may begin with `rediss://`.
//!
//! A user of the server's access control needs these rights, for the prefix `my-bots:`:
//!
//! ```text
//! ACL SETUSER bots on >password ~my-bots:* &my-bots:* +select +ping +get +getrange +set +del +pttl
//!     +eval +evalsha +publish +subscribe
//! ```
//!
//! # What the server keeps
//!
//! | key | value |
//! |---|---|
//! | *prefix* `entry:` *address* | an entry: its version as 16 hexadecimal digits, a colon, the text |
//! | *prefix* `lease:` *address* | the random token of the process that asks this portal at the moment |
//! | *prefix* `news` | a channel: the addresses of entries that were changed |
//!
//! - Writes compare versions in a script on the server. A version is random, so it never comes back, also after
//!   the server was emptied. If the connection breaks before the answer, the call is repeated once, and a repeat
//!   does nothing more.
//! - Each key stands alone. A script touches one key, so entries may be on any server of a cluster.
//! - An entry expires 90 days after its last write ([`RedisStoreBuilder::expiry`]). Entries may also be evicted or
//!   deleted at any time: their portals are asked again.
//! - News goes through plain Pub/Sub, not through its sharded form: entries of all servers have one channel, and a
//!   listener needs one connection. Price: in a cluster each server sends the news to all others. There is news only
//!   when a portal has changed, not when an answer was renewed. After each break of its connection, a listener
//!   reads all entries again.
//! - A record of 255 bytes takes 272 bytes on the wire, and 502 bytes of the server's memory (Redis 7.0).
//! - Keys, entries and messages beyond the limits of [`imbot_caps::store`] are neither written nor read. A value
//!   that this crate has not written, or a key of another type, counts as a damaged entry: readers skip it, and the
//!   next writer replaces it. Other entries are read as usual.
//! - No secret is stored. Whoever can write to the server decides what the bots believe of the portals' features.
//!
//! # Failures
//!
//! A store can be opened while the server is down: it connects when it is used. Each tokio runtime has a connection
//! of its own, at most 64 in all, and each listener has one. After a break the next call connects again. There is no
//! limit of time for a call: the registry has one, and goes on without the store. If a call is dropped before
//! its answer, the connection is perhaps dead. If it then gives no answer for a second, the next call makes a new one.
//!
//! Redis replicates asynchronously. If a master dies, its last writes may be lost: their portals are asked again,
//! and two processes may hold one lease until it expires.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod connections;
mod entry;
mod error;
mod feed;
mod script;
#[cfg(feature = "sentinel")]
mod sentinels;
mod servers;
mod store;

pub use builder::{OpenError, RedisStoreBuilder};
pub use store::RedisStore;

/// The README's example, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
