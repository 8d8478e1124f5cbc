import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'

type Upcoming = Results['get_upcoming']
let house: Household
let copy: Copy
let bankId: string
let otherId: string
let before: Upcoming
let after: Upcoming

/** The person agrees to share what is due, as the warning says. */
async function shareDues(itemId: string, at = copy): Promise<void> {
  const link = await at.call('start_reauth', { item_id: itemId, add_products: ['liabilities'] })
  await finishLink(link.url ?? '', 'success', { username: 'user_good', password: 'pass_good' })
  const { outcome } = await at.call('check_connection', { link_id: link.link_id, wait_seconds: 15 })
  expect(outcome).toBe('repaired')
}

beforeAll(async () => {
  house = await household()
  copy = await house.start()
  bankId = (await connectBank(copy, { institutionId: 'ins_109508' })).item_id
  otherId = (await connectBank(copy, { institutionId: 'ins_109511' })).item_id
  await connectBank(copy, { institutionId: 'ins_109512' }, { kind: 'brokerage' })
  before = await copy.call('get_upcoming')
  await shareDues(bankId)
  await shareDues(otherId)
  after = await copy.call('get_upcoming', { days: 45 })
})
afterAll(() => house[Symbol.asyncDispose]())

function begun(itemId: string): boolean {
  const item = house.simulator.controls.items().find((one) => one.itemId === itemId)
  return Object.keys(item?.products ?? {}).includes('liabilities')
}

describe('due dates that are not shared', () => {
  it('are named with the step, and not begun: Plaid would bill them', () => {
    const said = before.warnings.filter(({ code }) => code === 'LIABILITIES_NOT_SHARED')
    expect(new Set(said.map(({ item_id }) => item_id))).toEqual(new Set([bankId, otherId]))
    expect(said[0]?.text).toMatch(/start_reauth with item_id=\S+ and add_products=\["liabilities"\]/)
    expect(before.due).toEqual([])
    const calls = house.simulator.controls.calls().map(({ path }) => path)
    expect(calls.indexOf('/liabilities/get')).toBeGreaterThan(
      calls.lastIndexOf('/item/public_token/exchange'),
    )
  })

  it('are there once the person has agreed', () => {
    expect([begun(bankId), begun(otherId)]).toEqual([true, true])
    expect(after.warnings.filter(({ code }) => code.endsWith('NOT_SHARED'))).toEqual([])
    expect(after.due.map(({ kind }) => kind).sort()).toEqual(['credit', 'credit', 'mortgage'])
  })
})

describe('get_upcoming', () => {
  it('tells of each card and loan what is due, the first due first', () => {
    expect(after.complete).toBe(true)
    for (const row of after.due) {
      expect(row).toMatchObject({ is_overdue: false, currency: 'USD', institution: expect.any(String) })
      for (const name of ['due_date', 'minimum_payment', 'apr', 'paid_from']) expect(row).toHaveProperty(name)
    }
    expect(after.due.find(({ kind }) => kind === 'mortgage')).toMatchObject({
      minimum_payment: 2037.83,
      apr: 3.125,
    })
    const dates = after.due.map((row) => row.due_date ?? '')
    expect(dates).toEqual(dates.toSorted())
    expect(dates.every((date) => date >= after.window.from && date <= after.window.to)).toBe(true)
  })

  it('expects the salaries and bills of the household, each once for a payment that is due', () => {
    const names = after.expected.map(({ name }) => name)
    for (const name of ['NORTHWIND LABS PAYROLL DIR DEP', 'FIBERLANE INTERNET', 'Netflix', 'Spotify'])
      expect(names).toContain(name)
    const pay = after.expected.find(({ name }) => name.startsWith('NORTHWIND'))
    expect(pay).toMatchObject({
      kind: 'income',
      amount: 2612.37,
      cadence: 'semimonthly',
      account: 'Everyday Checking',
    })
    const due = after.due.find(({ kind }) => kind === 'mortgage')?.due_date ?? ''
    const loans = after.expected.filter(({ name }) => name.includes('MORTGAGE'))
    expect(loans.filter(({ date }) => date.slice(0, 7) === due.slice(0, 7))).toEqual([])
  })

  it('has a lowest balance for each bank account that its own rows explain', () => {
    expect(after.lowest.map(({ account }) => account).sort()).toEqual([
      'Everyday Checking',
      'Rainy Day Savings',
      'Tartan Checking',
    ])
    for (const row of after.lowest) expect(row.lowest_balance).toBe(lowestByHand(row.account_id, row.current))
  })

  it('of one day is only today', async () => {
    const today = await copy.call('get_upcoming', { days: 1 })
    expect(today.window.from).toBe(today.window.to)
    for (const { date } of today.expected) expect(date).toBe(today.window.from)
  })

  it.each([0, 91, 1.5])('of %d days is refused', async (days) => {
    expect(await copy.failure('get_upcoming', { days })).toMatch(/^INVALID_ARGUMENTS: .*days/)
  })

  it('stays small', async () => {
    const most = await copy.call('get_upcoming', { days: 90 })
    expect(Buffer.byteLength(JSON.stringify(most))).toBeLessThanOrEqual(24_000)
  })
})

