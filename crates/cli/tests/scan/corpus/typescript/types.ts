type Incoming = {
  event: 'ONIMBOTMESSAGEADD'; //~ trap
  data: unknown
}

type Named = Base & {
  event: 'ONIMBOTJOINCHAT'; //~ trap
}

export function handle(event: string): string {
  if (event === 'ONIMMESSAGEADD') { //~ use ONIMMESSAGEADD; unknown-event ONIMMESSAGEADD
    return 'message'
  }
  if (event === 'ONIMBOTV2MESSAGEREAD') { //~ use ONIMBOTV2MESSAGEREAD; unknown-event ONIMBOTV2MESSAGEREAD
    return 'read'
  }
  return 'other'
}

export function exported(payload: unknown) {
  return { source: 'im.dialog.messages.get', payload } //~ trap
}

export function checked(rows: string[]): void {
  expect(rows).toContain('imbot.v2.Bot.list') //~ trap
}

export async function notify(kind: string): Promise<void> {
  await call(`im.notify.${kind}.add`, { USER_ID: 1, MESSAGE: 'x' }) //~ computed
}
