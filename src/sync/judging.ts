import type { Account, Span } from '../model.ts'
import {
  addDays,
  type FlowRow,
  isWithin,
  judge,
  onAccounts,
  PAIR_DAYS,
  REFUND_DAYS,
  settled,
  underRules,
  type Verdict,
  widen,
} from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import { countedSpan, judgedSpan } from './flow-of.ts'
import { keptDays, keptMoves, type Spans } from './kept-rows.ts'
import type { LedgerRows } from './ledger-rows.ts'
import type { Recent } from './recent-rows.ts'

/** Rows and what each counts as: those at hand with their transaction, of all others what was kept. */
export interface Judged {
  /** All of the span, and others that only serve as partners. */
  readonly verdicts: ReadonlyMap<FlowRow, Verdict>
  /** Whether every row of the span that this connection has is at hand with its transaction. */
  isAtHand(itemId: string): boolean
  /** The first day that is told by rows with their transaction; null where no fetch or ledger has any. */
  rowsFrom(itemId: string): string | null
}

/** The rows of one connection that are at hand. */
interface Known extends Recent {
  /** The days that they are counted by; those before only serve to judge these. */
  readonly counts: Span
  /** Which was asked for to be counted. */
  readonly told: Span
}

interface JudgingDeps {
  readonly store: Store
  readonly ledger: LedgerRows
  /** The rows of the last minutes. */
  readonly lately: () => Promise<ReadonlyMap<string, Recent>>
}

/** Tells what every row of a span counts as, from all that is known now. */
export function createJudging({ store, ledger, lately }: JudgingDeps) {
  async function read(span: Span) {
    const accounts = await store.accounts.list()
    const found = await known(span, accounts)
    const rules = await store.rules.list()
    for (const [itemId, one] of found) {
      found.set(itemId, { ...one, rows: underRules(onAccounts(one.rows, accounts), rules) })
    }
    return {
      accounts,
      found,
      verdicts: await withKept(store, rowsIn(found), spansOf(found, 'span'), span, accounts),
    }
  }

  /** The ledger is as new as any process has made it; what it does not reach, the last minutes may. */
  async function known(span: Span, accounts: readonly Account[]): Promise<Map<string, Known>> {
    const { from, to } = span
    // With the days whose purchases may be refunded in it.
    const all = { from: addDays(from, -REFUND_DAYS), to }
    const found = new Map([...(await lately())].map(([itemId, recent]) => [itemId, fetched(recent)]))
    for (const [itemId, kept] of await ledger.entries(accounts, span)) {
      const isEnough = covers(kept.wanted, all) || !covers(found.get(itemId)?.wanted, all)
      if (isEnough) found.set(itemId, { ...kept, counts: kept.span, told: kept.wanted })
    }
    return found
  }

  /** Rows of days that do not count have served to judge the others, and give way to what is kept of them. */
  async function ofCountedDays({ accounts, found, verdicts }: Awaited<ReturnType<typeof read>>, span: Span) {
    return await withKept(store, countedRows(found, verdicts), spansOf(found, 'counts'), span, accounts)
  }

  return {
    /** By all rows at hand, also those of days of which the purchases before them are not known. */
    async allJudged(span: Span): Promise<Judged> {
      const { found, verdicts } = await read(span)
      return {
        verdicts,
        isAtHand: (itemId) => covers(found.get(itemId)?.wanted, span),
        rowsFrom: (itemId) => found.get(itemId)?.span.from ?? null,
      }
    },
    /**
     * What a window is counted by, whoever asks. Of a fetch the same days count as are kept of it, and count the same:
     * it makes no difference whether its rows are still in memory.
     */
    async judged(span: Span): Promise<Judged> {
      const reading = await read(span)
      const { found } = reading
      // Of the ledger every day counts.
      const isAllCounted = [...found.values()].every((one) => one.counts === one.span)
      return {
        verdicts: isAllCounted ? reading.verdicts : await ofCountedDays(reading, span),
        isAtHand: (itemId) => covers(found.get(itemId)?.told, span),
        rowsFrom: (itemId) => found.get(itemId)?.counts.from ?? null,
      }
    },
  }
}

/** Together with what is kept of all that is not at hand. */
async function withKept(
  store: Store,
  rows: readonly FlowRow[],
  atHand: Spans,
  span: Span,
  accounts: readonly Account[],
): Promise<ReadonlyMap<FlowRow, Verdict>> {
  const moves = await keptMoves(store, accounts, atHand)
  const days = await keptDays(store, accounts, atHand, widen(span, PAIR_DAYS))
  return judge([...rows, ...moves, ...days])
}

function fetched(recent: Recent): Known {
  return { ...recent, counts: countedSpan(recent), told: judgedSpan(recent.wanted) }
}

function countedRows(found: ReadonlyMap<string, Known>, verdicts: ReadonlyMap<FlowRow, Verdict>): FlowRow[] {
  return [...found.values()].flatMap(({ rows, counts }) =>
    rows.flatMap((row) => {
      const verdict = isWithin(row.date, counts) ? verdicts.get(row) : undefined
      return verdict === undefined ? [] : [settled(row, verdict)]
    }),
  )
}

function rowsIn(found: ReadonlyMap<string, Known>): FlowRow[] {
  return [...found.values()].flatMap(({ rows }) => rows)
}

function spansOf(found: ReadonlyMap<string, Known>, of: 'span' | 'counts'): Spans {
  return new Map([...found].map(([itemId, known]) => [itemId, known[of]]))
}

export function covers(known: Span | undefined, span: Span): boolean {
  return known !== undefined && known.from <= span.from && known.to >= span.to
}
