from b24pysdk import BitrixWebhook, Client

client = Client(BitrixWebhook(domain="acme.bitrix24.com", webhook_token="1/codecodecode"))

client.imbot.v2.chat.message.send(bot_id=7, dialog_id="chat4", fields={"message": "Hello"})  #~ use imbot.v2.Chat.Message.send
client.imbot.v2.bot.register(fields={"code": "acme", "properties": {"name": "Acme"}})  #~ use imbot.v2.Bot.register
client.imbot.v2.chat.input_action.notify(bot_id=7, dialog_id="chat4")  #~ use imbot.v2.Chat.InputAction.notify
client.imbot.v2.chat.set_owner(bot_id=7, dialog_id="chat5", user_id=1)  #~ use imbot.v2.Chat.setOwner
client.imbot.v2.revision.get()  #~ use imbot.v2.Revision.get
client.imbot.message.add("Hello", dialog_id="chat4", bot_id=7)  #~ use imbot.message.add
client.im.message.add(dialog_id="chat4", message="Hello")  #~ use im.message.add
messages = client.imbot.v2.chat.message
messages.get_context(bot_id=7, message_id=5)  #~ use imbot.v2.Chat.Message.getContext
client.imbot.v2.chat.message.send(bot_id=7, dialog_id="chat4", text="Hello")  #~ use imbot.v2.Chat.Message.send; unknown-parameter imbot.v2.Chat.Message.send text
pil.im.save("a.png")  #~ trap
self.imbot.start()  #~ trap
