'use strict';
/*
 * A bot. It calls:
 *   imbot.v2.Event.get
 *   imbot.v2.Chat.Message.send
 */ //~ trap
const http = require('http');
const imbot = require('./imbot.config'); //~ trap

const HOOK = process.env.BITRIX_WEBHOOK_URL;
const OPERATIONS = {
  send: 'imbot.v2.Chat.Message.send', //~ use imbot.v2.Chat.Message.send
  typing: 'imbot.v2.Chat.InputAction.notify', //~ use imbot.v2.Chat.InputAction.notify
  upload: { method: 'imbot.v2.File.upload', scope: 'imbot' }, //~ use imbot.v2.File.upload
};

async function bitrixCall(method, params) {
  const response = await fetch(`${HOOK}${method}`, { method: 'POST', body: JSON.stringify(params) }); //~ trap
  return response.json();
}

async function poll(offset) {
  const params = { botId: 7, botToken: process.env.TOKEN, limit: 50, withUserEvents: true };
  if (offset !== null) {
    params.offset = offset;
  }
  const answer = await bitrixCall('imbot.v2.Event.get', params); //~ use imbot.v2.Event.get
  console.log('imbot.v2.Event.get', answer.result.events.length); //~ trap
  for (const event of answer.result.events) {
    if (event?.type !== 'ONIMBOTV2MESSAGEADD') { //~ use ONIMBOTV2MESSAGEADD
      continue;
    }
    await send(event.data.chat.dialogId, 'Hello');
  }
  return answer.result.lastId; //~ reply-shape imbot.v2.Event.get
}

async function send(dialogId, message) {
  const sent = await bitrixCall('imbot.v2.Chat.Message.send', { //~ use imbot.v2.Chat.Message.send; unknown-parameter imbot.v2.Chat.Message.send BOT_ID DIALOG_ID MESSAGE; missing-parameter imbot.v2.Chat.Message.send dialogId
    BOT_ID: 7,
    DIALOG_ID: dialogId,
    MESSAGE: message,
  });
  return Number(sent.result); //~ reply-shape imbot.v2.Chat.Message.send
}

async function good(dialogId, message) {
  const sent = await bitrixCall('imbot.v2.Chat.Message.send', { botId: 7, dialogId, fields: { message } }); //~ use imbot.v2.Chat.Message.send
  return sent.result.id;
}

async function remove(messageId) {
  const { result } = await bitrixCall('imbot.v2.Chat.Message.delete', { messageId, complete: 'Y' }); //~ use imbot.v2.Chat.Message.delete
  return result;
}

async function both(dialogId, text) {
  try {
    return await bitrixCall('imbot.v2.Chat.Message.send', { dialogId, fields: { message: text } }); //~ use imbot.v2.Chat.Message.send
  } catch (error) {
    console.warn('trying imbot.message.add', error.message); //~ trap
    return bitrixCall('imbot.message.add', { DIALOG_ID: dialogId, MESSAGE: text }); //~ use imbot.message.add; any-error-fallback imbot.message.add
  }
}

function chained(dialogId, text) {
  return bitrixCall('imbot.v2.Chat.Message.send', { dialogId, fields: { message: text } }) //~ use imbot.v2.Chat.Message.send
    .catch(() => bitrixCall('imbot.message.add', { DIALOG_ID: dialogId, MESSAGE: text })); //~ use imbot.message.add; any-error-fallback imbot.message.add
}

async function reacted(messageId) {
  await bitrixCall('imbot.v2.Chat.Message.Reaction.add', { messageId, reaction: 'like', emoji: '1' }); //~ use imbot.v2.Chat.Message.Reaction.add; unknown-parameter imbot.v2.Chat.Message.Reaction.add emoji
  await bitrixCall('imbot.v2.Chat.Message.Reaction.set', { messageId }); //~ use imbot.v2.Chat.Message.Reaction.set; unknown-method imbot.v2.Chat.Message.Reaction.set
  await bitrixCall('imbot.v2.chat.message.send', {}); //~ use imbot.v2.chat.message.send; unknown-method imbot.v2.chat.message.send
  await bitrixCall(`imbot.v2.${messageId}`, {}); //~ computed
  await bitrixCall('imbot.' + messageId, {}); //~ computed
}

http.createServer().listen(8080);
const pattern = /imbot\.message\.add/; //~ trap
const help = `Send imbot.message.add and read ${HOOK}`; //~ trap
document.querySelector('.imbot.message'); //~ trap
i18n.t('imbot.welcome'); //~ trap
events.on('imbot.ready', () => {}); //~ trap
new Set(['imbot.message.add']).has(help); //~ trap
if (help === 'imbot.message.add') process.exit(1); //~ trap
