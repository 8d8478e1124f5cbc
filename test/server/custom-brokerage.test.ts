import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'
import { customUserFile, hasPlaidFiles } from '../simulator/conformity.ts'
import { type FileHolding, holdingsIn } from './by-hand.ts'

type Position = Results['get_positions']['positions'][number]
const file = 'brokerage_custom_user'

describe.skipIf(!hasPlaidFiles)("Plaid's brokerage user (skipped without the files)", () => {
  let house: Household
  let copy: Copy
  beforeAll(async () => {
    house = await household()
    copy = await house.start()
    const typing = { username: 'user_custom', password: customUserFile(file) }
    await connectBank(copy, typing, { kind: 'brokerage' })
  })
  afterAll(() => house[Symbol.asyncDispose]())

  it('has the account as the file has it, which is less than its holdings are worth', async () => {
    const [connection] = (await copy.call('list_connections')).connections
    expect(connection?.accounts).toMatchObject([
      { type: 'investment', subtype: 'brokerage', name: 'Brokerage Test Account', current: 120 },
    ])
  })

  it('has all eighteen holdings, each at quantity times price', async () => {
    const { positions, complete, connections } = await copy.call('get_positions')
    expect(complete).toBe(true)
    expect(connections).toMatchObject([{ status: 'active' }])
    const held = new Map(positions.map((row) => [row.ticker, row]))
    const expected = holdingsIn(file)
    expect([positions.length, held.size, expected.length]).toEqual([18, 18, 18])
    for (const holding of expected) {
      expect(facts(held.get(holding.security.ticker_symbol))).toEqual(factsInFile(holding))
    }
  })

  it('tells the bitcoin apart, to its last digit', async () => {
    const { positions, totals } = await copy.call('get_positions')
    const coins = positions.filter(({ type }) => type === 'cryptocurrency')
    expect(coins).toMatchObject([
      // 0.00293644 x 19,999.54 = 58.7274...
      { ticker: 'CUR:BTC', quantity: 0.00293644, price: 19_999.54, value: 58.73, currency: 'USD' },
    ])
    expect(totals[0]?.by_type.cryptocurrency).toBe(58.73)
  })

  it('adds them up, and the weights to one', async () => {
    const { positions, totals } = await copy.call('get_positions')
    const cents = positions.reduce((sum, { value }) => sum + Math.round((value ?? Number.NaN) * 100), 0)
    expect(totals).toHaveLength(1)
    expect(Math.round((totals[0]?.value ?? 0) * 100)).toBe(cents)
    const kinds = Object.values(totals[0]?.by_type ?? {}).reduce((sum, value) => sum + value, 0)
    expect(kinds).toBeCloseTo(cents / 100, 5)
    expect(positions.reduce((sum, { weight }) => sum + (weight ?? 0), 0)).toBeCloseTo(1, 2)
    expect(positions.map(({ value }) => value)).toEqual(
      positions.map(({ value }) => value).toSorted((a = 0, b = 0) => b - a),
    )
  })
})

function facts(position: Position | undefined) {
  return {
    quantity: position?.quantity,
    price: position?.price,
    value: position?.value,
    cost: position?.cost_basis,
    gain: position?.unrealized_gain,
    currency: position?.currency,
  }
}

function factsInFile({ quantity, institution_price: price, cost_basis: cost }: FileHolding) {
  const value = roundedProduct(quantity, price)
  // In cents, since the difference of two decimals is not one.
  const gain = cost === undefined ? undefined : (Math.round(value * 100) - Math.round(cost * 100)) / 100
  return { quantity, price, value, cost, gain, currency: 'USD' }
}

/** To the cent, half away from zero, with whole numbers: the product of two decimals is not exact. */
function roundedProduct(a: number, b: number): number {
  const [left, right] = [scaled(a), scaled(b)]
  const unit = 10n ** 14n
  return Number((left * right + unit / 2n) / unit) / 100
}

/** As a whole number of hundred-millionths. */
function scaled(decimal: number): bigint {
  return BigInt(Math.round(decimal * 1e8))
}
