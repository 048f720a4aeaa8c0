//! The clock stands and is moved by hand; the source answers when it is told to.

use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::*;
use imbot_caps_emulator::Emulator;

struct Scripted {
    asked: watch::Sender<Vec<Option<String>>>,
    answers: Mutex<UnboundedReceiver<Result<&'static str, TokenError>>>,
}

impl TokenSource for Scripted {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        self.asked
            .send_modify(|asked| asked.push(expired.map(|token| token.expose().to_owned())));
        Box::pin(async {
            // No lock is kept: a question that hangs must not hold another up.
            let answer = poll_fn(|context| self.answers.lock().unwrap().poll_recv(context));
            match answer.await {
                Some(Ok("panic")) => panic!("a mistake of the source"),
                Some(answer) => answer.map(AccessToken::new),
                None => pending().await,
            }
        })
    }
}

struct Stage {
    source: Arc<Scripted>,
    shared: Arc<SharedSource>,
    answers: UnboundedSender<Result<&'static str, TokenError>>,
    clock: imbot_caps_emulator::Clock,
}

impl Stage {
    async fn new() -> Self {
        let clock = Emulator::start().await.unwrap().clock();
        clock.stop();
        let (answers, told) = mpsc::unbounded_channel();
        let source = Arc::new(Scripted {
            asked: watch::Sender::default(),
            answers: Mutex::new(told),
        });
        Self {
            shared: SharedSource::new(Arc::clone(&source)),
            source,
            answers,
            clock,
        }
    }

    fn answer(&self, token: &'static str) {
        self.answers.send(Ok(token)).unwrap();
    }

    fn fail(&self, error: &TokenError) {
        self.answers.send(Err(error.clone())).unwrap();
    }

    /// Somebody who wants a token, in a task of its own.
    fn caller(&self, expired: Option<&'static str>) -> JoinHandle<Result<String, TokenError>> {
        let (shared, clock) = (Arc::clone(&self.shared), self.clock.clone());
        tokio::spawn(async move {
            let expired = expired.map(AccessToken::new);
            let token = shared.token(expired.as_ref(), &clock).await?;
            Ok(token.expose().to_owned())
        })
    }

    async fn ask(&self, expired: Option<&'static str>) -> Result<String, TokenError> {
        self.caller(expired).await.unwrap()
    }

    /// Waits until the source was asked so often.
    async fn asked(&self, times: usize) {
        let mut asked = self.source.asked.subscribe();
        asked.wait_for(|asked| asked.len() >= times).await.unwrap();
    }

    fn questions(&self) -> Vec<Option<String>> {
        self.source.asked.borrow().clone()
    }

    fn times(&self) -> usize {
        self.source.asked.borrow().len()
    }
}

fn passing() -> TokenError {
    TokenError::transient("no network")
}

#[tokio::test]
async fn thousand_callers_share_one_refresh() {
    let stage = Stage::new().await;
    let callers: Vec<_> = (0..1000).map(|_| stage.caller(Some("first"))).collect();
    stage.asked(1).await;
    stage.answer("second");
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap(), "second");
    }
    // Who comes later with the same token is given the newer one.
    assert_eq!(stage.ask(Some("first")).await.unwrap(), "second");
    assert_eq!(stage.questions(), [Some("first".to_owned())]);
    stage.answer("third");
    assert_eq!(stage.ask(Some("second")).await.unwrap(), "third");
    assert_eq!(stage.times(), 2);
}

#[tokio::test]
async fn token_request_joins_running_refresh() {
    let stage = Stage::new().await;
    let refresh = stage.caller(Some("first"));
    stage.asked(1).await;
    let any = stage.caller(None);
    tokio::task::yield_now().await;
    stage.answer("second");
    assert_eq!(refresh.await.unwrap().unwrap(), "second");
    assert_eq!(any.await.unwrap().unwrap(), "second");
    assert_eq!(stage.times(), 1);
    // With nothing under way the source is asked: its owner may have other tokens.
    stage.answer("installed anew");
    assert_eq!(stage.ask(None).await.unwrap(), "installed anew");
}

