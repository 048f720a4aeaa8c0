//! [`Script`]: a few commands that the server runs in one step.

use redis::Cmd;

/// Each script has one key, so each runs in a cluster, too.
pub(crate) struct Script {
    code: &'static str,
    hash: String,
}

/// The key and the arguments of one run.
pub(crate) struct Run {
    pub(crate) key: String,
    pub(crate) arguments: Vec<String>,
}

impl Script {
    pub(crate) fn save() -> Self {
        Self::new(include_str!("save.lua"))
    }

    pub(crate) fn lease() -> Self {
        Self::new(include_str!("lease.lua"))
    }

    pub(crate) fn release() -> Self {
        Self::new(include_str!("release.lua"))
    }

    fn new(code: &'static str) -> Self {
        let hash = redis::Script::new(code).get_hash().to_owned();
        Self { code, hash }
    }

    /// The command for a server that has the script.
    pub(crate) fn by_hash(&self, run: &Run) -> Cmd {
        command("EVALSHA", &self.hash, run)
    }

    /// The command for a server that has it not. From then on the server has it.
    pub(crate) fn by_code(&self, run: &Run) -> Cmd {
        command("EVAL", self.code, run)
    }
}

fn command(name: &str, script: &str, run: &Run) -> Cmd {
    let mut command = redis::cmd(name);
    command.arg(script).arg(1).arg(&run.key).arg(&run.arguments);
    command
}
