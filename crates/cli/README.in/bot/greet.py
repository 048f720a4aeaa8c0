def greet(client, bot_id, token, dialog):
    client.call("imbot.v2.Chat.Message.send", {
        "botId": bot_id,
        "botToken": token,
        "dialogId": dialog,
        "fields": {"message": "Hello", "system": True},
    })


def log_out(client, bot_id):
    client.call("imbot.v2.Bot.unregistr", {"botId": bot_id})
