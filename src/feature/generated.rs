//! Generated from `features.toml` by `cargo run -p imbot-caps-xtask`.
//! Do not edit: change the table.

use std::borrow::Cow::Borrowed as B;

use super::RevisionRange;
use crate::revision::{Axis, Revision};
use crate::table::{
    Applies, Change, CloudDomains, Confidence, Date, Fallback, ImbotV2, Kind, Release, Row, Seen, Shim, Source, Str,
    Translation, ValueKind, WhenUnknown,
};

pub(crate) const VERSION: (u64, u64, u64) = (2, 0, 0);
pub(crate) const COUNT: usize = 181;
/// The lowest REST revision that a build with imbot.v2 reported.
pub(crate) const IMBOT_V2_REST: Revision = 32;
/// The REST revision that introduced `imbot.v2.Revision.get`.
pub(crate) const REVISION_GET_REST: Revision = 33;

/// Something that a portal has or has not: a row of the table.
///
/// Variants are added with the table; match with a wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u16)]
pub enum Feature {
    /// Tells the four revision numbers to a caller with the imbot scope.
    ///
    /// `imbot.v2.Revision.get` needs REST revision 33 or newer and the imbot.v2 API. Published 2026-04-02.
    ///
    /// Without it: Ask im.revision.get, which needs the im scope; a portal without this method is at 32 or below, or has an old imbot beside a newer im.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/revision-get.md) (documented, BOT-NEW-0402-1).
    ImbotV2RevisionGet,
    /// Creates a bot that lives in the v2 API.
    ///
    /// `imbot.v2.Bot.register` needs the imbot.v2 API.
    ///
    /// Without it: imbot.register: CODE, TYPE (B, S, O) and PROPERTIES in capitals at the top level, EVENT\_HANDLER for webhookUrl, OPENLINE for isSupportOpenline, CLIENT\_ID for botToken. Type personal and polling have no v1 form, and such a bot gets v1 events.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-register.md) (source-derived).
    ImbotV2BotRegister,
    /// Deletes a bot.
    ///
    /// `imbot.v2.Bot.unregister` needs the imbot.v2 API.
    ///
    /// Without it: imbot.unregister: BOT\_ID for botId, CLIENT\_ID for botToken.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-unregister.md) (source-derived).
    ImbotV2BotUnregister,
    /// Changes a bot's profile, flags and way of getting events.
    ///
    /// `imbot.v2.Bot.update` needs the imbot.v2 API.
    ///
    /// Without it: imbot.update: BOT\_ID, CLIENT\_ID, and FIELDS with PROPERTIES in capitals; FIELDS.EVENT\_HANDLER for webhookUrl.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-update.md) (source-derived).
    ImbotV2BotUpdate,
    /// Returns one bot by its id or code.
    ///
    /// `imbot.v2.Bot.get` needs the imbot.v2 API.
    ///
    /// Without it: No v1 method reads a single bot: take imbot.bot.list and pick by ID or CODE.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-get.md) (source-derived).
    ImbotV2BotGet,
    /// Lists the bots of the caller, page by page.
    ///
    /// `imbot.v2.Bot.list` needs the imbot.v2 API.
    ///
    /// Without it: imbot.bot.list: no parameters; answers a map keyed by id, without filter or paging.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-list.md) (source-derived).
    ImbotV2BotList,
    /// Opens a group chat on behalf of the bot.
    ///
    /// `imbot.v2.Chat.add` needs the imbot.v2 API.
    ///
    /// Without it: imbot.chat.add: BOT\_ID, and TITLE, DESCRIPTION, COLOR, MESSAGE, AVATAR at the top level; USERS for userIds. The bot owns the chat.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-add.md) (source-derived).
    ImbotV2ChatAdd,
    /// Returns a chat by its dialog id.
    ///
    /// `imbot.v2.Chat.get` needs the imbot.v2 API.
    ///
    /// Without it: imbot.dialog.get (REST 24): DIALOG\_ID for dialogId. imbot.chat.get finds a chat by ENTITY\_TYPE and ENTITY\_ID only.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-get.md) (source-derived).
    ImbotV2ChatGet,
    /// Changes title, description, colour and picture of a chat in one call.
    ///
    /// `imbot.v2.Chat.update` needs the imbot.v2 API.
    ///
    /// Without it: One call for each part: imbot.chat.updateTitle, imbot.chat.updateColor, imbot.chat.updateAvatar, with CHAT\_ID for dialogId. The description cannot be changed.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-update.md) (source-derived).
    ImbotV2ChatUpdate,
    /// Hands a chat over to another owner.
    ///
    /// `imbot.v2.Chat.setOwner` needs the imbot.v2 API.
    ///
    /// Without it: imbot.chat.setOwner: CHAT\_ID for dialogId, USER\_ID for userId.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-set-owner.md) (source-derived).
    ImbotV2ChatSetOwner,
    /// Takes the bot out of a chat.
    ///
    /// `imbot.v2.Chat.leave` needs the imbot.v2 API.
    ///
    /// Without it: imbot.chat.leave: CHAT\_ID for dialogId.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-leave.md) (source-derived).
    ImbotV2ChatLeave,
    /// Shows that the bot is writing or busy.
    ///
    /// `imbot.v2.Chat.InputAction.notify` needs the imbot.v2 API.
    ///
    /// Without it: imbot.chat.sendTyping: DIALOG\_ID for dialogId; the status text and the duration have no v1 form.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/ui/chat-input-action-notify.md) (source-derived).
    ImbotV2ChatInputActionNotify,
    /// Makes members of a chat its managers.
    ///
    /// `imbot.v2.Chat.Manager.add` needs the imbot.v2 API.
    ///
    /// Without it: imbot.chat.setManager with IS\_MANAGER = Y: CHAT\_ID, and one call for each USER\_ID.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-manager-add.md) (source-derived).
    ImbotV2ChatManagerAdd,
    /// Takes manager rights from members of a chat.
    ///
    /// `imbot.v2.Chat.Manager.delete` needs the imbot.v2 API.
    ///
    /// Without it: imbot.chat.setManager with IS\_MANAGER = N: CHAT\_ID, and one call for each USER\_ID.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-manager-delete.md) (source-derived).
    ImbotV2ChatManagerDelete,
    /// Sends a message from the bot.
    ///
    /// `imbot.v2.Chat.Message.send` needs the imbot.v2 API.
    ///
    /// Without it: imbot.message.add: DIALOG\_ID, and MESSAGE, ATTACH, KEYBOARD, SYSTEM, URL\_PREVIEW at the top level. Replies, forwards and template ids have no v1 form.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-send.md) (source-derived).
    ImbotV2ChatMessageSend,
    /// Edits a message of the bot.
    ///
    /// `imbot.v2.Chat.Message.update` needs the imbot.v2 API.
    ///
    /// Without it: imbot.message.update: MESSAGE\_ID, and MESSAGE, ATTACH, KEYBOARD, URL\_PREVIEW at the top level.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-update.md) (source-derived).
    ImbotV2ChatMessageUpdate,
    /// Deletes a message of the bot.
    ///
    /// `imbot.v2.Chat.Message.delete` needs the imbot.v2 API.
    ///
    /// Without it: imbot.message.delete: MESSAGE\_ID for messageId, COMPLETE for complete.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-delete.md) (source-derived).
    ImbotV2ChatMessageDelete,
    /// Reads one message.
    ///
    /// `imbot.v2.Chat.Message.get` needs the imbot.v2 API.
    ///
    /// Without it: No v1 method of a bot reads messages.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-get.md) (source-derived).
    ImbotV2ChatMessageGet,
    /// Reads the messages around a given one.
    ///
    /// `imbot.v2.Chat.Message.getContext` needs the imbot.v2 API.
    ///
    /// Without it: No v1 method of a bot reads messages.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-get-context.md) (source-derived).
    ImbotV2ChatMessageGetContext,
    /// Marks messages as read by the bot.
    ///
    /// `imbot.v2.Chat.Message.read` needs the imbot.v2 API.
    ///
    /// Without it: No v1 method does it for a bot; im.dialog.read acts for the calling user.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-read.md) (source-derived).
    ImbotV2ChatMessageRead,
    /// Puts a reaction of the bot on a message.
    ///
    /// `imbot.v2.Chat.Message.Reaction.add` needs the imbot.v2 API.
    ///
    /// Without it: imbot.message.like with ACTION = plus: MESSAGE\_ID; the like is the only reaction.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-reaction-add.md) (source-derived).
    ImbotV2ChatMessageReactionAdd,
    /// Takes back a reaction of the bot.
    ///
    /// `imbot.v2.Chat.Message.Reaction.delete` needs the imbot.v2 API.
    ///
    /// Without it: imbot.message.like with ACTION = minus: MESSAGE\_ID; the like is the only reaction.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-reaction-delete.md) (source-derived).
    ImbotV2ChatMessageReactionDelete,
    /// Opens or closes the input field of a chat.
    ///
    /// `imbot.v2.Chat.TextField.enabled` needs the imbot.v2 API.
    ///
    /// Without it: imbot.chat.updateTextFieldEnabled, which is undocumented and needs im 25.650.100; older portals have nothing.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/ui/chat-text-field-enabled.md) (source-derived).
    ImbotV2ChatTextFieldEnabled,
    /// Lists the members of a chat.
    ///
    /// `imbot.v2.Chat.User.list` needs the imbot.v2 API.
    ///
    /// Without it: imbot.chat.user.list: CHAT\_ID for dialogId; answers ids alone.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-user-list.md) (source-derived).
    ImbotV2ChatUserList,
    /// Invites users to a chat.
    ///
    /// `imbot.v2.Chat.User.add` needs the imbot.v2 API.
    ///
    /// Without it: imbot.chat.user.add: CHAT\_ID for dialogId, USERS for userIds.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-user-add.md) (source-derived).
    ImbotV2ChatUserAdd,
    /// Removes a user from a chat.
    ///
    /// `imbot.v2.Chat.User.delete` needs the imbot.v2 API.
    ///
    /// Without it: imbot.chat.user.delete: CHAT\_ID for dialogId, USER\_ID for userId.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-user-delete.md) (source-derived).
    ImbotV2ChatUserDelete,
    /// Registers a command of the bot.
    ///
    /// `imbot.v2.Command.register` needs the imbot.v2 API.
    ///
    /// Without it: imbot.command.register: COMMAND, COMMON, HIDDEN, EXTRANET\_SUPPORT at the top level, LANG as a list of LANGUAGE\_ID, TITLE, PARAMS, and a handler in EVENT\_COMMAND\_ADD.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/commands/command-register.md) (source-derived).
    ImbotV2CommandRegister,
    /// Deletes a command of the bot.
    ///
    /// `imbot.v2.Command.unregister` needs the imbot.v2 API.
    ///
    /// Without it: imbot.command.unregister: COMMAND\_ID for commandId.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/commands/command-unregister.md) (source-derived).
    ImbotV2CommandUnregister,
    /// Changes a command of the bot.
    ///
    /// `imbot.v2.Command.update` needs the imbot.v2 API.
    ///
    /// Without it: imbot.command.update: COMMAND\_ID, and FIELDS in capitals; LANG as a list in place of the title and params objects.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/commands/command-update.md) (source-derived).
    ImbotV2CommandUpdate,
    /// Answers a command.
    ///
    /// `imbot.v2.Command.answer` needs the imbot.v2 API.
    ///
    /// Without it: imbot.command.answer: COMMAND\_ID, MESSAGE\_ID, and MESSAGE, ATTACH, KEYBOARD, SYSTEM, URL\_PREVIEW at the top level; it takes no dialog id.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/commands/command-answer.md) (source-derived).
    ImbotV2CommandAnswer,
    /// Lists the commands of the bot.
    ///
    /// `imbot.v2.Command.list` needs the imbot.v2 API.
    ///
    /// Without it: No v1 method lists commands: keep the COMMAND\_ID that registration returned.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/commands/command-list.md) (source-derived).
    ImbotV2CommandList,
    /// Hands out events to a bot that polls.
    ///
    /// `imbot.v2.Event.get` needs the imbot.v2 API.
    ///
    /// Without it: v1 delivers to an address only (EVENT\_HANDLER); a bot that cannot be reached from the portal has no way.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/event-get.md) (source-derived).
    ImbotV2EventGet,
    /// Uploads a file and posts it in a chat.
    ///
    /// `imbot.v2.File.upload` needs the imbot.v2 API.
    ///
    /// Without it: No v1 method of a bot does it. im.disk.folder.get, disk.folder.uploadfile and im.disk.file.commit do it for the calling user.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/files/file-upload.md) (source-derived).
    ImbotV2FileUpload,
    /// Returns a link to the content of a file.
    ///
    /// `imbot.v2.File.download` needs the imbot.v2 API.
    ///
    /// Without it: No v1 method of a bot does it; disk.file.get gives a link where the disk scope is granted.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/files/file-download.md) (source-derived).
    ImbotV2FileDownload,
    /// Someone wrote to the bot or in a chat it listens to.
    ///
    /// `ONIMBOTV2MESSAGEADD` needs the imbot.v2 API.
    ///
    /// Without it: A bot registered with imbot.register gets ONIMBOTMESSAGEADD instead, in the older format.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2messageadd) (source-derived).
    OnImbotV2MessageAdd,
    /// A message was edited.
    ///
    /// `ONIMBOTV2MESSAGEUPDATE` needs the imbot.v2 API.
    ///
    /// Without it: A bot registered with imbot.register gets ONIMBOTMESSAGEUPDATE instead, in the older format.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2messageupdate) (source-derived).
    OnImbotV2MessageUpdate,
    /// A message was deleted.
    ///
    /// `ONIMBOTV2MESSAGEDELETE` needs the imbot.v2 API.
    ///
    /// Without it: A bot registered with imbot.register gets ONIMBOTMESSAGEDELETE instead, in the older format.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2messagedelete) (source-derived).
    OnImbotV2MessageDelete,
    /// The bot was invited to a chat.
    ///
    /// `ONIMBOTV2JOINCHAT` needs the imbot.v2 API.
    ///
    /// Without it: A bot registered with imbot.register gets ONIMBOTJOINCHAT instead, in the older format.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2joinchat) (source-derived).
    OnImbotV2JoinChat,
    /// The bot was deleted.
    ///
    /// `ONIMBOTV2DELETE` needs the imbot.v2 API.
    ///
    /// Without it: A bot registered with imbot.register gets ONIMBOTDELETE instead, in the older format.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2delete) (source-derived).
    OnImbotV2Delete,
    /// A chat with the bot was opened with a context.
    ///
    /// `ONIMBOTV2CONTEXTGET` needs the imbot.v2 API.
    ///
    /// Without it: A bot registered with imbot.register gets ONIMBOTCONTEXTGET instead, in the older format.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2contextget) (source-derived).
    OnImbotV2ContextGet,
    /// A user gave one of the bot's commands.
    ///
    /// `ONIMBOTV2COMMANDADD` needs the imbot.v2 API.
    ///
    /// Without it: A bot registered with imbot.register gets ONIMCOMMANDADD instead, in the older format.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2commandadd) (source-derived).
    OnImbotV2CommandAdd,
    /// A reaction to a message of the bot changed.
    ///
    /// `ONIMBOTV2REACTIONCHANGE` needs the imbot.v2 API.
    ///
    /// Without it: Reactions are not reported to bots of the first generation.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2reactionchange) (source-derived).
    OnImbotV2ReactionChange,
    /// Starts to record events for the calling user.
    ///
    /// `im.v2.Event.subscribe` needs REST revision 33 or newer.
    ///
    /// Without it: No older portal records events for a user.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/event-subscribe.md) (source-derived).
    ImV2EventSubscribe,
    /// Stops to record events for the calling user.
    ///
    /// `im.v2.Event.unsubscribe` needs REST revision 33 or newer.
    ///
    /// Without it: Nothing is recorded on older portals, so there is nothing to stop.
    ///
    /// Beware: Events that were recorded and not yet read are lost. Drain the queue first.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/event-unsubscribe.md) (source-derived).
    ImV2EventUnsubscribe,
    /// Hands out the recorded events of the calling user.
    ///
    /// `im.v2.Event.get` needs REST revision 33 or newer.
    ///
    /// Without it: Poll im.dialog.messages.get for each dialog of interest.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/event-get.md) (source-derived).
    ImV2EventGet,
    /// Uploads a file and posts it in a chat as the calling user.
    ///
    /// `im.v2.File.upload` needs REST revision 33 or newer.
    ///
    /// Without it: im.disk.folder.get, disk.folder.uploadfile and im.disk.file.commit, in this order.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/files/file-upload.md) (source-derived).
    ImV2FileUpload,
    /// Returns a link to the content of a file in a chat.
    ///
    /// `im.v2.File.download` needs REST revision 33 or newer.
    ///
    /// Without it: disk.file.get gives a link where the disk scope is granted.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/files/file-download.md) (source-derived).
    ImV2FileDownload,
    /// Delivers a context to the bot of a chat, as opening it by a link does.
    ///
    /// `im.v2.Chat.Bot.sendContext` needs REST revision 33 or newer. Published 2026-06-03.
    ///
    /// Without it: Put the context into a message or a command of the user.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bot-context.md) (source-derived).
    ImV2ChatBotSendContext,
    /// A message appeared in a chat of the user.
    ///
    /// `ONIMV2MESSAGEADD` needs REST revision 33 or newer.
    ///
    /// Without it: It comes by polling alone, through im.v2.Event.get or imbot.v2.Event.get with withUserEvents; older portals have no equal.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/events.md#onimv2messageadd) (source-derived).
    OnImV2MessageAdd,
    /// A message in a chat of the user was edited.
    ///
    /// `ONIMV2MESSAGEUPDATE` needs REST revision 33 or newer.
    ///
    /// Without it: It comes by polling alone, through im.v2.Event.get or imbot.v2.Event.get with withUserEvents; older portals have no equal.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/events.md#onimv2messageupdate) (source-derived).
    OnImV2MessageUpdate,
    /// A message in a chat of the user was deleted.
    ///
    /// `ONIMV2MESSAGEDELETE` needs REST revision 33 or newer.
    ///
    /// Without it: It comes by polling alone, through im.v2.Event.get or imbot.v2.Event.get with withUserEvents; older portals have no equal.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/events.md#onimv2messagedelete) (source-derived).
    OnImV2MessageDelete,
    /// A reaction in a chat of the user changed.
    ///
    /// `ONIMV2REACTIONCHANGE` needs REST revision 33 or newer.
    ///
    /// Without it: It comes by polling alone, through im.v2.Event.get or imbot.v2.Event.get with withUserEvents; older portals have no equal.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/events.md#onimv2reactionchange) (source-derived).
    OnImV2ReactionChange,
    /// The user was invited to a chat.
    ///
    /// `ONIMV2JOINCHAT` needs REST revision 33 or newer.
    ///
    /// Without it: It comes by polling alone, through im.v2.Event.get or imbot.v2.Event.get with withUserEvents; older portals have no equal.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/events.md#onimv2joinchat) (source-derived).
    OnImV2JoinChat,
    /// Event.get returns nextOffset, ready to be passed on as offset.
    ///
    /// `event.get.next_offset` needs the imbot.v2 API. Published 2026-03-25.
    ///
    /// Without it: Where nextOffset is missing, continue with lastEventId + 1.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#event-get-next-offset) (documented, BOT-BC-0325-1).
    EventNextOffset,
    /// Event.get still returns lastEventId, the older cursor.
    ///
    /// `event.get.last_event_id` needs the imbot.v2 API. Published 2026-03-25. The old form ends on 2026-09-25.
    ///
    /// Without it: Read nextOffset first, and this only where that is missing.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#event-get-next-offset) (documented, BOT-BC-0325-1).
    EventLastEventId,
    /// Command.register reads its parameters from fields.
    ///
    /// `command.register.fields` needs REST revision 33 or newer and the imbot.v2 API. Published 2026-03-30.
    ///
    /// Without it: Send the parameters twice, inside fields and flat: builds with 32 ignore the one, later ones the other.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#command-register-fields) (documented, BOT-BC-0330-1).
    CommandRegisterFields,
    /// Command.register still takes flat parameters.
    ///
    /// `command.register.flat` needs the imbot.v2 API. Published 2026-03-30. The old form ends on 2026-09-30.
    ///
    /// Without it: Send fields as well; where they are read, the flat ones are ignored.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#command-register-fields) (documented, BOT-BC-0330-1).
    CommandRegisterFlat,
    /// JSON booleans in fields.system of a sent message.
    ///
    /// `message.system` needs REST revision 33 or newer and the imbot.v2 API. Published 2026-04-02.
    ///
    /// Without it: Send "Y" or "N": every build takes them.
    ///
    /// Beware: The message goes out and the flag may be ignored, without an error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0402-2-chatmessagesend-normalization-of-boolean-fields) (documented, BOT-FIX-0402-2).
    SystemMessage,
    /// JSON booleans in fields.urlPreview of a sent message.
    ///
    /// `message.url_preview` needs REST revision 33 or newer and the imbot.v2 API. Published 2026-04-02.
    ///
    /// Without it: Send "Y" or "N": every build takes them.
    ///
    /// Beware: The message goes out and the flag may be ignored, without an error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0402-2-chatmessagesend-normalization-of-boolean-fields) (documented, BOT-FIX-0402-2).
    UrlPreviewBoolean,
    /// JSON booleans in fields.skipConnector of a sent message.
    ///
    /// `message.skip_connector` needs REST revision 33 or newer and the imbot.v2 API. Published 2026-04-02.
    ///
    /// Without it: Send "Y" or "N": every build takes them.
    ///
    /// Beware: The message goes out and the flag may be ignored, without an error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0402-2-chatmessagesend-normalization-of-boolean-fields) (documented, BOT-FIX-0402-2).
    SkipConnectorBoolean,
    /// JSON booleans in fields.silentConnector of a sent message.
    ///
    /// `message.silent_connector` needs REST revision 33 or newer and the imbot.v2 API. Published 2026-04-02.
    ///
    /// Without it: Send "Y" or "N": every build takes them.
    ///
    /// Beware: The message goes out and the flag may be ignored, without an error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0402-2-chatmessagesend-normalization-of-boolean-fields) (documented, BOT-FIX-0402-2).
    SilentConnectorBoolean,
    /// Command.list returns title and params of commands registered by REST.
    ///
    /// `command.list.titles` needs REST revision 34 or newer and the imbot.v2 API. Published 2026-04-08.
    ///
    /// Without it: Keep your own copy of titles and hints; an empty one means neither that data was lost nor that the command should be registered again.
    ///
    /// Beware: Both come back empty, as if nothing had been stored.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-3-commandlist-fixed-localization-display) (documented, BOT-FIX-0408-3).
    CommandListTitles,
    /// An unknown backgroundId of a bot becomes null.
    ///
    /// `bot.background_id` needs REST revision 34 or newer and the imbot.v2 API. Published 2026-04-08.
    ///
    /// Without it: Leave an unknown one out: it stands for none. Known are azure, mint, steel, slate, teal, cornflower, sky, peach or frost, in small letters.
    ///
    /// Beware: A misspelt value is stored as it is, and the call succeeds.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-4-botregister--botupdate-normalization-of-backgroundid) (documented, BOT-FIX-0408-4).
    BackgroundIdNormalized,
    /// TextField.enabled works in a private chat with the bot.
    ///
    /// `text_field.private_chats` needs REST revision 34 or newer and the imbot.v2 API. Published 2026-04-08.
    ///
    /// Without it: Read ACCESS\_DENIED in a private chat as "cannot be done here".
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-5-chattextfieldenabled-support-for-p2p-chats) (documented, BOT-FIX-0408-5).
    TextFieldInPrivateChats,
    /// A webhook call without botToken fails with BOT\_TOKEN\_NOT\_SPECIFIED.
    ///
    /// `error.bot_token_not_specified` needs REST revision 34 or newer and the imbot.v2 API. Published 2026-04-08.
    ///
    /// Without it: Read CLIENT\_ID\_NOT\_SPECIFIED as the same error, on every portal.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-6-error-code-bot_token_not_specified) (documented, BOT-FIX-0408-6).
    BotTokenNotSpecified,
    /// A webhook call without botToken fails with CLIENT\_ID\_NOT\_SPECIFIED.
    ///
    /// `error.client_id_not_specified` needs REST revision 33 or older and the imbot.v2 API. Published 2026-04-08.
    ///
    /// Without it: Expect BOT\_TOKEN\_NOT\_SPECIFIED, and take both codes for one error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-6-error-code-bot_token_not_specified) (documented, BOT-FIX-0408-6).
    ClientIdNotSpecified,
    /// Bot.update and Bot.unregister remove the event subscriptions they make useless.
    ///
    /// `events.subscription_cleanup` needs REST revision 35 or newer and the imbot.v2 API. Published 2026-05-01.
    ///
    /// Without it: As an application, call event.unbind for each ONIMBOTV2 handler of the address that goes out of use; a webhook can neither list nor remove them.
    ///
    /// Beware: Old subscriptions stay alive: events, with what users wrote, keep going to every former address.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0501-1) (documented, BOT-FIX-0501-1).
    SubscriptionCleanup,
    /// Events of a bot that a webhook registered reach an address without CLIENT\_ID.
    ///
    /// `events.webhook_client_id` needs REST revision 35 or newer and the imbot.v2 API.
    ///
    /// Without it: Let the bot poll (eventMode = fetch and imbot.v2.Event.get), or put CLIENT\_ID=\<botToken\> into the query of fields.webhookUrl, sent together with eventMode. Whoever reads the log of the server behind that address then sees the token.
    ///
    /// Beware: The call succeeds and the bot never hears an event: the portal drops each one in silence.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/lib/V2/Event/BotWebhookPayloadBuilder.php) (source-derived).
    WebhookEventsWithoutClientId,
    /// Bot.update replaces the botToken.
    ///
    /// `bot.token_rotation` needs REST revision 35 or newer and the imbot.v2 API. Published 2026-05-01.
    ///
    /// Without it: Do not send it. To change a token, unregister the bot and register it anew; its id changes.
    ///
    /// Beware: Portals below 35 ignore the field and report success: a client that stores the new token is locked out of its bot.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-new-0501-2) (documented, BOT-NEW-0501-2).
    BotTokenRotation,
    /// A rotation takes a new token of at most 40 characters.
    ///
    /// `bot.token_rotation.length` needs REST revision 35 or newer and the imbot.v2 API. Published 2026-05-01.
    ///
    /// Without it: Make tokens of at most 40 characters, for every portal.
    ///
    /// Beware: Where rotation is not known, a long token is ignored like a short one, and the caller is locked out if it stores it.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-new-0501-2) (documented, BOT-NEW-0501-2).
    BotTokenRotationLength,
    /// A rotation to a token in use fails with BOT\_TOKEN\_ROTATION\_FAILED.
    ///
    /// `error.bot_token_rotation_failed` needs REST revision 35 or newer and the imbot.v2 API. Published 2026-05-01.
    ///
    /// Without it: It cannot occur where tokens are not rotated; success there proves nothing.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-new-0501-2) (documented, BOT-NEW-0501-2).
    BotTokenRotationFailed,
    /// A rotation to a token that is too long fails with BOT\_TOKEN\_INVALID\_LENGTH.
    ///
    /// `error.bot_token_invalid_length.rotation` needs REST revision 35 or newer and the imbot.v2 API. Published 2026-05-01.
    ///
    /// Without it: It cannot occur where tokens are not rotated; success there proves nothing.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-update.md#token-rotation) (documented, BOT-NEW-0501-2).
    BotTokenInvalidLengthRotation,
    /// The old token fails with BOT\_OWNERSHIP\_ERROR as soon as it was rotated.
    ///
    /// `error.bot_ownership.after_rotation` needs REST revision 35 or newer and the imbot.v2 API. Published 2026-05-01.
    ///
    /// Without it: Without rotation the code always means that the bot belongs to someone else.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-update.md#token-rotation) (documented, BOT-NEW-0501-2).
    OwnershipErrorAfterRotation,
    /// Replies and events carry bot.appId.
    ///
    /// `bot.app_id` needs REST revision 34 or older and the imbot.v2 API. Published 2026-05-01.
    ///
    /// Without it: bot.code, or the mere success of a call, shows whose bot it is.
    ///
    /// Beware: For a bot of a webhook it holds "custom" and the botToken: the secret itself reaches logs and copies of events.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0501-3) (documented, BOT-FIX-0501-3).
    BotAppId,
    /// Bot.register rejects a botToken of more than 40 characters.
    ///
    /// `bot.token_length_limit` needs REST revision 36 or newer and the imbot.v2 API. Published 2026-05-06. Holds from 2026-08-06.
    ///
    /// Without it: Make tokens of at most 40 characters; they are right before and after.
    ///
    /// Beware: A bot that registers itself at every start with a long token works until the day, and cannot come back after a loss of state.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-bc-0506-1) (documented, BOT-BC-0506-1).
    BotTokenLengthLimit,
    /// A registration with a token that is too long fails with BOT\_TOKEN\_INVALID\_LENGTH.
    ///
    /// `error.bot_token_invalid_length` needs REST revision 36 or newer and the imbot.v2 API. Published 2026-05-06. Holds from 2026-08-06.
    ///
    /// Without it: Older portals accept the token.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-bc-0506-1) (documented, BOT-BC-0506-1).
    BotTokenInvalidLength,
    /// A visible command without a title fails with COMMAND\_TITLE\_REQUIRED.
    ///
    /// `command.register.title_required` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Always send a title; older builds take it as well.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php) (source-derived).
    CommandTitleRequired,
    /// A command name that is no string fails with COMMAND\_NAME\_INVALID.
    ///
    /// `command.name_invalid` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Read error "100" of a registration, and an error with code "0" or "" of an update, as the same fault.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php) (source-derived).
    CommandNameInvalid,
    /// An empty new name of a command fails with COMMAND\_NAME\_EMPTY.
    ///
    /// `command.name_empty` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Check the name before sending.
    ///
    /// Beware: The call succeeds and the empty name is ignored.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php) (source-derived).
    CommandNameEmpty,
    /// A rename to a name in use fails with COMMAND\_ALREADY\_EXISTS.
    ///
    /// `command.already_exists` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Compare with the names of Command.list before; older builds do not rename at all.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php) (source-derived).
    CommandAlreadyExists,
    /// A title that is no object fails with COMMAND\_TITLE\_INVALID.
    ///
    /// `command.title_invalid` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Send an object of languages and texts; what older builds do with anything else is undefined.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php) (source-derived).
    CommandTitleInvalid,
    /// Command.update renames a command.
    ///
    /// `command.update.rename` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Register the new name and unregister the old one; the command id changes.
    ///
    /// Beware: The call succeeds and the name stays.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/lib/command.php) (source-derived).
    CommandRename,
    /// Command.update keeps the translations that fields.title does not mention.
    ///
    /// `command.update.title_merge` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Send the full set of translations: right on every build.
    ///
    /// Beware: Translations that the call leaves out are deleted.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php) (source-derived).
    CommandTitleMerge,
    /// A null in fields.title deletes that translation.
    ///
    /// `command.update.title_null_deletes` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Send the full set without that language; there the set is replaced as a whole.
    ///
    /// Beware: The null is stored or rejected, and the translations left out are gone.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php) (source-derived).
    CommandTitleNullDeletes,
    /// Language keys of titles and hints are taken in any case.
    ///
    /// `command.lang_case` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Send language keys in small letters: every build takes them.
    ///
    /// Beware: A key such as EN is stored as it is, and the text is never found.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php) (source-derived).
    CommandLanguageCase,
    /// An empty list of managers fails with EMPTY\_USER\_IDS.
    ///
    /// `manager.empty_user_ids` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Do not call with an empty list; older builds report success and do nothing.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Chat/Manager.php) (source-derived).
    ManagerEmptyUserIds,
    /// Colour names are taken in camel case.
    ///
    /// `color.camel_case` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Send LIGHT\_BLUE rather than lightBlue; every build knows it.
    ///
    /// Beware: The call may succeed with another colour than was asked for.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/BotController.php) (source-derived).
    ColorCamelCase,
    /// An unknown colour is dropped and the present one stays.
    ///
    /// `color.invalid_ignored` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Leave an unknown colour out.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/BotController.php) (source-derived).
    ColorInvalidIgnored,
    /// A JSON boolean in enabled of TextField.enabled.
    ///
    /// `text_field.enabled.boolean` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Send "Y" or "N": every build takes them.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Chat/TextField.php) (source-derived).
    TextFieldBoolean,
    /// A JSON boolean in complete of Message.delete.
    ///
    /// `message.delete.complete.boolean` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Send "Y" or "N": every build takes them.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Chat/Message.php) (source-derived).
    MessageDeleteCompleteBoolean,
    /// JSON booleans in the flat parameters of Command.register.
    ///
    /// `command.register.flat.boolean` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Send "Y" or "N": every build takes them.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php) (source-derived).
    CommandRegisterFlatBoolean,
    /// Message.delete deletes the message it was given.
    ///
    /// `message.delete.collection` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: imbot.message.delete with BOT\_ID, MESSAGE\_ID and COMPLETE.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Chat/Message.php) (inferred).
    MessageDeleteWorks,
    /// Bot.update changes isSupportOpenline.
    ///
    /// `bot.update.support_openline` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Set it when the bot is registered.
    ///
    /// Beware: The call succeeds and the flag stays.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/lib/bot.php) (source-derived).
    SupportOpenlineUpdate,
    /// File.download checks what the bot may read, not the calling user.
    ///
    /// `file.download.bot_access` needs REST revision 33 or newer and the imbot.v2 API.
    ///
    /// Without it: Read an access error as possibly wrong; a call under a user who may read the file works.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/lib/V2/Controller/Filter/CheckDiskFileAccess.php) (source-derived).
    FileDownloadAsBot,
    /// imbot.bot.list returns ids as integers.
    ///
    /// `v1.bot_list.id_int` needs REST revision 33 or newer.
    ///
    /// Without it: Take the id as a number or as a string.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/classes/general/im_rest.php#botList) (source-derived).
    BotListIdInteger,
    /// im.recent.get and im.recent.list can leave the counters out.
    ///
    /// `im.recent.with_counters` needs REST revision 33 or newer.
    ///
    /// Without it: Leave WITH\_COUNTERS out; older builds ignore it and always count.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/classes/general/im_rest.php) (source-derived).
    RecentWithCounters,
    /// Event.get adds the events of the calling user to those of the bot.
    ///
    /// `event.get.user_events` needs the imbot.v2 API.
    ///
    /// Without it: Leave withUserEvents out for "no". In a batch, where all values are strings, send 1 or 0.
    ///
    /// Beware: Any other string counts as true, "N" and "false" among them: the reply then mixes in the private messages of the user, or fails with SCOPE\_ERROR.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Event.php) (source-derived).
    EventUserEvents,
    /// Any text in withUserEvents but 0 counts as true.
    ///
    /// `event.get.user_events.text` needs the imbot.v2 API.
    ///
    /// Without it: Send a JSON boolean.
    ///
    /// Beware: "N" and "false" ask for it: the reply then mixes in the private messages of the user, or fails with SCOPE\_ERROR.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Event.php) (source-derived).
    EventUserEventsText,
    /// Bot.update moves the events of a bot to another address.
    ///
    /// `bot.update.webhook_url` needs the imbot.v2 API.
    ///
    /// Without it: Check the address before, and look at event.get afterwards.
    ///
    /// Beware: Before im 26.600.0 an invalid address is not reported: the call succeeds, the other fields are saved, and nothing is subscribed.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/imbot/lib/V2/Controller/Bot.php) (source-derived).
    BotUpdateWebhookUrl,
    /// Bot.update may fail with BOT\_UPDATE\_FAILED.
    ///
    /// `error.bot_update_failed` needs the imbot.v2 API.
    ///
    /// Without it: Expect the code on every portal. Builds before im 26.600.0 never send it: there, read the bot back to see what was saved.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e97f45aaed91725094e9d2133fd776b1f0fbf29c/imbot/lib/V2/Controller/Bot.php) (source-derived).
    BotUpdateFailed,
    /// Bot.update switches a bot between polling and delivery.
    ///
    /// `bot.update.event_mode` needs the imbot.v2 API.
    ///
    /// Without it: Drain Event.get first, then send webhookUrl together with eventMode = webhook.
    ///
    /// Beware: A switch to webhook without an address succeeds, subscribes nothing, and the events are lost. A switch from fetch to webhook deletes what was queued and not yet read.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/imbot/lib/V2/Controller/Bot.php) (source-derived).
    BotUpdateEventMode,
    /// Message.send and Message.update keep the fields they know and drop the rest.
    ///
    /// `message.fields.whitelist` needs the imbot.v2 API.
    ///
    /// Without it: Leave out fields that are not documented for the method; a menu in particular has no v2 form.
    ///
    /// Beware: An unknown field is dropped without an error, so trying a new field on an old portal proves nothing.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php) (source-derived).
    MessageFieldsWhitelist,
    /// Message.update takes fields.urlPreview and never reads it.
    ///
    /// `message.update.url_preview` needs the imbot.v2 API.
    ///
    /// Without it: Decide about link previews when the message is sent; an update does not change them.
    ///
    /// Beware: The call succeeds and the preview stays as it was.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-update.md) (source-derived).
    MessageUpdateUrlPreview,
    /// Bot.update ignores fields that it does not know, in silence.
    ///
    /// `bot.update.unknown_fields` needs the imbot.v2 API.
    ///
    /// Without it: Send documented fields alone, and compare the bot in the reply with what was asked for.
    ///
    /// Beware: A misspelt field, or one of the older API such as fields.BOT, reports success and changes nothing.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Bot.php) (source-derived).
    BotUpdateUnknownFields,
    /// Bot.register with a code that the application has returns that bot unchanged.
    ///
    /// `bot.register.known_code` needs the imbot.v2 API.
    ///
    /// Without it: To change a bot that is there, call Bot.update: a second registration changes neither its profile nor its address nor its mode.
    ///
    /// Beware: A bot that registers itself at every start with a new address or mode gets success, and keeps the old ones.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Bot.php) (source-derived).
    BotRegisterKnownCode,
    /// A registration may fail with BOT\_LIMIT\_EXCEEDED.
    ///
    /// `error.bot_limit_exceeded` needs the imbot.v2 API.
    ///
    /// Without it: Handle the code where it comes, and do not wait for it: unregister bots that are out of use.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-register.md) (documented).
    BotLimitExceeded,
    /// Bot.register takes botToken at the top level or inside fields.
    ///
    /// `bot.register.token_location` needs the imbot.v2 API.
    ///
    /// Without it: All other methods take it at the top level alone.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Bot.php) (source-derived).
    BotTokenLocation,
    /// Bots of type bot, network, openline, supervisor and personal.
    ///
    /// `bot.types` needs the imbot.v2 API.
    ///
    /// Without it: v1 knows B, O, S and H; what was registered as H is shown as bot.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Entity/Bot/BotType.php) (source-derived).
    BotTypes,
    /// Reading messages is denied to most types of bot with BOT\_TYPE\_NOT\_ALLOWED.
    ///
    /// `error.bot_type_not_allowed` needs the imbot.v2 API.
    ///
    /// Without it: Register the bot as supervisor or personal.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-get.md#error-handling) (documented).
    BotTypeNotAllowed,
    /// Methods that only do something answer {"result": true} as their result.
    ///
    /// `response.nested_result` needs the imbot.v2 API.
    ///
    /// Without it: Take a bare true for the same.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-leave.md) (source-derived).
    NestedResult,
    /// Events may carry the replied-to message in additionalMessages.
    ///
    /// `event.additional_messages` needs the imbot.v2 API.
    ///
    /// Without it: Take the member as optional on every portal; where it is missing, a bot of type supervisor or personal can read the message with Chat.Message.get.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e97f45aaed91725094e9d2133fd776b1f0fbf29c/im/lib/V2/Event/EventPayload.php) (source-derived).
    EventAdditionalMessages,
    /// clientId is taken as another name of botToken.
    ///
    /// `auth.client_id` needs the imbot.v2 API.
    ///
    /// Without it: Send botToken; no date is given for the end of the alias.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/BotController.php) (source-derived).
    ClientIdAlias,
    /// Tells the revision numbers to a caller with the im scope.
    ///
    /// `im.revision.get` needs REST revision 18 or newer.
    ///
    /// Without it: Without the im scope it answers insufficient\_scope, which says nothing about the revision.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/im-revision-get.md) (source-derived).
    ImRevisionGet,
    /// im.revision.get tells the desktop counter.
    ///
    /// `im.revision.get.desktop` needs REST revision 26 or newer.
    ///
    /// Without it: Take the counter as unknown.
    ///
    /// [Source](https://github.com/alexprowars/bxApiDocs/blob/e7d2bfd11ef713e4c2decd1f3c8f4ddfe96f1ca9/modules/im/lib/revision.php) (source-derived).
    ImRevisionDesktop,
    /// Keyboard buttons act in the client: put, send, copy, call, open a dialog.
    ///
    /// `keyboard.action` needs REST revision 28 or newer.
    ///
    /// Without it: Use a button with LINK or COMMAND.
    ///
    /// Beware: The button is shown and does nothing.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/keyboards.md) (documented).
    KeyboardAction,
    /// Menu items act in the client: put, send, copy, call, open a dialog.
    ///
    /// `menu.action` needs REST revision 28 or newer.
    ///
    /// Without it: Use an item with LINK or COMMAND (REST 26).
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/menu.md) (documented).
    MenuAction,
    /// Menu items that open a link.
    ///
    /// `menu.link` needs REST revision 26 or newer.
    ///
    /// Without it: Put the link into the text, or on a keyboard button.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/menu.md) (documented).
    MenuLink,
    /// Menu items that send a command to the bot.
    ///
    /// `menu.command` needs REST revision 26 or newer.
    ///
    /// Without it: Use a keyboard button with COMMAND.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/menu.md) (documented).
    MenuCommand,
    /// Returns a chat by its dialog id, for a bot of the first generation.
    ///
    /// `imbot.dialog.get` needs REST revision 24 or newer. Published 2026-04-02.
    ///
    /// Without it: imbot.chat.get finds a chat that was made for an entity, by ENTITY\_TYPE and ENTITY\_ID.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chat-bots/chats/imbot-dialog-get.md) (documented).
    ImbotDialogGet,
    /// Opens or closes the input field of a chat, for a bot of the first generation.
    ///
    /// `imbot.chat.updateTextFieldEnabled` needs REST revision 33 or newer.
    ///
    /// Without it: Older portals cannot close the field for a bot; leave it open.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botUpdateTextFieldEnabled) (source-derived).
    ImbotChatUpdateTextFieldEnabled,
    /// Bots can ask to hear of edited and deleted messages.
    ///
    /// `v1.events.message_update_delete` needs REST revision 18 or newer.
    ///
    /// Without it: Edits and deletions stay unknown to the bot.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php) (inferred).
    BotMessageUpdateDeleteEvents,
    /// imbot.register takes TYPE = S, a bot that reads the whole chat.
    ///
    /// `v1.bot.type_supervisor` needs REST revision 18 or newer.
    ///
    /// Without it: Register an ordinary bot (B); it reads what is addressed to it.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php) (inferred).
    BotTypeSupervisor,
    /// Chats carry ENTITY\_TYPE and ENTITY\_ID and are found by them.
    ///
    /// `v1.chat.entity` needs REST revision 18 or newer.
    ///
    /// Without it: Remember the id of the chat that was made.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php) (inferred).
    ChatEntity,
    /// imbot.update changes OPENLINE.
    ///
    /// `v1.update.openline` needs REST revision 33 or newer.
    ///
    /// Without it: To change it, register the bot anew.
    ///
    /// Beware: The call succeeds and the flag stays.
    ///
    /// [Source](https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/lib/bot.php) (source-derived).
    BotUpdateOpenline,
    /// Opens a chat.
    ///
    /// `im.chat.add` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-chat-add.md) (documented).
    ImChatAdd,
    /// Finds a chat by its entity.
    ///
    /// `im.chat.get` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-chat-get.md) (documented).
    ImChatGet,
    /// Leaves a chat.
    ///
    /// `im.chat.leave` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-users/im-chat-leave.md) (documented).
    ImChatLeave,
    /// Hands a chat of the calling user over to another owner.
    ///
    /// `im.chat.setOwner` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-update/index.md) (documented).
    ImChatSetOwner,
    /// Changes the picture of a chat.
    ///
    /// `im.chat.updateAvatar` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-update/im-chat-update-avatar.md) (documented).
    ImChatUpdateAvatar,
    /// Changes the colour of a chat.
    ///
    /// `im.chat.updateColor` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-update/im-chat-update-color.md) (documented).
    ImChatUpdateColor,
    /// Changes the title of a chat.
    ///
    /// `im.chat.updateTitle` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-update/im-chat-update-title.md) (documented).
    ImChatUpdateTitle,
    /// Invites users to a chat of the calling user.
    ///
    /// `im.chat.user.add` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-users/index.md) (documented).
    ImChatUserAdd,
    /// Removes a user from a chat of the calling user.
    ///
    /// `im.chat.user.delete` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-users/im-chat-user-delete.md) (documented).
    ImChatUserDelete,
    /// Lists the members of a chat by id.
    ///
    /// `im.chat.user.list` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-users/im-chat-user-list.md) (documented).
    ImChatUserList,
    /// Returns departments.
    ///
    /// `im.department.get` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/departments/im-department-get.md) (documented).
    ImDepartmentGet,
    /// Posts an uploaded file in a chat.
    ///
    /// `im.disk.file.commit` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/files/im-disk-file-commit.md) (documented).
    ImDiskFileCommit,
    /// Deletes a file of a chat.
    ///
    /// `im.disk.file.delete` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/files/im-disk-file-delete.md) (documented).
    ImDiskFileDelete,
    /// Returns the folder for the files of a chat.
    ///
    /// `im.disk.folder.get` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/files/index.md) (documented).
    ImDiskFolderGet,
    /// Sends a message as the calling user.
    ///
    /// `im.message.add` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-message-add.md) (documented).
    ImMessageAdd,
    /// Deletes a message of the calling user.
    ///
    /// `im.message.delete` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-message-delete.md) (documented).
    ImMessageDelete,
    /// Likes a message, or takes the like back.
    ///
    /// `im.message.like` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-message-like.md) (documented).
    ImMessageLike,
    /// Edits a message of the calling user.
    ///
    /// `im.message.update` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-message-update.md) (documented).
    ImMessageUpdate,
    /// Deletes notifications.
    ///
    /// `im.notify.delete` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-delete.md) (documented).
    ImNotifyDelete,
    /// Sends a notification from a person.
    ///
    /// `im.notify.personal.add` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-personal-add.md) (documented).
    ImNotifyPersonalAdd,
    /// Marks a notification, or it and all newer ones, as read.
    ///
    /// `im.notify.read` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-read.md) (documented).
    ImNotifyRead,
    /// Sends a notification from the system.
    ///
    /// `im.notify.system.add` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-system-add.md) (documented).
    ImNotifySystemAdd,
    /// Returns the short list of recent chats.
    ///
    /// `im.recent.get` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-recent-get.md) (documented).
    ImRecentGet,
    /// Takes a chat off the list of recent ones.
    ///
    /// `im.recent.hide` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/special-operations/im-recent-hide.md) (documented).
    ImRecentHide,
    /// Adds an entry to the last searches.
    ///
    /// `im.search.last.add` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/search/im-search-last-add.md) (documented).
    ImSearchLastAdd,
    /// Removes an entry from the last searches.
    ///
    /// `im.search.last.delete` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/search/im-search-last-delete.md) (documented).
    ImSearchLastDelete,
    /// Returns what was searched for last.
    ///
    /// `im.search.last.get` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/search/im-search-last-get.md) (documented).
    ImSearchLastGet,
    /// Returns the data of a user.
    ///
    /// `im.user.get` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/users/im-user-get.md) (documented).
    ImUserGet,
    /// Shows the user as away.
    ///
    /// `im.user.status.idle.start` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/users/im-user-status-idle-start.md) (documented).
    ImUserStatusIdleStart,
    /// Sets the user's status.
    ///
    /// `im.user.status.set` needs REST revision 18 or newer.
    ///
    /// Without it: No portal with a lower revision is documented; call it and read the error.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/users/im-user-status-set.md) (documented).
    ImUserStatusSet,
    /// Silences the notifications of a chat.
    ///
    /// `im.chat.mute` needs REST revision 19 or newer.
    ///
    /// Without it: Older portals have no equal; do without it.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/special-operations/index.md) (documented).
    ImChatMute,
    /// Lists the user's colleagues.
    ///
    /// `im.department.colleagues.list` needs REST revision 19 or newer.
    ///
    /// Without it: Older portals have no equal; do without it.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/departments/im-department-colleagues-list.md) (documented).
    ImDepartmentColleaguesList,
    /// Lists the employees of departments.
    ///
    /// `im.department.employees.get` needs REST revision 19 or newer.
    ///
    /// Without it: Older portals have no equal; do without it.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/departments/im-department-employees-get.md) (documented).
    ImDepartmentEmployeesGet,
    /// Lists the managers of departments.
    ///
    /// `im.department.managers.get` needs REST revision 19 or newer.
    ///
    /// Without it: Older portals have no equal; do without it.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/departments/im-department-managers-get.md) (documented).
    ImDepartmentManagersGet,
    /// Reads the messages of a dialog.
    ///
    /// `im.dialog.messages.get` needs REST revision 19 or newer.
    ///
    /// Without it: Older portals have no equal; do without it.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-dialog-messages-get.md) (documented).
    ImDialogMessagesGet,
    /// Pins a chat to the top.
    ///
    /// `im.recent.pin` needs REST revision 19 or newer.
    ///
    /// Without it: Older portals have no equal; do without it.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/special-operations/im-recent-pin.md) (documented).
    ImRecentPin,
    /// Finds chats.
    ///
    /// `im.search.chat.list` needs REST revision 19 or newer.
    ///
    /// Without it: Older portals have no equal; do without it.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/search/index.md) (documented).
    ImSearchChatList,
    /// Finds departments.
    ///
    /// `im.search.department.list` needs REST revision 19 or newer.
    ///
    /// Without it: Older portals have no equal; do without it.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/search/im-search-department-list.md) (documented).
    ImSearchDepartmentList,
    /// Finds users.
    ///
    /// `im.search.user.list` needs REST revision 19 or newer.
    ///
    /// Without it: Older portals have no equal; do without it.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/search/im-search-user-list.md) (documented).
    ImSearchUserList,
    /// Returns the data of several users.
    ///
    /// `im.user.list.get` needs REST revision 19 or newer.
    ///
    /// Without it: im.user.get, once for each user.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/users/im-user-list-get.md) (documented).
    ImUserListGet,
    /// Marks messages of a dialog as read.
    ///
    /// `im.dialog.read` needs REST revision 21 or newer.
    ///
    /// Without it: Older portals have no equal; do without it.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-dialog-read.md) (documented).
    ImDialogRead,
    /// Marks messages of a dialog as unread.
    ///
    /// `im.dialog.unread` needs REST revision 21 or newer.
    ///
    /// Without it: Older portals have no equal; do without it.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-dialog-unread.md) (documented).
    ImDialogUnread,
    /// Saves a file of a chat to the own drive.
    ///
    /// `im.disk.file.save` needs REST revision 21 or newer.
    ///
    /// Without it: Fetch the file and upload it with the methods of the disk scope.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/files/im-disk-file-save.md) (documented).
    ImDiskFileSave,
    /// Returns a dialog by its id.
    ///
    /// `im.dialog.get` needs REST revision 24 or newer.
    ///
    /// Without it: im.chat.get finds chats of an entity only.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-dialog-get.md) (documented).
    ImDialogGet,
    /// Marks all dialogs as read.
    ///
    /// `im.dialog.read.all` needs REST revision 30 or newer.
    ///
    /// Without it: im.dialog.read, once for each dialog (REST 21).
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/special-operations/im-dialog-read-all.md) (documented).
    ImDialogReadAll,
    /// Lists the members of a dialog, with their data.
    ///
    /// `im.dialog.users.list` needs REST revision 30 or newer.
    ///
    /// Without it: im.chat.user.list with CHAT\_ID gives ids; im.user.list.get turns them into data.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-users/im-dialog-users-list.md) (documented).
    ImDialogUsersList,
    /// Shows that the user is writing.
    ///
    /// `im.dialog.writing` needs REST revision 30 or newer.
    ///
    /// Without it: Leave it out; it is an ornament.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-dialog-writing.md) (documented).
    ImDialogWriting,
    /// Gives a command of a bot from a message.
    ///
    /// `im.message.command` needs REST revision 30 or newer.
    ///
    /// Without it: Send the command as the text of a message.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-message-command.md) (documented).
    ImMessageCommand,
    /// Turns a message into a task, a post or another entity.
    ///
    /// `im.message.share` needs REST revision 30 or newer.
    ///
    /// Without it: Make the task or post with its own methods.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-message-share.md) (documented).
    ImMessageShare,
    /// Answers a notification that asks for text.
    ///
    /// `im.notify.answer` needs REST revision 30 or newer.
    ///
    /// Without it: Only the user can answer.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-answer.md) (documented).
    ImNotifyAnswer,
    /// Presses a button of a notification.
    ///
    /// `im.notify.confirm` needs REST revision 30 or newer.
    ///
    /// Without it: Only the user can press the button.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-confirm.md) (documented).
    ImNotifyConfirm,
    /// Marks a list of notifications as read or unread.
    ///
    /// `im.notify.read.list` needs REST revision 30 or newer.
    ///
    /// Without it: im.notify.read with ONLY\_CURRENT = Y, once for each notification; it cannot mark as unread.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-read-list.md) (documented).
    ImNotifyReadList,
    /// Lists recent chats page by page.
    ///
    /// `im.recent.list` needs REST revision 30 or newer.
    ///
    /// Without it: im.recent.get returns the newest chats without pages.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-recent-list.md) (documented).
    ImRecentList,
    /// Marks a recent chat as unread.
    ///
    /// `im.recent.unread` needs REST revision 30 or newer.
    ///
    /// Without it: im.dialog.unread marks messages in place of the chat (REST 21).
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/special-operations/im-recent-unread.md) (documented).
    ImRecentUnread,
    /// im.recent.get returns what changed since a time.
    ///
    /// `im.recent.get.last_update` needs REST revision 23 or newer.
    ///
    /// Without it: Leave it out. Compare with the list kept from before.
    ///
    /// Beware: The parameter is ignored, and the full list comes back.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-recent-get.md) (documented).
    ImRecentGetLastUpdate,
    /// im.recent.get returns chats of open channels alone.
    ///
    /// `im.recent.get.only_openlines` needs REST revision 29 or newer.
    ///
    /// Without it: Ask for all and pick.
    ///
    /// Beware: The parameter is ignored, and the full list comes back.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-recent-get.md) (documented).
    ImRecentGetOnlyOpenlines,
    /// im.recent.get returns what changed since the last look, up to seven days back.
    ///
    /// `im.recent.get.last_sync_date` needs REST revision 29 or newer.
    ///
    /// Without it: Leave it out. Use LAST\_UPDATE (REST 23), or ask for all.
    ///
    /// Beware: The parameter is ignored, and the full list comes back.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-recent-get.md) (documented).
    ImRecentGetLastSyncDate,
}

