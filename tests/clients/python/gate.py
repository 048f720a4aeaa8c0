"""A bot's life through the gate, with Bitrix24's own client for Python.

b24pysdk calls `https://{domain}/rest/...` and has no option for http. It sends by `requests`, so
one function leads its requests to the gate: `through_gate`.
"""

import os

import requests
from b24pysdk import BitrixApp, BitrixToken, BitrixWebhook, Client

GATE = os.environ["GATE"]
send = requests.Session.send


def through_gate(session, request, **options):
    request.url = request.url.replace("https://", GATE, 1)
    return send(session, request, **options)


requests.Session.send = through_gate


def life(token, auth, code, **events):
    v2 = Client(token).imbot.v2
    in_words = {"botToken": auth["bot_token"]} if auth else {}
    bot = v2.bot.register({"code": code, "properties": {"name": "Pia"}, **events, **in_words}).result["bot"]["id"]
    sent = v2.chat.message.send(bot, "1", {"message": "Hello, 世界 & all"}, **auth).result["id"]
    assert v2.chat.message.update(bot, sent, {"message": "Bye"}, **auth).result == {"result": True}
    client = Client(token)
    answer = client.call_batches([client.server.time() for _ in range(60)]).response.result
    assert len(answer.result) == 60 and not answer.result_error
    assert v2.bot.unregister(bot, **auth).result == {"result": True}


host = os.environ["PORTAL_HOST"]
code = os.environ["HOOK"].split("/rest/")[1].strip("/")
life(BitrixWebhook(domain=host, webhook_token=code), {"bot_token": os.environ["BOT_TOKEN"]}, "hook", eventMode="fetch")
app = BitrixApp(client_id="app.portal", client_secret="client-secret")
access = BitrixToken(domain=host, auth_token=os.environ["ACCESS_TOKEN"], bitrix_app=app)
life(access, {}, "app", eventMode="webhook", webhookUrl="http://127.0.0.1:9/bot")
