//! The known codes, and what each proves.
//!
//! Sources: the documentation's page of system errors, its page of the
//! authorisation server's errors and its pages of the messenger's methods; the
//! server's modules `rest`, `im` and `imbot`; the error tables of the three
//! official SDKs. `tests/codes.jsonl` names the source of each code.

use super::class::ErrorClass;

/// Codes with the same facts.
pub(super) struct Group {
    pub(super) class: ErrorClass,
    /// Whether a portal sends them only for methods that it has.
    pub(super) proves_method: bool,
    /// Whether every credential of the portal gets them.
    pub(super) is_for_all_credentials: bool,
    pub(super) codes: &'static [&'static str],
}

/// The codes of rate limits. The portal checks these limits before it runs the method.
pub(super) const RATE_LIMITS: &[&str] = &["QUERY_LIMIT_EXCEEDED", "OPERATION_TIME_LIMIT"];

/// The codes that portals send with a status of 5xx although the method did not run. Portals send
/// all other such codes with 4xx: `RestException` has 400 by default, 401 and 403 for
/// credentials, 404 for a method that is not found, 429 for limits. Its only 500 is `ERROR_CORE`.
pub(super) const SENT_WITH_5XX: &[&str] = &["QUERY_LIMIT_EXCEEDED", "OVERLOAD_LIMIT", "PORTAL_DELETED"];

pub(super) const GROUPS: &[Group] = &[
    // The portal looks the method up before it looks at the credential.
    Group {
        class: ErrorClass::Absent,
        proves_method: false,
        is_for_all_credentials: true,
        codes: &[
            "ERROR_METHOD_NOT_FOUND",
            // The controller is there, the action is not.
            "22002",
            "MAIN_CONTROLLER_22002",
            // The module is not installed, or has no controllers.
            "2210204",
            "2210205",
        ],
    },
    Group {
        class: ErrorClass::Scope,
        proves_method: true,
        is_for_all_credentials: false,
        codes: &["insufficient_scope"],
    },
    Group {
        class: ErrorClass::Expired,
        proves_method: true,
        is_for_all_credentials: false,
        codes: &["expired_token", "invalid_token"],
    },
    Group {
        class: ErrorClass::Credential,
        proves_method: true,
        is_for_all_credentials: false,
        codes: &[
            "NO_AUTH_FOUND",
            "INVALID_CREDENTIALS",
            "ACCESS_DENIED",
            "user_access_error",
            "authorization_error",
            "WRONG_AUTH_TYPE",
            "insufficient_auth_type",
            "allowed_only_intranet_user",
            "AUTHORIZE_ERROR",
            "session_failed",
            "WRONG_LICENSE",
            "APPLICATION_NOT_FOUND",
            "NOT_INSTALLED",
            // "Application not installed".
            "ERROR_OAUTH",
            "PAYMENT_REQUIRED",
            "invalid_grant",
            "invalid_client",
            "METHOD_CONFIRM_WAITING",
            "METHOD_CONFIRM_DENIED",
            // "Https required": the address of the credential is wrong.
            "INVALID_REQUEST",
        ],
    },
    // Codes of authorisation servers. A portal may pass them on, and so may a proxy
    // that asks for a login, so they prove no method.
    Group {
        class: ErrorClass::Credential,
        proves_method: false,
        is_for_all_credentials: false,
        codes: &[
            "wrong_client",
            "bad_verification_code",
            "invalid_scope",
            "unauthorized_client",
            "unsupported_grant_type",
            "unsupported_response_type",
        ],
    },
    Group {
        class: ErrorClass::Transient,
        proves_method: false,
        is_for_all_credentials: true,
        codes: &[
            // Counted for each portal and address of the caller.
            "QUERY_LIMIT_EXCEEDED",
            "INTERNAL_SERVER_ERROR",
            "ERROR_UNEXPECTED_ANSWER",
            "INTERNAL_WRONG_TRANSPORT",
            "INTERNAL_WRONG_HANDLER_CLASS",
            "INTERNAL_WRONG_FILE_HANDLER",
        ],
    },
    Group {
        class: ErrorClass::Transient,
        proves_method: false,
        is_for_all_credentials: false,
        codes: &[
            // The portal could not reach the authorisation server. It asks it about
            // applications alone.
            "CONNECTION_ERROR",
            "server_error",
            "temporarily_unavailable",
            "WRONG_ENCODING",
            // Any exception of the server outside of a method.
            "ERROR_CORE",
        ],
    },
    // Counted for each method and each application or webhook, after the look-up.
    Group {
        class: ErrorClass::Transient,
        proves_method: true,
        is_for_all_credentials: false,
        codes: &["OPERATION_TIME_LIMIT"],
    },
    Group {
        class: ErrorClass::Blocked,
        proves_method: false,
        is_for_all_credentials: true,
        codes: &["PORTAL_DELETED"],
    },
    // Set by hand for one application or one webhook.
    Group {
        class: ErrorClass::Blocked,
        proves_method: false,
        is_for_all_credentials: false,
        codes: &["OVERLOAD_LIMIT"],
    },
    Group {
        class: ErrorClass::Refused,
        proves_method: true,
        is_for_all_credentials: false,
        codes: REFUSED,
    },
    // Words that other servers use, too.
    Group {
        class: ErrorClass::Refused,
        proves_method: false,
        is_for_all_credentials: false,
        codes: &[
            "NOT_FOUND",
            "ERROR_NOT_FOUND",
            "ERROR_ENTITY_NOT_FOUND",
            "INVALID_ARG_VALUE",
        ],
    },
    Group {
        class: ErrorClass::Failed,
        proves_method: true,
        is_for_all_credentials: false,
        codes: FAILED,
    },
];

