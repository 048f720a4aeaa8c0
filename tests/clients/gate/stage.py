"""A portal, the gate in front of it, and a client that knows the gate alone.

    python3 stage.py PORTAL GATE REST COMMAND [ARGUMENT...]

PORTAL is the path of the built example `portal`, and GATE that of the built `imbot-caps`. The
command finds in its environment: HOOK, the address of the webhook behind the gate; ENDPOINT,
that of an application; ACCESS_TOKEN; BOT_TOKEN. The portal is strict: if a call relied on what
its build lacks, this program fails.
"""

import json
import os
import subprocess
import sys
import tempfile


def main(portal, gate, rest, *command):
    portal = subprocess.Popen([portal, rest, "strict"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    about = json.loads(portal.stdout.readline())
    host = about["url"].split("/")[2]
    token = "token-of-a-polling-bot"
    with tempfile.TemporaryDirectory() as folder:
        bots = os.path.join(folder, "bots.toml")
        with open(bots, "w", encoding="utf-8") as file:
            file.write(
                f"[[bot]]\nname = 'client'\nportal = '{host}'\nsecret = '0123456789abcdef'\n"
                f"bot_token = '{token}'\nkeep = true\n"
            )
        options = ["--listen=127.0.0.1:0", "--insecure-http", f"--portal={host}"]
        options += [f"--bots={bots}", f"--journal={os.path.join(folder, 'journal.db')}"]
        server = subprocess.Popen([gate, "serve", *options], stdout=subprocess.PIPE, text=True)
        base = server.stdout.readline().strip()
        environment = {
            **os.environ,
            "GATE": base,
            "HOOK": about["webhook_url"].replace("http://", base, 1),
            "ENDPOINT": about["rest_url"].replace("http://", base, 1),
            "ACCESS_TOKEN": about["access_token"],
            "BOT_TOKEN": token,
            "PORTAL_HOST": host,
        }
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            environment.pop(name, None)
            environment.pop(name.upper(), None)
        code = subprocess.run(command, env=environment).returncode
        server.terminate()
        stopped = server.wait(timeout=60)
    portal.stdin.close()
    strict = portal.wait(timeout=60)
    print("ok   " if (code, stopped, strict) == (0, 0, 0) else "FAIL ", os.path.basename(command[-1]))
    return code or stopped or strict


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
