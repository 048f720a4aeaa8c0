//! The fixed terms of a row: kinds of change, shims, kinds of value.

use crate::word::words;

words! {
    /// The kind of change that introduced a feature.
    "kind of change" Kind {
        /// The feature is new.
        New = "new",
        /// The feature existed and did not work as documented.
        Fix = "fix",
        /// Callers have to change.
        Breaking = "breaking",
        /// The feature is removed at `until`.
        Removed = "removed",
        /// The feature works, and a newer one replaces it.
        Deprecated = "deprecated",
    }
}

words! {
    /// How sure a row is.
    "confidence" Confidence {
        /// An official page states it.
        Documented = "documented",
        /// The published source of a module shows it.
        SourceDerived = "source-derived",
        /// Concluded, or reported by a user.
        Inferred = "inferred",
    }
}

words! {
    /// How to treat a call that needs a feature while the portal is unknown.
    "way to treat an unknown portal" WhenUnknown {
        /// Send it: a portal without the feature rejects it.
        Send = "send",
        /// Refuse it: on a portal without the feature it does harm.
        Refuse = "refuse",
        /// Send it as to a portal without the feature: every build accepts that form.
        Adapt = "adapt",
    }
}

words! {
    /// The change of a call for a portal without the feature.
    "shim" Shim {
        /// No change helps. The note says why.
        NoFallback = "no-fallback",
        /// `"Y"` and `"N"` for booleans.
        YesNo = "yes-no",
        /// Leave the field out.
        Omit = "omit",
        /// Old and new form in one call.
        BothForms = "both-forms",
        /// The older method, [`Fallback::v1`](super::Fallback::v1).
        V1Call = "v1-call",
        /// Read `nextOffset` from the older key.
        NextOffset = "next-offset",
        /// Put a bare boolean of the reply under `result`.
        NestedResult = "nested-result",
        /// Read the older error code as the newer.
        ErrorAlias = "error-alias",
        /// Remove the event handlers that the portal leaves behind.
        EventUnbind = "event-unbind",
        /// Remove the secret from the reply.
        StripSecret = "strip-secret",
        /// Refuse the call.
        Refuse = "refuse",
        /// Ask `im.revision.get`.
        ImRevision = "im-revision",
        /// Write the value as [`Applies::values`](super::Applies::values) has it.
        Spelling = "spelling",
        /// Write the key in lower case.
        LowerKeys = "lower-keys",
        /// Turn text for yes or no into a boolean.
        Boolean = "boolean",
        /// Put `CLIENT_ID=<botToken>` into the query of the bot's address, if the program
        /// allows it. Only for a bot of a webhook that does not poll.
        BotTokenInUrl = "bot-token-in-url",
        /// After the registration of a bot, make sure that its events go to the address of the call.
        BotAddress = "bot-address",
    }
}

words! {
    /// Which values a row is about.
    "kind of value" ValueKind {
        /// `true` or `false`.
        Boolean = "boolean",
        /// A whole number.
        Integer = "integer",
        /// `null`.
        Null = "null",
        /// Text or a number, and not empty.
        String = "string",
        /// Text that PHP takes for true although it may mean "no": all text but `""`, `"0"`
        /// and `"1"`.
        Text = "text",
        /// Text or a number of more than 40 characters.
        Over40Chars = "over-40-chars",
        /// An empty list or object.
        Empty = "empty",
        /// One of [`Applies::values`](super::Applies::values) in another spelling: other letters' case, other
        /// underscores.
        Respelt = "respelt",
        /// Text that is none of [`Applies::values`](super::Applies::values) in any spelling.
        Unlisted = "unlisted",
        /// Anything below a key that has capital letters.
        CapitalKey = "capital-key",
    }
}

impl Shim {
    /// Whether it changes the reply and not the call.
    pub(crate) fn is_of_reply(self) -> bool {
        matches!(
            self,
            Shim::NextOffset | Shim::NestedResult | Shim::ErrorAlias | Shim::StripSecret
        )
    }
}
