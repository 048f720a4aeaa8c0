<?
class Requests
{
    private $notifier;

    public function __construct($builder)
    {
        $this->notifier = $builder->getIMScope()->notify();
    }

    public function tell(int $user): void
    {
        $this->notifier->fromSystem($user, 'x'); //~ use im.notify.system.add
        $this->notifier->markAsRead(5); //~ use im.notify.read
        $this->mailer->confirm(5, true); //~ trap
    }

    public function ask(int $user): void
    {
        $scope = $this->builder->getIMScope();
        $scope->notify()->fromPersonal($user, 'x'); //~ use im.notify.personal.add
        $scope->notify()->answer(5, 'x'); //~ use im.notify.answer
        $scope->other()->answer(5, 'x'); //~ trap
    }

    public function register($client, string $handler)
    {
        $url = $this->base . '/imbot.register'; //~ use imbot.register; missing-parameter imbot.register EVENT_WELCOME_MESSAGE EVENT_BOT_DELETE PROPERTIES
        return $client->post($url, ['json' => ['CODE' => 'x', 'EVENT_MESSAGE_ADD' => $handler]]);
    }

    public function withHeaders($client)
    {
        $url = $this->base . '/im.message.add'; //~ use im.message.add
        return $client->post($url, ['headers' => ['Authorization' => 'x'], 'multipart' => $this->parts]); //~ trap
    }

    public function members(string $dialog)
    {
        $reply = CRest::call('im.chat.get', ['DIALOG_ID' => $dialog]); //~ use im.chat.get
        $chat = $reply['result'];
        echo $chat['name']; //~ trap
        return $chat['USERS']; //~ reply-shape im.chat.get
    }

    public function each()
    {
        $reply = CRest::call('imbot.bot.list', []); //~ use imbot.bot.list
        foreach ($reply['result'] as $bot) { //~ trap
            echo $bot['CODE'];
        }
        return $reply['result'][0]; //~ reply-shape imbot.bot.list
    }

    public function chosen(bool $isRead, string $dialog)
    {
        foreach (['im.dialog.read', 'im.dialog.unread'] as $method) { //~ use im.dialog.read; use im.dialog.unread
            CRest::call($method, ['DIALOG_ID' => $dialog, 'WHY' => 'x']); //~ trap
        }
    }
}
