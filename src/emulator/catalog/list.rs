//! Every method that is served, and the builds that have it.

use crate::Feature;

use super::super::batch;
use super::super::build::{Build, Imbot};
use super::super::methods::{self, Handler};

pub(super) struct Legacy {
    pub(super) name: &'static str,
    pub(super) scope: Option<&'static str>,
    pub(super) run: Handler,
}

pub(super) const LEGACY: [Legacy; 8] = [
    legacy("batch", None, batch::run),
    legacy("imbot.bot.list", Some("imbot"), methods::v1::bot_list),
    legacy("imbot.message.add", Some("imbot"), methods::v1::message_add),
    legacy("imbot.register", Some("imbot"), methods::v1::register),
    legacy("imbot.unregister", Some("imbot"), methods::v1::unregister),
    legacy("imbot.update", Some("imbot"), methods::v1::update),
    legacy("scope", None, methods::general::scope),
    legacy("server.time", None, methods::general::server_time),
];

const fn legacy(name: &'static str, scope: Option<&'static str>, run: Handler) -> Legacy {
    Legacy { name, scope, run }
}

pub(super) struct Controller {
    /// Module, which is also the scope.
    pub(super) module: &'static str,
    /// The path below the module and its alias `v2`, if any.
    pub(super) alias: Option<&'static str>,
    pub(super) path: &'static str,
    pub(super) class: &'static str,
    pub(super) exists: fn(&Build) -> bool,
    pub(super) actions: &'static [(&'static str, Handler)],
}

/// A controller of imbot.v2 that came with the API.
const fn imbot(
    path: &'static str,
    class: &'static str,
    actions: &'static [(&'static str, Handler)],
) -> Controller {
    Controller {
        module: "imbot",
        alias: Some("v2"),
        path,
        class,
        exists: |build| build.imbot_level() >= Imbot::WithoutRevisionGet,
        actions,
    }
}

pub(super) const CONTROLLERS: [Controller; 16] = [
    Controller {
        module: "im",
        alias: None,
        // Its file has a lower-case name, so that any spelling finds it.
        path: "revision",
        class: r"Bitrix\Im\Controller\Revision",
        exists: |build| build.supports(Feature::ImRevisionGet),
        actions: &[("get", methods::general::im_revision_get)],
    },
    Controller {
        module: "im",
        alias: Some("v2"),
        path: "Chat.Bot",
        class: r"Bitrix\Im\V2\Controller\Chat\Bot",
        exists: |build| build.supports(Feature::ImV2ChatBotSendContext),
        actions: &[("sendContext", methods::context::send)],
    },
    Controller {
        module: "im",
        alias: Some("v2"),
        path: "Event",
        class: r"Bitrix\Im\V2\Controller\Event",
        exists: |build| build.supports(Feature::ImV2EventGet),
        actions: &[
            ("get", methods::event::user_get),
            ("subscribe", methods::event::user_subscribe),
            ("unsubscribe", methods::event::user_unsubscribe),
        ],
    },
    Controller {
        module: "im",
        alias: Some("v2"),
        path: "File",
        class: r"Bitrix\Im\V2\Controller\File",
        exists: |build| build.supports(Feature::ImV2FileUpload),
        actions: &[
            ("download", methods::file::user_download),
            ("upload", methods::file::user_upload),
        ],
    },
    Controller {
        exists: |build| build.imbot_level() >= Imbot::WithRevisionGet,
        ..imbot(
            "Revision",
            r"Bitrix\Imbot\V2\Controller\Revision",
            &[("get", methods::general::imbot_revision_get)],
        )
    },
    imbot(
        "Bot",
        r"Bitrix\Imbot\V2\Controller\Bot",
        &[
            ("get", methods::bot::get),
            ("list", methods::bot::list),
            ("register", methods::bot::register),
            ("unregister", methods::bot::unregister),
            ("update", methods::bot::update),
        ],
    ),
    imbot(
        "Chat",
        r"Bitrix\Imbot\V2\Controller\Chat",
        &[
            ("add", methods::chat::add),
            ("get", methods::chat::get),
            ("leave", methods::chat::leave),
            ("setOwner", methods::chat::set_owner),
            ("update", methods::chat::update),
        ],
    ),
    imbot(
        "Chat.InputAction",
        r"Bitrix\Imbot\V2\Controller\Chat\InputAction",
        &[("notify", methods::chat::notify)],
    ),
    imbot(
        "Chat.Manager",
        r"Bitrix\Imbot\V2\Controller\Chat\Manager",
        &[
            ("add", methods::chat::manager_add),
            ("delete", methods::chat::manager_delete),
        ],
    ),
    imbot(
        "Chat.Message",
        r"Bitrix\Imbot\V2\Controller\Chat\Message",
        &[
            ("delete", methods::message::delete),
            ("get", methods::message::get),
            ("getContext", methods::history::get_context),
            ("read", methods::history::read),
            ("send", methods::message::send),
            ("update", methods::message::update),
        ],
    ),
    imbot(
        "Chat.Message.Reaction",
        r"Bitrix\Imbot\V2\Controller\Chat\Message\Reaction",
        &[
            ("add", methods::history::reaction_add),
            ("delete", methods::history::reaction_delete),
        ],
    ),
    imbot(
        "Chat.TextField",
        r"Bitrix\Imbot\V2\Controller\Chat\TextField",
        &[("enabled", methods::chat::text_field)],
    ),
    imbot(
        "Chat.User",
        r"Bitrix\Imbot\V2\Controller\Chat\User",
        &[
            ("add", methods::chat::user_add),
            ("delete", methods::chat::user_delete),
            ("list", methods::chat::user_list),
        ],
    ),
    imbot(
        "Command",
        r"Bitrix\Imbot\V2\Controller\Command",
        &[
            ("answer", methods::command::answer),
            ("list", methods::command::list),
            ("register", methods::command::register),
            ("unregister", methods::command::unregister),
            ("update", methods::command::update),
        ],
    ),
    imbot(
        "Event",
        r"Bitrix\Imbot\V2\Controller\Event",
        &[("get", methods::event::get)],
    ),
    imbot(
        "File",
        r"Bitrix\Imbot\V2\Controller\File",
        &[
            ("download", methods::file::download),
            ("upload", methods::file::upload),
        ],
    ),
];
