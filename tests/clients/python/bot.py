"""A bot's life on an emulated portal, with Bitrix24's own client for Python.

    python bot.py PORTAL [ARGUMENT...]

PORTAL is the path of the built example `portal`, which takes the arguments.

b24pysdk calls `https://{domain}/rest/...` and has no option for http; nor has it
one for the server of tokens, which is https://oauth.bitrix24.tech. What it does
have is `requests` below it, whose documented variables HTTPS_PROXY and
REQUESTS_CA_BUNDLE lead both hosts to a proxy on loopback that ends TLS: front.py.
A portal that serves https by itself, and says so by an https `url` and a
`ca_file`, is called without that proxy, and so without a token endpoint.
"""

import base64
import contextlib
import os
import sys
import tempfile
import time
from urllib.parse import urlsplit

from b24pysdk import BitrixApp, BitrixToken, BitrixWebhook, Client, Config, errors
from b24pysdk.credentials import RenewedOAuth

from front import Front
from steps import Portal, Skip, Steps

DIALOG = "1"
TOKEN = {"bot_token": "python-bot-token"}
NOT_FOUND = ("ERROR_METHOD_NOT_FOUND", "22002")


def main(command):
    Config().default_initial_retry_delay = 0.01
    Config().default_retry_delay_increment = 0
    steps = Steps()
    with Portal(command) as portal, tempfile.TemporaryDirectory() as directory:
        about = portal.about
        domain = reach(about, directory)
        hook = BitrixWebhook(domain=domain, webhook_token=webhook_token(about["webhook_url"]))
        app = BitrixApp(client_id=about["client_id"], client_secret=about.get("client_secret", ""))
        access = BitrixToken(domain=domain, auth_token=about["access_token"], bitrix_app=app)

        general(steps, about, hook)
        if about["has_imbot_v2"]:
            bots_life(steps, about, "webhook", hook, TOKEN)
            bots_life(steps, about, "access token", access, {})
        else:
            with steps.step("imbot.v2: the life of a bot"):
                raise Skip("this build has no imbot.v2")
        older_life(steps, hook)
        refusals(steps, about, hook, domain)
        passing_faults(steps, portal, hook)
        expired_token(steps, about, domain, app)
    steps.finish()


