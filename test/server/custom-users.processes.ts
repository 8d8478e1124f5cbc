import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'
import { customUserFile, hasPlaidFiles } from '../simulator/conformity.ts'
import { flowByHand, rowsIn } from './by-hand.ts'

type Account = { type: string; subtype: string; current: number; available?: number; limit?: number }
const bank = (subtype: string, balance: number): Account => ({
  type: 'depository',
  subtype,
  current: balance,
  available: balance,
})

/** What each file says, worked out on paper; a balance that it leaves out is the Sandbox's 110 and 210. */
const users: Record<string, { accounts: Account[]; whole: [income: number, expenses: number] }> = {
  'transactions_checking+savings_custom_user': {
    accounts: [bank('checking', 110), bank('savings', 210)],
    // Payments of cards that are not connected: 398.34 + 1109.01 + 896.65 + 1708.12
    whole: [0, -4112.12],
  },
  auth_canada_custom_user: {
    accounts: [bank('checking', 6543.23), bank('savings', 275_649.12)],
    whole: [0, 0],
  },
  bank_income_basic: {
    accounts: [bank('checking', 110)],
    // Nine pays of 5000, three of 5500, interest of 4.22; the flight came back.
    whole: [61_504.22, -56_351.51],
  },
  selfEmployedGiguser: {
    accounts: [bank('savings', 30_000)],
    // 6 x 1000 of one, 6 x 1200 of the other, 6 x 1600 of his own business, interest of 4.22
    whole: [22_804.22, -3816.46],
  },
  credit_card_custom_user: {
    accounts: [
      { type: 'credit', subtype: 'credit card', current: 1245.67, available: 8754.33, limit: 10_000 },
    ],
    whole: [0, -1512.82],
  },
  student_loan_custom_user: {
    accounts: [{ type: 'loan', subtype: 'student', current: 45_123 }],
    whole: [0, 0],
  },
  assets_custom_user2: {
    accounts: [
      bank('savings', 210),
      bank('checking', 4300),
      { type: 'loan', subtype: 'student', current: 10_000 },
      { type: 'credit', subtype: 'credit card', current: 10_000 },
    ],
    // One pay of 5000; the oldest card payment lies two years and a week back, before any window.
    whole: [5000, -3273.38],
  },
}

/** All at once, since most of the time goes by with waiting for Link. */
const connected = new Map<string, { house: Household; copy: Copy; itemId: string }>()

async function connect(name: string) {
  const house = await household()
  const copy = await house.start()
  const typing = { username: 'user_custom', password: customUserFile(name) }
  const { item_id: itemId } = await connectBank(copy, typing)
  connected.set(name, { house, copy, itemId })
}

function of(name: string) {
  const found = connected.get(name)
  if (found === undefined) throw new Error(`${name} is not connected`)
  return found
}

describe.skipIf(!hasPlaidFiles)("Plaid's own custom users (skipped without the files)", () => {
  beforeAll(() => Promise.all(Object.keys(users).map(connect)))
  afterAll(() => Promise.all([...connected.values()].map(({ house }) => house[Symbol.asyncDispose]())))

  describe.each(Object.entries(users))('%s', (name, { accounts, whole }) => {
    it('has every account with every balance', async () => {
      const { copy, itemId } = of(name)
      const { connections } = await copy.call('list_connections')
      expect(connections).toHaveLength(1)
      expect(connections[0]).toMatchObject({ item_id: itemId, institution: 'First Platypus Bank' })
      expect(connections[0]?.accounts).toMatchObject(accounts.map((one) => ({ ...one, currency: 'USD' })))
      expect(connections[0]?.accounts.map(presentBalances)).toEqual(accounts.map(presentBalances))
    })

    it('adds the balances up', async () => {
      const [totals] = (await of(name).copy.call('sync_snapshot')).totals
      const sum = (type: string) =>
        accounts.reduce((all, one) => all + (one.type === type ? one.current : 0), 0)
      const [owned, card, loan] = [sum('depository'), sum('credit'), sum('loan')]
      expect(totals).toMatchObject({ currency: 'USD', credit_owed: card, loans_owed: loan, investments: 0 })
      expect(totals?.bank_balance).toBeCloseTo(owned, 5)
      expect(totals?.net_worth).toBeCloseTo(owned - card - loan, 5)
    })

    it.each([1, 30, 90, 730])('has the cash flow of the file over %i days', async (days) => {
      const { totals, window, complete } = await of(name).copy.call('sync_snapshot', { days })
      expect(complete).toBe(true)
      expect(window.days).toBe(days)
      const byHand = flowByHand(rowsIn(name, Date.now()), window)
      expect(inCents(totals[0])).toEqual({ ...byHand, net: byHand.income + byHand.expenses })
      expect(byHand.plain).toBe(byHand.income + byHand.expenses)
    })

    it('has the figures that were worked out on paper', async () => {
      const [totals] = (await of(name).copy.call('sync_snapshot', { days: 730 })).totals
      expect([totals?.income, totals?.expenses]).toEqual(whole)
      const net = Math.round((whole[0] + whole[1]) * 100) / 100
      expect([totals?.net_cash_flow, totals?.plain_net_cash_flow]).toEqual([net, net])
    })
  })
})

function presentBalances(account: Record<string, unknown>) {
  return ['current', 'available', 'limit'].filter((name) => name in account)
}

function inCents(totals: Results['sync_snapshot']['totals'][number] | undefined) {
  const cents = (amount: number | undefined) => Math.round((amount ?? Number.NaN) * 100)
  return {
    income: cents(totals?.income),
    expenses: cents(totals?.expenses),
    plain: cents(totals?.plain_net_cash_flow),
    net: cents(totals?.net_cash_flow),
  }
}
