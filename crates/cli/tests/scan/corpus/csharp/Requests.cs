public class Requests
{
    public class SendRequest
    {
        [JsonPropertyName("DIALOG_ID")]
        public string DialogId { get; set; }
        [JsonPropertyName("MESSAGE")]
        public string Text { get; set; }
    }

    public async Task Send(string dialog)
    {
        await Call("im.message.add", new SendRequest { DialogId = dialog, Text = "x" }); //~ use im.message.add
        await Call("im.message.add", new { DIALOG_ID = dialog, TEXT = "x" }); //~ use im.message.add; unknown-parameter im.message.add TEXT; missing-parameter im.message.add MESSAGE
    }

    public async Task ByAddress(string dialog)
    {
        var url = $"{_base}/im.notify.system.add"; //~ use im.notify.system.add; missing-parameter im.notify.system.add MESSAGE
        await _client.PostAsJsonAsync(url, new { USER_ID = 1 });
    }

    public async Task Chosen(bool isRead, string dialog)
    {
        var method = "im.dialog.read"; //~ use im.dialog.read
        if (!isRead) method = "im.dialog.unread"; //~ use im.dialog.unread
        await Call(method, new { DIALOG_ID = dialog, WHY = "x" }); //~ trap
    }
}
