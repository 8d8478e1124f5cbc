import { array, assert, asyncProperty, constantFrom, integer } from 'fast-check'
import { Products, type Transaction, type TransactionsSyncResponse } from 'plaid'
import { describe, expect, it } from 'vitest'
import { day, minute, openPlaid, type Plaid } from './harness.ts'

async function page(plaid: Plaid, access_token: string, cursor = '', count = 500, account_id?: string) {
  const options = account_id === undefined ? {} : { account_id }
  const { data } = await plaid.sdk.transactionsSync({ access_token, cursor, count, options })
  return data
}

/** The whole loop from a cursor, applied to what the client has. */
async function sync(
  plaid: Plaid,
  access_token: string,
  rows: Map<string, Transaction>,
  cursor = '',
  count = 500,
) {
  let next = cursor
  for (;;) {
    const got = await page(plaid, access_token, next, count)
    for (const row of [...got.added, ...got.modified]) rows.set(row.transaction_id, row)
    for (const { transaction_id } of got.removed) rows.delete(transaction_id)
    next = got.next_cursor
    if (!got.has_more) return next
  }
}

async function everything(plaid: Plaid, access_token: string) {
  const rows = new Map<string, Transaction>()
  await sync(plaid, access_token, rows)
  return rows
}

function changesIn({ added, modified, removed }: TransactionsSyncResponse) {
  return [added.length, modified.length, removed.length]
}

describe('the first sync', () => {
  it('is not ready, then initial, then historical', async () => {
    await using plaid = await openPlaid({ readyAfterMs: minute })
    const { access_token } = await plaid.connect()
    expect(await page(plaid, access_token)).toMatchObject({
      transactions_update_status: 'NOT_READY',
      added: [],
      next_cursor: '',
      has_more: false,
    })
    plaid.controls.advance(minute)
    const initial = await page(plaid, access_token)
    expect(initial.transactions_update_status).toBe('INITIAL_UPDATE_COMPLETE')
    plaid.controls.advance(minute)
    const rest = await page(plaid, access_token, initial.next_cursor)
    expect(rest.transactions_update_status).toBe('HISTORICAL_UPDATE_COMPLETE')
    expect(rest.added.length).toBeGreaterThan(initial.added.length)
    expect(rest.modified).toEqual([])
  })

  it('gives the same rows in pages of any size', async () => {
    await using plaid = await openPlaid({ productionLimits: false })
    const { access_token } = await plaid.connect([Products.Transactions], { days: 90 })
    const whole = await everything(plaid, access_token)
    await assert(
      asyncProperty(integer({ min: 20, max: 500 }), async (count) => {
        plaid.controls.advance(minute)
        const rows = new Map<string, Transaction>()
        await sync(plaid, access_token, rows, '', count)
        expect(rows).toEqual(whole)
      }),
      { numRuns: 5 },
    )
  })

  it('has a stream of its own for one account', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect([Products.Transactions], { days: 30 })
    const { data } = await plaid.sdk.accountsGet({ access_token })
    const account = data.accounts[0]?.account_id ?? ''
    const own = await page(plaid, access_token, '', 500, account)
    expect(new Set(own.added.map(({ account_id }) => account_id))).toEqual(new Set([account]))
    const sent = { access_token, cursor: own.next_cursor }
    expect(await plaid.codeOf('/transactions/sync', sent)).toBe('INVALID_FIELD')
  })

  it('can be skipped by those who come from /transactions/get', async () => {
    await using plaid = await openPlaid()
    const { access_token, item_id } = await plaid.connect()
    const { next_cursor, added } = await page(plaid, access_token, 'now')
    expect(added).toEqual([])
    plaid.controls.addTransaction(item_id, { amount: 3, text: 'Tea' })
    expect((await page(plaid, access_token, next_cursor)).added).toHaveLength(1)
  })
})

