//! Generated from `features.toml` by `cargo xtask generate`.
//! Do not edit: change the table.

pub(crate) const COUNT: usize = 181;

/// A feature: a row of the table. A portal has it or lacks it.
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
    /// Without it: imbot.register: CODE, TYPE (B, S, O) and PROPERTIES in capitals at the top level, EVENT\_HANDLER for webhookUrl, OPENLINE for isSupportOpenline, CLIENT\_ID for botToken. The type personal and polling have no older form. Such a bot gets events in the older form.
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
    /// Without it: No older method reads a single bot. Call imbot.bot.list, and pick the bot by ID or CODE.
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
    /// Without it: imbot.chat.sendTyping: DIALOG\_ID for dialogId; the status text and the duration have no older form.
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
    /// Without it: imbot.message.add: DIALOG\_ID, and MESSAGE, ATTACH, KEYBOARD, SYSTEM, URL\_PREVIEW at the top level. Replies, forwards and template ids have no older form.
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
    /// Without it: No older method lets a bot read messages.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-get.md) (source-derived).
    ImbotV2ChatMessageGet,
    /// Reads the messages around a given one.
    ///
    /// `imbot.v2.Chat.Message.getContext` needs the imbot.v2 API.
    ///
    /// Without it: No older method lets a bot read messages.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/messages/chat-message-get-context.md) (source-derived).
    ImbotV2ChatMessageGetContext,
    /// Marks messages as read by the bot.
    ///
    /// `imbot.v2.Chat.Message.read` needs the imbot.v2 API.
    ///
    /// Without it: No older method does this for a bot. im.dialog.read acts for the calling user.
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
    /// Without it: No older method lists commands. Keep the COMMAND\_ID that the registration returned.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/commands/command-list.md) (source-derived).
    ImbotV2CommandList,
    /// Hands out events to a bot that polls.
    ///
    /// `imbot.v2.Event.get` needs the imbot.v2 API.
    ///
    /// Without it: The older API sends events only to an address (EVENT\_HANDLER). A bot that the portal cannot reach gets no events there.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/events/event-get.md) (source-derived).
    ImbotV2EventGet,
    /// Uploads a file and posts it in a chat.
    ///
    /// `imbot.v2.File.upload` needs the imbot.v2 API.
    ///
    /// Without it: No older method does this for a bot. im.disk.folder.get, disk.folder.uploadfile and im.disk.file.commit do it for the calling user.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/5988ed130d13802764a555edbfe12d0fc81e7d7a/api-reference/chat-bots/chat-bots-v2/imbot.v2/files/file-upload.md) (source-derived).
    ImbotV2FileUpload,
    /// Returns a link to the content of a file.
    ///
    /// `imbot.v2.File.download` needs the imbot.v2 API.
    ///
    /// Without it: No older method does this for a bot. If the credential has the scope disk, disk.file.get returns a link.
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
    /// Without it: If the credential has the scope disk, disk.file.get returns a link.
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
    /// Without it: Let the bot poll (eventMode = fetch and imbot.v2.Event.get), or put CLIENT\_ID=\<botToken\> into the query of fields.webhookUrl, and send eventMode with it. The token then appears in the log of the server at this address.
    ///
    /// Beware: The portal reports success, but the bot gets no events: the portal silently drops each of them.
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
    /// Beware: A portal that cannot change a bot's token ignores every new token, long or short. If the program stores the new token, the bot is locked out.
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
    /// Without it: Make tokens of at most 40 characters. Portals take them before and after this date.
    ///
    /// Beware: From the effective date on, no bot with a longer token can be registered. A bot that is registered already keeps working, until it has to be registered again.
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
    /// Beware: The portal reports success, but does not change the name.
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
    /// Beware: The portal reports success, but does not change the flag.
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
    MessageUpdateUrlPreviewIgnored,
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
    /// Without it: imbot.chat.get finds only a chat that was made for an entity, by ENTITY\_TYPE and ENTITY\_ID.
    ///
    /// [Source](https://github.com/bitrix24/b24restdocs/blob/e684130820bb649b8e5a1785399cc68d6eabf4af/api-reference/chat-bots/chats/imbot-dialog-get.md) (documented).
    ImbotDialogGet,
    /// Opens or closes the input field of a chat, for a bot of the first generation.
    ///
    /// `imbot.chat.updateTextFieldEnabled` needs REST revision 33 or newer.
    ///
    /// Without it: Older portals cannot close a chat's text field for a bot. Leave it open.
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
    /// Beware: The portal reports success, but does not change the flag.
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
    Feature::MessageUpdateUrlPreviewIgnored,
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
pub(crate) static IDS: [&str; COUNT] = [
    "imbot.v2.Revision.get",
    "imbot.v2.Bot.register",
    "imbot.v2.Bot.unregister",
    "imbot.v2.Bot.update",
    "imbot.v2.Bot.get",
    "imbot.v2.Bot.list",
    "imbot.v2.Chat.add",
    "imbot.v2.Chat.get",
    "imbot.v2.Chat.update",
    "imbot.v2.Chat.setOwner",
    "imbot.v2.Chat.leave",
    "imbot.v2.Chat.InputAction.notify",
    "imbot.v2.Chat.Manager.add",
    "imbot.v2.Chat.Manager.delete",
    "imbot.v2.Chat.Message.send",
    "imbot.v2.Chat.Message.update",
    "imbot.v2.Chat.Message.delete",
    "imbot.v2.Chat.Message.get",
    "imbot.v2.Chat.Message.getContext",
    "imbot.v2.Chat.Message.read",
    "imbot.v2.Chat.Message.Reaction.add",
    "imbot.v2.Chat.Message.Reaction.delete",
    "imbot.v2.Chat.TextField.enabled",
    "imbot.v2.Chat.User.list",
    "imbot.v2.Chat.User.add",
    "imbot.v2.Chat.User.delete",
    "imbot.v2.Command.register",
    "imbot.v2.Command.unregister",
    "imbot.v2.Command.update",
    "imbot.v2.Command.answer",
    "imbot.v2.Command.list",
    "imbot.v2.Event.get",
    "imbot.v2.File.upload",
    "imbot.v2.File.download",
    "ONIMBOTV2MESSAGEADD",
    "ONIMBOTV2MESSAGEUPDATE",
    "ONIMBOTV2MESSAGEDELETE",
    "ONIMBOTV2JOINCHAT",
    "ONIMBOTV2DELETE",
    "ONIMBOTV2CONTEXTGET",
    "ONIMBOTV2COMMANDADD",
    "ONIMBOTV2REACTIONCHANGE",
    "im.v2.Event.subscribe",
    "im.v2.Event.unsubscribe",
    "im.v2.Event.get",
    "im.v2.File.upload",
    "im.v2.File.download",
    "im.v2.Chat.Bot.sendContext",
    "ONIMV2MESSAGEADD",
    "ONIMV2MESSAGEUPDATE",
    "ONIMV2MESSAGEDELETE",
    "ONIMV2REACTIONCHANGE",
    "ONIMV2JOINCHAT",
    "event.get.next_offset",
    "event.get.last_event_id",
    "command.register.fields",
    "command.register.flat",
    "message.system",
    "message.url_preview",
    "message.skip_connector",
    "message.silent_connector",
    "command.list.titles",
    "bot.background_id",
    "text_field.private_chats",
    "error.bot_token_not_specified",
    "error.client_id_not_specified",
    "events.subscription_cleanup",
    "events.webhook_client_id",
    "bot.token_rotation",
    "bot.token_rotation.length",
    "error.bot_token_rotation_failed",
    "error.bot_token_invalid_length.rotation",
    "error.bot_ownership.after_rotation",
    "bot.app_id",
    "bot.token_length_limit",
    "error.bot_token_invalid_length",
    "command.register.title_required",
    "command.name_invalid",
    "command.name_empty",
    "command.already_exists",
    "command.title_invalid",
    "command.update.rename",
    "command.update.title_merge",
    "command.update.title_null_deletes",
    "command.lang_case",
    "manager.empty_user_ids",
    "color.camel_case",
    "color.invalid_ignored",
    "text_field.enabled.boolean",
    "message.delete.complete.boolean",
    "command.register.flat.boolean",
    "message.delete.collection",
    "bot.update.support_openline",
    "file.download.bot_access",
    "v1.bot_list.id_int",
    "im.recent.with_counters",
    "event.get.user_events",
    "event.get.user_events.text",
    "bot.update.webhook_url",
    "error.bot_update_failed",
    "bot.update.event_mode",
    "message.fields.whitelist",
    "message.update.url_preview",
    "bot.update.unknown_fields",
    "bot.register.known_code",
    "error.bot_limit_exceeded",
    "bot.register.token_location",
    "bot.types",
    "error.bot_type_not_allowed",
    "response.nested_result",
    "event.additional_messages",
    "auth.client_id",
    "im.revision.get",
    "im.revision.get.desktop",
    "keyboard.action",
    "menu.action",
    "menu.link",
    "menu.command",
    "imbot.dialog.get",
    "imbot.chat.updateTextFieldEnabled",
    "v1.events.message_update_delete",
    "v1.bot.type_supervisor",
    "v1.chat.entity",
    "v1.update.openline",
    "im.chat.add",
    "im.chat.get",
    "im.chat.leave",
    "im.chat.setOwner",
    "im.chat.updateAvatar",
    "im.chat.updateColor",
    "im.chat.updateTitle",
    "im.chat.user.add",
    "im.chat.user.delete",
    "im.chat.user.list",
    "im.department.get",
    "im.disk.file.commit",
    "im.disk.file.delete",
    "im.disk.folder.get",
    "im.message.add",
    "im.message.delete",
    "im.message.like",
    "im.message.update",
    "im.notify.delete",
    "im.notify.personal.add",
    "im.notify.read",
    "im.notify.system.add",
    "im.recent.get",
    "im.recent.hide",
    "im.search.last.add",
    "im.search.last.delete",
    "im.search.last.get",
    "im.user.get",
    "im.user.status.idle.start",
    "im.user.status.set",
    "im.chat.mute",
    "im.department.colleagues.list",
    "im.department.employees.get",
    "im.department.managers.get",
    "im.dialog.messages.get",
    "im.recent.pin",
    "im.search.chat.list",
    "im.search.department.list",
    "im.search.user.list",
    "im.user.list.get",
    "im.dialog.read",
    "im.dialog.unread",
    "im.disk.file.save",
    "im.dialog.get",
    "im.dialog.read.all",
    "im.dialog.users.list",
    "im.dialog.writing",
    "im.message.command",
    "im.message.share",
    "im.notify.answer",
    "im.notify.confirm",
    "im.notify.read.list",
    "im.recent.list",
    "im.recent.unread",
    "im.recent.get.last_update",
    "im.recent.get.only_openlines",
    "im.recent.get.last_sync_date",
];
