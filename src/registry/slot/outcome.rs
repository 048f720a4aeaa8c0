//! What a running probe is known by, and its outcome.

use std::sync::Arc;
use std::time::SystemTime;

use tokio::runtime;

use crate::portal::Portal;
use crate::portal_probe::ProbeError;

/// What a caller that joins a probe knows of it.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) runtime: runtime::Handle,
    pub(crate) began: SystemTime,
}

/// When the portal was asked, or why nothing was learned.
pub(crate) type Outcome = Result<SystemTime, Arc<Failed>>;

/// Why a probe learned nothing.
#[derive(Clone, Debug)]
pub(crate) struct Failed {
    /// The failures of credentials, each with one portal that has the credential.
    pub(crate) own: Vec<(Portal, ProbeError)>,
    /// The failure of the portal, for any credential.
    pub(crate) shared: Option<ProbeError>,
}

impl Failed {
    /// The failure for this caller. `None` if its credential was not tried: it may get another
    /// answer.
    pub(crate) fn of(&self, portal: &Portal) -> Option<&ProbeError> {
        let own = self.own.iter().find(|(failed, _)| failed.same_credential(portal));
        own.map(|(_, error)| error).or(self.shared.as_ref())
    }
}
