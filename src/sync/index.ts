import type { Connections } from '../connections/index.ts'
import type { Log } from '../log.ts'
import type { Connection, Environment } from '../model.ts'
import { addDays, PAIR_DAYS, type Window, windowOf } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import type { FetchDeps, Want } from './fetch.ts'
import { createFigures, type Figures } from './figures.ts'
import { createRuns, type Outcome } from './runs.ts'
import { createSave } from './save.ts'
import { isComplete, isGone, type SourceState, sourceOf } from './sources.ts'
import { waitAtMost } from './wait.ts'

export type { SourceState } from './sources.ts'

export interface SyncDeps extends Omit<FetchDeps, 'health'> {
  readonly store: Store
  readonly connections: Connections
  readonly environment: Environment
  readonly timeZone: string
  readonly now: () => number
  readonly log: Log
}

export interface ReadOptions {
  readonly days: number
  /** What is older is fetched; 0 = everything, -1 = nothing. */
  readonly maxAgeMinutes: number
  /** Balances by the paid call. */
  readonly live?: boolean
  readonly itemId?: string
  readonly signal?: AbortSignal
  readonly progress?: (message: string) => void
}

export interface Reading {
  readonly window: Window
  readonly sources: readonly SourceState[]
  readonly complete: boolean
  /** Some connections are still being fetched; their stored figures stand meanwhile. */
  readonly stillSyncing: boolean
  readonly changes: readonly { itemId: string; institution: string; from: string; to: string }[]
  /** Connections whose transactions are known from a later day than the window begins. */
  readonly shortSpans: readonly { itemId: string; institution: string; from: string }[]
}

/** Fetch, store, derive; and the figures that come of it. */
export interface Sync extends Figures {
  /** Brings what is too old up to date, within the time a tool has, and says what each figure rests on. */
  read(options: ReadOptions): Promise<Reading>
  /** Fetches one connection in the background: right after linking or a repair. */
  pull(itemId: string): void
  /** A person has seen the figures of these connections. */
  markUsed(sources: readonly SourceState[]): Promise<void>
  close(): Promise<void>
}

/** A tool answers within 20 s; what is left is for reading the store and writing the answer. */
const patienceMs = 17_000

/** The window that follow-up questions ask for most. */
const firstDays = 30

export function createSync(deps: SyncDeps): Sync {
  const { store, connections, environment, now } = deps
  const runs = createRuns(createSave({ ...deps, health: connections.health }))

  async function mine(itemId?: string): Promise<readonly Connection[]> {
    if (itemId !== undefined) await connections.find(itemId)
    const all = await store.connections.list()
    return all.filter(
      (row) => row.environment === environment && !isGone(row) && (itemId ?? row.itemId) === row.itemId,
    )
  }

  function wantFor(window: Window, live: boolean): Want {
    return { span: { from: addDays(window.from, -PAIR_DAYS), to: window.to }, live }
  }

  async function fetchStale(before: readonly Connection[], want: Want, options: ReadOptions) {
    const outcomes = new Map<string, Outcome>()
    const { spans } = await store.flow.read({ from: want.span.to, to: want.span.to })
    const stale = before.filter((row) =>
      isStale(row, want, spans.get(row.itemId)?.from, options.maxAgeMinutes, now()),
    )
    const all = stale.map(async (row) => {
      outcomes.set(row.itemId, await runs.start(row.itemId, want))
      options.progress?.(`${outcomes.size} of ${stale.length} banks asked`)
    })
    await waitAtMost(Promise.all(all), patienceMs, options.signal)
    return { outcomes, stillSyncing: outcomes.size < stale.length }
  }

  async function read(options: ReadOptions): Promise<Reading> {
    const window = windowOf(now(), options.days, deps.timeZone)
    const before = await mine(options.itemId)
    const want = wantFor(window, options.live ?? false)
    const { outcomes, stillSyncing } = await fetchStale(before, want, options)
    const after = await mine(options.itemId)
    const sources = after.map((row) => sourceOf(row, outcomes.get(row.itemId)))
    return {
      window,
      sources,
      complete: isComplete(sources, options.maxAgeMinutes, now()),
      stillSyncing,
      changes: changesOf(before, after),
      shortSpans: await shortSpans(after, want),
    }
  }

  async function shortSpans(rows: readonly Connection[], { span }: Want): Promise<Reading['shortSpans']> {
    const { spans } = await store.flow.read({ from: span.to, to: span.to })
    const inWindow = addDays(span.from, PAIR_DAYS)
    return rows.flatMap(({ itemId, institution }) => {
      const from = spans.get(itemId)?.from
      return from !== undefined && from > inWindow ? [{ itemId, institution, from }] : []
    })
  }

  return {
    ...createFigures(store, mine),
    read,
    pull(itemId) {
      const window = windowOf(now(), firstDays, deps.timeZone)
      runs.start(itemId, wantFor(window, false)).catch((error: unknown) => {
        deps.log.error('sync.pull_failed', { name: error instanceof Error ? error.name : 'unknown' })
      })
    },
    async markUsed(sources) {
      const lastUsedAt = new Date(now()).toISOString()
      for (const { connection, source } of sources) {
        if (source === 'missing') continue
        await store.connections.change(connection.itemId, (row) => ({ ...row, lastUsedAt }))
      }
    },
    close: () => runs.close(),
  }
}

function isStale(
  row: Connection,
  want: Want,
  knownFrom: string | undefined,
  maxAgeMinutes: number,
  now: number,
): boolean {
  // A dead token answers nothing, and asking costs a call.
  if (maxAgeMinutes === -1 || row.status === 'expired') return false
  if (want.live || row.lastSyncedAt === null) return true
  if (knownFrom !== undefined && knownFrom > want.span.from) return true
  return now - Date.parse(row.lastSyncedAt) >= maxAgeMinutes * 60_000
}

function changesOf(before: readonly Connection[], after: readonly Connection[]): Reading['changes'] {
  const was = new Map(before.map((row) => [row.itemId, row.status]))
  return after.flatMap(({ itemId, institution, status }) => {
    const from = was.get(itemId)
    return from === undefined || from === status ? [] : [{ itemId, institution, from, to: status }]
  })
}
