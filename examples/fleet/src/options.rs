//! The arguments of the program.

use std::time::Duration;

use crate::Result;

pub const USAGE: &str = "\
Usage: fleet [options]
  --store none|memory|sqlite|redis   what the processes share; sqlite by default. With `memory`, registries of
                                     one process take the place of processes
  --processes N                      8 by default
  --portals N                        5000 by default
  --lifetime SECONDS                 how long an answer is good; 2 by default
  --seconds SECONDS                  how long requests are counted; 60 by default
  --outage SECONDS                   how long the store fails in the middle; 0 by default
  --store-timeout SECONDS            how long a call may wait for the store; 0.1 by default. On a busy machine, a
                                     process may get no answer in that time, and then asks by itself";

/// What the processes share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    None,
    Memory,
    Sqlite,
    Redis,
}

impl Engine {
    const ALL: [(&str, Engine); 4] = [
        ("none", Engine::None),
        ("memory", Engine::Memory),
        ("sqlite", Engine::Sqlite),
        ("redis", Engine::Redis),
    ];

    pub fn parse(word: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(own, _)| *own == word);
        let (_, engine) = found.ok_or_else(|| format!("there is no store `{word}`"))?;
        Ok(*engine)
    }

    pub fn as_str(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, own)| *own == self);
        found.map_or("none", |(word, _)| word)
    }
}

#[derive(Debug)]
pub struct Options {
    pub engine: Engine,
    pub processes: usize,
    pub portals: usize,
    pub lifetime: Duration,
    pub time: Duration,
    pub outage: Duration,
    pub store_timeout: Duration,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self {
            engine: Engine::Sqlite,
            processes: 8,
            portals: 5_000,
            lifetime: Duration::from_secs(2),
            time: Duration::from_secs(60),
            outage: Duration::ZERO,
            store_timeout: Duration::from_millis(100),
        };
        let mut rest = arguments.iter();
        while let Some(name) = rest.next() {
            let value = rest.next().ok_or_else(|| format!("`{name}` needs a value"))?;
            let number = || match value.parse::<usize>() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(format!("`{name}` needs a number above 0")),
            };
            let seconds = || match value.parse::<f64>().map(Duration::try_from_secs_f64) {
                Ok(Ok(time)) => Ok(time),
                _ => Err(format!("`{name}` needs a number of seconds")),
            };
            match name.as_str() {
                "--store" => options.engine = Engine::parse(value)?,
                "--processes" => options.processes = number()?,
                "--portals" => options.portals = number()?,
                "--lifetime" => options.lifetime = seconds()?,
                "--seconds" => options.time = seconds()?,
                "--outage" => options.outage = seconds()?,
                "--store-timeout" => options.store_timeout = seconds()?,
                _ => return Err(format!("there is no option `{name}`").into()),
            }
        }
        if options.lifetime < Duration::from_secs(1) {
            return Err("`--lifetime` needs at least a second".into());
        }
        if !options.outage.is_zero() && matches!(options.engine, Engine::None | Engine::Memory) {
            return Err("only `sqlite` and `redis` can have an `--outage`".into());
        }
        Ok(options)
    }
}
