//! What the name of a new host tells.

use url::{Host, Origin, Url};

use crate::site::without_dot;
use crate::wire::redact::{holds, is_long};

/// Whether a host that a portal has moved to shows a secret, and not only in the labels at
/// its end that the host that was asked has as well.
pub(crate) fn tells(asked: &Url, to: &Origin, secrets: &[&str]) -> bool {
    let (new, same) = labels(asked, to);
    let same = format!(".{same}");
    let whole = format!("{new}{same}");
    let is_told = |secret: &&str| {
        let is_in = |text: &str| holds(text, &[secret]);
        is_in(&whole) && (is_in(&new) || !is_in(&same))
    };
    is_label(&new, secrets) || secrets.iter().any(is_told)
}

/// The labels of a host that the address has not, and those at its end that it has.
pub(super) fn labels(address: &Url, to: &Origin) -> (String, String) {
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

/// Whether one of the secrets is a label, or several, of a name as URLs have it.
pub(super) fn is_label(name: &str, secrets: &[&str]) -> bool {
    let name = format!(".{name}.");
    secrets.iter().filter(|secret| is_long(secret)).any(|secret| {
        let label = Host::parse(without_dot(secret)).map(|host| format!(".{host}."));
        label.is_ok_and(|label| name.contains(&label))
    })
}
