"""Addresses and methods that variables hold."""
import httpx
import requests

SEND = "imbot.message.add"  #~ use imbot.message.add
EVENTS = "ONIMBOTMESSAGEADD, ONIMBOTDELETE,ONAPPINSTALL".split(",")  #~ use ONIMBOTMESSAGEADD; use ONIMBOTDELETE


def register(base, handler):
    address = base + "/imbot.register.json"  #~ use imbot.register; missing-parameter imbot.register EVENT_WELCOME_MESSAGE EVENT_BOT_DELETE PROPERTIES
    form = {"CODE": "acme", "EVENT_MESSAGE_ADD": handler}
    return requests.post(address, data=form, headers={"Authorization": "x"}, timeout=5)


def rename(base, token):
    payload = dict(BOT_ID=7, PROPERTIES={"NAME": "Acme"})
    try:
        endpoint = f"{base}/imbot.update?auth={token}"  #~ use imbot.update; unknown-parameter imbot.update PROPERTIES
    except KeyError:
        return None
    return httpx.post(url=endpoint, json=payload)


def history(base, dialog, users):
    url = f"{base}/im.dialog.messages.get"  #~ use im.dialog.messages.get
    found = requests.get(url, params={"DIALOG_ID": dialog, "LIMIT": 20}).json()  #~ trap
    url = f"{base}/user.get"
    people = requests.get(url, params={"ID": users})  #~ trap
    return found, people


def either(base, is_group, fields):
    if is_group:
        url = f"{base}/im.chat.user.add"  #~ use im.chat.user.add
    else:
        url = f"{base}/im.message.add"  #~ use im.message.add
    return requests.post(url, json={"WHAT": fields})  #~ trap


def same(base, key):
    if key:
        url = f"{base}/{key}/im.chat.leave"  #~ use im.chat.leave; missing-parameter im.chat.leave CHAT_ID; unknown-parameter im.chat.leave FORCE
    else:
        url = f"{base}/im.chat.leave"  #~ use im.chat.leave
    return requests.post(url, json={"FORCE": "Y"})


def all_of(client, base):
    for url, body in ((f"{base}/im.recent.list", {}), (f"{base}/crm.deal.list", {"SELECT": ["ID"]})):  #~ use im.recent.list
        client.post(url, json=body)  #~ trap


def transcribe(client, sound):
    url = "https://speech.example.com/v1"
    headers = {"Authorization": "Bearer x"}
    return client.post(url, headers=headers, files={"file": sound})  #~ trap


def unread(client, base):
    url = f"{base}/im.dialog.unread"  #~ use im.dialog.unread
    return client.post(url, headers={"X-Trace": "1"}, files={"file": b""})  #~ trap


def long_address(portal, token, link, secret):
    url = f"""
{portal}rest/im.message.add?auth={token}  #~ use im.message.add
&MESSAGE=Read [URL={link}]this[/URL]
&KEYBOARD[0][LINK]={portal}page?item=1&client_secret={secret}
    """
    return requests.get(url)


def wrapped(self, method, params):
    return self.session.post(self.base + method, json=params)  #~ trap


def chosen(call, name, dialog):
    method = "im.dialog.read"  #~ use im.dialog.read
    if name == "unread":
        method = "im.dialog.unread"  #~ use im.dialog.unread
    return call(method, {"DIALOG_ID": dialog, "MARK": 1})  #~ trap


def later(call, dialog):
    call(SEND, {"DIALOG_ID": dialog, "CLIENT_ID": "x"})  #~ missing-parameter imbot.message.add MESSAGE


def default_of(call, method="im.message.add", params={}):  #~ use im.message.add
    return call(method, params)


def probe(client, file_id):
    tries = [
        ("im.message.find", {"ID": file_id}),  #~ use im.message.find; unknown-method im.message.find
        ("im.settings.caption", {"one": "One"}),  #~ trap
        ("imbot.file.list", {"BOT_ID": 1}),  #~ use imbot.file.list; unknown-method imbot.file.list
    ]
    for method, params in tries:
        client.call(method, params)  #~ trap


KEY = "DIALOG_ID"


def by_key(call, dialog):
    call("im.message.add", {KEY: dialog, "MESSAGE": "x"})  #~ use im.message.add
    call("im.message.add", {other_key(): dialog, "MESSAGE": "x"})  #~ use im.message.add


def on(event):
    if event == "ONIMBOTMESAGEADD":  #~ use ONIMBOTMESAGEADD; unknown-event ONIMBOTMESAGEADD
        return 1
    if event == "ONIMMESAGEADD":  #~ use ONIMMESAGEADD; unknown-event ONIMMESAGEADD
        return 2
    if event in ("ONIMCONNECTORMESSAGEADD", "ONIMAGELOAD", "ONIMJOINCHAT"):  #~ trap
        return 3
    if event == "ONIMCOMANDADD":  #~ use ONIMCOMANDADD; unknown-event ONIMCOMANDADD
        return 4
    return 0
