// Written by Kent Clark.
export async function open(user) {
  await slack({ method: 'im.open', user }) //~ trap
  return call('im.recent.get', { SKIP_OPENLINES: 'Y' }) //~ use im.recent.get
}
