// A bot's life on an emulated portal, with Bitrix24's own client for JavaScript.
//
//     node bot.mjs PORTAL [ARGUMENT...]
//
// PORTAL is the path of the built example `portal`, which takes the arguments.
//
// B24OAuth calls `clientEndpoint` and `serverEndpoint` as they are, http or not.
// B24Hook takes nothing but https, and builds its addresses from the host alone.
// It lets its user at the axios client below, though (`ajaxClient`, which its
// documentation changes the timeout of), and axios has interceptors: one turns
// the address back into that of the portal. Where the portal serves https by
// itself, and says so by an https `url` and a `ca_file`, axios gets that root.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { AjaxError, ApiVersion, B24Hook, B24OAuth } from '@bitrix24/b24jssdk'
import { Portal, Skip, Steps } from './steps.mjs'

const DIALOG = '1'
const TOKEN = { botToken: 'node-bot-token' }
const NOBODY = 999_999
const NOT_FOUND = ['ERROR_METHOD_NOT_FOUND', '22002']

// The client keeps to the rates of a portal, which this one does not limit.
const LIMITS = { rateLimit: { burstLimit: 1000, drainRate: 1000, adaptiveEnabled: false } }

async function main(command) {
  // Requests to loopback are no business of a proxy.
  for (const name of ['http_proxy', 'https_proxy', 'all_proxy']) {
    delete process.env[name]
    delete process.env[name.toUpperCase()]
  }
  const portal = await Portal.start(command)
  const { about } = portal
  const steps = new Steps()
  const hook = webhook(about, about.webhook_url)
  const access = application(about, { accessToken: about.access_token })
  try {
    await general(steps, about, hook)
    if (about.has_imbot_v2) {
      await botsLife(steps, about, 'webhook', hook, TOKEN)
      await botsLife(steps, about, 'access token', access, {})
    } else {
      await steps.step('imbot.v2: the life of a bot', () => {
        throw new Skip('this build has no imbot.v2')
      })
    }
    await olderLife(steps, hook)
    await refusals(steps, about, hook)
    await passingFaults(steps, portal)
    await expiredToken(steps, about)
  } finally {
    await portal.stop()
  }
  steps.finish()
}

/** A client by an incoming webhook. */
function webhook(about, url, limits = LIMITS) {
  return reach(about, B24Hook.fromWebhookUrl(url.replace(/^http:/, 'https:'), { restrictionParams: limits }))
}

/** A client by an access token. */
function application(about, tokens) {
  const authorization = {
    applicationToken: 'application-token',
    userId: 1,
    memberId: '0'.repeat(32),
    refreshToken: about.refresh_token ?? 'any',
    expires: inAnHour(),
    expiresIn: 3600,
    scope: 'imbot,im',
    domain: new URL(about.url).host,
    clientEndpoint: about.rest_url,
    serverEndpoint: about.token_url?.replace(/oauth\/token\/$/, 'rest/') ?? 'http://nowhere.invalid/rest/',
    status: 'L',
    ...tokens
  }
  const secret = { clientId: about.client_id, clientSecret: about.client_secret ?? '' }
  return reach(about, new B24OAuth(authorization, secret, { restrictionParams: LIMITS }))
}

/** Makes a client reach the portal, whichever of http and https it speaks. */
function reach(about, client) {
  const { ajaxClient } = client.getHttpClient(ApiVersion.v2)
  if (about.ca_file) {
    ajaxClient.defaults.httpsAgent = new Agent({ ca: readFileSync(about.ca_file) })
  } else {
    ajaxClient.interceptors.request.use((request) => {
      request.url = request.url.replace(/^https:/, 'http:')
      return request
    })
  }
  return client
}

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600

async function call(client, method, params = {}) {
  const answer = await client.actions.v2.call.make({ method, params })
  assert.deepEqual(answer.getErrorMessages(), [])
  return answer.getData().result
}

function batch(client, calls, options = {}) {
  return client.actions.v2.batch.make({ calls, options: { isHaltOnError: false, ...options } })
}

/** The codes of a batch's errors by the keys of its commands. */
function codes(answer) {
  return Object.fromEntries([...answer.errors].map(([key, error]) => [key, error.code]))
}

async function refused(status, code, promise) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof AjaxError, error)
    assert.deepEqual([error.status, error.code], [status, code])
    return true
  })
}

function notServed(error) {
  return error instanceof AjaxError && NOT_FOUND.includes(error.code) ? 'the portal does not serve it' : undefined
}

