import { createHash } from 'node:crypto'
import type { Core } from '../tools/context.ts'
import { connectionView } from '../tools/views.ts'
import { connections } from './connections.ts'

/** What is noted at every look at a connection, and changes nothing that a reader would act on. */
const bookkeeping = ['last_used_at', 'last_checked_at']

/**
 * One short text for each resource, which is another one when the resource has changed: by address. A connection
 * that is not there has none. It asks neither Plaid nor the key.
 */
export async function digests({ store }: Pick<Core, 'store'>): Promise<ReadonlyMap<string, string>> {
  const rows = await store.connections.list()
  const accounts = Map.groupBy(await store.accounts.list(), (account) => account.itemId)
  const each = rows.map((row): [string, string] => {
    const view = connectionView(row, accounts.get(row.itemId) ?? [], false)
    const text = JSON.stringify(view, (key, value: unknown) =>
      bookkeeping.includes(key) ? undefined : value,
    )
    return [`${connections.uri}/${row.itemId}`, digestOf(text)]
  })
  const whole = digestOf(each.map(([, digest]) => digest).join(' '))
  return new Map([[connections.uri, whole], ...each])
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
