import * as fc from 'fast-check'
import type { Transaction } from '../../../src/model.ts'
import { addDays } from '../../../src/snapshot/window.ts'
import { looksLike, transaction } from '../../snapshot/build.ts'
import { firstDay } from '../../snapshot/worlds.ts'
import { type Bank, gone, now, openBank, type Told } from './bank.ts'
import { accounts, calm, type Ledger, ledgerProperty, mustBeSame, type Run, troubles } from './ledger.ts'

const kinds = [
  'adds',
  'adds',
  'adds',
  'changes',
  'repeats',
  'posts',
  'takes back',
  'takes back for a moment',
  'ends a stranger',
] as const

/** What a bank does to its list; `place` says to which of its rows. */
interface Change {
  readonly kind: (typeof kinds)[number]
  readonly place: number
  readonly accountId: string
  readonly day: number
  readonly amount: number
  readonly isPending: boolean
  /** The posted row names the pending one. */
  readonly isLinked: boolean
  /** The end of the pending row is told after the posted one. */
  readonly isLate: boolean
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(...kinds),
  place: fc.nat(60),
  accountId: fc.constantFrom(...accounts.map(({ accountId }) => accountId)),
  day: fc.integer({ min: 0, max: 47 }),
  amount: fc.integer({ min: -500, max: 500 }).filter((amount) => amount !== 0),
  isPending: fc.boolean(),
  isLinked: fc.boolean(),
  isLate: fc.boolean(),
})

/** What the bank tells of it; nothing where there is no such row. */
function toldOf(bank: Bank, change: Change): readonly Told[] {
  const { kind, place, amount, accountId, isPending } = change
  const date = addDays(firstDay, change.day)
  const list = bank.list()
  const rows = kind === 'posts' ? list.filter(({ pending }) => pending) : list
  const row = rows[place % Math.max(rows.length, 1)]
  if (kind === 'adds') return [now(transaction(accountId, date, amount, { pending: isPending }))]
  if (kind === 'ends a stranger') return [gone(`stranger-${place}`)]
  if (row === undefined) return []
  switch (kind) {
    case 'changes':
      return [now({ ...row, amount, date, ...looksLike.groceries })]
    case 'repeats':
      return [now(row)]
    case 'posts':
      return postedOf(row, change, date)
    case 'takes back':
      return [gone(row.transactionId)]
    case 'takes back for a moment':
      return [gone(row.transactionId), now(row)]
  }
}

function postedOf(row: Transaction, { isLinked, isLate, amount }: Change, date: string): Told[] {
  const pendingTransactionId = isLinked ? row.transactionId : null
  const posted = transaction(row.accountId, date, amount, { pendingTransactionId })
  const told = [gone(row.transactionId), now(posted)]
  return isLate ? told.toReversed() : told
}

interface Step {
  readonly before: readonly Change[]
  readonly meanwhile: readonly { readonly call: number; readonly change: Change }[]
  readonly run: Omit<Run, 'meanwhile'>
}

const call = fc.integer({ min: 1, max: 10 })
export const trouble = fc.record({ call, code: fc.constantFrom(...troubles) })

const step: fc.Arbitrary<Step> = fc.record({
  before: fc.array(change, { maxLength: 12 }),
  meanwhile: fc.array(fc.record({ call, change }), { maxLength: 3 }),
  run: fc.record({
    size: fc.integer({ min: 1, max: 12 }),
    troubles: fc.oneof(
      { arbitrary: fc.constant([]), weight: 2 },
      { arbitrary: fc.array(trouble, { maxLength: 4 }), weight: 3 },
      // So often that the loop is given up, and all is read from the beginning.
      { arbitrary: fc.constant(sixTimes('TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION')), weight: 1 },
    ),
    isCutOff: fc.boolean(),
  }),
})

function sixTimes(code: Run['troubles'][number]['code']): Run['troubles'] {
  return [1, 2, 3, 4, 5, 6].map((call) => ({ call, code }))
}

const world = fc.record({
  isStrict: fc.boolean(),
  retentionDays: fc.constantFrom(730, 730, 30),
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
})

/** What should be in the ledger after a run that went well. */
function truth(bank: Bank, ledger: Ledger): Transaction[] {
  return bank.list().filter(({ date }) => date >= ledger.first())
}

const anyWorld = ledgerProperty(
  'sync',
  'after every run the ledger holds what the bank has, and after one that failed or was cut off what it held before',
  2_000,
  world,
  async (ledger, { isStrict, retentionDays, steps }) => {
    const bank = openBank(isStrict)
    await ledger.empty(retentionDays)
    let known: readonly Transaction[] = []
    const mustKnow = async (isDone: boolean) => {
      if (isDone) known = truth(bank, ledger)
      mustBeSame(await ledger.rows(), known)
    }
    for (const { before, meanwhile, run } of steps) {
      for (const one of before) bank.tell(toldOf(bank, one))
      const happening = meanwhile.map((one) => ({
        call: one.call,
        happen: () => bank.tell(toldOf(bank, one.change)),
      }))
      await mustKnow(await ledger.run(bank, { ...run, meanwhile: happening }))
    }
    await mustKnow(await ledger.run(bank, calm))
    // Once more is no event: all from the beginning is the same.
    await mustKnow(await ledger.run(bank, calm))
    await ledger.empty(retentionDays)
    await mustKnow(await ledger.run(bank, calm))
  },
)

export const syncWorlds = [anyWorld]
