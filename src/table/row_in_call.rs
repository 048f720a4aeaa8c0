//! The part of a call that relies on a row.

use serde_json::{Map, Value};

use super::index::names;
use super::path::{Path, is_kind, member};
use super::row::Row;
use super::terms::Shim;

impl Row {
    /// The path of the first parameter that relies on this row. `None` if the row is not about
    /// this method or these parameters.
    ///
    /// The row names the methods, the paths and, for some paths, the kind of value. Names of
    /// methods and parameters match in any spelling that portals take.
    ///
    /// ```
    /// use imbot_caps::Feature;
    /// use serde_json::json;
    ///
    /// let row = Feature::SystemMessage.row();
    /// let params = json!({"fields": {"system": true}});
    /// let path = row.parameter_in("imbot.v2.Chat.Message.send", params.as_object().unwrap());
    /// assert_eq!(path, Some("fields.system"));
    /// ```
    #[must_use]
    pub fn parameter_in(&self, method: &str, params: &Map<String, Value>) -> Option<&str> {
        let applies = self.applies();
        if !applies.methods().any(|own| names(own, method)) {
            return None;
        }
        let takes_both_forms = self
            .fallback()
            .is_some_and(|fallback| fallback.shim() == Shim::BothForms);
        applies.request().find(|path| {
            let path = Path::new(path);
            let old_form = path.last().filter(|_| takes_both_forms);
            let is_about = |key: &str, value: &Value| is_kind(key, value, applies.value(), applies.values());
            path.holds(params, is_about) && old_form.is_none_or(|key| member(params, key).is_none())
        })
    }
}