async function general(steps, about, hook) {
  await steps.step('scope', async () => {
    assert.deepEqual([...await call(hook, 'scope')].sort(), ['im', 'imbot'])
  })
  await steps.step('server.time, whose answer has a time of its own', async () => {
    const answer = await hook.actions.v2.call.make({ method: 'server.time' })
    const { result, time } = answer.getData()
    assert.ok(Date.parse(result) && Date.parse(time.date_start) <= Date.parse(time.date_finish))
  })
  await steps.step('imbot.v2.Revision.get', async () => {
    const asked = call(hook, 'imbot.v2.Revision.get')
    if (about.has_revision_get) {
      assert.equal((await asked).rest, about.rest)
    } else {
      await refused(404, 'ERROR_METHOD_NOT_FOUND', asked)
    }
  })
  await steps.step('im.revision.get', async () => {
    const revisions = await call(hook, 'im.revision.get')
    assert.equal(revisions.rest, about.rest)
    assert.equal(revisions.im_revision_mobile, revisions.mobile)
  })
  await steps.step('batches, as many as 120 commands need', async () => {
    const calls = Array.from({ length: 120 }, () => ['server.time', {}])
    const answer = await hook.actions.v2.batchByChunk.make({ calls })
    assert.ok(answer.isSuccess)
    assert.equal(answer.getData().length, 120)
  })
}

async function botsLife(steps, about, by, client, auth) {
  const code = by.replace(' ', '_')
  const v2 = (method, params) => call(client, `imbot.v2.${method}`, { ...auth, ...params })
  const textOf = async (messageId) => (await v2('Chat.Message.get', { botId, messageId })).message.text
  const fields = { code, type: 'supervisor', properties: { name: 'Nils' } }
  const step = (name, run, skips) => steps.step(`${by}: ${name}`, run, skips)
  let botId, sent

  await step('register a bot', async () => {
    const { bot } = await v2('Bot.register', { fields })
    assert.deepEqual([bot.code, bot.type], [code, 'supervisor'])
    botId = bot.id
  })
  await step('register it again', async () => {
    assert.equal((await v2('Bot.register', { fields })).bot.id, botId)
  })
  await step('list and get', async () => {
    assert.deepEqual((await v2('Bot.list')).bots.map((bot) => bot.id), [botId])
    assert.equal((await v2('Bot.get', { botId })).bot.code, code)
  })
  await step('update the bot', () => v2('Bot.update', { botId, fields: { properties: { workPosition: 'Helper' } } }))

  await step('send a message', async () => {
    sent = (await v2('Chat.Message.send', { botId, dialogId: DIALOG, fields: { message: 'Hello, 世界 & all' } })).id
    assert.equal(await textOf(sent), 'Hello, 世界 & all')
  })
  await step('update the message', async () => {
    const answer = await v2('Chat.Message.update', { botId, messageId: sent, fields: { message: 'Bye' } })
    assert.deepEqual(answer, { result: true })
    assert.equal(await textOf(sent), 'Bye')
  })
  await step('delete the message', async () => {
    if (!about.deletes_messages) {
      throw new Skip("this build's Message.delete deletes nothing")
    }
    assert.deepEqual(await v2('Chat.Message.delete', { botId, messageId: sent }), { result: true })
  })

  const send = (id, message) => ({
    method: 'imbot.v2.Chat.Message.send',
    params: { ...auth, botId: id, dialogId: DIALOG, fields: { message } }
  })
  const list = { method: 'imbot.v2.Bot.list', params: auth }
  const none = { method: 'imbot.v2.Bot.get', params: { ...auth, botId: NOBODY } }
  const time = { method: 'server.time', params: {} }
  await step('batch by names, one of which fails', async () => {
    const answer = await batch(client, { list, none, sent: send(botId, 'a=1&b[]=2 % +') })
    assert.deepEqual(codes(answer), { none: 'BOT_NOT_FOUND' })
    const data = answer.getData()
    assert.equal(data.list.bots[0].code, code)
    assert.equal(await textOf(data.sent.id), 'a=1&b[]=2 % +')
  })
  await step('batch by order, which becomes a list', async () => {
    const answer = await batch(client, [time, list])
    assert.ok(answer.isSuccess)
    assert.equal(answer.getData()[1].bots[0].id, botId)
  })
  await step('batch whose commands refer to answers', async () => {
    const answer = await batch(client, { list, sent: send('$result[list][bots][0][id]', 'third') })
    assert.deepEqual(codes(answer), {})
    assert.ok(answer.getData().sent.id > sent)
  })
  await step('batch that halts', async () => {
    const answer = await batch(client, { none, time }, { isHaltOnError: true })
    assert.equal(codes(answer).none, 'BOT_NOT_FOUND')
    assert.deepEqual(answer.getData(), {})
  })

  await step('register, list and unregister a command', async () => {
    const params = { command: 'help', title: { en: 'Help' }, params: { en: 'subject' } }
    const { command } = await v2('Command.register', {
      botId,
      ...about.has_command_fields ? { fields: params } : params
    })
    assert.equal(command.botId, botId)
    const { commands } = await v2('Command.list', { botId })
    assert.deepEqual(commands.filter((own) => own.botId === botId).map((own) => own.id), [command.id])
    assert.deepEqual(await v2('Command.unregister', { botId, commandId: command.id }), { result: true })
  }, notServed)
  await step('poll for events', async () => {
    const { events, hasMore } = await v2('Event.get', { botId, limit: 10 })
    assert.ok(Array.isArray(events))
    assert.equal(typeof hasMore, 'boolean')
  }, notServed)
  await step('upload a file and get its address', async () => {
    const content = Buffer.from('content').toString('base64')
    const uploaded = await v2('File.upload', { botId, dialogId: DIALOG, fields: { name: 'a.txt', content, message: 'See' } })
    assert.equal(uploaded.file.name, 'a.txt')
    assert.ok(uploaded.messageId > sent)
    assert.ok((await v2('File.download', { botId, fileId: uploaded.file.id })).downloadUrl)
  }, notServed)

  await step('unregister the bot', async () => {
    assert.deepEqual(await v2('Bot.unregister', { botId }), { result: true })
    await refused(400, 'BOT_NOT_FOUND', v2('Bot.get', { botId }))
  })
}

