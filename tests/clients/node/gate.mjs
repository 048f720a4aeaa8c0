// A bot's life through the gate, with Bitrix24's own client for JavaScript.
//
// B24OAuth calls `clientEndpoint` as it is: that is the one line that changes. B24Hook takes nothing but https and the
// host alone, so its axios client gets the address of the gate by an interceptor.

import assert from 'node:assert/strict'
import { ApiVersion, B24Hook, B24OAuth } from '@bitrix24/b24jssdk'

const { GATE, HOOK, ENDPOINT, ACCESS_TOKEN, BOT_TOKEN, PORTAL_HOST } = process.env
const LIMITS = { rateLimit: { burstLimit: 1000, drainRate: 1000, adaptiveEnabled: false } }

const application = new B24OAuth({
  applicationToken: 'application-token',
  userId: 1,
  memberId: '0'.repeat(32),
  accessToken: ACCESS_TOKEN,
  refreshToken: 'any',
  expires: Math.floor(Date.now() / 1000) + 3600,
  expiresIn: 3600,
  scope: 'imbot,im',
  domain: PORTAL_HOST,
  clientEndpoint: ENDPOINT,
  serverEndpoint: 'http://nowhere.invalid/rest/',
  status: 'L'
}, { clientId: 'app.portal', clientSecret: 'client-secret' }, { restrictionParams: LIMITS })

const webhook = B24Hook.fromWebhookUrl(HOOK.replace(`${GATE}`, 'https://'), { restrictionParams: LIMITS })
webhook.getHttpClient(ApiVersion.v2).ajaxClient.interceptors.request.use((request) => {
  request.url = request.url.replace('https://', GATE)
  return request
})

async function life(client, auth, events) {
  const call = async (method, params) => {
    const answer = await client.actions.v2.call.make({ method, params: { ...auth, ...params } })
    assert.deepEqual(answer.getErrorMessages(), [])
    return answer.getData().result
  }
  const fields = { code: auth.botToken ? 'hook' : 'app', properties: { name: 'Nils' }, ...events }
  const botId = (await call('imbot.v2.Bot.register', { fields })).bot.id
  const { id } = await call('imbot.v2.Chat.Message.send', { botId, dialogId: '1', fields: { message: 'Hello, 世界' } })
  const update = { botId, messageId: id, fields: { message: 'Bye' } }
  assert.deepEqual(await call('imbot.v2.Chat.Message.update', update), { result: true })
  const sent = { method: 'imbot.v2.Chat.Message.send', params: { ...auth, botId, dialogId: '1', fields: { message: 'a=1&b' } } }
  const time = { method: 'server.time', params: {} }
  const batch = await client.actions.v2.batch.make({ calls: { sent, time }, options: { isHaltOnError: false } })
  assert.deepEqual(batch.getErrorMessages(), [])
  assert.ok(batch.getData().sent.id > id)
  if (auth.botToken) {
    assert.ok(Array.isArray((await call('imbot.v2.Event.get', { botId })).events))
  }
  assert.deepEqual(await call('imbot.v2.Bot.unregister', { botId }), { result: true })
}

await life(application, {}, { eventMode: 'webhook', webhookUrl: 'http://127.0.0.1:9/bot' })
await life(webhook, { botToken: BOT_TOKEN }, { eventMode: 'fetch' })
process.exit(0)
