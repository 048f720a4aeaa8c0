<?php
// A bot of the older API, one script for all events. //~ trap
require_once __DIR__ . '/crest.php';

/** Answers with imbot.message.add. */ //~ trap
$event = $_REQUEST['event'] ?? '';
$dialog = $_REQUEST['data']['PARAMS']['DIALOG_ID'];

if ($event == 'ONAPPINSTALL') {
    $handler = 'https://bot.example/handler.php';
    $answer = restCommand('imbot.register', array( //~ use imbot.register
        'CODE' => 'echo',
        'TYPE' => 'B',
        'EVENT_MESSAGE_ADD' => $handler,
        'EVENT_WELCOME_MESSAGE' => $handler,
        'EVENT_BOT_DELETE' => $handler,
        'PROPERTIES' => array('NAME' => 'Echo', 'LAST_NAME' => 'Bot', 'COLOR' => 'AQUA'),
    ), $_REQUEST['auth']);
    $bot = $answer['result'];
    restCommand('imbot.command.register', [ //~ use imbot.command.register
        'BOT_ID' => $bot,
        'COMMAND' => 'help',
        'COMMON' => 'N',
        'LANG' => [['LANGUAGE_ID' => 'en', 'TITLE' => 'Help', 'PARAMS' => '']],
        'EVENT_COMMAND_ADD' => $handler,
    ], $_REQUEST['auth']);
} elseif ($event == 'ONIMBOTMESSAGEADD') { //~ use ONIMBOTMESSAGEADD
    $answer = restCommand('imbot.message.add', [ //~ use imbot.message.add
        'DIALOG_ID' => $dialog,
        'MESSAGE' => "You wrote {$_REQUEST['data']['PARAMS']['MESSAGE']}",
        'KEYBOARD' => [['TEXT' => 'More', 'LINK' => 'https://bot.example/']],
    ], $_REQUEST['auth']);
    if ($answer['result']['id'] > 0) { //~ reply-shape imbot.message.add
        writeToLog($answer, 'imbot.message.add'); //~ trap
    }
} elseif ($event === 'ONIMBOTJOINCHAT') { //~ use ONIMBOTJOINCHAT
    CRest::call('imbot.message.add', ['DIALOG_ID' => $dialog, 'MESAGE' => 'Hello']); //~ use imbot.message.add; unknown-parameter imbot.message.add MESAGE; missing-parameter imbot.message.add MESSAGE
} elseif (in_array($event, ['ONIMCOMMANDADD', 'ONIMBOTDELETE'])) { //~ use ONIMCOMMANDADD; use ONIMBOTDELETE
    foreach ($_REQUEST['data']['COMMAND'] as $command) {
        CRest::call('imbot.command.answer', [ //~ use imbot.command.answer
            'COMMAND_ID' => $command['COMMAND_ID'],
            'MESSAGE_ID' => $command['MESSAGE_ID'],
            'MESSAGE' => 'Done',
        ]);
    }
}

error_log('imbot.message.add'); //~ trap
throw new Exception('imbot.register'); //~ trap
