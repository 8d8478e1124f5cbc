import type { Account } from '../model.ts'
import { daysBetween, type FlowRow, type Verdict, type Window, windowOf } from '../snapshot/index.ts'
import type { Store } from '../store/store.ts'
import { type Figures, onlyOf } from './figures.ts'
import type { Reading, ReadOptions } from './read.ts'
import type { RowsReading } from './read-rows.ts'
import { isGone, type SourceState } from './sources.ts'

export interface FlowWanted extends Pick<ReadOptions, 'admit' | 'signal' | 'progress'> {
  /** The last day that counts is never after today. */
  readonly window: Window
  /** Rows are wanted from this day on: at the latest the first of the window. */
  readonly since: string
}

/** Every movement of money of the household in a span of days, and what each counts as. */
export interface FlowReading {
  readonly window: Window
  /** Its warnings are about the window. */
  readonly reading: Reading
  /** False also where single transactions of a bank could not be had. */
  readonly complete: boolean
  /** Rows of banks that cannot be asked are sums without text. Some lie outside the span, as partners. */
  readonly verdicts: ReadonlyMap<FlowRow, Verdict>
  /** Banks of whose transactions only sums are known. */
  readonly withoutRows: readonly SourceState[]
  readonly accounts: ReadonlyMap<string, Account>
  /** Of the window, by the same rows. */
  readonly figures: Awaited<ReturnType<Figures['snapshot']>>
}

interface FlowDeps {
  readonly store: Store
  readonly readRows: (options: ReadOptions) => Promise<RowsReading>
  readonly snapshot: Figures['snapshot']
  readonly timeZone: string
  readonly now: () => number
}

export function createFlowReader({ store, readRows, snapshot, timeZone, now }: FlowDeps) {
  return async ({ window, since, ...options }: FlowWanted): Promise<FlowReading> => {
    const { to: today } = windowOf(now(), 1, timeZone)
    const days = daysBetween(since, today) + 1
    const { reading, judged } = await readRows({ ...options, days, maxAgeMinutes: 60 })
    const { isAtHand } = judged
    const accounts = await accountsOf(reading, store)
    const verdicts = onlyOf(judged.verdicts, [...accounts.values()])
    const lacking = reading.sources.filter(
      ({ connection }) => hasTransactions(connection) && !isAtHand(connection.itemId),
    )
    const knownFrom = new Map(reading.shortSpans.map(({ itemId, from }) => [itemId, from]))
    // Where all that is known of a bank is at hand, it has no sums beside.
    const isAll = ({ connection: { itemId } }: SourceState) => {
      const from = judged.rowsFrom(itemId)
      return from !== null && from <= (knownFrom.get(itemId) ?? '')
    }
    return {
      window,
      reading: {
        ...reading,
        window,
        // Rows at hand are judged under the rules as they are.
        oldRules: reading.oldRules.filter(({ itemId, until }) => until >= window.from && !isAtHand(itemId)),
        shortSpans: reading.shortSpans.filter(({ from }) => from > window.from),
      },
      complete: reading.complete && lacking.length === 0,
      verdicts,
      withoutRows: lacking.filter((state) => !isAll(state)),
      accounts,
      figures: await snapshot(window, verdicts),
    }
  }
}

function hasTransactions(row: SourceState['connection']): boolean {
  return row.products.includes('transactions') && !isGone(row)
}

/** Those of the household that is read here: not of another environment, nor of what is over. */
async function accountsOf({ sources }: Reading, store: Store): Promise<ReadonlyMap<string, Account>> {
  const ids = new Set(
    sources.filter(({ connection }) => !isGone(connection)).map(({ connection }) => connection.itemId),
  )
  const all = await store.accounts.list()
  return new Map(all.filter(({ itemId }) => ids.has(itemId)).map((account) => [account.accountId, account]))
}
