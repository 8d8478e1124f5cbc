import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  type FlowRow,
  isWithin,
  PAIR_DAYS,
  REFUND_DAYS,
  restore,
  widen,
} from '../../src/snapshot/index.ts'
import type { Store } from '../../src/store/store.ts'
import { createDeriver } from '../../src/sync/derive.ts'
import { transaction } from '../snapshot/build.ts'
import { type Happening, happening, household, rowsIn, shown } from '../snapshot/worlds.ts'
import { flowTotals } from '../snapshot/flow-totals.ts'
import { freshStore } from '../store/fixtures.ts'
import { connection } from '../store/rows.ts'

const banks = ['bank-a', 'bank-b', 'broker'] as const
type Bank = (typeof banks)[number]

/** The accounts of the household, and nothing known of their flow. */
async function freshHousehold(): Promise<Store> {
  const store = await freshStore()
  for (const itemId of banks) {
    await store.connections.insert(connection({ itemId }), 'sealed')
    await store.accounts.replace(
      itemId,
      household.filter((account) => account.itemId === itemId),
    )
  }
  return store
}

interface Fetch {
  readonly days: 30 | 60 | 365
  /** The last fetch was so many days before. */
  readonly after: number
  readonly broken: Bank | null
}

/** What the program does when it is asked at the end of day `to`. */
async function fetchAll(
  store: Store,
  all: readonly FlowRow[],
  to: string,
  { days, broken }: Omit<Fetch, 'after'>,
) {
  const deriver = createDeriver(store, Date.now)
  const span = { from: addDays(to, 1 - days - PAIR_DAYS - REFUND_DAYS), to }
  for (const itemId of banks) {
    const rows = all.filter((row) => row.itemId === itemId && isWithin(row.date, span))
    if (itemId !== broken) await deriver.add(itemId, { rows, span, wanted: span })
  }
}

async function figures(store: Store, to: string, days: number) {
  const window = { from: addDays(to, 1 - days), to, days, time_zone: 'UTC' }
  const kept = await store.flow.read(widen(window, PAIR_DAYS))
  return flowTotals(restore(kept, household), window)
}

/** Each amount once: which of several equal transfers pair may depend on those before the window. */
const story = fc
  .array(happening, { minLength: 20, maxLength: 40, size: 'max' })
  .map((all) => all.map((one, index): Happening => ({ ...one, amount: 1_000 + index })))

/** Where money comes in, nothing tells that it is a transfer but the other side. */
function rowsOf(happenings: readonly Happening[]): FlowRow[] {
  return rowsIn(shown(happenings)).map((row) =>
    row.accountType === 'depository' && row.look === 'transfer' && row.amount > 0
      ? { ...row, look: 'plain' }
      : row,
  )
}

function fetches(...after: number[]) {
  const fetch = fc.record<Fetch>({
    days: fc.constantFrom(30, 60, 365),
    after: fc.constantFrom(...after),
    broken: fc.constantFrom(null, null, ...banks),
  })
  return fc.array(fetch, { maxLength: 6 })
}

const fullFetch = { days: 365, broken: null } as const

async function fetchInTurn(store: Store, all: readonly FlowRow[], from: string, turns: readonly Fetch[]) {
  let to = from
  for (const fetch of turns) {
    to = addDays(to, fetch.after)
    await fetchAll(store, all, to, fetch)
  }
  return to
}

async function figuresOfOneFetch(all: readonly FlowRow[], to: string, days: number) {
  const store = await freshHousehold()
  await fetchAll(store, all, to, fullFetch)
  return await figures(store, to, days)
}

