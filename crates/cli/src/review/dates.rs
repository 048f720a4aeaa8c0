//! Days and revisions in a text.

use super::words;

/// A day as ISO 8601, and what it is: `until`, `from`, `published` or `day`.
pub(super) type Day = (String, &'static str);

/// The days of a text, in its order. A time such as `2026-04-02T10:00:00` is no day.
pub(super) fn days(text: &str) -> Vec<Day> {
    let words: Vec<&str> = text.split_whitespace().map(bare).collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        if let Some(day) = words.get(at..).and_then(day_at) {
            let before = at.checked_sub(1).and_then(|before| words.get(before));
            let role = before.and_then(|word| words::role_of_day(&word.to_lowercase()));
            found.push((day, role.unwrap_or("day")));
        }
    }
    found
}

/// The numbers that follow the word "revision" in a text.
pub(super) fn revisions(text: &str) -> Vec<u16> {
    let words: Vec<&str> = text
        .split_whitespace()
        .map(bare)
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect();
    words
        .windows(2)
        .filter_map(|pair| match pair {
            [word, number] if words::is_revision(word) => number.parse().ok(),
            _ => None,
        })
        .collect()
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn day_at(words: &[&str]) -> Option<String> {
    let first = words.first()?;
    let dotted: Vec<&str> = first.split('.').collect();
    if let [day, month, year] = dotted.as_slice() {
        return iso(number(year, 4)?, number(month, 2)?, number(day, 2)?);
    }
    let dashed: Vec<&str> = first.split('-').collect();
    if let [year, month, day] = dashed.as_slice() {
        return iso(number(year, 4)?, number(month, 2)?, number(day, 2)?);
    }
    let [a, b, year] = [first, words.get(1)?, words.get(2)?];
    let year = number(year, 4)?;
    match (words::month(a), words::month(b)) {
        (Some(month), _) => iso(year, month, b.parse().ok()?),
        (_, Some(month)) => iso(year, month, a.parse().ok()?),
        _ => None,
    }
}

fn number(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits).then(|| text.parse().ok()).flatten()
}

fn iso(year: u32, month: u32, day: u32) -> Option<String> {
    let is_day = (2000..=2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_day.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_two_languages() {
        let of = |text| days(text);
        assert_eq!(
            of("> Publication date: 30.03.2026 | Support until: 30.09.2026"),
            [("2026-03-30".into(), "published"), ("2026-09-30".into(), "until")]
        );
        assert_eq!(
            of("> Дата публикации: 30.03.2026 | Поддержка до: 30.09.2026"),
            [("2026-03-30".into(), "published"), ("2026-09-30".into(), "until")]
        );
        assert_eq!(
            of("As of August 6, 2026, tokens"),
            [("2026-08-06".into(), "from")]
        );
        assert_eq!(of("с 6 августа 2026 года"), [("2026-08-06".into(), "from")]);
        assert!(of("\"2025-01-15T10:30:00+02:00\" 24.0.0 5000x5000 99.99.2026").is_empty());
    }

    #[test]
    fn revisions_are_read_in_two_languages() {
        assert_eq!(
            revisions("**available from revision 33**, or revision >= 34"),
            [33, 34]
        );
        assert_eq!(revisions("REST-ревизия 36; с ревизии **35**"), [36, 35]);
        assert!(revisions("all revisions of 33 portals").is_empty());
    }
}
