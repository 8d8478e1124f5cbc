import { CofferError } from '../errors.ts'
import { ageOf } from '../age.ts'
import type { Connection, Span } from '../model.ts'
import { addDays, PAIR_DAYS, REFUND_DAYS, type Window, windowOf } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import type { Cause, Want } from './fetch.ts'
import { createFailures } from './failures.ts'
import { judgedSpan, mayHaveMore } from './flow-of.ts'
import type { Outcome, Runs } from './runs.ts'
import { isComplete, isGone, type SourceState, sourceOf } from './sources.ts'
import { waitAtMost } from './wait.ts'

export interface ReadOptions {
  readonly days: number
  /** What is older is fetched; 0 = everything, -1 = nothing. */
  readonly maxAgeMinutes: number
  /** Balances by the paid call. */
  readonly live?: boolean
  /** The transactions themselves are wanted: what is not at hand is fetched again. */
  readonly rows?: boolean
  readonly itemId?: string
  /** Default: a tool. */
  readonly cause?: Cause
  /** Called before Plaid is asked; when it rejects nothing is. */
  readonly admit?: () => Promise<void>
  readonly signal?: AbortSignal
  readonly progress?: (message: string) => void
}

export interface Reading {
  readonly window: Window
  readonly sources: readonly SourceState[]
  readonly complete: boolean
  /** Some connections are still being fetched; their stored figures stand meanwhile. */
  readonly stillSyncing: boolean
  /** Connections of which sums of the window, up to a day, were made under rules that have changed since. */
  readonly oldRules: readonly { itemId: string; institution: string; until: string }[]
  /** Connections whose transactions are known from a later day than the window begins. */
  readonly shortSpans: readonly { itemId: string; institution: string; from: string }[]
  /** Connections that share their transactions, of which nothing is known yet: not even a sum. */
  readonly untold: readonly { itemId: string; institution: string }[]
}

interface ReaderDeps {
  readonly store: Store
  readonly runs: Runs
  readonly mine: (itemId?: string) => Promise<readonly Connection[]>
  readonly timeZone: string
  readonly now: () => number
  /** Whether the transactions of this span are at hand. */
  readonly holds: (itemId: string, span: Span) => Promise<boolean>
  /** The first day that rows on disk tell everything from; null where none are. */
  readonly since: (connection: Connection) => Promise<string | null>
  /** How long a caller waits; what is not done then goes on behind. */
  readonly patienceMs: number
}

/** Brings what is too old up to date, and says what each figure rests on. */
export function createReader({ store, runs, mine, timeZone, now, patienceMs, holds, since }: ReaderDeps) {
  const failures = createFailures(now)

  async function fetchStale(before: readonly Connection[], want: Want, options: ReadOptions) {
    const outcomes = new Map<string, Outcome>()
    const { fetched, spans, oldRules } = await flowOf(want)
    const known = ({ itemId }: Connection) => ({
      asked: fetched.get(itemId),
      has: spans.get(itemId),
      oldRules: oldRules.get(itemId),
    })
    const stale: Connection[] = []
    const isForced = want.live || options.maxAgeMinutes === 0
    for (const row of before) {
      if (!isForced && failures.isRecent(row)) continue
      const isOld = isStale(row, want, known(row), options.maxAgeMinutes, now())
      if (isOld || (want.rows === true && (await lacksRows(row, want.span)))) stale.push(row)
    }
    if (stale.length > 0) await options.admit?.()
    const all = stale.map(async (row) => {
      outcomes.set(row.itemId, failures.note(row.itemId, await runs.start(row.itemId, want)))
      options.progress?.(`${outcomes.size} of ${stale.length} banks asked`)
    })
    await waitAtMost(Promise.all(all), patienceMs, options.signal)
    const late = stale.filter(({ itemId }) => !outcomes.has(itemId))
    for (const row of late) outcomes.set(row.itemId, notYet(row))
    return { outcomes, stillSyncing: late.length > 0 }
  }

  async function lacksRows(row: Connection, span: Span): Promise<boolean> {
    return shares(row) && row.status !== 'expired' && !(await holds(row.itemId, span))
  }

  /** What is known of the transactions of each connection, and how far back the last fetch went. */
  function flowOf({ span }: Want) {
    return store.flow.read({ from: span.to, to: span.to })
  }

  return async (options: ReadOptions): Promise<Reading> => {
    const window = windowOf(now(), options.days, timeZone)
    const before = await mine(options.itemId)
    const want = wantFor(window, options)
    const { outcomes, stillSyncing } = await fetchStale(before, want, options)
    const after = await mine(options.itemId)
    const reach = await reachOf(after, await flowOf(want), since)
    const sources = after.map((row) =>
      sourceOf(row, outcomes.get(row.itemId), reach.get(row.itemId)?.isKept === true),
    )
    return {
      window,
      sources,
      complete: isComplete(sources, options.maxAgeMinutes, now()),
      stillSyncing,
      oldRules: oldRulesOf(after, window, reach),
      shortSpans: shortSpansOf(after, window, reach),
      untold: after.filter((row) => shares(row) && (reach.get(row.itemId)?.from ?? null) === null),
    }
  }
}