def reach(about, directory):
    """Makes the portal reachable by https; returns what the client calls its domain."""
    for name in ("NO_PROXY", "no_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        os.environ.pop(name, None)
    portal = urlsplit(about["url"])
    if portal.scheme == "https":
        os.environ["REQUESTS_CA_BUNDLE"] = about["ca_file"]
        return portal.netloc
    hosts = {"portal.example": (portal.hostname, portal.port)}
    if "token_url" in about:
        tokens = urlsplit(about["token_url"])
        hosts["oauth.bitrix24.tech"] = (tokens.hostname, tokens.port)
    front = Front(hosts, directory)
    os.environ["HTTPS_PROXY"] = front.url
    os.environ["REQUESTS_CA_BUNDLE"] = front.ca_file
    return "portal.example"


def webhook_token(url):
    return urlsplit(url).path.split("/rest/")[1]


def general(steps, about, hook):
    client = Client(hook)
    with steps.step("scope"):
        assert set(client.scope().result) == {"imbot", "im"}
    with steps.step("server.time, whose answer has a time of its own"):
        answer = client.server.time().call()
        assert answer.time.date_start <= answer.time.date_finish
    with steps.step("imbot.v2.Revision.get"):
        if about["has_revision_get"]:
            assert client.imbot.v2.revision.get().result["rest"] == about["rest"]
        else:
            with raises(errors.BitrixAPINotFound, 404, "ERROR_METHOD_NOT_FOUND"):
                client.imbot.v2.revision.get().call()
    with steps.step("im.revision.get"):
        revisions = client.im.revision.get().result
        assert revisions["rest"] == about["rest"]
        assert revisions["im_revision_mobile"] == revisions["mobile"]
    with steps.step("batches, as many as 120 commands need"):
        answer = client.call_batches([client.server.time() for _ in range(120)]).response.result
        assert len(answer.result) == 120 and not answer.result_error


def bots_life(steps, about, by, token, auth):
    client = Client(token)
    v2 = client.imbot.v2
    code = by.replace(" ", "_")
    # The same where the client does not translate the names.
    in_words = {"botToken": auth["bot_token"]} if auth else {}
    # For a registration the client takes it among the fields only.
    fields = {"code": code, "type": "supervisor", "properties": {"name": "Pia"}, **in_words}

    with steps.step(f"{by}: register a bot"):
        bot = v2.bot.register(fields).result["bot"]
        assert (bot["code"], bot["type"]) == (code, "supervisor"), bot
    with steps.step(f"{by}: register it again"):
        assert v2.bot.register(fields).result["bot"]["id"] == bot["id"]
    with steps.step(f"{by}: list and get"):
        assert [own["id"] for own in v2.bot.list(**auth).result["bots"]] == [bot["id"]]
        assert v2.bot.get(bot_id=bot["id"], **auth).result["bot"]["code"] == code
    with steps.step(f"{by}: update the bot"):
        v2.bot.update(bot["id"], {"properties": {"workPosition": "Helper"}}, **auth).call()

    messages = v2.chat.message
    with steps.step(f"{by}: send a message"):
        sent = messages.send(bot["id"], DIALOG, {"message": "Hello, 世界 & all"}, **auth).result["id"]
        assert message_text(messages, bot, sent, auth) == "Hello, 世界 & all"
    with steps.step(f"{by}: update the message"):
        assert messages.update(bot["id"], sent, {"message": "Bye"}, **auth).result == {"result": True}
        assert message_text(messages, bot, sent, auth) == "Bye"
    with steps.step(f"{by}: delete the message"):
        if not about["deletes_messages"]:
            raise Skip("this build's Message.delete deletes nothing")
        assert messages.delete(bot["id"], sent, **auth).result == {"result": True}

    with steps.step(f"{by}: batch by names, one of which fails"):
        answer = client.call_batch({
            "bot": v2.bot.get(bot_id=bot["id"], **auth),
            "none": v2.bot.get(bot_id=999_999, **auth),
            "sent": messages.send(bot["id"], DIALOG, {"message": "a=1&b[]=2 % +"}, **auth),
        }).response.result
        assert answer.result["bot"]["bot"]["code"] == code
        assert list(answer.result_error) == ["none"]
        assert answer.result_error["none"]["error"] == "BOT_NOT_FOUND"
        assert message_text(messages, bot, answer.result["sent"]["id"], auth) == "a=1&b[]=2 % +"
        assert set(answer.result_time) == {"bot", "sent"}
    with steps.step(f"{by}: batch by order, which becomes a list"):
        requests = [client.server.time(), v2.bot.list(**auth)]
        answer = client.call_batch(requests).response.result
        assert isinstance(answer.result, list) and answer.result_error == []
    with steps.step(f"{by}: batch whose commands refer to answers"):
        answer = token.call_batch({
            "list": ("imbot.v2.Bot.list", in_words),
            "send": ("imbot.v2.Chat.Message.send", {
                "botId": "$result[list][bots][0][id]", "dialogId": DIALOG, "fields": {"message": "third"}, **in_words,
            }),
        })
        assert answer["result"]["result_error"] == [], answer
        assert answer["result"]["result"]["send"]["id"] > sent
    with steps.step(f"{by}: batch that halts"):
        bad = v2.bot.get(bot_id=999_999, **auth)
        answer = client.call_batch({"bad": bad, "time": client.server.time()}, halt=True).response.result
        assert answer.result == [] and list(answer.result_error) == ["bad"]

    with steps.step(f"{by}: register, list and unregister a command", skips=not_served):
        fields = {"command": "help", "title": {"en": "Help"}, "params": {"en": "subject"}}
        if about["has_command_fields"]:
            command = v2.command.register(bot["id"], fields, **auth).result["command"]
        else:
            flat = {"botId": bot["id"], **fields, **in_words}
            command = token.call_method("imbot.v2.Command.register", flat)["result"]["command"]
        assert command["botId"] == bot["id"]
        commands = v2.command.list(bot["id"], **auth).result["commands"]
        assert [own["id"] for own in commands if own["botId"] == bot["id"]] == [command["id"]]
        assert v2.command.unregister(bot["id"], command["id"], **auth).result == {"result": True}
    with steps.step(f"{by}: poll for events", skips=not_served):
        events = v2.event.get(bot["id"], limit=10, **auth).result
        assert isinstance(events["events"], list) and isinstance(events["hasMore"], bool), events
    with steps.step(f"{by}: upload a file and get its address", skips=not_served):
        fields = {"name": "a.txt", "content": base64.b64encode(b"content").decode(), "message": "See"}
        uploaded = v2.file.upload(bot["id"], DIALOG, fields, **auth).result
        assert uploaded["file"]["name"] == "a.txt" and uploaded["messageId"] > sent, uploaded
        assert v2.file.download(bot["id"], uploaded["file"]["id"], **auth).result["downloadUrl"]

    with steps.step(f"{by}: unregister the bot"):
        assert v2.bot.unregister(bot["id"], **auth).result == {"result": True}
        with raises(errors.BitrixAPIBadRequest, 400, "BOT_NOT_FOUND"):
            v2.bot.get(bot_id=bot["id"], **auth).call()


def older_life(steps, hook):
    def call(method, **params):
        return hook.call_method(method, {"CLIENT_ID": "python-v1", **params})["result"]

    with steps.step("imbot.*: register, send, list, unregister"):
        bot = call(
            "imbot.register",
            CODE="python_v1",
            TYPE="B",
            EVENT_HANDLER="http://127.0.0.1/bot",
            PROPERTIES={"NAME": "Pia"},
        )
        assert call("imbot.message.add", BOT_ID=bot, DIALOG_ID=DIALOG, MESSAGE="Hello") > bot
        assert call("imbot.bot.list")[str(bot)]["CODE"] == "python_v1"
        assert call("imbot.unregister", BOT_ID=bot) is True


def refusals(steps, about, hook, domain):
    wrong_hook = BitrixWebhook(domain=domain, webhook_token="1/wrong")
    no_scopes = BitrixWebhook(domain=domain, webhook_token=webhook_token(about["webhook_url_without_scopes"]))
    wrong_token = BitrixToken(domain=domain, auth_token="wrong", bitrix_app=BitrixApp(client_id="a", client_secret="b"))
    table = [
        (hook, "imbot.v2.revision.get", {}, errors.BitrixAPINotFound, 404, "ERROR_METHOD_NOT_FOUND"),
        (wrong_hook, "im.revision.get", {}, errors.BitrixAPIInvalidCredentials, 401, "INVALID_CREDENTIALS"),
        (wrong_token, "im.revision.get", {}, errors.BitrixAPIInvalidToken, 401, "invalid_token"),
        (no_scopes, "im.revision.get", {}, errors.BitrixAPIInsufficientScope, 401, "insufficient_scope"),
        (hook, "imbot.unregister", {}, errors.BitrixAPIAccessDenied, 403, "ACCESS_DENIED"),
    ]
    if about["has_imbot_v2"]:
        bad = errors.BitrixAPIBadRequest
        own = {"botToken": "nobody"}
        table += [
            (hook, "imbot.v2.Bot.nonsense", own, bad, 400, "22002"),
            (hook, "imbot.v2.Bot.unregister", own, bad, 400, "BOT_ID_REQUIRED"),
            (hook, "imbot.v2.Bot.get", {"botId": 999_999, **own}, bad, 400, "BOT_NOT_FOUND"),
        ]
    for token, method, params, kind, status, code in table:
        with steps.step(f"refused: {code}"), raises(kind, status, code):
            token.call_method(method, params)


def passing_faults(steps, portal, hook):
    client = Client(hook, max_retries=1)
    for code, kind, status in (
        ("QUERY_LIMIT_EXCEEDED", errors.BitrixAPIQueryLimitExceeded, 503),
        ("OPERATION_TIME_LIMIT", errors.BitrixAPIOperationTimeLimit, 429),
        ("OVERLOAD_LIMIT", errors.BitrixAPIOverloadLimit, 401),
        ("PORTAL_DELETED", errors.BitrixAPIPortalDeleted, 403),
        ("INTERNAL_SERVER_ERROR", errors.BitrixAPIInternalServerError, 500),
    ):
        with steps.step(f"failed for now: {code}"):
            portal.fail_next(code)
            with raises(kind, status, code):
                client.server.time().call()
            client.server.time().call()
    with steps.step("the client tries again after QUERY_LIMIT_EXCEEDED"):
        portal.fail_next("QUERY_LIMIT_EXCEEDED")
        Client(hook).server.time().call()


def expired_token(steps, about, domain, app):
    expired = about["expired_token"]
    with steps.step("an expired token without a refresh token is an error"):
        token = BitrixToken(domain=domain, auth_token=expired, bitrix_app=app)
        with raises(errors.BitrixAPIExpiredToken, 401, "expired_token"):
            Client(token).im.revision.get().call()
    with steps.step("an expired token is replaced and the call repeated"):
        token = BitrixToken(domain=domain, auth_token=expired, refresh_token="any", bitrix_app=OwnTokens(about))
        assert Client(token).im.revision.get().result["rest"] == about["rest"]
        assert token.auth_token == about["access_token"]
    with steps.step("an expired token is refreshed at the token endpoint"):
        if "token_url" not in about or "ca_file" in about:
            raise Skip("the portal has no token endpoint")
        token = BitrixToken(domain=domain, auth_token=expired, refresh_token=about["refresh_token"], bitrix_app=app)
        assert Client(token).im.revision.get().result["rest"] == about["rest"]
        assert token.auth_token != expired


class OwnTokens(BitrixApp):
    """An application that gets its tokens from here."""

    def __init__(self, about):
        super().__init__(client_id=about["client_id"], client_secret="")
        self._about = about

    def refresh_oauth_token(self, refresh_token, **_):
        assert refresh_token == "any"
        return RenewedOAuth.from_dict({
            "access_token": self._about["access_token"],
            "refresh_token": "next",
            "expires": int(time.time()) + 3600,
            "expires_in": 3600,
            "user_id": 1,
            "member_id": "0" * 32,
            "scope": "imbot,im",
            "status": "L",
            "domain": "oauth.bitrix24.tech",
            "client_endpoint": self._about["rest_url"],
            "server_endpoint": "https://oauth.bitrix24.tech/rest/",
        })


def message_text(messages, bot, message_id, auth):
    return messages.get(bot["id"], message_id, **auth).result["message"]["text"]


def not_served(error):
    missing = isinstance(error, errors.BitrixAPIError) and error.error in NOT_FOUND
    return "the portal does not serve it" if missing else None


@contextlib.contextmanager
def raises(kind, status, code):
    try:
        yield
    except kind as error:
        assert (error.response.status_code, error.error) == (status, code), error.json_response
    else:
        raise AssertionError(f"no {code}")


if __name__ == "__main__":
    main(sys.argv[1:])
