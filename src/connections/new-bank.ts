import { ageOf } from '../age.ts'
import { ignoreKnown } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { LinkSession } from '../plaid/operations.ts'
import type { Link } from '../store/store.ts'
import { atBankOf, duplicateOf, type Login } from './duplicates.ts'
import { createExchange } from './exchange.ts'
import { type ChangeLink, ended, type FinishDeps } from './link-change.ts'
import { linkPlace } from './links.ts'
import { fetchAccounts } from './succession.ts'

/** How long a session that goes on may still tell the accounts of its login. */
const accountsComeWithin = 30_000

/** Moves the link of a new connection on: recognise a duplicate, or exchange. */
export function createNewBank(deps: FinishDeps, change: ChangeLink) {
  const { vault, health, now } = deps
  const exchange = createExchange(deps, change)
  const findTwin = createTwinFinder(deps)

  async function poll(link: Link, sessions: readonly LinkSession[]): Promise<Link> {
    const session = sessions.find(({ added }) => added.length > 0)
    const added = session?.added[0]
    if (session === undefined || added === undefined) return link
    const twin = link.keep ? null : await findTwin(link, added, session.finishedAt !== null)
    if (twin === 'not told yet') return link
    const sealedPublicToken = await vault.seal(linkPlace(link, 'sealed_public_token'), added.publicToken)
    if (twin === null) {
      const moved = await change(link, { state: 'exchanging', sealedPublicToken })
      return moved.state === 'exchanging' ? await exchange(moved, added) : moved
    }
    await health.check(twin.itemId).catch(ignoreKnown)
    return await change(link, { ...ended('duplicate', now()), duplicateOf: twin.itemId, sealedPublicToken })
  }

  return { poll, exchange }
}

/** Finds the living connection that a login would double. */
function createTwinFinder(deps: FinishDeps) {
  const { store, now } = deps
  const metAt = new Map<string, string>()

  /** Link may tell the login before its accounts, and without them any two logins at one bank look the same. */
  function isEarly({ linkId }: Link): boolean {
    const met = metAt.get(linkId) ?? new Date(now()).toISOString()
    metAt.set(linkId, met)
    return ageOf(met, now()) < accountsComeWithin
  }

  return async (link: Link, login: Login, finished: boolean): Promise<Connection | 'not told yet' | null> => {
    const others = (await store.connections.list()).filter(
      ({ itemId, environment }) => itemId !== link.replaces && environment === link.environment,
    )
    const near = atBankOf(login, others)
    if (login.accounts.length === 0 && near.length > 0 && !finished && isEarly(link)) return 'not told yet'
    const told = new Set((await store.accounts.list()).map(({ itemId }) => itemId))
    for (const { itemId } of near) if (!told.has(itemId)) await fetchAccounts(deps, itemId)
    return duplicateOf(login, others, await store.accounts.list())
  }
}