/// What methods say before they do their work.
const REFUSED: &[&str] = &[
    // A missing or wrongly typed argument of a controller.
    "100",
    "MAIN_CONTROLLER_22001",
    // Of every method of imbot.v2.
    "REST_SERVER_NOT_FOUND",
    "BOT_TOKEN_NOT_SPECIFIED",
    "CLIENT_ID_NOT_SPECIFIED",
    "BOT_ID_REQUIRED",
    "BOT_NOT_FOUND",
    "BOT_OWNERSHIP_ERROR",
    // Of its methods for bots.
    "BOT_AVATAR_INCORRECT_SIZE",
    "BOT_AVATAR_INCORRECT_TYPE",
    "BOT_CODE_ALREADY_TAKEN",
    "BOT_CODE_REQUIRED",
    "BOT_CONTEXT_ERROR",
    "BOT_INVALID_CALLBACK",
    "BOT_INVALID_EVENT_MODE",
    "BOT_INVALID_TYPE",
    "BOT_LIMIT_EXCEEDED",
    "BOT_PROPERTIES_REQUIRED",
    "BOT_TOKEN_INVALID_LENGTH",
    "BOT_TYPE_NOT_ALLOWED",
    "BOT_WEBHOOK_URL_REQUIRED",
    "PARAMS_REQUIRED",
    // For commands.
    "COMMAND_ALREADY_EXISTS",
    "COMMAND_NAME_EMPTY",
    "COMMAND_NAME_INVALID",
    "COMMAND_NOT_FOUND",
    "COMMAND_REQUIRED",
    "COMMAND_TITLE_INVALID",
    "COMMAND_TITLE_REQUIRED",
    // For events.
    "AUTH_ERROR",
    "SCOPE_ERROR",
    "USER_NOT_SUBSCRIBED",
    // For chats, messages and files.
    "CHAT_NOT_FOUND",
    "EMPTY_MESSAGE",
    "EMPTY_USER_IDS",
    "FILE_ACCESS_ERROR",
    "FILE_EMPTY",
    "FILE_INVALID_CONTENT",
    "FILE_NOT_FOUND",
    "FILE_TOO_LARGE",
    "MESSAGE_ACCESS_DENIED",
    "MESSAGE_ACCESS_DENIED_BY_TARIFF",
    "MESSAGE_DUPLICATED_BY_UUID",
    "MESSAGE_NOT_FOUND",
    "MESSAGE_TOO_OLD_FOR_DELETION",
    "MESSAGES_IN_DIFFERENT_CHAT_ERROR",
    "REACTION_ALREADY_SET",
    "REACTION_NOT_FOUND",
    "TEXT_FIELD_DISABLED",
    "TOO_MANY_MESSAGES",
    "WRONG_SENDER",
    "WRONG_UUID",
    // Of the older methods of the messenger and of bots.
    "ACCESS_DENIED_EXTEND",
    "ACCESS_DENIED_KICK",
    "ACCESS_ERROR",
    "ANSWER_TEXT_ERROR",
    "APP_ID_ERROR",
    "ATTACH_ERROR",
    "ATTACH_OVERSIZE",
    "AVATAR_ERROR",
    "BOT_ID_ERROR",
    "CANT_EDIT_MESSAGE",
    "CHAT_APP_ID_ERROR",
    "CHAT_ID_EMPTY",
    "CODE_ERROR",
    "COMMAND_ERROR",
    "COMMAND_ID_ERROR",
    "DESKTOP_CLOSED",
    "DIALOG_ID_EMPTY",
    "DISK_ID_EMPTY",
    "EVENT_BOT_DELETE_ERROR",
    "EVENT_COMMAND_ADD_ERROR",
    "EVENT_CONTEXT_GET_ERROR",
    "EVENT_MESSAGE_ADD_ERROR",
    "EVENT_MESSAGE_DELETE_ERROR",
    "EVENT_MESSAGE_UPDATE_ERROR",
    "EVENT_WELCOME_MESSAGE_ERROR",
    "FILES_ERROR",
    "FILE_ID_EMPTY",
    "FIND_SHORT",
    "FIRST_ID_STRING",
    "HASH_ERROR",
    "ID_EMPTY",
    "ID_ERROR",
    "IFRAME_HTTPS",
    "INVALID_FORMAT",
    "KEYBOARD_ERROR",
    "KEYBOARD_OVERSIZE",
    "LANG_ERROR",
    "LAST_ID_AND_LAST_TYPE",
    "LAST_ID_STRING",
    "MAX_COUNT_ERROR",
    "MENU_ERROR",
    "MENU_OVERSIZE",
    "MESSAGE_EMPTY",
    "MESSAGE_ID_EMPTY",
    "MESSAGE_ID_ERROR",
    "NAME_ERROR",
    "NOTIFY_VALUE_ERROR",
    "NO_DESKTOP",
    "PARAMS_ERROR",
    "REPLY_ACCESS_ERROR",
    "REPLY_FROM_OTHER_CHAT_ERROR",
    "SEARCH_TEXT_ERROR",
    "STATUS_ERROR",
    "TEXT_FIELD_ENABLED_EMPTY",
    "TITLE_EMPTY",
    "USER_ID_EMPTY",
    "USER_NOT_EXISTS",
    "USER_NOT_FOUND",
    "WITHOUT_CHANGES",
    "WRONG_COLOR",
    // Of the methods that set handlers.
    "ERROR_EVENT_NOT_FOUND",
    "ERROR_HANDLER_URL_MATCH",
    "ERROR_UNSUPPORTED_PROTOCOL",
    "ERROR_WRONG_HANDLER_URL",
];

/// What methods say when their work has failed.
const FAILED: &[&str] = &[
    "BOT_REGISTER_FAILED",
    "BOT_TOKEN_ROTATION_FAILED",
    "BOT_UNREGISTER_FAILED",
    "BOT_UPDATE_FAILED",
    "CHAT_ID",
    "COMMAND_ANSWER_FAILED",
    "COMMAND_REGISTER_FAILED",
    "EXECUTE_ERROR",
    "FILE_FOLDER_ERROR",
    "FILE_SAVE_ERROR",
    "FILE_SEND_FAILED",
    "FILE_UPLOAD_FAILED",
    "FOLDER_ERROR",
    "SAVE_ERROR",
    "SENDING_FAILED",
    "SEND_FAILED",
    "UPLOAD_FAILED",
    "WRONG_REQUEST",
];
