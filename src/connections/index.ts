import { CofferError, ignoreKnown } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Connection, ReceivedWebhook } from '../model.ts'
import type { Link } from '../store/store.ts'
import { createPoll } from './finish.ts'
import { createHealthKeeper, type HealthDeps, type HealthKeeper } from './health.ts'
import { createHear } from './hear.ts'
import { createLinks, type LinkDeps, type Links } from './links.ts'
import { createMove } from './move.ts'
import { unknownConnection } from './token.ts'
import type { VaultState } from '../vault/vault.ts'
import { createWatcher, type Watcher } from './watcher.ts'

export { needsCheck } from './hear.ts'
export { isOpen, type OpenLink } from './links.ts'
export { type MissedWebhook, missedWebhook } from './missed.ts'
export { isReplaced } from './replaced.ts'
export { isOlder, later } from './sent-at.ts'
export { saveAccounts } from './succession.ts'
export { createTokenOf } from './token.ts'
export { isOver } from './transitions.ts'
export type { VaultState } from '../vault/vault.ts'

export interface ConnectionsDeps extends LinkDeps, Omit<HealthDeps, 'move'> {
  readonly log: Log
  /** A link came to a good end in this process: the first sync, or the one after a repair, follows. */
  readonly onFinished: (link: Link) => unknown
}

/** The life of every connection: linking, checking, repairing. */
export interface Connections {
  readonly links: Links
  readonly watcher: Watcher
  readonly health: HealthKeeper
  /** Can tokens be sealed and opened? Looks, and makes nothing. */
  vaultState(signal?: AbortSignal): Promise<VaultState>
  /**
   * Gives a verified webhook its effect, in the database alone: Plaid is not asked. One about an unknown Item, or one
   * of another environment or being removed, has none. Heard again, it changes nothing more.
   */
  hear(webhook: ReceivedWebhook): Promise<void>
  find(itemId: string): Promise<Connection>
  /** The only connection that needs its owner, or else the only one there is; ITEM_ID_NEEDED when that is not one. */
  theOneToRepair(): Promise<Connection>
  /** `/item/get` for each, a few at once; failures move the state and are not thrown. */
  checkAll(connections: readonly Connection[], signal?: AbortSignal): Promise<void>
  /** A person said to connect a login that was recognised as a duplicate. */
  keepDuplicate(link: Link): Promise<void>
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

  async function theOneToRepair(): Promise<Connection> {
    const all = (await store.connections.list()).filter(
      (connection) => connection.environment === environment,
    )
    const broken = all.filter(needsOwner)
    const [only, ...others] = broken.length > 0 ? broken : all
    if (only !== undefined && others.length === 0) return only
    throw new CofferError('ITEM_ID_NEEDED', whichOne(broken), {
      fix: 'Give the item_id of the one that is meant; list_connections has them.',
    })
  }

  return {
    links: createLinks(deps),
    watcher,
    health,
    hear: createHear({ ...deps, move }),
    vaultState: (signal) => deps.vault.state(signal),
    find,
    theOneToRepair,
    async checkAll(connections, signal) {
      const waiting = connections.filter((connection) => connection.environment === environment).values()
      const checkInTurn = async () => {
        for (const { itemId } of waiting) {
          // The failure has moved the connection's state already.
          await health.check(itemId, signal).catch(ignoreKnown)
        }
      }
      // A bank that does not answer keeps the others from nothing.
      await Promise.all(Array.from({ length: checksAtOnce }, checkInTurn))
    },
    async keepDuplicate(link) {
      await store.links.change(link.linkId, (current) =>
        current.state === 'duplicate'
          ? { ...current, state: 'exchanging', keep: true, finishedAt: null }
          : current,
      )
      watcher.watch(link.linkId)
    },
  }
}

/** True when a person has to do something at the bank's login. */
export function needsOwner(connection: Pick<Connection, 'status'>): boolean {
  return connection.status === 'needs_reauth' || connection.status === 'expiring'
}

function whichOne(broken: readonly Connection[]): string {
  if (broken.length === 0) return 'No connection needs a new login, so it is not clear which one is meant.'
  return `${broken.length} connections need a new login: ${broken.map((connection) => connection.institution).join(', ')}.`
}