function shares(row: Connection): boolean {
  return row.products.includes('transactions') && !isGone(row)
}

/** It goes on behind; whoever reads the answer learns why these figures are old, and what to do. */
function notYet({ institution }: Connection): Outcome {
  const text = `${institution} has not answered yet; it is still being fetched.`
  const fix = 'Ask again in a minute.'
  return { ok: false, error: new CofferError('PLAID_UNREACHABLE', text, { fix, retryable: true }) }
}

/** Partners of a transfer may lie a few days before the window, and the purchases that were refunded in all these some weeks. */
export function wantFor(
  window: Window,
  { live = false, rows = false, cause = 'tool' }: Pick<ReadOptions, 'live' | 'rows' | 'cause'> = {},
): Want {
  return { span: { from: addDays(window.from, -PAIR_DAYS - REFUND_DAYS), to: window.to }, live, rows, cause }
}

/** What is known of the transactions of a connection. */
interface Reach {
  readonly isKept: boolean
  readonly from: string | null
  readonly oldUntil: string | null
}

/** From which day on each connection is known, and up to which by rules that are over: of rows on disk none is. */
async function reachOf(
  rows: readonly Connection[],
  { spans, oldRules }: Pick<Awaited<ReturnType<Store['flow']['read']>>, 'spans' | 'oldRules'>,
  since: ReaderDeps['since'],
): Promise<Map<string, Reach>> {
  const found = new Map<string, Reach>()
  for (const row of rows) {
    const [kept, stored] = [spans.get(row.itemId)?.from ?? null, await since(row)]
    const until = oldRules.get(row.itemId) ?? null
    found.set(row.itemId, {
      isKept: kept !== null,
      from: stored !== null && (kept === null || stored < kept) ? stored : kept,
      oldUntil: stored !== null && until !== null && stored <= until ? addDays(stored, -1) : until,
    })
  }
  return found
}

function oldRulesOf(
  rows: readonly Connection[],
  window: Window,
  known: ReadonlyMap<string, Reach>,
): Reading['oldRules'] {
  return rows.flatMap(({ itemId, institution }) => {
    const until = known.get(itemId)?.oldUntil ?? null
    return until !== null && until >= window.from ? [{ itemId, institution, until }] : []
  })
}

function shortSpansOf(
  rows: readonly Connection[],
  window: Window,
  known: ReadonlyMap<string, Reach>,
): Reading['shortSpans'] {
  return rows.flatMap(({ itemId, institution }) => {
    const from = known.get(itemId)?.from ?? null
    return from !== null && from > window.from ? [{ itemId, institution, from }] : []
  })
}

/** How soon a new connection is asked again whether its history has come. */
const historyMs = 2 * 60_000

/** Of the flow of a connection. */
interface Known {
  readonly asked: Span | undefined
  readonly has: Span | undefined
  readonly oldRules: string | undefined
}

function isStale(
  row: Connection,
  want: Want,
  { asked, has, oldRules }: Known,
  maxAgeMinutes: number,
  now: number,
): boolean {
  // A dead token answers nothing, and asking costs a call.
  if (maxAgeMinutes === -1 || row.status === 'expired' || isGone(row)) return false
  if (want.live || row.dirtySince !== null) return true
  // The days before the last fetch are as old as an earlier one.
  if (asked !== undefined && asked.from > want.span.from) return true
  const age = ageOf(row.lastSyncedAt, now)
  const { from } = judgedSpan(want.span)
  const lacks = has !== undefined && has.from > from && mayHaveMore(row, now)
  // Those that a fetch does not reach, of a new connection in another's place, are not asked for again and again.
  const isRuledAnew = oldRules !== undefined && oldRules >= from
  if ((lacks || isRuledAnew) && age >= historyMs) return true
  return age >= maxAgeMinutes * 60_000
}
