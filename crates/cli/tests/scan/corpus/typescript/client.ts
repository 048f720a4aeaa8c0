import type { B24 } from './types'

/** The methods of the bot: imbot.v2.Bot.register and others. */ //~ trap
export type Method = 'imbot.v2.Bot.register' | 'imbot.message.add' //~ trap

interface MessageEvent {
  event: 'ONIMBOTV2MESSAGEADD' //~ trap
  data: { message: { id: string } }
}

export class ChatbotHandler {
  private endpoints = {
    management: {
      registerBot: 'imbot.register', //~ use imbot.register
      unregisterBot: 'imbot.unregister', //~ use imbot.unregister
    },
    message: { add: 'imbot.message.add', like: 'imbot.message.like' }, //~ use imbot.message.add; use imbot.message.like
  }

  constructor(private client: B24, private botId: number, private token: string) {}

  async register(url: string): Promise<number> {
    const result = await this.client.callMethod<{ bot: { id: number } }>('imbot.v2.Bot.register', { //~ use imbot.v2.Bot.register; missing-parameter imbot.v2.Bot.register fields.properties; unknown-parameter imbot.v2.Bot.register fields.names
      fields: { code: 'acme', botToken: this.token, eventMode: 'webhook', webhookUrl: url, names: ['x'] },
    })
    return result.bot.id
  }

  async make(): Promise<void> {
    const response = await this.client.actions.v2.call.make({
      method: 'imbot.v2.Chat.Message.send', //~ use imbot.v2.Chat.Message.send
      params: { botId: this.botId, dialogId: 'chat1', fields: { message: 'x', system: true } },
    })
    const id = response.getData().result.id
    const wrong = response.getData().result.message.id //~ reply-shape imbot.v2.Chat.Message.send
    this.log.debug('imbot.v2.Chat.Message.send', { id, wrong }) //~ trap
  }

  async batch(): Promise<void> {
    await this.client.callBatch([
      ['imbot.v2.Chat.User.add', { dialogId: 'chat1', userIds: [1] }], //~ use imbot.v2.Chat.User.add
      ['imbot.v2.Chat.User.remove', { dialogId: 'chat1', userId: 1 }], //~ use imbot.v2.Chat.User.remove; unknown-method imbot.v2.Chat.User.remove
      { method: 'imbot.v2.Chat.update', params: { dialogId: 'chat1', fields: { title: 'x' } } }, //~ use imbot.v2.Chat.update
    ])
  }

  async commands(): Promise<boolean> {
    await this.client.callMethod('imbot.v2.Command.register', { //~ use imbot.v2.Command.register; deprecated command.register.flat
      botId: this.botId,
      command: 'help',
      title: { en: 'Help' },
    })
    const done = await this.client.callMethod('imbot.v2.Command.unregister', { botId: this.botId, id: 5 }) //~ use imbot.v2.Command.unregister; unknown-parameter imbot.v2.Command.unregister id; missing-parameter imbot.v2.Command.unregister commandId
    const gone = await this.client.callMethod('imbot.v2.Bot.unregister', { botId: this.botId }) //~ use imbot.v2.Bot.unregister
    if (gone.result === true) return true //~ trap
    return done.getData().result === true //~ reply-shape imbot.v2.Command.unregister
  }

  async send(dialogId: string, text: string, options: Record<string, unknown>): Promise<unknown> {
    const fields: Record<string, unknown> = { message: text, ...options }
    try {
      return await this.client.callMethod('imbot.v2.Chat.Message.send', { dialogId, fields }) //~ use imbot.v2.Chat.Message.send
    } catch (e) {
      if (isMethodNotFound(e)) {
        return await this.client.callMethod('imbot.message.add', { DIALOG_ID: dialogId, MESSAGE: text }) //~ use imbot.message.add
      }
      throw e
    }
  }

  async sendAnyway(dialogId: string, text: string): Promise<unknown> {
    const sent = await this.client.callMethod('imbot.v2.Chat.Message.send', { dialogId, fields: { message: text } }) //~ use imbot.v2.Chat.Message.send
    if (sent.error) {
      return this.client.callMethod('imbot.message.add', { DIALOG_ID: dialogId, MESSAGE: text }) //~ use imbot.message.add; any-error-fallback imbot.message.add
    }
    return sent
  }

  async fetchIt(base: string, messageId: number): Promise<void> {
    await this.fetchImpl(`${base}imbot.message.delete.json`, { //~ use imbot.message.delete
      method: 'POST',
      body: JSON.stringify({ MESSAGE_ID: messageId, COMPLETE: 'Y', BOT_ID: this.botId, CLIENT_ID: 'x' }),
    })
    await this.fetchImpl(`${base}/imbot.v2.File.download?botId=1&fileId=2`) //~ use imbot.v2.File.download
    await queue.add({ method: 'imbot.chat.setOwner', params: { CHAT_ID: 1, OWNER_ID: 2 } }) //~ use imbot.chat.setOwner; unknown-parameter imbot.chat.setOwner OWNER_ID; missing-parameter imbot.chat.setOwner USER_ID
    await queue.add({ method: `imbot.${messageId}.add`, params: {} }) //~ computed
  }
}

export const scopes: Record<string, string> = {
  'imbot.v2.Bot.register': 'imbot', //~ trap
}

const V2 = 'imbot.v2' //~ trap

export async function prefixed(dialogId: string): Promise<void> {
  await call(`${V2}.Chat.leave`, { dialogId }) //~ use imbot.v2.Chat.leave
  await call(V2 + '.Chat.get', { dialogId }) //~ use imbot.v2.Chat.get
  if (dialogId.startsWith('imbot.v2.')) return //~ trap
}

export const notifications = {
  system: 'im.notify.system.add', //~ use im.notify.system.add
  public: 'im.notify.public.add', //~ use im.notify.public.add; unknown-method im.notify.public.add
}
