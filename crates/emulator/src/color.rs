//! The colours that chats and bots may have, by name.

use imbot_caps::Feature;

use super::build::Build;

const COLORS: [(&str, &str); 16] = [
    ("RED", "#df532d"),
    ("GREEN", "#64a513"),
    ("MINT", "#4ba984"),
    ("LIGHT_BLUE", "#4ba5c3"),
    ("DARK_BLUE", "#3e99ce"),
    ("PURPLE", "#8474c8"),
    ("AQUA", DEFAULT),
    ("PINK", "#f76187"),
    ("LIME", "#58cc47"),
    ("BROWN", "#ab7761"),
    ("AZURE", "#29619b"),
    ("KHAKI", "#728f7a"),
    ("SAND", "#ba9c7b"),
    ("MARENGO", "#556574"),
    ("GRAY", "#909090"),
    ("GRAPHITE", "#5e5f5e"),
];

/// The colour of a chat or bot that was given none, here.
pub(super) const DEFAULT: &str = "#1eb4aa";

/// The colour that a build makes of a name; `None` leaves the present one.
pub(super) fn named(build: &Build, name: &str) -> Option<&'static str> {
    let code = match build.supports(Feature::ColorCamelCase) {
        true => with_underscores(name).to_uppercase(),
        false => name.to_uppercase(),
    };
    or_some(build, name, &code)
}

/// The same for a bot, whose colour older builds take exactly as it comes.
pub(super) fn named_for_bot(build: &Build, name: &str) -> Option<&'static str> {
    match build.supports(Feature::ColorCamelCase) {
        true => named(build, name),
        false => or_some(build, name, name),
    }
}

fn or_some(build: &Build, name: &str, code: &str) -> Option<&'static str> {
    // Builds that do not drop an unknown colour show some colour instead.
    by_code(code)
        .or_else(|| (!name.is_empty() && !build.supports(Feature::ColorInvalidIgnored)).then_some("#df532d"))
}

/// The colour of exactly this name.
pub(super) fn by_code(code: &str) -> Option<&'static str> {
    COLORS.iter().find(|(own, _)| *own == code).map(|(_, hex)| *hex)
}

/// The name of a colour.
pub(super) fn code(hex: &str) -> Option<&'static str> {
    COLORS.iter().find(|(_, own)| *own == hex).map(|(code, _)| *code)
}

fn with_underscores(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 1);
    let mut was_small = false;
    for letter in name.chars() {
        if was_small && letter.is_ascii_uppercase() {
            out.push('_');
        }
        was_small = letter.is_ascii_lowercase();
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn camel_case_and_invalid_colours() {
        let (old, new) = (Build::rest32_with_imbot_v2(), Build::rest(33));
        assert_eq!(named(&new, "lightBlue"), Some("#4ba5c3"));
        assert_eq!(named(&new, "LIGHT_BLUE"), named(&old, "LIGHT_BLUE"));
        assert_ne!(named(&new, "lightBlue"), named(&old, "lightBlue"));
        assert_eq!(named(&new, "nonsense"), None);
        assert!(named(&old, "nonsense").is_some());
        assert_eq!(named(&old, ""), None);
        assert_eq!(named_for_bot(&new, "lightBlue"), Some("#4ba5c3"));
        assert_ne!(named_for_bot(&old, "azure"), named(&old, "azure"));
    }
}
