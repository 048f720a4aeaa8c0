<?php
final class Service
{
    private const SEND = 'imbot.v2.Chat.Message.send'; //~ use imbot.v2.Chat.Message.send

    public function send(string $dialog, string $text): void
    {
        $reply = $this->rest->call(self::SEND, ['botId' => 7, 'dialogId' => $dialog, 'fields' => ['message' => $text]]);
        if (isset($reply['error'])) {
            $this->rest->call('imbot.message.add', ['BOT_ID' => 7, 'DIALOG_ID' => $dialog, 'MESSAGE' => $text]); //~ use imbot.message.add; any-error-fallback imbot.message.add
        }
    }

    public function chats(): array
    {
        $ids = [];
        foreach ($this->rest->call('im.recent.list', ['LIMIT' => 20])['result'] as $chat) { //~ use im.recent.list; reply-shape im.recent.list
            $ids[] = $chat['id'];
        }
        foreach ($this->rest->call('im.recent.list', ['LIMIT' => 20])['result']['items'] as $chat) { //~ use im.recent.list
            $ids[] = $chat['id'];
        }
        return $ids;
    }

    public function bots(): array
    {
        $names = [];
        foreach ($this->rest->call('imbot.bot.list')['result'] as $bot) { //~ use imbot.bot.list
            $names[] = $bot['NAME'];
        }
        return $names;
    }
}
