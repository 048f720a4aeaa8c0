<?php
switch (strtoupper($_REQUEST['event'])) {
    case 'ONIMBOTMESSAGEADD': //~ use ONIMBOTMESSAGEADD
        answer($_REQUEST['data']);
        break;
    case 'ONIMBOTDELETE': //~ use ONIMBOTDELETE
        forget();
        break;
}

function answer(array $data): void
{
    call('imbot.v2.Chat.Message.send', [ //~ use imbot.v2.Chat.Message.send; mixed-generations imbot.v2.Chat.Message.send
        'botId' => 7,
        'dialogId' => $data['PARAMS']['DIALOG_ID'],
        'fields' => ['message' => 'Hello'],
    ]);
}

#[AsEventListener('ONIMBOTJOINCHAT')] //~ use ONIMBOTJOINCHAT
function joined(): void
{
    // restCommand('imbot.message.add', []); //~ trap
}
