import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accessToken, type Fake, plaidError, plaidOn, type Reply, startFake } from './fake-plaid.ts'
import { foreign, loop, mutated, path, row, serveOn, twentyPages as pages } from './sync-script.ts'

let fake: Fake
beforeAll(async () => {
  fake = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
})
beforeEach(() => void (fake.requests.length = 0))

const serve = (...args: Parameters<ReturnType<typeof serveOn>>) => serveOn(fake)(...args)
const read = (cursor: string | null) => plaidOn(fake).plaid.transactionUpdates('item1', cursor)
const asked = () => fake.requests.map(({ body }) => body.cursor ?? null)
const idsOf = (rows: readonly { readonly transactionId: string }[]) => rows.map((one) => one.transactionId)

describe('updates of transactions', () => {
  it('are read to the last page, in our words', async () => {
    serve([loop('', [{ added: [row('a')] }, { added: [row('b', { amount: -5 })] }, {}])])
    expect(await read(null)).toMatchObject({
      upserts: [
        { transactionId: 'a', amount: -433, name: 'STARBUCKS #1234' },
        { transactionId: 'b', amount: 500 },
      ],
      removed: [],
      cursor: ':3',
      isWhole: true,
    })
    expect(fake.requests.map(({ body }) => body)).toEqual([
      { access_token: accessToken, count: 500 },
      { access_token: accessToken, count: 500, cursor: ':1' },
      { access_token: accessToken, count: 500, cursor: ':2' },
    ])
  })

  it('go on from a cursor', async () => {
    serve([loop('known', [{ modified: [row('a')], removed: ['b'] }])])
    expect(await read('known')).toMatchObject({ removed: ['b'], cursor: 'known:1', isWhole: false })
  })

  it('tell each id once, and what was last said of it', async () => {
    serve([
      loop('c', [
        { modified: [row('a', { amount: 1 }), row('a', { amount: 1 })], removed: ['p', 'ghost', 'back'] },
        { added: [row('a', { amount: 2 }), row('p2', { pending_transaction_id: 'p' }), row('back')] },
        { added: [row('gone')] },
        { removed: ['gone'] },
      ]),
    ])
    const { upserts, removed } = await read('c')
    expect(idsOf(upserts)).toEqual(['a', 'p2', 'back'])
    expect(upserts[0]?.amount).toBe(-200)
    expect(removed).toEqual(['p', 'ghost', 'gone'])
  })

  it.each([
    ['not ready', { transactions_update_status: 'NOT_READY', next_cursor: '' }],
    ['of a status that Plaid does not know', { transactions_update_status: 'UNKNOWN', next_cursor: '' }],
  ])('of an Item that is %s are said to be coming, and are no empty list', async (_what, about) => {
    fake.on(path, { json: { added: [], modified: [], removed: [], has_more: false, ...about } })
    await expect(read(null)).rejects.toMatchObject({ code: 'NOT_READY', plaidCode: 'PRODUCT_NOT_READY' })
  })

  it('fail by the page that cannot be read, whatever becomes of the next one', async () => {
    serve([loop('c', [{ added: [{ transaction_id: 'a' }] }, {}])], (cursor) =>
      cursor === 'c:1' ? plaidError('ITEM_LOGIN_REQUIRED') : null,
    )
    await expect(read('c')).rejects.toMatchObject({ code: 'PLAID_DOWN' })
    expect(asked()).toContain('c:1')
  })

  it.each([
    ['no cursor to go on with', { has_more: true, next_cursor: '' }],
    ['no word on whether there is more', { next_cursor: 'c' }],
    ['the same cursor for ever', { has_more: true, next_cursor: 'same' }],
  ])('are no answer with %s', async (_what, about) => {
    fake.on(path, { json: { added: [], modified: [], removed: [], ...about } })
    await expect(read('same')).rejects.toMatchObject({ code: 'PLAID_DOWN' })
  })
})

describe('data that change while they are read', () => {
  it.each([0, 1, 10, 19])('at page %d, once or 5 times: as if they had not', async (at) => {
    const broken = at === 0 ? 'c' : `c:${at}`
    serve([loop('c', pages)])
    const clean = await read('c')
    for (const times of [1, 5]) {
      fake.requests.length = 0
      serve([loop('c', pages)], (cursor, time) => (cursor === broken && time <= times ? mutated : null))
      expect(await read('c')).toEqual(clean)
      // Begun again where it began, and never in the middle.
      expect(asked().filter((cursor) => cursor === 'c')).toHaveLength(times + 1)
      expect(asked()).toHaveLength(times * (at + 1) + 20)
    }
  })

  it.each([0, 1, 10, 19])('at page %d, 6 times: all from the beginning', async (at) => {
    const broken = at === 0 ? 'c' : `c:${at}`
    serve([loop('c', pages), loop('', pages)], (cursor, time) =>
      cursor === broken && time <= 6 ? mutated : null,
    )
    const updates = await read('c')
    expect(updates).toMatchObject({ isWhole: true, cursor: ':20' })
    expect(asked().filter((cursor) => cursor === 'c')).toHaveLength(6)
    expect(asked().filter((cursor) => cursor === null)).toHaveLength(1)
  })

  it('for ever are given up', async () => {
    fake.on(path, mutated)
    await expect(read('c')).rejects.toMatchObject({ code: 'SYNC_MUTATED' })
    expect(asked()).toEqual([...Array(6).fill('c'), ...Array(6).fill(null)])
  })
})

