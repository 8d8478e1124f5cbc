import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { groupings } from '../../src/tools/cash-flow-groups.ts'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'
import { connectMadeUp } from './made-up-bank.ts'

type Flow = Results['get_cash_flow']

let house: Household
let copy: Copy
let tartan: string
beforeAll(async () => {
  house = await household()
  copy = await house.start({ TZ: 'UTC' })
  await connectBank(copy, { institutionId: 'ins_109508' })
  tartan = (await connectBank(copy, { institutionId: 'ins_109511' })).item_id
  await connectBank(copy, { institutionId: 'ins_109512' }, { kind: 'brokerage' })
})
afterAll(() => house[Symbol.asyncDispose]())

function cents(amount: number | undefined): number {
  return Math.round((amount ?? Number.NaN) * 100)
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + cents(amount), 0)
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}

/** All pages as one. */
async function whole(args: object): Promise<Flow> {
  const first = await copy.call('get_cash_flow', { limit: 100, ...args })
  const groups = [...first.groups]
  for (let next = first.next_cursor; next !== undefined; ) {
    const page = await copy.call('get_cash_flow', { limit: 100, ...args, cursor: next })
    groups.push(...page.groups)
    next = page.next_cursor
  }
  return { ...first, groups }
}

function mustAddUp({ groups, totals }: Flow): void {
  const [usd] = totals
  expect(sum(groups.map(({ income }) => income))).toBe(cents(usd?.income))
  expect(sum(groups.map(({ expenses }) => expenses))).toBe(cents(usd?.expenses))
  expect(sum(groups.map(({ net }) => net))).toBe(cents(usd?.net_cash_flow))
}

describe('the groups', () => {
  it.each(groupings.flatMap((by) => [30, 365].map((days) => [by, days] as const)))(
    'by %s over %i days add up to the totals, which are those of the snapshot',
    async (group_by, days) => {
      const flow = await whole({ group_by, from: daysAgo(days - 1) })
      const snapshot = await copy.call('sync_snapshot', { days })
      expect(flow.window).toEqual(snapshot.window)
      expect(flow.totals).toEqual(snapshot.totals)
      expect(flow.complete).toBe(true)
      mustAddUp(flow)
    },
  )

  it('by month come newest first, by the rest largest first', async () => {
    const months = (await whole({ group_by: 'month', from: daysAgo(364) })).groups.map(({ key }) => key)
    expect(months).toEqual(months.toSorted().toReversed())
    expect(months.length).toBeGreaterThan(11)
    const { window, groups } = await whole({ group_by: 'month', from: daysAgo(70), to: daysAgo(40) })
    for (const { key, partial } of groups) {
      const isWhole = window.from <= `${key}-01` && !daysAgo(39).startsWith(key)
      expect({ key, partial }).toEqual({ key, partial: isWhole ? undefined : true })
    }
    const sizes = (await whole({ group_by: 'category' })).groups.map(({ net }) => Math.abs(cents(net)))
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
  })

  it('by account name it', async () => {
    const { connections } = await copy.call('list_connections')
    const names = new Map(
      connections.flatMap(({ accounts }) => accounts.map((one) => [one.account_id, one.name])),
    )
    const { groups } = await copy.call('get_cash_flow', { group_by: 'account' })
    expect(groups.length).toBeGreaterThan(3)
    for (const { key, account } of groups) expect(account).toBe(names.get(key))
  })

  it('come in pages, each once', async () => {
    const all = (await whole({ group_by: 'merchant', from: daysAgo(90) })).groups
    const pages = [await copy.call('get_cash_flow', { group_by: 'merchant', from: daysAgo(90), limit: 7 })]
    for (let next = pages[0]?.next_cursor; next !== undefined; next = pages.at(-1)?.next_cursor)
      pages.push(
        await copy.call('get_cash_flow', {
          group_by: 'merchant',
          from: daysAgo(90),
          limit: 7,
          cursor: next,
        }),
      )
    expect(pages.flatMap(({ groups }) => groups)).toEqual(all)
    expect(all.length).toBeGreaterThan(14)
    const cursor = pages[0]?.next_cursor
    expect(await copy.failure('get_cash_flow', { group_by: 'category', cursor })).toContain(
      'INVALID_ARGUMENTS: The cursor is one of another list.',
    )
  })

  it('without from are of the last 30 days, and of one currency where that is asked', async () => {
    expect((await copy.call('get_cash_flow')).window).toMatchObject({
      days: 30,
      to: daysAgo(0),
      from: daysAgo(29),
    })
    expect((await copy.call('get_cash_flow', { currency: 'usd' })).groups.length).toBeGreaterThan(0)
    expect(await copy.call('get_cash_flow', { currency: 'JPY' })).toMatchObject({
      groups: [],
      totals: [],
      excluded: [],
    })
  })

  it('may end before today', async () => {
    const flow = await whole({ group_by: 'category', from: daysAgo(60), to: daysAgo(31) })
    expect(flow.window).toMatchObject({ from: daysAgo(60), to: daysAgo(31), days: 30 })
    mustAddUp(flow)
  })
})

