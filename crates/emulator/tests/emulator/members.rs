//! The members of people, chats, files and messages, and of what `im.*` answers.

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use serde_json::{Value as Json, json};

use crate::client::{BotClient, call};

/// Members and their types, as documented: `?` is text or no.
const USER: &str = "id:i active:b name:s firstName:s lastName:s workPosition:s color:s avatar:s gender:s \
    birthday:s extranet:b bot:b connector:b externalAuthId:s status:s idle:? lastActivityDate:? \
    mobileLastDate:? desktopLastDate:? absent:? departments:l phones:? type:s website:s email:s";

const USER_V1: &str = "id:i active:b name:s first_name:s last_name:s work_position:s color:s avatar:s \
    avatar_hr:s gender:s birthday:s extranet:b network:b bot:b connector:b external_auth_id:s status:s \
    idle:? last_activity_date:? mobile_last_date:? desktop_last_date:? absent:? departments:l phones:? \
    website:s email:s bot_data:? type:s";

/// In events, too. `textFieldEnabled` is documented as text and comes as a boolean.
const CHAT_OF_EVENT: &str = "id:i dialogId:s name:s type:s messageType:s owner:i color:s avatar:s \
    description:s extranet:b containsCollaber:b entityType:s entityId:s entityData1:s \
    entityData2:s entityData3:s entityLink:o diskFolderId:i permissions:o parentChatId:? \
    parentMessageId:? isNew:b textFieldEnabled:b backgroundId:?";

const CHAT_OF_ANSWER: &str = "role:s muteList:l dateCreate:s lastMessageId:? lastId:? managerList:l \
    messageCount:i userCounter:i unreadId:? lastMessageViews:s markedId:? public:s";

const CHAT_V1: &str = "id:i parent_chat_id:i parent_message_id:i name:s description:s owner:i extranet:b \
    avatar:s color:s type:s counter:i user_counter:i message_count:i unread_id:i restrictions:o \
    last_message_id:i last_id:i marked_id:i disk_folder_id:i entity_type:s entity_id:s entity_data_1:s \
    entity_data_2:s entity_data_3:s mute_list:l date_create:s message_type:s public:s role:s \
    entity_link:o text_field_enabled:b background_id:? permissions:o is_new:b readed_list:l \
    manager_list:l last_message_views:o dialog_id:s";

const CHAT_OF_RECENT: &str = "id:i parent_chat_id:i parent_message_id:i name:s owner:i extranet:b \
    contains_collaber:b avatar:s color:s type:s entity_type:s entity_id:s entity_data_1:s entity_data_2:s \
    entity_data_3:s mute_list:l manager_list:l date_create:s message_type:s user_counter:i restrictions:o \
    role:s text_field_enabled:b background_id:? entity_link:o permissions:o public:s";

const FILE: &str = "id:i chatId:i date:s type:s name:s extension:s size:i image:b authorId:i authorName:s \
    isTranscribable:b isVideoNote:b isVoiceNote:b";

/// Of a file, what bots are not told.
const FILE_OF_USER: &str =
    "status:s progress:i urlPreview:s urlShow:s urlDownload:s viewerAttrs:o mediaUrl:o";

const MESSAGE_V1: &str = "id:i chat_id:i author_id:i date:s text:s unread:b uuid:? replaces:l params:l \
    disappearing_date:?";

const RECENT: &str = "id:i chat_id:i type:s avatar:o title:s message:o counter:i last_id:i pinned:b \
    unread:b has_reminder:b date_update:s date_last_activity:s user:o chat:o options:l";

#[track_caller]
fn has(shown: &Json, members: &str) {
    for member in members.split_whitespace() {
        let (name, kind) = member.split_once(':').unwrap();
        let Some(value) = shown.get(name) else {
            panic!("no {name} in {shown}");
        };
        let is_right = match kind {
            "i" => value.is_i64(),
            "b" => value.is_boolean(),
            "s" => value.is_string(),
            "l" => value.is_array(),
            "o" => value.is_object(),
            _ => true,
        };
        assert!(is_right, "{name} is {value}");
    }
}

async fn bot_in_chat() -> (EmulatedPortal, BotClient, String) {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let bot = BotClient::register(&portal, "ann", json!({"type": "personal"})).await;
    let fields = json!({"userIds": [1, 7], "title": "T"});
    let chat = bot.call("Chat.add", json!({"fields": fields})).await.result();
    has(&chat["chat"], CHAT_OF_EVENT);
    has(&chat["chat"], CHAT_OF_ANSWER);
    let people = chat["users"].as_array().unwrap();
    assert_eq!(people.len(), 3);
    for person in people {
        has(person, USER);
    }
    let dialog = chat["chat"]["dialogId"].as_str().unwrap().to_owned();
    (portal, bot, dialog)
}

