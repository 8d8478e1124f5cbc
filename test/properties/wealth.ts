import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { Account } from '../../src/model.ts'
import { balances } from '../../src/snapshot/balances.ts'
import {
  type Happening,
  happenings,
  household,
  type Movements,
  rowsIn,
  shown,
  wide,
} from '../snapshot/worlds.ts'
import { flowOf } from './flows.ts'
import { property, sum } from './property.ts'

const worlds = 2_000
const currency = fc.constantFrom('USD', 'JPY', 'KWD')
const opening = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000_000 }), {
  minLength: household.length,
  maxLength: household.length,
})
const valuation = fc.integer({ min: -1_000_000, max: 1_000_000 })

/** The same accounts with these balances; what another login shows too has one that must not count. */
function holding(openings: readonly number[], currency: string): Account[] {
  return household.map((account, n) => ({ ...account, currency, current: openings[n] ?? 0 }))
}

/** After all of it has gone through, and the market has moved. What is owed grows when money goes out. */
function after(accounts: readonly Account[], movements: Movements, valuation: number): Account[] {
  const all = [...movements.transactions, ...movements.investments]
  return accounts.map((account) => {
    const change = sum(
      all.filter(({ accountId }) => accountId === account.accountId).map(({ amount }) => amount),
    )
    const owes = account.type === 'credit' || account.type === 'loan'
    const gain = account.type === 'investment' ? valuation : 0
    return { ...account, current: (account.current ?? 0) + (owes ? -change : change) + gain }
  })
}

function worth(accounts: readonly Account[]) {
  const [figures] = balances(accounts)
  if (figures === undefined) throw new TypeError('no account')
  return figures
}

const total = (all: readonly Happening[], ...kinds: Happening['kind'][]) =>
  sum(all.filter(({ kind }) => kinds.includes(kind)).map(({ amount }) => amount))

const conservation = property(
  'conservation',
  'net cash flow, change of value and what a loan shrank by are the change of all balances',
  worlds,
  fc.property(
    happenings(undefined, ['both', 'from', 'to']),
    currency,
    opening,
    valuation,
    (story, currency, openings, valuation) => {
      const movements = shown(story, currency)
      const before = holding(openings, currency)
      const [then, now] = [worth(before), worth(after(before, movements, valuation))]
      const { netCashFlow } = flowOf(rowsIn(movements), wide)
      const repaid = total(story, 'loanPayment')
      expect(netCashFlow + valuation + repaid).toBe(now.netWorth - then.netWorth)
      expect(then.loansOwed - now.loansOwed).toBe(repaid)
    },
  ),
)

const earnedAndSpent = property(
  'conservation',
  'income is what was earned, expenses what was spent and not given back',
  worlds,
  fc.property(happenings(), (story) => {
    const flow = flowOf(rowsIn(shown(story)), wide)
    const earned = total(story, 'salary', 'interest')
    const spent = total(story, 'purchase', 'fee', 'loanPayment') - total(story, 'refund')
    expect(flow.income).toBe(earned + Math.max(0 - spent, 0))
    expect(flow.expenses).toBe(Math.min(0 - spent, 0))
    expect(flow.transfersExcluded).toBe(total(story, 'transfer', 'contribution', 'withdrawal'))
    expect(flow.cardPaymentsExcluded).toBe(total(story, 'cardPayment'))
    expect(flow.unmatchedTransfers).toEqual({ count: 0, sum: 0 })
  }),
)

const life = happenings(['purchase', 'salary', 'interest', 'fee', 'loanPayment'])

const transfers = property(
  'own transfers',
  'income, expenses and net stay, however often money is moved between own accounts',
  worlds,
  fc.property(life, happenings(['transfer', 'contribution', 'withdrawal']), (story, moves) => {
    const before = flowOf(rowsIn(shown(story)), wide)
    const after = flowOf(rowsIn(shown([...story, ...moves])), wide)
    expect(after).toMatchObject({
      income: before.income,
      expenses: before.expenses,
      netCashFlow: before.netCashFlow,
      transfersExcluded: before.transfersExcluded + sum(moves.map(({ amount }) => amount)),
    })
  }),
)

const cardPayments = property(
  'card payments',
  'a purchase on a card is spent once, however the card is paid',
  worlds,
  fc.property(life, happenings(['cardPayment']), (story, payments) => {
    const bought = payments.map(
      (paid): Happening => ({ ...paid, kind: 'purchase', from: paid.to, to: 'shop' }),
    )
    const spent = sum(bought.map(({ amount }) => amount))
    const before = flowOf(rowsIn(shown(story)), wide)
    const after = flowOf(rowsIn(shown([...story, ...bought, ...payments])), wide)
    expect(after).toMatchObject({
      income: before.income,
      expenses: before.expenses - spent,
      netCashFlow: before.netCashFlow - spent,
      cardPaymentsExcluded: before.cardPaymentsExcluded + spent,
    })
  }),
)

const refunds = property(
  'refunds',
  'what is given back in full was neither spent nor earned',
  worlds,
  fc.property(life, happenings(['purchase']), (story, bought) => {
    const back = bought.map((one): Happening => ({ ...one, kind: 'refund', from: 'shop', to: 'card' }))
    const before = flowOf(rowsIn(shown(story)), wide)
    const after = flowOf(rowsIn(shown([...story, ...bought, ...back])), wide)
    expect(after).toMatchObject({
      income: before.income,
      expenses: before.expenses,
      netCashFlow: before.netCashFlow,
    })
  }),
)

export const wealth = [conservation, earnedAndSpent, transfers, cardPayments, refunds]
