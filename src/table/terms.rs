//! The words that a row may use: what kind it is, what a shim does, which values it is
//! about.

use std::fmt;

/// An enum whose values are words of the table.
macro_rules! words {
    (
        $(#[$outer:meta])*
        $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$inner])* $variant,)+
        }

        impl $name {
            /// The words of the table for this, in order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word of the table.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }

            pub(crate) fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some($name::$variant),)+
                    _ => None,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words! {
    /// What kind of change brought a feature.
    Kind {
        /// It was not there before.
        New = "new",
        /// It was there and did not work as documented.
        Fix = "fix",
        /// It asks callers to change.
        Breaking = "breaking",
        /// It is gone, or will be, at `until`.
        Removed = "removed",
        /// It works, and something newer should be used.
        Deprecated = "deprecated",
    }
}

words! {
    /// How sure a row is.
    Confidence {
        /// An official page says so.
        Documented = "documented",
        /// Read in published module sources.
        SourceDerived = "source-derived",
        /// Reasoned, or from a report of the field.
        Inferred = "inferred",
    }
}

words! {
    /// What to do with a call that needs a feature while nothing is known of the portal.
    WhenUnknown {
        /// Send it: at worst the portal refuses it.
        Send = "send",
        /// Refuse it: a portal without the feature would do harm.
        Refuse = "refuse",
        /// Send it as to a portal without the feature: that form is right on every build.
        Adapt = "adapt",
    }
}

words! {
    /// The change that serves a portal without the feature.
    Shim {
        /// Nothing serves; the note says why.
        None = "none",
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
        /// Unsubscribe by hand what the portal leaves behind.
        EventUnbind = "event-unbind",
        /// Take the secret out of the reply.
        StripSecret = "strip-secret",
        /// Refuse the call.
        Refuse = "refuse",
        /// Ask `im.revision.get`.
        ImRevision = "im-revision",
        /// Write the value as [`Applies::values`](super::Applies::values) has it.
        Spelling = "spelling",
        /// Write the key in small letters.
        LowerKeys = "lower-keys",
        /// Make text that means yes or no a real boolean.
        Boolean = "boolean",
        /// Put `CLIENT_ID=<botToken>` into the query of the bot's address, where the program
        /// allows it: for a webhook's bot that does not poll, and no other.
        ClientId = "client-id",
    }
}

words! {
    /// Which values a row is about.
    ValueKind {
        /// `true` or `false`.
        Boolean = "boolean",
        /// A whole number.
        Integer = "integer",
        /// `null`.
        Null = "null",
        /// Text or a number, and not empty.
        String = "string",
        /// Text that PHP takes for true, whatever it says: all but `""` and `"0"`; and
        /// not `"1"`, which is meant so.
        Text = "text",
        /// Text or a number of more than 40 characters.
        Over40Chars = "over-40-chars",
        /// A list or an object with nothing in it.
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
    /// Whether it changes a reply, and nothing of the call.
    pub(crate) fn is_of_reply(self) -> bool {
        matches!(
            self,
            Shim::NextOffset | Shim::NestedResult | Shim::ErrorAlias | Shim::StripSecret
        )
    }
}
