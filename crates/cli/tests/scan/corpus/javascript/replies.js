// Replies that are read through names, and addresses that variables hold.
import axios from 'axios'

async function findBot(endpoint, token, id) {
  const response = await fetch(`${endpoint}imbot.bot.list`, { method: 'POST', body: JSON.stringify({ auth: token }) }) //~ use imbot.bot.list
  const list = await response.json()
  return list.result.some(bot => bot.ID === id) //~ reply-shape imbot.bot.list
}

async function findBotWell(endpoint, token, id) {
  const response = await fetch(`${endpoint}imbot.bot.list`, { method: 'POST', body: JSON.stringify({ auth: token }) }) //~ use imbot.bot.list
  const { result } = await response.json()
  return Object.values(result).some(bot => bot.ID === id) //~ trap
}

async function eachBot(endpoint) {
  const { data } = await axios.get(`${endpoint}/imbot.bot.list`) //~ use imbot.bot.list
  const bots = data.result ?? []
  for (const bot of bots) console.log(bot.ID) //~ reply-shape imbot.bot.list
}

async function recent(call) {
  const reply = await call('im.recent.list', {}) //~ use im.recent.list
  const { result } = reply
  result.forEach(chat => console.log(chat.id)) //~ reply-shape im.recent.list
  return result.items.map(chat => chat.id) //~ trap
}

async function spelled(call, dialog) {
  const reply = await call('im.dialog.messages.get', { DIALOG_ID: dialog }) //~ use im.dialog.messages.get
  const result = reply.result
  return result?.messages || result?.Messages || [] //~ trap
}

async function sendTo(webhook, user, text) {
  const url = `${webhook}/im.message.add.json` //~ use im.message.add; unknown-parameter im.message.add MESSAGE_TYPE
  const params = { USER_ID: user, MESSAGE: text, MESSAGE_TYPE: 'P' }
  const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(params) })
  return response.json()
}

async function sendElsewhere(webhook, body) {
  const url = `${webhook}/im.message.add` //~ use im.message.add
  return fetch(url, { method: 'POST', body }) //~ trap
}

async function sendByAxios(webhook, user) {
  const url = webhook + '/im.notify.personal.add' //~ use im.notify.personal.add; missing-parameter im.notify.personal.add MESSAGE
  return axios({ method: 'POST', url, data: { USER_ID: user } })
}

async function getByAxios(webhook, dialog) {
  const url = webhook + '/im.message.add' //~ use im.message.add; missing-parameter im.message.add MESSAGE
  return axios.get(url, { params: { DIALOG_ID: dialog } })
}

class Gate {
  async read(dialog, message) {
    const method = 'im.dialog.read' //~ use im.dialog.read
    return this.request(method, { DIALOG_ID: dialog, MESSAGE_ID: message }) //~ trap
  }

  async add(dialog, text) {
    const method = 'im.message.add' //~ use im.message.add; unknown-parameter im.message.add MESSAGE_ID
    return this.request(method, { DIALOG_ID: dialog, MESSAGE: text, MESSAGE_ID: 1 })
  }

  async request(method, data) {
    return axios({ method: 'POST', url: this.base + method, data }) //~ trap
  }
}

async function chosen(call, kind, dialog) {
  let method = 'im.dialog.read' //~ use im.dialog.read
  switch (kind) {
    case 'unread':
      method = 'im.dialog.unread' //~ use im.dialog.unread
      break
    case 'leave':
      method = 'im.chat.leave' //~ use im.chat.leave
      break
  }
  return call(method, { DIALOG_ID: dialog, WHY: 'x' }) //~ trap
}

async function upload(call, dialog, file) {
  try {
    return await call('im.v2.File.upload', { dialogId: dialog, fields: { name: file.name, content: file.data } }) //~ use im.v2.File.upload
  } catch (e) {
    console.warn('no upload', e)
  }
  const folder = await call('im.disk.folder.get', { DIALOG_ID: dialog }) //~ use im.disk.folder.get; any-error-fallback im.disk.folder.get
  return call('disk.folder.uploadfile', { id: folder.ID })
}

async function uploadOrTell(call, dialog, file) {
  try {
    return await sendFile(call, dialog, file)
  } catch (e) {
    return byDisk(call, dialog, file)
  }
}

async function sendFile(call, dialog, file) {
  return call('im.v2.File.upload', { dialogId: dialog, fields: { name: file.name, content: file.data } }) //~ use im.v2.File.upload
}

async function byDisk(call, dialog, file) {
  return call('im.disk.file.commit', { DIALOG_ID: dialog, FILE_ID: [file.id] }) //~ use im.disk.file.commit; any-error-fallback im.disk.file.commit
}

async function uploadWell(call, dialog, file) {
  try {
    return await call('im.v2.File.upload', { dialogId: dialog, fields: { name: file.name, content: file.data } }) //~ use im.v2.File.upload
  } catch (e) {
    if (e.code !== 'ERROR_METHOD_NOT_FOUND') throw e
  }
  return call('im.disk.file.commit', { DIALOG_ID: dialog, FILE_ID: [file.id] }) //~ use im.disk.file.commit
}

async function uploadAndTell(call, dialog, file) {
  try {
    return await call('im.v2.File.upload', { dialogId: dialog, fields: { name: file.name, content: file.data } }) //~ use im.v2.File.upload
  } catch (e) {
    await tell(call, dialog)
    throw e
  }
}

async function tell(call, dialog) {
  return call('im.message.add', { DIALOG_ID: dialog, MESSAGE: 'No file.' }) //~ use im.message.add
}

const names = (process.env.EVENTS || 'ONIMBOTMESSAGEADD,ONIMBOTJOINCHAT').split(',') //~ use ONIMBOTMESSAGEADD; use ONIMBOTJOINCHAT
const order = ['ONIMBOTMESSAGEADD', 'ONIMBOTMESSAGEDEL'] //~ use ONIMBOTMESSAGEADD; use ONIMBOTMESSAGEDEL; unknown-event ONIMBOTMESSAGEDEL
