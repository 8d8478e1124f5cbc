import type { Log } from '../log.ts'
import type { LeaderNote } from '../model.ts'
import { type AddressDeps, createAddresses } from './addresses.ts'
import { type CheckDeps, createChecks } from './checks.ts'
import type { Chores } from './chores.ts'
import { createInboxWorker, type InboxDeps } from './inbox.ts'
import { keepListening, type Listener } from './listening.ts'
import { createPulls, type PullDeps } from './pulls.ts'
import { repeat, type Round } from './rounds.ts'
import type { Schedule } from './schedule.ts'

export interface BackgroundDeps extends CheckDeps, AddressDeps {
  readonly store: CheckDeps['store']
  readonly connections: CheckDeps['connections']
  readonly log: Log
  readonly hear: InboxDeps['hear']
  readonly needsCheck: InboxDeps['needsCheck']
  readonly pull: PullDeps['pull']
  /** Starts the listener for webhooks; null: this copy is not to listen. `onStored`: one is in the inbox. */
  readonly listen: ((onStored: () => void) => Promise<Listener>) | null
  /** Where Plaid is to send webhooks when the listener has this port; null: Plaid is left alone. */
  readonly addressFor: (port: number | null) => string | null
  readonly schedule: Pick<Schedule, 'round'>
  readonly chores: Pick<Chores, 'round'>
  readonly pid: number
}

const roundMs = 2_000
const scheduleMs = 5_000
const pruneMs = 60 * 60_000
const removalsMs = 30_000
const keptMs = 7 * 24 * 60 * 60_000
/** Plaid takes a public token for half an hour. */
const publicTokenMs = 30 * 60_000

/**
 * What the leader does until the signal aborts: it listens for webhooks and gives them their effect, asks Plaid about
 * each connection now and then, goes on with links whose maker has ended and with removals that Plaid has not confirmed, fetches what is known to be old and what is due,
 * does its chores, and tells Plaid where to send webhooks.
 */
export async function lead(
  deps: BackgroundDeps,
  signal: AbortSignal,
  onNote: (note: LeaderNote) => void = () => undefined,
): Promise<void> {
  const { store, connections, log, listen } = deps
  log.info('leader.started')
  const inbox = createInboxWorker({ ...deps, check: connections.health.check })
  const [checks, pulls, addresses] = [createChecks(deps), createPulls(deps), createAddresses(deps)]
  let port: number | null = null
  const listening = {
    ...deps,
    listen: listen === null ? null : () => listen(inbox.wake),
    onNote(note: LeaderNote) {
      port = note.port
      onNote(note)
    },
  }
  const before = (ms: number) => new Date(deps.now() - ms).toISOString()
  const prune = async () => {
    await store.inbox.prune(before(keptMs))
    await store.links.forgetPublicTokens(before(publicTokenMs))
  }
  // Each by itself: a person who waits for a link should not wait for slow banks as well.
  const rounds: Round[] = [
    { name: 'links', everyMs: roundMs, work: () => connections.watcher.adopt() },
    { name: 'checks', everyMs: roundMs, work: () => checks(signal) },
    { name: 'pulls', everyMs: roundMs, work: pulls },
    { name: 'addresses', everyMs: roundMs, work: () => addresses(deps.addressFor(port), signal) },
    { name: 'prune', everyMs: pruneMs, work: prune },
    { name: 'removals', everyMs: removalsMs, work: () => connections.removal.retry() },
    { name: 'schedule', everyMs: scheduleMs, work: deps.schedule.round },
    { name: 'chores', everyMs: scheduleMs, work: deps.chores.round },
  ]
  await Promise.all([
    keepListening(listening, signal),
    inbox.run(signal),
    ...rounds.map((round) => repeat(round, signal, log)),
  ])
}
