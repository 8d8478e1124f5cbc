import type { Connection } from '../model.ts'
import type { LinkSession } from '../plaid/operations.ts'
import type { Link } from '../store/store.ts'
import { type ChangeLink, ended, type FinishDeps } from './link-change.ts'

/** How often `/item/get` may be asked while a repair is open: Plaid allows 15 a minute per Item, half is ours. */
const checkEvery = 10_000

/**
 * Moves an update-mode link on. The proof of a repair is a clean `/item/get`, and nothing that Link says.
 * For an Item that was broken it is enough, since the person may have mended it elsewhere or closed the tab
 * too early; for one that worked all along only a finished session tells that something was done.
 */
export function createRepair({ store, health, now }: FinishDeps, change: ChangeLink) {
  const lastCheck = new Map<string, number>()

  async function isDue(link: Link, itemId: string): Promise<boolean> {
    if (!link.broken) return false
    if ((await store.connections.find(itemId))?.status === 'active') return true
    const last = lastCheck.get(link.linkId) ?? Date.parse(link.createdAt)
    if (now() - last < checkEvery) return false
    lastCheck.set(link.linkId, now())
    return true
  }

  /** The person agreed to these products in Link, so the next sync may start them. */
  async function agree(connection: Connection, added: readonly string[]): Promise<void> {
    if (added.length === 0) return
    await store.connections.change(connection.itemId, (current) => ({
      ...current,
      products: [...new Set([...current.products, ...added])],
    }))
  }

  return async (link: Link, sessions: readonly LinkSession[]): Promise<Link> => {
    const { itemId } = link
    if (itemId === null) throw new Error('an update-mode link without an Item')
    const done = sessions.some((session) => session.finishedAt !== null && session.exit === null)
    if (!done && !(await isDue(link, itemId))) return link
    const { connection, item } = await health.check(itemId)
    if (item.error !== null) return link
    await health.apply(itemId, { type: 'repaired', consentExpirationTime: item.consentExpirationTime })
    await agree(connection, link.addProducts)
    return await change(link, ended('succeeded', now()))
  }
}