#[tokio::test]
async fn users_have_all_members_everywhere() {
    let (portal, bot, dialog) = bot_in_chat().await;
    let id = portal.say(7, &dialog, "hello").await.unwrap();
    let of_list = bot
        .call("Chat.User.list", json!({"dialogId": dialog}))
        .await
        .result();
    let of_bot = bot.call("Bot.get", json!({})).await.result();
    let bots = bot.call("Bot.list", json!({})).await.result();
    let message = bot
        .call("Chat.Message.get", json!({"messageId": id}))
        .await
        .result();
    let context = bot
        .call("Chat.Message.getContext", json!({"messageId": id}))
        .await
        .result();
    let events = bot.call("Event.get", json!({})).await.result();
    let event = events["events"].as_array().unwrap().last().unwrap();
    for user in [
        &of_list[0],
        &of_list[2],
        &of_bot["users"][0],
        &bots["users"][0],
        &message["user"],
        &context["users"][0],
        &event["data"]["user"],
    ] {
        has(user, USER);
    }
}

#[tokio::test]
async fn chats_have_all_members_everywhere() {
    let (portal, bot, dialog) = bot_in_chat().await;
    let chat = bot.call("Chat.get", json!({"dialogId": dialog})).await.result();
    has(&chat["chat"], CHAT_OF_EVENT);
    has(&chat["chat"], CHAT_OF_ANSWER);
    portal.say(7, &dialog, "hello").await.unwrap();
    let events = bot.call("Event.get", json!({})).await.result();
    has(&events["events"][0]["data"]["chat"], CHAT_OF_EVENT);
    for method in ["im.dialog.get", "imbot.dialog.get"] {
        let params = json!({"DIALOG_ID": dialog, "CLIENT_ID": "t", "BOT_ID": bot.id});
        let shown = call(&portal, method, params).await.result();
        has(&shown, CHAT_V1);
        let is_newer = |name: &&String| name.contains(char::is_uppercase) || name.ends_with("data1");
        assert_eq!(shown.as_object().unwrap().keys().find(is_newer), None);
    }
}

#[tokio::test]
async fn uploaded_files_have_all_members() {
    let (portal, bot, dialog) = bot_in_chat().await;
    let upload = json!({"dialogId": dialog, "fields": {"name": "A.PNG", "content": "aGk="}});
    let of_bot = bot.call("File.upload", upload.clone()).await.result();
    let of_user = call(&portal, "im.v2.File.upload", upload).await.result();
    has(&of_user["file"], FILE_OF_USER);
    for member in FILE_OF_USER.split_whitespace() {
        let (name, _) = member.split_once(':').unwrap();
        assert_eq!(of_bot["file"].get(name), None, "{name}");
    }
    for (answer, author) in [(&of_bot, json!(bot.id)), (&of_user, json!(1))] {
        has(&answer["file"], FILE);
        has(answer, "messageId:i chatId:i dialogId:s");
        assert_eq!(answer["file"]["authorId"], author);
        assert_eq!(
            (&answer["file"]["type"], &answer["file"]["extension"]),
            (&json!("image"), &json!("png"))
        );
    }
}

#[tokio::test]
async fn older_methods_show_documented_users() {
    let (portal, bot, dialog) = bot_in_chat().await;
    let own = call(&portal, "im.user.get", json!({})).await.result();
    assert_eq!(
        (&own["id"], &own["type"], &own["bot_data"]),
        (&json!(1), &json!("user"), &json!(null))
    );
    let of_bot = call(&portal, "im.user.get", json!({"ID": bot.id})).await.result();
    assert_eq!(
        (&of_bot["bot"], &of_bot["bot_data"]["code"]),
        (&json!(true), &json!("ann"))
    );
    let named = call(&portal, "im.user.list.get", json!({"ID": [1, 7]}))
        .await
        .result();
    let listed = json!({"ID": "[1,7]", "RESULT_TYPE": "array"});
    let listed = call(&portal, "im.user.list.get", listed).await.result();
    let members = call(&portal, "im.dialog.users.list", json!({"DIALOG_ID": dialog}))
        .await
        .result();
    assert_eq!(members.as_array().unwrap().len(), 3);
    for user in [&own, &of_bot, &named["1"], &named["7"], &listed[1], &members[2]] {
        has(user, USER_V1);
    }
    for (method, params, code) in [
        ("im.user.get", json!({"ID": 0}), "ID_EMPTY"),
        ("im.user.list.get", json!({"ID": ["x"]}), "INVALID_FORMAT"),
        ("im.user.list.get", json!({}), "INVALID_FORMAT"),
    ] {
        assert_eq!(call(&portal, method, params).await.code(), code, "{method}");
    }
}

