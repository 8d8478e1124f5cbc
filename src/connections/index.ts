import { CofferError, isCofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Connection, ReceivedWebhook } from '../model.ts'
import type { Link } from '../store/store.ts'
import { createInspect, type Inspect } from './cleanup.ts'
import { createPoll } from './finish.ts'
import { createHealthKeeper, type HealthDeps, type HealthKeeper } from './health.ts'
import { createHear } from './hear.ts'
import { goingOn } from './link-change.ts'
import { createImport, type ImportToken } from './import-token.ts'
import { createLinks, type LinkDeps, type Links } from './links.ts'
import { createMove } from './move.ts'
import { createRemover, type Remover } from './removal.ts'
import { unknownConnection } from './token.ts'
import type { VaultState } from '../vault/vault.ts'
import { createWatcher, type Watcher } from './watcher.ts'

export { type CleanupReason, type Found, groupsOf, type Inspection, statisticsOf } from './cleanup.ts'
export { needsCheck } from './hear.ts'
export { isOpen, kindOf, type OpenLink } from './links.ts'
export { type MissedWebhook, missedWebhook } from './missed.ts'
export type { Receipt, Removals } from './erase.ts'
export type { Remover } from './removal.ts'
export { createRestoration, type Restoration } from './restoration.ts'
export { isGone, isReplaced } from './replaced.ts'
export { isOlder, later } from './sent-at.ts'
export { saveAccounts } from './succession.ts'
export { createTokenOf, wrongEnvironment } from './token.ts'
export { daysSince, streakOf, takeCensus, tally, type TokenCensus } from './token-counts.ts'
export { isOver } from './transitions.ts'
export type { VaultState } from '../vault/vault.ts'

export interface ConnectionsDeps extends Omit<LinkDeps, 'attempt'>, Omit<HealthDeps, 'move'> {
  readonly log: Log
  /** A link came to a good end in this process: the first sync, or the one after a repair, follows. */
  readonly onFinished: (link: Link) => unknown
}

/** The life of every connection: linking, checking, repairing. */
export interface Connections {
  readonly links: Links
  readonly watcher: Watcher
  readonly health: HealthKeeper
  readonly removal: Remover
  /** Which connections a clean-up would remove; see cleanup.ts. */
  readonly inspect: Inspect
  /** Can tokens be sealed and opened? Looks, and makes nothing. */
  vaultState(signal?: AbortSignal): Promise<VaultState>
  /**
   * Gives a verified webhook its effect, in the database alone: Plaid is not asked. One about an unknown Item, or one
   * of another environment or being removed, has none. Heard again, it changes nothing more.
   */
  hear(webhook: ReceivedWebhook): Promise<void>
  find(itemId: string): Promise<Connection>
  /**
   * The only connection that needs its owner, else the only one with new accounts, else the only one there is;
   * ITEM_ID_NEEDED when that is not one. Plaid is asked first when none is known to need anything.
   */
  theOneToRepair(signal?: AbortSignal): Promise<Connection>
  /** `/item/get` for each that is not being removed, a few at once. Failures move the state; they are given by item_id and not thrown. */
  checkAll(
    connections: readonly Connection[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, CofferError>>
  /** A person said to connect a login that was recognised as a duplicate, or that may turn out to be one. */
  keepDuplicate(link: Link): Promise<void>
  readonly importToken: ImportToken
}

const checksAtOnce = 6

export function createConnections(deps: ConnectionsDeps): Connections {
  const { store, environment } = deps
  const move = createMove(store)
  const health = createHealthKeeper({ ...deps, move })
  const poll = createPoll({ ...deps, health })
  const watcher = createWatcher({ ...deps, poll, owner: deps.newId() })

  async function find(itemId: string): Promise<Connection> {
    const connection = await store.connections.find(itemId)
    if (connection === null) throw unknownConnection(itemId)
    return connection
  }

  async function mine(): Promise<readonly Connection[]> {
    return (await store.connections.list()).filter((connection) => connection.environment === environment)
  }

  async function theOneToRepair(signal?: AbortSignal): Promise<Connection> {
    const known = await mine()
    // Whoever asks may have seen what nobody here has: a login that broke since the last check.
    if (known.length > 1 && !known.some(needsOwner)) await checkAll(known, signal)
    return theOnly(await mine())
  }

  async function checkAll(connections: readonly Connection[], signal?: AbortSignal) {
    const waiting = connections
      .filter((connection) => connection.environment === environment && connection.status !== 'removing')
      .values()
    const failures = new Map<string, CofferError>()
    const checkInTurn = async () => {
      for (const { itemId } of waiting) {
        await health.check(itemId, signal).catch((error: unknown) => {
          if (!isCofferError(error)) throw error
          failures.set(itemId, error)
        })
      }
    }
    // A bank that does not answer keeps the others from nothing.
    await Promise.all(Array.from({ length: checksAtOnce }, checkInTurn))
    return failures
  }

  return {
    links: createLinks({ ...deps, attempt: health.attempt }),
    watcher,
    health,
    removal: createRemover(deps),
    inspect: createInspect({ ...deps, health }),
    hear: createHear({ ...deps, move }),
    vaultState: (signal) => deps.vault.state(signal),
    find,
    theOneToRepair,
    checkAll,
    importToken: createImport({ ...deps, health }),
    async keepDuplicate(link) {
      await store.links.change(link.linkId, kept)
      watcher.watch(link.linkId)
    },
  }
}

/** Of a link whose login is still to come it is remembered. */
function kept(link: Link): Link {
  if (link.state === 'duplicate') return { ...link, ...goingOn, keep: true }
  return link.state === 'open' && link.mode === 'new' ? { ...link, keep: true } : link
}

/** True when a person has to do something at the bank's login. */
export function needsOwner(connection: Pick<Connection, 'status'>): boolean {
  return connection.status === 'needs_reauth' || connection.status === 'expiring'
}

function theOnly(all: readonly Connection[]): Connection {
  const broken = all.filter(needsOwner)
  const candidates = [broken, all.filter(({ newAccounts }) => newAccounts), all]
  const [only, ...others] = candidates.find(({ length }) => length > 0) ?? []
  if (only !== undefined && others.length === 0) return only
  throw new CofferError('ITEM_ID_NEEDED', whichOne(broken), {
    fix: 'Give the item_id of the one that is meant; list_connections has them.',
  })
}

function whichOne(broken: readonly Connection[]): string {
  if (broken.length === 0) return 'No connection needs a new login, so it is not clear which one is meant.'
  return `${broken.length} connections need a new login: ${broken.map((connection) => connection.institution).join(', ')}.`
}
