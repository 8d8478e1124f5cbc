import { ignoreKnown, isCofferError } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { LinkSession } from '../plaid/operations.ts'
import type { Secret } from '../secret.ts'
import type { Link } from '../store/store.ts'
import { duplicateOf } from './duplicates.ts'
import { type ChangeLink, ended, type FinishDeps } from './link-change.ts'
import { linkPlace } from './links.ts'
import { saveAccounts } from './same-accounts.ts'
import { tokenPlace } from './token.ts'

type Added = LinkSession['added'][number]
/** What Link calls the bank; `/item/get` knows better, if it says. */
type Bank = Pick<Added, 'institution' | 'institutionId'>
const unnamed: Bank = { institution: null, institutionId: null }

/** Moves the link of a new connection on: recognise a duplicate, exchange, seal, store. */
export function createNewBank(deps: FinishDeps, change: ChangeLink) {
  const { store, vault, plaid, health, now } = deps

  async function poll(link: Link, sessions: readonly LinkSession[]): Promise<Link> {
    const added = sessions.flatMap((session) => session.added)[0]
    if (added === undefined) return link
    const sealedPublicToken = await vault.seal(linkPlace(link, 'sealed_public_token'), added.publicToken)
    const twin = link.keep ? null : await findTwin(store, link, added)
    if (twin === null) {
      const moved = await change(link, { state: 'exchanging', sealedPublicToken })
      return moved.state === 'exchanging' ? await exchange(moved, added) : moved
    }
    await health.check(twin.itemId).catch(ignoreKnown)
    return await change(link, { ...ended('duplicate', now()), duplicateOf: twin.itemId, sealedPublicToken })
  }

  /**
   * The intent is in the row before Plaid is asked. After a crash the same public token is exchanged again,
   * which Plaid answers with the same Item; when it is too old for that, the link is `lost` and says so.
   */
  async function exchange(link: Link, bank: Bank = unnamed): Promise<Link> {
    const sealed = link.sealedPublicToken
    if (sealed === null) throw new Error('a link is exchanging without a public token')
    const publicToken = await vault.open(linkPlace(link, 'sealed_public_token'), sealed)
    try {
      const { accessToken, itemId } = await plaid.exchange(publicToken)
      await connect(link, itemId, accessToken, bank)
      deps.log.info('link.connected', { link_id: link.linkId })
      return await change(link, { ...ended('succeeded', now()), itemId, sealedPublicToken: null })
    } catch (error) {
      if (!isCofferError(error) || error.plaidCode !== 'INVALID_PUBLIC_TOKEN') throw error
      deps.log.warn('link.lost', { link_id: link.linkId })
      return await change(link, ended('lost', now()))
    }
  }

  /** The token is safe before anything else is asked: what is missing then, the next check brings. */
  async function connect(link: Link, itemId: string, accessToken: Secret, bank: Bank): Promise<void> {
    if ((await store.connections.find(itemId)) === null) {
      const old = link.replaces === null ? null : await store.connections.find(link.replaces)
      const sealedToken = await vault.seal(tokenPlace(itemId, deps.environment), accessToken)
      await store.connections.insert(
        { ...newConnection(deps, link, old), itemId, ...named(bank) },
        sealedToken,
      )
    }
    await health.check(itemId).catch(ignoreKnown)
    const accounts = await plaid.accounts(itemId).catch(ignoreKnown)
    if (accounts !== undefined) await saveAccounts(store, itemId, accounts)
    await retire(store, link.replaces)
    // Some banks end the older login when a second one is made.
    if (link.duplicateOf !== null) await health.check(link.duplicateOf).catch(ignoreKnown)
  }

  return { poll, exchange }
}

/** The living connection that this login would double. */
async function findTwin(store: FinishDeps['store'], link: Link, added: Added): Promise<Connection | null> {
  const others = (await store.connections.list()).filter(
    ({ itemId, environment }) => itemId !== link.replaces && environment === link.environment,
  )
  return duplicateOf(added, others, await store.accounts.list())
}

/**
 * Goes only where Plaid has no such Item any more. INVALID_ACCESS_TOKEN is no such answer: that of another
 * team's keys is the same, and the Item lives on, and is billed, at the team of the token.
 */
async function retire(store: FinishDeps['store'], itemId: string | null): Promise<void> {
  const old = itemId === null ? null : await store.connections.find(itemId)
  const isGone = old?.status === 'revoked' || old?.reason === 'ITEM_NOT_FOUND'
  if (old !== null && isGone) await store.connections.remove(old.itemId)
}

function newConnection(deps: FinishDeps, link: Link, old: Connection | null) {
  return {
    environment: deps.environment,
    label: link.label ?? old?.label ?? null,
    person: link.person ?? old?.person ?? null,
    status: 'preparing',
    reason: null,
    deadline: null,
    warning: null,
    awaitingData: true,
    consentExpirationTime: null,
    answeredDeadline: null,
    repairedAt: null,
    errorSentAt: null,
    warningSentAt: null,
    newAccounts: false,
    products: link.products,
    consentedProducts: [],
    createdAt: new Date(deps.now()).toISOString(),
    lastUsedAt: null,
    lastSyncedAt: null,
    lastCheckedAt: null,
    dataAsOf: null,
    syncError: null,
    dirtySince: null,
  } as const satisfies Partial<Connection>
}

function named({ institution, institutionId }: Bank) {
  return { institution: institution ?? 'Your bank', institutionId }
}
