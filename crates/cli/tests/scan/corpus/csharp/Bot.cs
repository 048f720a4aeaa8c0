using Acme.imbot; //~ trap

namespace Acme.Bot
{
    /// <summary>Calls imbot.v2.Bot.register.</summary> //~ trap
    public class Methods
    {
        public const string Send = "imbot.v2.Chat.Message.send"; //~ use imbot.v2.Chat.Message.send
        public const string OnMessage = "ONIMBOTMESSAGEADD"; //~ use ONIMBOTMESSAGEADD
    }

    public class Bot
    {
        public async Task Register(string url)
        {
            await _client.CallAsync("imbot.v2.Bot.register", new { //~ use imbot.v2.Bot.register
                fields = new { code = "acme", properties = new { name = "Acme" }, webhookUrl = url, eventMode = "webhook" }
            });
            await _client.CallAsync("imbot.register", new Dictionary<string, object> { //~ use imbot.register
                ["CODE"] = "acme",
                ["EVENT_HANDLER"] = url,
                ["PROPERTIES"] = new Dictionary<string, object> { { "NAME", "Acme" }, { "LAST_NAME", "Bot" } },
            });
        }

        public async Task Wrong(string dialogId)
        {
            await _client.CallAsync("imbot.v2.Chat.Message.send", new { //~ use imbot.v2.Chat.Message.send; unknown-parameter imbot.v2.Chat.Message.send message; missing-parameter imbot.v2.Chat.Message.send dialogId
                message = "Hello"
            });
            await _client.CallAsync("imbot.v2.Chat.Message.read", new Dictionary<string, object> { { "DIALOG_ID", dialogId } }); //~ use imbot.v2.Chat.Message.read; unknown-parameter imbot.v2.Chat.Message.read DIALOG_ID; missing-parameter imbot.v2.Chat.Message.read dialogId
            await _client.CallAsync("imbot.v2.Bot.delete", new { botId = 7 }); //~ use imbot.v2.Bot.delete; unknown-method imbot.v2.Bot.delete
            await _client.CallAsync("imbot.message.send", new { DIALOG_ID = dialogId }); //~ use imbot.message.send; unknown-method imbot.message.send
        }

        public async Task Send(string dialogId, string text)
        {
            try
            {
                await _client.CallAsync("imbot.v2.Chat.Message.send", new { dialogId, fields = new { message = text } }); //~ use imbot.v2.Chat.Message.send
            }
            catch (Exception e)
            {
                _logger.LogWarning("imbot.v2.Chat.Message.send"); //~ trap
                await _client.CallAsync("imbot.message.add", new { DIALOG_ID = dialogId, MESSAGE = text }); //~ use imbot.message.add; any-error-fallback imbot.message.add
            }
        }

        public async Task Handle(Event e)
        {
            if (e.Name == "ONIMBOTV2MESSAGEADD") //~ use ONIMBOTV2MESSAGEADD
            {
                await _client.CallAsync("imbot.message.add", new { DIALOG_ID = "chat1", MESSAGE = "Hi" }); //~ use imbot.message.add; mixed-generations imbot.message.add
            }
            else if (e.Name == "ONIMBOTV2DELETE") //~ use ONIMBOTV2DELETE
            {
                Console.WriteLine("ONIMBOTV2DELETE"); //~ trap
            }
        }

        public async Task Guarded(int revision, bool enabled)
        {
            if (revision >= 34)
            {
                await _client.CallAsync("imbot.v2.Command.list", new { botId = 7 }); //~ use imbot.v2.Command.list guarded
            }
            if (revision < 33) throw new InvalidOperationException();
            await _client.CallAsync("imbot.v2.Chat.leave", new { dialogId = "chat1" }); //~ use imbot.v2.Chat.leave guarded
        }

        public async Task Weak(int revision)
        {
            if (revision >= 31)
                await _client.CallAsync("imbot.v2.Chat.get", new { dialogId = "chat1" }); //~ use imbot.v2.Chat.get; weak-guard imbot.v2.Chat.get
        }

        public async Task Addresses(string action)
        {
            string url = string.Format("{0}/imbot.message.add", _base); //~ use imbot.message.add
            await _http.PostAsync($"{_base}/imbot.message.update.json", Body(new { MESSAGE_ID = 5, MESSAGE = "x" })); //~ use imbot.message.update
            await _http.PostAsync(_base + "imbot.chat.leave?CHAT_ID=4", null); //~ use imbot.chat.leave
            await _http.PostAsync(@"https://acme.bitrix24.com/rest/1/codecodecode/imbot.bot.list", null); //~ use imbot.bot.list
            await _http.PostAsync($"{_base}/imbot.v2.{action}", null); //~ computed
            await _http.PostAsync("imbot." + action, null); //~ computed
            var table = new Dictionary<string, string> {
                ["like"] = "imbot.message.like", //~ use imbot.message.like
                ["owner"] = "imbot.chat.setOwner", //~ use imbot.chat.setOwner
            };
            if (action == "imbot.message.add") return; //~ trap
            throw new ArgumentException("imbot.message.add"); //~ trap
        }
    }
}
