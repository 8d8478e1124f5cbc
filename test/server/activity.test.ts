import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'

let house: Household
let copy: Copy
let itemId: string

beforeAll(async () => {
  house = await household()
  copy = await house.start()
  itemId = (await connectBank(copy, { institutionId: 'ins_109512' }, { kind: 'brokerage' })).item_id
})
afterAll(() => house[Symbol.asyncDispose]())

interface Booking {
  readonly account_id: string
  readonly amount: number
  readonly subtype: string
}

/** What the bank itself says, past our own client. */
async function booked({ from, to }: { from: string; to: string }): Promise<Booking[]> {
  const { simulator } = house
  const token = simulator.controls.items().find((item) => item.itemId === itemId)?.accessToken
  const response = await fetch(`${simulator.url}/investments/transactions/get`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_id: simulator.clientId,
      secret: simulator.secret,
      access_token: token,
      start_date: from,
      end_date: to,
      options: { count: 500 },
    }),
  })
  const { investment_transactions: rows } = (await response.json()) as { investment_transactions: Booking[] }
  return rows
}

/** In dollars, money in positive: Plaid's sign is the other one. */
function sumOf(rows: readonly Booking[], ...subtypes: readonly string[]): number {
  const cents = rows
    .filter(({ subtype }) => subtypes.includes(subtype))
    .reduce((sum, { amount }) => sum - Math.round(amount * 100), 0)
  return cents === 0 ? 0 : cents / 100
}

const byHand = (rows: readonly Booking[]) => [
  {
    currency: 'USD',
    contributions: sumOf(rows, 'contribution', 'deposit'),
    withdrawals: sumOf(rows, 'withdrawal'),
    dividends: sumOf(rows, 'dividend'),
    interest: sumOf(rows, 'interest'),
    fees: sumOf(rows, 'account fee'),
  },
]

describe('the activity of a brokerage', () => {
  it.each([30, 90, 365])('over %d days is what the bank booked', async (days) => {
    const { activity, period } = await copy.call('get_positions', { days })
    const rows = await booked(period)
    expect(rows.length).toBeGreaterThan(4)
    expect(activity).toEqual(byHand(rows))
  })

  it('over a year has dividends, contributions and the yearly fee', async () => {
    const { activity } = await copy.call('get_positions', { days: 365 })
    expect(activity[0]?.contributions).toBeGreaterThan(12 * 700)
    expect(activity[0]?.dividends).toBeGreaterThan(0)
    expect(activity[0]?.fees).toBe(-25)
  })

  it('is that of one account where one is asked for', async () => {
    const whole = await copy.call('get_positions', { limit: 100 })
    const [accountId = ''] = whole.positions.flatMap((row) => row.account_id ?? [])
    const { activity } = await copy.call('get_positions', { account_id: accountId })
    const rows = (await booked(whole.period)).filter((row) => row.account_id === accountId)
    expect(activity).toEqual(byHand(rows))
  })

  it('is the same when the bank is broken, for another copy and without any row', async () => {
    const before = await copy.call('get_positions', { days: 90 })
    house.simulator.controls.resetLogin(itemId)
    const after = await (await house.start()).call('get_positions', { days: 90 })
    expect(after.activity).toEqual(before.activity)
  })
})

describe('positions of every odd kind', () => {
  const holding = (ticker: string, quantity: number, price: number, more: object = {}) => ({
    quantity,
    institution_price: price,
    currency: 'USD',
    security: { ticker_symbol: ticker, currency: 'USD' },
    ...more,
  })
  const portfolio = {
    type: 'investment',
    subtype: 'brokerage',
    starting_balance: 5_000,
    force_available_balance: 750,
    meta: { name: 'Odd ones' },
    holdings: [
      holding('CUR:USD', 750, 1, { cost_basis: 750 }),
      // One contract of a hundred shares.
      holding('NFLX281215C00600000', 100, 3.1, { cost_basis: 250 }),
      holding('GME', -20, 25.5, { cost_basis: -600 }),
      holding('VXUS', 10, 60),
      holding('CUR:BTC', 0.00000001, 100_000_000_000, { cost_basis: 400 }),
      holding('SHOP', 3, 100, {
        cost_basis: 250,
        currency: 'CAD',
        security: { ticker_symbol: 'SHOP', currency: 'CAD' },
      }),
    ],
  }

  it('are all there, each total by itself and cash counted once', async () => {
    await using other = await household()
    const mine = await other.start()
    const password = JSON.stringify({ override_accounts: [portfolio] })
    await connectBank(mine, { username: 'user_custom', password }, { kind: 'brokerage' })
    const { positions, totals, activity } = await mine.call('get_positions')
    const shown = positions.map(({ ticker, quantity, value, cost_basis: cost, unrealized_gain: gain }) => [
      ticker,
      quantity,
      value,
      cost,
      gain,
    ])
    expect(shown).toEqual([
      ['CUR:BTC', 1e-8, 1_000, 400, 600],
      ['CUR:USD', 750, 750, 750, 0],
      ['VXUS', 10, 600, undefined, undefined],
      ['NFLX281215C00600000', 100, 310, 250, 60],
      ['GME', -20, -510, -600, 90],
      ['SHOP', 3, 300, 250, 50],
    ])
    expect(totals).toEqual([
      {
        currency: 'USD',
        value: 2_150,
        cost_basis: 800,
        unrealized_gain: 750,
        without_cost: 1,
        by_type: { cryptocurrency: 1_000, cash: 750, etf: 600, derivative: 310, equity: -510 },
      },
      { currency: 'CAD', value: 300, cost_basis: 250, unrealized_gain: 50, by_type: { equity: 300 } },
    ])
    const nothing = { contributions: 0, withdrawals: 0, dividends: 0, interest: 0, fees: 0 }
    expect(activity).toEqual([{ currency: 'USD', ...nothing }])
    const [usd] = (await mine.call('sync_snapshot')).totals
    expect(usd).toMatchObject({ investments: 5_000, net_worth: 5_000 })
  })
})
