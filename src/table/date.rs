//! Days of the calendar.

use std::fmt;

use serde::ser::{Serialize, Serializer};

/// A day of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl Date {
    /// The year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }
}

impl Date {
    /// The day in UTC, from seconds since 1970.
    ///
    /// A year above 65,535 becomes 65,535.
    #[must_use]
    pub fn of_unix(seconds: u64) -> Self {
        // Days are counted from 1 March of the year 0, so that a leap day is the last day of
        // its year. 400 years have 146,097 days.
        let days = seconds / 86_400 + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year + u64::from(month <= 2);
        Self {
            year: u16::try_from(year).unwrap_or(u16::MAX),
            month: u8::try_from(month).unwrap_or(12),
            day: u8::try_from(day).unwrap_or(31),
        }
    }
}

impl fmt::Display for Date {
    /// As ISO 8601: `2026-04-02`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    /// As ISO 8601: `2026-04-02`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_another_calendar() {
        // Each day of 1,200 years, which have all kinds of leap years.
        for day in 0..438_290_u64 {
            let seconds = day * 86_400 + day % 86_400;
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            let date = Date::of_unix(seconds);
            let own = format!("{:02} {:04}", date.day(), date.year());
            let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
            let other = httpdate::fmt_http_date(time);
            let month = months.find(&other[8..11]).unwrap() / 3 + 1;
            assert_eq!(
                (own, usize::from(date.month())),
                (format!("{} {}", &other[5..7], &other[12..16]), month)
            );
        }
    }
}
