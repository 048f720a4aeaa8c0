"""Replies that are read through names."""
import requests


def find_bot(base, code):
    url = f"{base}/imbot.bot.list"  #~ use imbot.bot.list
    reply = requests.get(url, timeout=5)
    bots = reply.json().get("result", [])
    return [bot for bot in bots if bot.get("CODE") == code]  #~ reply-shape imbot.bot.list


def find_bot_well(base, code):
    reply = requests.post(f"{base}/imbot.bot.list", json={})  #~ use imbot.bot.list
    bots = reply.json()["result"]
    return [bot for bot in bots.values() if bot.get("CODE") == code]  #~ trap


def bot_ids(call):
    body = call("imbot.bot.list", {})  #~ use imbot.bot.list
    for bot_id in body["result"]:  #~ trap
        print(bot_id)


def either_shape(call):
    body = call("imbot.bot.list", {})  #~ use imbot.bot.list
    bots = body.get("result") or {}
    if isinstance(bots, dict):
        bots = list(bots.values())
    for bot in bots:  #~ trap
        print(bot["CODE"])


def recent(call):
    body = call("im.recent.list", {"SKIP_OPENLINES": "Y"})  #~ use im.recent.list
    chats = body.get("result") or []
    for chat in chats:  #~ reply-shape im.recent.list
        print(chat["chat_id"])


def recent_well(call):
    body = call("im.recent.list", {"SKIP_OPENLINES": "Y"})  #~ use im.recent.list
    for chat in body["result"]["items"]:  #~ trap
        print(chat["chat_id"])


def members(call, chat):
    body = call("im.chat.get", {"DIALOG_ID": chat})  #~ use im.chat.get
    result = body.get("result", {})
    print(result["name"], result.get("owner"))  #~ trap
    return result.get("USERS")  #~ reply-shape im.chat.get


def messages(call, dialog):
    body = call("im.dialog.messages.get", {"DIALOG_ID": dialog})  #~ use im.dialog.messages.get
    result = body["result"]
    found = result.get("messages") or result.get("MESSAGES")  #~ trap
    return found, result["items"]  #~ reply-shape im.dialog.messages.get


class Client:
    def ask(self, method, params):
        reply = requests.post(self.base + method, json=params)
        return reply.json()

    def edit(self, message, text):
        data = self.ask("imbot.v2.Chat.Message.update", {"botId": 1, "messageId": message, "fields": {"message": text}})  #~ use imbot.v2.Chat.Message.update
        result = data.get("result")
        if result is not True:  #~ reply-shape imbot.v2.Chat.Message.update
            raise RuntimeError("not changed")

    def like(self, message, is_on):
        method = "imbot.v2.Chat.Message.Reaction.add" if is_on else "imbot.v2.Chat.Message.Reaction.delete"  #~ use imbot.v2.Chat.Message.Reaction.add; use imbot.v2.Chat.Message.Reaction.delete
        data = self.ask(method, {"botId": 1, "messageId": message, "reaction": "like"})
        return data["result"] is True  #~ reply-shape imbot.v2.Chat.Message.Reaction.add


class Unwrapped:
    def take(self, method, params):
        reply = requests.post(self.base + method, json=params)
        return reply.json()["result"]

    def remove(self, message):
        done = self.take("imbot.v2.Chat.Message.delete", {"botId": 1, "messageId": message})  #~ use imbot.v2.Chat.Message.delete
        return done["result"] is True  #~ trap

    def send(self, dialog):
        sent = self.take("im.message.add", {"DIALOG_ID": dialog, "MESSAGE": "x"})  #~ use im.message.add
        return sent["message_id"]  #~ reply-shape im.message.add


def unknown_client(client, message):
    done = client.invoke("imbot.v2.Chat.Message.delete", {"botId": 1, "messageId": message})  #~ use imbot.v2.Chat.Message.delete
    return done is True or done.get("result") is True  #~ trap


def registered(client):
    result = client.call("imbot.v2.Bot.register", {"fields": {"code": "x", "properties": {"name": "x"}}}).result  #~ use imbot.v2.Bot.register
    if "error" in result:
        return result["error"]  #~ trap
    return result["result"]["bot"]["id"]  #~ reply-shape imbot.v2.Bot.register


def several(client, v2):
    answer = client.call_batch({"bot": v2.imbot.v2.bot.get(bot_id=1), "none": "imbot.v2.Bot.get"}).result  #~ use imbot.v2.Bot.get
    return answer["bot"]["id"], answer["none"]  #~ trap
