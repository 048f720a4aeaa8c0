//! Looks for secrets in the name of a new host.

use url::{Host, Origin, Url};

use crate::site::without_dot;
use crate::wire::redact::{holds, is_long};

/// Whether the new host of a portal shows a secret. The labels at its end that the old host has, too,
/// do not count by themselves.
pub(crate) fn shows_secret(asked: &Url, to: &Origin, secrets: &[&str]) -> bool {
    let (new, same) = labels(asked, to);
    let same = format!(".{same}");
    let whole = format!("{new}{same}");
    let is_told = |secret: &&str| {
        let is_in = |text: &str| holds(text, &[secret]);
        is_in(&whole) && (is_in(&new) || !is_in(&same))
    };
    is_label(&new, secrets) || secrets.iter().any(is_told)
}

/// Splits the name of a host in two: the labels that the address does not have, and the labels at the
/// end that it has.
fn labels(address: &Url, to: &Origin) -> (String, String) {
    let Origin::Tuple(_, to, _) = to else {
        return <_>::default();
    };
    let to = to.to_string();
    let had = address.host_str().map(without_dot).unwrap_or_default();
    let labels: Vec<&str> = to.split('.').collect();
    let same = labels.iter().rev().zip(had.rsplit('.'));
    let same = same.take_while(|(own, had)| *own == had).count();
    let (new, same) = labels.split_at(labels.len().saturating_sub(same));
    (new.join("."), same.join("."))
}

/// Whether one of the secrets is one label or several labels of a name, in the spelling of URLs.
fn is_label(name: &str, secrets: &[&str]) -> bool {
    let name = format!(".{name}.");
    secrets.iter().filter(|secret| is_long(secret)).any(|secret| {
        let label = Host::parse(without_dot(secret)).map(|host| format!(".{host}."));
        label.is_ok_and(|label| name.contains(&label))
    })
}
