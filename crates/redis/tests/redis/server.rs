//! Servers on ephemeral ports of loopback. They are killed when they are dropped, also by a panic.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use imbot_caps::store::{Change, Entry, News, NewsFeed, SaveOutcome, Store, Version};
use imbot_caps_redis::RedisStore;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A server, and the lines of its log.
pub(crate) struct Server {
    pub(crate) port: u16,
    process: Child,
    log: UnboundedReceiver<String>,
    /// Its files are removed after it.
    _folder: Arc<TempDir>,
}

/// The program of Redis or Valkey. `None` if this machine has none, which is an error where tests must run.
fn program() -> Option<&'static str> {
    let programs = ["redis-server", "valkey-server"];
    let is_there = |program: &&&str| {
        let version = Command::new(program)
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        version.is_ok_and(|status| status.success())
    };
    let found = programs.iter().find(is_there).copied();
    if found.is_none() {
        let message = format!("none of {programs:?} is in PATH");
        assert!(
            std::env::var_os("CI").is_none(),
            "{message}: install redis-server"
        );
        eprintln!("SKIPPED: {message}");
    }
    found
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

impl Server {
    /// Starts a server with these lines of configuration. `None` if this machine has no server.
    pub(crate) async fn start(config: &[&str]) -> Option<Self> {
        program()?;
        for _ in 0..8 {
            if let Some(server) = Self::start_at(free_port(), config).await {
                return Some(server);
            }
        }
        panic!("no server started with {config:?}");
    }

    /// Starts a server at this port. `None` if it does not start.
    pub(crate) async fn start_at(port: u16, config: &[&str]) -> Option<Self> {
        let listen = format!("port {port}");
        Self::start_in(
            Arc::new(TempDir::new().unwrap()),
            port,
            &[&[listen.as_str()], config].concat(),
            &[],
        )
        .await
    }

    pub(crate) async fn start_in(
        folder: Arc<TempDir>,
        port: u16,
        config: &[&str],
        arguments: &[&str],
    ) -> Option<Self> {
        let file = folder.path().join(format!("{port}.conf"));
        let common = format!("bind 127.0.0.1\ndir {}\n", folder.path().display());
        // A sentinel refuses the settings of persistence.
        let persistence = if arguments.is_empty() {
            "save \"\"\nappendonly no\n"
        } else {
            ""
        };
        std::fs::write(&file, common + persistence + &config.join("\n") + "\n").unwrap();
        let mut process = Command::new(program()?)
            .arg(&file)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (lines, log) = unbounded_channel();
        let output = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                // Nobody reads it at the end of a test.
                let _ = lines.send(line);
            }
        });
        let mut server = Self {
            port,
            process,
            log,
            _folder: folder,
        };
        let ready = if arguments.is_empty() {
            "Ready to accept connections"
        } else {
            "Sentinel ID is"
        };
        server.logs(ready).await.then_some(server)
    }

    /// Waits for this text in the log. False if the server ends before.
    pub(crate) async fn logs(&mut self, text: &str) -> bool {
        while let Some(line) = self.log.recv().await {
            if line.contains(text) {
                return true;
            }
        }
        false
    }

    /// Kills the process, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn store(&self) -> RedisStore {
        RedisStore::open(&self.url()).unwrap()
    }

    /// Sends one command as an operator does.
    pub(crate) async fn send(&self, command: &[&str]) -> redis::Value {
        send(self.port, command).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) async fn send(port: u16, command: &[&str]) -> redis::Value {
    let client = redis::Client::open(format!("redis://127.0.0.1:{port}")).unwrap();
    let config = redis::AsyncConnectionConfig::new()
        .set_connection_timeout(None)
        .set_response_timeout(None);
    let mut connection = client
        .get_multiplexed_async_connection_with_config(&config)
        .await
        .unwrap();
    let mut sent = redis::cmd(command[0]);
    sent.arg(&command[1..]);
    sent.query_async(&mut connection).await.unwrap()
}

/// Fails a test that would wait for ever.
pub(crate) async fn soon<T>(answer: impl Future<Output = T>) -> T {
    let ended = tokio::time::timeout(Duration::from_secs(60), answer).await;
    ended.expect("no answer within a minute")
}

/// The next news.
pub(crate) async fn heard(feed: &mut dyn NewsFeed) -> News {
    soon(feed.next()).await.unwrap()
}

pub(crate) const KEY: &str = "https://a.example";

pub(crate) fn key(nth: usize) -> String {
    format!("https://{nth}.example")
}

/// Writes one entry.
pub(crate) async fn save(
    store: &RedisStore,
    key: &str,
    body: &str,
    based_on: Option<Version>,
) -> SaveOutcome {
    let change = Change::new(key.to_owned(), body.to_owned(), based_on);
    store.save(&[change]).await.unwrap().remove(0)
}

/// Writes an entry that is there in this version, and returns the next version.
pub(crate) async fn put(store: &RedisStore, key: &str, body: &str, based_on: Option<Version>) -> Version {
    match save(store, key, body, based_on).await {
        SaveOutcome::Done(version) => version,
        conflict => panic!("{key} was not saved: {conflict:?}"),
    }
}

/// Reads one entry.
pub(crate) async fn get(store: &RedisStore, key: &str) -> Option<Entry> {
    store.load(&[key.to_owned()]).await.unwrap().remove(0)
}
