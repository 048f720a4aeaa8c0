"""What fast-bitrix24 meets on an emulated portal.

    python fast.py PORTAL [ARGUMENT...]

PORTAL is the path of the built example `portal`, which takes the arguments.

This client writes the names of methods in small letters where it calls one by itself,
and as they are given in batches. Portals find older methods by either name, and those
of imbot.v2 by the second alone.
"""

import asyncio
import sys

import aiohttp
from fast_bitrix24 import BitrixAsync
from fast_bitrix24.server_response import ErrorInServerResponseException

from steps import Portal, Skip, Steps


async def main(command):
    steps = Steps()
    with Portal(command) as portal:
        client = BitrixAsync(portal.about["webhook_url"], verbose=False)
        await older_methods(steps, portal.about, client)
        await imbot_v2(steps, portal.about, client)
        await failures(steps, portal, client)
    steps.finish()


async def older_methods(steps, about, client):
    with steps.step("im.revision.get"):
        answer = await client.call("im.revision.get", raw=True)
        assert answer["result"]["rest"] == about["rest"], answer
    token = {"CLIENT_ID": "python-fast"}
    with steps.step("imbot.*: names in small letters"):
        bot = await raw(client, "imbot.register", **token, CODE="fast", TYPE="B",
                        EVENT_HANDLER="http://127.0.0.1/bot", PROPERTIES={"NAME": "Pia"})
        chat = await raw(client, "imbot.chat.add", **token, BOT_ID=bot, USERS=list(range(1, 61)), TITLE="Many")
        assert await raw(client, "imbot.chat.sendTyping", **token, BOT_ID=bot, DIALOG_ID=f"chat{chat}") is True
        assert await raw(client, "imbot.chat.updateTitle", **token, BOT_ID=bot, CHAT_ID=chat, TITLE="All") is True
    with steps.step("im.*: names as they are, in batches"):
        titles = [{**token, "BOT_ID": bot, "CHAT_ID": chat, "TITLE": title} for title in ("One", "Two")]
        assert await client.call("imbot.chat.updateTitle", titles) == (True, True)
        people = await client.get_by_ID("im.user.get", [1, 7])
        assert people["1"]["id"] == 1 and people["7"]["id"] == 7, people
    with steps.step("all pages of a list"):
        people = await client.get_all("im.dialog.users.list", {"DIALOG_ID": f"chat{chat}"})
        assert sorted(own["id"] for own in people) == sorted([*range(1, 61), bot])
    with steps.step("imbot.*: unregister the bot"):
        assert await raw(client, "imbot.unregister", **token, BOT_ID=bot) is True


async def imbot_v2(steps, about, client):
    with steps.step("imbot.v2: names in small letters are not found"):
        for method in ("imbot.v2.Bot.list", "imbot.v2.Revision.get"):
            try:
                await client.call(method, {"botToken": "python-fast"}, raw=True)
            except aiohttp.ClientResponseError as error:
                assert error.status == 404
            else:
                raise AssertionError(f"{method} was found")
    with steps.step("imbot.v2: names as they are, in batches"):
        if not about["has_imbot_v2"]:
            raise Skip("this build has no imbot.v2")
        token = "botToken=python-fast"
        answers = await client.call_batch({"halt": 0, "cmd": {
            "bot": f"imbot.v2.Bot.register?{token}&fields[code]=fast2&fields[properties][name]=Pia",
            "sent": f"imbot.v2.Chat.Message.send?{token}&botId=$result[bot][bot][id]"
                    "&dialogId=1&fields[message]=Hello",
        }})
        bot = answers["bot"]["bot"]
        assert bot["code"] == "fast2" and answers["sent"]["id"] > bot["id"], answers
        await client.call("imbot.v2.Bot.unregister", {"botToken": "python-fast", "botId": bot["id"]})


async def failures(steps, portal, client):
    with steps.step("an error of a command is raised"):
        try:
            await client.call("imbot.unregister", {"BOT_ID": 999_999, "CLIENT_ID": "python-fast"})
        except ErrorInServerResponseException as error:
            assert "BOT_ID_ERROR" in str(error), error
        else:
            raise AssertionError("no error")
    with steps.step("the client tries again after QUERY_LIMIT_EXCEEDED"):
        portal.fail_next("QUERY_LIMIT_EXCEEDED")
        assert (await client.call("server.time", raw=True))["result"]


async def raw(client, method, **params):
    return (await client.call(method, params, raw=True))["result"]


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
