import { describe, expect, it } from 'vitest'
import type { InvestmentTransaction, Transaction } from '../../src/model.ts'
import type { CurrencyFlow } from '../../src/snapshot/flow.ts'
import { flowTotals } from './flow-totals.ts'
import { rowsOf } from '../../src/snapshot/row.ts'
import { account, category, investment, looksLike, transaction } from './build.ts'

const accounts = [
  account('checking', 'depository'),
  account('savings', 'depository'),
  account('card', 'credit'),
  account('visa', 'credit'),
  account('mortgage', 'loan'),
  account('brokerage', 'investment'),
  account('twin', 'depository', { sameAs: 'checking' }),
]
const window = { from: '2026-11-01', to: '2026-11-30', days: 30, time_zone: 'UTC' }
const quiet = {
  income: 0,
  expenses: 0,
  netCashFlow: 0,
  plainNetCashFlow: 0,
  pendingNet: 0,
  transfersExcluded: 0,
  cardPaymentsExcluded: 0,
  unmatchedTransfers: { count: 0, sum: 0 },
}

function flow(
  transactions: Transaction[],
  investments: InvestmentTransaction[] = [],
): CurrencyFlow | undefined {
  return flowTotals(rowsOf(transactions, investments, accounts), window)[0]
}

/** On the 10th unless told otherwise. */
function row(accountId: string, amount: number, more: Partial<Transaction> = {}): Transaction {
  return transaction(accountId, more.date ?? '2026-11-10', amount, more)
}

interface Case {
  name: string
  rows: Transaction[]
  investments?: InvestmentTransaction[]
  is: Partial<CurrencyFlow>
}

const on = (day: string) => ({ date: `2026-11-${day}` })
const text = (name: string) => ({ name })

