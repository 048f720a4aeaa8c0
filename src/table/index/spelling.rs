//! Spellings of methods' names.

/// Whether a portal finds a method by this spelling of its name.
#[cold]
pub(crate) fn is_spelled(own: &str, method: &str) -> bool {
    own.eq_ignore_ascii_case(method) && (!own.contains(V2) || is_same_controller(own, method))
}

/// A part of every controller's name, and of no older method's name.
const V2: &str = ".v2.";

/// Whether two names that are equal without regard to case differ in the version or the action
/// alone: `imbot.V2.Bot.UPDATE` is `imbot.v2.Bot.update`.
fn is_same_controller(own: &str, method: &str) -> bool {
    let last = own.split('.').count().saturating_sub(1);
    let mut parts = own.split('.').zip(method.split('.')).enumerate();
    parts.all(|(nth, (own, part))| nth == 1 || nth == last || own == part)
}

/// Whether a name of the table matches this method. A name may end in `.*`.
pub(crate) fn names(own: &str, method: &str) -> bool {
    match own.strip_suffix('*') {
        Some(prefix) => method
            .get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix)),
        None => own.eq_ignore_ascii_case(method),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_matters_in_controllers_alone() {
        for (own, method, is_found) in [
            ("imbot.v2.Bot.update", "imbot.v2.Bot.update", true),
            ("imbot.v2.Bot.update", "imbot.V2.Bot.UPDATE", true),
            ("imbot.v2.Bot.update", "imbot.v2.bot.update", false),
            ("imbot.v2.Bot.update", "Imbot.v2.Bot.update", false),
            ("imbot.v2.Bot.update", "imbot.v2.Bot.get", false),
            ("imbot.message.add", "IMBOT.Message.ADD", true),
            ("imbot.message.add", "imbot.message.adds", false),
        ] {
            assert_eq!(is_spelled(own, method), is_found, "{method}");
        }
    }
}
