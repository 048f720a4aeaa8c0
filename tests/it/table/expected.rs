//! What the feature table has to say, written down a second time.
//!
//! These lists were taken from the public documentation and module sources: the change log of
//! `imbot.v2`, the method and event pages, the older editions of the messenger pages that still
//! had a "Revision" column, and the revision constants of published module builds. The author
//! did not look at the table. A slip of the pen in either place therefore shows up as a
//! difference; lists generated from the table would agree with every mistake in it.
//!
//! When a test finds a difference, settle it from the source, not by copying one side.

/// Codes of all entries of the official change log, oldest first.
pub const CHANGE_CODES: [&str; 14] = [
    "BOT-BC-0325-1",
    "BOT-BC-0330-1",
    "BOT-NEW-0402-1",
    "BOT-FIX-0402-2",
    "BOT-NEW-0408-1",
    "BOT-NEW-0408-2",
    "BOT-FIX-0408-3",
    "BOT-FIX-0408-4",
    "BOT-FIX-0408-5",
    "BOT-FIX-0408-6",
    "BOT-FIX-0501-1",
    "BOT-NEW-0501-2",
    "BOT-FIX-0501-3",
    "BOT-BC-0506-1",
];

/// The entries above that changed the documentation only, so nothing can be gated on them.
pub const DOCS_ONLY: [&str; 2] = ["BOT-NEW-0408-1", "BOT-NEW-0408-2"];

/// Every documented `imbot.v2` method, spelled as the portal's case-sensitive lookup wants it.
pub const METHODS: [&str; 34] = [
    "imbot.v2.Bot.get",
    "imbot.v2.Bot.list",
    "imbot.v2.Bot.register",
    "imbot.v2.Bot.unregister",
    "imbot.v2.Bot.update",
    "imbot.v2.Chat.InputAction.notify",
    "imbot.v2.Chat.Manager.add",
    "imbot.v2.Chat.Manager.delete",
    "imbot.v2.Chat.Message.Reaction.add",
    "imbot.v2.Chat.Message.Reaction.delete",
    "imbot.v2.Chat.Message.delete",
    "imbot.v2.Chat.Message.get",
    "imbot.v2.Chat.Message.getContext",
    "imbot.v2.Chat.Message.read",
    "imbot.v2.Chat.Message.send",
    "imbot.v2.Chat.Message.update",
    "imbot.v2.Chat.TextField.enabled",
    "imbot.v2.Chat.User.add",
    "imbot.v2.Chat.User.delete",
    "imbot.v2.Chat.User.list",
    "imbot.v2.Chat.add",
    "imbot.v2.Chat.get",
    "imbot.v2.Chat.leave",
    "imbot.v2.Chat.setOwner",
    "imbot.v2.Chat.update",
    "imbot.v2.Command.answer",
    "imbot.v2.Command.list",
    "imbot.v2.Command.register",
    "imbot.v2.Command.unregister",
    "imbot.v2.Command.update",
    "imbot.v2.Event.get",
    "imbot.v2.File.download",
    "imbot.v2.File.upload",
    "imbot.v2.Revision.get",
];

/// Events of `imbot.v2`.
pub const EVENTS: [&str; 8] = [
    "ONIMBOTV2COMMANDADD",
    "ONIMBOTV2CONTEXTGET",
    "ONIMBOTV2DELETE",
    "ONIMBOTV2JOINCHAT",
    "ONIMBOTV2MESSAGEADD",
    "ONIMBOTV2MESSAGEDELETE",
    "ONIMBOTV2MESSAGEUPDATE",
    "ONIMBOTV2REACTIONCHANGE",
];

/// Documented `im.v2` methods; the last five have pages of their own.
pub const IM_V2_METHODS: [&str; 6] = [
    "im.v2.Chat.Bot.sendContext", // on the page about passing context to a bot
    "im.v2.Event.get",
    "im.v2.Event.subscribe",
    "im.v2.Event.unsubscribe",
    "im.v2.File.download",
    "im.v2.File.upload",
];

/// Events of `im.v2`: they come through polling, there is no webhook form.
pub const IM_V2_EVENTS: [&str; 5] = [
    "ONIMV2JOINCHAT",
    "ONIMV2MESSAGEADD",
    "ONIMV2MESSAGEDELETE",
    "ONIMV2MESSAGEUPDATE",
    "ONIMV2REACTIONCHANGE",
];

/// Where one feature begins and ends.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// Id of the feature.
    pub id: &'static str,
    /// First revision that is sure to have it; `None` when no revision says so.
    pub since: Option<u16>,
    /// First revision without it; `None` while nothing took it away.
    pub until: Option<u16>,
    /// Whether the portal must have `imbot.v2` as well.
    pub imbot_v2: bool,
}