describe('the figures are those of one full fetch', () => {
  it('whatever was fetched before, and which bank was broken then', async () => {
    const anyDays = fc.constantFrom(30, 60, 365)
    await fc.assert(
      fc.asyncProperty(story, fetches(1, 2, 7, 40), anyDays, async (happenings, before, days) => {
        const all = rowsOf(happenings)
        const store = await freshHousehold()
        const to = await fetchInTurn(store, all, '2026-11-10', before)
        await fetchAll(store, all, to, { days, broken: null })
        expect(await figures(store, to, days)).toEqual(await figuresOfOneFetch(all, to, days))
      }),
      { numRuns: 20 },
    )
  })

  it('over all that is known too, however short the windows that follow', async () => {
    await fc.assert(
      fc.asyncProperty(story, fetches(1, 2, 4), async (happenings, after) => {
        const all = rowsOf(happenings)
        const store = await freshHousehold()
        await fetchAll(store, all, '2026-11-25', fullFetch)
        const to = await fetchInTurn(store, all, '2026-11-25', after)
        await fetchAll(store, all, to, { days: 30, broken: null })
        expect(await figures(store, to, 365)).toEqual(await figuresOfOneFetch(all, to, 365))
      }),
      { numRuns: 20 },
    )
  })
})

/** What is bought and comes back at a few merchants, over some months: whether it is a refund is told by days alone. */
const shopping = fc
  .array(
    fc.record({
      accountId: fc.constantFrom('checking', 'savings'),
      merchant: fc.constantFrom('Bookshop', 'Gym'),
      ago: fc.integer({ min: 0, max: 200 }),
      isOut: fc.boolean(),
    }),
    { minLength: 5, maxLength: 40, size: 'max' },
  )
  .map((all) =>
    all.map(({ accountId, merchant, ago, isOut }, n) =>
      transaction(accountId, addDays('2026-11-25', -ago), isOut ? -1_000 - n : 1_000 + n, { merchant }),
    ),
  )

describe('what is a refund and what income', () => {
  it('is the same after a longer question as before it', async () => {
    await fc.assert(
      fc.asyncProperty(shopping, async (bought) => {
        const all = rowsIn({ transactions: bought, investments: [] })
        const store = await freshHousehold()
        await fetchAll(store, all, '2026-11-25', { days: 30, broken: null })
        const before = await figures(store, '2026-11-25', 30)
        await fetchAll(store, all, '2026-11-25', fullFetch)
        expect(await figures(store, '2026-11-25', 30)).toEqual(before)
      }),
      { numRuns: 40 },
    )
  })

  it('stays as a long question found it, when a short one follows', async () => {
    const transactions = [
      transaction('checking', '2026-07-01', -5_000, { merchant: 'Bookshop' }),
      // Of the days that a fetch of 30 days brings, but cannot judge.
      transaction('checking', '2026-08-29', 2_000, { merchant: 'Bookshop' }),
    ]
    const all = rowsIn({ transactions, investments: [] })
    const store = await freshHousehold()
    await fetchAll(store, all, '2026-11-01', fullFetch)
    await fetchAll(store, all, '2026-11-01', { days: 30, broken: null })
    expect(await figures(store, '2026-11-01', 365)).toMatchObject([{ income: 0, expenses: -3_000 }])
  })
})

describe('two copies on one data directory', () => {
  const one = rowsIn(
    shown([{ kind: 'salary', from: 'work', to: 'checking', date: '2026-11-02', lag: 0, amount: 5 }]),
  )
  const span = { from: '2026-09-01', to: '2026-11-10' }

  it('do not undo what the other one has only just written', async () => {
    const store = await freshHousehold()
    const [mine, theirs] = [createDeriver(store, Date.now), createDeriver(store, Date.now)]
    await mine.add('bank-a', { rows: [], span, wanted: span })
    await theirs.add('bank-a', { rows: one, span, wanted: span })
    await mine.add('bank-b', { rows: [], span, wanted: span })
    expect(await figures(store, span.to, 10)).toMatchObject([{ income: 5 }])
  })

  it('write nothing of a connection that the other one has removed or found revoked', async () => {
    const store = await freshHousehold()
    const deriver = createDeriver(store, Date.now)
    await deriver.add('bank-a', { rows: one, span, wanted: span })
    await store.connections.change('bank-a', (row) => ({ ...row, status: 'revoked' }))
    await store.connections.forgetData('bank-a')
    await deriver.add('bank-b', { rows: [], span, wanted: span })
    await deriver.add('bank-a', { rows: one, span, wanted: span })
    expect(await figures(store, span.to, 10)).toEqual([])
    await store.connections.remove('bank-a')
    await deriver.add('bank-b', { rows: [], span, wanted: span })
  })
})