describe('a later sync', () => {
  it('has nothing when nothing changed', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const cursor = await sync(plaid, access_token, new Map())
    const again = await page(plaid, access_token, cursor)
    expect(changesIn(again)).toEqual([0, 0, 0])
    expect(again.next_cursor).toBe(cursor)
  })

  it('brings the client to what a first sync would give, whatever the bank did', async () => {
    await using plaid = await openPlaid()
    const { access_token, item_id } = await plaid.connect([Products.Transactions], {
      username: 'user_transactions_dynamic',
      password: 'any',
    })
    const steps = {
      add: () => plaid.controls.addTransaction(item_id, { amount: 12.5, text: 'Books' }),
      pend: () => plaid.controls.addTransaction(item_id, { amount: 7, text: 'Bus', pending: true }),
      post: () => plaid.controls.postPending(item_id),
      refresh: () => plaid.controls.refresh(item_id),
      tomorrow: () => plaid.controls.advance(day / 8),
    }
    const rows = new Map<string, Transaction>()
    let cursor = ''
    const names = constantFrom(...(Object.keys(steps) as (keyof typeof steps)[]))
    await assert(
      asyncProperty(array(names, { maxLength: 3 }), async (chosen) => {
        for (const step of chosen) steps[step]()
        cursor = await sync(plaid, access_token, rows, cursor, 40)
        plaid.controls.advance(minute)
        expect(rows).toEqual(await everything(plaid, access_token))
      }),
      { numRuns: 8 },
    )
  })

  it('replays the same cursor the same way', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const first = await page(plaid, access_token, '', 10)
    const second = await page(plaid, access_token, first.next_cursor, 10)
    const { request_id: _, ...again } = await page(plaid, access_token, first.next_cursor, 10)
    expect(second).toMatchObject(again)
  })

  it('brings the new rows of a new day, and takes none back', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const rows = new Map<string, Transaction>()
    const cursor = await sync(plaid, access_token, rows)
    plaid.controls.advance(7 * day)
    const week = await page(plaid, access_token, cursor)
    expect(week.added.length).toBeGreaterThan(0)
    const posted = week.removed.map(({ transaction_id }) => rows.get(transaction_id)?.pending)
    expect(posted.every((pending) => pending === true)).toBe(true)
  })

  it('turns a pending row into a posted one: one id goes, another comes and names it', async () => {
    await using plaid = await openPlaid()
    const { access_token, item_id } = await plaid.connect([Products.Transactions], {
      username: 'user_many',
      password: '5',
    })
    plaid.controls.addTransaction(item_id, { amount: 9, text: 'Cafe', pending: true })
    const cursor = await sync(plaid, access_token, new Map())
    plaid.controls.postPending(item_id)
    const first = await page(plaid, access_token, cursor, 1)
    const second = await page(plaid, access_token, first.next_cursor, 1)
    expect([changesIn(first), first.has_more, changesIn(second)]).toEqual([[1, 0, 0], true, [0, 0, 1]])
    expect(first.added[0]?.pending_transaction_id).toBe(second.removed[0]?.transaction_id)
    expect(Object.keys(second.removed[0] ?? {}).toSorted()).toEqual(['account_id', 'transaction_id'])
  })

  it('can be as untidy as the real one', async () => {
    await using plaid = await openPlaid({ untidySync: true })
    const { access_token, item_id } = await plaid.connect()
    const rows = new Map<string, Transaction>()
    const cursor = await sync(plaid, access_token, rows)
    plaid.controls.addTransaction(item_id, { amount: 1, text: 'Gum' })
    const { added, modified, removed } = await page(plaid, access_token, cursor)
    expect(added).toHaveLength(1)
    expect(modified[0]).toEqual(rows.get(modified[0]?.transaction_id ?? ''))
    expect(rows.has(removed[0]?.transaction_id ?? '')).toBe(false)
  })
})

describe('a cursor', () => {
  it('says that the data changed when they do between two pages', async () => {
    await using plaid = await openPlaid()
    const { access_token, item_id } = await plaid.connect()
    const { next_cursor } = await page(plaid, access_token, '', 10)
    plaid.controls.addTransaction(item_id, { amount: 2, text: 'Gum' })
    expect(await plaid.codeOf('/transactions/sync', { access_token, cursor: next_cursor })).toBe(
      'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION',
    )
    expect((await everything(plaid, access_token)).size).toBeGreaterThan(10)
  })

  it('of another Item is refused, and so is nonsense', async () => {
    await using plaid = await openPlaid()
    const one = await plaid.connect()
    const two = await plaid.connect()
    const { next_cursor } = await page(plaid, one.access_token)
    for (const cursor of [next_cursor, 'nonsense', 'bm9uc2Vuc2U=']) {
      const { body } = await plaid.call('/transactions/sync', { access_token: two.access_token, cursor })
      expect(body.error_code).toBe('INVALID_FIELD')
      expect(body.error_message).toContain('cursor not associated with access_token')
    }
  })

  it('has at most 256 characters', async () => {
    await using plaid = await openPlaid()
    const { access_token } = await plaid.connect()
    const { next_cursor } = await page(plaid, access_token, '', 1)
    expect(next_cursor.length).toBeLessThanOrEqual(256)
  })
})