/** In cents, day by day, from what the answer itself lists. */
function lowestByHand(accountId: string, current: number): number {
  const cents = (amount: number) => Math.round(amount * 100)
  const steps = [
    ...after.expected
      .filter((row) => row.account_id === accountId)
      .map((row) => [row.date, cents(row.amount)] as const),
    ...after.due
      .filter((row) => row.paid_from === accountId)
      .map((row) => [row.due_date ?? '', -cents(row.expected_payment ?? 0)] as const),
  ]
  const days = [...new Set(steps.map(([date]) => date))]
  const balances = days.map((day) =>
    steps.reduce((sum, [date, amount]) => sum + (date <= day ? amount : 0), cents(current)),
  )
  return Math.min(cents(current), ...balances) / 100
}

describe('a bank that broke', () => {
  it('still has its due dates, with their age; what recurs there is said to be missing', async () => {
    house.simulator.controls.resetLogin(bankId)
    const fresh = await house.start()
    const broken = await fresh.call('get_upcoming', { days: 45 })
    expect(broken.complete).toBe(false)
    expect(broken.connections.find(({ item_id }) => item_id === bankId)).toMatchObject({
      status: 'needs_reauth',
      source: 'cached',
      data_as_of: expect.any(String),
      next_step: { tool: 'start_reauth' },
    })
    const here = (all: Upcoming) =>
      all.due.filter(({ item_id }) => item_id === bankId).map(({ due_date }) => due_date)
    expect(here(broken)).toEqual(here(after))
    expect(broken.warnings.filter(({ code }) => code === 'EXPECTED_NOT_KNOWN')).toMatchObject([
      { item_id: bankId },
    ])
    const names = broken.expected.map(({ name }) => name)
    expect([names.includes('Netflix'), names.includes('Spotify')]).toEqual([false, true])
  })
})

describe('right after the person agreed to share what is due', () => {
  const dues = ({ warnings }: Upcoming) => warnings.filter(({ code }) => code === 'DUE_NOT_KNOWN')

  it('the fetch behind it is waited for; where it brings no answer, that is said, and nothing is called none', async () => {
    await using own = await household()
    const there = await own.start()
    const { item_id: itemId } = await connectBank(there)
    await there.call('get_upcoming')
    const unready = { kind: 'error', code: 'PRODUCT_NOT_READY' } as const
    own.simulator.controls.failNext('/liabilities/get', unready, { times: 2 })
    own.simulator.controls.failNext('/transactions/get', { kind: 'slow', ms: 2_000 })
    await shareDues(itemId, there)
    const asked = () =>
      own.simulator.controls.calls().filter(({ path }) => path === '/liabilities/get').length
    // The fetch after the repair is waited for, and another one brings the transactions of a longer time.
    const without = await there.call('get_upcoming', { days: 45 })
    expect({ due: without.due, asked: asked() }).toEqual({ due: [], asked: 2 })
    expect(without.complete).toBe(false)
    expect(dues(without)).toMatchObject([
      { item_id: itemId, text: expect.stringContaining('First Platypus') },
    ])
    await there.call('sync_snapshot', { max_age_minutes: 0 })
    const told = await there.call('get_upcoming', { days: 45 })
    expect(told).toMatchObject({ complete: true, due: [{ item_id: itemId }, { item_id: itemId }] })
    expect(dues(told)).toEqual([])
  })
})
