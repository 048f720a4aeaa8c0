//! Work that takes long, off the workers of the runtime: other tasks go on meanwhile.

use std::future::pending;
use std::panic::resume_unwind;

use serde_json::{Map, Value};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::{Span, dispatcher};

use crate::transport::Room;
use crate::wire::{Call, Reply, budget};

/// A longer text, in bytes, is read off the workers. A shorter one is read in about a
/// millisecond. To hand it over would cost as much at worst.
const LONG: usize = 256 * 1024;

/// So is a text with more JSON values. Each may be an error whose texts are searched for secrets.
const MANY: usize = 2 * 1024;

/// So is what is nested deeper. A portal's JSON is not: serde reads 128 levels.
const DEEPEST: usize = 128;

/// Whether reading a text takes long.
pub(crate) fn is_long(text: &[u8]) -> bool {
    text.len() > LONG || !budget::is_within(text, MANY)
}

/// The same of a query or a form, in which each field is a value.
pub(crate) fn is_long_form(text: &[u8]) -> bool {
    !Measure::default().takes_text(text)
}

/// Whether work with the parameters of a call takes long.
pub(crate) fn is_long_call(call: &Call) -> bool {
    is_long_of([call])
}

/// The same of several calls together.
pub(crate) fn is_long_of<'c>(calls: impl IntoIterator<Item = &'c Call>) -> bool {
    let mut measure = Measure::default();
    let mut calls = calls.into_iter();
    !calls.all(|call| measure.takes_members(call.params(), DEEPEST))
}

/// Whether work with the result of a call takes long. What is kept of an error is short.
pub(crate) fn is_long_reply(reply: &Reply) -> bool {
    matches!(reply, Reply::Result(result) if is_long_value(result))
}

/// Whether work with a value takes long.
pub(crate) fn is_long_value(value: &Value) -> bool {
    !Measure::default().takes(value, DEEPEST)
}

/// Measures values, and no more of them than are short work.
struct Measure {
    bytes: usize,
    values: usize,
}

impl Default for Measure {
    fn default() -> Self {
        Self {
            bytes: LONG,
            values: MANY,
        }
    }
}

impl Measure {
    /// Whether it is short work with this value, too, nested so deep at most.
    fn takes(&mut self, value: &Value, depth: usize) -> bool {
        match (value, depth.checked_sub(1)) {
            (Value::String(text), _) => self.takes_text(text.as_bytes()),
            (Value::Array(items), Some(depth)) => {
                self.takes_more(0, 1) && items.iter().all(|item| self.takes(item, depth))
            }
            (Value::Object(members), Some(depth)) => self.takes_members(members, depth),
            (Value::Array(_) | Value::Object(_), None) => false,
            _ => self.takes_more(0, 1),
        }
    }

    fn takes_members(&mut self, members: &Map<String, Value>, depth: usize) -> bool {
        let mut members = members.iter();
        self.takes_more(0, 1)
            && members.all(|(name, value)| self.takes_more(name.len(), 1) && self.takes(value, depth))
    }

    /// A text may be JSON, or a command of a batch. So each sign that parts values there counts,
    /// in the percent form, too.
    fn takes_text(&mut self, text: &[u8]) -> bool {
        let signs = (0..text.len()).filter(|at| is_sign(text.get(*at..).unwrap_or_default()));
        self.takes_more(text.len(), 1) && self.takes_more(0, signs.count())
    }

    fn takes_more(&mut self, bytes: usize, values: usize) -> bool {
        let left = self.bytes.checked_sub(bytes).zip(self.values.checked_sub(values));
        let is_within = left.is_some();
        (self.bytes, self.values) = left.unwrap_or_default();
        is_within
    }
}

/// Whether a text begins with a sign that parts values.
fn is_sign(text: &[u8]) -> bool {
    match text {
        [b'&' | b',' | b':' | b'[' | b'{', ..] => true,
        // The last is the sign of percent itself: what is written twice so.
        [b'%', first, second, ..] => matches!(
            (first, second.to_ascii_uppercase()),
            (b'2', b'6' | b'C' | b'5') | (b'3', b'A') | (b'5' | b'7', b'B')
        ),
        _ => false,
    }
}