#[tokio::test]
async fn dialog_messages_are_paged() {
    let (portal, _, dialog) = bot_in_chat().await;
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        ids.push(portal.say(7, &dialog, text).await.unwrap());
    }
    let page = async |mut params: Json| {
        params["DIALOG_ID"] = json!(dialog);
        let page = call(&portal, "im.dialog.messages.get", params).await.result();
        has(&page, "chat_id:i messages:l users:l files:l");
        has(&page["messages"][0], MESSAGE_V1);
        has(&page["users"][0], USER_V1);
        let texts = page["messages"].as_array().unwrap().iter();
        texts
            .map(|own| own["text"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(page(json!({})).await, ["three", "two", "one"]);
    assert_eq!(page(json!({"LAST_ID": ids[2], "LIMIT": 1})).await, ["two"]);
    assert_eq!(page(json!({"FIRST_ID": ids[0]})).await, ["two", "three"]);
    for (params, refused) in [
        (json!({"DIALOG_ID": "x"}), (400, "DIALOG_ID_EMPTY")),
        (json!({"DIALOG_ID": "chat9999"}), (403, "ACCESS_ERROR")),
        (
            json!({"DIALOG_ID": dialog, "FIRST_ID": "x"}),
            (400, "FIRST_ID_STRING"),
        ),
        (
            json!({"DIALOG_ID": dialog, "LAST_ID": "x"}),
            (400, "LAST_ID_STRING"),
        ),
    ] {
        let (status, code, _) = call(&portal, "im.dialog.messages.get", params).await.error();
        assert_eq!((status, code.as_str()), refused);
    }
}

#[tokio::test]
async fn recent_chats_have_all_members() {
    let (portal, bot, dialog) = bot_in_chat().await;
    portal.say(1, &bot.id.to_string(), "hello").await.unwrap();
    portal.say(7, &dialog, "hello").await.unwrap();
    let list = call(&portal, "im.recent.list", json!({})).await.result();
    let got = call(&portal, "im.recent.get", json!({})).await.result();
    for items in [&list["items"], &got] {
        let items = items.as_array().unwrap();
        let private = items.iter().find(|item| item["type"] == "user").unwrap();
        has(private, RECENT);
        has(&private["user"], USER_V1);
        // The other person is told beside it.
        let mut own: Vec<_> = private["chat"].as_object().unwrap().keys().collect();
        own.sort_unstable();
        assert_eq!(own, ["background_id", "mute_list", "text_field_enabled"]);
        let group = items.iter().find(|item| item["type"] == "chat").unwrap();
        has(&group["chat"], CHAT_OF_RECENT);
        assert_eq!(group["chat"].get("dialog_id"), None);
        has(&group["user"], USER_V1);
        let message = "id:i text:s file:b author_id:i attach:b sticker:? date:s status:s uuid:?";
        has(&private["message"], message);
    }
}

#[tokio::test]
async fn user_methods_answer_as_documented() {
    let (portal, _, dialog) = bot_in_chat().await;
    let sent = json!(["Your response has been sent."]);
    let person = call(&portal, "im.user.get", json!({"ID": 1})).await.result();
    for (method, params, answer) in [
        (
            "im.department.employees.get",
            json!({"ID": [1, 9]}),
            json!({"1": [1, 7]}),
        ),
        (
            "im.department.managers.get",
            json!({"ID": [1]}),
            json!({"1": [1]}),
        ),
        (
            "im.department.managers.get",
            json!({"ID": [1], "USER_DATA": "Y"}),
            json!({"1": [person]}),
        ),
        ("im.department.colleagues.list", json!({}), json!([7])),
        ("im.notify.read.list", json!({"IDS": [1]}), json!(true)),
        (
            "im.notify.answer",
            json!({"ID": 5, "ANSWER_TEXT": "yes"}),
            json!({"result_message": sent}),
        ),
        (
            "im.notify.confirm",
            json!({"NOTIFY_ID": 5, "NOTIFY_VALUE": "Y"}),
            json!({"result_message": ["Done"]}),
        ),
        ("im.search.last.add", json!({"DIALOG_ID": dialog}), json!(true)),
        ("im.search.last.delete", json!({"DIALOG_ID": dialog}), json!(true)),
    ] {
        assert_eq!(call(&portal, method, params).await.result(), answer, "{method}");
    }
    let folder = call(&portal, "im.disk.folder.get", json!({"DIALOG_ID": dialog}))
        .await
        .result();
    has(&folder, "ID:i");
    let department = call(&portal, "im.department.get", json!({"ID": [1]}))
        .await
        .result();
    has(&department[0], "id:i name:s full_name:s manager_user_id:i");
    for (method, code) in [
        ("im.department.employees.get", "ID_EMPTY"),
        ("im.department.managers.get", "ID_EMPTY"),
        ("im.department.get", "INVALID_FORMAT"),
        ("im.notify.read.list", "PARAMS_ERROR"),
        ("im.notify.answer", "ID_ERROR"),
        ("im.notify.confirm", "ID_ERROR"),
        ("im.search.last.add", "DIALOG_ID_EMPTY"),
        ("im.disk.folder.get", "DIALOG_ID_EMPTY"),
    ] {
        assert_eq!(call(&portal, method, json!({})).await.code(), code, "{method}");
    }
}