#[tokio::test]
async fn caller_never_gets_known_expired_token() {
    let stage = Stage::new().await;
    let any = stage.caller(None);
    stage.asked(1).await;
    let refresh = stage.caller(Some("first"));
    tokio::task::yield_now().await;
    stage.answer("first");
    assert_eq!(any.await.unwrap().unwrap(), "first");
    stage.answer("second");
    assert_eq!(refresh.await.unwrap().unwrap(), "second");
    assert_eq!(stage.questions(), [None, Some("first".to_owned())]);
}

#[tokio::test]
async fn permanent_failure_is_not_retried() {
    let stage = Stage::new().await;
    let refused = TokenError::new("revoked");
    let callers: Vec<_> = (0..100).map(|_| stage.caller(Some("first"))).collect();
    stage.asked(1).await;
    stage.fail(&refused);
    for caller in callers {
        assert_eq!(caller.await.unwrap(), Err(refused.clone()));
    }
    stage.clock.advance(Duration::from_secs(1_000_000));
    assert_eq!(stage.ask(Some("first")).await, Err(refused.clone()));
    // Whether the source still has that token, or none, is no other token.
    stage.answer("first");
    assert_eq!(stage.ask(None).await.unwrap(), "first");
    stage.fail(&TokenError::new("none"));
    assert!(stage.ask(None).await.is_err());
    stage.fail(&passing());
    assert!(stage.ask(None).await.is_err());
    assert_eq!(stage.ask(Some("first")).await, Err(refused));
    assert_eq!(stage.times(), 4);
    // Another is.
    stage.clock.advance(Pause::FIRST);
    stage.answer("installed anew");
    assert_eq!(stage.ask(None).await.unwrap(), "installed anew");
    assert_eq!(stage.ask(Some("first")).await.unwrap(), "installed anew");
    stage.answer("and renewed");
    assert_eq!(stage.ask(Some("installed anew")).await.unwrap(), "and renewed");
    assert_eq!(stage.times(), 6);
}

#[tokio::test]
async fn transient_failure_retries_after_growing_pause() {
    let stage = Stage::new().await;
    let just_less = |pause| pause - Duration::from_millis(1);
    for (nth, pause) in [5, 10, 20, 40, 80, 160, 320, 600, 600].into_iter().enumerate() {
        stage.fail(&passing());
        assert_eq!(stage.ask(Some("first")).await, Err(passing()));
        let pause = Duration::from_secs(pause);
        stage.clock.advance(just_less(pause));
        assert_eq!(stage.ask(Some("first")).await, Err(passing()));
        assert_eq!(
            stage.ask(None).await,
            Err(passing()),
            "it is the source that fails"
        );
        assert_eq!(stage.times(), nth + 1, "after {pause:?}");
        stage.clock.advance(Duration::from_millis(1));
    }
    stage.answer("second");
    assert_eq!(stage.ask(Some("first")).await.unwrap(), "second");
    // One success, and pauses begin anew.
    stage.fail(&passing());
    assert!(stage.ask(Some("second")).await.is_err());
    stage.clock.advance(Pause::FIRST);
    stage.answer("third");
    assert_eq!(stage.ask(Some("second")).await.unwrap(), "third");
}

#[tokio::test]
async fn clock_set_back_ends_pause() {
    let stage = Stage::new().await;
    stage.fail(&passing());
    assert!(stage.ask(Some("first")).await.is_err());
    stage.clock.set(stage.clock.now() - Duration::from_secs(86_400));
    stage.answer("second");
    assert_eq!(stage.ask(Some("first")).await.unwrap(), "second");
}

#[tokio::test]
async fn abandoned_failure_pauses_from_request() {
    let stage = Stage::new().await;
    let caller = stage.caller(Some("first"));
    stage.asked(1).await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    stage.fail(&passing());
    while stage.shared.state.with(|state| state.pause.is_none()) {
        tokio::task::yield_now().await;
    }
    stage.clock.advance(Pause::FIRST - Duration::from_millis(1));
    assert_eq!(stage.ask(Some("first")).await, Err(passing()));
    assert_eq!(stage.times(), 1);
    stage.clock.advance(Duration::from_millis(1));
    stage.answer("second");
    assert_eq!(stage.ask(Some("first")).await.unwrap(), "second");
}

