import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'

const day = 86_400_000
let house: Household
let copy: Copy
let itemId: string
let accounts: Map<string, string>
let brokerageAccount: string
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const from = dayOf(Date.now() - 20 * day)

beforeAll(async () => {
  house = await household()
  copy = await house.start()
  const bank = await connectBank(copy, { institutionId: 'ins_109508' })
  itemId = bank.item_id
  const broker = await connectBank(copy, { institutionId: 'ins_109512' }, { kind: 'brokerage' })
  accounts = new Map(bank.accounts.map((one) => [one.subtype ?? '', one.account_id]))
  brokerageAccount = broker.accounts.find(({ type }) => type === 'investment')?.account_id ?? ''
})
afterAll(() => house[Symbol.asyncDispose]())

const reconcile = (account: string, opening: number) =>
  copy.call('reconcile_account', { account_id: account, from, opening_balance: opening })
const cents = (amount: number) => Math.round(amount * 100)

/** The opening balance with which the account adds up. */
async function rightOpening(account: string): Promise<number> {
  return cents((await reconcile(account, 0)).discrepancy) / 100
}

describe.each(['checking', 'savings', 'credit card'])('a %s account', (subtype) => {
  it('adds up from the balance that it had', async () => {
    const account = accounts.get(subtype) ?? ''
    const opening = await rightOpening(account)
    const result = await reconcile(account, opening)
    expect(result).toMatchObject({ discrepancy: 0, from, opening, currency: 'USD', suspects: [] })
    expect(cents(result.expected)).toBe(cents(result.actual))
    expect(result.suggestions.join()).toMatch(/adds up/)
    const shown = (await copy.call('list_connections')).connections
      .flatMap((one) => one.accounts)
      .find((one) => one.account_id === account)
    expect(result.actual).toBe(shown?.current)
  })
})

describe('a discrepancy', () => {
  it('is told to the cent with the transaction that the balance lacks, and what is pending', async () => {
    const account = accounts.get('checking') ?? ''
    const opening = await rightOpening(account)
    const date = dayOf(Date.now() - 2 * day)
    const row = { date, authorized: date, amount: 123.45, text: 'Roof repair', pending: false }
    house.simulator.controls.addTransaction(itemId, row)
    house.simulator.controls.addTransaction(itemId, {
      ...row,
      amount: 9.99,
      text: 'Book shop',
      pending: true,
    })
    await copy.call('sync_snapshot', { max_age_minutes: 0 })
    const { discrepancy, suspects, suggestions } = await reconcile(account, opening)
    expect(discrepancy).toBe(123.45)
    expect(suspects[0]).toMatchObject({ date, amount: -123.45, name: 'Roof repair' })
    expect(suspects.some(({ name, reason }) => name === 'Book shop' && /pending/.test(reason))).toBe(true)
    expect(suggestions.length).toBeGreaterThan(0)
  })
})

describe('what cannot be reconciled', () => {
  it('is said with the reason', async () => {
    const ask = (args: object) => copy.failure('reconcile_account', args)
    expect(await ask({ account_id: 'nobody' })).toMatch(/^UNKNOWN_ACCOUNT: /)
    expect(await ask({ account_id: brokerageAccount })).toMatch(/^PRODUCT_UNAVAILABLE: .*market/)
    const account_id = accounts.get('savings') ?? ''
    expect(await ask({ account_id, from: dayOf(Date.now() + day) })).toMatch(/^INVALID_ARGUMENTS: from/)
    expect(await ask({ account_id, from: '2026-13-40' })).toMatch(/^INVALID_ARGUMENTS: .*from/)
    expect(await ask({ account_id, from: '2026-02-30', opening_balance: 1 })).toMatch(/from: is no day/)
  })
})
