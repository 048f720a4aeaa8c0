class Requests {
    private static final String EVENTS = "ONIMBOTMESSAGEADD,ONIMBOTDELETE"; //~ use ONIMBOTMESSAGEADD; use ONIMBOTDELETE

    void register(String handler) {
        String url = base + "/imbot.register"; //~ use imbot.register; missing-parameter imbot.register EVENT_WELCOME_MESSAGE EVENT_BOT_DELETE PROPERTIES
        client.post(url, Map.of("CODE", "x", "EVENT_MESSAGE_ADD", handler));
    }

    void chosen(boolean isRead, String dialog) {
        String method = "im.dialog.read"; //~ use im.dialog.read
        if (!isRead) {
            method = "im.dialog.unread"; //~ use im.dialog.unread
        }
        call(method, Map.of("DIALOG_ID", dialog, "WHY", "x")); //~ trap
    }

    void other(String url, String dialog) {
        client.post(url, Map.of("DIALOG", dialog)); //~ trap
    }
}
