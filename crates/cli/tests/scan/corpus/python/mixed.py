async def handle(event, call):
    if event["event"] == "ONIMBOTMESSAGEADD":  #~ use ONIMBOTMESSAGEADD
        await call("imbot.v2.Chat.Message.send", {  #~ use imbot.v2.Chat.Message.send; mixed-generations imbot.v2.Chat.Message.send
            "botId": 7,
            "dialogId": event["data"]["PARAMS"]["DIALOG_ID"],
            "fields": {"message": "Hello"},
        })
    elif event["event"] == "ONIMBOTV2COMMANDADD":  #~ use ONIMBOTV2COMMANDADD
        await reply(call, event)


async def reply(call, event):
    await call("imbot.command.answer", {"COMMAND_ID": 1, "MESSAGE_ID": 2, "MESSAGE": "Done"})  #~ use imbot.command.answer; mixed-generations imbot.command.answer


@bot.on_event("ONIMBOTV2JOINCHAT")  #~ use ONIMBOTV2JOINCHAT
async def joined(event):
    if event["event"].startswith("ONIMBOTV2"):  #~ trap
        return "ONIMBOTWELCOMEMESSAGE" == event["event"]  #~ use ONIMBOTWELCOMEMESSAGE; unknown-event ONIMBOTWELCOMEMESSAGE
