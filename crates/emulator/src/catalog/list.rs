//! Every method that is served, and the builds that have it.

use imbot_caps::Feature;

use super::super::batch;
use super::super::build::{Build, Imbot};
use super::super::methods::v1::{self, Actor};
use super::super::methods::{self, Handler};

pub(super) struct Legacy {
    pub(super) name: &'static str,
    pub(super) scope: Option<&'static str>,
    pub(super) run: Handler,
}

pub(super) const LEGACY: [Legacy; 78] = [
    legacy("app.info", None, methods::general::app_info),
    legacy("batch", None, batch::run),
    legacy("event.bind", None, methods::handler::bind),
    legacy("event.get", None, methods::handler::get),
    legacy("event.unbind", None, methods::handler::unbind),
    legacy("events", None, methods::handler::events),
    legacy("im.chat.add", Some("im"), |call| v1::chat::add(call, Actor::User)),
    legacy("im.chat.get", Some("im"), |call| v1::chat::get(call, Actor::User)),
    legacy("im.chat.leave", Some("im"), |call| {
        v1::chat::leave(call, Actor::User)
    }),
    legacy("im.chat.setowner", Some("im"), |call| {
        v1::chat::set_owner(call, Actor::User)
    }),
    legacy("im.chat.updateavatar", Some("im"), |call| {
        v1::chat::update_avatar(call, Actor::User)
    }),
    legacy("im.chat.updatecolor", Some("im"), |call| {
        v1::chat::update_color(call, Actor::User)
    }),
    legacy("im.chat.updatetitle", Some("im"), |call| {
        v1::chat::update_title(call, Actor::User)
    }),
    legacy("im.chat.user.add", Some("im"), |call| {
        v1::chat::user_add(call, Actor::User)
    }),
    legacy("im.chat.user.delete", Some("im"), |call| {
        v1::chat::user_delete(call, Actor::User)
    }),
    legacy("im.chat.user.list", Some("im"), |call| {
        v1::chat::user_list(call, Actor::User)
    }),
    legacy("im.dialog.get", Some("im"), |call| {
        v1::chat::dialog_get(call, Actor::User)
    }),
    legacy("im.message.add", Some("im"), v1::message::user_add),
    legacy("im.message.delete", Some("im"), |call| {
        v1::message::delete(call, Actor::User)
    }),
    legacy("im.message.like", Some("im"), |call| {
        v1::message::like(call, Actor::User)
    }),
    legacy("im.message.update", Some("im"), |call| {
        v1::message::update(call, Actor::User)
    }),
    legacy("im.recent.get", Some("im"), v1::recent::get),
    legacy("im.recent.list", Some("im"), v1::recent::list),
    legacy(
        "im.department.colleagues.list",
        Some("im"),
        v1::people::colleagues,
    ),
    legacy("im.department.employees.get", Some("im"), v1::people::employees),
    legacy("im.department.get", Some("im"), v1::people::department_get),
    legacy("im.department.managers.get", Some("im"), v1::people::managers),
    legacy("im.counters.get", Some("im"), v1::recent::counters),
    legacy("im.dialog.read", Some("im"), v1::dialog::read),
    legacy("im.disk.file.save", Some("im"), v1::dialog::file_save),
    legacy("im.notify", Some("im"), methods::stubs::added),
    legacy("im.notify.read.all", Some("im"), v1::dialog::notify_read_all),
    legacy("im.search.chat.list", Some("im"), v1::people::search_chat),
    legacy(
        "im.search.department.list",
        Some("im"),
        v1::people::search_department,
    ),
    legacy("im.search.user.list", Some("im"), v1::people::search_user),
    legacy("im.user.status.get", Some("im"), v1::people::status_get),
    legacy("im.user.status.idle.end", Some("im"), methods::stubs::accepted),
    legacy("im.dialog.messages.get", Some("im"), v1::dialog::messages),
    legacy("im.dialog.users.list", Some("im"), v1::dialog::users),
    legacy("im.disk.folder.get", Some("im"), v1::dialog::folder),
    legacy("im.notify.answer", Some("im"), v1::dialog::notify_answer),
    legacy("im.notify.confirm", Some("im"), v1::dialog::notify_confirm),
    legacy("im.notify.read.list", Some("im"), v1::dialog::notify_read_list),
    legacy("im.search.last.add", Some("im"), v1::people::search_last),
    legacy("im.search.last.delete", Some("im"), v1::people::search_last),
    legacy("im.user.get", Some("im"), v1::people::user_get),
    legacy("im.user.list.get", Some("im"), v1::people::user_list_get),
    legacy("imbot.bot.list", Some("imbot"), v1::bot_list),
    legacy("imbot.chat.add", Some("imbot"), |call| {
        v1::chat::add(call, Actor::Bot)
    }),
    legacy("imbot.chat.get", Some("imbot"), |call| {
        v1::chat::get(call, Actor::Bot)
    }),
    legacy("imbot.chat.leave", Some("imbot"), |call| {
        v1::chat::leave(call, Actor::Bot)
    }),
    legacy("imbot.chat.sendtyping", Some("imbot"), |call| {
        v1::chat::send_typing(call, Actor::Bot)
    }),
    legacy("imbot.chat.setmanager", Some("imbot"), |call| {
        v1::chat::set_manager(call, Actor::Bot)
    }),
    legacy("imbot.chat.setowner", Some("imbot"), |call| {
        v1::chat::set_owner(call, Actor::Bot)
    }),
    legacy("imbot.chat.updateavatar", Some("imbot"), |call| {
        v1::chat::update_avatar(call, Actor::Bot)
    }),
    legacy("imbot.chat.updatecolor", Some("imbot"), |call| {
        v1::chat::update_color(call, Actor::Bot)
    }),
    legacy("imbot.chat.updatetextfieldenabled", Some("imbot"), |call| {
        v1::chat::text_field(call, Actor::Bot)
    }),
    legacy("imbot.chat.updatetitle", Some("imbot"), |call| {
        v1::chat::update_title(call, Actor::Bot)
    }),
    legacy("imbot.chat.user.add", Some("imbot"), |call| {
        v1::chat::user_add(call, Actor::Bot)
    }),
    legacy("imbot.chat.user.delete", Some("imbot"), |call| {
        v1::chat::user_delete(call, Actor::Bot)
    }),
    legacy("imbot.chat.user.list", Some("imbot"), |call| {
        v1::chat::user_list(call, Actor::Bot)
    }),
    legacy("imbot.command.answer", Some("imbot"), v1::command::answer),
    legacy("imbot.command.register", Some("imbot"), v1::command::register),
    legacy("imbot.command.unregister", Some("imbot"), v1::command::unregister),
    legacy("imbot.command.update", Some("imbot"), v1::command::update),
    legacy("imbot.dialog.get", Some("imbot"), |call| {
        v1::chat::dialog_get(call, Actor::Bot)
    }),
    legacy("imbot.message.add", Some("imbot"), v1::message_add),
    legacy("imbot.message.delete", Some("imbot"), |call| {
        v1::message::delete(call, Actor::Bot)
    }),
    legacy("imbot.message.like", Some("imbot"), |call| {
        v1::message::like(call, Actor::Bot)
    }),
    legacy("imbot.message.update", Some("imbot"), |call| {
        v1::message::update(call, Actor::Bot)
    }),
    legacy("imbot.register", Some("imbot"), v1::register),
    legacy("imbot.unregister", Some("imbot"), v1::unregister),
    legacy("imbot.update", Some("imbot"), v1::update),
    legacy("method.get", None, methods::general::method_get),
    legacy("methods", None, methods::general::methods),
    legacy("profile", None, methods::general::profile),
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
