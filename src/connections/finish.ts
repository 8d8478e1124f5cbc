import { ignoreKnown, isCofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Connection } from '../model.ts'
import type { LinkSession } from '../plaid/operations.ts'
import type { Secret } from '../secret.ts'
import type { Link } from '../store/store.ts'
import { duplicateOf } from './duplicates.ts'
import type { HealthKeeper } from './health.ts'
import { type LinkDeps, linkPlace } from './links.ts'
import { tokenPlace } from './token.ts'

export interface FinishDeps extends LinkDeps {
  readonly health: HealthKeeper
  readonly log: Log
}

/** Called often while a link is open: Plaid is asked, and the link moves on as far as the answer carries. */
export type Poll = (link: Link) => Promise<Link>

type Added = LinkSession['added'][number]

/** How often `/item/get` may be asked while a repair is open: Plaid allows 15 a minute per Item, half is ours. */
const checkEvery = 10_000

/** A session may end in the very second the link expires. */
const grace = 15_000

export function createPoll(deps: FinishDeps): Poll {
  const { store, vault, plaid, now } = deps
  const lastCheck = new Map<string, number>()

  async function poll(link: Link): Promise<Link> {
    if (link.state === 'exchanging') return await exchange(link)
    const sessions = await plaid.linkSessions(
      await vault.open(linkPlace(link, 'sealed_link_token'), link.sealedLinkToken),
    )
    const moved = link.mode === 'new' ? await pollNew(link, sessions) : await pollRepair(link, sessions)
    if (moved.state !== 'open') return moved
    return await change(
      moved,
      now() > Date.parse(link.expiresAt) + grace ? ended('expired') : { exited: hasExited(sessions) },
    )
  }

  async function pollNew(link: Link, sessions: readonly LinkSession[]): Promise<Link> {
    const added = sessions.flatMap((session) => session.added)[0]
    if (added === undefined) return link
    const twin = link.keep ? null : await findTwin(link, added)
    if (twin !== null && link.duplicateOf === null) await deps.health.check(twin.itemId).catch(ignoreKnown)
    const sealedPublicToken = await vault.seal(linkPlace(link, 'sealed_public_token'), added.publicToken)
    if (twin !== null)
      return await change(link, { ...ended('duplicate'), duplicateOf: twin.itemId, sealedPublicToken })
    return await exchange(await change(link, { state: 'exchanging', sealedPublicToken }))
  }

  async function findTwin(link: Link, added: Added): Promise<Connection | null> {
    const connections = await store.connections.list()
    const others = connections.filter((connection) => connection.itemId !== link.replaces)
    return duplicateOf(added, others, await store.accounts.list())
  }

  /**
   * The intent is in the row before Plaid is asked. After a crash the same public token is exchanged again,
   * which Plaid answers with the same Item; when it is too old for that, the link is `lost` and says so.
   */
  async function exchange(link: Link): Promise<Link> {
    const sealed = link.sealedPublicToken
    if (sealed === null) throw new Error('a link is exchanging without a public token')
    const publicToken = await vault.open(linkPlace(link, 'sealed_public_token'), sealed)
    try {
      const { accessToken, itemId } = await plaid.exchange(publicToken)
      return await connect(link, itemId, accessToken)
    } catch (error) {
      if (!isCofferError(error) || error.plaidCode !== 'INVALID_PUBLIC_TOKEN') throw error
      deps.log.warn('link.lost', { link_id: link.linkId })
      return await change(link, ended('lost'))
    }
  }

  async function connect(link: Link, itemId: string, accessToken: Secret): Promise<Link> {
    if ((await store.connections.find(itemId)) === null) {
      const item = await plaid.item(itemId, { accessToken })
      const old = link.replaces === null ? null : await store.connections.find(link.replaces)
      const sealedToken = await vault.seal(tokenPlace(itemId, deps.environment), accessToken)
      const connection = newConnection(deps, link, old)
      await store.connections.insert(
        {
          ...connection,
          itemId,
          institution: item.institution ?? 'Your bank',
          institutionId: item.institutionId,
          products: [...new Set([...link.products, ...item.products])],
          consentedProducts: item.consentedProducts,
          dataAsOf: item.lastUpdate,
        },
        sealedToken,
      )
    }
    await listAccounts(itemId)
    deps.log.info('link.connected', { link_id: link.linkId })
    return await change(link, { ...ended('succeeded'), itemId, sealedPublicToken: null })
  }

  /** So that the person sees at once what was shared; the first sync repeats it, should it fail here. */
  async function listAccounts(itemId: string): Promise<void> {
    const accounts = await plaid.accounts(itemId).catch(ignoreKnown)
    if (accounts !== undefined) await store.accounts.replace(itemId, accounts)
  }

  async function pollRepair(link: Link, sessions: readonly LinkSession[]): Promise<Link> {
    const { itemId } = link
    if (itemId === null) throw new Error('an update-mode link without an Item')
    const done = sessions.some((session) => session.finishedAt !== null && session.exit === null)
    const known = await store.connections.find(itemId)
    const alreadyWhole = link.broken && known?.status === 'active'
    if (!done && !alreadyWhole && !(link.broken && mayCheck(link))) return link
    const { connection, item } = await deps.health.check(itemId)
    if (item.error !== null || !(done || link.broken)) return link
    await deps.health.apply(itemId, { type: 'repaired', consentExpirationTime: item.consentExpirationTime })
    await agree(connection, link.addProducts)
    return await change(link, ended('succeeded'))
  }

  function mayCheck(link: Link): boolean {
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

  async function change(link: Link, patch: Partial<Link>): Promise<Link> {
    if (Object.entries(patch).every(([name, value]) => link[name as keyof Link] === value)) return link
    return (await store.links.change(link.linkId, (current) => ({ ...current, ...patch }))) ?? link
  }

  function ended(state: Link['state']): Partial<Link> {
    return { state, finishedAt: new Date(now()).toISOString() }
  }

  return poll
}

/** Only the latest session tells: the URL may have been opened again after a cancelled one. */
function hasExited(sessions: readonly LinkSession[]): boolean {
  const latest = sessions.at(-1)
  return latest !== undefined && latest.finishedAt !== null && latest.exit !== null
}

function newConnection(deps: FinishDeps, link: Link, old: Connection | null) {
  return {
    environment: deps.environment,
    label: link.label ?? old?.label ?? null,
    person: link.person ?? old?.person ?? null,
    status: 'preparing',
    reason: null,
    deadline: null,
    answeredDeadline: null,
    newAccounts: false,
    createdAt: new Date(deps.now()).toISOString(),
    lastUsedAt: null,
    lastSyncedAt: null,
    lastCheckedAt: null,
    syncError: null,
  } as const satisfies Partial<Connection>
}
