// A bot's life through the gate, with fetch in the form of BX24.callMethod: a form to `{method}.json`.

import assert from 'node:assert/strict'

async function call(method, params = {}) {
  const body = new URLSearchParams({ ...params, auth: process.env.ACCESS_TOKEN })
  const answer = await (await fetch(`${process.env.ENDPOINT}${method}.json`, { method: 'POST', body })).json()
  assert.equal(answer.error, undefined, JSON.stringify(answer))
  return answer.result
}

const fields = { 'fields[code]': 'fetch', 'fields[properties][name]': 'Finn' }
const { bot } = await call('imbot.v2.Bot.register', {
  ...fields, 'fields[eventMode]': 'webhook', 'fields[webhookUrl]': 'http://127.0.0.1:9/bot'
})
const botId = bot.id
const { id } = await call('imbot.v2.Chat.Message.send', { botId, dialogId: '1', 'fields[message]': 'Hello, 世界 & all' })
const update = { botId, messageId: id, 'fields[message]': 'Bye' }
assert.deepEqual(await call('imbot.v2.Chat.Message.update', update), { result: true })
const send = `imbot.v2.Chat.Message.send?botId=${botId}&dialogId=1&fields[message]=Third`
const { result } = await call('batch', { 'cmd[sent]': send, 'cmd[time]': 'server.time', halt: '0' })
assert.ok(result.sent.id > id)
assert.deepEqual(await call('imbot.v2.Bot.unregister', { botId }), { result: true })
