#!/usr/bin/env bash
# A bot's life through the gate, with curl as the pages of the documentation have it.
set -euo pipefail

call() {
    curl --silent --show-error --fail-with-body -X POST \
        -H "Content-Type: application/json" \
        -H "Accept: application/json" \
        -d "$2" \
        "$HOOK$1"
}

id() {
    python3 -c 'import json, sys; value = json.load(sys.stdin)["result"]
for name in sys.argv[1:]: value = value[name]
print(value)' "$@"
}

token="\"botToken\": \"$BOT_TOKEN\""
bot=$(call imbot.v2.Bot.register \
    "{$token, \"fields\": {\"code\": \"curl\", \"eventMode\": \"fetch\", \"properties\": {\"name\": \"Cora\"}}}" | id bot id)
sent=$(call imbot.v2.Chat.Message.send \
    "{$token, \"botId\": $bot, \"dialogId\": \"1\", \"fields\": {\"message\": \"Hello, 世界\"}}" | id id)
[[ $(call imbot.v2.Chat.Message.update \
    "{$token, \"botId\": $bot, \"messageId\": $sent, \"fields\": {\"message\": \"Bye\"}}" | id result) == True ]]
[[ $(call imbot.v2.Event.get "{$token, \"botId\": $bot}" | id hasMore) == False ]]
[[ $(call imbot.v2.Bot.unregister "{$token, \"botId\": $bot}" | id result) == True ]]
