import requests
from fastapi import FastAPI, Request

app = FastAPI()
EVENTS = {"ONIMBOTMESSAGEADD", "ONIMBOTJOINCHAT"}  #~ use ONIMBOTMESSAGEADD; use ONIMBOTJOINCHAT


class Bitrix:
    BASE = "https://acme.bitrix24.com/rest/9/codecodecode/"
    METHODS = {
        "message": "imbot.message.add.json",  #~ use imbot.message.add
        "finish": "imopenlines.bot.session.finish.json",  #~ trap
        "leave": "imbot.chat.leave",  #~ use imbot.chat.leave
        "user": "im.user.get.json",  #~ use im.user.get
    }


def send(dialog, text):
    response = requests.post(
        f"{Bitrix.BASE}imbot.message.add.json",  #~ use imbot.message.add
        json={"BOT_ID": 7, "CLIENT_ID": "x", "DIALOG_ID": dialog, "MESSAGE": text},
        timeout=15,
    )
    print("imbot.message.add", response.status_code)  #~ trap


def edit(base, message, text):
    url = "{}imbot.message.update".format(base)  #~ use imbot.message.update
    return requests.post(url, data={"MESSAGE_ID": message, "MESSAGE": text})


def commands(call, bot, url):
    for name, title in [("help", "Help"), ("menu", "Menu")]:
        call("imbot.command.register", {  #~ use imbot.command.register
            "BOT_ID": bot, "COMMAND": name, "COMMON": "Y",
            "LANG": [{"LANGUAGE_ID": "en", "TITLE": title, "PARAMS": ""}],
            "EVENT_COMMAND_ADD": url,
        })
    call("imbot.list", {})  #~ use imbot.list; unknown-method imbot.list
    call("imbot.bot.update", {"BOT_ID": bot})  #~ use imbot.bot.update; unknown-method imbot.bot.update
    call("imbot.update", {"BOT_ID": bot, "NAME": "Acme", "FIELDS": {"EVENT_HANDLER": url}})  #~ use imbot.update; unknown-parameter imbot.update NAME


@app.post("/event")
async def event(request: Request):
    form = await request.form()
    kind = form.get("event")
    if kind == "ONIMBOTMESSAGEADD":  #~ use ONIMBOTMESSAGEADD
        send(form["data[PARAMS][DIALOG_ID]"], "Hello")
    return {"help": "Send imbot.message.add to the portal"}  #~ trap


FIXTURE = {"event": "ONIMBOTMESSAGEADD", "data": {"PARAMS": {}}, "auth": {}}  #~ trap