#[tokio::test]
async fn awaited_failure_pauses_from_completion() {
    let stage = Stage::new().await;
    let waits = stage.caller(Some("first"));
    stage.asked(1).await;
    // As long as the question takes is no part of the pause.
    stage.clock.advance(PATIENCE / 2);
    stage.fail(&passing());
    assert_eq!(waits.await.unwrap(), Err(passing()));
    stage.clock.advance(Pause::FIRST - Duration::from_millis(1));
    assert_eq!(stage.ask(Some("first")).await, Err(passing()));
    assert_eq!(stage.times(), 1);
    stage.clock.advance(Duration::from_millis(1));
    stage.answer("second");
    assert_eq!(stage.ask(Some("first")).await.unwrap(), "second");
}

#[tokio::test]
async fn refresh_survives_cancelled_callers() {
    let stage = Stage::new().await;
    let first = stage.caller(Some("first"));
    stage.asked(1).await;
    let second = stage.caller(Some("first"));
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    stage.answer("second");
    assert_eq!(second.await.unwrap().unwrap(), "second");

    // And all may: the refresh is finished for who comes next.
    let only = stage.caller(Some("second"));
    stage.asked(2).await;
    only.abort();
    assert!(only.await.unwrap_err().is_cancelled());
    stage.answer("third");
    assert_eq!(stage.ask(Some("second")).await.unwrap(), "third");
    assert_eq!(stage.times(), 2);
}

#[tokio::test]
async fn source_panic_is_transient_error() {
    let stage = Stage::new().await;
    stage.answer("panic");
    let callers: Vec<_> = (0..10).map(|_| stage.caller(Some("first"))).collect();
    for caller in callers {
        let error = caller.await.unwrap().unwrap_err();
        assert!(
            error.is_transient() && error.to_string().contains("panicked"),
            "{error}"
        );
    }
    assert_eq!(stage.times(), 1);
    stage.clock.advance(Pause::FIRST);
    stage.answer("second");
    assert_eq!(stage.ask(Some("first")).await.unwrap(), "second");
}

#[tokio::test]
async fn runtime_shutdown_restarts_refresh() {
    let stage = Stage::new().await;
    let (shared, clock) = (Arc::clone(&stage.shared), stage.clock.clone());
    let other = runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    other.spawn(async move { shared.token(Some(&AccessToken::new("first")), &clock).await });
    stage.asked(1).await;
    let waits = stage.caller(Some("first"));
    tokio::task::yield_now().await;
    other.shutdown_background();
    stage.asked(2).await;
    stage.answer("second");
    assert_eq!(waits.await.unwrap().unwrap(), "second");
}

#[tokio::test]
async fn hanging_refresh_restarts_after_minute() {
    let stage = Stage::new().await;
    // On a runtime that nobody drives from here on.
    let still = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (shared, clock) = (Arc::clone(&stage.shared), stage.clock.clone());
    still.spawn(async move { shared.token(Some(&AccessToken::new("first")), &clock).await });
    std::thread::scope(|scope| {
        scope.spawn(|| still.block_on(stage.asked(1)));
    });
    let waits = stage.caller(Some("first"));
    tokio::task::yield_now().await;
    assert_eq!(stage.times(), 1);
    stage.clock.advance(PATIENCE);
    let comes = stage.caller(Some("first"));
    stage.asked(2).await;
    stage.answer("second");
    assert_eq!(waits.await.unwrap().unwrap(), "second");
    assert_eq!(comes.await.unwrap().unwrap(), "second");
    assert_eq!(stage.times(), 2);
    still.shutdown_background();
}

#[tokio::test]
async fn returned_expired_token_is_error() {
    let stage = Stage::new().await;
    stage.answer("first");
    let error = stage.ask(Some("first")).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert_eq!(stage.ask(Some("first")).await, Err(error));
    assert_eq!(stage.times(), 1);
}

#[tokio::test]
async fn token_in_error_is_redacted() {
    let stage = Stage::new().await;
    stage.answer("n3westtoken");
    assert!(stage.ask(None).await.is_ok());
    stage.fail(&TokenError::new("neither n3westtoken nor another"));
    let error = stage.ask(Some("n3westtoken")).await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("no access token: neither … nor another;"),
        "{text}"
    );
}

#[test]
fn missing_runtime_is_an_error() {
    let runtime = runtime::Runtime::new().unwrap();
    let stage = runtime.block_on(Stage::new());
    let mut token = pin!(stage.shared.token(None, &stage.clock));
    match token.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(error)) => assert!(error.is_transient() && error.to_string().contains("runtime")),
        other => panic!("{other:?}"),
    }
}
