use serde_json::json;

use super::*;
use crate::Caps;
use crate::wire::Call;

#[test]
fn smoke() {
    let call = Call::new("imbot.v2.Chat.Message.send").with("fields", json!({"system": true}));
    assert!(plan(&call, &Caps::at(36), &Policy::default()).is_pass());
}
