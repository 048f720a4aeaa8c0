//! What a test expects to have come in.

use std::fmt;

use serde_json::Value as Json;

use super::EmulatedPortal;
use super::record::Recorded;
use super::redact;

impl EmulatedPortal {
    /// The calls of this method, in exactly this spelling, to be counted.
    ///
    /// ```no_run
    /// # fn check(portal: &imbot_caps_emulator::EmulatedPortal) {
    /// portal.expect("imbot.v2.Revision.get").times(1);
    /// portal.expect("imbot.v2.Chat.Message.send").with("/fields/system", "Y").at_least(1);
    /// portal.expect("imbot.register").never();
    /// # }
    /// ```
    ///
    /// Commands inside a batch are not counted, unless that is
    /// [asked for](Expectation::in_batches_too).
    pub fn expect(&self, method: &str) -> Expectation {
        Expectation::new(method, self.requests())
    }
}

/// The calls of one method among those that came in, to be counted.
///
/// Looks at what has come in when it is made: expect after the calls. Prints as
/// what was wanted and what came instead, without credentials.
#[derive(Clone)]
#[must_use = "expects nothing until it is told how many"]
pub struct Expectation {
    method: String,
    with: Vec<(String, Json)>,
    in_batches_too: bool,
    received: Vec<Recorded>,
}

impl Expectation {
    pub(super) fn new(method: &str, received: Vec<Recorded>) -> Self {
        Self {
            method: method.to_owned(),
            with: Vec::new(),
            in_batches_too: false,
            received,
        }
    }

    /// Only those with this value at this JSON pointer into their parameters,
    /// such as `/fields/message`.
    pub fn with(mut self, pointer: &str, value: impl Into<Json>) -> Self {
        self.with.push((pointer.to_owned(), value.into()));
        self
    }

    /// Those inside batches as well, each command as a call of its own: whether it
    /// was run or not. All its values are text, and references stand as sent.
    pub fn in_batches_too(mut self) -> Self {
        self.in_batches_too = true;
        self
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        let fits = |method: &str, params: &Json| {
            let has = |(pointer, value): &(String, Json)| params.pointer(pointer) == Some(value);
            method == self.method && self.with.iter().all(has)
        };
        let count = |request: &Recorded| {
            let commands = match self.in_batches_too {
                true => request.commands(),
                false => Vec::new(),
            };
            let inside = commands.iter().filter(|(method, params)| fits(method, params));
            usize::from(fits(&request.method, &request.params)) + inside.count()
        };
        self.received.iter().map(count).sum()
    }

    /// There are exactly so many.
    ///
    /// # Panics
    ///
    /// When there are more or fewer; the message lists what came instead.
    #[track_caller]
    pub fn times(self, times: usize) {
        let count = self.count();
        assert!(count == times, "expected {times} of {self}");
    }

    /// There are so many or more.
    ///
    /// # Panics
    ///
    /// When there are fewer; the message lists what came instead.
    #[track_caller]
    pub fn at_least(self, times: usize) {
        let count = self.count();
        assert!(count >= times, "expected {times} or more of {self}");
    }

    /// There is none.
    ///
    /// # Panics
    ///
    /// When there is one; the message lists what came.
    #[track_caller]
    pub fn never(self) {
        self.times(0);
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.method)?;
        for (pointer, value) in &self.with {
            write!(f, " with {pointer} = {}", redact::param(pointer, value))?;
        }
        if self.in_batches_too {
            f.write_str(", in batches too")?;
        }
        write!(f, ", and there are {}; what came:", self.count())?;
        for request in &self.received {
            write!(f, "\n  {request}")?;
        }
        if self.received.is_empty() {
            f.write_str(" nothing")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expectation({self})")
    }
}