describe('a page that fails', () => {
  const troubles: [string, Reply][] = [
    ['a fault of Plaid', plaidError('INTERNAL_SERVER_ERROR', 500)],
    ['a page of a proxy', { status: 502, text: '<html>' }],
    ['a reset', 'reset'],
    ['half an answer', 'cut'],
    ['no page at all', { json: { added: [] } }],
  ]
  it.each(troubles)('by %s begins the loop again, at every page', async (_what, trouble) => {
    serve([loop('c', pages.slice(0, 4))])
    const clean = await read('c')
    for (let at = 0; at < 4; at += 1) {
      fake.requests.length = 0
      const broken = at === 0 ? 'c' : `c:${at}`
      serve([loop('c', pages.slice(0, 4))], (cursor, time) =>
        cursor === broken && time <= 2 ? trouble : null,
      )
      expect(await read('c')).toEqual(clean)
      expect(asked().filter((cursor) => cursor === 'c')).toHaveLength(3)
    }
  })

  it('as often as anything is tried is given up, and nothing is read from the beginning for it', async () => {
    serve([loop('c', pages)], (cursor) =>
      cursor === 'c:2' ? plaidError('INTERNAL_SERVER_ERROR', 500) : null,
    )
    await expect(read('c')).rejects.toMatchObject({ code: 'PLAID_DOWN' })
    expect(asked().filter((cursor) => cursor === 'c')).toHaveLength(3)
    expect(asked()).not.toContain(null)
  })

  it.each([
    ['TRANSACTIONS_SYNC_LIMIT', 429, 'PLAID_RATE_LIMITED'],
    ['ITEM_LOGIN_REQUIRED', 400, 'ITEM_LOGIN_REQUIRED'],
    ['INSTITUTION_DOWN', 400, 'BANK_DOWN'],
  ])('by %s is not tried again', async (code, status, ours) => {
    serve([loop('c', pages)], (cursor) => (cursor === 'c:1' ? plaidError(code, status) : null))
    await expect(read('c')).rejects.toMatchObject({ code: ours })
    expect(asked()).toEqual(['c', 'c:1'])
  })

  it('stops for whoever has gone', async () => {
    serve([loop('c', pages)], (cursor) => (cursor === 'c:1' ? 'reset' : null))
    const slow = plaidOn(fake, { random: () => 0.999 }).plaid
    const reading = slow.transactionUpdates('item1', 'c', AbortSignal.timeout(100))
    await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('a cursor of another Item', () => {
  it('is forgotten: all is read from the beginning, and that is said', async () => {
    serve([loop('', pages.slice(0, 2))])
    expect(await read('foreign')).toMatchObject({ isWhole: true, cursor: ':2' })
    expect(asked()).toEqual(['foreign', null, ':1'])
  })

  it('is none where there was none', async () => {
    fake.on(path, foreign)
    await expect(read(null)).rejects.toMatchObject({ plaidCode: 'INVALID_FIELD' })
    expect(asked()).toEqual([null])
  })
})

it('rows that name no currency have that of their account', async () => {
  const bare = row('a', { iso_currency_code: null })
  const accounts = [{ account_id: 'acc1', balances: { iso_currency_code: 'CAD' } }]
  const rest = { removed: [], has_more: false, next_cursor: 'c' }
  fake.on(path, { json: { accounts, added: [bare], modified: [{ ...bare, transaction_id: 'b' }], ...rest } })
  expect((await read(null)).upserts).toMatchObject([{ currency: 'CAD' }, { currency: 'CAD' }])
})

it.each([
  { added: [row('a', { amount: null })] },
  { modified: [null] },
  { removed: [{ account_id: 'acc1' }] },
])('a page with a row that cannot be read moves no cursor: %j', async (broken) => {
  const rest = { added: [], modified: [], removed: [], has_more: false, next_cursor: 'c' }
  fake.on(path, { json: { ...rest, ...broken } })
  await expect(read(null)).rejects.toMatchObject({ code: 'PLAID_DOWN' })
})
