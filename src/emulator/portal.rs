//! A portal behind its address: from a request to an answer.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::header::{HeaderName, HeaderValue};

use super::build::Build;
use super::delivery;
use super::dispatch;
use super::envelope::{self, RestError, Stopwatch};
use super::fault::{Effect, Faults, Spoil};
use super::record::{Journal, Recorded};
use super::reply::Reply;
use super::request::{Request, Route};
use super::state::State;

/// A portal's state, journal and faults, each behind its own lock. No lock is
/// held across an await, nor two at a time.
#[derive(Debug)]
pub(super) struct Portal {
    state: Mutex<State>,
    journal: Mutex<Journal>,
    faults: Mutex<Faults>,
}

impl Portal {
    pub(super) fn new(build: Build) -> Self {
        Self {
            state: Mutex::new(State::new(build)),
            journal: Mutex::default(),
            faults: Mutex::default(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// Answers a request; `None` closes the connection without an answer.
    ///
    /// `path` is what stands after the portal's own prefix, without the query.
    pub(super) async fn answer(&self, path: &str, request: &Request) -> Option<Reply> {
        let route = path.strip_prefix("/rest/").map(Route::parse);
        let method = route.as_ref().map_or("", Route::method_name);
        self.journal().add(recorded(request, method));
        let (gates, effect) = self.faults().take(method);
        for gate in gates {
            gate.pass().await;
        }
        let run = || match &route {
            Some(route) => self.run(route, request),
            None => Reply::html(404),
        };
        match effect {
            None => Some(run()),
            Some(Effect::Replace(reply)) => Some(reply),
            Some(Effect::Error { code, status }) => {
                let error = RestError::known(&code);
                let status = status.unwrap_or_else(|| error.status(self.state().build.error_statuses()));
                Some(Reply::json(status, &error.to_json()))
            }
            Some(Effect::Result(result)) => {
                let on_premise = self.state().build.is_on_premise();
                let body = envelope::success(result, Stopwatch::start(), on_premise);
                Some(Reply::json(200, &body))
            }
            Some(Effect::Spoil(Spoil::ByteOrderMark)) => Some(run().with_byte_order_mark()),
            Some(Effect::Spoil(Spoil::HalfBody)) => Some(run().broken_off()),
            Some(Effect::Spoil(Spoil::Lose)) => {
                run();
                None
            }
            // A hold was passed above, so it is never what is left.
            Some(Effect::HangUp | Effect::Hold(_)) => None,
        }
    }

    /// Calls the bots that have an address, in the order of the events.
    pub(super) async fn deliver(&self) {
        let outbox = self.state().take_outbox();
        for delivery in &outbox {
            delivery::send(delivery).await;
        }
    }

    fn run(&self, route: &Route, request: &Request) -> Reply {
        let clock = Stopwatch::start();
        let (bearer, params) = (request.bearer(), request.params());
        let mut state = self.state();
        let answer = dispatch::answer(&mut state, route, bearer.as_deref(), params);
        let outbox = state.take_outbox();
        if !outbox.is_empty() {
            // The caller does not wait for the bots that it sets off.
            tokio::spawn(async move {
                for delivery in &outbox {
                    delivery::send(delivery).await;
                }
            });
        }
        let build = &state.build;
        match answer {
            Ok(result) => Reply::json(200, &envelope::success(result, clock, build.is_on_premise())),
            Err(error) => Reply::json(error.status(build.error_statuses()), &error.to_json()),
        }
    }
}

fn recorded(request: &Request, method: &str) -> Recorded {
    let header = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    };
    Recorded {
        order: 0,
        verb: request.verb.to_string(),
        path: request.uri.to_string(),
        method: method.to_owned(),
        headers: request.headers.iter().map(header).collect(),
        params: request.sent(),
    }
}

/// A test that panicked while it held a lock must not take the portal down.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
