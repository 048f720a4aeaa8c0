//! Texts from outside as they may be shown: without secrets, and cut.
//!
//! No decision is made on such a text. Codes are compared as they came; see
//! [`ErrorCode`](super::ErrorCode).

/// The most that is kept of a text from outside, in bytes, as `Display` or `Debug`
/// write it. An error holds one such text, an error code, and words of the crate.
pub(crate) const TEXT_LIMIT: usize = 400;

/// Secrets with fewer characters are not looked for. They are parts of ordinary
/// words: a text without them would be hard to read, and would tell them by its gaps.
const SHORTEST: usize = 8;

/// A text from outside as it may be shown, at most [`TEXT_LIMIT`] bytes of it.
///
/// A secret is found however it is spelled there: in capitals or not, as hosts are,
/// in the percent form of addresses and forms, or as JSON escapes it.
pub(crate) fn shown(text: &str, secrets: &[&str]) -> String {
    shown_within(TEXT_LIMIT, text, secrets)
}

/// The same with another limit.
pub(crate) fn shown_within(limit: usize, text: &str, secrets: &[&str]) -> String {
    let secrets = long(secrets);
    // Every character that is looked at costs at least one byte of the limit, or is
    // a part of a secret. An escape has up to six letters.
    let longest = secrets.iter().map(|secret| secret.len()).max().unwrap_or(1);
    let reach = limit.saturating_add(2).saturating_mul(longest.saturating_mul(6));
    // First: a control character could part a secret.
    let text: String = text
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(reach)
        .collect();
    let mut clean = String::new();
    let mut left = limit;
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let (next, length) = match secret_at(rest, &secrets) {
            Some(length) => ('…', length),
            None => (first, first.len_utf8()),
        };
        // `Debug` writes an escape for what it cannot print.
        let cost = next.len_utf8().max(next.escape_debug().len());
        let Some(still) = left.checked_sub(cost) else {
            clean.push('…');
            break;
        };
        left = still;
        clean.push(next);
        rest = rest.get(length..).unwrap_or_default();
    }
    clean
}

/// A text from outside that is of use as a whole alone, such as an address; `None` where
/// [`shown_within`] would change it.
#[cfg(feature = "registry")]
pub(crate) fn whole_within(limit: usize, text: &str) -> Option<String> {
    let shown = shown_within(limit, text, &[]);
    (shown == text.trim()).then_some(shown)
}

/// Whether a text holds one of the secrets, in any spelling.
#[cfg(any(feature = "registry", test))]
pub(crate) fn holds(text: &str, secrets: &[&str]) -> bool {
    let secrets = long(secrets);
    let mut places = text.char_indices();
    places.any(|(at, _)| secret_at(text.get(at..).unwrap_or_default(), &secrets).is_some())
}

fn long<'s>(secrets: &[&'s str]) -> Vec<&'s str> {
    secrets.iter().copied().filter(|secret| is_long(secret)).collect()
}

/// Whether a secret has as many characters as those that are looked for.
pub(crate) fn is_long(secret: &str) -> bool {
    secret.chars().nth(SHORTEST - 1).is_some()
}

/// How many bytes of the text's beginning are one of the secrets: the most.
fn secret_at(text: &str, secrets: &[&str]) -> Option<usize> {
    let after = |secret: &&str| after_secret(text.as_bytes(), secret);
    let rests = secrets.iter().filter_map(after).map(<[u8]>::len);
    rests.min().map(|rest| text.len() - rest)
}

/// What follows the secret, when the text begins with it.
fn after_secret<'t>(text: &'t [u8], secret: &str) -> Option<&'t [u8]> {
    if secret.is_empty() {
        return None;
    }
    // A secret may hold what begins an escape: a writer escapes it always or never.
    let plain_first = |text, byte| plain(text, byte).or_else(|| escaped(text, byte));
    let escaped_first = |text, byte| escaped(text, byte).or_else(|| plain(text, byte));
    let after = secret.bytes().try_fold(text, plain_first);
    after.or_else(|| secret.bytes().try_fold(text, escaped_first))
}

