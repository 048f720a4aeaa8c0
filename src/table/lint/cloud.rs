//! Rules about the cloud's own domains.

use super::context::Lint;
use crate::table::cloud::CloudDomains;
use crate::table::table::Table;

/// A domain is compared with the end of a host's name, so it has the form of a host. A domain
/// of one label would make every name below a top-level domain a portal of the cloud.
pub(super) fn cloud_domain_form(lint: &Lint<'_>) {
    let is_label = |label: &str| {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_letter)
    };
    let is_domain = |name: &str| name.contains('.') && name.split('.').all(is_label);
    for cloud in &lint.document.cloud {
        for name in cloud.item.names().filter(|name| !is_domain(name)) {
            lint.reader.complain(
                &cloud.span("domains"),
                Some(name),
                "cloud-domain",
                format!("\"{name}\" is no domain"),
                "write two labels or more, in lower case, such as \"bitrix24.com\"",
            );
        }
    }
}

/// The most domains of the cloud in an overlay: more than ten times the crate's own.
const MOST_DOMAINS: usize = 256;

/// Each name below such a domain counts as an owner of its own. So an overlay may have few
/// domains, and no public suffix, below which everybody can get a name.
pub(super) fn cloud_domain_of_overlay(lint: &Lint<'_>) {
    if lint.base.is_none() {
        return;
    }
    let clouds = &lint.document.cloud;
    let all = clouds.iter().map(|cloud| cloud.item.names().len());
    if let Some(first) = clouds.first()
        && all.sum::<usize>() > MOST_DOMAINS
    {
        lint.reader.complain(
            &first.span("domains"),
            None,
            "too-many-cloud-domains",
            format!("the overlay lists more than {MOST_DOMAINS} domains of the cloud"),
            "list the domains below which the cloud names its portals, and not the portals",
        );
        return;
    }
    for cloud in clouds {
        for name in cloud.item.names().filter(|name| is_public_suffix(name)) {
            lint.reader.complain(
                &cloud.span("domains"),
                Some(name),
                "public-cloud-domain",
                format!("\"{name}\" is a public suffix: anybody can get a name below it"),
                "list a domain below which the cloud alone gives names, such as \"bitrix24.com\"",
            );
        }
    }
}

/// Whether a name is on the Public Suffix List. The feature `registry` brings the list.
fn is_public_suffix(name: &str) -> bool {
    #[cfg(feature = "registry")]
    return psl::suffix(name.as_bytes())
        .is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == name.as_bytes());
    #[cfg(not(feature = "registry"))]
    {
        let _ = name;
        false
    }
}

/// A domain has one source.
pub(super) fn duplicate_cloud_domain(lint: &Lint<'_>) {
    let base = lint.base.into_iter().flat_map(Table::cloud_domains);
    let taken = base.flat_map(CloudDomains::names).map(|name| (name, 0..0, name));
    let own = lint.document.cloud.iter();
    let own = own.flat_map(|cloud| {
        let names = cloud.item.names();
        names.map(|name| (name, cloud.span("domains"), name))
    });
    lint.duplicates(taken.chain(own), "duplicate-cloud-domain", |name| {
        format!("the domain `{name}` is listed twice")
    });
}
