//! The form of names: methods, events, parameters, codes.

/// Whether a word is the name of a method, such as `imbot.v2.Bot.get`. `imbot.v2` alone is none.
pub(super) fn is_method(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let is_part =
        |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
    };
    const FILES: [&str; 8] = ["md", "php", "js", "json", "html", "py", "com", "net"];
    parts.len() >= 2
        && parts.iter().all(is_part)
        && parts
            .first()
            .is_some_and(|part| part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && parts
            .last()
            .is_some_and(|part| !is_version(part) && !FILES.contains(part))
}

/// Whether a word is the name of an event, such as `ONIMBOTV2DELETE`.
pub(super) fn is_event(word: &str) -> bool {
    word.len() > 6
        && word.starts_with("ON")
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// Whether a text can be a parameter or a path of parameters, such as `result.bots[].id`.
pub(super) fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 120
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.[]<>{}/$@:#".contains(c))
        && text.chars().any(|c| c.is_ascii_alphanumeric())
}

/// Whether a text can be an error code: letters, digits and few signs, without spaces.
pub(super) fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 80
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// A text on one line, without control characters, cut to a length that a list can show.
pub(super) fn one_line(text: &str) -> String {
    const LONGEST: usize = 200;
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let mut line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = line.char_indices().nth(LONGEST) {
        // Two long texts stay different.
        let digest = digest(&line);
        line.truncate(cut);
        line.push_str(&format!("… ({digest})"));
    }
    line
}

/// The anchor that the documentation's site makes of a heading.
pub(super) fn slug(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            _ => c.is_alphanumeric().then_some(c),
        })
        .collect()
}

/// A short number for a text, without white space and letter case: FNV-1a. It tells unread texts apart.
pub(super) fn digest(text: &str) -> String {
    let text = text.to_lowercase();
    let hash = text
        .split_whitespace()
        .flat_map(|word| word.bytes().chain([b' ']))
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    format!("{:08x}", hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_told_from_versions_and_files() {
        for name in [
            "imbot.v2.Bot.get",
            "im.notify",
            "imbot.chat.sendTyping",
            "event.bind",
        ] {
            assert!(is_method(name), "{name}");
        }
        for name in [
            "imbot.v2",
            "index.md",
            "Node.js",
            "a..b",
            "imbot.v2.*",
            "imbot",
            "24.0.0",
        ] {
            assert!(!is_method(name), "{name}");
        }
    }

    #[test]
    fn slug_is_that_of_the_site() {
        assert_eq!(
            slug("BOT-FIX-0408-4: Bot.register / Bot.update, normalization of backgroundId"),
            "bot-fix-0408-4-botregister--botupdate-normalization-of-backgroundid"
        );
    }
}
