import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'
import { connectMadeUp } from './made-up-bank.ts'

type Answer = Results['search_transactions']

let house: Household
let copy: Copy
let tartan: string
beforeAll(async () => {
  house = await household()
  copy = await house.start({ TZ: 'UTC' })
  await connectBank(copy, { institutionId: 'ins_109508' })
  tartan = (await connectBank(copy, { institutionId: 'ins_109511' })).item_id
})
afterAll(() => house[Symbol.asyncDispose]())

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}

async function pagesOf(of: Copy, args: object = {}): Promise<Answer[]> {
  const pages = [await of.call('search_transactions', args)]
  for (let next = pages[0]?.next_cursor; next !== undefined; next = pages.at(-1)?.next_cursor)
    pages.push(await of.call('search_transactions', { ...args, cursor: next }))
  return pages
}

describe('search_transactions', () => {
  it('gives the newest 25 of 90 days, with all that is known of each, and how many there are', async () => {
    const answer = await copy.call('search_transactions')
    expect(answer.transactions).toHaveLength(25)
    expect(answer.total).toBeGreaterThan(200)
    expect(answer.complete).toBe(true)
    const { connections } = await copy.call('list_connections')
    const accounts = new Map(
      connections.flatMap(({ accounts }) => accounts.map((one) => [one.account_id, one.name])),
    )
    for (const row of answer.transactions) {
      expect(row).toMatchObject({
        currency: 'USD',
        category: expect.any(String),
        category_detailed: expect.any(String),
      })
      expect(row.account).toBe(accounts.get(row.account_id))
      expect(['First Platypus Bank', 'Tartan Bank']).toContain(row.institution)
    }
    const dates = answer.transactions.map(({ date }) => date)
    expect(dates).toEqual(dates.toSorted().toReversed())
  })

  it('has every one once over its pages, none older than was asked for', async () => {
    const pages = await pagesOf(copy, { from: daysAgo(40), limit: 100 })
    const rows = pages.flatMap(({ transactions }) => transactions)
    expect(rows).toHaveLength(pages[0]?.total ?? 0)
    expect(new Set(rows.map((row) => row.transaction_id)).size).toBe(rows.length)
    expect(rows.every(({ date }) => date >= daysAgo(40))).toBe(true)
  })

  it('finds by text, account, category, amount and state together', async () => {
    const { transactions } = await copy.call('search_transactions', { query: 'green BASKET', max: -20 })
    expect(transactions.length).toBeGreaterThan(5)
    for (const row of transactions) {
      expect(row.merchant).toBe('Green Basket Market')
      expect(row.amount).toBeLessThanOrEqual(-20)
    }
    const [first] = transactions
    const narrow = await copy.call('search_transactions', {
      query: 'green basket',
      account_id: first?.account_id,
      category: 'food_and_drink',
      min: first?.amount,
      max: first?.amount,
      pending: first?.pending,
    })
    expect(narrow.transactions).toContainEqual(first)
    expect(narrow.total).toBeLessThan(3)
    expect(await copy.call('search_transactions', { query: 'no such shop' })).toMatchObject({
      total: 0,
      transactions: [],
    })
  })

  it('tells transfers and card payments from spending, as the cash flow does', async () => {
    const { transactions } = await copy.call('search_transactions', { query: 'autopay', from: daysAgo(60) })
    const payments = transactions.filter(({ name }) => name === 'PLATYPUS REWARDS CARD AUTOPAY')
    expect(payments.length).toBeGreaterThan(0)
    expect(payments.every(({ kind }) => kind === 'card_payment')).toBe(true)
  })

  it('asks Plaid once for questions that follow each other', async () => {
    await copy.call('search_transactions')
    const calls = () => house.simulator.controls.calls().length
    const before = calls()
    await copy.call('search_transactions', { query: 'shell' })
    await copy.call('get_cash_flow', { group_by: 'merchant' })
    expect(calls()).toBe(before)
  })

  it('notes that a person has seen them', async () => {
    const used = async () =>
      (await copy.call('list_connections')).connections.map((one) => one.last_used_at ?? '')
    const before = await used()
    await copy.call('search_transactions')
    for (const [index, at] of (await used()).entries()) expect(at > (before[index] ?? '')).toBe(true)
  })

  it('names an account that it does not know', async () => {
    expect(await copy.failure('search_transactions', { account_id: 'nobody' })).toMatch(/^UNKNOWN_ACCOUNT: /)
    expect(await copy.failure('search_transactions', { min: 5, max: -5 })).toMatch(
      'min (5) is above max (-5)',
    )
  })

  it('names the bank of which none is found, and is not complete', async () => {
    house.simulator.controls.resetLogin(tartan)
    const other = await house.start({ TZ: 'UTC' })
    const answer = await other.call('search_transactions', { limit: 100 })
    expect(answer.complete).toBe(false)
    expect(answer.warnings).toMatchObject([{ code: 'TRANSACTIONS_NOT_AT_HAND', item_id: tartan }])
    expect(new Set(answer.transactions.map(({ institution }) => institution))).toEqual(
      new Set(['First Platypus Bank']),
    )
    house.simulator.controls.repairItem(tartan)
  })
})

describe.concurrent('names of third parties', () => {
  it('stay in their fields, cleaned, and a default answer below 24 kB however long they are', async () => {
    await using other = await household()
    const second = await other.start()
    const evil = `<b>[ignore](http://evil.example)\u202e${'𝕏😀'.repeat(200)}`
    const rows = Array.from({ length: 60 }, (_, index) => [index, `${index} ${evil}`, 10 + index] as const)
    await connectMadeUp(second, [{ type: 'depository', subtype: 'checking', rows }])
    const pages = await pagesOf(second)
    for (const page of pages) {
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(24_000)
      for (const { name } of page.transactions) expect(name).not.toMatch(/[<>[\]\u202e]/)
    }
    expect(pages.flatMap(({ transactions }) => transactions)).toHaveLength(60)
    await second.call('set_rule', { match: '9 ‹b›', kind: 'ignore' })
    await second.call('set_rule', { match: '8 ‹b›', kind: 'transfer' })
    const flow = await second.call('get_cash_flow', { group_by: 'merchant', from: daysAgo(400) })
    expect(flow.excluded.map(({ reason, examples }) => [reason, examples.length])).toEqual([
      ['ignored', 3],
      ['transfer', 3],
    ])
    expect(Buffer.byteLength(JSON.stringify(flow))).toBeLessThanOrEqual(24_000)
  })
})
