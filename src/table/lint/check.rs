//! Applies the rules.

use super::context::Lint;
use super::{changes, cloud, events, overlay, releases, rows, translations};
use crate::feature::Requirement;
use crate::table::document::TableFile;
use crate::table::reader::Reader;
use crate::table::row::Row;
use crate::table::table::Table;

/// Applies every rule.
pub(crate) fn check<'l>(
    reader: &'l Reader<'l>,
    document: &'l TableFile,
    base: Option<&'l Table>,
    constants: &'l [Requirement],
) {
    let lint = Lint {
        reader,
        document,
        base,
        constants,
        ids: document.rows().map(Row::id).collect(),
    };
    for rule in RULES {
        rule(&lint);
    }
}

const RULES: &[fn(&Lint<'_>)] = &[
    overlay::table_version,
    rows::duplicate_id,
    rows::duplicate_name,
    rows::id_form,
    rows::name_form,
    overlay::override_name,
    overlay::constant_differs,
    rows::empty_range,
    rows::gates_nothing,
    rows::observed_above_documented,
    rows::applies_to_nothing,
    rows::unknown_method,
    changes::change_code_form,
    changes::duplicate_change,
    changes::unknown_change,
    changes::documentation_is_no_feature,
    changes::change_disagrees,
    changes::sunset_before_publication,
    changes::effective_before_publication,
    rows::values_for_the_kind,
    translations::unknown_translation,
    translations::unnamed_requirement,
    events::unknown_object,
    events::duplicate_event,
    events::unknown_member,
    events::entry_without_each,
    rows::removed_when,
    rows::refusal_without_danger,
    releases::unreleased_revision,
    releases::below_every_release,
    releases::release_modules,
    releases::release_order,
    releases::release_versions,
    releases::imbot_v2_order,
    cloud::cloud_domain_form,
    cloud::cloud_domain_of_overlay,
    cloud::duplicate_cloud_domain,
    releases::duplicate_source,
    releases::source_url,
];
