//! The kinds of events.

macro_rules! kinds {
    ($($variant:ident = $name:literal, $doc:literal;)+) => {
        /// What an event is about. Its name is the newer one, whichever form the portal sent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum BotEventKind {
            $(#[doc = $doc] $variant,)+
            /// Another event. It comes through as the portal sent it.
            Other,
        }

        impl BotEventKind {
            pub(super) fn of(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)+
                    _ => Self::Other,
                }
            }

            /// The name of its event in imbot.v2, or of the application's event.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => Some($name),)+
                    Self::Other => None,
                }
            }
        }
    };
}

kinds! {
    MessageAdd = "ONIMBOTV2MESSAGEADD", "A new message for the bot.";
    MessageUpdate = "ONIMBOTV2MESSAGEUPDATE", "A message was changed.";
    MessageDelete = "ONIMBOTV2MESSAGEDELETE", "A message was deleted.";
    JoinChat = "ONIMBOTV2JOINCHAT", "The bot was added to a chat, or somebody opened a chat with it.";
    BotDelete = "ONIMBOTV2DELETE", "The bot was deleted. It is the last event of the bot. A bot that polls gets none: its queue goes with it.";
    ContextGet = "ONIMBOTV2CONTEXTGET", "Somebody opened a chat with a context for the bot.";
    CommandAdd = "ONIMBOTV2COMMANDADD", "Somebody gave a command of the bot.";
    ReactionChange = "ONIMBOTV2REACTIONCHANGE", "A reaction to a message of the bot was added or removed.";
    UserMessageAdd = "ONIMV2MESSAGEADD", "A new message for a user whose events are recorded.";
    UserMessageUpdate = "ONIMV2MESSAGEUPDATE", "A message in a chat of such a user was changed.";
    UserMessageDelete = "ONIMV2MESSAGEDELETE", "A message in a chat of such a user was deleted.";
    UserJoinChat = "ONIMV2JOINCHAT", "Such a user was added to a chat.";
    UserReactionChange = "ONIMV2REACTIONCHANGE", "A reaction in a chat of such a user was added or removed.";
    AppInstall = "ONAPPINSTALL", "The application was installed.";
    AppUninstall = "ONAPPUNINSTALL", "The application was uninstalled.";
    AppUpdate = "ONAPPUPDATE", "The application was updated.";
    AppPayment = "ONAPPPAYMENT", "The application was paid for, or its period ended.";
    AppMethodConfirm = "ONAPPMETHODCONFIRM", "An administrator allowed or denied a method.";
}
