//! What is done with a call, in words.

use super::*;

/// Why calls are refused, each reason once.
#[derive(Default)]
pub struct Reasons(pub Vec<String>);

impl Reasons {
    pub fn number(&mut self, reason: String) -> usize {
        let known = self.0.iter().position(|own| *own == reason);
        known.unwrap_or_else(|| {
            self.0.push(reason);
            self.0.len() - 1
        }) + 1
    }

    pub fn of(&mut self, refused: &Refused) -> usize {
        let row = refused.row();
        let fallback = row.fallback().map(|own| own.note().trim_end_matches('.'));
        let danger = row.danger().map(|danger| match row.effective() {
            Some(day) => danger.replace("the effective date", &day.to_string()),
            None => danger.to_owned(),
        });
        let text = match refused.reason() {
            Reason::NoOlderForm(_, why) => {
                let older = why.split(' ').next().unwrap_or_default();
                match why.strip_prefix(older) {
                    Some(rest) if older.starts_with("im") => {
                        let rest = rest.replace("nothing for it", "nothing for this parameter");
                        format!("`{older}`{rest}.")
                    }
                    _ => format!("{}.", first_letter_up(why)),
                }
            }
            _ => match (fallback, danger) {
                (Some(note), Some(danger)) => format!("{} {note}.", sentence(&danger)),
                (Some(note), None) => format!("{note}."),
                (None, _) => sentence(row.title()),
            },
        };
        self.number(text)
    }
}

pub fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

pub fn first_letter_up(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is said of a method on a release.
pub struct Cell {
    /// The word in the table.
    pub word: String,
    /// What more there is to say below it.
    pub line: String,
}

pub fn told(outcome: &Outcome, reasons: &mut Reasons) -> Cell {
    let mut parts = Vec::new();
    let word = match &outcome.plan {
        Ok(planned) if planned.is_pass() => "as is",
        Ok(adapted) => {
            let older = older_methods(adapted);
            if older.is_empty() {
                parts.extend(adapted.changes().iter().map(short));
                "changed"
            } else {
                parts.push(format!("sent as {}", older.join(", ")));
                parts.extend(conditions(outcome.call.method(), &older));
                let left_out = adapted.changes().iter().filter(|change| is_left_out(change));
                let left_out: Vec<_> = left_out.map(|change| format!("`{}`", change.at())).collect();
                match left_out.as_slice() {
                    [] => {}
                    [name] => parts.push(format!("{name} is left out")),
                    names => parts.push(format!("{} are left out", names.join(", "))),
                }
                let others = adapted.changes().iter();
                parts.extend(
                    others
                        .filter(|change| change.shim() != Shim::V1Call && change.shim() != Shim::ImRevision)
                        .map(short),
                );
                "older"
            }
        }
        Err(refused) => {
            let number = reasons.of(refused);
            parts.push(match own_parameter(refused) {
                Some(parameter) => format!("refused for `{parameter}` ({number})"),
                None => format!("refused ({number})"),
            });
            "refused"
        }
    };
    if word != "refused" {
        let mut with: Vec<(usize, Vec<String>)> = Vec::new();
        for refused in &outcome.refused_with {
            let (number, name) = (reasons.of(refused), own_parameter(refused).unwrap_or_default());
            match with.iter_mut().find(|(own, _)| *own == number) {
                Some((_, names)) => names.push(name),
                None => with.push((number, vec![name])),
            }
        }
        for (number, names) in with {
            parts.extend(listed("refused with", names.into_iter()).map(|text| format!("{text} ({number})")));
        }
    }
    let word = match outcome.refused_with.is_empty() || word == "refused" {
        true => word.to_owned(),
        false => format!("{word}\\*"),
    };
    let line = parts.join("; ");
    Cell { word, line }
}

pub fn is_left_out(change: &Change) -> bool {
    change.shim() == Shim::V1Call && change.to().is_none()
}

pub fn listed(what: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
}

/// The older methods that an adapted call goes to, in their order.
pub fn older_methods(adapted: &PlannedCall<'_>) -> Vec<String> {
    let mut methods = Vec::new();
    for change in adapted.changes() {
        if let (Shim::V1Call | Shim::ImRevision, Some(to)) = (change.shim(), change.to()) {
            let to = format!("`{to}`");
            if !methods.contains(&to) {
                methods.push(to);
            }
        }
    }
    methods
}

/// What else a call must be like to have an older form.
pub fn conditions(method: &str, older: &[String]) -> Vec<String> {
    let mut conditions = Vec::new();
    let translations = Table::builtin()
        .translations()
        .filter(|own| own.from() == method && older.contains(&format!("`{}`", own.to())));
    for translation in translations {
        for rule in translation.allowed_values() {
            let (path, values) = rule.split_once(" = ").unwrap_or((rule, rule));
            let first = values.split(" | ").next().unwrap_or(values);
            conditions.push(format!("`{path}` must be `{first}`"));
        }
        for rule in translation.params().filter(|rule| rule.ends_with("as chat-id")) {
            let path = rule.split(" -> ").next().unwrap_or(rule);
            conditions.push(format!("`{path}` must be a group chat's"));
        }
        if translation.params().any(|rule| rule.starts_with("@webhookUrl")) {
            let known = "the address of the bot's events must be known from its registration or update through the gate";
            conditions.push(known.to_owned());
        }
        let mut each = translation.params().filter(|rule| !rule.contains(" as by "));
        if let Some((path, _)) = each.find_map(|rule| rule.split_once("[] -> ")) {
            conditions.push(format!("one call for each of `{path}`"));
        }
    }
    conditions.sort();
    conditions.dedup();
    conditions
}

/// What was done, in a few words.
pub fn short(change: &Change) -> String {
    let at = change.at();
    match change.shim() {
        Shim::YesNo => format!("`{at}` as \"Y\" or \"N\""),
        Shim::Omit => format!("`{at}` is left out"),
        Shim::BothForms => "sent flat as well as in `fields`".to_owned(),
        Shim::Spelling => format!("`{at}` is respelt"),
        Shim::LowerKeys => format!("keys of `{at}` in small letters"),
        Shim::Boolean => format!("`{at}` as a boolean"),
        Shim::BotTokenInUrl => format!("CLIENT_ID added to `{at}`"),
        Shim::NextOffset => format!("`{at}` made of the older cursor"),
        Shim::ErrorAlias => {
            let older = change.row().fallback().into_iter();
            let codes = older.flat_map(|own| own.older_codes());
            let codes: Vec<_> = codes.map(|code| format!("`{code}`")).collect();
            let codes = codes.join(" or ");
            format!("the error code {codes} in the reply becomes `{at}`")
        }
        Shim::StripSecret => format!("`{at}` is taken out of the reply"),
        Shim::BotAddress => "the gate then checks the bot's address".to_owned(),
        Shim::EventUnbind => "the gate then removes unused event handlers (only for applications)".to_owned(),
        _ => change.to_string(),
    }
}

/// Neighbours that agree in all lines, as one: the places they span.
pub fn groups(lines: &[Vec<String>]) -> Vec<(usize, usize)> {
    let count = lines.first().map_or(0, Vec::len);
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for at in 0..count {
        match groups.last_mut() {
            Some((_, last)) if lines.iter().all(|line| line.get(*last) == line.get(at)) => *last = at,
            _ => groups.push((at, at)),
        }
    }
    groups
}

pub fn label(columns: &[Column], (first, last): (usize, usize)) -> String {
    let of = |nth: usize| columns.get(nth).map_or("", |column| &column.label);
    match first == last {
        true => of(first).to_owned(),
        false => format!("{}–{}", of(first), of(last)),
    }
}
