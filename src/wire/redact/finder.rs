//! Searches texts for secrets, and cuts them.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::spelling::{LONGEST_ESCAPE, Spot, spellings};

/// The longest stored text from outside, in bytes as `Display` or `Debug` write it. An error
/// has one such text, an error code, and text of the crate.
pub(crate) const TEXT_LIMIT: usize = 400;

/// Shorter secrets are not searched for. They are parts of ordinary words: without them a text
/// would be hard to read, and its gaps would reveal the secret.
const SHORTEST: usize = 8;

/// A redacted text of at most [`TEXT_LIMIT`] bytes: see [`Finder::shown`].
pub(crate) fn shown(text: &str, secrets: &[&str]) -> String {
    shown_within(TEXT_LIMIT, text, secrets)
}

/// The same with another limit.
pub(crate) fn shown_within(limit: usize, text: &str, secrets: &[&str]) -> String {
    Finder::of(secrets).shown(limit, text)
}

/// A text that is useful only as a whole, such as an address. `None` if [`shown_within`] would
/// change it.
#[cfg(feature = "registry")]
pub(crate) fn whole_within(limit: usize, text: &str) -> Option<String> {
    let shown = shown_within(limit, text, &[]);
    (shown == text.trim()).then_some(shown)
}

/// Whether a text holds one of the secrets, in any spelling.
#[cfg(any(feature = "registry", test))]
pub(crate) fn holds(text: &str, secrets: &[&str]) -> bool {
    Finder::of(secrets).holds(text)
}

/// Whether a secret is long enough to be searched for.
pub(crate) fn is_long(secret: &str) -> bool {
    secret.chars().nth(SHORTEST - 1).is_some()
}

/// Searches texts for secrets, for all of them at once.
///
/// A secret is found in any case, percent-encoded, and with escapes of JSON or HTML, also if
/// such escapes are applied up to three times. Control characters, and white space at its ends,
/// make no difference.
pub(crate) struct Finder {
    /// `None` if there is no secret to search for.
    automaton: Option<AhoCorasick>,
    /// The most bytes of a text that one secret may be.
    longest: usize,
}

impl Finder {
    pub(crate) fn of(secrets: &[&str]) -> Self {
        let long = || secrets.iter().filter(|secret| is_long(secret));
        let longest = long().map(|secret| secret.len()).max().unwrap_or(1);
        // A secret may itself look like an escape, which the text's spellings undo.
        let plain = long().flat_map(|secret| spellings(secret.trim()));
        let mut patterns: Vec<_> = plain.map(|spots| Folded::of(&spots).text).collect();
        patterns.retain(|pattern| is_long(pattern));
        patterns.sort_unstable();
        patterns.dedup();
        let automaton = (!patterns.is_empty()).then(|| {
            AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::NoncontiguousNFA))
                .match_kind(MatchKind::LeftmostLongest)
                .build(patterns)
                .ok()
        });
        Self {
            automaton: automaton.flatten(),
            longest: longest.saturating_mul(LONGEST_ESCAPE),
        }
    }

    /// A redacted text with a limit of bytes, as `Display` or `Debug` write them.
    pub(crate) fn shown(&self, limit: usize, text: &str) -> String {
        let reach = self.reach(limit);
        // This comes first, since a control character could split a secret.
        let mut visible = text.trim().chars().filter(|c| !c.is_control());
        let text: String = visible.by_ref().take(reach).collect();
        let end = match visible.next() {
            Some(_) => text.len().saturating_sub(self.longest),
            None => text.len(),
        };
        let mut found = self.found(&text).into_iter().peekable();
        let mut clean = String::new();
        let (mut left, mut at) = (limit, 0);
        while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let (next, after) = match found.next_if(|(from, _)| *from <= at) {
                Some((_, to)) => ('…', to),
                None => (first, at + first.len_utf8()),
            };
            // `Debug` writes an escape for what it cannot print.
            let cost = next.len_utf8().max(next.escape_debug().len());
            let Some(still) = left.checked_sub(cost).filter(|_| at < end) else {
                clean.push('…');
                break;
            };
            (left, at) = (still, after);
            clean.push(next);
        }
        clean
    }

    /// How many characters of a text are read to show so many bytes of it.
    pub(super) fn reach(&self, limit: usize) -> usize {
        // Every character costs at least one byte of the limit, or is a part of a secret,
        // which costs three. Text beyond that is cut, since it could end in half a secret.
        (limit / 3 + 2).saturating_mul(self.longest).saturating_add(limit)
    }

    /// Whether a text holds one of the secrets.
    pub(crate) fn holds(&self, text: &str) -> bool {
        /// The text is read in pieces, since its spellings need memory.
        const PIECE: usize = 64 * 1024;
        let Some(automaton) = self.automaton.as_ref().filter(|_| text.len() >= SHORTEST) else {
            return false;
        };
        let is_in = |piece: &str| spellings(piece).any(|spots| automaton.is_match(&Folded::of(&spots).text));
        // The pieces overlap, so each secret is whole in one of them, and not at its
        // beginning, where an escape may be cut.
        let overlap = self.longest.saturating_mul(2);
        let mut rest = text;
        loop {
            let cut = |at: usize| {
                (0..=at.min(rest.len()))
                    .rev()
                    .find(|at| rest.is_char_boundary(*at))
            };
            let end = cut(overlap.saturating_mul(2).max(PIECE)).unwrap_or(rest.len());
            if rest.get(..end).is_some_and(is_in) {
                return true;
            }
            if end == rest.len() {
                return false;
            }
            let next = cut(end - overlap).unwrap_or(end);
            rest = rest.get(next..).unwrap_or_default();
        }
    }

    /// Where the secrets are in a text, in order. Places do not overlap.
    fn found(&self, text: &str) -> Vec<(usize, usize)> {
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for spots in spellings(text) {
            let folded = Folded::of(&spots);
            all.extend(automaton.find_iter(&folded.text).filter_map(|own| {
                let (first, last) = (folded.spot(own.start())?, folded.spot(own.end() - 1)?);
                Some((spots.get(first)?.from, spots.get(last)?.to))
            }));
        }
        all.sort_unstable();
        all.dedup_by(|next, last| {
            let overlaps = next.0 < last.1;
            if overlaps {
                last.1 = last.1.max(next.1);
            }
            overlaps
        });
        all
    }
}

