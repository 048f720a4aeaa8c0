import { Feature } from 'imbot-caps-data'

export function route(body: Event): Promise<void> {
  switch (body.event) {
    case 'ONIMBOTV2MESSAGEADD': { //~ use ONIMBOTV2MESSAGEADD
      return onMessage(body)
    }
    case 'ONIMBOTV2COMMANDADD': //~ use ONIMBOTV2COMMANDADD
      return onCommand(body)
    default:
      throw new Error('ONIMBOTV2DELETE') //~ trap
  }
}

async function onMessage(body: Event): Promise<void> {
  await call('imbot.v2.Chat.Message.send', { dialogId: body.data.chat.dialogId, fields: { message: 'Hi' } }) //~ use imbot.v2.Chat.Message.send
}

async function onCommand(body: Event): Promise<void> {
  await call('imbot.command.answer', { COMMAND_ID: 1, MESSAGE_ID: 2, MESSAGE: 'Hi' }) //~ use imbot.command.answer; mixed-generations imbot.command.answer
}

export async function guarded(revision: { rest: number }, features: Features): Promise<void> {
  const hasReactions = revision.rest >= 33
  if (hasReactions && features.enabled) {
    await call('imbot.v2.Chat.Message.Reaction.add', { messageId: 1, reaction: 'like' }) //~ use imbot.v2.Chat.Message.Reaction.add guarded
  }
  if (features.supports('imbot.v2.Chat.leave')) { //~ trap
    await call('imbot.v2.Chat.leave', { dialogId: 'chat1' }) //~ use imbot.v2.Chat.leave guarded
  }
  if (revision.rest > 10) {
    await call('imbot.v2.Command.list', { botId: 7 }) //~ use imbot.v2.Command.list; weak-guard imbot.v2.Command.list
  }
  if (revision.web >= 100) {
    await call('imbot.v2.Bot.get', { botId: 7 }) //~ use imbot.v2.Bot.get
  }
  logger.info(`called imbot.v2.Bot.get of ${revision.rest}`) //~ trap
}

const fixture = { event: 'ONIMBOTV2JOINCHAT', data: {}, auth: {} } //~ trap
