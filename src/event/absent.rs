//! The members that an event lacks.

use serde_json::{Map, Value};

use crate::table::index::MemberNode;

/// The paths of the members that the table names and the event lacks, in order. An object that is
/// absent is one path.
pub(super) fn absent(data: &Map<String, Value>, types: &MemberNode) -> Vec<String> {
    let mut paths = Vec::new();
    collect(data, types, "", &mut paths);
    paths.sort_unstable();
    paths
}

fn collect(data: &Map<String, Value>, types: &MemberNode, prefix: &str, paths: &mut Vec<String>) {
    let MemberNode::Object(types) = types else {
        return;
    };
    for (name, of) in types.iter() {
        let path = format!("{prefix}{name}");
        match (data.get(name), of) {
            (None, _) => paths.push(path),
            (Some(Value::Object(inner)), MemberNode::Object(_)) => {
                collect(inner, of, &format!("{path}."), paths);
            }
            _ => {}
        }
    }
}
