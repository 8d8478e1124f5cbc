import { Products } from 'plaid'
import { describe, expect, it } from 'vitest'
import { brokerage, day, hook, minute, openPlaid, type Plaid } from '../harness.ts'

const span = { start_date: '2024-01-01', end_date: '2026-12-31' }

async function totalOf(plaid: Plaid, access_token: string, options = {}) {
  const { data } = await plaid.sdk.transactionsGet({ access_token, ...span, options })
  return data.total_transactions
}

describe('/transactions/get', () => {
  it('is not ready, then has 30 days, then all', async () => {
    await using plaid = await openPlaid({ readyAfterMs: minute })
    const { access_token } = await plaid.connect()
    expect(await plaid.codeOf('/transactions/get', { access_token, ...span })).toBe('PRODUCT_NOT_READY')
    plaid.controls.advance(minute)
    const { data } = await plaid.sdk.transactionsGet({ access_token, ...span, options: { count: 500 } })
    const dates = data.transactions.map(({ date }) => date)
    expect(dates.every((date) => date >= '2026-02-08')).toBe(true)
    plaid.controls.advance(minute)
    expect(await totalOf(plaid, access_token)).toBeGreaterThan(data.total_transactions)
  })

  it('reaches as far back as was asked for when the Item was made', async () => {
    await using plaid = await openPlaid()
    const deep = await plaid.connect([Products.Transactions], { days: 730 })
    const shallow = await plaid.connect([Products.Transactions], { days: 60 })
    const oldest = async ({ access_token }: { access_token: string }) => {
      const offset = (await totalOf(plaid, access_token)) - 1
      const { data } = await plaid.sdk.transactionsGet({ access_token, ...span, options: { offset } })
      return data.transactions[0]?.date ?? ''
    }
    expect(await oldest(deep)).toMatch(/^2024-/)
    expect((await oldest(shallow)) >= '2026-01-09').toBe(true)
  })

  it('gives every row once, newest first, in pages of any size', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], { days: 90 })
    const total = await totalOf(plaid, access_token)
    const rows = []
    for (let offset = 0; offset < total; offset += 37) {
      const options = { count: 37, offset }
      const { data } = await plaid.sdk.transactionsGet({ access_token, ...span, options })
      rows.push(...data.transactions)
    }
    expect(new Set(rows.map(({ transaction_id }) => transaction_id)).size).toBe(total)
    const dates = rows.map(({ date }) => date)
    expect(dates).toEqual(dates.toSorted().toReversed())
  })

  it('keeps to the days and accounts asked for', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const { data: all } = await plaid.sdk.accountsGet({ access_token })
    const account_ids = [all.accounts[0]?.account_id ?? '']
    const days = { start_date: '2026-01-01', end_date: '2026-01-31' }
    const { data } = await plaid.sdk.transactionsGet({ access_token, ...days, options: { account_ids } })
    expect(data.transactions.length).toBeGreaterThan(0)
    for (const { account_id, date } of data.transactions) {
      expect([account_id, date.slice(0, 7)]).toEqual([account_ids[0], '2026-01'])
    }
    expect(data.accounts).toHaveLength(1)
  })

  it("gives the bank's own text only when asked", async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const { data: plain } = await plaid.sdk.transactionsGet({ access_token, ...span })
    expect(plain.transactions[0]?.original_description).toBeNull()
    const options = { include_original_description: true }
    const { data: full } = await plaid.sdk.transactionsGet({ access_token, ...span, options })
    expect(full.transactions[0]?.original_description).toEqual(expect.any(String))
  })

  it.each([
    [{ start_date: '2026-13-01', end_date: '2026-01-01' }, 'INVALID_FIELD'],
    [{ ...span, options: { count: 501 } }, 'INVALID_FIELD'],
    [{ ...span, options: { offset: -1 } }, 'INVALID_FIELD'],
    [{ ...span, options: { counts: 1 } }, 'UNKNOWN_FIELDS'],
  ])('refuses %j', async (fields, code) => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    expect(await plaid.codeOf('/transactions/get', { access_token, ...fields })).toBe(code)
  })

  it('is not for a brokerage', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Investments], { institution: brokerage })
    expect(await plaid.codeOf('/transactions/get', { access_token, ...span })).toBe('PRODUCTS_NOT_SUPPORTED')
  })
})

describe('/transactions/refresh', () => {
  const dynamic = { username: 'user_transactions_dynamic', password: 'any' }

  async function rowsOf(plaid: Plaid, access_token: string) {
    const { data } = await plaid.sdk.transactionsGet({ access_token, ...span, options: { count: 500 } })
    return data.transactions
  }

  it("posts the dynamic user's pending rows under new ids, one of them 1.00 higher, and adds one", async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], dynamic)
    const before = await rowsOf(plaid, access_token)
    await plaid.sdk.transactionsRefresh({ access_token })
    const after = await rowsOf(plaid, access_token)

    const pending = before.filter((row) => row.pending)
    expect(after.filter((row) => row.pending)).toHaveLength(1)
    const more = pending.map(({ transaction_id, amount }) => {
      const posted = after.find((row) => row.pending_transaction_id === transaction_id)
      return Math.round(((posted?.amount ?? 0) - amount) * 100)
    })
    expect(more.filter((cents) => cents === 100)).toHaveLength(1)
    expect(more.filter((cents) => cents === 0)).toHaveLength(pending.length - 1)
    expect(after).toHaveLength(before.length + 1)
  })

  it('changes nothing for others, and tells the webhook all the same', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], { webhook: hook })
    const before = await rowsOf(plaid, access_token)
    await plaid.sdk.transactionsRefresh({ access_token })
    expect(await rowsOf(plaid, access_token)).toEqual(before)
    const sent = plaid.controls.webhooks().map(({ payload }) => payload['webhook_code'])
    expect(sent).toEqual(['DEFAULT_UPDATE'])
  })

  it('tells those who sync that there is something to sync', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], { webhook: hook })
    await plaid.sdk.transactionsSync({ access_token })
    await plaid.sdk.transactionsRefresh({ access_token })
    const sent = plaid.controls.webhooks().map(({ payload }) => payload['webhook_code'])
    expect(sent).toEqual(['SYNC_UPDATES_AVAILABLE', 'DEFAULT_UPDATE'])
  })

  it('leaves days that have passed as they are', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const before = await plaid.sdk.transactionsGet({
      access_token,
      start_date: '2026-01-01',
      end_date: '2026-01-31',
    })
    plaid.controls.advance(5 * day)
    const after = await plaid.sdk.transactionsGet({
      access_token,
      start_date: '2026-01-01',
      end_date: '2026-01-31',
    })
    expect(after.data.transactions).toEqual(before.data.transactions)
  })
})
