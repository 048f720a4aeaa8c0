import express from 'express'

const app = express()
const handlers = {
  ONIMBOTMESSAGEADD: onMessage, //~ use ONIMBOTMESSAGEADD
  'ONIMBOTJOINCHAT': onJoin, //~ use ONIMBOTJOINCHAT
}

app.post('/event', async (req, res) => {
  const handler = handlers[req.body.event]
  if (req.body.event === 'ONAPPINSTALL') {
    const result = await restCommand('imbot.register', { //~ use imbot.register
      CODE: 'acme',
      TYPE: 'B',
      EVENT_MESSAGE_ADD: req.url,
      EVENT_WELCOME_MESSAGE: req.url,
      EVENT_BOT_DELETE: req.url,
      PROPERTIES: { NAME: 'Acme', LAST_NAME: 'Bot' },
    }, req.body.auth)
    await restCommand('imbot.command.register', { //~ use imbot.command.register; missing-parameter imbot.command.register EVENT_COMMAND_ADD
      BOT_ID: result.result,
      COMMAND: 'help',
      LANG: [{ LANGUAGE_ID: 'en', TITLE: 'Help', PARAMS: '' }],
    })
    console.error(result.result.bot.id) //~ reply-shape imbot.register
  }
  await handler?.(req)
  res.sendStatus(200)
})

async function onMessage(req) {
  const text = req.body.data.PARAMS.MESSAGE
  await axios.post('https://acme.bitrix24.com/rest/1/codecodecode/imbot.message.add.json', { //~ use imbot.message.add
    BOT_ID: 7,
    CLIENT_ID: 'x',
    DIALOG_ID: req.body.data.PARAMS.DIALOG_ID,
    MESSAGE: text,
  })
  await axios.post(`${process.env.HOOK}/imbot.v2.Chat.Message.send`, { botId: 7, dialogId: 'chat1', fields: { message: text } }) //~ use imbot.v2.Chat.Message.send; mixed-generations imbot.v2.Chat.Message.send
}

async function onJoin(req) {
  BX24.callBatch({
    user: ['im.user.get', { ID: 1 }], //~ use im.user.get
    hello: { method: 'imbot.message.add', params: { DIALOG_ID: 'chat1', MESSAGE: 'Hi' } }, //~ use imbot.message.add
    chat: 'imbot.chat.get?ENTITY_TYPE=LINES&ENTITY_ID=1', //~ use imbot.chat.get
  })
  const v2 = (method, params) => call(`imbot.v2.${method}`, { botToken: 'x', ...params })
  await v2('Chat.User.list', { dialogId: 'chat1' }) //~ use imbot.v2.Chat.User.list
  await v2('Chat.Manager.add', { dialogId: 'chat1', userId: 1 }) //~ use imbot.v2.Chat.Manager.add; unknown-parameter imbot.v2.Chat.Manager.add userId; missing-parameter imbot.v2.Chat.Manager.add userIds
}

async function guarded(revision) {
  if (revision.rest >= 33) {
    await call('imbot.v2.Chat.Message.read', { dialogId: 'chat1' }) //~ use imbot.v2.Chat.Message.read guarded
  }
  if (revision.rest < 33) {
    return
  }
  await call('imbot.v2.Chat.leave', { dialogId: 'chat1' }) //~ use imbot.v2.Chat.leave guarded
}

async function halfGuarded(revision, enabled) {
  if (enabled) {
    await call('imbot.v2.Chat.setOwner', { dialogId: 'chat1', userId: 1 }) //~ use imbot.v2.Chat.setOwner
  }
  if (revision.rest >= 32) {
    await call('imbot.v2.Chat.get', { dialogId: 'chat1' }) //~ use imbot.v2.Chat.get; weak-guard imbot.v2.Chat.get
  }
  const modern = revision.rest >= 36
  if (modern) {
    await call('imbot.v2.Bot.list', {}) //~ use imbot.v2.Bot.list guarded
  }
}

// A form has names in brackets.
export async function greetByForm(callMethod, botId) {
  const target = { 'fields[message]': 'Hello', 'fields[attach][]': 'x' };
  await callMethod('imbot.v2.Chat.Message.send', { ...target, botId, dialogId: 'chat5' }); //~ use imbot.v2.Chat.Message.send
  await callMethod('imbot.v2.Chat.Message.send', { botId, dialogId: 'chat5', 'fields[text]': 'Hello' }); //~ use imbot.v2.Chat.Message.send; unknown-parameter imbot.v2.Chat.Message.send fields.text
}
