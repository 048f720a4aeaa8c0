//! The engine of the store: how it is started, opened, and made to fail.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use imbot_caps::store::Store;
use imbot_caps_redis::RedisStore;
use imbot_caps_sqlite::SqliteStore;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::Result;
use crate::options::Engine;

/// Opens the store of a process.
pub fn open(engine: Engine, place: &str) -> Result<Option<Arc<dyn Store>>> {
    Ok(match engine {
        Engine::None | Engine::Memory => None,
        Engine::Sqlite => Some(Arc::new(SqliteStore::open(place)?)),
        Engine::Redis => Some(Arc::new(RedisStore::open(place)?)),
    })
}

/// The engine, as long as the fleet runs.
pub enum Running {
    Nothing,
    Sqlite {
        folder: TempDir,
        lock: Option<Connection>,
    },
    Redis {
        port: u16,
        server: Option<Server>,
    },
}

impl Running {
    pub fn start(engine: Engine) -> Result<Self> {
        Ok(match engine {
            Engine::None | Engine::Memory => Running::Nothing,
            Engine::Sqlite => Running::Sqlite {
                folder: TempDir::new()?,
                lock: None,
            },
            Engine::Redis => {
                let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
                let server = Some(Server::start(port)?);
                Running::Redis { port, server }
            }
        })
    }

    /// The file or the address.
    pub fn place(&self) -> String {
        match self {
            Running::Nothing => String::new(),
            Running::Sqlite { folder, .. } => file(folder).display().to_string(),
            Running::Redis { port, .. } => format!("redis://127.0.0.1:{port}"),
        }
    }

    /// The store fails from now on. Redis is killed. The file of SQLite is locked, as another program may do, so
    /// that it takes no writes: a process that has the file open keeps its rights, whatever its mode is now.
    pub fn fail(&mut self) -> Result<()> {
        match self {
            Running::Nothing => {}
            Running::Sqlite { folder, lock } => {
                let connection = Connection::open(file(folder))?;
                connection.busy_timeout(std::time::Duration::from_secs(10))?;
                connection.execute_batch("BEGIN IMMEDIATE")?;
                *lock = Some(connection);
            }
            Running::Redis { server, .. } => drop(server.take()),
        }
        Ok(())
    }

    /// The store is back. Redis has lost its contents.
    pub fn recover(&mut self) -> Result<()> {
        match self {
            Running::Nothing => {}
            Running::Sqlite { lock, .. } => drop(lock.take()),
            Running::Redis { port, server } => *server = Some(Server::start(*port)?),
        }
        Ok(())
    }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("portals.sqlite")
}

/// A server of Redis or Valkey on loopback. It is killed when it is dropped.
pub struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    fn start(port: u16) -> Result<Self> {
        for program in ["redis-server", "valkey-server"] {
            let started = Command::new(program)
                .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
                .args(["--save", "", "--appendonly", "no"])
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .spawn();
            let mut process = match started {
                Ok(process) => process,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error.into()),
            };
            let log = process.stdout.take();
            let server = Self(process);
            let mut lines = BufReader::new(log.ok_or("the server has no log")?).lines();
            let is_ready = |line: &str| line.contains("Ready to accept connections");
            if !lines.any(|line| line.is_ok_and(|line| is_ready(&line))) {
                return Err(format!("{program} did not start on port {port}").into());
            }
            // A server whose log nobody reads would stop.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(server);
        }
        Err("there is no redis-server and no valkey-server: install one of them".into())
    }
}