describe('what counts as what', () => {
  const cases: Case[] = [
    {
      name: 'income and expenses by sign where nothing is known',
      rows: [row('checking', 5000), row('checking', -1200), row('card', -300)],
      is: { income: 5000, expenses: -1500, netCashFlow: 3500, plainNetCashFlow: 3500 },
    },
    {
      name: 'a transfer between own accounts, by the category of one side',
      rows: [row('checking', -700, looksLike.transferOut), row('savings', 700, on('12'))],
      is: { transfersExcluded: 700 },
    },
    {
      name: 'a transfer between own accounts, by text',
      rows: [row('checking', -700, text('Online Transfer to SAV ...1234')), row('savings', 700)],
      is: { transfersExcluded: 700 },
    },
    {
      name: 'amount and date alone are no pair',
      rows: [row('checking', -700), row('savings', 700)],
      is: { income: 700, expenses: -700 },
    },
    {
      name: 'four days apart are a pair, five are none',
      rows: [
        row('checking', -700, { ...looksLike.transferOut, ...on('01') }),
        row('savings', 700, { ...looksLike.transferIn, ...on('05') }),
        row('checking', -900, { ...looksLike.transferOut, ...on('10') }),
        row('savings', 900, { ...looksLike.transferIn, ...on('15') }),
      ],
      is: {
        transfersExcluded: 700,
        income: 900,
        expenses: -900,
        unmatchedTransfers: { count: 2, sum: 0 },
      },
    },
    {
      name: 'what Plaid surely calls income is never paired',
      rows: [row('checking', -700, looksLike.transferOut), row('savings', 700, looksLike.salary)],
      is: { income: 700, expenses: -700, unmatchedTransfers: { count: 1, sum: -700 } },
    },
    {
      name: 'what Plaid surely calls a purchase is never paired, whatever its text',
      rows: [
        row('checking', -700, { ...looksLike.groceries, name: 'TRANSFER MARKET' }),
        row('savings', 700, looksLike.transferIn),
      ],
      is: { income: 700, expenses: -700, unmatchedTransfers: { count: 1, sum: 700 } },
    },
    {
      name: 'a doubtful purchase may be paired',
      rows: [
        row('checking', -700, { category: category('GENERAL_SERVICES', 'OTHER', 'MEDIUM') }),
        row('savings', 700, looksLike.transferIn),
      ],
      is: { transfersExcluded: 700 },
    },
    {
      name: 'the payment of a connected card; its purchases are the expense',
      rows: [
        row('card', -300, looksLike.groceries),
        row('checking', -300, looksLike.cardPayment),
        row('card', 300, { ...on('13'), name: 'PAYMENT THANK YOU' }),
      ],
      is: { expenses: -300, netCashFlow: -300, cardPaymentsExcluded: 300 },
    },
    {
      name: 'the payment of a card that is not connected, by category',
      rows: [row('checking', -300, looksLike.cardPayment)],
      is: { expenses: -300, netCashFlow: -300 },
    },
    {
      name: 'the payment of a card that is not connected, by text',
      rows: [row('checking', -300, text('Discover credit card payment'))],
      is: { expenses: -300, netCashFlow: -300 },
    },
    {
      name: 'a card payment from an account that is not connected is no income',
      rows: [row('card', -450, looksLike.groceries), row('card', 300, text('AUTOMATIC PAYMENT - THANK YOU'))],
      is: { expenses: -450, netCashFlow: -450, cardPaymentsExcluded: 300, plainNetCashFlow: -150 },
    },
    {
      name: 'a card payment that came back, on both sides',
      rows: [
        row('checking', 300, text('RETURNED CREDIT CARD PAYMENT')),
        row('card', -300, text('RETURNED PAYMENT')),
      ],
      is: { cardPaymentsExcluded: 300 },
    },
    {
      name: 'a balance moved from card to card',
      rows: [row('visa', -300, looksLike.transferOut), row('card', 300, looksLike.transferIn)],
      is: { cardPaymentsExcluded: 300 },
    },
    {
      name: 'a cash advance into the own account',
      rows: [row('card', -300, text('CASH ADVANCE TRANSFER')), row('checking', 300, looksLike.transferIn)],
      is: { transfersExcluded: 300 },
    },
    {
      name: 'a contribution to a connected brokerage',
      rows: [row('checking', -500, text('ACH DEBIT'))],
      investments: [investment('brokerage', '2026-11-12', 500)],
      is: { transfersExcluded: 500 },
    },
    {
      name: 'a contribution seen in the cash of the brokerage account',
      rows: [row('checking', -500, looksLike.transferOut), row('brokerage', 500)],
      is: { transfersExcluded: 500 },
    },
    {
      name: 'a withdrawal from a connected brokerage',
      rows: [row('checking', 500, text('MOBILE DEPOSIT'))],
      investments: [investment('brokerage', '2026-11-08', -500, { subtype: 'withdrawal' })],
      is: { transfersExcluded: 500 },
    },
    {
      name: 'a purchase of shares is no other side',
      rows: [row('checking', 500, looksLike.transferIn)],
      investments: [investment('brokerage', '2026-11-10', -500, { type: 'buy', subtype: 'buy' })],
      is: { income: 500, unmatchedTransfers: { count: 1, sum: 500 } },
    },
    {
      name: 'transfers to and from people',
      rows: [row('checking', -250, text('Zelle to Sam')), row('checking', 90, text('VENMO CASHOUT'))],
      is: { income: 90, expenses: -250, netCashFlow: -160, unmatchedTransfers: { count: 2, sum: -160 } },
    },
    {
      name: 'a loan payment by category',
      rows: [row('checking', -1800, looksLike.loanPayment)],
      is: { expenses: -1800, netCashFlow: -1800 },
    },
    {
      name: 'a payment into a connected loan, even where it pairs',
      rows: [row('checking', -1800, looksLike.transferOut), row('mortgage', 1800, on('12'))],
      is: { expenses: -1800, netCashFlow: -1800 },
    },
    {
      name: 'a loan payment beside an equal transfer into savings',
      rows: [row('checking', -1800, looksLike.loanPayment), row('savings', 1800, looksLike.transferIn)],
      is: { income: 1800, expenses: -1800, unmatchedTransfers: { count: 1, sum: 1800 } },
    },
    {
      name: 'money drawn from a connected loan',
      rows: [
        row('mortgage', -9000),
        row('checking', 9000, { category: category('LOAN_DISBURSEMENTS', 'OTHER_DISBURSEMENT') }),
      ],
      is: { transfersExcluded: 9000 },
    },
    {
      name: 'a refund on a card',
      rows: [row('card', -300), row('card', 120)],
      is: { expenses: -180, netCashFlow: -180 },
    },
    {
      name: 'a reward on a card, though Plaid calls it income',
      rows: [row('card', -300), row('card', 20, looksLike.salary)],
      is: { expenses: -280, netCashFlow: -280 },
    },
    {
      name: 'a refund by merchant of an earlier purchase',
      rows: [
        row('checking', -300, { merchant: 'Outdoor Shop', ...on('03') }),
        row('checking', 120, { merchant: 'OUTDOOR SHOP' }),
      ],
      is: { expenses: -180, netCashFlow: -180 },
    },
    {
      name: 'a refund on the day of the purchase',
      rows: [
        row('checking', -300, { merchant: 'Outdoor Shop' }),
        row('checking', 120, { merchant: 'Outdoor Shop' }),
      ],
      is: { expenses: -180, netCashFlow: -180 },
    },
    {
      name: 'a purchase that comes later makes no refund',
      rows: [
        row('checking', -300, { merchant: 'Outdoor Shop', ...on('23') }),
        row('checking', 120, { merchant: 'Outdoor Shop' }),
      ],
      is: { income: 120, expenses: -300, netCashFlow: -180 },
    },
    {
      name: 'a refund sixty days after the purchase',
      rows: [
        row('checking', -300, { merchant: 'Outdoor Shop', date: '2026-09-11' }),
        row('checking', -200),
        row('checking', 120, { merchant: 'Outdoor Shop' }),
      ],
      is: { expenses: -80, netCashFlow: -80, plainNetCashFlow: -80 },
    },
    {
      name: 'money from a shop where nothing was bought for more than sixty days',
      rows: [
        row('checking', -300, { merchant: 'Outdoor Shop', date: '2026-09-10' }),
        row('checking', -200),
        row('checking', 120, { merchant: 'Outdoor Shop' }),
      ],
      is: { income: 120, expenses: -200, netCashFlow: -80, plainNetCashFlow: -80 },
    },
    {
      name: 'a refund after several purchases, by the last one before it',
      rows: [
        row('checking', -300, { merchant: 'Outdoor Shop', ...on('20') }),
        row('checking', -300, { merchant: 'Outdoor Shop', ...on('03') }),
        row('checking', 120, { merchant: 'Outdoor Shop' }),
      ],
      is: { expenses: -480, netCashFlow: -480 },
    },
    {
      name: 'money from where money was only sent to',
      rows: [
        row('checking', -300, { merchant: 'Sam', ...on('03'), ...looksLike.transferOut }),
        row('checking', 120, { merchant: 'Sam' }),
      ],
      is: { income: 120, expenses: -300, unmatchedTransfers: { count: 1, sum: -300 } },
    },
    {
      name: 'wages from a shop where one buys',
      rows: [
        row('checking', -300, { merchant: 'Outdoor Shop', ...on('03') }),
        row('checking', 2000, { merchant: 'Outdoor Shop', ...looksLike.salary }),
      ],
      is: { income: 2000, expenses: -300, netCashFlow: 1700 },
    },
    {
      name: 'a refund by category',
      rows: [row('checking', -300), row('checking', 120, looksLike.groceries)],
      is: { expenses: -180, netCashFlow: -180 },
    },
    {
      name: 'refunds beyond the expenses are income',
      rows: [row('card', -300), row('card', 420)],
      is: { income: 120, netCashFlow: 120 },
    },
    {
      name: 'fees, interest and dividends',
      rows: [
        row('checking', -35, looksLike.fee),
        row('savings', 12, looksLike.interest),
        row('checking', 40, looksLike.dividend),
        row('checking', 35, looksLike.fee),
      ],
      is: { income: 52, netCashFlow: 52 },
    },
    {
      name: 'salary taken back',
      rows: [row('checking', 2000, looksLike.salary), row('checking', -500, looksLike.salary)],
      is: { income: 2000, expenses: -500, netCashFlow: 1500 },
    },
    {
      name: 'pending rows, apart from everything else',
      rows: [row('card', -80, { pending: true }), row('checking', 30, { pending: true }), row('card', -20)],
      is: { expenses: -20, netCashFlow: -20, plainNetCashFlow: -20, pendingNet: -50 },
    },
    {
      name: 'a pending other side',
      rows: [row('checking', -700, looksLike.transferOut), row('savings', 700, { pending: true })],
      is: { transfersExcluded: 700, plainNetCashFlow: -700, pendingNet: 700 },
    },
    {
      name: 'a posted other side rather than a nearer pending one',
      rows: [
        row('checking', -700, looksLike.transferOut),
        row('savings', 700, { ...on('13'), ...looksLike.transferIn }),
        row('savings', 700, { ...on('10'), ...looksLike.transferIn, pending: true }),
      ],
      is: { transfersExcluded: 700, pendingNet: 700 },
    },
    {
      name: 'nothing on loan and investment accounts',
      rows: [row('mortgage', -400), row('brokerage', 900)],
      is: {},
    },
    {
      name: 'one account seen through two logins once',
      rows: [row('checking', -45), row('twin', -45)],
      is: { expenses: -45, netCashFlow: -45 },
    },
  ]

  it.each(cases)('$name', ({ rows, investments, is }) => {
    const total = rows
      .filter((t) => !t.pending && !['mortgage', 'brokerage', 'twin'].includes(t.accountId))
      .reduce((sum, t) => sum + t.amount, 0)
    const netCashFlow = (is.income ?? 0) + (is.expenses ?? 0)
    const nothing = { ...quiet, currency: 'USD', monthlyBurn: 0 }
    const { currency: _, ...figures } = flow(rows, investments) ?? nothing
    expect(figures).toEqual({
      ...quiet,
      plainNetCashFlow: total,
      netCashFlow,
      monthlyBurn: netCashFlow,
      ...is,
    })
  })
})
