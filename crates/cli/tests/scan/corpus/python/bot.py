"""A bot that polls imbot.v2.Event.get.

It answers with imbot.v2.Chat.Message.send.
"""  #~ trap
import logging

import httpx

from app.imbot import handlers  #~ trap

log = logging.getLogger("imbot.bot")  #~ trap
METHOD_SEND = "imbot.v2.Chat.Message.send"  #~ use imbot.v2.Chat.Message.send


class Bot:
    """Calls imbot.v2.Bot.register."""  #~ trap

    async def call(self, method, params):
        async with httpx.AsyncClient() as client:
            return (await client.post(f"{self.base}/{method}", json=params)).json()  #~ trap

    async def register(self, url):
        payload = {
            "fields": {
                "code": "acme",
                "properties": {"name": "Acme"},
                "eventMode": "fetch",
            }
        }
        data = await self.call("imbot.v2.Bot.register", payload)  #~ use imbot.v2.Bot.register
        return data["result"]["bot"]["id"]

    async def rotate(self, token):
        payload = {"botId": self.id, "fields": {"BOT": token, "botToken": token}}
        return await self.call("imbot.v2.Bot.update", payload)  #~ use imbot.v2.Bot.update; unknown-parameter imbot.v2.Bot.update fields.BOT

    async def send(self, dialog, text):
        result = await self.call(
            "imbot.v2.Chat.Message.send",  #~ use imbot.v2.Chat.Message.send
            {
                "botId": self.id,
                "botToken": self.token,
                "dialogId": dialog,
                "fields": {"message": text, "urlPreview": False},
            },
        )
        if not result.get("result"):
            raise RuntimeError(f"imbot.v2.Chat.Message.send failed: {result}")  #~ trap
        return int(result["result"]["messageId"])  #~ reply-shape imbot.v2.Chat.Message.send

    async def context(self, message):
        data = await self.call("imbot.v2.Chat.Message.getContext", {"messageId": message, "limit": 10})  #~ use imbot.v2.Chat.Message.getContext; unknown-parameter imbot.v2.Chat.Message.getContext limit
        return data["result"]["messages"]

    async def answer(self, command, message, dialog, text):
        await self.call("imbot.v2.Command.answer", {  #~ use imbot.v2.Command.answer; missing-parameter imbot.v2.Command.answer commandId
            "messageId": message,
            "dialogId": dialog,
            "fields": {"message": text},
        })

    async def typing(self, dialog):
        ok = await self.call("imbot.v2.Chat.InputAction.notify", dict(dialogId=dialog))  #~ use imbot.v2.Chat.InputAction.notify
        return ok["result"] is True  #~ reply-shape imbot.v2.Chat.InputAction.notify

    async def upload(self, dialog, name, content):
        fields = {"name": name, "content": content}
        try:
            return await self.call("imbot.v2.File.upload", {"dialogId": dialog, "fields": fields})  #~ use imbot.v2.File.upload
        except Exception as error:
            log.info("imbot.v2.File.upload failed, im.disk.file.commit is next: %s", error)  #~ trap
            return await self.call("imbot.message.add", {"DIALOG_ID": dialog, "MESSAGE": name})  #~ use imbot.message.add; any-error-fallback imbot.message.add

    async def careful(self, dialog, text):
        try:
            return await self.call("imbot.v2.Chat.Message.send", {"dialogId": dialog, "fields": {"message": text}})  #~ use imbot.v2.Chat.Message.send
        except BitrixError as error:
            if error.code not in ("ERROR_METHOD_NOT_FOUND", "22002"):
                raise
            return await self.call("imbot.message.add", {"DIALOG_ID": dialog, "MESSAGE": text})  #~ use imbot.message.add

    async def poll(self):
        answer = await self.call("imbot.v2.Event.get", {"botId": self.id, "offset": self.offset, "limit": 100})  #~ use imbot.v2.Event.get
        for event in answer["result"]["events"]:
            if event["type"] == "ONIMBOTV2MESSAGEADD":  #~ use ONIMBOTV2MESSAGEADD
                await self.send(event["data"]["chat"]["dialogId"], "Hello")
            elif event["type"] in ("ONIMBOTV2COMMANDADD", "ONIMBOTV2JOINCHAT"):  #~ use ONIMBOTV2COMMANDADD; use ONIMBOTV2JOINCHAT
                await self.answer(1, 2, "chat1", "Done")
        self.offset = answer["result"]["offset"]  #~ reply-shape imbot.v2.Event.get
