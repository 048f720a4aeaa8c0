// Package bot answers with imbot.message.add. //~ trap
package bot

import (
	"context"
	"fmt"

	"example.com/imbot/client" //~ trap
)

const (
	requestMessage    = "im.message.add.json" //~ use im.message.add
	requestBotMessage = "imbot.message.add.json" //~ use imbot.message.add
	requestUsers      = "imbot.chat.user.list.json" //~ use imbot.chat.user.list
	fileName          = "imbot.json" //~ trap
)

func (b *Bot) Send(ctx context.Context, dialog, text string) (int, error) {
	params := map[string]any{
		"botId":    b.id,
		"botToken": b.token,
		"dialogId": dialog,
		"fields":   map[string]any{"message": text},
	}
	if _, err := b.client.Call(ctx, "imbot.v2.Chat.Message.send", params); err != nil { //~ use imbot.v2.Chat.Message.send
		log.Printf("imbot.v2.Chat.Message.send: %v", err) //~ trap
		_, err = b.client.Call(ctx, "imbot.message.add", map[string]any{"DIALOG_ID": dialog, "MESSAGE": text}) //~ use imbot.message.add; any-error-fallback imbot.message.add
		return 0, err
	}
	return 1, nil
}

func (b *Bot) Register(ctx context.Context, url string) error {
	_, err := b.client.Call(ctx, "imbot.register", map[string]interface{}{ //~ use imbot.register; missing-parameter imbot.register PROPERTIES
		"CODE":                  "acme",
		"TYPE":                  "B",
		"EVENT_MESSAGE_ADD":     url,
		"EVENT_WELCOME_MESSAGE": url,
		"EVENT_BOT_DELETE":      url,
	})
	if err != nil {
		return fmt.Errorf("imbot.register: %w", err) //~ trap
	}
	_, err = b.client.Call(ctx, "imbot.list", nil) //~ use imbot.list; unknown-method imbot.list
	return err
}

func (b *Bot) Wrong(ctx context.Context, dialog string) error {
	_, err := b.client.Call(ctx, "imbot.v2.Chat.Message.send", map[string]any{ //~ use imbot.v2.Chat.Message.send; unknown-parameter imbot.v2.Chat.Message.send DIALOG_ID MESSAGE; missing-parameter imbot.v2.Chat.Message.send dialogId
		"DIALOG_ID": dialog,
		"MESSAGE":   "Hello",
	})
	return err
}

func (b *Bot) Handle(ctx context.Context, event *Event) error {
	switch event.Name {
	case "ONIMBOTMESSAGEADD": //~ use ONIMBOTMESSAGEADD
		return b.answer(ctx, event)
	case "ONIMBOTJOINCHAT", "ONIMBOTDELETE": //~ use ONIMBOTJOINCHAT; use ONIMBOTDELETE
		return nil
	}
	return errors.New("ONIMBOTMESSAGEADD") //~ trap
}

func (b *Bot) answer(ctx context.Context, event *Event) error {
	_, err := b.client.Call(ctx, "imbot.v2.Command.answer", map[string]any{ //~ use imbot.v2.Command.answer; mixed-generations imbot.v2.Command.answer
		"commandId": 1, "messageId": 2, "dialogId": "chat1", "fields": map[string]any{"message": "Hi"},
	})
	return err
}

func (b *Bot) Typing(ctx context.Context, revision int) error {
	if revision >= 33 {
		return b.do(ctx, fmt.Sprintf("%s/imbot.v2.Chat.InputAction.notify", b.base), map[string]any{"dialogId": "chat1", "botId": 7}) //~ use imbot.v2.Chat.InputAction.notify guarded
	}
	if revision < 33 {
		return b.do(ctx, b.base+"/imbot.chat.sendTyping", map[string]any{"DIALOG_ID": "chat1", "BOT_ID": 7}) //~ use imbot.chat.sendTyping
	}
	_ = b.do(ctx, "imbot.v2."+b.name, nil) //~ computed
	return b.do(ctx, fmt.Sprintf("imbot.%s", b.name), nil) //~ computed
}

func (b *Bot) Leave(ctx context.Context, revision int) {
	if revision >= 30 {
		_ = b.do(ctx, `imbot.v2.Chat.leave`, map[string]any{"dialogId": "chat1"}) //~ use imbot.v2.Chat.leave; weak-guard imbot.v2.Chat.leave
	}
}

func (b *Bot) Batch() map[string]string {
	return map[string]string{
		"one": "imbot.v2.Bot.list?limit=10", //~ use imbot.v2.Bot.list
		"two": "imbot.v2.Chat.get?botId=7&dialogId=chat1&dialog=1", //~ use imbot.v2.Chat.get; unknown-parameter imbot.v2.Chat.get dialog
	}
}

var operations = map[string]string{
	"update":     "imbot.message.update", //~ use imbot.message.update
	"delete":     "imbot.message.delete", //~ use imbot.message.delete
	"unregister": "imbot.unregister", //~ use imbot.unregister
}

func known(method string) bool {
	if method == "imbot.message.add" { //~ trap
		return true
	}
	slog.Info("imbot.update") //~ trap
	return false
}