pub(crate) static ALL: [Feature; COUNT] = [
    Feature::ImbotV2RevisionGet,
    Feature::ImbotV2BotRegister,
    Feature::ImbotV2BotUnregister,
    Feature::ImbotV2BotUpdate,
    Feature::ImbotV2BotGet,
    Feature::ImbotV2BotList,
    Feature::ImbotV2ChatAdd,
    Feature::ImbotV2ChatGet,
    Feature::ImbotV2ChatUpdate,
    Feature::ImbotV2ChatSetOwner,
    Feature::ImbotV2ChatLeave,
    Feature::ImbotV2ChatInputActionNotify,
    Feature::ImbotV2ChatManagerAdd,
    Feature::ImbotV2ChatManagerDelete,
    Feature::ImbotV2ChatMessageSend,
    Feature::ImbotV2ChatMessageUpdate,
    Feature::ImbotV2ChatMessageDelete,
    Feature::ImbotV2ChatMessageGet,
    Feature::ImbotV2ChatMessageGetContext,
    Feature::ImbotV2ChatMessageRead,
    Feature::ImbotV2ChatMessageReactionAdd,
    Feature::ImbotV2ChatMessageReactionDelete,
    Feature::ImbotV2ChatTextFieldEnabled,
    Feature::ImbotV2ChatUserList,
    Feature::ImbotV2ChatUserAdd,
    Feature::ImbotV2ChatUserDelete,
    Feature::ImbotV2CommandRegister,
    Feature::ImbotV2CommandUnregister,
    Feature::ImbotV2CommandUpdate,
    Feature::ImbotV2CommandAnswer,
    Feature::ImbotV2CommandList,
    Feature::ImbotV2EventGet,
    Feature::ImbotV2FileUpload,
    Feature::ImbotV2FileDownload,
    Feature::OnImbotV2MessageAdd,
    Feature::OnImbotV2MessageUpdate,
    Feature::OnImbotV2MessageDelete,
    Feature::OnImbotV2JoinChat,
    Feature::OnImbotV2Delete,
    Feature::OnImbotV2ContextGet,
    Feature::OnImbotV2CommandAdd,
    Feature::OnImbotV2ReactionChange,
    Feature::ImV2EventSubscribe,
    Feature::ImV2EventUnsubscribe,
    Feature::ImV2EventGet,
    Feature::ImV2FileUpload,
    Feature::ImV2FileDownload,
    Feature::ImV2ChatBotSendContext,
    Feature::OnImV2MessageAdd,
    Feature::OnImV2MessageUpdate,
    Feature::OnImV2MessageDelete,
    Feature::OnImV2ReactionChange,
    Feature::OnImV2JoinChat,
    Feature::EventNextOffset,
    Feature::EventLastEventId,
    Feature::CommandRegisterFields,
    Feature::CommandRegisterFlat,
    Feature::SystemMessage,
    Feature::UrlPreviewBoolean,
    Feature::SkipConnectorBoolean,
    Feature::SilentConnectorBoolean,
    Feature::CommandListTitles,
    Feature::BackgroundIdNormalized,
    Feature::TextFieldInPrivateChats,
    Feature::BotTokenNotSpecified,
    Feature::ClientIdNotSpecified,
    Feature::SubscriptionCleanup,
    Feature::WebhookEventsWithoutClientId,
    Feature::BotTokenRotation,
    Feature::BotTokenRotationLength,
    Feature::BotTokenRotationFailed,
    Feature::BotTokenInvalidLengthRotation,
    Feature::OwnershipErrorAfterRotation,
    Feature::BotAppId,
    Feature::BotTokenLengthLimit,
    Feature::BotTokenInvalidLength,
    Feature::CommandTitleRequired,
    Feature::CommandNameInvalid,
    Feature::CommandNameEmpty,
    Feature::CommandAlreadyExists,
    Feature::CommandTitleInvalid,
    Feature::CommandRename,
    Feature::CommandTitleMerge,
    Feature::CommandTitleNullDeletes,
    Feature::CommandLanguageCase,
    Feature::ManagerEmptyUserIds,
    Feature::ColorCamelCase,
    Feature::ColorInvalidIgnored,
    Feature::TextFieldBoolean,
    Feature::MessageDeleteCompleteBoolean,
    Feature::CommandRegisterFlatBoolean,
    Feature::MessageDeleteWorks,
    Feature::SupportOpenlineUpdate,
    Feature::FileDownloadAsBot,
    Feature::BotListIdInteger,
    Feature::RecentWithCounters,
    Feature::EventUserEvents,
    Feature::EventUserEventsText,
    Feature::BotUpdateWebhookUrl,
    Feature::BotUpdateFailed,
    Feature::BotUpdateEventMode,
    Feature::MessageFieldsWhitelist,
    Feature::MessageUpdateUrlPreview,
    Feature::BotUpdateUnknownFields,
    Feature::BotRegisterKnownCode,
    Feature::BotLimitExceeded,
    Feature::BotTokenLocation,
    Feature::BotTypes,
    Feature::BotTypeNotAllowed,
    Feature::NestedResult,
    Feature::EventAdditionalMessages,
    Feature::ClientIdAlias,
    Feature::ImRevisionGet,
    Feature::ImRevisionDesktop,
    Feature::KeyboardAction,
    Feature::MenuAction,
    Feature::MenuLink,
    Feature::MenuCommand,
    Feature::ImbotDialogGet,
    Feature::ImbotChatUpdateTextFieldEnabled,
    Feature::BotMessageUpdateDeleteEvents,
    Feature::BotTypeSupervisor,
    Feature::ChatEntity,
    Feature::BotUpdateOpenline,
    Feature::ImChatAdd,
    Feature::ImChatGet,
    Feature::ImChatLeave,
    Feature::ImChatSetOwner,
    Feature::ImChatUpdateAvatar,
    Feature::ImChatUpdateColor,
    Feature::ImChatUpdateTitle,
    Feature::ImChatUserAdd,
    Feature::ImChatUserDelete,
    Feature::ImChatUserList,
    Feature::ImDepartmentGet,
    Feature::ImDiskFileCommit,
    Feature::ImDiskFileDelete,
    Feature::ImDiskFolderGet,
    Feature::ImMessageAdd,
    Feature::ImMessageDelete,
    Feature::ImMessageLike,
    Feature::ImMessageUpdate,
    Feature::ImNotifyDelete,
    Feature::ImNotifyPersonalAdd,
    Feature::ImNotifyRead,
    Feature::ImNotifySystemAdd,
    Feature::ImRecentGet,
    Feature::ImRecentHide,
    Feature::ImSearchLastAdd,
    Feature::ImSearchLastDelete,
    Feature::ImSearchLastGet,
    Feature::ImUserGet,
    Feature::ImUserStatusIdleStart,
    Feature::ImUserStatusSet,
    Feature::ImChatMute,
    Feature::ImDepartmentColleaguesList,
    Feature::ImDepartmentEmployeesGet,
    Feature::ImDepartmentManagersGet,
    Feature::ImDialogMessagesGet,
    Feature::ImRecentPin,
    Feature::ImSearchChatList,
    Feature::ImSearchDepartmentList,
    Feature::ImSearchUserList,
    Feature::ImUserListGet,
    Feature::ImDialogRead,
    Feature::ImDialogUnread,
    Feature::ImDiskFileSave,
    Feature::ImDialogGet,
    Feature::ImDialogReadAll,
    Feature::ImDialogUsersList,
    Feature::ImDialogWriting,
    Feature::ImMessageCommand,
    Feature::ImMessageShare,
    Feature::ImNotifyAnswer,
    Feature::ImNotifyConfirm,
    Feature::ImNotifyReadList,
    Feature::ImRecentList,
    Feature::ImRecentUnread,
    Feature::ImRecentGetLastUpdate,
    Feature::ImRecentGetOnlyOpenlines,
    Feature::ImRecentGetLastSyncDate,
];