/// A text in lower case, with spaces for plus signs: percent-encoded text may have either.
struct Folded {
    text: String,
    /// Where the characters of each spot begin.
    places: Vec<usize>,
}

impl Folded {
    fn of(spots: &[Spot]) -> Self {
        let mut text = String::with_capacity(spots.len());
        let mut places = Vec::with_capacity(spots.len());
        for spot in spots {
            places.push(text.len());
            match spot.what {
                '+' => text.push(' '),
                what if what.is_ascii() => text.push(what.to_ascii_lowercase()),
                what => text.extend(what.to_uppercase().flat_map(char::to_lowercase)),
            }
        }
        Self { text, places }
    }

    /// The spot of the byte at this place.
    fn spot(&self, at: usize) -> Option<usize> {
        self.places.partition_point(|begins| *begins <= at).checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, secret: &str) -> String {
        shown(text, &[secret])
    }

    #[test]
    fn secrets_with_entities_are_redacted() {
        let secret = "s3cret<a>'b c";
        for spelled in [
            "s3cret&lt;a&gt;&apos;b&nbsp;c",
            "s3cret&#60;a&#x3E;&#39;b c",
            "s3cret<a&GT;&#x27;b&#32;c",
        ] {
            assert_eq!(without(&format!("é{spelled}!"), secret), "é…!", "{spelled}");
        }
    }

    #[test]
    fn secrets_are_found_in_values() {
        let finder = Finder::of(&["1234567890"]);
        for (value, shown) in [
            (serde_json::json!(["1234567890", 1]), "[\"…\",1]"),
            (serde_json::json!({"a": [1_234_567_890]}), "{\"a\":[…]}"),
            (serde_json::json!({"1234567890": null}), "{\"…\":null}"),
        ] {
            assert!(finder.holds_in(&value), "{value}");
            assert_eq!(finder.shown_json(100, &value), shown);
        }
        for value in [
            serde_json::json!(["123456789", 0]),
            serde_json::json!({"a": [true]}),
        ] {
            assert!(!finder.holds_in(&value), "{value}");
            assert_eq!(finder.shown_json(100, &value), value.to_string());
        }
    }

