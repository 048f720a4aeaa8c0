//! What a function or a key is for, by its name.

/// Functions that call nothing: they log, fail, translate or configure.
const NO_CALLS: [&str; 58] = [
    "log",
    "debug",
    "info",
    "warn",
    "warning",
    "error",
    "trace",
    "critical",
    "exception",
    "fatal",
    "notice",
    "print",
    "println",
    "printf",
    "echo",
    "error_log",
    "var_dump",
    "dump",
    "Errorf",
    "Wrap",
    "Wrapf",
    "Fatalf",
    "Printf",
    "Println",
    "Infof",
    "Debugf",
    "Warnf",
    "Info",
    "Debug",
    "Warn",
    "Error",
    "LogInformation",
    "LogWarning",
    "LogError",
    "LogDebug",
    "WriteLine",
    "getLogger",
    "require",
    "require_once",
    "import",
    "t",
    "trans",
    "__",
    "gettext",
    "querySelector",
    "getElementById",
    "describe",
    "it",
    "test",
    "supports",
    "logResult",
    "New",
    "expect",
    "assert",
    "emit",
    "config",
    "env",
    "panic",
];

/// Parts of names of functions that log or fail.
const NO_CALLS_PARTS: [&str; 6] = ["exception", "log", "print", "panic", "assert", "metadata"];

/// Parts of names of functions that call a portal.
const CALLS_PARTS: [&str; 22] = [
    "call", "rest", "method", "request", "invoke", "bitrix", "b24", "bx", "api", "post", "fetch", "exec",
    "send", "batch", "v1", "v2", "imbot", "command", "query", "do", "make", "run",
];

/// Keys whose value is text for people.
pub(super) const PROSE_KEYS: [&str; 11] = [
    "title",
    "name",
    "label",
    "description",
    "help",
    "displayname",
    "doc",
    "docs",
    "summary",
    "comment",
    "source",
];

/// Keys whose value is a method or an address, besides those that [name a method](names_method).
const METHOD_KEYS: [&str; 8] = [
    "cmd",
    "command",
    "action",
    "url",
    "uri",
    "endpoint",
    "path",
    "operation",
];

/// Whether the value of a key is a method or an address.
pub(super) fn is_method_key(key: &str) -> bool {
    METHOD_KEYS.contains(&key) || names_method(key)
}

/// Whether a key says that its value is a method: `method`, `restMethod`, `api_method`.
pub(super) fn names_method(key: &str) -> bool {
    let end = key
        .len()
        .checked_sub("method".len())
        .and_then(|start| key.get(start..));
    end.is_some_and(|end| end.eq_ignore_ascii_case("method"))
}

/// Whether the function calls nothing.
pub(super) fn is_no_call(callee: &str) -> bool {
    let name = callee.trim_end_matches('!');
    let small = name.to_ascii_lowercase();
    NO_CALLS.contains(&name)
        || NO_CALLS_PARTS.iter().any(|part| small.contains(part))
            && !small.contains("login")
            && !small.contains("dialog")
        || small.ends_with("error")
        || small == "on"
}

/// Whether a name is like that of a function that calls a portal.
pub(super) fn is_call(callee: &str) -> bool {
    let small = callee.to_ascii_lowercase();
    !is_no_call(callee) && CALLS_PARTS.iter().any(|part| small.contains(part))
}
