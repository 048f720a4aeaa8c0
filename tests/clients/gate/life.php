<?php
// A bot's life through the gate, with calls in the form of CRest: a form by cURL, to the
// `client_endpoint` of the application, with the suffix `.json`.

function call(string $method, array $params): mixed
{
    $params['auth'] = getenv('ACCESS_TOKEN');
    $curl = curl_init();
    curl_setopt_array($curl, [
        CURLOPT_URL => getenv('ENDPOINT') . $method . '.json',
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => http_build_query($params),
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_FOLLOWLOCATION => true,
        CURLOPT_POSTREDIR => 10,
        CURLOPT_USERAGENT => 'Bitrix24 CRest PHP 1.36',
    ]);
    $text = curl_exec($curl);
    $answer = json_decode($text, true);
    if (!is_array($answer) || isset($answer['error'])) {
        fwrite(STDERR, "$method: $text\n");
        exit(1);
    }
    return $answer['result'];
}

function same(mixed $left, mixed $right): void
{
    if ($left !== $right) {
        fwrite(STDERR, json_encode([$left, $right]) . "\n");
        exit(1);
    }
}

$fields = ['code' => 'php', 'eventMode' => 'webhook', 'webhookUrl' => 'http://127.0.0.1:9/bot'];
$fields['properties'] = ['name' => 'Pia'];
$bot = call('imbot.v2.Bot.register', ['fields' => $fields])['bot'];
same($bot['code'], 'php');
same(call('imbot.v2.Bot.register', ['fields' => $fields])['bot']['id'], $bot['id']);
$send = ['botId' => $bot['id'], 'dialogId' => '1', 'fields' => ['message' => 'Hello, 世界 & all']];
$sent = call('imbot.v2.Chat.Message.send', $send)['id'];
$update = ['botId' => $bot['id'], 'messageId' => $sent, 'fields' => ['message' => 'Bye']];
same(call('imbot.v2.Chat.Message.update', $update), ['result' => true]);
$commands = ['one' => 'imbot.v2.Chat.Message.send?' . http_build_query($send), 'time' => 'server.time'];
$batch = call('batch', ['halt' => 0, 'cmd' => $commands]);
same($batch['result']['one']['id'] > $sent, true);
same($batch['result_error'], []);
same(call('imbot.v2.Bot.unregister', ['botId' => $bot['id']]), ['result' => true]);
