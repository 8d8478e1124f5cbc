import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBank, type Copy, type Household, household, type Results } from '../support/coffer.ts'

const minute = 60_000

let house: Household
let copy: Copy
beforeAll(async () => {
  house = await household()
  copy = await house.start({ TZ: 'UTC' })
  await connectBank(copy, { institutionId: 'ins_109508' })
  await connectBank(copy, { institutionId: 'ins_109511' })
  await connectBank(copy, { institutionId: 'ins_109512' }, { kind: 'brokerage' })
  await copy.call('sync_snapshot')
})
afterAll(() => house[Symbol.asyncDispose]())

function calls(path: string): number {
  return house.simulator.controls.calls().filter((call) => call.path === path).length
}

function cents(amount: number | undefined): number {
  return Math.round((amount ?? Number.NaN) * 100)
}

describe('the age that was asked for', () => {
  it('is met from the store where it can be, without a call', async () => {
    const before = house.simulator.controls.calls().length
    const answer = await copy.call('sync_snapshot', { max_age_minutes: 60 })
    expect(answer.connections.map(({ source }) => source)).toEqual(['cached', 'cached', 'cached'])
    expect(answer.complete).toBe(true)
    expect(house.simulator.controls.calls().length).toBe(before)
  })

  it('0 fetches from every bank now', async () => {
    const started = Date.now()
    const answer = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(answer.connections.map(({ source }) => source)).toEqual(['live', 'live', 'live'])
    for (const source of answer.connections)
      expect(Date.parse(source.last_synced_at ?? '')).toBeGreaterThanOrEqual(started)
    expect(answer).toMatchObject({ complete: true, still_syncing: false, changes: [], warnings: [] })
  })

  it('-1 only reads, whatever is wrong at the bank', async () => {
    const before = house.simulator.controls.calls().length
    const answer = await copy.call('sync_snapshot', { max_age_minutes: -1 })
    expect(answer.connections.map(({ source }) => source)).toEqual(['cached', 'cached', 'cached'])
    expect(answer.complete).toBe(true)
    expect(house.simulator.controls.calls().length).toBe(before)
  })

  it('has the billed balances only when they are asked for', async () => {
    await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(calls('/accounts/balance/get')).toBe(0)
    const started = Date.now()
    const live = await copy.call('sync_snapshot', { live_balances: true })
    expect(calls('/accounts/balance/get')).toBe(3)
    expect(live.connections.map(({ source }) => source)).toEqual(['live', 'live', 'live'])
    const { connections } = await copy.call('list_connections')
    const ages = connections.flatMap(({ accounts }) =>
      accounts.map((one) => Date.parse(one.data_as_of ?? '')),
    )
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(started - minute)
  })
})

describe('the window', () => {
  it.each([1, 7, 30, 365])('of %i days ends today and has that many days', async (days) => {
    const { window, as_of: asOf } = await copy.call('sync_snapshot', { days })
    expect(window).toMatchObject({ days, to: asOf.slice(0, 10), time_zone: 'UTC' })
    expect(Date.parse(window.to) - Date.parse(window.from)).toBe((days - 1) * 86_400_000)
  })

  it("ends with the machine's own day, not with that of UTC", async () => {
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Midway']) {
      const other = await house.start({ TZ: zone })
      const { window } = await other.call('sync_snapshot')
      const today = new Date().toLocaleDateString('sv-SE', { timeZone: zone })
      expect(window).toMatchObject({ time_zone: zone, to: today })
    }
  })
})

describe('the totals', () => {
  type Totals = Results['sync_snapshot']['totals'][number]
  let totals: Totals | undefined
  beforeAll(async () => {
    totals = (await copy.call('sync_snapshot')).totals[0]
  })

  it('add up: what is owned less what is owed', () => {
    const owned = cents(totals?.bank_balance) + cents(totals?.investments)
    const owed = cents(totals?.credit_owed) + cents(totals?.loans_owed)
    expect(cents(totals?.net_worth)).toBe(owned - owed)
    for (const figure of [totals?.bank_balance, totals?.investments, totals?.credit_owed, totals?.loans_owed])
      expect(figure).toBeGreaterThan(0)
  })

  it('are the sums of the accounts that are listed', async () => {
    const { connections } = await copy.call('list_connections')
    const accounts = connections.flatMap((connection) => connection.accounts)
    const sum = (type: string) =>
      accounts.reduce((all, one) => all + (one.type === type ? cents(one.current ?? one.available) : 0), 0)
    expect(cents(totals?.bank_balance)).toBe(sum('depository'))
    expect(cents(totals?.investments)).toBe(sum('investment'))
    expect(cents(totals?.credit_owed)).toBe(sum('credit'))
    expect(cents(totals?.loans_owed)).toBe(sum('loan'))
  })

  it('have the signs of a household: in is positive, out is negative, moved is neither', () => {
    expect(totals?.income).toBeGreaterThan(0)
    expect(totals?.expenses).toBeLessThan(0)
    expect(cents(totals?.net_cash_flow)).toBe(cents(totals?.income) + cents(totals?.expenses))
    expect(totals?.transfers_excluded).toBeGreaterThan(0)
    expect(totals?.card_payments_excluded).toBeGreaterThan(0)
    expect(totals?.plain_net_cash_flow).not.toBe(totals?.net_cash_flow)
  })

  // Whether a window ends well for the household depends on the day of the month on which it is looked at.
  it.each([7, 30, 90, 365])(
    'over %i days tell the burn of a month, and an end only where money is lost',
    async (days) => {
      const [figures] = (await copy.call('sync_snapshot', { days })).totals
      const burn = (cents(figures?.net_cash_flow) * 30) / days
      expect(Math.abs(cents(figures?.monthly_burn) - burn)).toBeLessThanOrEqual(0.5)
      const months = cents(figures?.bank_balance) / -cents(figures?.monthly_burn)
      expect(figures?.runway_months !== undefined).toBe(burn < 0)
      expect(Math.abs((figures?.runway_months ?? months) - months)).toBeLessThanOrEqual(0.005)
    },
  )

  it('are the same through every copy, and for a shell', async () => {
    const other = await house.start()
    expect((await other.call('sync_snapshot')).totals[0]).toEqual(totals)
  })
})

describe('use by a person', () => {
  it('is noted by what shows figures, and not by a list', async () => {
    const used = async () => (await copy.call('list_connections')).connections.map((one) => one.last_used_at)
    const first = await used()
    expect(await used()).toEqual(first)
    await copy.call('sync_snapshot', { max_age_minutes: -1 })
    const second = await used()
    for (const [at, before] of first.entries())
      expect(Date.parse(second[at] ?? '')).toBeGreaterThan(Date.parse(before ?? ''))
  })
})
