package com.acme.imbot; //~ trap

import java.util.Map;

/** Sends imbot.v2.Chat.Message.send. */ //~ trap
public final class Router {
    private static final String SEND = "imbot.v2.Chat.Message.send"; //~ use imbot.v2.Chat.Message.send
    private static final String EVENT = "ONIMBOTV2MESSAGEADD"; //~ use ONIMBOTV2MESSAGEADD

    public String send(String dialogId, String text) {
        Map<String, Object> payload = Map.of(
                "botId", 7,
                "botToken", token,
                "dialogId", dialogId,
                "fields", Map.of("message", text, "urlPreview", false));
        LOG.info("method=imbot.v2.Chat.Message.send payload={}", payload); //~ trap
        JsonNode root = client.callJson(url, "imbot.v2.Chat.Message.send", payload); //~ use imbot.v2.Chat.Message.send
        return root.get("result").get("id").asText();
    }

    public void wrong(String dialogId, String text) {
        client.callJson(url, "imbot.v2.Chat.Message.send", Map.of("DIALOG_ID", dialogId, "MESSAGE", text)); //~ use imbot.v2.Chat.Message.send; unknown-parameter imbot.v2.Chat.Message.send DIALOG_ID MESSAGE; missing-parameter imbot.v2.Chat.Message.send dialogId
        client.callJson(url, "imbot.v2.Message.send", Map.of("dialogId", dialogId)); //~ use imbot.v2.Message.send; unknown-method imbot.v2.Message.send
        client.callJson(url, "imbot.v2.Command.answer", Map.of("messageId", 1, "dialogId", dialogId)); //~ use imbot.v2.Command.answer; missing-parameter imbot.v2.Command.answer commandId
    }

    public void file(String dialogId, String name) {
        Map<String, Object> params = new HashMap<>();
        params.put("dialogId", dialogId);
        params.put("fields", Map.of("name", name));
        client.callJson(url, "imbot.v2.File.upload", params); //~ use imbot.v2.File.upload; missing-parameter imbot.v2.File.upload fields.content
    }

    public void handle(Event event) {
        switch (event.getType()) {
            case "ONIMBOTMESSAGEADD": //~ use ONIMBOTMESSAGEADD
                client.call("imbot.v2.Chat.InputAction.notify", Map.of("dialogId", "chat1")); //~ use imbot.v2.Chat.InputAction.notify; mixed-generations imbot.v2.Chat.InputAction.notify
                break;
            case "ONIMBOTJOINCHAT": //~ use ONIMBOTJOINCHAT
                client.call("imbot.message.add", Map.of("DIALOG_ID", "chat1", "MESSAGE", "Hi")); //~ use imbot.message.add
                break;
            default:
                throw new IllegalStateException("ONIMBOTDELETE"); //~ trap
        }
        if ("ONIMCOMMANDADD".equals(event.getType())) { //~ use ONIMCOMMANDADD
            client.call("imbot.command.answer", Map.of("COMMAND_ID", 1, "MESSAGE_ID", 2, "MESSAGE", "Hi")); //~ use imbot.command.answer
        }
    }

    public void guarded(int restRevision, boolean enabled) {
        if (restRevision >= 33) {
            client.call("imbot.v2.Chat.Message.read", Map.of("dialogId", "chat1")); //~ use imbot.v2.Chat.Message.read guarded
        }
        if (33 <= restRevision) {
            client.call("imbot.v2.Chat.leave", Map.of("dialogId", "chat1")); //~ use imbot.v2.Chat.leave guarded
        }
        if (restRevision >= 31 && enabled) {
            client.call("imbot.v2.Bot.get", Map.of("botId", 7)); //~ use imbot.v2.Bot.get; weak-guard imbot.v2.Bot.get
        }
        if (enabled) {
            client.call("imbot.v2.Bot.list", Map.of()); //~ use imbot.v2.Bot.list
        }
    }

    public void addresses(String base, String action) {
        http.post(base + "/imbot.message.update.json", Map.of("MESSAGE_ID", 5, "MESSAGE", "x")); //~ use imbot.message.update
        http.post("https://acme.bitrix24.com/rest/1/codecodecode/imbot.bot.list", Map.of()); //~ use imbot.bot.list
        http.post(String.format("%s/imbot.unregister?BOT_ID=%d", base, 7)); //~ use imbot.unregister
        http.post(base + "/imbot.v2." + action, Map.of()); //~ computed
        try {
            client.call("imbot.v2.Chat.Message.send", Map.of("dialogId", "chat1", "fields", Map.of("message", "x"))); //~ use imbot.v2.Chat.Message.send
        } catch (Exception e) {
            client.call("imbot.message.add", Map.of("DIALOG_ID", "chat1", "MESSAGE", "x")); //~ use imbot.message.add; any-error-fallback imbot.message.add
        }
        if (action.equals("imbot.message.add")) return; //~ trap
        System.out.println("imbot.message.add"); //~ trap
        config.get("imbot.token"); //~ trap
        Map<String, String> table = Map.of("add", "imbot.chat.add", "title", "imbot.chat.updateTitle"); //~ use imbot.chat.add; use imbot.chat.updateTitle
        String text = """
            Call imbot.message.add
            imbot.message.add
            """; //~ trap
    }
}
