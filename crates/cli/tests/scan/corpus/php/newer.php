<?php

namespace Acme\Bot;

use imbot\helpers\Text; //~ trap

final class Sender
{
    private const SEND = 'imbot.v2.Chat.Message.send'; //~ use imbot.v2.Chat.Message.send

    public function __construct(private string $hook, private int $botId, private string $token)
    {
    }

    public function hello(string $dialog): int
    {
        $answer = $this->request('imbot.v2.Chat.Message.send', [ //~ use imbot.v2.Chat.Message.send
            'botId' => $this->botId,
            'botToken' => $this->token,
            'dialogId' => $dialog,
            'fields' => ['message' => 'Hello', 'system' => true],
        ]);
        return (int)$answer['result']['id'];
    }

    public function wrong(string $dialog)
    {
        $answer = $this->request('imbot.v2.Chat.Message.send', [ //~ use imbot.v2.Chat.Message.send; unknown-parameter imbot.v2.Chat.Message.send BOT_ID DIALOG_ID MESSAGE; missing-parameter imbot.v2.Chat.Message.send dialogId
            'BOT_ID' => $this->botId,
            'DIALOG_ID' => $dialog,
            'MESSAGE' => 'Hello',
        ]);
        return intval($answer['result']); //~ reply-shape imbot.v2.Chat.Message.send
    }

    public function register(string $url): void
    {
        $params = array(
            'fields' => array(
                'code' => 'acme',
                'properties' => array('name' => 'Acme'),
                'eventMode' => 'webhook',
                'webhookUrl' => $url,
                'botToken' => $this->token,
            ),
        );
        $this->request('imbot.v2.Bot.register', $params); //~ use imbot.v2.Bot.register
        $this->request('imbot.v2.Bot.updat', ['botId' => $this->botId]); //~ use imbot.v2.Bot.updat; unknown-method imbot.v2.Bot.updat
        $this->request('imbot.v2.Command.register', [ //~ use imbot.v2.Command.register; missing-parameter imbot.v2.Command.register fields.command
            'botId' => $this->botId,
            'fields' => ['title' => ['en' => 'Help']],
        ]);
        $done = $this->request('imbot.v2.Bot.unregister', ['botId' => $this->botId]); //~ use imbot.v2.Bot.unregister
        if ($done['result'] === true) { //~ reply-shape imbot.v2.Bot.unregister
            return;
        }
    }

    public function send(string $dialog, string $text): void
    {
        try {
            $this->request(self::SEND, ['dialogId' => $dialog, 'fields' => ['message' => $text]]);
            $this->request('imbot.v2.Chat.InputAction.notify', ['dialogId' => $dialog]); //~ use imbot.v2.Chat.InputAction.notify
        } catch (\Throwable $e) {
            $this->logger->warning('imbot.v2.Chat.Message.send'); //~ trap
            $this->request('imbot.message.add', ['DIALOG_ID' => $dialog, 'MESSAGE' => $text]); //~ use imbot.message.add; any-error-fallback imbot.message.add
        }
    }

    public function guarded(string $dialog, array $revision): void
    {
        if ($revision['rest'] >= 33) {
            $this->request('imbot.v2.Chat.Message.read', ['dialogId' => $dialog]); //~ use imbot.v2.Chat.Message.read guarded
        }
        if ($revision['rest'] > 20) {
            $this->request('imbot.v2.Chat.leave', ['dialogId' => $dialog]); //~ use imbot.v2.Chat.leave; weak-guard imbot.v2.Chat.leave
        }
    }

    private function request(string $method, array $params): array
    {
        $url = $this->hook . $method . '.json'; //~ trap
        return json_decode(file_get_contents($url . '?' . http_build_query($params)), true);
    }
}
