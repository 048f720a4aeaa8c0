// Another messenger, whose methods begin with the same letters.
export async function remove(client: Client, id: string): Promise<void> {
  await client.request('im.message.delete', `/open-apis/im/v1/messages/${id}`) //~ trap
  await guarded({ operation: 'im.message.update', id }) //~ trap
}
