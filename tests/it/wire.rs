//! What tests of first contact share.

use imbot_caps::Portal;
use imbot_caps::emulator::EmulatedPortal;

pub const REVISION: &str = "imbot.v2.Revision.get";
pub const OLD: &str = "im.revision.get";
pub const BATCH: &str = "batch";

/// The portal by its webhook.
pub fn webhook(emulated: &EmulatedPortal) -> Portal {
    Portal::builder()
        .allow_http()
        .webhook(emulated.webhook_url())
        .unwrap()
}

/// The methods called since the last look.
pub fn asked(emulated: &EmulatedPortal) -> Vec<String> {
    emulated
        .take_requests()
        .into_iter()
        .map(|request| request.method)
        .collect()
}
