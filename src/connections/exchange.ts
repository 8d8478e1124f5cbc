import { ignoreKnown, isCofferError } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { LinkSession } from '../plaid/operations.ts'
import type { Secret } from '../secret.ts'
import type { Link } from '../store/store.ts'
import { unnamedBank } from './bank-name.ts'
import { type ChangeLink, ended, type FinishDeps } from './link-change.ts'
import { linkPlace } from './links.ts'
import { fetchAccounts } from './succession.ts'
import { tokenPlace } from './token.ts'

/** What Link calls the bank; `/item/get` knows better, if it says. */
type Bank = Pick<LinkSession['added'][number], 'institution' | 'institutionId'>
const untold: Bank = { institution: null, institutionId: null }

/** Turns a link that is `exchanging` into a connection. */
export function createExchange(deps: FinishDeps, change: ChangeLink) {
  const { store, vault, plaid, health, now } = deps

  /**
   * The intent is in the row before Plaid is asked, and the Item from the moment that its token is kept. After
   * a crash in between the same public token is exchanged again, which Plaid answers with the same Item; when
   * it is too old for that, the link is `lost` and says so.
   */
  async function keep(link: Link, bank: Bank = untold): Promise<Link> {
    const itemId = link.itemId ?? (await connect(link, bank))
    if (itemId !== null) return { ...link, itemId }
    deps.log.warn('link.lost', { link_id: link.linkId })
    return await change(link, { ...ended('lost', now()), sealedPublicToken: null })
  }

  /** Ends a link whose Item is kept. What is missing after this, the next check and the first sync bring. */
  async function complete(link: Link): Promise<Link> {
    const { itemId } = link
    if (link.state !== 'exchanging' || itemId === null) return link
    await health.check(itemId).catch(ignoreKnown)
    await fetchAccounts(deps, itemId)
    // Some banks end the older login when a second one is made.
    if (link.duplicateOf !== null) await health.check(link.duplicateOf).catch(ignoreKnown)
    deps.log.info('link.connected', { link_id: link.linkId })
    return await change(link, { ...ended('succeeded', now()), itemId, sealedPublicToken: null })
  }

  /** The Item, its token kept; null when the public token is void. */
  async function connect(link: Link, bank: Bank): Promise<string | null> {
    if (link.sealedPublicToken === null) return null
    const publicToken = await vault.open(linkPlace(link, 'sealed_public_token'), link.sealedPublicToken)
    try {
      const { accessToken, itemId } = await plaid.exchange(publicToken)
      await keepToken(link, itemId, accessToken, bank)
      return itemId
    } catch (error) {
      if (isCofferError(error) && error.plaidCode === 'INVALID_PUBLIC_TOKEN') return null
      throw error
    }
  }

  async function keepToken(link: Link, itemId: string, accessToken: Secret, bank: Bank): Promise<void> {
    // Another process may have been as quick.
    if ((await store.connections.find(itemId)) !== null) return
    const old = link.replaces === null ? null : await store.connections.find(link.replaces)
    const sealedToken = await vault.seal(tokenPlace(itemId, deps.environment), accessToken)
    const connection = { ...newConnection(deps, link, old), itemId, ...named(bank) }
    await store.connections.insert(connection, sealedToken, link)
  }

  return { keep, complete }
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
    replacedBy: null,
    removingSince: null,
    removalCause: null,
    removalTriedAt: null,
  } as const satisfies Partial<Connection>
}

function named({ institution, institutionId }: Bank) {
  return { institution: institution ?? unnamedBank, institutionId }
}
