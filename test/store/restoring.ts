import { onTestFinished } from 'vitest'
import { beginRestore, type Restoring, type Store } from '../../src/store/index.ts'
import { type driverNames, freshHome, freshStore } from './fixtures.ts'
import { account, connection } from './rows.ts'

export const at = '2026-11-01T10:00:00.000Z'
export const later = Date.parse('2026-11-20T10:00:00.000Z')
export const none = { tokens: [], keys: [] }
export const stone = {
  tombstoneId: 'stone',
  environment: 'sandbox',
  connectedAt: at,
  removedAt: at,
  reason: 'asked',
} as const
export const rule = { ruleId: 'r', match: 'coffee', kind: 'ignore', category: null, createdAt: at } as const

/** A household of one bank, and a backup of it. */
export async function lived(driver?: (typeof driverNames)[number]) {
  const home = freshHome()
  const options = driver === undefined ? { home } : { home, driver }
  const store = await freshStore(options)
  await store.connections.insert(connection(), 'sealed then')
  await store.accounts.replace('item-1', [account({ name: 'as it was' })])
  await store.rules.put(rule)
  const { path } = await store.backups.make('asked')
  return { home, options, store, path }
}

export async function begun(options: Parameters<typeof beginRestore>[0]): Promise<Restoring> {
  const restoring = await beginRestore({ now: () => later, ...options })
  onTestFinished(() => restoring.end())
  return restoring
}

export async function remove(store: Store, itemId: string, connectedAt = at): Promise<void> {
  await store.connections.beginRemoval(itemId, 'asked', at)
  await store.connections.erase(itemId, { ...stone, connectedAt })
}

/** Applies it and ends it. */
export function end(restoring: Restoring): Restoring['apply'] {
  return async (chosen) => {
    const restored = await restoring.apply(chosen)
    await restoring.end()
    return restored
  }
}
