//! Sources as links.

/// A source with the text that is shown for it.
pub(super) struct Link {
    pub(super) address: &'static str,
    pub(super) text: String,
}

impl Link {
    /// The text is the project or the host, and the file: addresses with a commit and an anchor are too long to read.
    pub(super) fn to(address: &'static str) -> Self {
        let path = address.strip_prefix("https://").unwrap_or(address);
        let place = path.split(['#', '?']).next().unwrap_or(path);
        let parts: Vec<&str> = place.split('/').filter(|part| !part.is_empty()).collect();
        let text = match parts.as_slice() {
            ["github.com", _, project, .., file] => format!("{project}: {file}"),
            [host, .., file] => format!("{host}: {file}"),
            _ => path.to_owned(),
        };
        Self { address, text }
    }

    /// An overlay can name any address. Only https becomes a link.
    pub(super) fn is_https(&self) -> bool {
        self.address.starts_with("https://")
    }
}

#[cfg(test)]
mod tests {
    use super::Link;

    #[test]
    fn text_is_project_and_file() {
        let text = |address| Link::to(address).text;
        assert_eq!(
            text("https://github.com/bitrix24/b24restdocs/blob/5988ed/api/change-log.md#bot-1"),
            "b24restdocs: change-log.md"
        );
        assert_eq!(text("https://example.com/a/voice"), "example.com: voice");
        assert_eq!(text("https://example.com/"), "example.com/");
    }

    #[test]
    fn other_schemes_are_no_link() {
        assert!(!Link::to("javascript:alert(1)").is_https());
    }
}
