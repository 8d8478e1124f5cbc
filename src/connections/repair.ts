import { ageOf } from '../age.ts'
import { isCofferError } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { ItemState, LinkSession } from '../plaid/operations.ts'
import type { Link } from '../store/store.ts'
import { facetsOf } from './facets.ts'
import { type ChangeLink, ended, type FinishDeps } from './link-change.ts'
import { isOlder, later } from './sent-at.ts'
import { isOver } from './transitions.ts'

/** How often `/item/get` may be asked while a repair is open: Plaid allows 15 a minute per Item, half is ours. */
const checkEvery = 10_000

/** What was known when Plaid was last asked for the sake of a link. Times are ISO 8601. */
interface Asked {
  readonly at: string
  readonly finished: number
  readonly rungAt: string | null
  /** When a ring was last the reason. */
  readonly forRingAt: string | null
}

/**
 * Moves an update-mode link on. The proof of a repair is a clean `/item/get`, and nothing that Link says.
 * For an Item that was broken it is enough, since the person may have mended it elsewhere or closed the tab
 * too early; where the login worked all along, or more is to be shared, only a finished session tells that
 * something was done, or Plaid's own word that the login is renewed.
 */
export function createRepair(deps: FinishDeps, change: ChangeLink) {
  const { store, health, now } = deps
  const asked = new Map<string, Asked>()

  /** A session that has just ended, or a ring, is looked at once; the rest of the time Plaid is given some peace. */
  function isDue(link: Link, connection: Connection, finished: number): boolean {
    const isWhole = connection.status === 'active'
    const isEnough = isProvedByHealth(link, connection)
    if (finished === 0 && (isWhole || !link.broken)) return isEnough
    return isNews(link, finished) || (isWhole && isEnough)
  }

  function isNews(link: Link, finished: number): boolean {
    const last = asked.get(link.linkId) ?? neverAsked(link)
    // The page can be loaded by anybody: its rings get no more than the same peace of their own.
    const isRing = link.rungAt !== last.rungAt && ageOf(last.forRingAt, now()) >= checkEvery
    if (!isRing && finished <= last.finished && ageOf(last.at, now()) < checkEvery) return false
    const at = new Date(now()).toISOString()
    asked.set(link.linkId, {
      at,
      finished,
      rungAt: link.rungAt,
      forRingAt: isRing ? at : last.forRingAt,
    })
    return true
  }

  /** What Plaid could not be asked about is news still. */
  async function proof(itemId: string, { linkId }: Link) {
    try {
      return await health.check(itemId, undefined, { forRepair: true })
    } catch (error) {
      if (isCofferError(error, 'PLAID_RATE_LIMITED')) asked.delete(linkId)
      throw error
    }
  }

  return async (link: Link, sessions: readonly LinkSession[]): Promise<Link> => {
    const { itemId } = link
    if (itemId === null) throw new Error('an update-mode link without an Item')
    const before = await store.connections.find(itemId)
    const finished = sessions.filter((session) => session.finishedAt !== null && !session.exited)
    if (before === null || !isDue(link, before, finished.length)) return link
    const { item, connection } = await proof(itemId, link)
    // The row too: another copy may have asked since, and have been told of an error.
    if (item.error !== null || !isWell(connection)) return link
    if (finished.length === 0 && !isProvedByHealth(link, connection)) return link
    const isStaying = sessions.some((session) => !session.exited)
    // A session that nobody left has renewed the login, even where Plaid is yet to call it finished.
    if (finished.length > 0 || (isStaying && before.status === 'needs_reauth'))
      await agreed(deps, { ...item, itemId }, link, finished.at(-1)?.finishedAt ?? null)
    // The bank is well again by itself: whoever is still at it may yet answer the warning.
    else if (isStaying && connection.deadline !== null) return link
    asked.delete(link.linkId)
    return await change(link, ended('succeeded', now()))
  }
}

/** What the person has agreed to in Link: a renewed consent, and products that the next sync may start. */
async function agreed(
  { store, health, now }: FinishDeps,
  item: ItemState,
  link: Link,
  finishedAt: string | null,
): Promise<void> {
  const { itemId, consentExpirationTime } = item
  await health.apply(itemId, { type: 'repaired', consentExpirationTime, finishedAt })
  const added = link.addProducts.filter((product) => isConsented(item, product))
  if (added.length === 0) return
  // A fetch that begins in this very second has it.
  const dirtySince = new Date(now() - 1_000).toISOString()
  await store.connections.change(itemId, (current) => ({
    ...current,
    products: [...new Set([...current.products, ...added])],
    dirtySince: later(current.dirtySince, dirtySince),
  }))
}

function neverAsked(link: Link): Asked {
  return { at: link.createdAt, finished: 0, rungAt: null, forRingAt: null }
}

export function isWell(connection: Connection): boolean {
  return !isOver(connection) && facetsOf(connection).trouble === null
}

/** A person may decline a product, and a bank may not have it; where Plaid tells no consents, what was asked counts. */
function isConsented({ consentedProducts, products }: ItemState, product: string): boolean {
  return consentedProducts.length === 0 || [...consentedProducts, ...products].includes(product)
}

/** Whoever shares more as well has to finish, however whole the login is by now. */
export function isProvedByHealth(link: Link, { status, warningSentAt }: Connection): boolean {
  if (link.addAccounts || link.addProducts.length > 0) return false
  // A login that was only about to expire has been renewed elsewhere when Plaid has said so since.
  const isRenewed = status === 'active' && warningSentAt !== null && !isOlder(warningSentAt, link.createdAt)
  return link.broken || isRenewed
}
