import { type Connections, isReplaced } from '../connections/index.ts'
import type { Log } from '../log.ts'
import type { Connection, Environment, Span } from '../model.ts'
import { type Window, windowOf } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import { createDeriver } from './derive.ts'
import type { Cause, FetchDeps } from './fetch.ts'
import { createFigures, type Figures } from './figures.ts'
import { createFlowReader, type FlowReading, type FlowWanted } from './flow-reading.ts'
import { createHistory } from './history.ts'
import type { Judged } from './judging.ts'
import { createLeased } from './leased.ts'
import { createLedgerRows, noLedger } from './ledger-rows.ts'
import { createMarks } from './marks.ts'
import { createNews, type News } from './news.ts'
import { createReader, type Reading, type ReadOptions, wantFor } from './read.ts'
import { createRowsReader, type RowsReading } from './read-rows.ts'
import { createRulesChanged } from './rules-changed.ts'
import { createRuns } from './runs.ts'
import { createSave } from './save.ts'
import { isGone, isWhole, type SourceState } from './sources.ts'
import { createUpcoming, type UpcomingReading } from './upcoming.ts'
import { createTransactionSource, type LedgerSettings } from './transactions.ts'

export type { FlowReading } from './flow-reading.ts'
export type { Judged } from './judging.ts'
export type { Cause } from './fetch.ts'
export type { News } from './news.ts'
export type { Reading, ReadOptions } from './read.ts'
export type { RowsReading } from './read-rows.ts'
export type { SourceState } from './sources.ts'
export type { UpcomingReading } from './upcoming.ts'

export interface SyncDeps extends Omit<FetchDeps, 'health' | 'source'> {
  readonly store: Store
  readonly connections: Connections
  readonly environment: Environment
  readonly timeZone: string
  /** Null: no transaction is kept. */
  readonly ledger: LedgerSettings | null
  readonly now: () => number
  readonly log: Log
}

/** Fetch, store, derive; and the figures that come of it. */
export interface Sync extends Figures {
  /** Brings what is too old up to date, within the time a tool has, and says what each figure rests on. */
  read(options: ReadOptions): Promise<Reading>
  /**
   * The same with every row of the window, and what each counts as. Rows of a connection that cannot be asked are
   * the sums that were kept, without text.
   */
  readRows(options: Omit<ReadOptions, 'rows'>): Promise<RowsReading>
  /** Every row of a window, from what is known by now; nothing is fetched. */
  judged(span: Span): Promise<Judged>
  /** Brings what is older than an hour up to date, and gives every row with what it counts as. */
  flow(wanted: FlowWanted): Promise<FlowReading>
  /** The last `days` days up to and with today. */
  window(days: number): Window
  /** The first step of `rulesChanged`: call it before anything is fetched, so that what was seen is counted anew too. */
  rejudge(): Promise<void>
  /**
   * What is kept of the rows at hand is written anew under the owner's rules as they are now; what is not at hand is
   * fetched again when it is next asked for, by whichever process.
   */
  rulesChanged(): Promise<void>
  /** What the next days bring: due dates, recurring items and balances. @param days 1 = today */
  upcoming(
    days: number,
    options?: Pick<ReadOptions, 'admit' | 'signal' | 'progress'>,
  ): Promise<UpcomingReading>
  /** Fetches one connection in the background: right after linking or a repair. */
  pull(itemId: string, cause?: Cause): void
  /** Fetches one connection, and says how that went; `code` is ours. */
  run(itemId: string, cause: Cause): Promise<{ readonly ok: boolean; readonly code: string | null }>
  /** Once a day: deletes transactions that have been kept for long enough. */
  prune(): Promise<void>
  /** What is different from the last snapshot that a person saw; `seen` is to be given to `markSeen` once they did. */
  news(sources: readonly SourceState[]): Promise<News>
  markSeen(seen: News['seen']): Promise<void>
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
  const source = createTransactionSource(deps)
  const isKept = deps.ledger !== null
  const deriver = createDeriver(store, now, isKept ? createLedgerRows(store, now, deps.timeZone) : noLedger)
  const save = createSave({ ...deps, health: connections.health, source, deriver })
  const leased = createLeased({ store, now, sharesRows: isKept }, save)
  const runs = createRuns((...run) => leased(...run).finally(() => history.soon()), deps.log)

  async function mine(itemId?: string): Promise<readonly Connection[]> {
    if (itemId !== undefined) await connections.find(itemId)
    const all = await store.connections.list()
    return all.filter(
      (row) =>
        row.environment === environment && (itemId === undefined ? !isReplaced(row) : itemId === row.itemId),
    )
  }

  const counted = async (itemId?: string) => (await mine(itemId)).filter((row) => !isGone(row))
  const start = (itemId: string, cause: Cause) =>
    runs.start(itemId, wantFor(windowOf(now(), firstDays, deps.timeZone), { cause }))
  const read = createReader({ ...deps, runs, mine, patienceMs, ...deriver })
  const readRows = createRowsReader({ read, judged: deriver.judged })
  const figures = createFigures(store, counted, isKept ? deriver.judged : null)
  const history = createHistory({
    ...deps,
    figures: figures.snapshot,
    complete: async () => isWhole(await mine(), now()),
  })

  return {
    ...figures,
    snapshot: history.snapshot,
    read,
    readRows,
    judged: deriver.judged,
    flow: createFlowReader({ ...deps, readRows, snapshot: figures.snapshot }),
    window: (days) => windowOf(now(), days, deps.timeZone),
    ...createRulesChanged({ ...deps, deriver, mine }),
    upcoming: createUpcoming({ ...deps, counted, readRows }),
    pull: (itemId, cause = 'tool') => void start(itemId, cause),
    async run(itemId, cause) {
      const outcome = await start(itemId, cause)
      return outcome.ok ? { ok: true, code: null } : { ok: false, code: outcome.error.code }
    },
    prune: source.prune,
    news: createNews({ ...deps, deriver }),
    ...createMarks(deps),
    async close() {
      await runs.close()
      await history.settled()
    },
  }
}
