//! Caps and answers by serde, for logs and reports.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::caps::Caps;
use super::support::{Support, Unknown, Unsupported};
use crate::feature::{Feature, Requirement};

impl Serialize for Caps {
    /// The knowledge, the version of the table, the policy, and the ids of the supported features.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut view = serializer.serialize_struct("Caps", 5)?;
        view.serialize_field("knowledge", self.knowledge())?;
        view.serialize_field("table", &self.table().version().to_string())?;
        view.serialize_field("revision_basis", &self.revision_basis())?;
        view.serialize_field("on_unknown", &self.policy_for_unknown())?;
        view.serialize_field("features", &self.features())?;
        view.end()
    }
}

impl Serialize for Support {
    /// The answer as `answer`: `supported`, `unsupported` or `unknown`, and the reason.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (answer, why) = match self {
            Support::Supported => ("supported", None),
            Support::Unsupported(why) => ("unsupported", Some(why)),
            Support::Unknown(Unknown(why)) => ("unknown", Some(why)),
        };
        let mut view = serializer.serialize_struct("Support", 2)?;
        view.serialize_field("answer", answer)?;
        view.serialize_field("why", &why)?;
        view.end()
    }
}

impl Serialize for Unsupported {
    /// The requirement, the feature, the cause, the knowledge, and the text for people.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut view = serializer.serialize_struct("Unsupported", 5)?;
        view.serialize_field::<Requirement>("requirement", &self.requirement())?;
        view.serialize_field::<Option<Feature>>("feature", &self.feature())?;
        view.serialize_field("cause", &self.cause())?;
        view.serialize_field("knowledge", self.knowledge())?;
        view.serialize_field("text", &self.to_string())?;
        view.end()
    }
}

impl Serialize for Unknown {
    /// As [`Unsupported`].
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
