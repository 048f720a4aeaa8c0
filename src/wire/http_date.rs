//! Dates of HTTP headers (RFC 9110, 5.6.7).

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The days of each month in a year without a leap day.
const MONTHS: [(&str, u16); 12] = [
    ("Jan", 31),
    ("Feb", 28),
    ("Mar", 31),
    ("Apr", 30),
    ("May", 31),
    ("Jun", 30),
    ("Jul", 31),
    ("Aug", 31),
    ("Sep", 30),
    ("Oct", 31),
    ("Nov", 30),
    ("Dec", 31),
];

/// Reads a date in one of the three forms that a recipient must accept, from 1970 to 9999. The day of the week
/// decides nothing.
///
/// - `Sun, 29 Nov 2026 03:00:30 GMT`
/// - `Sunday, 29-Nov-26 03:00:30 GMT`
/// - `Sun Nov 29 03:00:30 2026`
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    // One more than the longest form, so that a longer text fits none.
    let words: Vec<&str> = text.split_ascii_whitespace().take(7).collect();
    let (day, month, year, time) = match *words.as_slice() {
        [_, day, month, year, time, "GMT"] => (day, month, number(year, 4)?, time),
        [_, month, day, time, year] => (day, month, number(year, 4)?, time),
        [_, date, time, "GMT"] => {
            let (day, rest) = date.split_once('-')?;
            let (month, year) = rest.split_once('-')?;
            let year = number(year, 2)?;
            // Two digits are the year of this century, or of the years 1970 to 1999.
            let century = if year < 70 { 2000 } else { 1900 };
            (day, month, year.checked_add(century)?, time)
        }
        _ => return None,
    };
    let day = number(day, day.len().min(2))?;
    let days = days(year, month, day)?;
    let seconds = days.checked_mul(86_400)?.checked_add(seconds(time)?)?;
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

/// The seconds of `03:00:30`.
fn seconds(time: &str) -> Option<u64> {
    let mut seconds = 0_u64;
    let mut parts = time.split(':');
    for most in [23, 59, 59] {
        let part = number(parts.next()?, 2).filter(|part| *part <= most)?;
        seconds = seconds.checked_mul(60)?.checked_add(part.into())?;
    }
    parts.next().is_none().then_some(seconds)
}

/// The days from 1 January 1970 to this day.
fn days(year: u16, month: &str, day: u16) -> Option<u64> {
    let is_leap =
        |year: u16| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let month = MONTHS.iter().position(|(name, _)| *name == month)?;
    let lengths = MONTHS.iter().enumerate();
    let mut lengths = lengths.map(|(nth, (_, days))| days.saturating_add((nth == 1 && is_leap(year)).into()));
    let before: u16 = lengths.by_ref().take(month).sum();
    if year < 1970 || day == 0 || day > lengths.next()? {
        return None;
    }
    // At most 8,029 years, each with one day more at most.
    let years = (1970..year).map(|year| 365_u64.saturating_add(is_leap(year).into()));
    let days = years.sum::<u64>().checked_add(before.into())?;
    days.checked_add(day.into())?.checked_sub(1)
}

/// A number of so many digits.
fn number(text: &str, digits: usize) -> Option<u16> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same time in the three forms.
    fn forms(time: SystemTime) -> [String; 3] {
        let fixed = httpdate::fmt_http_date(time);
        let [weekday, day, month, year, clock, _] = fixed.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let weekday = weekday.trim_end_matches(',');
        let long = [
            "Sunday",
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
        ];
        let long = long.iter().find(|long| long.starts_with(weekday)).unwrap();
        let padded = format!("{:>2}", day.trim_start_matches('0'));
        [
            format!("{long}, {day}-{month}-{} {clock} GMT", &year[2..]),
            format!("{weekday} {month} {padded} {clock} {year}"),
            fixed,
        ]
    }

    proptest! {
        #[test]
        fn forms_are_read_as_httpdate_reads_them(
            seconds in prop_oneof![0..253_402_300_800_u64, 0..4_102_444_800_u64],
            at in 0_usize..32,
            other in "[0-9A-Za-z:, -]",
        ) {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            let [short_year, without_zone, fixed] = forms(time);
            prop_assert_eq!(parse(&fixed), Some(time), "{}", fixed);
            prop_assert_eq!(parse(&without_zone), Some(time), "{}", without_zone);
            for form in [short_year, without_zone, fixed] {
                // Two digits of a year may mean another century, in which the day of the week is wrong.
                if let Ok(time) = httpdate::parse_http_date(&form) {
                    prop_assert_eq!(parse(&form), Some(time), "{}", form);
                }
                // With another character, both read the same date, or one of them reads none: the library does not
                // look at every separator, and the crate does not look at the day of the week.
                let mut changed = form.clone();
                if at < form.len() && at > form.find(' ').unwrap() {
                    changed.replace_range(at..=at, &other);
                }
                if let (Ok(theirs), Some(ours)) = (httpdate::parse_http_date(&changed), parse(&changed)) {
                    prop_assert_eq!(ours, theirs, "{}", changed);
                }
            }
        }

        #[test]
        fn other_texts_are_no_dates(text in "[A-Za-z0-9 :,-]{0,40}") {
            prop_assert_eq!(parse(&text), None);
        }
    }

    #[test]
    fn impossible_days_are_no_dates() {
        for date in [
            "Sun, 29 Feb 2026 03:00:30 GMT",
            "Thu, 31 Apr 2026 03:00:30 GMT",
            "Thu, 00 Apr 2026 03:00:30 GMT",
            "Thu, 01 Apr 1969 03:00:30 GMT",
            "Thu, 01 Apr 2026 24:00:00 GMT",
            "Thu, 01 Apr 2026 03:00:60 GMT",
            "Thu, 01 Apr 2026 03:00 GMT",
            "Thu, 01 Apr 2026 03:00:30 UTC",
            "Thu, +1 Apr 2026 03:00:30 GMT",
            "Thu, 01 apr 2026 03:00:30 GMT",
            "Thu, 001 Apr 2026 03:00:30 GMT",
        ] {
            assert_eq!(parse(date), None, "{date}");
        }
        assert!(parse("Thu, 29 Feb 2024 03:00:30 GMT").is_some());
    }
}
