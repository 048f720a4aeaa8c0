//! A portal behind its address: from a request to an answer.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::Method;

use super::build::Build;
use super::clock::Clock;
use super::credential::OauthToken;
use super::delivery;
use super::dispatch;
use super::envelope::{self, RestError, Stopwatch};
use super::fault::{Cut, Faults};
use super::limit::{Bucket, RateLimit, Spent};
use super::methods::file;
use super::php::Value;
use super::record::{Journal, Recorded};
use super::reply::Reply;
use super::request::{Request, Route};
use super::state::{Identity, State};
use super::strict::Strict;

/// A portal's clock, and its state, journal, faults, limit and strictness, each behind its own lock. No
/// lock is held across an await, and while the state is locked, only the faults
/// may be as well.
pub(super) struct Portal {
    clock: Clock,
    state: Mutex<State>,
    journal: Mutex<Journal>,
    faults: Mutex<Faults>,
    bucket: Mutex<Option<Bucket>>,
    strict: Mutex<Option<Strict>>,
    deliveries: delivery::Queue,
}

impl Portal {
    pub(super) fn new(build: Build, clock: Clock) -> Self {
        let build = build.by_clock(clock.clone());
        Self {
            clock,
            state: Mutex::new(State::new(build)),
            journal: Mutex::default(),
            faults: Mutex::default(),
            bucket: Mutex::default(),
            strict: Mutex::default(),
            deliveries: delivery::Queue::default(),
        }
    }

    /// Where it stands, which it learns once it is there.
    pub(super) fn set_identity(&self, identity: Identity) {
        self.state().identity = identity;
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(super) fn set_build(&self, build: Build) {
        self.state().build = build.by_clock(self.clock.clone());
    }

    pub(super) fn add_token(&self, token: OauthToken) {
        let now = self.clock.since_epoch();
        self.state().credentials.add_token(token, now);
    }

    pub(super) fn limit_rate(&self, limit: Option<RateLimit>) {
        let now = self.clock.since_epoch();
        *lock(&self.bucket) = limit.map(|limit| Bucket::new(limit, now));
    }

    /// Whether the front of the cloud lets one more request through; on premise
    /// there is none.
    fn admits(&self) -> bool {
        let now = self.clock.since_epoch();
        let on_premise = self.state().build.is_on_premise();
        on_premise || lock(&self.bucket).as_mut().is_none_or(|bucket| bucket.admit(now))
    }

    pub(super) fn strict(&self) -> MutexGuard<'_, Option<Strict>> {
        lock(&self.strict)
    }

    /// Writes a request down, and in strict mode looks at what it relies on.
    fn record(&self, request: Recorded) {
        let request = self.journal().add(request);
        let build = self.state().build.clone();
        if let Some(strict) = self.strict().as_mut() {
            strict.look_at(&build, &request);
        }
    }

    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// Answers a request.
    ///
    /// `path` is what stands after the portal's own prefix, without the query.
    ///
    /// # Errors
    ///
    /// When the connection is to end without an answer.
    pub(super) async fn answer(&self, path: &str, request: &Request) -> Result<Reply, Cut> {
        let route = path.strip_prefix("/rest/").map(Route::parse);
        let is_preflight = request.verb == Method::OPTIONS && route.is_some();
        // A browser's question before a call is no call.
        let method = match &route {
            Some(route) if !is_preflight => route.method_name(),
            _ => "",
        };
        self.record(Recorded::of(request, method));
        let error = |code: &str, status: Option<u16>| {
            let error = RestError::known(code);
            let status = status.unwrap_or_else(|| error.status(self.state().build.error_statuses()));
            Reply::json(status, &error.to_json()).for_any_origin()
        };
        if !self.admits() {
            return Ok(error("QUERY_LIMIT_EXCEEDED", None));
        }
        let arrived = self.clock.since_epoch();
        let (waits, effect) = self.faults().take(method);
        for wait in waits {
            wait.pass(&self.clock, arrived).await;
        }
        let run = || match &route {
            Some(_) if is_preflight => Reply::to_preflight(),
            Some(route) if is_download(route) => self.download(request).for_any_origin(),
            Some(route) => self.run(route, request).for_any_origin(),
            None => Reply::html(404),
        };
        let Some(effect) = effect else {
            return Ok(run());
        };
        let success = |result| {
            let in_cloud = !self.state().build.is_on_premise();
            let spent = in_cloud.then(|| Spent::nothing(self.clock.since_epoch()));
            let body = envelope::success(result, None, &Stopwatch::start(&self.clock), spent);
            Reply::json(200, &body).for_any_origin()
        };
        effect.answer(&self.clock, request.uri.path(), run, error, success)
    }

    /// Calls the bots that have an address, in the order of the events.
    pub(super) async fn deliver(&self) {
        let outbox = self.state().take_outbox();
        self.deliveries.push(outbox);
        self.deliveries.drain().await;
    }

    /// The names of the events that were sent to addresses, in order.
    pub(super) fn sent_events(&self) -> Vec<String> {
        self.deliveries.sent()
    }

    /// The content of a file, for who has the token of its link.
    fn download(&self, request: &Request) -> Reply {
        let params = request.params();
        let token = params.get("token").map(Value::to_text).unwrap_or_default();
        let state = self.state();
        match file::content(&state, &token) {
            Ok((name, bytes)) => Reply::file(&name, bytes),
            Err(error) => Reply::json(error.status(state.build.error_statuses()), &error.to_json()),
        }
    }

    fn run(&self, route: &Route, request: &Request) -> Reply {
        let clock = Stopwatch::start(&self.clock);
        let (bearer, params) = (request.bearer(), request.params());
        let mut state = self.state();
        let answer = dispatch::answer(&mut state, &self.faults, route, bearer.as_deref(), params);
        let outbox = state.take_outbox();
        if !outbox.is_empty() {
            // The caller does not wait for the bots that it sets off.
            self.deliveries.push(outbox);
            let deliveries = self.deliveries.clone();
            tokio::spawn(async move { deliveries.drain().await });
        }
        let build = &state.build;
        match answer {
            Ok(answer) => {
                let body = envelope::success(answer.result, answer.page, &clock, answer.spent);
                Reply::json(200, &body)
            }
            Err(error) => Reply::json(error.status(build.error_statuses()), &error.to_json()),
        }
    }
}

/// Whether it is the address that links to files have, which is no method and
/// asks for no credential.
fn is_download(route: &Route) -> bool {
    route.method_name() == "download"
}

/// A test that panicked while it held a lock must not take the portal down.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
