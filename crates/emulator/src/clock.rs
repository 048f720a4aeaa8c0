//! The time on emulated portals, which tests can move.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

use imbot_caps::table::Date;

/// The clock of an emulator and of all its portals.
///
/// Runs with the system's clock until it is moved or stopped. Tokens expire by
/// it, limits drain by it, answers are dated by it, slow answers wait for it, and
/// rules that hold from a date hold from that date on it. Clones are handles to
/// the same clock.
///
/// ```no_run
/// use std::time::Duration;
/// # async fn example() -> std::io::Result<()> {
/// # let emulator = imbot_caps_emulator::Emulator::start().await?;
/// let clock = emulator.clock();
/// clock.stop();
/// clock.advance(Duration::from_secs(3600)); // an access token's life
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Clock(Arc<watch::Sender<Hands>>);

#[derive(Clone, Copy)]
struct Hands {
    /// The time, since the Unix epoch, when the clock was last set.
    at: Duration,
    /// When that was; a clock that stands has no such moment.
    running_since: Option<Instant>,
}

impl Hands {
    fn now(self) -> Duration {
        let ran = self.running_since.map(|since| since.elapsed());
        self.at.saturating_add(ran.unwrap_or_default())
    }
}

impl Clock {
    /// A clock that shows the system's time and runs.
    pub(super) fn start() -> Self {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let running_since = Some(Instant::now());
        Self(Arc::new(watch::Sender::new(Hands { at, running_since })))
    }

    /// The time it shows.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        // Beyond what the system can tell, time ends where it began.
        UNIX_EPOCH.checked_add(self.since_epoch()).unwrap_or(UNIX_EPOCH)
    }

    /// From now on it moves by [`advance`](Self::advance) and
    /// [`set`](Self::set) alone.
    pub fn stop(&self) {
        self.0.send_modify(|hands| {
            hands.at = hands.now();
            hands.running_since = None;
        });
    }

    /// Moves it on; it runs on or stands, as before.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|hands| hands.at = hands.at.saturating_add(by));
    }

    /// Sets it to this time, which may be earlier; it runs on or stands, as
    /// before. A time before 1970 becomes 1970.
    pub fn set(&self, to: SystemTime) {
        let at = to.duration_since(UNIX_EPOCH).unwrap_or_default();
        self.0.send_modify(|hands| {
            hands.at = at;
            hands.running_since = hands.running_since.map(|_| Instant::now());
        });
    }

    /// The same time, since the Unix epoch.
    pub(super) fn since_epoch(&self) -> Duration {
        self.0.borrow().now()
    }

    /// Whether this day has begun, in UTC.
    pub(super) fn has_reached(&self, date: Date) -> bool {
        date <= Date::of_unix(self.since_epoch().as_secs())
    }

    /// Waits so long by this clock. Dropping the future ends the wait.
    pub async fn sleep(&self, duration: Duration) {
        self.reaches(self.since_epoch().saturating_add(duration)).await;
    }

    /// Waits until it shows this time: by the system's clock while it runs, and
    /// while it stands until somebody moves it.
    pub(super) async fn reaches(&self, time: Duration) {
        let mut moved = self.0.subscribe();
        loop {
            let hands = *moved.borrow_and_update();
            let left = time.saturating_sub(hands.now());
            if left.is_zero() {
                return;
            }
            // `self` keeps the sender alive, so that the wait cannot fail.
            match hands.running_since {
                Some(_) => drop(tokio::time::timeout(left, moved.changed()).await),
                None => drop(moved.changed().await),
            }
        }
    }
}

/// For registries under test: they age, pause and give up by the same clock.
impl imbot_caps::clock::Clock for Clock {
    fn now(&self) -> SystemTime {
        Clock::now(self)
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.sleep(duration))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hands = *self.0.borrow();
        let state = if hands.running_since.is_some() {
            "runs"
        } else {
            "stands"
        };
        write!(f, "Clock({}, {state})", iso_date(hands.now()))
    }
}

/// Seconds of a day.
const DAY: u64 = 86_400;

/// A time since the Unix epoch as portals write it; the emulated server stands
/// in UTC.
pub(super) fn iso_date(since_epoch: Duration) -> String {
    let seconds = since_epoch.as_secs();
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!(
        "{}T{hour:02}:{minute:02}:{second:02}+00:00",
        Date::of_unix(seconds)
    )
}

/// The seconds since 1970 of a time in ISO 8601 with its offset, such as portals
/// write it; `None` for other text and for times before 1970.
pub(super) fn seconds_of(date: &str) -> Option<u64> {
    let number = |from: usize, to: usize| date.get(from..to)?.parse::<u64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let time = number(11, 13)? * 3_600 + number(14, 16)? * 60 + number(17, 19)?;
    // The inverse of `Date::of_unix`: from 1 March, so that a leap day ends its year.
    let (year, month) = match month {
        1..=2 => (year.checked_sub(1)?, month + 9),
        3..=12 => (year, month - 3),
        _ => return None,
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = (year * 365 + leap_days + (153 * month + 2) / 5 + day).checked_sub(719_469)?;
    let local = days * DAY + time;
    let offset = match date.get(19..)? {
        "Z" => return Some(local),
        offset => offset,
    };
    let ahead = offset.get(1..3)?.parse::<u64>().ok()? * 3_600 + offset.get(4..6)?.parse::<u64>().ok()? * 60;
    match offset.get(..1)? {
        "+" => local.checked_sub(ahead),
        "-" => Some(local + ahead),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let date = |seconds| iso_date(Duration::from_secs(seconds));
        assert_eq!(date(0), "1970-01-01T00:00:00+00:00");
        assert_eq!(date(951_827_696), "2000-02-29T12:34:56+00:00");
        assert_eq!(date(1_775_088_000), "2026-04-02T00:00:00+00:00");
        assert_eq!(date(4_107_542_399), "2100-02-28T23:59:59+00:00");
    }

    #[test]
    fn dates_are_read_back() {
        for seconds in [0, 951_827_696, 1_775_088_000, 4_107_542_399] {
            assert_eq!(seconds_of(&iso_date(Duration::from_secs(seconds))), Some(seconds));
        }
        assert_eq!(seconds_of("2026-04-02T02:00:00+02:00"), Some(1_775_088_000));
        assert_eq!(seconds_of("2026-04-01T19:00:00-05:00"), Some(1_775_088_000));
        for text in [
            "",
            "2026-04-02",
            "2026-13-02T00:00:00Z",
            "x",
            "2026-04-02T00:00:00 00:00",
        ] {
            assert_eq!(seconds_of(text), None, "{text}");
        }
    }

    #[test]
    fn clock_stops_advances_and_rewinds() {
        let clock = Clock::start();
        clock.stop();
        let then = clock.now();
        assert_eq!(clock.now(), then);
        clock.advance(Duration::from_secs(5));
        assert_eq!(clock.now(), then + Duration::from_secs(5));
        clock.set(then);
        assert_eq!(clock.clone().now(), then);
        clock.advance(Duration::MAX);
        assert!(format!("{clock:?}").ends_with("stands)"));
    }

    #[test]
    fn a_day_begins_at_midnight() {
        let clock = Clock::start();
        clock.stop();
        let seconds = 1_775_088_000;
        let (date, midnight) = (Date::of_unix(seconds), UNIX_EPOCH + Duration::from_secs(seconds));
        clock.set(midnight - Duration::from_nanos(1));
        assert!(!clock.has_reached(date));
        clock.set(midnight);
        assert!(clock.has_reached(date));
    }
}
