import { ageOf } from '../age.ts'
import { ignoreKnown } from '../errors.ts'
import type { Connection } from '../model.ts'
import type { LinkSession } from '../plaid/operations.ts'
import type { Link } from '../store/store.ts'
import { atBankOf, type Login } from './duplicates.ts'
import { createExchange } from './exchange.ts'
import { type ChangeLink, ended, type FinishDeps, goingOn } from './link-change.ts'
import { linkPlace } from './links.ts'
import { findTwin, othersThan } from './twin.ts'

/** How long a session that goes on may still tell the accounts of its login. */
const accountsComeWithin = 30_000

type Added = LinkSession['added'][number]

interface Met {
  readonly link: Link
  /** The living connection that the login would double, unless it is to. */
  readonly twin: Connection | null
}

/** Moves the link of a new connection on: recognise a duplicate, or exchange. */
export function createNewBank(deps: FinishDeps, change: ChangeLink) {
  const { vault, health, loginLock, now, log } = deps
  const { keep, complete } = createExchange(deps, change)
  const twinOf = createTwinFinder(deps)

  async function poll(link: Link, sessions: readonly LinkSession[]): Promise<Link> {
    const session = sessions.find(({ added }) => added.length > 0)
    const added = session?.added[0]
    if (session === undefined || added === undefined) return link
    // Of two that are finished at once, in whatever process, the later one is to find the earlier one.
    const met = await loginLock(() => keepUnlessTwin(link, added, session.finishedAt !== null))
    if (met.link.state !== 'open' || met.twin !== null) tellOfMore(link, sessions)
    if (met.twin === null) return await complete(met.link)
    await health.check(met.twin.itemId).catch(ignoreKnown)
    const sealedPublicToken = await sealed(link, added)
    const found = await change(link, {
      ...ended('duplicate', now()),
      duplicateOf: met.twin.itemId,
      sealedPublicToken,
    })
    // The person has said so while this was on its way.
    return found.state === 'duplicate' && found.keep ? await change(found, goingOn) : found
  }

  /** One link makes one connection: a login beside the first, as of a page opened again, is not exchanged and lapses. */
  function tellOfMore({ linkId }: Link, sessions: readonly LinkSession[]): void {
    const more = sessions.flatMap(({ added }) => added).length - 1
    if (more > 0) log.warn('link.more_logins', { link_id: linkId, not_connected: more })
  }

  /** Asks Plaid for no more than it takes to know, and to keep the Item: others wait meanwhile. */
  async function keepUnlessTwin(link: Link, added: Added, finished: boolean): Promise<Met> {
    const twin = await twinOf(link, added, finished)
    if (twin === 'not told yet') return { link, twin: null }
    if (twin !== null && !link.keep) return { link, twin }
    const moved = await change(link, {
      ...goingOn,
      duplicateOf: twin?.itemId ?? null,
      sealedPublicToken: await sealed(link, added),
    })
    return { link: moved.state === 'exchanging' ? await keep(moved, added) : moved, twin: null }
  }

  /** Goes on where a process has ended, or where a person said to connect a duplicate. */
  async function exchange(link: Link): Promise<Link> {
    return await complete(await loginLock(() => keep(link)))
  }

  function sealed(link: Link, { publicToken }: Added): Promise<string> {
    return vault.seal(linkPlace(link, 'sealed_public_token'), publicToken)
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
    const others = await othersThan(store, link.environment, link.replaces)
    const mayHaveTwin = atBankOf(login, others).length > 0
    if (login.accounts.length === 0 && mayHaveTwin && !finished && isEarly(link)) return 'not told yet'
    return await findTwin(deps, login, others)
  }
}
