export async function send(isNewer, params) {
  let method = 'imbot.message.add' //~ use imbot.message.add
  if (isNewer) method = 'imbot.v2.Chat.Message.send' //~ use imbot.v2.Chat.Message.send
  try {
    return await call(method, params)
  } catch (error) {
    return await call(method, params)
  }
}

const bot = (name) => `imbot.v2.Bot.${name}`
const chat = (name) => `imbot.v2.Chat.${name}`

function request(name, isBot) {
  return isBot ? post(bot(name)) : post(chat(name))
}

export const both = () => [
  request('unregister', true), //~ use imbot.v2.Bot.unregister
  request('leave', false), //~ use imbot.v2.Chat.leave
]
