//! Rules about the cloud's own domains.

use super::Lint;
use crate::table::{CloudDomains, Table};

/// A domain is compared with the end of a host's name, so it is written as hosts are. One
/// label alone would make every name below a top-level domain a portal of the cloud.
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
