//! What becomes of every call of imbot.v2 on every release, held against emulated portals.

use imbot_caps::plan::PlannedCall;
use imbot_caps::wire::{BATCH, Call};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use imbot_caps_xtask::matrix::*;
use serde_json::{Map, Value as Json};

use crate::table::expected::METHODS;

mod emulated;
#[cfg(feature = "reqwest")]
mod refusals;

#[test]
fn every_method_passes_newest_release() {
    let calls = calls();
    let mut methods: Vec<_> = METHODS.to_vec();
    methods.sort_unstable();
    assert_eq!(calls.keys().map(String::as_str).collect::<Vec<_>>(), methods);
    let columns = columns();
    assert_eq!(columns.len(), Build::shipped().count());
    for (column, build) in columns.iter().zip(Build::shipped()) {
        assert_eq!(
            column.caps.features(),
            build.caps().features(),
            "{}",
            column.label
        );
    }
    let newest = columns.last().unwrap();
    for (method, (call, _)) in &calls {
        // Requests follow the registration of a bot. The call itself stays.
        let stays = |own: &PlannedCall<'_>| own.is_pass() || own.calls().eq([call]);
        assert!(plan(call, &newest.caps).is_ok_and(|own| stays(&own)), "{method}");
    }
}
