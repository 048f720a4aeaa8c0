//! The languages that are read, by the ending of a file's name.

use std::path::Path;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Language {
    Php,
    Python,
    JavaScript,
    TypeScript,
    Go,
    Java,
    CSharp,
    Rust,
    Json,
    /// A page with scripts in it, such as HTML.
    Page,
}

/// The endings of files, without the dot.
const ENDINGS: [(&str, Language); 22] = [
    ("js", Language::JavaScript),
    ("ts", Language::TypeScript),
    ("php", Language::Php),
    ("py", Language::Python),
    ("json", Language::Json),
    ("go", Language::Go),
    ("java", Language::Java),
    ("cs", Language::CSharp),
    ("rs", Language::Rust),
    ("mjs", Language::JavaScript),
    ("cjs", Language::JavaScript),
    ("jsx", Language::JavaScript),
    ("tsx", Language::TypeScript),
    ("mts", Language::TypeScript),
    ("cts", Language::TypeScript),
    ("html", Language::Page),
    ("htm", Language::Page),
    ("vue", Language::Page),
    ("svelte", Language::Page),
    ("inc", Language::Php),
    ("phtml", Language::Php),
    ("pyw", Language::Python),
];

impl Language {
    /// The language of a file. `None` if it is not one that is read.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        let is = |known: &&(&str, Self)| known.0.eq_ignore_ascii_case(ending);
        ENDINGS.iter().find(is).map(|(_, language)| *language)
    }

    /// Its name for people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Php => "PHP",
            Self::Python => "Python",
            Self::JavaScript => "JavaScript",
            Self::TypeScript => "TypeScript",
            Self::Go => "Go",
            Self::Java => "Java",
            Self::CSharp => "C#",
            Self::Rust => "Rust",
            Self::Json => "JSON",
            Self::Page => "HTML",
        }
    }

    /// Whether it is JavaScript, which pages have, too.
    pub(super) fn is_script(self) -> bool {
        matches!(self, Self::JavaScript | Self::TypeScript | Self::Page)
    }

    /// Whether blocks are made by indentation.
    pub(super) fn indents(self) -> bool {
        self == Self::Python
    }

    /// Whether the replies of calls are judged in this language. In the others a reply has a type, which the
    /// file alone does not show.
    pub(super) fn shows_replies(self) -> bool {
        matches!(
            self,
            Self::Php | Self::JavaScript | Self::TypeScript | Self::Python | Self::Page
        )
    }
}
