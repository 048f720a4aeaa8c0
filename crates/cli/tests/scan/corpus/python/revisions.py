NEEDED = 33


async def send(api, dialog, revision):
    if revision["rest"] >= 33:
        await api.call("imbot.v2.Chat.Message.send", {"dialogId": dialog, "fields": {"message": "x", "system": True}})  #~ use imbot.v2.Chat.Message.send guarded
    else:
        await api.call("imbot.message.add", {"DIALOG_ID": dialog, "MESSAGE": "x", "SYSTEM": "Y"})  #~ use imbot.message.add


async def early(api, dialog, rest_revision):
    if rest_revision < 33:
        return
    await api.call("imbot.v2.Chat.Message.read", {"dialogId": dialog})  #~ use imbot.v2.Chat.Message.read guarded


async def too_low(api, bot, rest_revision, token):
    if rest_revision >= 33:
        await api.call("imbot.v2.Bot.update", {"botId": bot, "fields": {"botToken": token}})  #~ use imbot.v2.Bot.update; weak-guard imbot.v2.Bot.update


async def any_if(api, dialog, flags):
    if flags.new_api:
        await api.call("imbot.v2.Chat.leave", {"dialogId": dialog})  #~ use imbot.v2.Chat.leave
    new = flags.revision >= 34
    if new:
        await api.call("imbot.v2.Command.list", {"botId": 7})  #~ use imbot.v2.Command.list guarded


async def names(call, ids):
    for name in ("imbot.v2.Bot.list", "imbot.v2.Revision.get"):  #~ use imbot.v2.Bot.list; use imbot.v2.Revision.get
        await call(name)
    await call(f"imbot.v2.Chat.{ids}", {})  #~ computed
    await call("imbot.%s" % ids, {})  #~ computed
