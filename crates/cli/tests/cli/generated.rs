// Generated from standard input by `imbot-caps generate`. Change that file.

use imbot_caps::Requirement;

/// Voice messages from bots.
///
/// Needs REST revision 37 or newer and the imbot.v2 API.
pub const ACME_VOICE: Requirement = Requirement::rest("acme.voice", 37).and_imbot_v2();

/// The menu of older bots.
///
/// Needs REST revision 27 to 36.
pub const ACME_OLD_MENU: Requirement = Requirement::rest("acme.oldMenu", 27).until(37);

/// All of these requirements.
pub const ALL: &[Requirement] = &[
    ACME_VOICE,
    ACME_OLD_MENU,
];
