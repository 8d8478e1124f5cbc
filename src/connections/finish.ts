import { codeOf, ignoreKnown, isCofferError } from '../errors.ts'
import type { LinkSession } from '../plaid/operations.ts'
import type { Link } from '../store/store.ts'
import { type ChangeLink, ended, type FinishDeps } from './link-change.ts'
import { linkPlace } from './links.ts'
import { createNewBank } from './new-bank.ts'
import { createRepair, isProvedByHealth, isWell } from './repair.ts'

/** Called often while a link is open: Plaid is asked, and the link moves on as far as the answer carries. */
export type Poll = (link: Link) => Promise<Link>

/** A session may end in the very second the link expires. */
const grace = 15_000
/**
 * How long past its expiry a link that cannot be asked about is kept: a new login that nobody fetched is void after
 * half an hour, and of a session in update mode Plaid tells for six.
 */
const longestTrouble = { new: 30 * 60_000, update: 6 * 60 * 60_000 } as const

export function createPoll(deps: FinishDeps): Poll {
  const { store, vault, plaid, health, now, log } = deps
  const isPast = (link: Link, ms: number) => now() > Date.parse(link.expiresAt) + ms
  const change: ChangeLink = async (link, patch) => {
    // Every name in a patch is one of Link's.
    const isNews = Object.entries(patch).some(([name, value]) => link[name as keyof Link] !== value)
    if (!isNews) return link
    // Another process may have moved it on meanwhile, as when our lease ran out while Plaid was slow.
    const unlessMoved = (current: Link) => (current.state === link.state ? { ...current, ...patch } : current)
    return (await store.links.change(link.linkId, unlessMoved)) ?? link
  }

  const newBank = createNewBank(deps, change)
  const repair = createRepair(deps, change)

  /** Of a link that Plaid has no more no news will come; a repair may have been finished all the same. */
  async function end(link: Link): Promise<Link> {
    const isRepair = link.mode === 'update' && link.itemId !== null
    const ask = (itemId: string) => health.check(itemId, undefined, { forRepair: true }).catch(ignoreKnown)
    const found = isRepair ? await ask(link.itemId) : undefined
    const isProved =
      found?.item.error === null && isWell(found.connection) && isProvedByHealth(link, found.connection)
    return await change(link, ended(isProved ? 'succeeded' : 'expired', now()))
  }

  async function move(link: Link): Promise<Link> {
    if (link.state === 'exchanging') return await newBank.exchange(link)
    const token = await vault.open(linkPlace(link, 'sealed_link_token'), link.sealedLinkToken)
    // Judged as Plaid is asked: while the answer is on its way a laptop may sleep, and a person log in.
    const isTimeUp = isPast(link, grace)
    const sessions = await plaid.linkSessions(token).catch(nullIfForgotten)
    if (sessions === null) return await end(link)
    const moved = link.mode === 'new' ? await newBank.poll(link, sessions) : await repair(link, sessions)
    if (moved.state !== 'open') return moved
    return await change(moved, {
      openedAt: link.openedAt ?? (sessions.length > 0 ? new Date(now()).toISOString() : null),
      exited: hasExited(sessions),
      ...(isTimeUp ? ended('expired', now()) : {}),
    })
  }

  return async (link) => {
    try {
      return await move(link)
    } catch (error) {
      if (!isPast(link, longestTrouble[link.mode])) throw error
      log.warn('link.given_up', {
        link_id: link.linkId,
        code: codeOf(error),
      })
      return await change(link, ended(link.state === 'exchanging' ? 'lost' : 'expired', now()))
    }
  }
}

function nullIfForgotten(error: unknown): null {
  if (isCofferError(error) && error.plaidCode === 'INVALID_LINK_TOKEN') return null
  throw error
}

/** Only the latest session tells: the URL may have been opened again after a cancelled one. */
function hasExited(sessions: readonly LinkSession[]): boolean {
  const latest = sessions.at(-1)
  return latest !== undefined && latest.finishedAt !== null && latest.exited
}
