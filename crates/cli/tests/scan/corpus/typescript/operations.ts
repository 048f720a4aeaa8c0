const newer = (name: string) => `imbot.v2.${name}`

/** A table of operations, each with its own braces. */
export const operations = {
  send: { restMethod: 'im.message.add', httpVerb: 'POST' }, //~ use im.message.add
  pin: { restMethod: 'im.message.attach', httpVerb: 'POST' }, //~ use im.message.attach; unknown-method im.message.attach
  users: { rest_method: 'im.user.all', httpVerb: 'GET' }, //~ use im.user.all; unknown-method im.user.all
  title: { label: 'im.message.title' }, //~ trap
}

export class Room {
  constructor(private http: Http) {}

  private call(name: string, params: Record<string, unknown>): Promise<Reply> {
    return this.http.post(newer(name), { botId: 7, ...params })
  }

  say(dialogId: string, message: string) {
    return this.call('Chat.Message.send', { dialogId, fields: { message } }) //~ use imbot.v2.Chat.Message.send
  }

  bots() {
    return this.call('imbot.v2.Bot.list', {}) //~ use imbot.v2.Bot.list
  }

  info(dialogId: string) {
    return this.http.post(newer('Chat.get'), { botId: 7, dialogId }) //~ use imbot.v2.Chat.get
  }

  rename(dialogId: string, title: string) {
    return this.http.post(newer('Chat.rename'), { botId: 7, dialogId, title }) //~ use imbot.v2.Chat.rename; unknown-method imbot.v2.Chat.rename
  }
}