/// Gated by a revision alone.
const fn rest(id: &'static str, since: u16) -> Edge {
    Edge {
        id,
        since: Some(since),
        until: None,
        imbot_v2: false,
    }
}

/// Gated by a revision, and by `imbot.v2` being there.
const fn both(id: &'static str, since: u16) -> Edge {
    Edge {
        id,
        since: Some(since),
        until: None,
        imbot_v2: true,
    }
}

/// Every portal with `imbot.v2` has it, whatever its revision.
const fn api(id: &'static str) -> Edge {
    Edge {
        id,
        since: None,
        until: None,
        imbot_v2: true,
    }
}

/// As [`api`], but gone from the revision `until` on.
const fn gone(id: &'static str, until: u16) -> Edge {
    Edge {
        id,
        since: None,
        until: Some(until),
        imbot_v2: true,
    }
}

/// The edges that the table has to agree with.
pub const EDGES: &[Edge] = &[
    // Revision 33: change log, 2026-04-02.
    both("imbot.v2.Revision.get", 33),    // BOT-NEW-0402-1
    both("message.system", 33),           // BOT-FIX-0402-2
    both("message.url_preview", 33),      // BOT-FIX-0402-2
    both("message.skip_connector", 33),   // BOT-FIX-0402-2
    both("message.silent_connector", 33), // BOT-FIX-0402-2
    // Revision 33: Command.register read `fields` first in the build that first said 33.
    both("command.register.fields", 33), // BOT-BC-0330-1 names no revision
    // Revision 33: module sources, the last build that said 32 against the first that said 33.
    both("text_field.enabled.boolean", 33),
    both("message.delete.complete.boolean", 33),
    both("command.register.flat.boolean", 33),
    both("command.update.rename", 33),
    both("command.update.title_merge", 33),
    // Revision 34: change log, 2026-04-08.
    both("command.list.titles", 34),           // BOT-FIX-0408-3
    both("bot.background_id", 34),             // BOT-FIX-0408-4
    both("text_field.private_chats", 34),      // BOT-FIX-0408-5
    both("error.bot_token_not_specified", 34), // BOT-FIX-0408-6
    gone("error.client_id_not_specified", 34), // BOT-FIX-0408-6: the code it replaced
    // Revision 35: change log, 2026-05-01.
    both("events.subscription_cleanup", 35), // BOT-FIX-0501-1
    both("error.bot_token_invalid_length.rotation", 35), // the page's section on rotation
    // Revision 35: module sources; 33 looks for CLIENT_ID in the address, 35 does not.
    both("events.webhook_client_id", 35),
    both("bot.token_rotation", 35),                 // BOT-NEW-0501-2
    both("error.bot_token_rotation_failed", 35),    // BOT-NEW-0501-2
    both("error.bot_ownership.after_rotation", 35), // BOT-NEW-0501-2
    gone("bot.app_id", 35),                         // BOT-FIX-0501-3
    // Revision 36: change log, 2026-05-06; in force from 2026-08-06.
    both("bot.token_length_limit", 36),         // BOT-BC-0506-1
    both("error.bot_token_invalid_length", 36), // BOT-BC-0506-1
    // Changes without a revision; the first public build of `imbot.v2` has them or their old form.
    api("command.register.flat"),   // BOT-BC-0330-1: old form, ends by date
    api("event.get.next_offset"),   // BOT-BC-0325-1
    api("event.get.last_event_id"), // BOT-BC-0325-1: old form, ends by date
    api("event.get.user_events"),   // module sources
    // Module sources: no revision tells them apart.
    api("error.bot_update_failed"),
    api("error.bot_limit_exceeded"),
    api("event.additional_messages"),
    api("message.update.url_preview"),
    api("bot.update.unknown_fields"),
    api("bot.register.known_code"),
    // Methods that every build with `imbot.v2` has: the controllers of its first public build.
    api("imbot.v2.Bot.list"),
    api("imbot.v2.Bot.register"),
    api("imbot.v2.Bot.update"),
    api("imbot.v2.Chat.Message.Reaction.add"),
    api("imbot.v2.Chat.Message.getContext"),
    api("imbot.v2.Chat.Message.send"),
    api("imbot.v2.Chat.TextField.enabled"),
    api("imbot.v2.Chat.setOwner"),
    api("imbot.v2.Command.register"),
    api("imbot.v2.Event.get"),
    api("imbot.v2.File.upload"),
    // Events of the same build: its event declarations.
    api("ONIMBOTV2COMMANDADD"),
    api("ONIMBOTV2CONTEXTGET"),
    api("ONIMBOTV2DELETE"),
    api("ONIMBOTV2MESSAGEADD"),
    api("ONIMBOTV2REACTIONCHANGE"),
    // `im.v2`: module sources. Some builds that say 32 have it and some do not; 33 is certain.
    rest("im.v2.Event.get", 33),
    rest("im.v2.Event.subscribe", 33),
    rest("im.v2.Event.unsubscribe", 33),
    rest("im.v2.File.download", 33),
    rest("im.v2.File.upload", 33),
    rest("ONIMV2JOINCHAT", 33),
    rest("ONIMV2MESSAGEADD", 33),
    // The messenger's own revision methods.
    rest("im.revision.get", 18), // sample answer of the page's old edition; sources from 21 on
    rest("im.revision.get.desktop", 26), // module sources: 24 has no such constant
    // Keyboards and context menus: pages about keyboards and menus.
    rest("keyboard.action", 28),
    rest("menu.action", 28),
    rest("menu.link", 26),    // old edition of the page: "version 26"
    rest("menu.command", 26), // old edition of the page: "version 26"
    // Methods of the first generation: "Revision" column of the old editions of their pages.
    rest("im.dialog.users.list", 30),
    rest("im.dialog.writing", 30),
    rest("im.message.command", 30),
    rest("im.message.share", 30),
    rest("im.notify.read.list", 30),
    rest("im.recent.list", 30),
    rest("im.recent.unread", 30),
    rest("im.dialog.get", 24),
    rest("imbot.dialog.get", 24),
    rest("im.dialog.read", 21),
    rest("im.dialog.unread", 21),
    rest("im.disk.file.save", 21),
    rest("im.chat.mute", 19),
    rest("im.department.colleagues.list", 19),
    rest("im.department.employees.get", 19),
    rest("im.department.managers.get", 19),
    rest("im.dialog.messages.get", 19),
    rest("im.recent.pin", 19),
    rest("im.search.chat.list", 19),
    rest("im.search.department.list", 19),
    rest("im.search.user.list", 19),
    rest("im.user.list.get", 19),
    rest("im.chat.add", 18),
    rest("im.chat.user.add", 18),
    rest("im.disk.file.commit", 18),
    rest("im.disk.folder.get", 18),
    rest("im.message.add", 18),
    rest("im.notify.personal.add", 18),
    rest("im.recent.get", 18),
    rest("im.user.get", 18),
];

