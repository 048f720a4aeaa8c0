//! Runs the program, and serves portals.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};

/// A program that has ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// A run of the program. Its environment is empty but for what a test gives it.
pub struct Run<'a> {
    arguments: Vec<&'a OsStr>,
    stdin: &'a str,
    variables: Vec<(&'a str, &'a str)>,
}

/// The program with these arguments, separated by spaces.
pub fn run(arguments: &str) -> Run<'_> {
    Run {
        arguments: arguments.split_whitespace().map(OsStr::new).collect(),
        stdin: "",
        variables: Vec::new(),
    }
}

impl<'a> Run<'a> {
    pub fn file(mut self, path: &'a Path) -> Self {
        self.arguments.push(path.as_os_str());
        self
    }

    pub fn stdin(mut self, text: &'a str) -> Self {
        self.stdin = text;
        self
    }

    pub fn variable(mut self, name: &'a str, value: &'a str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// Starts it, with pipes for its streams.
    pub fn start(self) -> Child {
        let mut child = Command::new(env!("CARGO_BIN_EXE_imbot-caps"))
            .args(self.arguments)
            .env_clear()
            .envs(self.variables)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that reads nothing may have ended.
        let _ = child.stdin.take().unwrap().write_all(self.stdin.as_bytes());
        child
    }

    pub fn end(self) -> Ended {
        let output = self.start().wait_with_output().unwrap();
        Ended {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ended {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A portal of a build. It serves on a thread of its own until the tests end.
pub fn portal(build: Build) -> EmulatedPortal {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            send.send(Emulator::start_single(build).await.unwrap()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    receive.recv().unwrap()
}

/// A file of this package.
pub fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Whether a tool is there. If not, the test is skipped, which is a failure in CI.
pub fn has_tool(name: &str) -> bool {
    let found = Command::new(name)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let has = found.is_ok_and(|status| status.success());
    if !has {
        let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!is_ci, "{name} is missing");
        eprintln!("skipped: {name} is missing");
    }
    has
}