#[rustfmt::skip]
pub(crate) static ROWS: [Row; COUNT] = [
    Row {
        id: B("imbot.v2.Revision.get"), name: B("ImbotV2RevisionGet"), kind: Kind::New,
        title: B("Tells the four revision numbers to a caller with the imbot scope"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: Some(B("BOT-NEW-0402-1")), published: Some(Date { year: 2026, month: 4, day: 2 }), effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Revision.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::ImRevision, v1: None, older_codes: B(&[]), note: B("Ask im.revision.get, which needs the im scope; a portal without this method is at 32 or below, or has an old imbot beside a newer im.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/revision-get.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Revision.php")),
        confidence: Confidence::Documented, note: Some(B("It passes on what module im says, so modules of different age can make it answer 32. Takes neither botId nor botToken, and its spelling is case-sensitive.")), overlay: None,
    },
    Row {
        id: B("imbot.v2.Bot.register"), name: B("ImbotV2BotRegister"), kind: Kind::New,
        title: B("Creates a bot that lives in the v2 API"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.register")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.register")), older_codes: B(&[]), note: B("imbot.register: CODE, TYPE (B, S, O) and PROPERTIES in capitals at the top level, EVENT_HANDLER for webhookUrl, OPENLINE for isSupportOpenline, CLIENT_ID for botToken. Type personal and polling have no v1 form, and such a bot gets v1 events.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-register.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Bot.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Bot.unregister"), name: B("ImbotV2BotUnregister"), kind: Kind::New,
        title: B("Deletes a bot"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.unregister")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.unregister")), older_codes: B(&[]), note: B("imbot.unregister: BOT_ID for botId, CLIENT_ID for botToken.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-unregister.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Bot.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Bot.update"), name: B("ImbotV2BotUpdate"), kind: Kind::New,
        title: B("Changes a bot's profile, flags and way of getting events"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.update")), older_codes: B(&[]), note: B("imbot.update: BOT_ID, CLIENT_ID, and FIELDS with PROPERTIES in capitals; FIELDS.EVENT_HANDLER for webhookUrl.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-update.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Bot.php")),
        confidence: Confidence::SourceDerived, note: Some(B("A wrong webhookUrl or a bad eventMode can pass unnoticed, see bot.update.webhook_url.")), overlay: None,
    },
    Row {
        id: B("imbot.v2.Bot.get"), name: B("ImbotV2BotGet"), kind: Kind::New,
        title: B("Returns one bot by its id or code"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No v1 method reads a single bot: take imbot.bot.list and pick by ID or CODE.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-get.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Bot.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Bot.list"), name: B("ImbotV2BotList"), kind: Kind::New,
        title: B("Lists the bots of the caller, page by page"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.list")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.bot.list")), older_codes: B(&[]), note: B("imbot.bot.list: no parameters; answers a map keyed by id, without filter or paging.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-list.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Bot.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.add"), name: B("ImbotV2ChatAdd"), kind: Kind::New,
        title: B("Opens a group chat on behalf of the bot"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.add")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.chat.add")), older_codes: B(&[]), note: B("imbot.chat.add: BOT_ID, and TITLE, DESCRIPTION, COLOR, MESSAGE, AVATAR at the top level; USERS for userIds. The bot owns the chat.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-add.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.get"), name: B("ImbotV2ChatGet"), kind: Kind::New,
        title: B("Returns a chat by its dialog id"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.dialog.get")), older_codes: B(&[]), note: B("imbot.dialog.get (REST 24): DIALOG_ID for dialogId. imbot.chat.get finds a chat by ENTITY_TYPE and ENTITY_ID only.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-get.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat.php")),
        confidence: Confidence::SourceDerived, note: Some(B("It has two predecessors; the one that takes the same key is the fallback.")), overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.update"), name: B("ImbotV2ChatUpdate"), kind: Kind::New,
        title: B("Changes title, description, colour and picture of a chat in one call"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.update")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.chat.updateTitle")), older_codes: B(&[]), note: B("One call for each part: imbot.chat.updateTitle, imbot.chat.updateColor, imbot.chat.updateAvatar, with CHAT_ID for dialogId. The description cannot be changed.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-update.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Three predecessors share its work; the one for the title stands in `v1`.")), overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.setOwner"), name: B("ImbotV2ChatSetOwner"), kind: Kind::New,
        title: B("Hands a chat over to another owner"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.setOwner")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.chat.setOwner")), older_codes: B(&[]), note: B("imbot.chat.setOwner: CHAT_ID for dialogId, USER_ID for userId.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-set-owner.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.leave"), name: B("ImbotV2ChatLeave"), kind: Kind::New,
        title: B("Takes the bot out of a chat"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.leave")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.chat.leave")), older_codes: B(&[]), note: B("imbot.chat.leave: CHAT_ID for dialogId.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-leave.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.InputAction.notify"), name: B("ImbotV2ChatInputActionNotify"), kind: Kind::New,
        title: B("Shows that the bot is writing or busy"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.InputAction.notify")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.chat.sendTyping")), older_codes: B(&[]), note: B("imbot.chat.sendTyping: DIALOG_ID for dialogId; the status text and the duration have no v1 form.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/ui/chat-input-action-notify.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/InputAction.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.Manager.add"), name: B("ImbotV2ChatManagerAdd"), kind: Kind::New,
        title: B("Makes members of a chat its managers"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Manager.add")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.chat.setManager")), older_codes: B(&[]), note: B("imbot.chat.setManager with IS_MANAGER = Y: CHAT_ID, and one call for each USER_ID.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-manager-add.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Manager.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.Manager.delete"), name: B("ImbotV2ChatManagerDelete"), kind: Kind::New,
        title: B("Takes manager rights from members of a chat"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Manager.delete")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.chat.setManager")), older_codes: B(&[]), note: B("imbot.chat.setManager with IS_MANAGER = N: CHAT_ID, and one call for each USER_ID.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-manager-delete.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Manager.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.Message.send"), name: B("ImbotV2ChatMessageSend"), kind: Kind::New,
        title: B("Sends a message from the bot"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.send")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.message.add")), older_codes: B(&[]), note: B("imbot.message.add: DIALOG_ID, and MESSAGE, ATTACH, KEYBOARD, SYSTEM, URL_PREVIEW at the top level. Replies, forwards and template ids have no v1 form.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-send.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.Message.update"), name: B("ImbotV2ChatMessageUpdate"), kind: Kind::New,
        title: B("Edits a message of the bot"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.update")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.message.update")), older_codes: B(&[]), note: B("imbot.message.update: MESSAGE_ID, and MESSAGE, ATTACH, KEYBOARD, URL_PREVIEW at the top level.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-update.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.Message.delete"), name: B("ImbotV2ChatMessageDelete"), kind: Kind::New,
        title: B("Deletes a message of the bot"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.delete")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.message.delete")), older_codes: B(&[]), note: B("imbot.message.delete: MESSAGE_ID for messageId, COMPLETE for complete.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-delete.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::SourceDerived, note: Some(B("See message.delete.collection: the first build with imbot.v2 may fail to delete.")), overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.Message.get"), name: B("ImbotV2ChatMessageGet"), kind: Kind::New,
        title: B("Reads one message"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No v1 method of a bot reads messages.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-get.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Only bots of type supervisor or personal may call it, see error.bot_type_not_allowed.")), overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.Message.getContext"), name: B("ImbotV2ChatMessageGetContext"), kind: Kind::New,
        title: B("Reads the messages around a given one"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.getContext")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No v1 method of a bot reads messages.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-get-context.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Only bots of type supervisor or personal may call it, see error.bot_type_not_allowed. Give range: its documented default was changed from 20 to 50, the source always used 50.")), overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.Message.read"), name: B("ImbotV2ChatMessageRead"), kind: Kind::New,
        title: B("Marks messages as read by the bot"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.read")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No v1 method does it for a bot; im.dialog.read acts for the calling user.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-read.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.Message.Reaction.add"), name: B("ImbotV2ChatMessageReactionAdd"), kind: Kind::New,
        title: B("Puts a reaction of the bot on a message"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.Reaction.add")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.message.like")), older_codes: B(&[]), note: B("imbot.message.like with ACTION = plus: MESSAGE_ID; the like is the only reaction.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-reaction-add.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message/Reaction.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.Message.Reaction.delete"), name: B("ImbotV2ChatMessageReactionDelete"), kind: Kind::New,
        title: B("Takes back a reaction of the bot"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.Reaction.delete")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.message.like")), older_codes: B(&[]), note: B("imbot.message.like with ACTION = minus: MESSAGE_ID; the like is the only reaction.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-reaction-delete.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message/Reaction.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.TextField.enabled"), name: B("ImbotV2ChatTextFieldEnabled"), kind: Kind::New,
        title: B("Opens or closes the input field of a chat"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.TextField.enabled")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.chat.updateTextFieldEnabled")), older_codes: B(&[]), note: B("imbot.chat.updateTextFieldEnabled, which is undocumented and needs im 25.650.100; older portals have nothing.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/ui/chat-text-field-enabled.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/TextField.php")),
        confidence: Confidence::SourceDerived, note: Some(B("The migration guide calls it a method without predecessor; the source has one.")), overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.User.list"), name: B("ImbotV2ChatUserList"), kind: Kind::New,
        title: B("Lists the members of a chat"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.User.list")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.chat.user.list")), older_codes: B(&[]), note: B("imbot.chat.user.list: CHAT_ID for dialogId; answers ids alone.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-user-list.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/User.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.User.add"), name: B("ImbotV2ChatUserAdd"), kind: Kind::New,
        title: B("Invites users to a chat"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.User.add")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.chat.user.add")), older_codes: B(&[]), note: B("imbot.chat.user.add: CHAT_ID for dialogId, USERS for userIds.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-user-add.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/User.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Chat.User.delete"), name: B("ImbotV2ChatUserDelete"), kind: Kind::New,
        title: B("Removes a user from a chat"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.User.delete")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.chat.user.delete")), older_codes: B(&[]), note: B("imbot.chat.user.delete: CHAT_ID for dialogId, USER_ID for userId.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-user-delete.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/User.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Command.register"), name: B("ImbotV2CommandRegister"), kind: Kind::New,
        title: B("Registers a command of the bot"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.register")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.command.register")), older_codes: B(&[]), note: B("imbot.command.register: COMMAND, COMMON, HIDDEN, EXTRANET_SUPPORT at the top level, LANG as a list of LANGUAGE_ID, TITLE, PARAMS, and a handler in EVENT_COMMAND_ADD.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/commands/command-register.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Command.unregister"), name: B("ImbotV2CommandUnregister"), kind: Kind::New,
        title: B("Deletes a command of the bot"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.unregister")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.command.unregister")), older_codes: B(&[]), note: B("imbot.command.unregister: COMMAND_ID for commandId.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/commands/command-unregister.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Command.update"), name: B("ImbotV2CommandUpdate"), kind: Kind::New,
        title: B("Changes a command of the bot"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.update")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.command.update")), older_codes: B(&[]), note: B("imbot.command.update: COMMAND_ID, and FIELDS in capitals; LANG as a list in place of the title and params objects.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/commands/command-update.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Command.answer"), name: B("ImbotV2CommandAnswer"), kind: Kind::New,
        title: B("Answers a command"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.answer")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.command.answer")), older_codes: B(&[]), note: B("imbot.command.answer: COMMAND_ID, MESSAGE_ID, and MESSAGE, ATTACH, KEYBOARD, SYSTEM, URL_PREVIEW at the top level; it takes no dialog id.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/commands/command-answer.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Command.list"), name: B("ImbotV2CommandList"), kind: Kind::New,
        title: B("Lists the commands of the bot"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.list")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No v1 method lists commands: keep the COMMAND_ID that registration returned.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/commands/command-list.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.Event.get"), name: B("ImbotV2EventGet"), kind: Kind::New,
        title: B("Hands out events to a bot that polls"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Event.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("v1 delivers to an address only (EVENT_HANDLER); a bot that cannot be reached from the portal has no way.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/event-get.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Event.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.File.upload"), name: B("ImbotV2FileUpload"), kind: Kind::New,
        title: B("Uploads a file and posts it in a chat"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.File.upload")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No v1 method of a bot does it. im.disk.folder.get, disk.folder.uploadfile and im.disk.file.commit do it for the calling user.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/files/file-upload.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/File.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("imbot.v2.File.download"), name: B("ImbotV2FileDownload"), kind: Kind::New,
        title: B("Returns a link to the content of a file"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.File.download")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No v1 method of a bot does it; disk.file.get gives a link where the disk scope is granted.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/files/file-download.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/File.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("ONIMBOTV2MESSAGEADD"), name: B("OnImbotV2MessageAdd"), kind: Kind::New,
        title: B("Someone wrote to the bot or in a chat it listens to"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMBOTV2MESSAGEADD")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("A bot registered with imbot.register gets ONIMBOTMESSAGEADD instead, in the older format.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2messageadd"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/restservice.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("ONIMBOTV2MESSAGEUPDATE"), name: B("OnImbotV2MessageUpdate"), kind: Kind::New,
        title: B("A message was edited"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMBOTV2MESSAGEUPDATE")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("A bot registered with imbot.register gets ONIMBOTMESSAGEUPDATE instead, in the older format.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2messageupdate"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/restservice.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("ONIMBOTV2MESSAGEDELETE"), name: B("OnImbotV2MessageDelete"), kind: Kind::New,
        title: B("A message was deleted"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMBOTV2MESSAGEDELETE")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("A bot registered with imbot.register gets ONIMBOTMESSAGEDELETE instead, in the older format.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2messagedelete"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/restservice.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("ONIMBOTV2JOINCHAT"), name: B("OnImbotV2JoinChat"), kind: Kind::New,
        title: B("The bot was invited to a chat"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMBOTV2JOINCHAT")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("A bot registered with imbot.register gets ONIMBOTJOINCHAT instead, in the older format.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2joinchat"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/restservice.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("ONIMBOTV2DELETE"), name: B("OnImbotV2Delete"), kind: Kind::New,
        title: B("The bot was deleted"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMBOTV2DELETE")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("A bot registered with imbot.register gets ONIMBOTDELETE instead, in the older format.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2delete"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/restservice.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("ONIMBOTV2CONTEXTGET"), name: B("OnImbotV2ContextGet"), kind: Kind::New,
        title: B("A chat with the bot was opened with a context"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMBOTV2CONTEXTGET")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("A bot registered with imbot.register gets ONIMBOTCONTEXTGET instead, in the older format.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2contextget"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/restservice.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Its v1 form is undocumented and needs im 25.650.100.")), overlay: None,
    },
    Row {
        id: B("ONIMBOTV2COMMANDADD"), name: B("OnImbotV2CommandAdd"), kind: Kind::New,
        title: B("A user gave one of the bot's commands"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMBOTV2COMMANDADD")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("A bot registered with imbot.register gets ONIMCOMMANDADD instead, in the older format.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2commandadd"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/restservice.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Its context value is in small letters (textarea, keyboard, menu).")), overlay: None,
    },
    Row {
        id: B("ONIMBOTV2REACTIONCHANGE"), name: B("OnImbotV2ReactionChange"), kind: Kind::New,
        title: B("A reaction to a message of the bot changed"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMBOTV2REACTIONCHANGE")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Reactions are not reported to bots of the first generation.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/events.md#onimbotv2reactionchange"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/restservice.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("im.v2.Event.subscribe"), name: B("ImV2EventSubscribe"), kind: Kind::New,
        title: B("Starts to record events for the calling user"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: Some(32), change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.v2.Event.subscribe")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No older portal records events for a user.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/event-subscribe.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Controller/Event.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Seen in builds that report 32, but not in all of them; 33 is the lowest revision that guarantees it.")), overlay: None,
    },
    Row {
        id: B("im.v2.Event.unsubscribe"), name: B("ImV2EventUnsubscribe"), kind: Kind::New,
        title: B("Stops to record events for the calling user"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: Some(32), change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.v2.Event.unsubscribe")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Nothing is recorded on older portals, so there is nothing to stop.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("Events that were recorded and not yet read are lost. Drain the queue first.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/event-unsubscribe.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Controller/Event.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Seen in builds that report 32, but not in all of them; 33 is the lowest revision that guarantees it. The page says that recorded events stay readable; the source deletes them.")), overlay: None,
    },
    Row {
        id: B("im.v2.Event.get"), name: B("ImV2EventGet"), kind: Kind::New,
        title: B("Hands out the recorded events of the calling user"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: Some(32), change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.v2.Event.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Poll im.dialog.messages.get for each dialog of interest.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/event-get.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Controller/Event.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Seen in builds that report 32, but not in all of them; 33 is the lowest revision that guarantees it.")), overlay: None,
    },
    Row {
        id: B("im.v2.File.upload"), name: B("ImV2FileUpload"), kind: Kind::New,
        title: B("Uploads a file and posts it in a chat as the calling user"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: Some(32), change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.v2.File.upload")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("im.disk.folder.get, disk.folder.uploadfile and im.disk.file.commit, in this order.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/files/file-upload.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Controller/File.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Seen in builds that report 32, but not in all of them; 33 is the lowest revision that guarantees it. The page called the object `file` until April 2026; the source always read `fields`.")), overlay: None,
    },
    Row {
        id: B("im.v2.File.download"), name: B("ImV2FileDownload"), kind: Kind::New,
        title: B("Returns a link to the content of a file in a chat"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: Some(32), change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.v2.File.download")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("disk.file.get gives a link where the disk scope is granted.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/files/file-download.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Controller/File.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Seen in builds that report 32, but not in all of them; 33 is the lowest revision that guarantees it.")), overlay: None,
    },
    Row {
        id: B("im.v2.Chat.Bot.sendContext"), name: B("ImV2ChatBotSendContext"), kind: Kind::New,
        title: B("Delivers a context to the bot of a chat, as opening it by a link does"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: Some(32), change: None, published: Some(Date { year: 2026, month: 6, day: 3 }), effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.v2.Chat.Bot.sendContext")]),
            events: B(&[B("ONIMBOTV2CONTEXTGET")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Put the context into a message or a command of the user.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bot-context.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Controller/Chat/Bot.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Seen from im 25.650.100 on, long before imbot.v2; builds that report 32 may lack it, so 33 is the lowest revision that guarantees it. The page has no revision.")), overlay: None,
    },
    Row {
        id: B("ONIMV2MESSAGEADD"), name: B("OnImV2MessageAdd"), kind: Kind::New,
        title: B("A message appeared in a chat of the user"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: Some(32), change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMV2MESSAGEADD")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("It comes by polling alone, through im.v2.Event.get or imbot.v2.Event.get with withUserEvents; older portals have no equal.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/events.md#onimv2messageadd"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Controller/Event.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Seen in builds that report 32, but not in all of them; 33 is the lowest revision that guarantees it.")), overlay: None,
    },
    Row {
        id: B("ONIMV2MESSAGEUPDATE"), name: B("OnImV2MessageUpdate"), kind: Kind::New,
        title: B("A message in a chat of the user was edited"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: Some(32), change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMV2MESSAGEUPDATE")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("It comes by polling alone, through im.v2.Event.get or imbot.v2.Event.get with withUserEvents; older portals have no equal.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/events.md#onimv2messageupdate"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Controller/Event.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Seen in builds that report 32, but not in all of them; 33 is the lowest revision that guarantees it. Edits through im.message.update were reported missing from the queue.")), overlay: None,
    },
    Row {
        id: B("ONIMV2MESSAGEDELETE"), name: B("OnImV2MessageDelete"), kind: Kind::New,
        title: B("A message in a chat of the user was deleted"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: Some(32), change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMV2MESSAGEDELETE")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("It comes by polling alone, through im.v2.Event.get or imbot.v2.Event.get with withUserEvents; older portals have no equal.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/events.md#onimv2messagedelete"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Controller/Event.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Seen in builds that report 32, but not in all of them; 33 is the lowest revision that guarantees it.")), overlay: None,
    },
    Row {
        id: B("ONIMV2REACTIONCHANGE"), name: B("OnImV2ReactionChange"), kind: Kind::New,
        title: B("A reaction in a chat of the user changed"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: Some(32), change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMV2REACTIONCHANGE")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("It comes by polling alone, through im.v2.Event.get or imbot.v2.Event.get with withUserEvents; older portals have no equal.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/events.md#onimv2reactionchange"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Controller/Event.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Seen in builds that report 32, but not in all of them; 33 is the lowest revision that guarantees it.")), overlay: None,
    },
    Row {
        id: B("ONIMV2JOINCHAT"), name: B("OnImV2JoinChat"), kind: Kind::New,
        title: B("The user was invited to a chat"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: Some(32), change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMV2JOINCHAT")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("It comes by polling alone, through im.v2.Event.get or imbot.v2.Event.get with withUserEvents; older portals have no equal.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/im.v2/events/events.md#onimv2joinchat"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Controller/Event.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Seen in builds that report 32, but not in all of them; 33 is the lowest revision that guarantees it.")), overlay: None,
    },
    Row {
        id: B("event.get.next_offset"), name: B("EventNextOffset"), kind: Kind::Breaking,
        title: B("Event.get returns nextOffset, ready to be passed on as offset"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: Some(B("BOT-BC-0325-1")), published: Some(Date { year: 2026, month: 3, day: 25 }), effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Event.get"), B("im.v2.Event.get")]),
            events: B(&[]), request: B(&[]), response: B(&[B("nextOffset")]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::NextOffset, v1: None, older_codes: B(&[]), note: B("Where nextOffset is missing, continue with lastEventId + 1.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#event-get-next-offset"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Event.php")),
        confidence: Confidence::Documented, note: Some(B("The entry has no revision; the first public build with imbot.v2 returns it. Keep the value also when hasMore is false.")), overlay: None,
    },
    Row {
        id: B("event.get.last_event_id"), name: B("EventLastEventId"), kind: Kind::Deprecated,
        title: B("Event.get still returns lastEventId, the older cursor"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: Some(B("BOT-BC-0325-1")), published: Some(Date { year: 2026, month: 3, day: 25 }), effective: None, sunset: Some(Date { year: 2026, month: 9, day: 25 }), im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Event.get")]),
            events: B(&[]), request: B(&[]), response: B(&[B("lastEventId")]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::NextOffset, v1: None, older_codes: B(&[]), note: B("Read nextOffset first, and this only where that is missing.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#event-get-next-offset"),
        evidence: None,
        confidence: Confidence::Documented, note: Some(B("Promised until the sunset, without a revision. No public source returns it, so treat it as optional on every portal.")), overlay: None,
    },
    Row {
        id: B("command.register.fields"), name: B("CommandRegisterFields"), kind: Kind::Breaking,
        title: B("Command.register reads its parameters from fields"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: Some(B("BOT-BC-0330-1")), published: Some(Date { year: 2026, month: 3, day: 30 }), effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.register")]),
            events: B(&[]), request: B(&[B("fields.command"), B("fields.title"), B("fields.params"), B("fields.common"), B("fields.hidden"), B("fields.extranetSupport")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::BothForms, v1: None, older_codes: B(&[]), note: B("Send the parameters twice, inside fields and flat: builds with 32 ignore the one, later ones the other.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#command-register-fields"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::Documented, note: Some(B("The entry has no revision. The build that reports 32 insists on a flat command and fails with error \"100\" on fields alone; the one with 33 takes fields when they are not empty.")), overlay: None,
    },
    Row {
        id: B("command.register.flat"), name: B("CommandRegisterFlat"), kind: Kind::Deprecated,
        title: B("Command.register still takes flat parameters"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: Some(B("BOT-BC-0330-1")), published: Some(Date { year: 2026, month: 3, day: 30 }), effective: None, sunset: Some(Date { year: 2026, month: 9, day: 30 }), im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.register")]),
            events: B(&[]), request: B(&[B("command"), B("title"), B("params"), B("common"), B("hidden"), B("extranetSupport")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::BothForms, v1: None, older_codes: B(&[]), note: B("Send fields as well; where they are read, the flat ones are ignored.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#command-register-fields"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::Documented, note: Some(B("The only form at 32. Support is promised until the sunset; no revision is announced for its end.")), overlay: None,
    },
    Row {
        id: B("message.system"), name: B("SystemMessage"), kind: Kind::Fix,
        title: B("JSON booleans in fields.system of a sent message"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: Some(32), change: Some(B("BOT-FIX-0402-2")), published: Some(Date { year: 2026, month: 4, day: 2 }), effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.send")]),
            events: B(&[]), request: B(&[B("fields.system")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Boolean), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::YesNo, v1: None, older_codes: B(&[]), note: B("Send \"Y\" or \"N\": every build takes them.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: Some(B("The message goes out and the flag may be ignored, without an error.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0402-2-chatmessagesend-normalization-of-boolean-fields"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::Documented, note: Some(B("The public build that reports 32 converts booleans already; only cloud builds before it can have ignored them. 33 is the safe bound.")), overlay: None,
    },
    Row {
        id: B("message.url_preview"), name: B("UrlPreviewBoolean"), kind: Kind::Fix,
        title: B("JSON booleans in fields.urlPreview of a sent message"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: Some(32), change: Some(B("BOT-FIX-0402-2")), published: Some(Date { year: 2026, month: 4, day: 2 }), effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.send")]),
            events: B(&[]), request: B(&[B("fields.urlPreview")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Boolean), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::YesNo, v1: None, older_codes: B(&[]), note: B("Send \"Y\" or \"N\": every build takes them.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: Some(B("The message goes out and the flag may be ignored, without an error.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0402-2-chatmessagesend-normalization-of-boolean-fields"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::Documented, note: Some(B("The public build that reports 32 converts booleans already; only cloud builds before it can have ignored them. 33 is the safe bound.")), overlay: None,
    },
    Row {
        id: B("message.skip_connector"), name: B("SkipConnectorBoolean"), kind: Kind::Fix,
        title: B("JSON booleans in fields.skipConnector of a sent message"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: Some(32), change: Some(B("BOT-FIX-0402-2")), published: Some(Date { year: 2026, month: 4, day: 2 }), effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.send")]),
            events: B(&[]), request: B(&[B("fields.skipConnector")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Boolean), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::YesNo, v1: None, older_codes: B(&[]), note: B("Send \"Y\" or \"N\": every build takes them.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: Some(B("The message goes out and the flag may be ignored, without an error.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0402-2-chatmessagesend-normalization-of-boolean-fields"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::Documented, note: Some(B("The public build that reports 32 converts booleans already; only cloud builds before it can have ignored them. 33 is the safe bound. The page of the method does not list the field.")), overlay: None,
    },
    Row {
        id: B("message.silent_connector"), name: B("SilentConnectorBoolean"), kind: Kind::Fix,
        title: B("JSON booleans in fields.silentConnector of a sent message"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: Some(32), change: Some(B("BOT-FIX-0402-2")), published: Some(Date { year: 2026, month: 4, day: 2 }), effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.send")]),
            events: B(&[]), request: B(&[B("fields.silentConnector")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Boolean), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::YesNo, v1: None, older_codes: B(&[]), note: B("Send \"Y\" or \"N\": every build takes them.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: Some(B("The message goes out and the flag may be ignored, without an error.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0402-2-chatmessagesend-normalization-of-boolean-fields"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::Documented, note: Some(B("The public build that reports 32 converts booleans already; only cloud builds before it can have ignored them. 33 is the safe bound. The page of the method does not list the field.")), overlay: None,
    },
    Row {
        id: B("command.list.titles"), name: B("CommandListTitles"), kind: Kind::Fix,
        title: B("Command.list returns title and params of commands registered by REST"),
        gate: RevisionRange::new(Axis::Rest, 34, None, true),
        observed_since: Some(33), change: Some(B("BOT-FIX-0408-3")), published: Some(Date { year: 2026, month: 4, day: 8 }), effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.list")]),
            events: B(&[]), request: B(&[]), response: B(&[B("commands[].title"), B("commands[].params")]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Keep your own copy of titles and hints; an empty one means neither that data was lost nor that the command should be registered again.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("Both come back empty, as if nothing had been stored.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-3-commandlist-fixed-localization-display"),
        evidence: None,
        confidence: Confidence::Documented, note: Some(B("Only reading was broken. The source of im 26.300.0, which reports 33, has the fix; 34 is the documented bound.")), overlay: None,
    },
    Row {
        id: B("bot.background_id"), name: B("BackgroundIdNormalized"), kind: Kind::Fix,
        title: B("An unknown backgroundId of a bot becomes null"),
        gate: RevisionRange::new(Axis::Rest, 34, None, true),
        observed_since: Some(33), change: Some(B("BOT-FIX-0408-4")), published: Some(Date { year: 2026, month: 4, day: 8 }), effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.register"), B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[B("fields.backgroundId")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Unlisted), values: B(&[B("azure"), B("mint"), B("steel"), B("slate"), B("teal"), B("cornflower"), B("sky"), B("peach"), B("frost")]),
        },
        fallback: Some(Fallback { shim: Shim::Omit, v1: None, older_codes: B(&[]), note: B("Leave an unknown one out: it stands for none. Known are azure, mint, steel, slate, teal, cornflower, sky, peach or frost, in small letters.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: Some(B("A misspelt value is stored as it is, and the call succeeds.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-4-botregister--botupdate-normalization-of-backgroundid"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Bot.php")),
        confidence: Confidence::Documented, note: Some(B("The source has it at 33 (imbot 26.100.0), and module im checked the value at 32 already. Neither null nor an empty string takes a background away again.")), overlay: None,
    },
    Row {
        id: B("text_field.private_chats"), name: B("TextFieldInPrivateChats"), kind: Kind::Fix,
        title: B("TextField.enabled works in a private chat with the bot"),
        gate: RevisionRange::new(Axis::Rest, 34, None, true),
        observed_since: Some(32), change: Some(B("BOT-FIX-0408-5")), published: Some(Date { year: 2026, month: 4, day: 8 }), effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.TextField.enabled")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("ACCESS_DENIED")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Read ACCESS_DENIED in a private chat as \"cannot be done here\".") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-5-chattextfieldenabled-support-for-p2p-chats"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/TextField.php")),
        confidence: Confidence::Documented, note: Some(B("The public build that reports 32 checks membership already; 34 is the documented bound.")), overlay: None,
    },
    Row {
        id: B("error.bot_token_not_specified"), name: B("BotTokenNotSpecified"), kind: Kind::Fix,
        title: B("A webhook call without botToken fails with BOT_TOKEN_NOT_SPECIFIED"),
        gate: RevisionRange::new(Axis::Rest, 34, None, true),
        observed_since: Some(32), change: Some(B("BOT-FIX-0408-6")), published: Some(Date { year: 2026, month: 4, day: 8 }), effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.register"), B("imbot.v2.Bot.list"), B("imbot.v2.Bot.get"), B("imbot.v2.Bot.update"), B("imbot.v2.Bot.unregister")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("BOT_TOKEN_NOT_SPECIFIED")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::ErrorAlias, v1: None, older_codes: B(&[B("CLIENT_ID_NOT_SPECIFIED")]), note: B("Read CLIENT_ID_NOT_SPECIFIED as the same error, on every portal.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-6-error-code-bot_token_not_specified"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/BotController.php")),
        confidence: Confidence::Documented, note: Some(B("The public build that reports 32 uses the new code already.")), overlay: None,
    },
    Row {
        id: B("error.client_id_not_specified"), name: B("ClientIdNotSpecified"), kind: Kind::Removed,
        title: B("A webhook call without botToken fails with CLIENT_ID_NOT_SPECIFIED"),
        gate: RevisionRange::new(Axis::Rest, 0, Some(34), true),
        observed_since: None, change: Some(B("BOT-FIX-0408-6")), published: Some(Date { year: 2026, month: 4, day: 8 }), effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.register"), B("imbot.v2.Bot.list"), B("imbot.v2.Bot.get"), B("imbot.v2.Bot.update"), B("imbot.v2.Bot.unregister")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("CLIENT_ID_NOT_SPECIFIED")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Expect BOT_TOKEN_NOT_SPECIFIED, and take both codes for one error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-6-error-code-bot_token_not_specified"),
        evidence: None,
        confidence: Confidence::Documented, note: Some(B("Never seen in the public source of imbot.v2, so portals below 34 may not use it either. Methods of v1 answer ACCESS_DENIED with the text \"Client ID not specified\".")), overlay: None,
    },
    Row {
        id: B("events.subscription_cleanup"), name: B("SubscriptionCleanup"), kind: Kind::Fix,
        title: B("Bot.update and Bot.unregister remove the event subscriptions they make useless"),
        gate: RevisionRange::new(Axis::Rest, 35, None, true),
        observed_since: None, change: Some(B("BOT-FIX-0501-1")), published: Some(Date { year: 2026, month: 5, day: 1 }), effective: None, sunset: None, im: Some(B(">=26.400.0")), imbot: Some(B(">=26.150.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.update"), B("imbot.v2.Bot.unregister")]),
            events: B(&[B("ONIMBOTV2MESSAGEADD"), B("ONIMBOTV2MESSAGEUPDATE"), B("ONIMBOTV2MESSAGEDELETE"), B("ONIMBOTV2JOINCHAT"), B("ONIMBOTV2DELETE"), B("ONIMBOTV2CONTEXTGET"), B("ONIMBOTV2COMMANDADD"), B("ONIMBOTV2REACTIONCHANGE")]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::EventUnbind, v1: None, older_codes: B(&[]), note: B("As an application, call event.unbind for each ONIMBOTV2 handler of the address that goes out of use; a webhook can neither list nor remove them.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("Old subscriptions stay alive: events, with what users wrote, keep going to every former address.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0501-1"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/30eb7accc0fd60b73393d04815aceec8eba6b4c4/imbot/lib/V2/Controller/Bot.php")),
        confidence: Confidence::Documented, note: Some(B("Confirmed in the source of 35: subscriptions are removed on a change of the address, on a change of the mode, and on unregister. Portals below 35 do none of it, but the last bot of an application takes its handlers along there, too. Handlers belong to the application, so one that another bot uses has to stay. From 35 on the clean-up is skipped for an OAuth application with several live bots under one APPLICATION_TOKEN. A bot that polls has no subscription to lose.")), overlay: None,
    },
    Row {
        id: B("events.webhook_client_id"), name: B("WebhookEventsWithoutClientId"), kind: Kind::Fix,
        title: B("Events of a bot that a webhook registered reach an address without CLIENT_ID"),
        gate: RevisionRange::new(Axis::Rest, 35, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.400.0")), imbot: Some(B(">=26.150.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.register"), B("imbot.v2.Bot.update")]),
            events: B(&[B("ONIMBOTV2MESSAGEADD"), B("ONIMBOTV2MESSAGEUPDATE"), B("ONIMBOTV2MESSAGEDELETE"), B("ONIMBOTV2JOINCHAT"), B("ONIMBOTV2DELETE"), B("ONIMBOTV2CONTEXTGET"), B("ONIMBOTV2COMMANDADD"), B("ONIMBOTV2REACTIONCHANGE")]), request: B(&[B("fields.webhookUrl"), B("fields.eventMode")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::ClientId, v1: None, older_codes: B(&[]), note: B("Let the bot poll (eventMode = fetch and imbot.v2.Event.get), or put CLIENT_ID=<botToken> into the query of fields.webhookUrl, sent together with eventMode. Whoever reads the log of the server behind that address then sees the token.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: Some(B("The call succeeds and the bot never hears an event: the portal drops each one in silence.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/lib/V2/Event/BotWebhookPayloadBuilder.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/30eb7accc0fd60b73393d04815aceec8eba6b4c4/im/lib/V2/Event/BotWebhookPayloadBuilder.php")),
        confidence: Confidence::SourceDerived, note: Some(B("About bots of an incoming webhook in webhook mode alone. Those of an OAuth application are known by its code, and those that poll need no address. The source of 32 and 33 stores the address as it comes and finds the bot by CLIENT_ID in its query; that of 35 finds it by APPLICATION_TOKEN. The source of 34 was never seen, so 34 counts as 33: CLIENT_ID does no harm at 35. imbot.register appends it by itself.")), overlay: None,
    },
    Row {
        id: B("bot.token_rotation"), name: B("BotTokenRotation"), kind: Kind::New,
        title: B("Bot.update replaces the botToken"),
        gate: RevisionRange::new(Axis::Rest, 35, None, true),
        observed_since: None, change: Some(B("BOT-NEW-0501-2")), published: Some(Date { year: 2026, month: 5, day: 1 }), effective: None, sunset: None, im: Some(B(">=26.400.0")), imbot: Some(B(">=26.150.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[B("fields.botToken")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::String), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::Refuse, v1: None, older_codes: B(&[]), note: B("Do not send it. To change a token, unregister the bot and register it anew; its id changes.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Refuse, danger: Some(B("Portals below 35 ignore the field and report success: a client that stores the new token is locked out of its bot.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-new-0501-2"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/30eb7accc0fd60b73393d04815aceec8eba6b4c4/imbot/lib/V2/Controller/Bot.php")),
        confidence: Confidence::Documented, note: Some(B("The call is authorised with the old token, which stops working at once. The source of 33 does not read the field; that of 35 does. At 35 the rotation is committed before webhookUrl is checked, so the token can change while the address is ignored: send the two in separate calls.")), overlay: None,
    },
    Row {
        id: B("bot.token_rotation.length"), name: B("BotTokenRotationLength"), kind: Kind::New,
        title: B("A rotation takes a new token of at most 40 characters"),
        gate: RevisionRange::new(Axis::Rest, 35, None, true),
        observed_since: None, change: Some(B("BOT-NEW-0501-2")), published: Some(Date { year: 2026, month: 5, day: 1 }), effective: None, sunset: None, im: Some(B(">=26.400.0")), imbot: Some(B(">=26.150.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[B("fields.botToken")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Over40Chars), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::Refuse, v1: None, older_codes: B(&[]), note: B("Make tokens of at most 40 characters, for every portal.") }),
        when_present: Some(Shim::Refuse), safe_when_missing: false, when_unknown: WhenUnknown::Refuse, danger: Some(B("Where rotation is not known, a long token is ignored like a short one, and the caller is locked out if it stores it.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-new-0501-2"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-update.md#token-rotation")),
        confidence: Confidence::Documented, note: Some(B("The limit holds for rotation from its first day, which the source of 35 confirms. Bot.register gets it by date, see bot.token_length_limit.")), overlay: None,
    },
    Row {
        id: B("error.bot_token_rotation_failed"), name: B("BotTokenRotationFailed"), kind: Kind::New,
        title: B("A rotation to a token in use fails with BOT_TOKEN_ROTATION_FAILED"),
        gate: RevisionRange::new(Axis::Rest, 35, None, true),
        observed_since: None, change: Some(B("BOT-NEW-0501-2")), published: Some(Date { year: 2026, month: 5, day: 1 }), effective: None, sunset: None, im: Some(B(">=26.400.0")), imbot: Some(B(">=26.150.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("BOT_TOKEN_ROTATION_FAILED")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("It cannot occur where tokens are not rotated; success there proves nothing.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-new-0501-2"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/30eb7accc0fd60b73393d04815aceec8eba6b4c4/imbot/lib/V2/Controller/Bot.php")),
        confidence: Confidence::Documented, note: Some(B("An OAuth bot that sends a new botToken gets the same code (rotateBotToken in the source of 35).")), overlay: None,
    },
    Row {
        id: B("error.bot_token_invalid_length.rotation"), name: B("BotTokenInvalidLengthRotation"), kind: Kind::New,
        title: B("A rotation to a token that is too long fails with BOT_TOKEN_INVALID_LENGTH"),
        gate: RevisionRange::new(Axis::Rest, 35, None, true),
        observed_since: None, change: Some(B("BOT-NEW-0501-2")), published: Some(Date { year: 2026, month: 5, day: 1 }), effective: None, sunset: None, im: Some(B(">=26.400.0")), imbot: Some(B(">=26.150.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("BOT_TOKEN_INVALID_LENGTH")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("It cannot occur where tokens are not rotated; success there proves nothing.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-update.md#token-rotation"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/30eb7accc0fd60b73393d04815aceec8eba6b4c4/imbot/lib/V2/Controller/Bot.php")),
        confidence: Confidence::Documented, note: Some(B("Bot.register gets the code at 36, by date: see error.bot_token_invalid_length. The source of 35 has no check there.")), overlay: None,
    },
    Row {
        id: B("error.bot_ownership.after_rotation"), name: B("OwnershipErrorAfterRotation"), kind: Kind::New,
        title: B("The old token fails with BOT_OWNERSHIP_ERROR as soon as it was rotated"),
        gate: RevisionRange::new(Axis::Rest, 35, None, true),
        observed_since: None, change: Some(B("BOT-NEW-0501-2")), published: Some(Date { year: 2026, month: 5, day: 1 }), effective: None, sunset: None, im: Some(B(">=26.400.0")), imbot: Some(B(">=26.150.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.*")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("BOT_OWNERSHIP_ERROR")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Without rotation the code always means that the bot belongs to someone else.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-update.md#token-rotation"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/30eb7accc0fd60b73393d04815aceec8eba6b4c4/imbot/lib/V2/Controller/Bot.php")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("bot.app_id"), name: B("BotAppId"), kind: Kind::Removed,
        title: B("Replies and events carry bot.appId"),
        gate: RevisionRange::new(Axis::Rest, 0, Some(35), true),
        observed_since: None, change: Some(B("BOT-FIX-0501-3")), published: Some(Date { year: 2026, month: 5, day: 1 }), effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.register"), B("imbot.v2.Bot.get"), B("imbot.v2.Bot.list"), B("imbot.v2.Bot.update")]),
            events: B(&[B("ONIMBOTV2MESSAGEADD"), B("ONIMBOTV2MESSAGEUPDATE"), B("ONIMBOTV2MESSAGEDELETE"), B("ONIMBOTV2JOINCHAT"), B("ONIMBOTV2DELETE"), B("ONIMBOTV2CONTEXTGET"), B("ONIMBOTV2COMMANDADD"), B("ONIMBOTV2REACTIONCHANGE")]), request: B(&[]), response: B(&[B("bot.appId"), B("bots[].appId")]), data: B(&[B("bot.appId")]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("bot.code, or the mere success of a call, shows whose bot it is.") }),
        when_present: Some(Shim::StripSecret), safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("For a bot of a webhook it holds \"custom\" and the botToken: the secret itself reaches logs and copies of events.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0501-3"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/30eb7accc0fd60b73393d04815aceec8eba6b4c4/im/lib/V2/Entity/Bot/BotItem.php")),
        confidence: Confidence::Documented, note: Some(B("Drop the field on arrival, and never make it a mandatory field. From 35 on the secret still arrives elsewhere: webhook events carry \"custom\" and the botToken, 50 characters in all, as auth.application_token. Keep that out of logs as well.")), overlay: None,
    },
    Row {
        id: B("bot.token_length_limit"), name: B("BotTokenLengthLimit"), kind: Kind::Breaking,
        title: B("Bot.register rejects a botToken of more than 40 characters"),
        gate: RevisionRange::new(Axis::Rest, 36, None, true),
        observed_since: None, change: Some(B("BOT-BC-0506-1")), published: Some(Date { year: 2026, month: 5, day: 6 }), effective: Some(Date { year: 2026, month: 8, day: 6 }), sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.register")]),
            events: B(&[]), request: B(&[B("fields.botToken"), B("botToken")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Over40Chars), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Make tokens of at most 40 characters; they are right before and after.") }),
        when_present: Some(Shim::Refuse), safe_when_missing: true, when_unknown: WhenUnknown::Send, danger: Some(B("A bot that registers itself at every start with a long token works until the day, and cannot come back after a loss of state.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-bc-0506-1"),
        evidence: None,
        confidence: Confidence::Documented, note: Some(B("Listed under 36, in force by date. Registered bots with long tokens keep working, and portals that are not updated keep accepting them.")), overlay: None,
    },
    Row {
        id: B("error.bot_token_invalid_length"), name: B("BotTokenInvalidLength"), kind: Kind::New,
        title: B("A registration with a token that is too long fails with BOT_TOKEN_INVALID_LENGTH"),
        gate: RevisionRange::new(Axis::Rest, 36, None, true),
        observed_since: None, change: Some(B("BOT-BC-0506-1")), published: Some(Date { year: 2026, month: 5, day: 6 }), effective: Some(Date { year: 2026, month: 8, day: 6 }), sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.register")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("BOT_TOKEN_INVALID_LENGTH")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals accept the token.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-bc-0506-1"),
        evidence: None,
        confidence: Confidence::Documented, note: Some(B("The method page's table of errors leaves the code out; the change log names it. Bot.update answers it from 35 on: see error.bot_token_invalid_length.rotation.")), overlay: None,
    },
    Row {
        id: B("command.register.title_required"), name: B("CommandTitleRequired"), kind: Kind::Breaking,
        title: B("A visible command without a title fails with COMMAND_TITLE_REQUIRED"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.register")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("COMMAND_TITLE_REQUIRED")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Always send a title; older builds take it as well.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Before, such a command was registered without a title.")), overlay: None,
    },
    Row {
        id: B("command.name_invalid"), name: B("CommandNameInvalid"), kind: Kind::New,
        title: B("A command name that is no string fails with COMMAND_NAME_INVALID"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.register"), B("imbot.v2.Command.update")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("COMMAND_NAME_INVALID")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Read error \"100\" of a registration, and an error with code \"0\" or \"\" of an update, as the same fault.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("command.name_empty"), name: B("CommandNameEmpty"), kind: Kind::New,
        title: B("An empty new name of a command fails with COMMAND_NAME_EMPTY"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.update")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("COMMAND_NAME_EMPTY")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Check the name before sending.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("The call succeeds and the empty name is ignored.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("command.already_exists"), name: B("CommandAlreadyExists"), kind: Kind::New,
        title: B("A rename to a name in use fails with COMMAND_ALREADY_EXISTS"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.update")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("COMMAND_ALREADY_EXISTS")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Compare with the names of Command.list before; older builds do not rename at all.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Registering a name twice is no error: it returns the command that is there.")), overlay: None,
    },
    Row {
        id: B("command.title_invalid"), name: B("CommandTitleInvalid"), kind: Kind::New,
        title: B("A title that is no object fails with COMMAND_TITLE_INVALID"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.update")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("COMMAND_TITLE_INVALID")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Send an object of languages and texts; what older builds do with anything else is undefined.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("command.update.rename"), name: B("CommandRename"), kind: Kind::Fix,
        title: B("Command.update renames a command"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.update")]),
            events: B(&[]), request: B(&[B("fields.command")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::Refuse, v1: None, older_codes: B(&[]), note: B("Register the new name and unregister the old one; the command id changes.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("The call succeeds and the name stays.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/lib/command.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/command.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Needs both modules: imbot passes the name on, im stores it.")), overlay: None,
    },
    Row {
        id: B("command.update.title_merge"), name: B("CommandTitleMerge"), kind: Kind::Breaking,
        title: B("Command.update keeps the translations that fields.title does not mention"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.update")]),
            events: B(&[]), request: B(&[B("fields.title")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Send the full set of translations: right on every build.") }),
        when_present: None, safe_when_missing: true, when_unknown: WhenUnknown::Send, danger: Some(B("Translations that the call leaves out are deleted.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("command.update.title_null_deletes"), name: B("CommandTitleNullDeletes"), kind: Kind::New,
        title: B("A null in fields.title deletes that translation"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.update")]),
            events: B(&[]), request: B(&[B("fields.title.<lang>")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Null), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::Omit, v1: None, older_codes: B(&[]), note: B("Send the full set without that language; there the set is replaced as a whole.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("The null is stored or rejected, and the translations left out are gone.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("command.lang_case"), name: B("CommandLanguageCase"), kind: Kind::Fix,
        title: B("Language keys of titles and hints are taken in any case"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.register"), B("imbot.v2.Command.update")]),
            events: B(&[]), request: B(&[B("fields.title.<lang>"), B("fields.params.<lang>")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::CapitalKey), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::LowerKeys, v1: None, older_codes: B(&[]), note: B("Send language keys in small letters: every build takes them.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: Some(B("A key such as EN is stored as it is, and the text is never found.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("manager.empty_user_ids"), name: B("ManagerEmptyUserIds"), kind: Kind::New,
        title: B("An empty list of managers fails with EMPTY_USER_IDS"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Manager.add"), B("imbot.v2.Chat.Manager.delete")]),
            events: B(&[]), request: B(&[B("userIds")]), response: B(&[]), data: B(&[]),
            errors: B(&[B("EMPTY_USER_IDS")]), value: Some(ValueKind::Empty), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Do not call with an empty list; older builds report success and do nothing.") }),
        when_present: None, safe_when_missing: true, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Chat/Manager.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Manager.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("color.camel_case"), name: B("ColorCamelCase"), kind: Kind::Fix,
        title: B("Colour names are taken in camel case"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.add"), B("imbot.v2.Chat.update"), B("imbot.v2.Bot.register"), B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[B("fields.color"), B("fields.properties.color")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Respelt), values: B(&[B("RED"), B("GREEN"), B("MINT"), B("LIGHT_BLUE"), B("DARK_BLUE"), B("PURPLE"), B("AQUA"), B("PINK"), B("LIME"), B("BROWN"), B("AZURE"), B("KHAKI"), B("SAND"), B("MARENGO"), B("GRAY"), B("GRAPHITE")]),
        },
        fallback: Some(Fallback { shim: Shim::Spelling, v1: None, older_codes: B(&[]), note: B("Send LIGHT_BLUE rather than lightBlue; every build knows it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: Some(B("The call may succeed with another colour than was asked for.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/BotController.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/BotController.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Before, chats turned the name into capitals without the underscore, and bots took it as it came.")), overlay: None,
    },
    Row {
        id: B("color.invalid_ignored"), name: B("ColorInvalidIgnored"), kind: Kind::Fix,
        title: B("An unknown colour is dropped and the present one stays"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.add"), B("imbot.v2.Chat.update"), B("imbot.v2.Bot.register"), B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[B("fields.color"), B("fields.properties.color")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Unlisted), values: B(&[B("RED"), B("GREEN"), B("MINT"), B("LIGHT_BLUE"), B("DARK_BLUE"), B("PURPLE"), B("AQUA"), B("PINK"), B("LIME"), B("BROWN"), B("AZURE"), B("KHAKI"), B("SAND"), B("MARENGO"), B("GRAY"), B("GRAPHITE")]),
        },
        fallback: Some(Fallback { shim: Shim::Omit, v1: None, older_codes: B(&[]), note: B("Leave an unknown colour out.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/BotController.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/BotController.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Read for fields.color; the source treats fields.properties.color of bots the same way.")), overlay: None,
    },
    Row {
        id: B("text_field.enabled.boolean"), name: B("TextFieldBoolean"), kind: Kind::Fix,
        title: B("A JSON boolean in enabled of TextField.enabled"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.TextField.enabled")]),
            events: B(&[]), request: B(&[B("enabled")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Boolean), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::YesNo, v1: None, older_codes: B(&[]), note: B("Send \"Y\" or \"N\": every build takes them.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Chat/TextField.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/TextField.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Before, the parameter was a typed string, and a boolean is rejected with error \"100\".")), overlay: None,
    },
    Row {
        id: B("message.delete.complete.boolean"), name: B("MessageDeleteCompleteBoolean"), kind: Kind::Fix,
        title: B("A JSON boolean in complete of Message.delete"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.delete")]),
            events: B(&[]), request: B(&[B("complete")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Boolean), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::YesNo, v1: None, older_codes: B(&[]), note: B("Send \"Y\" or \"N\": every build takes them.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Chat/Message.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Before, the parameter was a typed string, and a boolean is rejected with error \"100\".")), overlay: None,
    },
    Row {
        id: B("command.register.flat.boolean"), name: B("CommandRegisterFlatBoolean"), kind: Kind::Fix,
        title: B("JSON booleans in the flat parameters of Command.register"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Command.register")]),
            events: B(&[]), request: B(&[B("common"), B("hidden"), B("extranetSupport")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Boolean), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::YesNo, v1: None, older_codes: B(&[]), note: B("Send \"Y\" or \"N\": every build takes them.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Command.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Command.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Before, the parameters were typed strings, and a boolean is rejected with error \"100\".")), overlay: None,
    },
    Row {
        id: B("message.delete.collection"), name: B("MessageDeleteWorks"), kind: Kind::Fix,
        title: B("Message.delete deletes the message it was given"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: Some(B(">=26.100.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.delete")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.message.delete")), older_codes: B(&[]), note: B("imbot.message.delete with BOT_ID, MESSAGE_ID and COMPLETE.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Chat/Message.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::Inferred, note: Some(B("The build that reports 32 wraps the message in a way its own class does not expect; that deletion fails there is read from the code, not tried.")), overlay: None,
    },
    Row {
        id: B("bot.update.support_openline"), name: B("SupportOpenlineUpdate"), kind: Kind::Fix,
        title: B("Bot.update changes isSupportOpenline"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[B("fields.isSupportOpenline")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::Refuse, v1: None, older_codes: B(&[]), note: B("Set it when the bot is registered.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("The call succeeds and the flag stays.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/lib/bot.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/bot.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("file.download.bot_access"), name: B("FileDownloadAsBot"), kind: Kind::Fix,
        title: B("File.download checks what the bot may read, not the calling user"),
        gate: RevisionRange::new(Axis::Rest, 33, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.File.download")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("FILE_ACCESS_ERROR")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Read an access error as possibly wrong; a call under a user who may read the file works.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/lib/V2/Controller/Filter/CheckDiskFileAccess.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Controller/Filter/CheckDiskFileAccess.php")),
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("v1.bot_list.id_int"), name: B("BotListIdInteger"), kind: Kind::Fix,
        title: B("imbot.bot.list returns ids as integers"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.bot.list")]),
            events: B(&[]), request: B(&[]), response: B(&[B("<id>.ID")]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Integer), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Take the id as a number or as a string.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/classes/general/im_rest.php#botList"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/classes/general/im_rest.php#botList")),
        confidence: Confidence::SourceDerived, note: Some(B("Integers up to im 26.100, strings from im 26.200.0 to 26.274.0, integers again from im 26.300.0; 33 is the lowest revision that guarantees integers.")), overlay: None,
    },
    Row {
        id: B("im.recent.with_counters"), name: B("RecentWithCounters"), kind: Kind::New,
        title: B("im.recent.get and im.recent.list can leave the counters out"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.recent.get"), B("im.recent.list")]),
            events: B(&[]), request: B(&[B("WITH_COUNTERS")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::Omit, v1: None, older_codes: B(&[]), note: B("Leave WITH_COUNTERS out; older builds ignore it and always count.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/classes/general/im_rest.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/classes/general/im_rest.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Undocumented. Seen at 33, and at no documented revision; the build with 32 does not know the parameter.")), overlay: None,
    },
    Row {
        id: B("event.get.user_events"), name: B("EventUserEvents"), kind: Kind::New,
        title: B("Event.get adds the events of the calling user to those of the bot"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Event.get")]),
            events: B(&[]), request: B(&[B("withUserEvents")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Boolean), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::Omit, v1: None, older_codes: B(&[]), note: B("Leave withUserEvents out for \"no\". In a batch, where all values are strings, send 1 or 0.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("Any other string counts as true, \"N\" and \"false\" among them: the reply then mixes in the private messages of the user, or fails with SCOPE_ERROR.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Event.php"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/event-get.md#combined-fetch")),
        confidence: Confidence::SourceDerived, note: Some(B("Needs the im scope, a user, and im.v2.Event.subscribe before; otherwise SCOPE_ERROR, AUTH_ERROR or USER_NOT_SUBSCRIBED. 33 is sure by its number, 32 by a sighting; every build with imbot.v2 has it.")), overlay: None,
    },
    Row {
        id: B("event.get.user_events.text"), name: B("EventUserEventsText"), kind: Kind::New,
        title: B("Any text in withUserEvents but 0 counts as true"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Event.get")]),
            events: B(&[]), request: B(&[B("withUserEvents")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: Some(ValueKind::Text), values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Send a JSON boolean.") }),
        when_present: Some(Shim::Boolean), safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: Some(B("\"N\" and \"false\" ask for it: the reply then mixes in the private messages of the user, or fails with SCOPE_ERROR.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Event.php"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/event-get.md#combined-fetch")),
        confidence: Confidence::SourceDerived, note: Some(B("The parameter is typed bool, and PHP takes text for true. There is no portal where such text means no.")), overlay: None,
    },
    Row {
        id: B("bot.update.webhook_url"), name: B("BotUpdateWebhookUrl"), kind: Kind::New,
        title: B("Bot.update moves the events of a bot to another address"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[B("fields.webhookUrl")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Check the address before, and look at event.get afterwards.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("Before im 26.600.0 an invalid address is not reported: the call succeeds, the other fields are saved, and nothing is subscribed.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/imbot/lib/V2/Controller/Bot.php"),
        evidence: None,
        confidence: Confidence::SourceDerived, note: Some(B("Silent in the source of 32, 33 and the first build with 35 (im 26.400.0). From im 26.600.0 on (e97f45aa, which reports 35 as well) BOT_INVALID_CALLBACK is answered before anything is changed. No revision tells the two apart. Bot.register always reports it.")), overlay: None,
    },
    Row {
        id: B("error.bot_update_failed"), name: B("BotUpdateFailed"), kind: Kind::New,
        title: B("Bot.update may fail with BOT_UPDATE_FAILED"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.600.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("BOT_UPDATE_FAILED")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Expect the code on every portal. Builds before im 26.600.0 never send it: there, read the bot back to see what was saved.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e97f45aaed91725094e9d2133fd776b1f0fbf29c/imbot/lib/V2/Controller/Bot.php"),
        evidence: None,
        confidence: Confidence::SourceDerived, note: Some(B("First seen in e97f45aa (im 26.600.0), absent from the first build with 35 (im 26.400.0). Both report 35, so no revision tells whether the code can occur.")), overlay: None,
    },
    Row {
        id: B("bot.update.event_mode"), name: B("BotUpdateEventMode"), kind: Kind::New,
        title: B("Bot.update switches a bot between polling and delivery"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[B("fields.eventMode")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Drain Event.get first, then send webhookUrl together with eventMode = webhook.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("A switch to webhook without an address succeeds, subscribes nothing, and the events are lost. A switch from fetch to webhook deletes what was queued and not yet read.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/imbot/lib/V2/Controller/Bot.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/lib/bot.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Read in the source of 32, 33 and 35. The queue is deleted in im/lib/bot.php.")), overlay: None,
    },
    Row {
        id: B("message.fields.whitelist"), name: B("MessageFieldsWhitelist"), kind: Kind::New,
        title: B("Message.send and Message.update keep the fields they know and drop the rest"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.send"), B("imbot.v2.Chat.Message.update")]),
            events: B(&[]), request: B(&[B("fields")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::Omit, v1: None, older_codes: B(&[]), note: B("Leave out fields that are not documented for the method; a menu in particular has no v2 form.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("An unknown field is dropped without an error, so trying a new field on an old portal proves nothing.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php"),
        evidence: None,
        confidence: Confidence::SourceDerived, note: Some(B("33 is sure by its number, 32 by a sighting; every build with imbot.v2 does it.")), overlay: None,
    },
    Row {
        id: B("message.update.url_preview"), name: B("MessageUpdateUrlPreview"), kind: Kind::New,
        title: B("Message.update takes fields.urlPreview and never reads it"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.update")]),
            events: B(&[]), request: B(&[B("fields.urlPreview")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Decide about link previews when the message is sent; an update does not change them.") }),
        when_present: None, safe_when_missing: true, when_unknown: WhenUnknown::Send, danger: Some(B("The call succeeds and the preview stays as it was.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-update.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::SourceDerived, note: Some(B("The page documents the field. No public source from 32 to 35 reads it (8c347630, e0668513, a3a2a579, 30eb7acc). imbot.message.update does read URL_PREVIEW.")), overlay: None,
    },
    Row {
        id: B("bot.update.unknown_fields"), name: B("BotUpdateUnknownFields"), kind: Kind::New,
        title: B("Bot.update ignores fields that it does not know, in silence"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.update")]),
            events: B(&[]), request: B(&[B("fields")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Send documented fields alone, and compare the bot in the reply with what was asked for.") }),
        when_present: None, safe_when_missing: true, when_unknown: WhenUnknown::Send, danger: Some(B("A misspelt field, or one of the older API such as fields.BOT, reports success and changes nothing.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Bot.php"),
        evidence: None,
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("bot.register.known_code"), name: B("BotRegisterKnownCode"), kind: Kind::New,
        title: B("Bot.register with a code that the application has returns that bot unchanged"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.register")]),
            events: B(&[]), request: B(&[B("fields.code")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("To change a bot that is there, call Bot.update: a second registration changes neither its profile nor its address nor its mode.") }),
        when_present: None, safe_when_missing: true, when_unknown: WhenUnknown::Send, danger: Some(B("A bot that registers itself at every start with a new address or mode gets success, and keeps the old ones.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Bot.php"),
        evidence: None,
        confidence: Confidence::SourceDerived, note: None, overlay: None,
    },
    Row {
        id: B("error.bot_limit_exceeded"), name: B("BotLimitExceeded"), kind: Kind::New,
        title: B("A registration may fail with BOT_LIMIT_EXCEEDED"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.register")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("BOT_LIMIT_EXCEEDED")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Handle the code where it comes, and do not wait for it: unregister bots that are out of use.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/bots/bot-register.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/imbot/lib/V2/Controller/Bot.php")),
        confidence: Confidence::Documented, note: Some(B("In the source of 32 and 33 only with the cloud's module, and gone from the source of 35.")), overlay: None,
    },
    Row {
        id: B("bot.register.token_location"), name: B("BotTokenLocation"), kind: Kind::New,
        title: B("Bot.register takes botToken at the top level or inside fields"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.register")]),
            events: B(&[]), request: B(&[B("botToken"), B("fields.botToken")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("All other methods take it at the top level alone.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Bot.php"),
        evidence: None,
        confidence: Confidence::SourceDerived, note: Some(B("For webhooks; OAuth applications are known by their client id. 33 is sure by its number, 32 by a sighting; every build with imbot.v2 has it.")), overlay: None,
    },
    Row {
        id: B("bot.types"), name: B("BotTypes"), kind: Kind::New,
        title: B("Bots of type bot, network, openline, supervisor and personal"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.register")]),
            events: B(&[]), request: B(&[B("fields.type")]), response: B(&[]), data: B(&[]),
            errors: B(&[B("BOT_INVALID_TYPE")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("v1 knows B, O, S and H; what was registered as H is shown as bot.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/V2/Entity/Bot/BotType.php"),
        evidence: None,
        confidence: Confidence::SourceDerived, note: Some(B("Other names fail with BOT_INVALID_TYPE. 33 is sure by its number, 32 by a sighting; every build with imbot.v2 has them.")), overlay: None,
    },
    Row {
        id: B("error.bot_type_not_allowed"), name: B("BotTypeNotAllowed"), kind: Kind::New,
        title: B("Reading messages is denied to most types of bot with BOT_TYPE_NOT_ALLOWED"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Chat.Message.get"), B("imbot.v2.Chat.Message.getContext")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[B("BOT_TYPE_NOT_ALLOWED")]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Register the bot as supervisor or personal.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-get.md#error-handling"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/Chat/Message.php")),
        confidence: Confidence::Documented, note: Some(B("A question of the type of bot, not of the revision. 33 is sure by its number, 32 by a sighting; every build with imbot.v2 has it.")), overlay: None,
    },
    Row {
        id: B("response.nested_result"), name: B("NestedResult"), kind: Kind::Fix,
        title: B("Methods that only do something answer {\"result\": true} as their result"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.Bot.unregister"), B("imbot.v2.Chat.InputAction.notify"), B("imbot.v2.Chat.Manager.add"), B("imbot.v2.Chat.Manager.delete"), B("imbot.v2.Chat.Message.Reaction.add"), B("imbot.v2.Chat.Message.Reaction.delete"), B("imbot.v2.Chat.Message.delete"), B("imbot.v2.Chat.Message.update"), B("imbot.v2.Chat.TextField.enabled"), B("imbot.v2.Chat.User.add"), B("imbot.v2.Chat.User.delete"), B("imbot.v2.Chat.leave"), B("imbot.v2.Chat.setOwner"), B("imbot.v2.Chat.update"), B("imbot.v2.Command.answer"), B("imbot.v2.Command.unregister")]),
            events: B(&[]), request: B(&[]), response: B(&[B("result")]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::NestedResult, v1: None, older_codes: B(&[]), note: B("Take a bare true for the same.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Adapt, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/chats/chat-leave.md"),
        evidence: None,
        confidence: Confidence::SourceDerived, note: Some(B("The documentation showed a bare boolean until June 2026; every public source has answered the nested form. Methods of the first generation answer a bare one. Chat.Message.read is not among them: it has always answered an object.")), overlay: None,
    },
    Row {
        id: B("event.additional_messages"), name: B("EventAdditionalMessages"), kind: Kind::New,
        title: B("Events may carry the replied-to message in additionalMessages"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.600.0")), imbot: None,
        applies: Applies {
            methods: B(&[]),
            events: B(&[B("ONIMBOTV2MESSAGEADD"), B("ONIMBOTV2MESSAGEUPDATE"), B("ONIMBOTV2COMMANDADD"), B("ONIMBOTV2REACTIONCHANGE")]), request: B(&[]), response: B(&[]), data: B(&[B("additionalMessages")]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Take the member as optional on every portal; where it is missing, a bot of type supervisor or personal can read the message with Chat.Message.get.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/e97f45aaed91725094e9d2133fd776b1f0fbf29c/im/lib/V2/Event/EventPayload.php"),
        evidence: None,
        confidence: Confidence::SourceDerived, note: Some(B("Undocumented. First seen in im 26.600.0, which reports 35 like older builds without it, so no revision tells whether it comes. Where it comes it is a list: the answered message, or nothing. A form leaves an empty list out.")), overlay: None,
    },
    Row {
        id: B("auth.client_id"), name: B("ClientIdAlias"), kind: Kind::Deprecated,
        title: B("clientId is taken as another name of botToken"),
        gate: RevisionRange::new(Axis::Rest, 0, None, true),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.250.0")), imbot: Some(B(">=26.50.0")),
        applies: Applies {
            methods: B(&[B("imbot.v2.*")]),
            events: B(&[]), request: B(&[B("clientId"), B("CLIENT_ID")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Send botToken; no date is given for the end of the alias.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/BotController.php"),
        evidence: None,
        confidence: Confidence::SourceDerived, note: Some(B("At the top level and for webhooks.")), overlay: None,
    },
    Row {
        id: B("im.revision.get"), name: B("ImRevisionGet"), kind: Kind::New,
        title: B("Tells the revision numbers to a caller with the im scope"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.revision.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Without the im scope it answers insufficient_scope, which says nothing about the revision.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/im-revision-get.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/lib/controller/revision.php")),
        confidence: Confidence::SourceDerived, note: Some(B("Two sources disagree: 18 by the documentation, seen from 21 on. 18 rests on the sample reply of the page's older edition, and the only copy with 19 lacks the folders to tell. The reply repeats mobile as im_revision_mobile.")), overlay: None,
    },
    Row {
        id: B("im.revision.get.desktop"), name: B("ImRevisionDesktop"), kind: Kind::New,
        title: B("im.revision.get tells the desktop counter"),
        gate: RevisionRange::new(Axis::Rest, 26, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.revision.get")]),
            events: B(&[]), request: B(&[]), response: B(&[B("desktop")]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Take the counter as unknown.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/alexprowars/bxApiDocs/blob/e7d2bfd11ef713e4c2decd1f3c8f4ddfe96f1ca9/modules/im/lib/revision.php"),
        evidence: Some(B("https://github.com/kotopheiop/bitrix-core/blob/19c71bf20121e35e2565772ae09037d226566dee/modules/im/lib/revision.php")),
        confidence: Confidence::SourceDerived, note: Some(B("First seen at 26; the copy with 24 lacks it, and none with 25 is known. The number can fall: some builds with 32 say 6 or 5 by a setting.")), overlay: None,
    },
    Row {
        id: B("keyboard.action"), name: B("KeyboardAction"), kind: Kind::New,
        title: B("Keyboard buttons act in the client: put, send, copy, call, open a dialog"),
        gate: RevisionRange::new(Axis::Rest, 28, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.message.add"), B("im.message.update"), B("imbot.message.add"), B("imbot.message.update"), B("imbot.command.answer"), B("imbot.v2.Chat.Message.send"), B("imbot.v2.Chat.Message.update"), B("imbot.v2.Command.answer")]),
            events: B(&[]), request: B(&[B("KEYBOARD.BUTTONS[].ACTION"), B("KEYBOARD.BUTTONS[].ACTION_VALUE"), B("fields.keyboard.BUTTONS[].ACTION"), B("fields.keyboard.BUTTONS[].ACTION_VALUE"), B("KEYBOARD[].ACTION"), B("KEYBOARD[].ACTION_VALUE"), B("fields.keyboard[].ACTION"), B("fields.keyboard[].ACTION_VALUE")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Use a button with LINK or COMMAND.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("The button is shown and does nothing.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/keyboards.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/menu.md")),
        confidence: Confidence::Documented, note: Some(B("The page dropped the number in April 2026; the page on menus still has it.")), overlay: None,
    },
    Row {
        id: B("menu.action"), name: B("MenuAction"), kind: Kind::New,
        title: B("Menu items act in the client: put, send, copy, call, open a dialog"),
        gate: RevisionRange::new(Axis::Rest, 28, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.message.add"), B("im.message.update"), B("imbot.message.add"), B("imbot.message.update"), B("imbot.command.answer")]),
            events: B(&[]), request: B(&[B("MENU[].ACTION"), B("MENU[].ACTION_VALUE"), B("MENU.ITEMS[].ACTION"), B("MENU.ITEMS[].ACTION_VALUE")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Use an item with LINK or COMMAND (REST 26).") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/menu.md"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/lib/bot/contextmenu.php")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("menu.link"), name: B("MenuLink"), kind: Kind::New,
        title: B("Menu items that open a link"),
        gate: RevisionRange::new(Axis::Rest, 26, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.message.add"), B("imbot.message.add")]),
            events: B(&[]), request: B(&[B("MENU[].LINK"), B("MENU.ITEMS[].LINK")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Put the link into the text, or on a keyboard button.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/menu.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/menu.md")),
        confidence: Confidence::Documented, note: Some(B("The number was dropped from the page in 2026.")), overlay: None,
    },
    Row {
        id: B("menu.command"), name: B("MenuCommand"), kind: Kind::New,
        title: B("Menu items that send a command to the bot"),
        gate: RevisionRange::new(Axis::Rest, 26, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.message.add"), B("imbot.message.add")]),
            events: B(&[]), request: B(&[B("MENU[].COMMAND"), B("MENU[].COMMAND_PARAMS"), B("MENU.ITEMS[].COMMAND"), B("MENU.ITEMS[].COMMAND_PARAMS")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Use a keyboard button with COMMAND.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/menu.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/menu.md")),
        confidence: Confidence::Documented, note: Some(B("The number was dropped from the page in 2026.")), overlay: None,
    },
    Row {
        id: B("imbot.dialog.get"), name: B("ImbotDialogGet"), kind: Kind::Deprecated,
        title: B("Returns a chat by its dialog id, for a bot of the first generation"),
        gate: RevisionRange::new(Axis::Rest, 24, None, false),
        observed_since: None, change: None, published: Some(Date { year: 2026, month: 4, day: 2 }), effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.dialog.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("imbot.chat.get")), older_codes: B(&[]), note: B("imbot.chat.get finds a chat that was made for an entity, by ENTITY_TYPE and ENTITY_ID.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chat-bots/chats/imbot-dialog-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/outdated/chats/imbot-dialog-get.md")),
        confidence: Confidence::Documented, note: Some(B("Frozen since April 2026 like all of v1, without a sunset; imbot.v2.Chat.get takes its place.")), overlay: None,
    },
    Row {
        id: B("imbot.chat.updateTextFieldEnabled"), name: B("ImbotChatUpdateTextFieldEnabled"), kind: Kind::New,
        title: B("Opens or closes the input field of a chat, for a bot of the first generation"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: Some(32), change: None, published: None, effective: None, sunset: None, im: Some(B(">=25.650.100")), imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.chat.updateTextFieldEnabled")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals cannot close the field for a bot; leave it open.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botUpdateTextFieldEnabled"),
        evidence: None,
        confidence: Confidence::SourceDerived, note: Some(B("Undocumented. It came with im 25.650.100 (July 2025), in the middle of the builds that report 32; 33 is the lowest revision that proves it.")), overlay: None,
    },
    Row {
        id: B("v1.events.message_update_delete"), name: B("BotMessageUpdateDeleteEvents"), kind: Kind::New,
        title: B("Bots can ask to hear of edited and deleted messages"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.register"), B("imbot.update")]),
            events: B(&[]), request: B(&[B("EVENT_MESSAGE_UPDATE"), B("EVENT_MESSAGE_DELETE"), B("FIELDS.EVENT_MESSAGE_UPDATE"), B("FIELDS.EVENT_MESSAGE_DELETE")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Edits and deletions stay unknown to the bot.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php"),
        evidence: None,
        confidence: Confidence::Inferred, note: Some(B("The vendor's course dates it to February 2018 without a revision; the oldest copy known reports 18, so 18 is taken as the bound.")), overlay: None,
    },
    Row {
        id: B("v1.bot.type_supervisor"), name: B("BotTypeSupervisor"), kind: Kind::New,
        title: B("imbot.register takes TYPE = S, a bot that reads the whole chat"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.register")]),
            events: B(&[]), request: B(&[B("TYPE")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Register an ordinary bot (B); it reads what is addressed to it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php"),
        evidence: None,
        confidence: Confidence::Inferred, note: Some(B("The vendor's course dates it to February 2018 without a revision; the oldest copy known reports 18, so 18 is taken as the bound.")), overlay: None,
    },
    Row {
        id: B("v1.chat.entity"), name: B("ChatEntity"), kind: Kind::New,
        title: B("Chats carry ENTITY_TYPE and ENTITY_ID and are found by them"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.chat.add"), B("im.chat.get")]),
            events: B(&[]), request: B(&[B("ENTITY_TYPE"), B("ENTITY_ID")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Remember the id of the chat that was made.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php"),
        evidence: None,
        confidence: Confidence::Inferred, note: Some(B("The vendor's course dates it to February 2018 without a revision; the oldest copy known reports 18, so 18 is taken as the bound.")), overlay: None,
    },
    Row {
        id: B("v1.update.openline"), name: B("BotUpdateOpenline"), kind: Kind::Fix,
        title: B("imbot.update changes OPENLINE"),
        gate: RevisionRange::new(Axis::Rest, 33, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=26.300.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("imbot.update")]),
            events: B(&[]), request: B(&[B("FIELDS.OPENLINE")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::Refuse, v1: None, older_codes: B(&[]), note: B("To change it, register the bot anew.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("The call succeeds and the flag stays.")),
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/lib/bot.php"),
        evidence: Some(B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/bot.php")),
        confidence: Confidence::SourceDerived, note: Some(B("The method reads FIELDS.OPENLINE on every build known, and the module that stores it passes it over below this one. FIELDS.TYPE has no row: builds from 32 to 33 take it alike, if TYPE stands at the top level too. The vendor's course says that both were removed in February 2018, which no known source bears out.")), overlay: None,
    },
    Row {
        id: B("im.chat.add"), name: B("ImChatAdd"), kind: Kind::New,
        title: B("Opens a chat"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.chat.add")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-chat-add.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/im-chat-add.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.chat.get"), name: B("ImChatGet"), kind: Kind::New,
        title: B("Finds a chat by its entity"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.chat.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-chat-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/im-chat-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.chat.leave"), name: B("ImChatLeave"), kind: Kind::New,
        title: B("Leaves a chat"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.chat.leave")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-users/im-chat-leave.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/chat-users/im-chat-leave.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.chat.setOwner"), name: B("ImChatSetOwner"), kind: Kind::New,
        title: B("Hands a chat of the calling user over to another owner"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.chat.setOwner")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-update/index.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/chat-update/im-chat-set-owner.md")),
        confidence: Confidence::Documented, note: Some(B("In the older edition its page was the index of the section.")), overlay: None,
    },
    Row {
        id: B("im.chat.updateAvatar"), name: B("ImChatUpdateAvatar"), kind: Kind::New,
        title: B("Changes the picture of a chat"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.chat.updateAvatar")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-update/im-chat-update-avatar.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/chat-update/im-chat-update-avatar.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.chat.updateColor"), name: B("ImChatUpdateColor"), kind: Kind::New,
        title: B("Changes the colour of a chat"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.chat.updateColor")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-update/im-chat-update-color.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/chat-update/im-chat-update-color.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.chat.updateTitle"), name: B("ImChatUpdateTitle"), kind: Kind::New,
        title: B("Changes the title of a chat"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.chat.updateTitle")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-update/im-chat-update-title.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/chat-update/im-chat-update-title.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.chat.user.add"), name: B("ImChatUserAdd"), kind: Kind::New,
        title: B("Invites users to a chat of the calling user"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.chat.user.add")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-users/index.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/chat-users/im-chat-user-add.md")),
        confidence: Confidence::Documented, note: Some(B("In the older edition its page was the index of the section.")), overlay: None,
    },
    Row {
        id: B("im.chat.user.delete"), name: B("ImChatUserDelete"), kind: Kind::New,
        title: B("Removes a user from a chat of the calling user"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.chat.user.delete")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-users/im-chat-user-delete.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/chat-users/im-chat-user-delete.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.chat.user.list"), name: B("ImChatUserList"), kind: Kind::New,
        title: B("Lists the members of a chat by id"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.chat.user.list")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-users/im-chat-user-list.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/chat-users/im-chat-user-list.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.department.get"), name: B("ImDepartmentGet"), kind: Kind::New,
        title: B("Returns departments"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.department.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/departments/im-department-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/departments/im-department-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.disk.file.commit"), name: B("ImDiskFileCommit"), kind: Kind::New,
        title: B("Posts an uploaded file in a chat"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.disk.file.commit")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/files/im-disk-file-commit.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/files/im-disk-file-commit.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.disk.file.delete"), name: B("ImDiskFileDelete"), kind: Kind::New,
        title: B("Deletes a file of a chat"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.disk.file.delete")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/files/im-disk-file-delete.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/files/im-disk-file-delete.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.disk.folder.get"), name: B("ImDiskFolderGet"), kind: Kind::New,
        title: B("Returns the folder for the files of a chat"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.disk.folder.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/files/index.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/files/im-disk-folder-get.md")),
        confidence: Confidence::Documented, note: Some(B("In the older edition its page was the index of the section.")), overlay: None,
    },
    Row {
        id: B("im.message.add"), name: B("ImMessageAdd"), kind: Kind::New,
        title: B("Sends a message as the calling user"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.message.add")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-message-add.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/im-message-add.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.message.delete"), name: B("ImMessageDelete"), kind: Kind::New,
        title: B("Deletes a message of the calling user"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.message.delete")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-message-delete.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/im-message-delete.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.message.like"), name: B("ImMessageLike"), kind: Kind::New,
        title: B("Likes a message, or takes the like back"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.message.like")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-message-like.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/im-message-like.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.message.update"), name: B("ImMessageUpdate"), kind: Kind::New,
        title: B("Edits a message of the calling user"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.message.update")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-message-update.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/im-message-update.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.notify.delete"), name: B("ImNotifyDelete"), kind: Kind::New,
        title: B("Deletes notifications"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.notify.delete")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-delete.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/notifications/im-notify-delete.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.notify.personal.add"), name: B("ImNotifyPersonalAdd"), kind: Kind::New,
        title: B("Sends a notification from a person"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.notify.personal.add")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-personal-add.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/notifications/im-notify-personal-add.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.notify.read"), name: B("ImNotifyRead"), kind: Kind::New,
        title: B("Marks a notification, or it and all newer ones, as read"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.notify.read")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-read.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/notifications/im-notify-read.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.notify.system.add"), name: B("ImNotifySystemAdd"), kind: Kind::New,
        title: B("Sends a notification from the system"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.notify.system.add")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-system-add.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/notifications/im-notify-system-add.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.recent.get"), name: B("ImRecentGet"), kind: Kind::New,
        title: B("Returns the short list of recent chats"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.recent.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-recent-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/im-recent-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.recent.hide"), name: B("ImRecentHide"), kind: Kind::New,
        title: B("Takes a chat off the list of recent ones"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.recent.hide")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/special-operations/im-recent-hide.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/special-operations/im-recent-hide.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.search.last.add"), name: B("ImSearchLastAdd"), kind: Kind::New,
        title: B("Adds an entry to the last searches"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.search.last.add")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/search/im-search-last-add.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/search/im-search-last-add.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.search.last.delete"), name: B("ImSearchLastDelete"), kind: Kind::New,
        title: B("Removes an entry from the last searches"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.search.last.delete")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/search/im-search-last-delete.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/search/im-search-last-delete.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.search.last.get"), name: B("ImSearchLastGet"), kind: Kind::New,
        title: B("Returns what was searched for last"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.search.last.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/search/im-search-last-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/search/im-search-last-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.user.get"), name: B("ImUserGet"), kind: Kind::New,
        title: B("Returns the data of a user"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.user.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/users/im-user-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/users/im-user-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.user.status.idle.start"), name: B("ImUserStatusIdleStart"), kind: Kind::New,
        title: B("Shows the user as away"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.user.status.idle.start")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/users/im-user-status-idle-start.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/users/im-user-status-idle-start.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.user.status.set"), name: B("ImUserStatusSet"), kind: Kind::New,
        title: B("Sets the user's status"),
        gate: RevisionRange::new(Axis::Rest, 18, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.0.0")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.user.status.set")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("No portal with a lower revision is documented; call it and read the error.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/users/im-user-status-set.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/users/im-user-status-set.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.chat.mute"), name: B("ImChatMute"), kind: Kind::New,
        title: B("Silences the notifications of a chat"),
        gate: RevisionRange::new(Axis::Rest, 19, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.chat.mute")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals have no equal; do without it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/special-operations/index.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/special-operations/im-chat-mute.md")),
        confidence: Confidence::Documented, note: Some(B("In the older edition its page was the index of the section.")), overlay: None,
    },
    Row {
        id: B("im.department.colleagues.list"), name: B("ImDepartmentColleaguesList"), kind: Kind::New,
        title: B("Lists the user's colleagues"),
        gate: RevisionRange::new(Axis::Rest, 19, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.department.colleagues.list")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals have no equal; do without it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/departments/im-department-colleagues-list.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/departments/im-department-colleagues-list.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.department.employees.get"), name: B("ImDepartmentEmployeesGet"), kind: Kind::New,
        title: B("Lists the employees of departments"),
        gate: RevisionRange::new(Axis::Rest, 19, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.department.employees.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals have no equal; do without it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/departments/im-department-employees-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/departments/im-department-employees-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.department.managers.get"), name: B("ImDepartmentManagersGet"), kind: Kind::New,
        title: B("Lists the managers of departments"),
        gate: RevisionRange::new(Axis::Rest, 19, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.department.managers.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals have no equal; do without it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/departments/im-department-managers-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/departments/im-department-managers-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.dialog.messages.get"), name: B("ImDialogMessagesGet"), kind: Kind::New,
        title: B("Reads the messages of a dialog"),
        gate: RevisionRange::new(Axis::Rest, 19, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.dialog.messages.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals have no equal; do without it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-dialog-messages-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/im-dialog-messages-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.recent.pin"), name: B("ImRecentPin"), kind: Kind::New,
        title: B("Pins a chat to the top"),
        gate: RevisionRange::new(Axis::Rest, 19, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.recent.pin")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals have no equal; do without it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/special-operations/im-recent-pin.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/special-operations/im-recent-pin.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.search.chat.list"), name: B("ImSearchChatList"), kind: Kind::New,
        title: B("Finds chats"),
        gate: RevisionRange::new(Axis::Rest, 19, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.search.chat.list")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals have no equal; do without it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/search/index.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/search/im-search-chat-list.md")),
        confidence: Confidence::Documented, note: Some(B("In the older edition its page was the index of the section.")), overlay: None,
    },
    Row {
        id: B("im.search.department.list"), name: B("ImSearchDepartmentList"), kind: Kind::New,
        title: B("Finds departments"),
        gate: RevisionRange::new(Axis::Rest, 19, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.search.department.list")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals have no equal; do without it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/search/im-search-department-list.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/search/im-search-department-list.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.search.user.list"), name: B("ImSearchUserList"), kind: Kind::New,
        title: B("Finds users"),
        gate: RevisionRange::new(Axis::Rest, 19, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.search.user.list")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals have no equal; do without it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/search/im-search-user-list.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/search/im-search-user-list.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.user.list.get"), name: B("ImUserListGet"), kind: Kind::New,
        title: B("Returns the data of several users"),
        gate: RevisionRange::new(Axis::Rest, 19, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.user.list.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("im.user.get")), older_codes: B(&[]), note: B("im.user.get, once for each user.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/users/im-user-list-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/users/im-user-list-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.dialog.read"), name: B("ImDialogRead"), kind: Kind::New,
        title: B("Marks messages of a dialog as read"),
        gate: RevisionRange::new(Axis::Rest, 21, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.5.150")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.dialog.read")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals have no equal; do without it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-dialog-read.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/im-dialog-read.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.dialog.unread"), name: B("ImDialogUnread"), kind: Kind::New,
        title: B("Marks messages of a dialog as unread"),
        gate: RevisionRange::new(Axis::Rest, 21, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.5.150")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.dialog.unread")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Older portals have no equal; do without it.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-dialog-unread.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/im-dialog-unread.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.disk.file.save"), name: B("ImDiskFileSave"), kind: Kind::New,
        title: B("Saves a file of a chat to the own drive"),
        gate: RevisionRange::new(Axis::Rest, 21, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: Some(B(">=18.5.150")), imbot: None,
        applies: Applies {
            methods: B(&[B("im.disk.file.save")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Fetch the file and upload it with the methods of the disk scope.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/files/im-disk-file-save.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/files/im-disk-file-save.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.dialog.get"), name: B("ImDialogGet"), kind: Kind::New,
        title: B("Returns a dialog by its id"),
        gate: RevisionRange::new(Axis::Rest, 24, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.dialog.get")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("im.chat.get finds chats of an entity only.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-dialog-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/im-dialog-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.dialog.read.all"), name: B("ImDialogReadAll"), kind: Kind::New,
        title: B("Marks all dialogs as read"),
        gate: RevisionRange::new(Axis::Rest, 30, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.dialog.read.all")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("im.dialog.read, once for each dialog (REST 21).") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/special-operations/im-dialog-read-all.md"),
        evidence: None,
        confidence: Confidence::Documented, note: Some(B("The number is from the vendor's course (January 2022), not from the page.")), overlay: None,
    },
    Row {
        id: B("im.dialog.users.list"), name: B("ImDialogUsersList"), kind: Kind::New,
        title: B("Lists the members of a dialog, with their data"),
        gate: RevisionRange::new(Axis::Rest, 30, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.dialog.users.list")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("im.chat.user.list")), older_codes: B(&[]), note: B("im.chat.user.list with CHAT_ID gives ids; im.user.list.get turns them into data.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/chat-users/im-dialog-users-list.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/chat-users/im-dialog-users-list.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.dialog.writing"), name: B("ImDialogWriting"), kind: Kind::New,
        title: B("Shows that the user is writing"),
        gate: RevisionRange::new(Axis::Rest, 30, None, false),
        observed_since: Some(23), change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.dialog.writing")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Leave it out; it is an ornament.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-dialog-writing.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/im-dialog-writing.md")),
        confidence: Confidence::Documented, note: Some(B("Documented late: a copy of the source with 23 has it.")), overlay: None,
    },
    Row {
        id: B("im.message.command"), name: B("ImMessageCommand"), kind: Kind::New,
        title: B("Gives a command of a bot from a message"),
        gate: RevisionRange::new(Axis::Rest, 30, None, false),
        observed_since: Some(23), change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.message.command")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Send the command as the text of a message.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-message-command.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/im-message-command.md")),
        confidence: Confidence::Documented, note: Some(B("Documented late: a copy of the source with 23 has it.")), overlay: None,
    },
    Row {
        id: B("im.message.share"), name: B("ImMessageShare"), kind: Kind::New,
        title: B("Turns a message into a task, a post or another entity"),
        gate: RevisionRange::new(Axis::Rest, 30, None, false),
        observed_since: Some(23), change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.message.share")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Make the task or post with its own methods.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/messages/im-message-share.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/messages/im-message-share.md")),
        confidence: Confidence::Documented, note: Some(B("Documented late: a copy of the source with 23 has it.")), overlay: None,
    },
    Row {
        id: B("im.notify.answer"), name: B("ImNotifyAnswer"), kind: Kind::New,
        title: B("Answers a notification that asks for text"),
        gate: RevisionRange::new(Axis::Rest, 30, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.notify.answer")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Only the user can answer.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-answer.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/notifications/im-notify-answer.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.notify.confirm"), name: B("ImNotifyConfirm"), kind: Kind::New,
        title: B("Presses a button of a notification"),
        gate: RevisionRange::new(Axis::Rest, 30, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.notify.confirm")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("Only the user can press the button.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-confirm.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/notifications/im-notify-confirm.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.notify.read.list"), name: B("ImNotifyReadList"), kind: Kind::New,
        title: B("Marks a list of notifications as read or unread"),
        gate: RevisionRange::new(Axis::Rest, 30, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.notify.read.list")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("im.notify.read")), older_codes: B(&[]), note: B("im.notify.read with ONLY_CURRENT = Y, once for each notification; it cannot mark as unread.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/notifications/im-notify-read-list.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/notifications/im-notify-read-list.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.recent.list"), name: B("ImRecentList"), kind: Kind::New,
        title: B("Lists recent chats page by page"),
        gate: RevisionRange::new(Axis::Rest, 30, None, false),
        observed_since: Some(27), change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.recent.list")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::V1Call, v1: Some(B("im.recent.get")), older_codes: B(&[]), note: B("im.recent.get returns the newest chats without pages.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-recent-list.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/im-recent-list.md")),
        confidence: Confidence::Documented, note: Some(B("Documented late: a copy of the source with 27 has it.")), overlay: None,
    },
    Row {
        id: B("im.recent.unread"), name: B("ImRecentUnread"), kind: Kind::New,
        title: B("Marks a recent chat as unread"),
        gate: RevisionRange::new(Axis::Rest, 30, None, false),
        observed_since: Some(27), change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.recent.unread")]),
            events: B(&[]), request: B(&[]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::None, v1: None, older_codes: B(&[]), note: B("im.dialog.unread marks messages in place of the chat (REST 21).") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/special-operations/im-recent-unread.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/special-operations/im-recent-unread.md")),
        confidence: Confidence::Documented, note: Some(B("Documented late: a copy of the source with 27 has it.")), overlay: None,
    },
    Row {
        id: B("im.recent.get.last_update"), name: B("ImRecentGetLastUpdate"), kind: Kind::New,
        title: B("im.recent.get returns what changed since a time"),
        gate: RevisionRange::new(Axis::Rest, 23, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.recent.get")]),
            events: B(&[]), request: B(&[B("LAST_UPDATE")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::Omit, v1: None, older_codes: B(&[]), note: B("Leave it out. Compare with the list kept from before.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("The parameter is ignored, and the full list comes back.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-recent-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/im-recent-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.recent.get.only_openlines"), name: B("ImRecentGetOnlyOpenlines"), kind: Kind::New,
        title: B("im.recent.get returns chats of open channels alone"),
        gate: RevisionRange::new(Axis::Rest, 29, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.recent.get")]),
            events: B(&[]), request: B(&[B("ONLY_OPENLINES")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::Refuse, v1: None, older_codes: B(&[]), note: B("Ask for all and pick.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("The parameter is ignored, and the full list comes back.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-recent-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/im-recent-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
    Row {
        id: B("im.recent.get.last_sync_date"), name: B("ImRecentGetLastSyncDate"), kind: Kind::New,
        title: B("im.recent.get returns what changed since the last look, up to seven days back"),
        gate: RevisionRange::new(Axis::Rest, 29, None, false),
        observed_since: None, change: None, published: None, effective: None, sunset: None, im: None, imbot: None,
        applies: Applies {
            methods: B(&[B("im.recent.get")]),
            events: B(&[]), request: B(&[B("LAST_SYNC_DATE")]), response: B(&[]), data: B(&[]),
            errors: B(&[]), value: None, values: B(&[]),
        },
        fallback: Some(Fallback { shim: Shim::Omit, v1: None, older_codes: B(&[]), note: B("Leave it out. Use LAST_UPDATE (REST 23), or ask for all.") }),
        when_present: None, safe_when_missing: false, when_unknown: WhenUnknown::Send, danger: Some(B("The parameter is ignored, and the full list comes back.")),
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-recent-get.md"),
        evidence: Some(B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chats/im-recent-get.md")),
        confidence: Confidence::Documented, note: None, overlay: None,
    },
];

#[rustfmt::skip]
pub(crate) const CHANGES: &[Change] = &[
    Change { code: B("BOT-BC-0325-1"), title: B("imbot.v2.Event.get pages with nextOffset in place of lastEventId"), kind: Kind::Breaking, rest: None, published: Date { year: 2026, month: 3, day: 25 }, docs_only: None, source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#event-get-next-offset") },
    Change { code: B("BOT-BC-0330-1"), title: B("imbot.v2.Command.register takes its parameters inside fields"), kind: Kind::Breaking, rest: None, published: Date { year: 2026, month: 3, day: 30 }, docs_only: None, source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#command-register-fields") },
    Change { code: B("BOT-NEW-0402-1"), title: B("A method that tells the revision numbers: imbot.v2.Revision.get"), kind: Kind::New, rest: Some(33), published: Date { year: 2026, month: 4, day: 2 }, docs_only: None, source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#revision-get-new-method") },
    Change { code: B("BOT-FIX-0402-2"), title: B("Four flags of imbot.v2.Chat.Message.send work as JSON booleans"), kind: Kind::Fix, rest: Some(33), published: Date { year: 2026, month: 4, day: 2 }, docs_only: None, source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0402-2-chatmessagesend-normalization-of-boolean-fields") },
    Change { code: B("BOT-NEW-0408-1"), title: B("The error codes that all bot methods share are described"), kind: Kind::New, rest: Some(34), published: Date { year: 2026, month: 4, day: 8 }, docs_only: Some(B("Only descriptions were added: the four codes are in the oldest public source of imbot.v2 already, so there is nothing to gate.")), source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-new-0408-1-documentation-general-error-codes-for-botcontroller") },
    Change { code: B("BOT-NEW-0408-2"), title: B("The quick start links to pages on formatting, attachments and keyboards"), kind: Kind::New, rest: Some(34), published: Date { year: 2026, month: 4, day: 8 }, docs_only: Some(B("Only links in a guide were added; no portal behaves differently.")), source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-new-0408-2-documentation-additional-materials") },
    Change { code: B("BOT-FIX-0408-3"), title: B("imbot.v2.Command.list fills in titles and parameter hints"), kind: Kind::Fix, rest: Some(34), published: Date { year: 2026, month: 4, day: 8 }, docs_only: None, source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-3-commandlist-fixed-localization-display") },
    Change { code: B("BOT-FIX-0408-4"), title: B("A background that does not exist becomes null in Bot.register and Bot.update"), kind: Kind::Fix, rest: Some(34), published: Date { year: 2026, month: 4, day: 8 }, docs_only: None, source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-4-botregister--botupdate-normalization-of-backgroundid") },
    Change { code: B("BOT-FIX-0408-5"), title: B("imbot.v2.Chat.TextField.enabled works in private chats with the bot"), kind: Kind::Fix, rest: Some(34), published: Date { year: 2026, month: 4, day: 8 }, docs_only: None, source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-5-chattextfieldenabled-support-for-p2p-chats") },
    Change { code: B("BOT-FIX-0408-6"), title: B("A missing botToken is reported as BOT_TOKEN_NOT_SPECIFIED"), kind: Kind::Fix, rest: Some(34), published: Date { year: 2026, month: 4, day: 8 }, docs_only: None, source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0408-6-error-code-bot_token_not_specified") },
    Change { code: B("BOT-FIX-0501-1"), title: B("Bot.update and Bot.unregister remove event subscriptions that are out of use"), kind: Kind::Fix, rest: Some(35), published: Date { year: 2026, month: 5, day: 1 }, docs_only: None, source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0501-1") },
    Change { code: B("BOT-NEW-0501-2"), title: B("imbot.v2.Bot.update can replace the botToken"), kind: Kind::New, rest: Some(35), published: Date { year: 2026, month: 5, day: 1 }, docs_only: None, source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-new-0501-2") },
    Change { code: B("BOT-FIX-0501-3"), title: B("bot.appId is gone from replies and events"), kind: Kind::Fix, rest: Some(35), published: Date { year: 2026, month: 5, day: 1 }, docs_only: None, source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-fix-0501-3") },
    Change { code: B("BOT-BC-0506-1"), title: B("imbot.v2.Bot.register limits botToken to 40 characters from a given day"), kind: Kind::Breaking, rest: Some(36), published: Date { year: 2026, month: 5, day: 6 }, docs_only: None, source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#bot-bc-0506-1") },
];

#[rustfmt::skip]
pub(crate) const RELEASES: &[Release] = &[
    Release {
        rest: 18, im: Some(Seen { first: B("18.0.0"), last: B("18.0.2") }), main: None,
        others: [Some(120), Some(19), None], seen: Some(Date { year: 2018, month: 4, day: 1 }), published: None,
        source: B("https://github.com/ASDAFF/sportzastava/blob/8706a61f6b742015e2b7f319d66467a557f80650/bitrix/modules/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: Some(B("The oldest copy is of im 18.0.0 and says web 119; im 18.0.2 says 120. 18 is also the lowest number that the documentation ever used.")),
    },
    Release {
        rest: 19, im: None, main: None,
        others: [Some(120), Some(19), None], seen: Some(Date { year: 2018, month: 12, day: 18 }), published: None,
        source: B("https://github.com/alexprowars/bxApiDocs/blob/191ee3005eb61be6fc60d88236eb4cd7e88d8128/modules/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: Some(B("The copy does not tell the version of im; it lies below 18.5.150.")),
    },
    Release {
        rest: 21, im: Some(Seen { first: B("18.5.150"), last: B("18.5.300") }), main: None,
        others: [Some(123), Some(19), None], seen: Some(Date { year: 2019, month: 4, day: 10 }), published: None,
        source: B("https://github.com/avshatalov48/bitrix-core-business/blob/bb56cb0a/modules/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: Some(B("im 18.5.150 says web 122, im 18.5.300 says 123. No copy with 20 is known.")),
    },
    Release {
        rest: 22, im: Some(Seen { first: B("19.0.200"), last: B("19.0.200") }), main: None,
        others: [Some(124), Some(19), None], seen: Some(Date { year: 2019, month: 6, day: 15 }), published: None,
        source: B("https://github.com/ITCMedia/th32/blob/5d9e1b78daf782965032a3c4f23fb9bbc9a91776/bitrix/modules/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: None,
    },
    Release {
        rest: 23, im: None, main: Some(Seen { first: B("20.0.0"), last: B("20.0.0") }),
        others: [Some(124), Some(19), None], seen: Some(Date { year: 2019, month: 11, day: 13 }), published: None,
        source: B("https://github.com/alexprowars/bxApiDocs/blob/54a03d6be43764ef20a471f1bbbab96af442bf09/modules/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: None,
    },
    Release {
        rest: 24, im: None, main: Some(Seen { first: B("20.0.650"), last: B("20.0.650") }),
        others: [Some(124), Some(19), None], seen: Some(Date { year: 2020, month: 3, day: 27 }), published: None,
        source: B("https://github.com/kotopheiop/bitrix-core/blob/19c71bf20121e35e2565772ae09037d226566dee/modules/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: None,
    },
    Release {
        rest: 26, im: None, main: None,
        others: [Some(129), Some(19), Some(3)], seen: Some(Date { year: 2020, month: 6, day: 7 }), published: None,
        source: B("https://github.com/alexprowars/bxApiDocs/blob/e7d2bfd11ef713e4c2decd1f3c8f4ddfe96f1ca9/modules/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: Some(B("The first copy with a desktop counter. No copy with 25 is known.")),
    },
    Release {
        rest: 27, im: Some(Seen { first: B("20.0.875"), last: B("20.0.875") }), main: None,
        others: [Some(130), Some(19), Some(3)], seen: Some(Date { year: 2020, month: 8, day: 5 }), published: None,
        source: B("https://github.com/avshatalov48/bitrix-core-business/blob/50d93970/modules/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: None,
    },
    Release {
        rest: 28, im: None, main: None,
        others: [Some(130), Some(19), Some(3)], seen: Some(Date { year: 2020, month: 12, day: 27 }), published: None,
        source: B("https://github.com/alexprowars/bxApiDocs/blob/47fdb175776de11b59d9791775fe6cde91982334/modules/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: Some(B("The vendor's course names July 2020 as its month; the copy is of December.")),
    },
    Release {
        rest: 29, im: None, main: None,
        others: [None, None, None], seen: None, published: None,
        source: B("https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chats/im-recent-get.md"), confidence: Confidence::Documented,
        note: Some(B("Known from the revision column of im.recent.get alone; no copy of the source with 29 was found, so the counters beside it are unknown.")),
    },
    Release {
        rest: 30, im: None, main: Some(Seen { first: B("21.400.100"), last: B("21.400.100") }),
        others: [Some(130), Some(19), Some(3)], seen: Some(Date { year: 2021, month: 8, day: 30 }), published: None,
        source: B("https://github.com/kotopheiop/bitrix-core/blob/a761a1c8d4a8f5852428f237df8264ab8c80b197/modules/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: Some(B("The vendor's course lists its methods in January 2022, some months after this copy.")),
    },
    Release {
        rest: 31, im: Some(Seen { first: B("22.1000.0"), last: B("22.1000.0") }), main: None,
        others: [Some(130), Some(19), Some(5)], seen: Some(Date { year: 2022, month: 12, day: 9 }), published: None,
        source: B("https://github.com/avshatalov48/bitrix-core-business/blob/03e3b576/modules/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: None,
    },
    Release {
        rest: 32, im: Some(Seen { first: B("23.1600.100"), last: B("26.274.0") }), main: Some(Seen { first: B("25.100.500"), last: B("26.250.0") }),
        others: [Some(130), Some(22), Some(6)], seen: Some(Date { year: 2023, month: 12, day: 12 }), published: None,
        source: B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: Some(B("The first copy (December 2023, avshatalov48/bitrix-core-business 6f853808) says mobile 19 and desktop 5. The number stayed for over two years, before and after imbot.v2 came (im 26.250.0), so 32 alone does not tell whether imbot.v2 is there. From im 25.650.100 to 25.1300.0 desktop was 6 or 5, depending on a setting of the portal.")),
    },
    Release {
        rest: 33, im: Some(Seen { first: B("26.300.0"), last: B("26.300.100") }), main: Some(Seen { first: B("26.250.0"), last: B("26.250.100") }),
        others: [Some(130), Some(23), Some(6)], seen: Some(Date { year: 2026, month: 4, day: 28 }), published: Some(Date { year: 2026, month: 4, day: 2 }),
        source: B("https://github.com/yuliai/bitrix-modules/blob/e06685131c67be1c28d7cec68a8a0af5a9fe8208/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: Some(B("main 26.250.0 was seen beside 32 as well: the modules are updated one by one.")),
    },
    Release {
        rest: 34, im: None, main: None,
        others: [None, None, None], seen: None, published: Some(Date { year: 2026, month: 4, day: 8 }),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#rest-revision-34"), confidence: Confidence::Documented,
        note: Some(B("Known from the change log alone; no public source has this number, so the module versions and the other counters are unknown.")),
    },
    Release {
        rest: 35, im: Some(Seen { first: B("26.400.0"), last: B("26.900.0") }), main: None,
        others: [None, Some(26), None], seen: Some(Date { year: 2026, month: 6, day: 22 }), published: Some(Date { year: 2026, month: 5, day: 1 }),
        source: B("https://github.com/yuliai/bitrix-modules/blob/30eb7accc0fd60b73393d04815aceec8eba6b4c4/im/lib/revision.php"), confidence: Confidence::SourceDerived,
        note: Some(B("The newest source that is public has this number. im 26.400.0 says mobile 24, im 26.600.0 says 25 (July 2026, e97f45aa), im 26.900.0 says 26 (August 2026, 39cd5bc1). The web and desktop counters of these builds were not noted. On premise the number went from 33 to 35.")),
    },
    Release {
        rest: 36, im: None, main: None,
        others: [None, None, None], seen: None, published: Some(Date { year: 2026, month: 5, day: 6 }),
        source: B("https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/change-log.md#rest-revision-36"), confidence: Confidence::Documented,
        note: Some(B("Known from the change log alone; no public source has this number, so the module versions and the other counters are unknown. No higher number was found by November 2026.")),
    },
];

#[rustfmt::skip]
pub(crate) const IMBOT_V2: ImbotV2 = ImbotV2 {
    rest: IMBOT_V2_REST, absent: B("26.0.0"), present: B("26.50.0"), revision_get_absent: B("26.50.0"), revision_get: B("26.100.0"),
    source: B("https://github.com/yuliai/bitrix-modules/blob/8c3476303a8b73941718b264df55f914b5ba344a/imbot/lib/V2/Controller/BotController.php"),
};

#[rustfmt::skip]
pub(crate) const TRANSLATIONS: &[Translation] = &[
    Translation {
        from: B("imbot.v2.Revision.get"), to: B("im.revision.get"), when: None,
        params: B(&[]),
        set: B(&[]), required: B(&[]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("rest <- $.rest"), B("web <- $.web"), B("mobile <- $.mobile"), B("desktop <- $.desktop")]),
        errors: B(&[]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/lib/controller/revision.php"), note: Some(B("In the scope im. It repeats mobile as im_revision_mobile, which is left out.")),
    },
    Translation {
        from: B("imbot.v2.Bot.register"), to: B("imbot.register"), when: None,
        params: B(&[B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("fields.botToken -> CLIENT_ID"), B("fields.code -> CODE"), B("fields.type -> TYPE as bot=B | supervisor=S | openline=O"), B("fields.webhookUrl -> EVENT_HANDLER"), B("fields.webhookUrl -> EVENT_MESSAGE_ADD"), B("fields.webhookUrl -> EVENT_WELCOME_MESSAGE"), B("fields.webhookUrl -> EVENT_BOT_DELETE"), B("fields.isSupportOpenline -> OPENLINE as yes-no"), B("fields.properties.name -> PROPERTIES.NAME"), B("fields.properties.lastName -> PROPERTIES.LAST_NAME"), B("fields.properties.workPosition -> PROPERTIES.WORK_POSITION"), B("fields.properties.color -> PROPERTIES.COLOR as capitals"), B("fields.properties.gender -> PROPERTIES.PERSONAL_GENDER"), B("fields.properties.avatar -> PROPERTIES.PERSONAL_PHOTO")]),
        set: B(&[]), required: B(&[B("fields.code"), B("fields.eventMode"), B("fields.webhookUrl"), B("fields.properties.name")]), only: B(&[B("fields.eventMode = webhook | WEBHOOK"), B("fields.isHidden = false | N | n | 0")]), beside: B(&[]),
        drop: B(&[B("fields.isReactionsEnabled"), B("fields.backgroundId")]),
        reply: B(&[B("bot.id <- $ as integer"), B("bot.code <- call:fields.code"), B("bot.type <- call:fields.type"), B("bot.type <- \"bot\""), B("bot.moduleId <- \"rest\""), B("bot.eventMode <- \"webhook\""), B("bot.isHidden <- false"), B("bot.backgroundId <- null"), B("users <- []")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("CODE_ERROR -> BOT_CODE_REQUIRED"), B("NAME_ERROR -> BOT_PROPERTIES_REQUIRED"), B("EVENT_MESSAGE_ADD_ERROR -> BOT_INVALID_CALLBACK"), B("EVENT_MESSAGE_UPDATE_ERROR -> BOT_INVALID_CALLBACK"), B("EVENT_MESSAGE_DELETE_ERROR -> BOT_INVALID_CALLBACK"), B("EVENT_WELCOME_MESSAGE_ERROR -> BOT_INVALID_CALLBACK"), B("EVENT_BOT_DELETE_ERROR -> BOT_INVALID_CALLBACK"), B("EVENT_CONTEXT_GET_ERROR -> BOT_INVALID_CALLBACK"), B("MAX_COUNT_ERROR -> BOT_LIMIT_EXCEEDED"), B("WRONG_REQUEST -> BOT_REGISTER_FAILED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botRegister"), note: Some(B("A code that is taken answers with the id of that bot, even another application's (v2: BOT_CODE_ALREADY_TAKEN); the first call on such a bot then fails with APP_ID_ERROR. A repeated registration does not change the bot, but moves the handlers of the whole application (CLIENT_ID) to the new address. On a webhook the portal adds CLIENT_ID=<token> to the query of the address, so the token is sent there. Type personal is refused. Before im 26.200: MAX_COUNT_ERROR at 5 bots of an application (in the cloud only from 2020 on, with a setting), and ONIMBOTMESSAGEUPDATE and -DELETE are bound for types S and O or OPENLINE only.")),
    },
    Translation {
        from: B("imbot.v2.Bot.unregister"), to: B("imbot.unregister"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID")]),
        set: B(&[]), required: B(&[B("botId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("WRONG_REQUEST -> BOT_UNREGISTER_FAILED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botUnRegister"), note: Some(B("Until im 26.200 a webhook's call also removes the handlers of all bots with that CLIENT_ID; later, and for OAuth applications, they stay.")),
    },
    Translation {
        from: B("imbot.v2.Bot.update"), to: B("imbot.update"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("fields.webhookUrl -> FIELDS.EVENT_HANDLER"), B("fields.properties.name -> FIELDS.PROPERTIES.NAME"), B("fields.properties.lastName -> FIELDS.PROPERTIES.LAST_NAME"), B("fields.properties.workPosition -> FIELDS.PROPERTIES.WORK_POSITION"), B("fields.properties.color -> FIELDS.PROPERTIES.COLOR as capitals"), B("fields.properties.gender -> FIELDS.PROPERTIES.PERSONAL_GENDER"), B("fields.properties.avatar -> FIELDS.PROPERTIES.PERSONAL_PHOTO")]),
        set: B(&[]), required: B(&[B("botId"), B("fields")]), only: B(&[B("fields.eventMode = webhook | WEBHOOK"), B("fields.isHidden = false | N | n | 0")]), beside: B(&[]),
        drop: B(&[B("fields.isReactionsEnabled"), B("fields.backgroundId")]),
        reply: B(&[B("bot.id <- call:botId as integer"), B("bot.moduleId <- \"rest\""), B("bot.eventMode <- \"webhook\""), B("users <- []")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("NAME_ERROR -> BOT_PROPERTIES_REQUIRED"), B("EVENT_MESSAGE_ADD_ERROR -> BOT_INVALID_CALLBACK"), B("EVENT_MESSAGE_UPDATE_ERROR -> BOT_INVALID_CALLBACK"), B("EVENT_MESSAGE_DELETE_ERROR -> BOT_INVALID_CALLBACK"), B("EVENT_WELCOME_MESSAGE_ERROR -> BOT_INVALID_CALLBACK"), B("EVENT_BOT_DELETE_ERROR -> BOT_INVALID_CALLBACK"), B("EVENT_CONTEXT_GET_ERROR -> BOT_INVALID_CALLBACK")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botUpdate"), note: Some(B("EVENT_HANDLER moves the message events of all bots of the application, but not ONIMCOMMANDADD: that needs imbot.command.update with FIELDS.EVENT_COMMAND_ADD (or a repeated imbot.command.register). Nothing left to send gives WRONG_REQUEST. fields.isSupportOpenline is refused: no build below im 26.300 stores FIELDS.OPENLINE, and says so to nobody. fields.botToken (rotation) is refused. Name and last name are not emptied: only both empty is an error.")),
    },
    Translation {
        from: B("imbot.v2.Bot.list"), to: B("imbot.bot.list"), when: None,
        params: B(&[B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID")]),
        set: B(&[]), required: B(&[]), only: B(&[B("offset = 0")]), beside: B(&[]),
        drop: B(&[B("limit")]),
        reply: B(&[B("bots[].id <- $[].ID as integer"), B("bots[].code <- $[].CODE"), B("bots[].isSupportOpenline <- $[].OPENLINE as boolean"), B("users[].id <- $[].ID as integer"), B("users[].name <- $[].NAME"), B("hasNextPage <- false")]),
        errors: B(&[]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botList"), note: Some(B("Lists the bots of the whole portal (save network bots), whoever owns them: v1 does not tell the owner. CLIENT_ID is not read. The answer is a map by id (a list when it is empty). filter is refused.")),
    },
    Translation {
        from: B("imbot.v2.Chat.add"), to: B("imbot.chat.add"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("fields.title -> TITLE"), B("fields.description -> DESCRIPTION"), B("fields.color -> COLOR as capitals"), B("fields.avatar -> AVATAR"), B("fields.userIds -> USERS"), B("fields.message -> MESSAGE")]),
        set: B(&[]), required: B(&[B("botId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("chat.id <- $ as integer"), B("chat.dialogId <- $ as dialog"), B("chat.name <- call:fields.title"), B("chat.description <- call:fields.description"), B("chat.owner <- call:botId as integer"), B("chat.type <- \"chat\""), B("chat.messageType <- \"C\""), B("chat.role <- \"owner\""), B("users <- []")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#chatCreate"), note: Some(B("fields.ownerId is refused: OWNER_ID is read by the copies of REST 21 to 30 and by none from 2025 on. An unsafe colour is passed over.")),
    },
    Translation {
        from: B("imbot.v2.Chat.get"), to: B("imbot.dialog.get"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> DIALOG_ID"), B("dialogId -> CHAT_ID as chat-id"), B("chatId -> DIALOG_ID as dialog-id")]),
        set: B(&[]), required: B(&[B("botId"), B("dialogId | chatId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("chat.id <- $.id as integer"), B("chat.dialogId <- $.dialog_id"), B("chat.name <- $.name"), B("chat.description <- $.description"), B("chat.type <- $.type"), B("chat.messageType <- $.message_type"), B("chat.owner <- $.owner as integer"), B("chat.color <- $.color"), B("chat.avatar <- $.avatar"), B("chat.extranet <- $.extranet"), B("chat.entityType <- $.entity_type"), B("chat.entityId <- $.entity_id"), B("chat.entityData1 <- $.entity_data_1"), B("chat.entityData2 <- $.entity_data_2"), B("chat.entityData3 <- $.entity_data_3"), B("chat.diskFolderId <- $.disk_folder_id"), B("chat.managerList <- $.manager_list"), B("chat.dateCreate <- $.date_create"), B("chat.lastMessageId <- $.last_message_id as integer"), B("chat.userCounter <- $.user_counter as integer")]),
        errors: B(&[B("ACCESS_ERROR -> ACCESS_DENIED"), B("DIALOG_ID_EMPTY -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#dialogGet"), note: Some(B("The method reads DIALOG_ID alone and acts for the calling user, not for the bot: ACCESS_ERROR when that user is not in the chat. A user's id as dialogId would therefore mean another private chat; the second entry, whose target is not read, is there to refuse it. role, lastId, unreadId, messageCount and muteList are that user's and left out. From REST 24.")),
    },
    Translation {
        from: B("imbot.v2.Chat.update"), to: B("imbot.chat.updateTitle"), when: Some(B("fields.title")),
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> CHAT_ID as chat-id"), B("chatId -> CHAT_ID as integer"), B("fields.title -> TITLE")]),
        set: B(&[]), required: B(&[B("botId"), B("dialogId | chatId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#chatUpdateTitle"), note: Some(B("An empty title gives TITLE_EMPTY. fields.description has no v1 form.")),
    },
    Translation {
        from: B("imbot.v2.Chat.update"), to: B("imbot.chat.updateColor"), when: Some(B("fields.color")),
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> CHAT_ID as chat-id"), B("chatId -> CHAT_ID as integer"), B("fields.color -> COLOR as capitals")]),
        set: B(&[]), required: B(&[B("botId"), B("dialogId | chatId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#chatUpdateColor"), note: Some(B("WRONG_REQUEST when the chat has that colour already, where v2 succeeds. fields.description has no v1 form.")),
    },
    Translation {
        from: B("imbot.v2.Chat.update"), to: B("imbot.chat.updateAvatar"), when: Some(B("fields.avatar")),
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> CHAT_ID as chat-id"), B("chatId -> CHAT_ID as integer"), B("fields.avatar -> AVATAR")]),
        set: B(&[]), required: B(&[B("botId"), B("dialogId | chatId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#chatUpdateAvatar"), note: Some(B("Base64 text in both. Newer builds check the right to change the picture for the calling user. fields.description has no v1 form.")),
    },
    Translation {
        from: B("imbot.v2.Chat.setOwner"), to: B("imbot.chat.setOwner"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> CHAT_ID as chat-id"), B("chatId -> CHAT_ID as integer"), B("userId -> USER_ID")]),
        set: B(&[]), required: B(&[B("botId"), B("dialogId | chatId"), B("userId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED"), B("WRONG_REQUEST -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#chatSetOwner"), note: Some(B("WRONG_REQUEST: the bot is not the owner, or the user is not in the chat; v2 accepts a user who is not.")),
    },
    Translation {
        from: B("imbot.v2.Chat.leave"), to: B("imbot.chat.leave"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> CHAT_ID as chat-id"), B("chatId -> CHAT_ID as integer")]),
        set: B(&[]), required: B(&[B("botId"), B("dialogId | chatId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED"), B("USER_NOT_FOUND -> ACCESS_DENIED"), B("LEAVE_OWNER_FORBIDDEN -> ACCESS_DENIED"), B("WRONG_REQUEST -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#chatUserDelete"), note: Some(B("USER_ID must not be sent: the method would remove that user instead.")),
    },
    Translation {
        from: B("imbot.v2.Chat.InputAction.notify"), to: B("imbot.chat.sendTyping"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> DIALOG_ID"), B("chatId -> DIALOG_ID as dialog-id")]),
        set: B(&[]), required: B(&[B("botId"), B("dialogId | chatId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[B("statusMessageCode"), B("duration")]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("DIALOG_ID_EMPTY -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botSendTyping"), note: Some(B("Answers true even where the bot may not write.")),
    },
    Translation {
        from: B("imbot.v2.Chat.Manager.add"), to: B("imbot.chat.setManager"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> CHAT_ID as chat-id"), B("chatId -> CHAT_ID as integer"), B("userIds[] -> USER_ID")]),
        set: B(&[B("IS_MANAGER = Y")]), required: B(&[B("botId"), B("dialogId | chatId"), B("userIds")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED"), B("WRONG_REQUEST -> ACCESS_DENIED"), B("USER_ID_EMPTY -> EMPTY_USER_IDS")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#chatSetManager"), note: Some(B("One call for each user: an error may come after some took effect. WRONG_REQUEST: the bot is not the owner, or the user is not in the chat, which v2 passes over.")),
    },
    Translation {
        from: B("imbot.v2.Chat.Manager.delete"), to: B("imbot.chat.setManager"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> CHAT_ID as chat-id"), B("chatId -> CHAT_ID as integer"), B("userIds[] -> USER_ID")]),
        set: B(&[B("IS_MANAGER = N")]), required: B(&[B("botId"), B("dialogId | chatId"), B("userIds")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED"), B("WRONG_REQUEST -> ACCESS_DENIED"), B("USER_ID_EMPTY -> EMPTY_USER_IDS")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#chatSetManager"), note: Some(B("One call for each user: an error may come after some took effect. WRONG_REQUEST: the bot is not the owner, or the user is not in the chat, which v2 passes over.")),
    },
    Translation {
        from: B("imbot.v2.Chat.Message.send"), to: B("imbot.message.add"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> DIALOG_ID"), B("chatId -> DIALOG_ID as dialog-id"), B("fields.message -> MESSAGE"), B("fields.attach -> ATTACH"), B("fields.keyboard -> KEYBOARD"), B("fields.system -> SYSTEM as yes-no"), B("fields.urlPreview -> URL_PREVIEW as yes-no"), B("fields.skipConnector -> SKIP_CONNECTOR as yes-no")]),
        set: B(&[]), required: B(&[B("botId"), B("dialogId | chatId"), B("fields.message")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("id <- $ as integer"), B("uuidMap <- []")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED"), B("DIALOG_ID_EMPTY -> ACCESS_DENIED"), B("CANCELED -> ACCESS_DENIED"), B("ERROR_NO_ACCESS -> ACCESS_DENIED"), B("ERROR_FROM_PRIVACY -> ACCESS_DENIED"), B("CHAT_ID -> SENDING_FAILED"), B("ERROR_FROM_OTHER_MODULE -> SENDING_FAILED"), B("MESSAGE_EMPTY -> EMPTY_MESSAGE"), B("ATTACH_OVERSIZE -> ATTACH_ERROR"), B("KEYBOARD_OVERSIZE -> KEYBOARD_ERROR"), B("WRONG_REQUEST -> SENDING_FAILED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botMessageAdd"), note: Some(B("v1 insists on a text even with an attachment. SKIP_CONNECTOR = Y sets SILENT_CONNECTOR too, which has no v1 form of its own. replyId, forwardIds and templateId are refused. For an OAuth application v2 puts its name above a system message in a group chat, v1 does not.")),
    },
    Translation {
        from: B("imbot.v2.Chat.Message.update"), to: B("imbot.message.update"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("messageId -> MESSAGE_ID"), B("fields.message -> MESSAGE as not-empty"), B("fields.attach -> ATTACH"), B("fields.keyboard -> KEYBOARD"), B("fields.urlPreview -> URL_PREVIEW as yes-no")]),
        set: B(&[]), required: B(&[B("botId"), B("messageId"), B("fields")]), only: B(&[]), beside: B(&[B("fields.urlPreview = fields.message")]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("CANT_EDIT_MESSAGE -> ACCESS_DENIED"), B("MESSAGE_ID_ERROR -> ACCESS_DENIED"), B("MESSAGE_EMPTY -> EMPTY_MESSAGE"), B("ATTACH_OVERSIZE -> ATTACH_ERROR"), B("KEYBOARD_OVERSIZE -> KEYBOARD_ERROR")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botMessageUpdate"), note: Some(B("An empty MESSAGE deletes the message, attachment or not; v2 deletes only what is empty altogether. URL_PREVIEW counts only beside MESSAGE, and then its absence means yes. Messages older than three days are CANT_EDIT_MESSAGE. ATTACH and KEYBOARD take effect before MESSAGE is checked.")),
    },
    Translation {
        from: B("imbot.v2.Chat.Message.delete"), to: B("imbot.message.delete"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("messageId -> MESSAGE_ID"), B("complete -> COMPLETE as yes-no")]),
        set: B(&[]), required: B(&[B("botId"), B("messageId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("CANT_EDIT_MESSAGE -> ACCESS_DENIED"), B("MESSAGE_ID_ERROR -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botMessageDelete"), note: Some(B("The bot's own messages only (v2 lets a chat's manager delete others'). Works for bots that imbot.v2 registered.")),
    },
    Translation {
        from: B("imbot.v2.Chat.Message.Reaction.add"), to: B("imbot.message.like"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("messageId -> MESSAGE_ID")]),
        set: B(&[B("ACTION = plus")]), required: B(&[B("botId"), B("messageId"), B("reaction")]), only: B(&[B("reaction = like | LIKE")]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("WITHOUT_CHANGES -> REACTION_ALREADY_SET"), B("MESSAGE_ID_ERROR -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botMessageLike"), note: Some(B("WITHOUT_CHANGES also means that the message is not there or the bot not in its chat.")),
    },
    Translation {
        from: B("imbot.v2.Chat.Message.Reaction.delete"), to: B("imbot.message.like"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("messageId -> MESSAGE_ID")]),
        set: B(&[B("ACTION = minus")]), required: B(&[B("botId"), B("messageId"), B("reaction")]), only: B(&[B("reaction = like | LIKE")]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("WITHOUT_CHANGES -> REACTION_NOT_FOUND"), B("MESSAGE_ID_ERROR -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botMessageLike"), note: Some(B("WITHOUT_CHANGES also means that the message is not there or the bot not in its chat.")),
    },
    Translation {
        from: B("imbot.v2.Chat.TextField.enabled"), to: B("imbot.chat.updateTextFieldEnabled"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> CHAT_ID as chat-id"), B("chatId -> CHAT_ID as integer"), B("enabled -> TEXT_FIELD_ENABLED as yes-no")]),
        set: B(&[B("TEXT_FIELD_ENABLED = Y")]), required: B(&[B("botId"), B("dialogId | chatId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED"), B("CHAT_ID_EMPTY -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#botUpdateTextFieldEnabled"), note: Some(B("Undocumented; from im 25.650 on, 404 before. Group chats only. TEXT_FIELD_ENABLED is required there, and v2 defaults enabled to true; anything but N means yes.")),
    },
    Translation {
        from: B("imbot.v2.Chat.User.list"), to: B("imbot.chat.user.list"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> CHAT_ID as chat-id"), B("chatId -> CHAT_ID as integer")]),
        set: B(&[]), required: B(&[B("botId"), B("dialogId | chatId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[B("limit")]),
        reply: B(&[B("[].id <- $[] as integer")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#chatUserList"), note: Some(B("Ids alone, in no promised order, so order is refused; all of them, whatever limit says. A chat the bot is not in, or that is not there, gives an empty list rather than ACCESS_DENIED.")),
    },
    Translation {
        from: B("imbot.v2.Chat.User.add"), to: B("imbot.chat.user.add"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> CHAT_ID as chat-id"), B("chatId -> CHAT_ID as integer"), B("userIds -> USERS")]),
        set: B(&[]), required: B(&[B("botId"), B("dialogId | chatId"), B("userIds")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("NOTHING_TO_ADD -> result"), B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED"), B("ACCESS_DENIED_EXTEND -> ACCESS_DENIED"), B("AUTHORIZE_ERROR -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#chatUserAdd"), note: Some(B("NOTHING_TO_ADD (older builds): all are members already, which v2 passes over with success, as newer builds of v1 do. WRONG_REQUEST is seen only when the messenger left no code of its own.")),
    },
    Translation {
        from: B("imbot.v2.Chat.User.delete"), to: B("imbot.chat.user.delete"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("dialogId -> CHAT_ID as chat-id"), B("chatId -> CHAT_ID as integer"), B("userId -> USER_ID")]),
        set: B(&[]), required: B(&[B("botId"), B("dialogId | chatId"), B("userId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("USER_NOT_FOUND -> result"), B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("ACCESS_ERROR -> ACCESS_DENIED"), B("IM_ERROR_KICK -> ACCESS_DENIED"), B("ACCESS_DENIED_KICK -> ACCESS_DENIED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#chatUserDelete"), note: Some(B("USER_NOT_FOUND: no member, which v2 passes over with success. WRONG_REQUEST is seen only when the messenger left no code of its own.")),
    },
    Translation {
        from: B("imbot.v2.Command.register"), to: B("imbot.command.register"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("@webhookUrl -> EVENT_COMMAND_ADD"), B("fields.command -> COMMAND"), B("fields.title -> LANG[].TITLE as by LANGUAGE_ID"), B("fields.params -> LANG[].PARAMS as by LANGUAGE_ID"), B("fields.common -> COMMON as yes-no"), B("fields.hidden -> HIDDEN as yes-no"), B("fields.extranetSupport -> EXTRANET_SUPPORT as yes-no")]),
        set: B(&[]), required: B(&[B("botId"), B("fields.command"), B("fields.title")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("command.id <- $ as integer"), B("command.botId <- call:botId as integer"), B("command.command <- call:fields.command as slash"), B("command.common <- call:fields.common as boolean"), B("command.common <- false"), B("command.hidden <- call:fields.hidden as boolean"), B("command.hidden <- false"), B("command.extranetSupport <- call:fields.extranetSupport as boolean"), B("command.extranetSupport <- false")]),
        errors: B(&[B("BOT_ID_ERROR -> BOT_NOT_FOUND"), B("APP_ID_ERROR -> BOT_OWNERSHIP_ERROR"), B("EVENT_COMMAND_ADD_ERROR -> COMMAND_REGISTER_FAILED"), B("COMMAND_ERROR -> COMMAND_REQUIRED"), B("LANG_ERROR -> COMMAND_TITLE_REQUIRED"), B("WRONG_REQUEST -> COMMAND_REGISTER_FAILED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#commandRegister"), note: Some(B("EVENT_COMMAND_ADD is required on every build, and LANG even for hidden commands. The address is the application's, not the command's: it replaces that of all its commands. A command the bot has already is answered with its id, unchanged.")),
    },
    Translation {
        from: B("imbot.v2.Command.unregister"), to: B("imbot.command.unregister"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("commandId -> COMMAND_ID")]),
        set: B(&[]), required: B(&[B("botId"), B("commandId")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("COMMAND_ID_ERROR -> COMMAND_NOT_FOUND"), B("APP_ID_ERROR -> COMMAND_NOT_FOUND"), B("WRONG_REQUEST -> COMMAND_NOT_FOUND")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#commandUnRegister"), note: Some(B("BOT_ID is sent but not read: a command of another bot of the application is taken too.")),
    },
    Translation {
        from: B("imbot.v2.Command.update"), to: B("imbot.command.update"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("commandId -> COMMAND_ID"), B("fields.title -> FIELDS.LANG[].TITLE as by LANGUAGE_ID"), B("fields.params -> FIELDS.LANG[].PARAMS as by LANGUAGE_ID"), B("fields.hidden -> FIELDS.HIDDEN as yes-no"), B("fields.extranetSupport -> FIELDS.EXTRANET_SUPPORT as yes-no")]),
        set: B(&[]), required: B(&[B("botId"), B("commandId"), B("fields")]), only: B(&[]), beside: B(&[]),
        drop: B(&[]),
        reply: B(&[B("command.id <- call:commandId as integer"), B("command.botId <- call:botId as integer"), B("command.hidden <- call:fields.hidden as boolean"), B("command.extranetSupport <- call:fields.extranetSupport as boolean")]),
        errors: B(&[B("COMMAND_ID_ERROR -> COMMAND_NOT_FOUND"), B("APP_ID_ERROR -> COMMAND_NOT_FOUND")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#commandUpdate"), note: Some(B("Name and COMMON cannot be changed (both are passed over in silence), so fields.command and fields.common are refused. LANG replaces all languages, as v2 did at 32; from 33 on v2 leaves those that are not named, and a null title removes one: a null must not be sent. Params without a title of that language are lost. Of the answer only what the call says is known.")),
    },
    Translation {
        from: B("imbot.v2.Command.answer"), to: B("imbot.command.answer"), when: None,
        params: B(&[B("botId -> BOT_ID"), B("botToken -> CLIENT_ID"), B("clientId -> CLIENT_ID"), B("commandId -> COMMAND_ID"), B("messageId -> MESSAGE_ID"), B("fields.message -> MESSAGE"), B("fields.attach -> ATTACH"), B("fields.keyboard -> KEYBOARD"), B("fields.system -> SYSTEM as yes-no"), B("fields.urlPreview -> URL_PREVIEW as yes-no")]),
        set: B(&[]), required: B(&[B("botId"), B("commandId"), B("messageId"), B("dialogId"), B("fields.message")]), only: B(&[]), beside: B(&[]),
        drop: B(&[B("dialogId")]),
        reply: B(&[B("result <- true")]),
        errors: B(&[B("COMMAND_ID_ERROR -> COMMAND_NOT_FOUND"), B("APP_ID_ERROR -> COMMAND_NOT_FOUND"), B("CANCELED -> COMMAND_ANSWER_FAILED"), B("ERROR_NO_ACCESS -> COMMAND_ANSWER_FAILED"), B("MESSAGE_EMPTY -> COMMAND_ANSWER_FAILED"), B("ATTACH_OVERSIZE -> ATTACH_ERROR"), B("KEYBOARD_OVERSIZE -> KEYBOARD_ERROR"), B("MESSAGE_ID_EMPTY -> COMMAND_ANSWER_FAILED"), B("WRONG_REQUEST -> COMMAND_ANSWER_FAILED")]),
        source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/im/classes/general/im_rest.php#commandAnswer"), note: Some(B("dialogId does not matter: both generations answer in the dialog of the message. v1 insists on a text. The v1 result is the id of the answer, which v2 does not tell.")),
    },
];

#[rustfmt::skip]
pub(crate) const CLOUD_DOMAINS: &[CloudDomains] = &[
    CloudDomains { names: B(&[B("bitrix24.by"), B("bitrix24.cn"), B("bitrix24.com"), B("bitrix24.com.br"), B("bitrix24.com.tr"), B("bitrix24.de"), B("bitrix24.es"), B("bitrix24.eu"), B("bitrix24.fr"), B("bitrix24.id"), B("bitrix24.in"), B("bitrix24.it"), B("bitrix24.jp"), B("bitrix24.kz"), B("bitrix24.pl"), B("bitrix24.ru"), B("bitrix24.ua"), B("bitrix24.vn")]), source: B("https://helpdesk.bitrix24.de/open/10252860") },
    CloudDomains { names: B(&[B("bitrix24.ae"), B("bitrix24.co"), B("bitrix24.mx"), B("bitrix24.uk")]), source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/sign/.settings.php") },
    CloudDomains { names: B(&[B("bitrix24.uz")]), source: B("https://github.com/yuliai/bitrix-modules/blob/a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9/landing/lib/help.php") },
];

#[rustfmt::skip]
pub(crate) const SOURCES: &[Source] = &[
    Source { id: B("docs"), url: B("https://github.com/bitrix24/b24restdocs/blob/{commit}/{path}"), commit: Some(B("5988ed130d13802764a555edbfe12d0fc81e7d7a")) },
    Source { id: B("modules"), url: B("https://github.com/yuliai/bitrix-modules/blob/{commit}/{path}"), commit: Some(B("a3a2a579ba9fdb636ede47f2d8ca02f9c8a66dc9")) },
    Source { id: B("sportzastava"), url: B("https://github.com/ASDAFF/sportzastava/blob/{commit}/{path}"), commit: Some(B("8706a61f6b742015e2b7f319d66467a557f80650")) },
    Source { id: B("core-business"), url: B("https://github.com/avshatalov48/bitrix-core-business/blob/{commit}/{path}"), commit: Some(B("cd2a1a026107be1c001f598c739ec551ed6ae29d")) },
    Source { id: B("bxapidocs"), url: B("https://github.com/alexprowars/bxApiDocs/blob/{commit}/{path}"), commit: Some(B("e7d2bfd11ef713e4c2decd1f3c8f4ddfe96f1ca9")) },
    Source { id: B("th32"), url: B("https://github.com/ITCMedia/th32/blob/{commit}/{path}"), commit: Some(B("5d9e1b78daf782965032a3c4f23fb9bbc9a91776")) },
    Source { id: B("bitrix-core"), url: B("https://github.com/kotopheiop/bitrix-core/blob/{commit}/{path}"), commit: Some(B("a761a1c8d4a8f5852428f237df8264ab8c80b197")) },
];

#[rustfmt::skip]
pub(crate) const UNDATED: &[Str] = &[
    B("imbot.app.register"),
    B("imbot.app.unregister"),
    B("imbot.app.update"),
    B("imbot.bot.list"),
    B("imbot.chat.add"),
    B("imbot.chat.get"),
    B("imbot.chat.leave"),
    B("imbot.chat.sendTyping"),
    B("imbot.chat.setManager"),
    B("imbot.chat.setOwner"),
    B("imbot.chat.updateAvatar"),
    B("imbot.chat.updateColor"),
    B("imbot.chat.updateTitle"),
    B("imbot.chat.user.add"),
    B("imbot.chat.user.delete"),
    B("imbot.chat.user.list"),
    B("imbot.command.answer"),
    B("imbot.command.register"),
    B("imbot.command.unregister"),
    B("imbot.command.update"),
    B("imbot.message.add"),
    B("imbot.message.delete"),
    B("imbot.message.like"),
    B("imbot.message.update"),
    B("imbot.register"),
    B("imbot.sendTyping"),
    B("imbot.unregister"),
    B("imbot.update"),
];