/// Version of module im, and the lowest and highest REST revision that a build with it can have.
///
/// From the builds whose version and constant are both public. A version between the oldest and
/// newest build seen with one revision has that revision; one between the builds of two revisions
/// may have either, or any in between; above the newest such build there is no upper bound.
pub const RELEASES: &[(&str, u16, Option<u16>)] = &[
    // SeenVersions, or between two builds seen with the same revision.
    ("18.0.0", 18, Some(18)),
    ("18.0.1", 18, Some(18)),
    ("18.0.2", 18, Some(18)),
    ("18.5.150", 21, Some(21)),
    ("18.5.200", 21, Some(21)),
    ("18.5.300", 21, Some(21)),
    ("19.0.200", 22, Some(22)),
    ("20.0.875", 27, Some(27)),
    ("22.1000.0", 31, Some(31)),
    ("23.1600.100", 32, Some(32)),
    ("24.0.0", 32, Some(32)),
    ("25.1300.0", 32, Some(32)),
    ("26.200.0", 32, Some(32)), // the last snapshot without `imbot.v2`
    ("26.250.0", 32, Some(32)), // `imbot.v2` without Revision.get
    ("26.274.0", 32, Some(32)),
    ("26.300.0", 33, Some(33)),
    ("26.300.50", 33, Some(33)),
    ("26.300.100", 33, Some(33)),
    ("26.400.0", 35, Some(35)),
    ("26.600.0", 35, Some(35)),
    ("26.900.0", 35, Some(35)),
    // Between the last build of one revision and the first of the next.
    ("18.2.0", 18, Some(21)),
    ("18.6.0", 21, Some(22)),
    ("20.0.0", 22, Some(27)), // no im version is known for 23 to 26
    ("21.0.0", 27, Some(31)), // nor for 28 to 30
    ("23.0.0", 31, Some(32)),
    ("26.274.1", 32, Some(33)),
    ("26.280.0", 32, Some(33)),
    ("26.299.999", 32, Some(33)),
    ("26.300.101", 33, Some(35)),
    ("26.399.0", 33, Some(35)),
    // Newer than every build whose revision is known.
    ("26.900.1", 35, None),
    ("27.0.0", 35, None),
];