describe('what recurs', () => {
  it('is told with its rhythm, its next day and its amounts, though the window is short', async () => {
    const { groups } = await whole({ group_by: 'recurring' })
    const named = new Map(groups.map((group) => [group.key, group]))
    expect(named.get('Netflix')).toMatchObject({
      cadence: 'monthly',
      last_amount: -15.49,
      typical_amount: -15.49,
    })
    expect(named.get('NORTHWIND LABS PAYROLL DIR DEP')).toMatchObject({
      cadence: 'semimonthly',
      last_amount: 2612.37,
    })
    expect(named.get('MONTHLY SERVICE FEE')).toMatchObject({ cadence: 'quarterly' })
    for (const { next_date } of groups.slice(0, -1)) expect(next_date).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(groups.at(-1)?.key).toBe('other')
    expect(named.has('Starbucks')).toBe(false)
  })
})

describe('what is excluded', () => {
  it('is explained: how much, how often, and examples', async () => {
    const { excluded, totals } = await copy.call('get_cash_flow', { from: daysAgo(89) })
    const of = new Map(excluded.map((one) => [one.reason, one]))
    expect(of.get('transfer')?.sum).toBe(totals[0]?.transfers_excluded)
    expect(of.get('card_payment')?.sum).toBe(totals[0]?.card_payments_excluded)
    expect(of.get('card_payment')?.count).toBeGreaterThanOrEqual(4)
    for (const { examples } of excluded) {
      expect(examples.length).toBeLessThanOrEqual(3)
      const dates = examples.map(({ date }) => date)
      expect(dates).toEqual(dates.toSorted().toReversed())
    }
    expect(of.get('card_payment')?.examples[0]).toMatchObject({ name: expect.stringMatching(/CARD/) })
  })

  // How many paydays there are in a window depends on the day.
  it('has what a rule ignores', async () => {
    const rule = { match: 'northwind labs payroll dir dep' }
    await copy.call('set_rule', { ...rule, kind: 'ignore' })
    const { excluded } = await copy.call('get_cash_flow', { from: daysAgo(89) })
    const ignored = excluded.find(({ reason }) => reason === 'ignored')
    expect(ignored?.count).toBeGreaterThanOrEqual(4)
    expect(cents(ignored?.sum)).toBe((ignored?.count ?? 0) * 261_237)
    mustAddUp(await whole({ group_by: 'category', from: daysAgo(89) }))
    await copy.call('set_rule', { ...rule, kind: 'income', category: 'Salary' })
    const { groups } = await copy.call('get_cash_flow', { group_by: 'category', from: daysAgo(89) })
    const salary = groups.find(({ key }) => key === 'Salary')
    expect(salary).toMatchObject({ count: ignored?.count, income: ignored?.sum })
    await copy.call('set_rule', { ...rule, remove: true })
  })
})

describe('a span that cannot be', () => {
  it.each([
    [{ from: '2026-02-30' }, 'from: is no day of the calendar'],
    [{ to: 'yesterday' }, 'to: must be a day such as 2026-11-02'],
    [{ from: '2999-01-01' }, 'from (2999-01-01) is after today'],
    [{ from: daysAgo(3), to: daysAgo(5) }, 'is before from'],
    [{ from: daysAgo(731) }, 'is longer than 730 days'],
    [{ from: '1999-01-01', to: '1999-01-31' }, 'is too long ago'],
    [{ currency: 'BTC' }, 'currency: "BTC" is no currency'],
    [{ group_by: 'colour' }, 'group_by'],
  ])('%j is refused with the reason', async (args, problem) => {
    const text = await copy.failure('get_cash_flow', args)
    expect(text).toMatch(/^INVALID_ARGUMENTS: /)
    expect(text).toContain(problem)
  })

  it('that ends after today ends today', async () => {
    expect((await copy.call('get_cash_flow', { to: '2999-01-01' })).window.to).toBe(daysAgo(0))
  })
})

describe('a bank that is broken', () => {
  it('counts to the cent, in groups that are unknown, and is named', async () => {
    const before = await whole({ group_by: 'category' })
    house.simulator.controls.resetLogin(tartan)
    const other = await house.start({ TZ: 'UTC' })
    const flow = await other.call('get_cash_flow', { group_by: 'category' })
    expect(flow.totals).toEqual(before.totals)
    mustAddUp(flow)
    expect(flow.groups).toContainEqual(expect.objectContaining({ key: 'unknown' }))
    expect(flow.complete).toBe(false)
    expect(flow.connections).toContainEqual(
      expect.objectContaining({ item_id: tartan, status: 'needs_reauth', next_step: expect.anything() }),
    )
    expect(flow.warnings).toMatchObject([{ code: 'TRANSACTIONS_NOT_AT_HAND', item_id: tartan }])
    house.simulator.controls.repairItem(tartan)
  })
})

describe.concurrent('several currencies', () => {
  it('are never added', async () => {
    await using other = await household()
    const second = await other.start()
    await connectMadeUp(second, [
      {
        type: 'depository',
        subtype: 'checking',
        rows: [
          [1, 'SHOP', 20],
          [0, 'PAYROLL', -100],
        ],
      },
      { type: 'depository', subtype: 'checking', currency: 'CAD', rows: [[1, 'SHOP', 30]] },
    ])
    const { groups } = await second.call('get_cash_flow', { group_by: 'month' })
    expect(groups).toHaveLength(2)
    expect(groups).toContainEqual(expect.objectContaining({ currency: 'USD', income: 100, expenses: -20 }))
    expect(groups).toContainEqual(expect.objectContaining({ currency: 'CAD', income: 0, expenses: -30 }))
  })
})
