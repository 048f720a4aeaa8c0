//! Mentions of a bot in a text: `[USER=7]Echo bot[/USER]`.

use std::ops::Range;

const OPEN: &str = "[user=";
const CLOSE: &str = "[/user]";

/// The ends of an opening tag. A portal writes the second one for a mention that it fills in.
const ENDS: [&str; 2] = ["]", " replace]"];

/// The places of the mentions of this bot, in order. Case does not count. The time is linear in the text.
fn mentions(text: &str, bot_id: u64) -> Vec<Range<usize>> {
    let text = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(begin) = find(&text, from, OPEN) {
        from = begin + OPEN.len();
        let rest = text.get(from..).unwrap_or_default();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (id, rest) = rest.split_at_checked(digits).unwrap_or_default();
        from += digits;
        if !ENDS.iter().any(|end| rest.starts_with(end)) || id.parse() != Ok(bot_id) {
            continue;
        }
        let Some(close) = find(&text, from, CLOSE) else {
            break;
        };
        from = close + CLOSE.len();
        found.push(begin..from);
    }
    found
}

fn find(text: &str, from: usize, what: &str) -> Option<usize> {
    Some(text.get(from..)?.find(what)? + from)
}

pub(super) fn is_mentioned(text: &str, bot_id: u64) -> bool {
    !mentions(text, bot_id).is_empty()
}

/// The text without the mentions, and without a comma or colon and spaces after each.
pub(super) fn without(text: &str, bot_id: u64) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut from = 0;
    for mention in mentions(text, bot_id) {
        rest.push_str(text.get(from..mention.start).unwrap_or_default());
        let after = text.get(mention.end..).unwrap_or_default();
        let trimmed = after.trim_start();
        let trimmed = trimmed.strip_prefix([',', ':']).unwrap_or(trimmed).trim_start();
        from = text.len() - trimmed.len();
    }
    rest.push_str(text.get(from..).unwrap_or_default());
    rest.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mention_of_bot_is_cut() {
        for (text, rest) in [
            ("[USER=7]Bot[/USER], help me", "help me"),
            ("[USER=7 REPLACE]Bot[/USER] : help", "help"),
            ("Hello [user=7]Bot[/user]", "Hello"),
            (
                "[USER=70]Other[/USER], ask [USER=7]Bot[/USER] now",
                "[USER=70]Other[/USER], ask now",
            ),
            ("[USER=7]Bot[/USER][USER=7]Bot[/USER]x", "x"),
        ] {
            assert!(is_mentioned(text, 7), "{text}");
            assert_eq!(without(text, 7), rest, "{text}");
        }
        for text in [
            "",
            "[USER=7x]Bot[/USER]",
            "[USER=]Bot[/USER]",
            "[USER=7]",
            "[USER=7",
            "[USER=8]Bot[/USER]",
            "[/USER][USER=7]",
            "[USER=7]ä",
        ] {
            assert!(!is_mentioned(text, 7), "{text}");
            assert_eq!(without(text, 7), text, "{text}");
        }
    }
}