fn plain(text: &[u8], byte: u8) -> Option<&[u8]> {
    let (first, rest) = text.split_first()?;
    first.eq_ignore_ascii_case(&byte).then_some(rest)
}

fn escaped(text: &[u8], byte: u8) -> Option<&[u8]> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    let is = |high, low| {
        let code = digit(high).zip(digit(low)).map(|(high, low)| high * 16 + low);
        code.and_then(|code| u8::try_from(code).ok())
            .is_some_and(|found| found.eq_ignore_ascii_case(&byte))
    };
    match text {
        [b'+', rest @ ..] if byte == b' ' => Some(rest),
        [b'%', high, low, rest @ ..] if is(high, low) => Some(rest),
        [b'\\', b'u', b'0', b'0', high, low, rest @ ..] if is(high, low) => Some(rest),
        [b'\\', first, rest @ ..] if *first == byte && byte.is_ascii_punctuation() => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, secret: &str) -> String {
        shown(text, &[secret])
    }

    #[test]
    fn every_spelling_of_secret_is_hidden() {
        let secret = "s3cret/Part+two=of \"three\\\"";
        for spelled in [
            secret,
            "S3CRET/pART+two=of \"three\\\"",
            "s3cret%2FPart%2Btwo%3Dof+%22three%5C%22",
            "s3cret%2fPart%2btwo%3dof%20%22three%5c%22",
            r#"s3cret\/Part+two=of \"three\\\""#,
            r"s3cret\u002fPart\u002Btwo=of\u0020\u0022three\u005c\u0022",
        ] {
            let text = format!("é{spelled} and {spelled}");
            assert_eq!(without(&text, secret), "é… and …", "{spelled}");
            assert!(holds(&text, &["another one", secret]), "{spelled}");
        }
    }

    #[test]
    fn other_text_stays() {
        for (text, secret) in [
            ("as it was", ""),
            ("", "s3cretcode"),
            ("s3cretcod", "s3cretcode"),
            ("s3cretcod%7", "s3cretcode"),
            ("s3cretcod%+65", "s3cretcode"),
            (r"s3cretcod\u006", "s3cretcode"),
            // Shorter than eight characters.
            ("to acme.example", "acme"),
            ("7letter", "7letter"),
            ("пароль", "пароль"),
        ] {
            assert_eq!(without(text, secret), text);
            assert!(!holds(text, &[secret]));
        }
        assert_eq!(without("s3s3cretcodee", "s3cretcode"), "s3…e");
        assert_eq!(without("ключ: парольпароль", "парольпароль"), "ключ: …");
    }

    #[test]
    fn longest_secret_at_place_is_hidden() {
        let secrets = ["abcdefgh", "abcdefgh12", "12345678"];
        assert_eq!(shown("xabcdefgh12y", &secrets), "x…y");
        assert_eq!(shown("12345678abcdefgh3", &secrets), "……3");
    }

    #[test]
    fn secret_at_cut_is_not_halved() {
        let secret = "s3cretcode";
        for pad in TEXT_LIMIT - 12..TEXT_LIMIT + 2 {
            let text = format!("{}{secret} is wrong", "x".repeat(pad));
            let clean = without(&text, secret);
            assert!(!clean.contains("s3"), "{clean}");
            assert!(clean.len() <= TEXT_LIMIT + 3, "{}", clean.len());
        }
        // Control characters do not part it.
        assert_eq!(without("s3cret\u{1}code\n", secret), "…");
    }

    #[test]
    fn debug_of_kept_text_is_bounded() {
        for text in [
            "x",
            "é",
            "\u{301}",
            "\u{e0001}",
            "\"",
            "😀",
            "\u{200b}",
            "s3cretcode",
        ] {
            let clean = without(&text.repeat(100_000), "s3cretcode");
            assert!(format!("{clean:?}").len() <= TEXT_LIMIT + 5, "{text:?}");
            assert!(clean.len() <= TEXT_LIMIT + 3, "{text:?}");
        }
    }
}