/// Does the work. If it takes long, then on one of the runtime's threads for blocking work;
/// outside of a tokio runtime, and if the runtime was shut down before, on this thread.
///
/// Work that has begun goes on when the future is dropped, and nobody sees its result.
pub(crate) async fn run_if<W, T>(is_long: bool, work: W) -> T
where
    W: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    match Handle::try_current() {
        Ok(runtime) if is_long => run(&runtime, work).await,
        _ => work(),
    }
}

/// The same for work on a reply. It holds the reply's room until the work is done and its result
/// was taken or dropped.
pub(crate) async fn run_in<T: Send + 'static>(
    room: Room,
    is_long: bool,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    // The result is dropped before the room.
    let (done, _room) = run_if(is_long, move || (work(), room)).await;
    done
}

async fn run<W, T>(runtime: &Handle, work: W) -> T
where
    W: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let mut task = Task(Some((work, sender)));
    // What is logged belongs to where the work comes from.
    let (span, dispatch) = (Span::current(), dispatcher::get_default(Clone::clone));
    let running = runtime.spawn_blocking(move || {
        dispatcher::with_default(&dispatch, || span.in_scope(|| task.run()));
    });
    match receiver.await {
        Ok(Came::Done(done)) => done,
        Ok(Came::NotRun(work)) => work(),
        // It has panicked, and does so where it would have without a thread of its own.
        Err(_) => match running.await.map_err(tokio::task::JoinError::try_into_panic) {
            Err(Ok(panic)) => resume_unwind(panic),
            _ => pending().await,
        },
    }
}

/// What came of work.
enum Came<W, T> {
    Done(T),
    /// The runtime was shut down before.
    NotRun(W),
}

/// Work that is done once, or given back.
struct Task<W: FnOnce() -> T, T>(Option<(W, oneshot::Sender<Came<W, T>>)>);

impl<W: FnOnce() -> T, T> Task<W, T> {
    fn run(&mut self) {
        if let Some((work, sender)) = self.0.take() {
            // Whoever has left does not see it.
            let _ = sender.send(Came::Done(work()));
        }
    }
}

impl<W: FnOnce() -> T, T> Drop for Task<W, T> {
    fn drop(&mut self) {
        if let Some((work, sender)) = self.0.take() {
            let _ = sender.send(Came::NotRun(work));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn much_of_anything_is_long() {
        let many = MANY - 10;
        for (value, is_long) in [
            (json!("x".repeat(LONG - 1)), false),
            (json!("x".repeat(LONG + 1)), true),
            (json!({"x".repeat(LONG + 1): 1}), true),
            (json!(vec![0; many]), false),
            (json!(vec![0; MANY]), true),
            (json!(vec!["x".repeat(200); many]), true),
            // Of a text that is JSON or a command, its values count.
            (json!(format!("[{}0]", "0,".repeat(MANY))), true),
            (json!(format!("method?{}", "a=1&".repeat(MANY))), true),
            (
                json!(format!("method?a={}", "%5b%257B".repeat(MANY / 2 + 1))),
                true,
            ),
            (json!("%D0%9F".repeat(MANY)), false),
            (json!({"a": {"b": vec![vec![1]; many / 2]}}), false),
        ] {
            assert_eq!(is_long_value(&value), is_long, "{:.40}", value.to_string());
            let call = Call::new("profile").with("a", value);
            assert_eq!(is_long_call(&call), is_long);
        }
        let deep = (0..100_000).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
        assert!(is_long_value(&deep));
        // It is dropped level by level, since serde's own drop needs the stack.
        let mut rest = deep;
        while let Value::Array(mut items) = rest {
            rest = items.pop().unwrap_or_default();
        }
    }

    #[tokio::test]
    #[should_panic(expected = "as before")]
    async fn panics_go_on() {
        run_if(true, || panic!("as before")).await;
    }

    #[test]
    fn work_is_done_without_the_runtime() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let entered = runtime.handle().clone();
        runtime.shutdown_background();
        let _guard = entered.enter();
        let mut work = std::pin::pin!(run_if(true, || 7));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert_eq!(work.as_mut().poll(&mut context), std::task::Poll::Ready(7));
    }
}
