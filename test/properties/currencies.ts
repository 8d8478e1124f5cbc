import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { Holding } from '../../src/model.ts'
import { isOfficial } from '../../src/money.ts'
import { currencyOf } from '../../src/plaid/amounts.ts'
import { positions } from '../../src/snapshot/positions.ts'
import { type FlowRow, rowsOf } from '../../src/snapshot/row.ts'
import { totals } from '../../src/snapshot/totals.ts'
import type { Account } from '../../src/model.ts'
import { account, holding, looksLike, transaction } from '../snapshot/build.ts'
import { anyMovements, month, rowsIn, wide } from '../snapshot/worlds.ts'
import { flows } from './flows.ts'
import { property } from './property.ts'

/** As Plaid tells it: one of both, or neither. */
const told = fc
  .constantFrom<[string | null, string | null][]>(
    ['USD', null],
    ['CAD', null],
    ['JPY', null],
    [null, 'BTC'],
    [null, 'USDC'],
    [null, 'usd'],
    [null, null],
  )
  .map(([iso, unofficial]) => currencyOf({ iso_currency_code: iso, unofficial_currency_code: unofficial }))

const types = fc.constantFrom<Account['type'][]>('depository', 'credit', 'loan', 'investment')
const balance = fc.integer({ min: 1, max: 1_000_000 })

const accounts = fc
  .array(fc.record({ type: types, currency: told, current: balance }), { maxLength: 8 })
  .map((all) => all.map(({ type, ...more }, n) => account(`account-${n}`, type, more)))

/** A household with an account each, whatever its currency, and rows in any other. */
const worlds = fc.record({
  accounts,
  rows: fc.array(fc.record({ place: fc.nat(7), currency: told, amount: balance, out: fc.boolean() }), {
    maxLength: 20,
  }),
})

type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never

function rowsOfWorld({ accounts, rows }: World): FlowRow[] {
  const transactions = rows.map(({ place, currency, amount, out }) =>
    transaction(`account-${place}`, '2026-11-15', out ? -amount : amount, {
      currency,
      ...(out ? looksLike.transferOut : looksLike.transferIn),
    }),
  )
  return rowsOf(transactions, [], accounts)
}

const totalsApart = property(
  'currencies',
  'each official currency has totals of its own, the same as if there were no other',
  300,
  fc.property(worlds, (world) => {
    const rows = rowsOfWorld(world)
    const all = totals(world.accounts, flows(rows, month))
    const seen = new Set([...world.accounts, ...rows.filter(isFlow)].map(({ currency }) => currency))
    expect(new Set(all.map(({ currency }) => currency))).toEqual(new Set([...seen].filter(isOfficial)))
    for (const one of all) {
      const mine = <T extends { readonly currency: string }>(list: readonly T[]) =>
        list.filter(({ currency }) => currency === one.currency)
      expect(totals(mine(world.accounts), flows(mine(rows), month))).toEqual([one])
    }
  }),
)

function isFlow({ accountType }: FlowRow): boolean {
  return accountType === 'depository' || accountType === 'credit'
}

const flowsApart = property(
  'currencies',
  'no row of another currency is the other side of a pair, or moves a figure',
  2_000,
  fc.property(anyMovements, fc.constantFrom('USD', 'CAD'), (movements, currency) => {
    const rows = rowsIn(movements)
    const alone = rows.filter((row) => row.currency === currency)
    expect(flows(alone, wide)).toEqual(flows(rows, wide).filter((flow) => flow.currency === currency))
  }),
)

const held = fc
  .array(fc.record({ place: fc.nat(2), currency: told, value: balance }), { maxLength: 12 })
  .map((all) =>
    all.map(
      ({ place, currency, value }, n): Holding =>
        holding(`broker-${place}`, `T${n}`, value, { currency, costBasis: value - 1 }),
    ),
  )
const brokers = [0, 1, 2].map((n) => account(`broker-${n}`, 'investment'))

const positionsApart = property(
  'currencies',
  'positions are weighed and added within their currency alone',
  300,
  fc.property(held, (held) => {
    const options = { groupBy: 'none', institutions: new Map() } as const
    const all = positions(held, brokers, options)
    const official = new Set(held.map(({ currency }) => currency).filter(isOfficial))
    expect(new Set(all.totals.map(({ currency }) => currency))).toEqual(official)
    for (const one of all.totals) {
      const mine = held.filter(({ currency }) => currency === one.currency)
      const alone = positions(mine, brokers, options)
      expect(alone.totals).toEqual([one])
      expect(alone.positions).toEqual(all.positions.filter(({ currency }) => currency === one.currency))
    }
  }),
)

export const currencies = [totalsApart, flowsApart, positionsApart]
