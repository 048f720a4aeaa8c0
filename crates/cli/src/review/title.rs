//! What a page is about, by its title.

use super::entity::EntityKind;
use super::markdown::code_spans;
use super::names::{is_event, is_method};

/// The method or event that a title names; else the page itself. Translations can tear the name in a title apart. So if
/// the name of the file fits a method that the lead names, and not the one of the title, it is the one of the lead.
pub(super) fn subject_of<'p>(
    title: &str,
    lead: impl Iterator<Item = &'p str>,
    path: &str,
) -> (EntityKind, String) {
    let stem = path.trim_end_matches(".md");
    let file = plain(stem.rsplit('/').next().unwrap_or(stem));
    let fits = |method: &&str| plain(method).ends_with(&file);
    let names: Vec<&str> = title
        .split_whitespace()
        .rev()
        .map(|word| word.trim_matches(|c: char| !(c.is_alphanumeric() || c == '_')))
        .collect();
    let titled = names.iter().copied().find(|word| is_method(word));
    let fitting = titled.filter(fits).or_else(|| {
        lead.flat_map(code_spans)
            .find(|span| is_method(span) && fits(span))
    });
    if let Some(method) = fitting.or(titled) {
        return (EntityKind::Method, method.to_owned());
    }
    match names.into_iter().find(|word| is_event(word)) {
        Some(event) => (EntityKind::Event, event.to_owned()),
        None => (EntityKind::Page, stem.to_owned()),
    }
}

/// The letters and digits of a name.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(title: &str, lead: &str, path: &str) -> String {
        subject_of(title, [lead].into_iter(), path).1
    }

    #[test]
    fn method_is_that_of_title_or_lead() {
        let of = subject("Get a bot imbot.v2.Bot.get", "", "bots/bot-get.md");
        assert_eq!(of, "imbot.v2.Bot.get");
        let of = subject(
            "Pin at the Top of the im.recent List",
            "`im.recent.pin` pins",
            "a/im-recent-pin.md",
        );
        assert_eq!(of, "im.recent.pin");
        assert_eq!(
            subject("Get im.chat.get", "see `im.chat.add`", "a/im-chat-get.md"),
            "im.chat.get"
        );
        assert_eq!(
            subject("A delivery ONIMBOTDELETE", "`im.chat.add`", "on-delete.md"),
            "ONIMBOTDELETE"
        );
        assert_eq!(
            subject("Files: overview", "`im.disk.file.save`", "files/index.md"),
            "files/index"
        );
    }
}