async function olderLife(steps, hook) {
  const v1 = (method, params) => call(hook, `imbot.${method}`, { CLIENT_ID: 'node-v1', ...params })
  await steps.step('imbot.*: register, send, list, unregister', async () => {
    const bot = await v1('register', {
      CODE: 'node_v1',
      TYPE: 'B',
      EVENT_HANDLER: 'http://127.0.0.1/bot',
      PROPERTIES: { NAME: 'Nils' }
    })
    assert.ok(await v1('message.add', { BOT_ID: bot, DIALOG_ID: DIALOG, MESSAGE: 'Hello' }) > bot)
    assert.equal((await v1('bot.list'))[bot].CODE, 'node_v1')
    assert.equal(await v1('unregister', { BOT_ID: bot }), true)
  })
}

async function refusals(steps, about, hook) {
  const wrongHook = webhook(about, `${about.url}rest/1/wrong/`)
  const noScopes = webhook(about, about.webhook_url_without_scopes)
  // The client asks for another token, which the portal does not know either.
  const wrongToken = application(about, { accessToken: 'wrong' })
  wrongToken.setCustomRefreshAuth(async () => newTokens(about, 'wrong too'))
  const table = [
    [hook, 'imbot.v2.revision.get', {}, 404, 'ERROR_METHOD_NOT_FOUND'],
    [wrongHook, 'im.revision.get', {}, 401, 'INVALID_CREDENTIALS'],
    [wrongToken, 'im.revision.get', {}, 401, 'invalid_token'],
    [noScopes, 'im.revision.get', {}, 401, 'insufficient_scope'],
    [hook, 'imbot.unregister', {}, 403, 'ACCESS_DENIED']
  ]
  if (about.has_imbot_v2) {
    const own = { botToken: 'nobody' }
    table.push(
      [hook, 'imbot.v2.Bot.nonsense', own, 400, '22002'],
      [hook, 'imbot.v2.Bot.unregister', own, 400, 'BOT_ID_REQUIRED'],
      [hook, 'imbot.v2.Bot.get', { botId: NOBODY, ...own }, 400, 'BOT_NOT_FOUND']
    )
  }
  for (const [client, method, params, status, code] of table) {
    await steps.step(`refused: ${code}`, () => refused(status, code, call(client, method, params)))
  }
}

async function passingFaults(steps, portal) {
  const once = webhook(portal.about, portal.about.webhook_url, { ...LIMITS, maxRetries: 1 })
  for (const [status, code] of [
    [503, 'QUERY_LIMIT_EXCEEDED'],
    [429, 'OPERATION_TIME_LIMIT'],
    [401, 'OVERLOAD_LIMIT'],
    [403, 'PORTAL_DELETED'],
    [500, 'INTERNAL_SERVER_ERROR']
  ]) {
    await steps.step(`failed for now: ${code}`, async () => {
      await portal.failNext(code)
      await refused(status, code, call(once, 'server.time'))
      await call(once, 'server.time')
    })
  }
  await steps.step('the client tries again after QUERY_LIMIT_EXCEEDED', async () => {
    const again = webhook(portal.about, portal.about.webhook_url)
    await portal.failNext('QUERY_LIMIT_EXCEEDED')
    await call(again, 'server.time')
  })
}

/** What an authorisation server answers with. */
function newTokens(about, accessToken) {
  return {
    access_token: accessToken,
    refresh_token: 'next',
    expires: inAnHour(),
    expires_in: 3600,
    client_endpoint: about.rest_url,
    server_endpoint: 'http://nowhere.invalid/rest/',
    member_id: '0'.repeat(32),
    scope: 'imbot,im',
    status: 'L',
    domain: 'nowhere.invalid'
  }
}

async function expiredToken(steps, about) {
  await steps.step('an expired token is replaced and the call repeated', async () => {
    const client = application(about, { accessToken: about.expired_token })
    let replaced = 0
    client.setCustomRefreshAuth(async () => {
      replaced += 1
      return newTokens(about, about.access_token)
    })
    assert.equal((await call(client, 'im.revision.get')).rest, about.rest)
    assert.equal(replaced, 1)
    assert.equal(client.auth.getAuthData().access_token, about.access_token)
  })
  await steps.step('an expired token is refreshed at the token endpoint', async () => {
    if (!about.token_url) {
      throw new Skip('the portal has no token endpoint')
    }
    const client = application(about, { accessToken: about.expired_token })
    assert.equal((await call(client, 'im.revision.get')).rest, about.rest)
    assert.notEqual(client.auth.getAuthData().access_token, about.expired_token)
  })
}

await main(process.argv.slice(2))
