<?php
use Bitrix24\SDK\Services\ServiceBuilderFactory;

$b24 = ServiceBuilderFactory::createServiceBuilderFromWebhook($hook);
$scope = $b24->getIMBotScope();
$scope->bot()->register(code: 'acme', properties: ['name' => 'Acme']); //~ use imbot.v2.Bot.register
$b24->getIMBotScope()->chatMessage()->send(7, 'chat4', ['message' => 'Hello']); //~ use imbot.v2.Chat.Message.send
$messages = $scope->chatMessage();
$messages->getContext(7, 55); //~ use imbot.v2.Chat.Message.getContext
$scope->chatTextField()->enabled(7, 'chat4', true); //~ use imbot.v2.Chat.TextField.enabled
$scope->file()->upload(7, 'chat4', 'a.txt', $content); //~ use imbot.v2.File.upload

class Keeper
{
    public function __construct($b24)
    {
        $this->commands = $b24->getIMBotScope()->command();
    }

    #[Route('imbot.v2.Command.list')] //~ trap
    public function list()
    {
        return $this->commands->list(7); //~ use imbot.v2.Command.list
    }

    public function find($repository)
    {
        return $repository->command()->list(7); //~ trap
    }
}
