<html>
<body>Use imbot.message.add here.</body> <!-- //~ trap -->
<script>
  BX24.callMethod('im.message.add', { DIALOG_ID: 'chat1', MESSAGE: 'Hi' }); //~ use im.message.add
</script>
<?php
set('bitrix_webhook', 'https://acme.bitrix24.com/rest/1/codecodecode/imbot.message.add.json'); //~ use imbot.message.add
$ch = curl_init($hook . 'imbot.v2.Event.get?' . http_build_query(['botId' => 7, 'limit' => 50])); //~ use imbot.v2.Event.get
file_get_contents("$hook/imbot.chat.sendTyping?BOT_ID=7&DIALOG_ID=chat4"); //~ use imbot.chat.sendTyping
$batch = CRest::callBatch([
    'send' => ['method' => 'imbot.v2.Chat.Message.send', 'params' => ['dialogId' => 'chat1', 'fields' => ['mesage' => 'x']]], //~ use imbot.v2.Chat.Message.send; unknown-parameter imbot.v2.Chat.Message.send fields.mesage
    'like' => ['method' => 'imbot.v2.Chat.Message.Reaction.add', 'params' => ['messageId' => 5, 'reaction' => 'like']], //~ use imbot.v2.Chat.Message.Reaction.add
]);
$call('batch', ['halt' => 0, 'cmd' => [
    'one' => 'imbot.v2.Chat.get?botId=7&dialogId=chat4', //~ use imbot.v2.Chat.get
    'two' => 'imbot.chat.user.list?' . http_build_query(['CHAT_ID' => 4]), //~ use imbot.chat.user.list
]]);
$call('imbot.v2.' . $action, []); //~ computed
$call("imbot.{$group}.add", []); //~ computed
$css = '.imbot.message'; //~ trap
$t = trans('imbot.title'); //~ trap
$file = 'imbot.php'; //~ trap
$host = 'im.example.com'; //~ trap
$cache->get('imbot.token'); //~ trap
