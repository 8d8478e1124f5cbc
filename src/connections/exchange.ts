import { ignoreKnown, isCofferError } from '../errors.ts'
import type { LinkSession } from '../plaid/operations.ts'
import type { Secret } from '../secret.ts'
import type { Link } from '../store/store.ts'
import { type ChangeLink, ended, type FinishDeps } from './link-change.ts'
import { linkPlace } from './links.ts'
import { createKeeper } from './new-connection.ts'
import { fetchAccounts } from './succession.ts'

/** What Link calls the bank; `/item/get` knows better, if it says. */
type Bank = Pick<LinkSession['added'][number], 'institution' | 'institutionId'>
const untold: Bank = { institution: null, institutionId: null }

/** Turns a link that is `exchanging` into a connection. */
export function createExchange(deps: FinishDeps, change: ChangeLink) {
  const { store, vault, plaid, health, now } = deps
  const keepNew = createKeeper(deps)

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
    const old = link.replaces === null ? null : await store.connections.find(link.replaces)
    const label = link.label ?? old?.label ?? null
    const person = link.person ?? old?.person ?? null
    await keepNew({ ...bank, itemId, label, person, products: link.products }, accessToken, link)
  }

  return { keep, complete }
}