    #[test]
    fn all_secret_spellings_are_redacted() {
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
    fn escaped_secrets_are_found() {
        let mixed = "ключ-😀-секрет";
        let json = r"\u043a\u043b\u044e\u0447-\ud83d\ude00-\u0441\u0435\u043a\u0440\u0435\u0442";
        let percent = "%D0%BA%D0%BB%D1%8E%D1%87-%F0%9F%98%80-%D1%81%D0%B5%D0%BA%D1%80%D0%B5%D1%82";
        for (secret, spelled) in [
            ("abc&defgh12", "abc&amp;defgh12"),
            ("abc&defgh12", "abc&amp;amp;defgh12"),
            ("abc<defgh12", "ABC&LT;defgh12"),
            ("abc'defgh12", "abc&#039;defgh12"),
            ("abc'defgh12", "abc&#x27;defgh12"),
            ("abc\"defgh12", "abc&quot;defgh12"),
            ("abc\"defgh12", r"abc\&quot;defgh12"),
            ("abc/defgh12", r"abc\\\/defgh12"),
            ("abc%defgh12", "abc%2525defgh12"),
            ("abc%41efgh/12", r"abc%41efgh\/12"),
            ("abc%41efgh/12", "abc%2541efgh%2F12"),
            (r"abc\new/gh12", r"abc\\new\/gh12"),
            ("abc defgh12", "abc+defgh12"),
            ("abc+defgh12", "abc%2Bdefgh12"),
            ("abc\tdefgh12", r"abc\tdefgh12"),
            ("abc\tdefgh12", "abc\tdefgh12"),
            ("abc\tdefgh12", "abc%09defgh12"),
            ("\tabcdefgh12 ", "abcdefgh12"),
            (mixed, mixed),
            (mixed, "КЛЮЧ-😀-СЕКРЕТ"),
            (mixed, json),
            (mixed, &json.replace('\\', r"\\")),
            (mixed, percent),
            (mixed, &percent.replace('%', "%25")),
            ("straße-12", "STRASSE-12"),
        ] {
            let text = format!("bad {spelled}, {spelled}.");
            assert_eq!(without(&text, secret), "bad …, ….", "{secret} as {spelled}");
            assert!(holds(&text, &[secret]), "{secret} as {spelled}");
        }
        // What stands before it makes no escape of it.
        for (secret, text) in [
            ("41secret8", "50%41secret8"),
            ("name-secret", r"C:\name-secret"),
            ("amp;secret", "a&amp;secret"),
            ("u0041secret", r"\u0041secret"),
        ] {
            assert!(without(text, secret).ends_with('…'), "{text}");
        }
    }

    #[test]
    fn repeated_letters_are_scanned_once() {
        let secrets: Vec<String> = (0..50).map(|nth| "a".repeat(255 - nth)).collect();
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let finder = Finder::of(&secrets);
        for (unit, is_held) in [
            ("a", true),
            ("%61", true),
            (r"\u0061", true),
            ("&#97;", true),
            ("%", false),
            (r"\", false),
            ("&", false),
            ("A%", false),
        ] {
            let text = unit.repeat(512 * 1024 / unit.len());
            assert!(finder.shown(TEXT_LIMIT, &text).len() <= TEXT_LIMIT + 3, "{unit}");
            assert_eq!(finder.holds(&text), is_held, "{unit}");
        }
        let near = format!("{}b", "a".repeat(255));
        assert!(!holds(&"a".repeat(1024 * 1024), &[&near]));
    }

    #[test]
    fn secret_across_pieces_is_found() {
        for pad in (65_000..66_000).step_by(97).chain(130_000..130_009) {
            let text = format!("{}s3cret%63ode{}", "é%".repeat(pad / 3), "x".repeat(70_000));
            assert!(holds(&text, &["s3cretcode"]), "{pad}");
        }
    }

    #[test]
    fn longest_matching_secret_is_redacted() {
        let secrets = ["abcdefgh", "abcdefgh12", "12345678"];
        assert_eq!(shown("xabcdefgh12y", &secrets), "x…y");
        assert_eq!(shown("12345678abcdefgh3", &secrets), "……3");
    }

    #[test]
    fn truncation_never_splits_secret() {
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
    fn redacted_text_debug_is_bounded() {
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
