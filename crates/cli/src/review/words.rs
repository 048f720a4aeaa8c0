//! The words by which pages are read, in English and in Russian.

use serde::Serialize;

/// A part of a page of a method or an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Part {
    /// Parameters of a call.
    Request,
    /// Members of the reply.
    Response,
    /// Error codes.
    Errors,
    /// Members of an event.
    Data,
    /// Anything else: objects, guides, sections of their own.
    Other,
}

impl Part {
    /// The part that a heading opens. `None`: it belongs to the part of the heading above it.
    pub(super) fn of_heading(heading: &str) -> Option<Self> {
        let heading = heading.trim().trim_end_matches(':').to_lowercase();
        // "Method Parameters for JS Command" is one, too.
        if ["method parameters", "параметры метода"]
            .iter()
            .any(|words| heading.starts_with(words))
        {
            return Some(Self::Request);
        }
        Some(match heading.as_str() {
            "parameters" | "request parameters" | "параметры" => Self::Request,
            "response handling"
            | "response"
            | "returned data"
            | "response in case of success"
            | "successful response"
            | "обработка ответа"
            | "возвращаемые данные"
            | "ответ в случае успеха"
            | "ответ" => Self::Response,
            "error handling"
            | "possible error codes"
            | "error codes"
            | "statuses and system error codes"
            | "статусы и коды системных ошибок"
            | "response in case of error"
            | "обработка ошибок"
            | "возможные коды ошибок"
            | "коды ошибок"
            | "ответ в случае ошибки" => Self::Errors,
            "what the handler receives" | "что получает обработчик" => Self::Data,
            "code examples"
            | "examples"
            | "continue learning"
            | "see also"
            | "примеры кода"
            | "примеры"
            | "продолжите изучение"
            | "смотрите также" => Self::Other,
            _ => return None,
        })
    }

    /// The word in fingerprints.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Errors => "errors",
            Self::Data => "data",
            Self::Other => "other",
        }
    }
}

/// The column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    /// Name and type in one cell.
    NameAndType,
    Type,
    Code,
    Revision,
    Other,
}

impl Column {
    /// The column under a head cell.
    pub(super) fn of_head(cell: &str) -> Self {
        let cell = cell.to_lowercase().replace(['*', '`'], " ");
        let words: Vec<&str> = cell.split_whitespace().collect();
        let is_name = |word: &str| {
            [
                "name",
                "field",
                "parameter",
                "название",
                "имя",
                "поле",
                "параметр",
                "parameters",
                "fields",
            ]
            .contains(&word)
        };
        let is_type = |word: &str| ["type", "тип"].contains(&word);
        match words.as_slice() {
            [name] if is_name(name) => Self::Name,
            [name, kind] if is_name(name) && is_type(kind) => Self::NameAndType,
            [kind] if is_type(kind) => Self::Type,
            ["code" | "код", ..] => Self::Code,
            ["error", "code"] => Self::Code,
            ["revision" | "ревизия"] => Self::Revision,
            _ => Self::Other,
        }
    }
}

/// What a note says of a whole page: `deprecated` or `not-deployed`.
pub(super) fn mark_of_note(line: &str) -> Option<&'static str> {
    let line = line.to_lowercase();
    if !line.trim_start().starts_with("{% note") {
        return None;
    }
    if ["deprecated", "устар"].iter().any(|word| line.contains(word)) {
        Some("deprecated")
    } else if ["to-do", "todo"].iter().any(|word| line.contains(word)) {
        Some("not-deployed")
    } else {
        None
    }
}

/// What a day is, by the word before it.
pub(super) fn role_of_day(before: &str) -> Option<&'static str> {
    Some(match before {
        "until" | "till" | "by" | "before" | "до" | "по" => "until",
        "from" | "since" | "of" | "after" | "on" | "с" | "со" | "после" => "from",
        "date" | "published" | "публикации" | "опубликовано" => "published",
        _ => return None,
    })
}

/// Whether a word means a revision, in any case of its noun.
pub(super) fn is_revision(word: &str) -> bool {
    let word = word.to_lowercase();
    word.ends_with("revision") || word.ends_with("revisions") || word.contains("ревизи")
}

/// The month of a name, from 1.
pub(super) fn month(word: &str) -> Option<u32> {
    const MONTHS: [(&str, &str); 12] = [
        ("january", "января"),
        ("february", "февраля"),
        ("march", "марта"),
        ("april", "апреля"),
        ("may", "мая"),
        ("june", "июня"),
        ("july", "июля"),
        ("august", "августа"),
        ("september", "сентября"),
        ("october", "октября"),
        ("november", "ноября"),
        ("december", "декабря"),
    ];
    let word = word.to_lowercase();
    let at = MONTHS.iter().position(|(en, ru)| word == *en || word == *ru)?;
    u32::try_from(at + 1).ok()
}

/// Whether an entry of the change log says of itself that only the documentation changed.
pub(super) fn is_about_documentation(title: &str) -> bool {
    let title = title.to_lowercase();
    title.starts_with("documentation") || title.starts_with("документация")
}
