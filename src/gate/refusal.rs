//! The part of a refusal that a live gate adds: the age of the portal's answer, and why the
//! portal could not be asked again.

use std::sync::Arc;
use std::time::Duration;

use crate::plan::Refused;
use crate::portal_probe::ProbeError;

impl Refused {
    /// Why a live gate could not ask the portal again before it refused the call.
    #[cfg_attr(docsrs, doc(cfg(feature = "registry")))]
    #[must_use]
    pub fn ask_error(&self) -> Option<&ProbeError> {
        self.failed.as_deref()?.downcast_ref()
    }

    pub(super) fn set_answer(&mut self, age: Option<Duration>, failed: Option<ProbeError>) {
        self.age = age;
        self.failed = failed.map(|error| Arc::new(error) as _);
    }
}
